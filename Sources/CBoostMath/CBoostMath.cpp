#include "CBoostMath.h"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/non_central_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <limits>

namespace {

namespace bm = boost::math;

// Errors become NaN or an infinity; no exception is made in the first place.
using quiet = bm::policies::policy<
    bm::policies::domain_error<bm::policies::ignore_error>, bm::policies::pole_error<bm::policies::ignore_error>,
    bm::policies::overflow_error<bm::policies::ignore_error>,
    bm::policies::evaluation_error<bm::policies::ignore_error>,
    bm::policies::rounding_error<bm::policies::ignore_error>,
    bm::policies::indeterminate_result_error<bm::policies::ignore_error>,
    bm::policies::discrete_quantile<bm::policies::integer_round_up>>;

using normal = bm::normal_distribution<double, quiet>;
using students_t = bm::students_t_distribution<double, quiet>;
using fisher_f = bm::fisher_f_distribution<double, quiet>;
using chi_squared = bm::chi_squared_distribution<double, quiet>;
using beta = bm::beta_distribution<double, quiet>;
using non_central_f = bm::non_central_f_distribution<double, quiet>;
using non_central_chi_squared = bm::non_central_chi_squared_distribution<double, quiet>;
using binomial = bm::binomial_distribution<double, quiet>;

// What Boost still throws (an allocation, an assertion of a future version) becomes NaN.
template <class Function>
double guarded(Function function) noexcept {
  try {
    return function();
  } catch (...) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

template <class Distribution>
double cdf_of(const Distribution &distribution, double x) noexcept {
  return guarded([&] { return bm::cdf(distribution, x); });
}

template <class Distribution>
double sf_of(const Distribution &distribution, double x) noexcept {
  return guarded([&] { return bm::cdf(bm::complement(distribution, x)); });
}

template <class Distribution>
double quantile_of(const Distribution &distribution, double p) noexcept {
  return guarded([&] { return bm::quantile(distribution, p); });
}

}  // namespace

extern "C" {

double cbm_normal_cdf(double x) { return cdf_of(normal(), x); }
double cbm_normal_sf(double x) { return sf_of(normal(), x); }
double cbm_normal_quantile(double p) { return quantile_of(normal(), p); }

double cbm_t_cdf(double x, double degrees) { return cdf_of(students_t(degrees), x); }
double cbm_t_sf(double x, double degrees) { return sf_of(students_t(degrees), x); }
double cbm_t_quantile(double p, double degrees) { return quantile_of(students_t(degrees), p); }

double cbm_f_cdf(double x, double numerator, double denominator) { return cdf_of(fisher_f(numerator, denominator), x); }
double cbm_f_sf(double x, double numerator, double denominator) { return sf_of(fisher_f(numerator, denominator), x); }
double cbm_f_quantile(double p, double numerator, double denominator) {
  return quantile_of(fisher_f(numerator, denominator), p);
}

double cbm_chi_squared_cdf(double x, double degrees) { return cdf_of(chi_squared(degrees), x); }
double cbm_chi_squared_sf(double x, double degrees) { return sf_of(chi_squared(degrees), x); }
double cbm_chi_squared_quantile(double p, double degrees) { return quantile_of(chi_squared(degrees), p); }

double cbm_non_central_f_sf(double x, double numerator, double denominator, double noncentrality) {
  return sf_of(non_central_f(numerator, denominator, noncentrality), x);
}
double cbm_non_central_chi_squared_sf(double x, double degrees, double noncentrality) {
  return sf_of(non_central_chi_squared(degrees, noncentrality), x);
}

double cbm_beta_cdf(double x, double a, double b) { return cdf_of(beta(a, b), x); }
double cbm_beta_sf(double x, double a, double b) { return sf_of(beta(a, b), x); }
double cbm_beta_quantile(double p, double a, double b) { return quantile_of(beta(a, b), p); }

double cbm_binomial_pdf(double successes, double trials, double probability) {
  return guarded([&] { return bm::pdf(binomial(trials, probability), successes); });
}
double cbm_binomial_cdf(double successes, double trials, double probability) {
  return cdf_of(binomial(trials, probability), successes);
}
double cbm_binomial_sf(double successes, double trials, double probability) {
  return sf_of(binomial(trials, probability), successes);
}
double cbm_binomial_quantile(double p, double trials, double probability) {
  return quantile_of(binomial(trials, probability), p);
}

double cbm_log_gamma(double x) {
  return guarded([&] { return bm::lgamma(x, quiet()); });
}
}
