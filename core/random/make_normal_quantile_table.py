#!/usr/bin/python3
"""Writes normal_quantile_table.hpp: piecewise polynomials for the standard normal's quantile (needs mpmath).

    python3 make_normal_quantile_table.py > normal_quantile_table.hpp

The function is z(v) = sqrt(2) erfcinv(v), the z with P(|Z| > z) = v. Each of the 63 octaves 2^-k <= v < 2^-k+1 is cut
in halves; on each half z is a polynomial of degree 11 in t = m - 1.5, m in [1, 2) the mantissa of v, by interpolation
in Chebyshev's nodes at 50 digits. The coefficients are of one size (the nearest singularity, v = 0, lies at t = -1.5).
"""
from mpmath import mp, mpf, cos, e, erfc, ldexp, log, lu_solve, matrix, pi, sqrt

mp.dps = 50
DEGREE = 11
OCTAVES = 63


def quantile(v):
    """Newton's method on ln erfc(z/sqrt 2) = ln v, from the tail's leading term."""
    z = sqrt(-2 * log(v)) / 2 + mpf(1) / 100
    for _ in range(200):
        p = erfc(z / sqrt(2))
        slope = -sqrt(2 / pi) * e ** (-z * z / 2) / p
        step = (log(p) - log(v)) / slope
        z -= step
        if abs(step) < mpf(10) ** -42:
            return z
    raise ArithmeticError(f"no convergence at v = {v}")


def coefficients(octave, half):
    """Of the polynomial on 2^-octave (1 + half/2 + [0, 1/2))."""
    n = DEGREE + 1
    middle = mpf(half) / 2 - mpf(1) / 4
    nodes = [middle + cos(pi * (2 * k + 1) / (2 * n)) / 4 for k in range(n)]
    vandermonde = matrix(n, n)
    values = matrix(n, 1)
    for i, t in enumerate(nodes):
        values[i] = quantile(ldexp(t + mpf(3) / 2, -octave))
        for j in range(n):
            vandermonde[i, j] = t**j
    return [float(c) for c in lu_solve(vandermonde, values)]


def main():
    segments = [coefficients(octave, half) for octave in range(OCTAVES, 0, -1) for half in (0, 1)]
    print("// Made by make_normal_quantile_table.py; see there for the mathematics. Do not edit.\n// clang-format off")
    print("#pragma once\n\nnamespace varprop {\n")
    print(f"inline constexpr int normal_quantile_degree = {DEGREE};")
    print(f"inline constexpr int normal_quantile_segments = {2 * OCTAVES};\n")
    print("/// [segment][power of t]; segment 0 is v in 2^-63 [1, 1.5), the last one v in [0.75, 1).")
    print("alignas(64) inline constexpr double normal_quantile_table[normal_quantile_segments][normal_quantile_degree + 1] = {")
    for segment in segments:
        words = [c.hex() for c in segment]
        print("    {" + ", ".join(words[:4]) + ",\n     " + ", ".join(words[4:8]) + ",\n     " + ", ".join(words[8:]) + "},")
    print("};\n\n}  // namespace varprop")


if __name__ == "__main__":
    main()
