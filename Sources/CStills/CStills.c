#include "CStills.h"
int cstills_placeholder(void){return 0;}
