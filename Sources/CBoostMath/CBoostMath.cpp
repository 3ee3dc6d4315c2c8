#include "CBoostMath.h"
#include <boost/math/distributions/normal.hpp>
int cboostmath_placeholder(void){return 0;}
