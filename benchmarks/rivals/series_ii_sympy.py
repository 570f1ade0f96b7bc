"""The exact power series of family II in s = d^(-1/2), in sympy's polynomial rings (``ring_series``).

    python series_ii_sympy.py [ORDER]        (10 if not given)

prints every non-zero term s^k with k < ORDER as ``name k coefficient``, after a comment with the time.  Notation and
scaling are those of ``series_ii.gp``: rows (a at i, b, c) and (e, f) are diag1, off1, w12 and w21, w22; s = unit * x
makes the coefficients polynomials in pi, so that the ring is QQ[pi][x]; over QQ.frac_field(pi) the same program is five
times slower, and with s itself the gcds of numerators and denominators fail (HeuristicGCDFailed, sympy 1.14).
"""

import sys
import time

import sympy
from sympy import QQ
from sympy.polys.matrices import DomainMatrix
from sympy.polys.ring_series import rs_atan, rs_integrate, rs_mul, rs_nth_root, rs_series_inversion, rs_square
from sympy.polys.rings import ring

POLYNOMIALS, FRACTIONS = QQ[sympy.pi], QQ.frac_field(sympy.pi)
PI = POLYNOMIALS.gens[0]
R, x = ring("x", POLYNOMIALS)
UNIT = 60060 * PI**2 * (PI - 2)
s = UNIT * x

NAMES = ("diag1", "off1", "w12", "w21", "w22")
LEADING_POWERS = (4, 4, 2, 2, 2)  # of diag1 - 1, off1, w12, w21, w22 + 1
EQUATION_POWERS = (2, 2, 0, 2, 2)  # what each equation below is divided by


def over_s(z, k):
    """z / s^k for a polynomial z of valuation at least k in x."""
    return R.from_dict({(m - k,): c.exquo(UNIT**k) for (m,), c in z.items()})


def times(z, k=0):
    """(n - k) z, where n = d - 1 = s^-2 - 1."""
    return over_s(z, 2) - (k + 1) * z


def gradient(entries, terms):
    """2 pi times the reduced gradient, with `terms` correct coefficients from each equation's leading power on."""
    order = terms + 4  # the multiplicities n cost two orders, twice

    def mul(u, v):
        return rs_mul(u, v, x, order)

    def square(u):
        return rs_square(u, x, order)

    def sqrt(u):
        return rs_nth_root(u, 2, x, order)

    def inverse(u):
        return rs_series_inversion(u, x, order)

    def atan(u):
        return rs_atan(u, x, order)

    def pair(D, c):
        """S and t = pi - angle of two vectors near a right angle, from D = AB - c^2."""
        S = sqrt(D)
        return S, PI * QQ(1, 2) + atan(mul(c, inverse(S)))

    a, b, c, e, f = entries
    b2, c2, e2 = rs_square(b, x, order + 2), square(c), square(e)
    D1 = times(b2, 1) + c2
    A1, A2 = square(a) + D1, times(e2) + square(f)
    c11 = 2 * mul(a, b) + D1 - b2
    c12 = mul(a, e) + times(mul(b, e), 1) + mul(c, f)
    Sd = 2 * s**2 * sqrt(over_s(D1, 4) * QQ(1, 4))  # row i and target i, angle near 0
    Sf = mul(over_s(e, 1), sqrt(1 - s**2))  # last row and last target, angle near pi: e sqrt(n)
    S11, t11 = pair(square(A1) - square(c11), c11)
    S12, t12 = pair(mul(A1, A2) - square(c12), c12)
    So, to = pair(A1 - b2, b)
    Sc, tc = pair(A1 - c2, c)
    Se, te = pair(A2 - e2, e)
    over_A2 = inverse(A2)
    q = mul(Sf, over_A2)
    K1 = PI + mul(times(S11 - So, 1) + S12 - Sd - Sc, inverse(A1))
    K2 = PI + mul(times(mul(mul(A1 - 1, A2) - square(c12) + e2, inverse(S12 + Se))), over_A2)
    # atan(y) - y/(1 + y^2) for y = Sf/f: length and angle term of the last pair cancel to first order.
    h = rs_integrate(2 * mul(mul(Sf.diff(x), f) - mul(Sf, f.diff(x)), square(q)), x)
    t11b, t11c, t12e, t12f, K1c = mul(t11, b), mul(t11, c), mul(t12, e), mul(t12, f), mul(K1, c)
    return (
        mul(K1, a) + times(t11b, 1) + t12e - PI + atan(mul(Sd, inverse(a))),
        mul(K1, b) + mul(t11, a) + times(t11b, 2) + t12e - to,
        K1c + times(t11c, 1) + t12f - tc,
        mul(K2 - q, e) + mul(t12, a) + times(mul(t12, b), 1) - te,
        mul(K2, f) + h + times(mul(c, t12 - t11)) + t11c - t12f + tc - K1c,  # entry (d,d) - entry (i,d)
    )


