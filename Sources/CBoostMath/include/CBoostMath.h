// CBoostMath: distribution functions of Boost.Math as plain C, because Swift cannot instantiate C++ templates.
// Nothing throws: an argument outside a function's domain gives NaN, an infinite quantile gives an infinity.
#ifndef CBOOSTMATH_H
#define CBOOSTMATH_H

#ifdef __cplusplus
extern "C" {
#endif

// cdf: P(X <= x). sf: P(X > x), exact in the upper tail where 1 - cdf would cancel. quantile: x with P(X <= x) = p.
double cbm_normal_cdf(double x);
double cbm_normal_sf(double x);
double cbm_normal_quantile(double p);

double cbm_t_cdf(double x, double degrees);
double cbm_t_sf(double x, double degrees);
double cbm_t_quantile(double p, double degrees);

double cbm_f_cdf(double x, double numerator, double denominator);
double cbm_f_sf(double x, double numerator, double denominator);
double cbm_f_quantile(double p, double numerator, double denominator);

double cbm_chi_squared_cdf(double x, double degrees);
double cbm_chi_squared_sf(double x, double degrees);
double cbm_chi_squared_quantile(double p, double degrees);

double cbm_non_central_f_sf(double x, double numerator, double denominator, double noncentrality);
double cbm_non_central_chi_squared_sf(double x, double degrees, double noncentrality);

double cbm_beta_cdf(double x, double a, double b);
double cbm_beta_sf(double x, double a, double b);
double cbm_beta_quantile(double p, double a, double b);

double cbm_binomial_pdf(double successes, double trials, double probability);
double cbm_binomial_cdf(double successes, double trials, double probability);
double cbm_binomial_sf(double successes, double trials, double probability);
double cbm_binomial_quantile(double p, double trials, double probability);

double cbm_log_gamma(double x);

#ifdef __cplusplus
}
#endif
#endif
