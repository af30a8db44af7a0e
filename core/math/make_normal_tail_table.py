#!/usr/bin/python3
"""Writes normal_tail_table.hpp: a polynomial for R(z) = exp(z^2/2) Phi(-z), z >= 0 (needs mpmath).

    python3 make_normal_tail_table.py > normal_tail_table.hpp

(1 + 0.8125 z) R(z) is smooth on the whole half line in u = (z - 5.25)/(z + 5.25), u in [-1, 1): the map of Shepherd and
Laframboise, Math. Comp. 36 (1981), 249. With 0.8125 it is nearly flat at z = 0, so that what u was rounded by does not
count. Its Chebyshev series, cut at degree 22 (next coefficients below 1e-16), is rewritten in powers of u.
"""
from mpmath import mp, mpf, cos, erfc, exp, pi, sqrt, chebyt, taylor

mp.dps = 60
DEGREE = 22
K = mpf("5.25")
GROWTH = mpf("0.8125")
NODES = 64


def smooth(u):
    """(1 + GROWTH z) R(z) at z = K (1 + u)/(1 - u)."""
    z = K * (1 + u) / (1 - u)
    if z < 35:
        return (1 + GROWTH * z) * exp(z * z / 2) * erfc(z / sqrt(2)) / 2
    term, total = mpf(1), mpf(1)
    for j in range(1, 40):
        term *= -(2 * j - 1) / (z * z)
        total += term
        if abs(term) < mpf(10) ** -45:
            break
    return (1 + GROWTH * z) * total / (z * sqrt(2 * pi))


def main():
    nodes = [cos(pi * (2 * j + 1) / (2 * NODES)) for j in range(NODES)]
    values = [smooth(u) for u in nodes]
    powers = [mpf(0)] * (DEGREE + 1)
    for m in range(DEGREE + 1):
        c = 2 * sum(v * cos(pi * m * (2 * j + 1) / (2 * NODES)) for j, v in enumerate(values)) / NODES
        for p, t in enumerate(taylor(lambda u: chebyt(m, u), 0, m)):
            powers[p] += (c / 2 if m == 0 else c) * t
    print("// Made by make_normal_tail_table.py; see there for the mathematics. Do not edit.\n// clang-format off")
    print("#pragma once\n\nnamespace varprop {\n")
    print(f"inline constexpr double normal_tail_centre = {float(K)};")
    print(f"inline constexpr double normal_tail_growth = {float(GROWTH)};")
    print(f"inline constexpr int normal_tail_degree = {DEGREE};\n")
    print("/// Coefficients of (1 + growth·z) R(z) in powers of u.")
    print("inline constexpr double normal_tail_table[normal_tail_degree + 1] = {")
    for p in powers:
        print(f"    {float(p).hex()},")
    print("};\n\n}  // namespace varprop")


if __name__ == "__main__":
    main()
