#!/usr/bin/python3
"""Writes scaled_erfc_table.hpp: a polynomial for erfcx(x) = exp(x^2) erfc(x), x >= 0 (needs mpmath).

    python3 make_scaled_erfc_table.py > scaled_erfc_table.hpp

(1 + 2x) erfcx(x) is smooth on the whole half line in u = (x - 3.75)/(x + 3.75), u in [-1, 1): the map of Shepherd and
Laframboise, Math. Comp. 36 (1981), 249. Its Chebyshev series, cut at degree 22 (next coefficient 7e-17), is rewritten
in powers of u.
"""
from mpmath import mp, mpf, cos, erfc, exp, pi, sqrt, chebyt, taylor

mp.dps = 60
DEGREE = 22
K = mpf("3.75")
NODES = 64


def smooth(u):
    """(1 + 2x) erfcx(x) at x = K (1 + u)/(1 - u)."""
    x = K * (1 + u) / (1 - u)
    if x < 25:
        return (1 + 2 * x) * exp(x * x) * erfc(x)
    term, total = mpf(1), mpf(1)
    for j in range(1, 40):
        term *= -(2 * j - 1) / (2 * x * x)
        total += term
        if abs(term) < mpf(10) ** -45:
            break
    return (1 + 2 * x) * total / (x * sqrt(pi))


def main():
    nodes = [cos(pi * (2 * j + 1) / (2 * NODES)) for j in range(NODES)]
    values = [smooth(u) for u in nodes]
    powers = [mpf(0)] * (DEGREE + 1)
    for m in range(DEGREE + 1):
        c = 2 * sum(v * cos(pi * m * (2 * j + 1) / (2 * NODES)) for j, v in enumerate(values)) / NODES
        for p, t in enumerate(taylor(lambda u: chebyt(m, u), 0, m)):
            powers[p] += (c / 2 if m == 0 else c) * t
    print("// Made by make_scaled_erfc_table.py; see there for the mathematics. Do not edit.")
    print("#pragma once\n\nnamespace varprop {\n")
    print(f"inline constexpr double scaled_erfc_centre = {float(K)};")
    print(f"inline constexpr int scaled_erfc_degree = {DEGREE};\n")
    print("/// Coefficients of (1 + 2x) erfcx(x) in powers of u.")
    print("inline constexpr double scaled_erfc_table[scaled_erfc_degree + 1] = {")
    for p in powers:
        print(f"    {float(p).hex()},")
    print("};\n\n}  // namespace varprop")


if __name__ == "__main__":
    main()