def coefficients(equations, start, stop):
    """Columns of the five equations' coefficients of s^k, start <= k < stop, after the leading powers."""

    def coefficient(g, k):
        return FRACTIONS.convert_from(g.get((k,), POLYNOMIALS.zero), POLYNOMIALS) / FRACTIONS.convert(UNIT**k)

    return [
        DomainMatrix(
            [[coefficient(g, p + k)] for g, p in zip(equations, EQUATION_POWERS, strict=True)], (5, 1), FRACTIONS
        )
        for k in range(start, stop)
    ]


def term(i, k, c):
    """The term c s^(leading power + k) of entry i."""
    power = LEADING_POWERS[i] + k
    return R({(power,): POLYNOMIALS.convert_from(c * FRACTIONS.convert(UNIT**power), FRACTIONS)})


def inverse_jacobian(entries, h):
    """The inverse of the Jacobian modulo s^h: differences of step s^h are exact to that order."""
    base = gradient(entries, 2 * h)
    columns = []
    for i in range(5):
        moved = list(entries)
        moved[i] += term(i, h, FRACTIONS.one)
        difference = [g - g0 for g, g0 in zip(gradient(moved, 2 * h), base, strict=True)]
        columns.append(coefficients(difference, h, 2 * h))
    jacobian = [columns[0][k].hstack(*(column[k] for column in columns[1:])) for k in range(h)]
    inverse = [jacobian[0].inv()]
    for k in range(1, h):
        inverse.append(
            -inverse[0] * sum((jacobian[j] * inverse[k - j] for j in range(2, k + 1)), jacobian[1] * inverse[k - 1])
        )
    return inverse


def series(order):
    """The five entries as polynomials in x, correct below x^order."""
    P = FRACTIONS.gens[0]
    leading = (8 / P, -4 / P, FRACTIONS(2), 4 / P, 2 + 8 / P + 8 / P**2)
    entries = [
        limit + term(i, 0, c) for i, (limit, c) in enumerate(zip((1, R(0), R(0), R(0), -1), leading, strict=True))
    ]
    block = 1 + order // 16  # orders gained per step: measured, 1 is best at order 10, 2 at 20, 3 at 40
    known, inverse = 1, []
    while known < order - 2:
        if len(inverse) < min(known, block):
            inverse = inverse_jacobian(entries, min(known, block))
        stop = min(known + len(inverse), order - 2)
        residual = coefficients(gradient(entries, stop), known, stop)
        for k in range(stop - known):
            step = sum((inverse[j] * residual[k - j] for j in range(1, k + 1)), inverse[0] * residual[k])
            for i in range(5):
                entries[i] -= term(i, known + k, step[i, 0].element)
        known = stop
    return entries


def main():
    order = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    started = time.perf_counter()
    entries = series(order)
    print(f"# sympy {sympy.__version__}, order {order}: {1000 * (time.perf_counter() - started):.0f} ms")
    for name, entry in zip(NAMES, entries, strict=True):
        for (k,), c in sorted(entry.items()):
            if k < order:
                exact = FRACTIONS.convert_from(c, POLYNOMIALS) / FRACTIONS.convert(UNIT**k)
                print(name, k, str(exact.as_expr()).replace(" ", "").replace("**", "^"))


if __name__ == "__main__":
    main()
