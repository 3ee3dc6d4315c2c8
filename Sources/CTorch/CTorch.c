#include "CTorch.h"
int ctorch_placeholder(void){return 0;}
