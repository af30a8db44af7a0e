// Boost's distributions behind plain functions: each takes seconds to compile, so one file does it for all.
#pragma once

namespace varprop {

/// P(F > x) of the F distribution with so many degrees of freedom above and below the line. `_by_double` is
/// computed in doubles, several times faster and exact enough where many are asked for.
double f_exceeds(double above, double below, double x);
double f_exceeds_by_double(double above, double below, double x);

/// The x with P(T ≤ x) = p, and P(T > x), of Student's t with so many degrees of freedom.
double student_t_quantile(double degrees_of_freedom, double p);
double student_t_exceeds(double degrees_of_freedom, double x);

/// The x with P(Z > x) = p of a standard normal.
double normal_exceeded_with(double p);

}  // namespace varprop
