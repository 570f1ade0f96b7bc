"""Isotypic types of G = S_{n_1} x ... x S_{n_r} on matrices: names, copies, dimensions.

For S_n: t trivial (dimension 1), s standard (n-1), x the exterior square of s ((n-1)(n-2)/2), y the type (n-2, 2)
(n(n-3)/2). Source: Arjevani & Field 2020 (2008.01805), section 4; Fulton & Harris, lecture 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Kind(Enum):
    TRIVIAL = "t"
    STANDARD = "s"
    EXTERIOR = "x"
    SYMMETRIC = "y"
    PRODUCT = "s*s"


@dataclass(frozen=True)
class IsotypicType:
    """A type; `block` (and `other_block` for products) count from 0, names from 1.

    `size_is_two` marks a block of exactly two columns, where the standard type occurs once less in an attached orbit
    (its exterior square is absent and y has formal dimension -1).
    """

    kind: Kind
    block: int = 0
    other_block: int | None = None
    size_is_two: bool = False

    @property
    def name(self) -> str:
        match self.kind:
            case Kind.TRIVIAL:
                return "t"
            case Kind.PRODUCT:
                return f"s{self.block + 1}*s{(self.other_block or 0) + 1}"
            case _:
                return f"{self.kind.value}{self.block + 1}"

    def dimension(self, sizes: list[Any]) -> Any:
        """The (formal) dimension as a polynomial in the block sizes, in their arithmetic."""
        n = sizes[self.block]
        match self.kind:
            case Kind.TRIVIAL:
                return 1
            case Kind.STANDARD:
                return n - 1
            case Kind.EXTERIOR:
                return (n - 1) * (n - 2) / 2
            case Kind.SYMMETRIC:
                return n * (n - 3) / 2
            case Kind.PRODUCT:
                assert self.other_block is not None
                return (n - 1) * (sizes[self.other_block] - 1)

    def describe(self, sizes: list[str]) -> str:
        """In words, e.g. "standard representation of S_(d-1)"."""
        group = f"S_({sizes[self.block]})"
        match self.kind:
            case Kind.TRIVIAL:
                return "trivial representation"
            case Kind.STANDARD:
                return f"standard representation of {group}"
            case Kind.EXTERIOR:
                return f"exterior square of the standard representation of {group}"
            case Kind.SYMMETRIC:
                return f"representation (n-2,2) of {group}"
            case Kind.PRODUCT:
                other = sizes[self.other_block or 0]
                return f"product of the standard representations of {group} and S_({other})"
