"""Power series with ball coefficients (arb_series) behind the project's arithmetic protocol.

With an exact centre they are approximate or rigorous Taylor coefficients there; with a ball as centre, the coefficient
of t^j encloses f^(j)/j! on the whole ball. Run under `working(cap=order)`: flint truncates every operation to it.
"""

from __future__ import annotations

from typing import Any

from flint import arb, arb_series

from symrelu.arithmetic.outcome import Undecided


class Jets:
    """arb_series numbers at the working precision and series length."""

    @property
    def pi(self) -> arb:
        return arb.pi()

    @staticmethod
    def variable(center: arb) -> arb_series:
        """center + t."""
        return arb_series([center, 1])

    @staticmethod
    def sqrt(x: Any) -> arb_series:
        root = arb_series(x).sqrt()
        if not constant_term(root).is_finite():
            raise Undecided(f"square root of {constant_term(x).str(5)}, which is not proved positive")
        return root

    @staticmethod
    def angle(sine: Any, cosine: Any, product: Any) -> Any:
        """atan2, the arctangent being taken where its argument is at most about one."""
        s, c = constant_term(sine), constant_term(cosine)
        if not s > 0:
            raise Undecided(f"the sine {s.str(5)} of an angle is not proved positive")
        if abs(c.mid()) < s.mid():
            return arb.pi() / 2 - arb_series(cosine / sine).atan()
        if c > 0:
            return arb_series(sine / cosine).atan()
        if c < 0:
            return arb.pi() + arb_series(sine / cosine).atan()
        return arb.pi() / 2 - arb_series(cosine / sine).atan()

    @staticmethod
    def is_zero(x: Any) -> bool:
        return isinstance(x, int) and x == 0


def constant_term(x: Any) -> arb:
    return x[0] if isinstance(x, arb_series) else arb(x)
