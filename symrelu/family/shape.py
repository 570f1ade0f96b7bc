"""The shape of a family: column blocks, row orbits, and the names of their entries.

The isotropy group G = S_{n_1} x ... x S_{n_r} permutes the columns in r blocks and permutes rows in the same way
(mathematics of Arjevani & Field 2021, sections 3-4). A row orbit is *attached* to a block a (n_a rows, permuted with
its columns) or *free* (one row fixed by G), so that every row reads

    w_i = u + delta e_i   (attached; u constant on each block),      w = u   (free).

The block sizes n_a are linear polynomials in d (and p), which is what makes d a real parameter of everything below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symrelu.family.sizes import Size


@dataclass(frozen=True)
class Entry:
    """One number of the weight matrix, up to symmetry: row orbit `row`, column block `block`.

    `diagonal` marks the entry w_i[i] of an attached orbit; otherwise it is the common value of the other entries of the
    row in that block.
    """

    name: str
    row: int
    block: int
    diagonal: bool = False


@dataclass(frozen=True)
class RowOrbit:
    """A row orbit: `attached` is the index (from 0) of its block, or None for a free row."""

    attached: int | None = None


@dataclass(frozen=True)
class Shape:
    """Column blocks, row orbits and the blocks that carry a teacher neuron per column.

    Blocks are numbered from 0 here and from 1 in every name. An orbit attached to a block of constant size one is the
    same thing as a free row, and is stored as one.
    """

    blocks: tuple[Size, ...]
    rows: tuple[RowOrbit, ...]
    teacher: tuple[bool, ...]

    @staticmethod
    def build(blocks: list[Size], attached: list[int | None], teacher: list[bool] | None = None) -> Shape:
        """Normalise the data of a family file: `attached[R]` is a block index from 0, or None."""
        rows = tuple(RowOrbit(a if a is not None and not blocks[a].is_one else None) for a in attached)
        return Shape(tuple(blocks), rows, tuple(teacher) if teacher is not None else (True,) * len(blocks))

    def enlarged(self, extra: int) -> Shape:
        """The shape with `extra` free rows more, last."""
        return Shape(self.blocks, self.rows + (RowOrbit(),) * extra, self.teacher)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The coordinates of the fixed-point space, in the order of rows and then of blocks."""
        return tuple(entry for row in range(len(self.rows)) for entry in self._row_entries(row))

    def _row_entries(self, row: int) -> Iterator[Entry]:
        attached = self.rows[row].attached
        for block in range(len(self.blocks)):
            if block == attached:
                yield Entry(f"diag{row + 1}", row, block, diagonal=True)
                yield Entry(f"off{row + 1}", row, block)
            else:
                yield Entry(f"w{row + 1}{block + 1}", row, block)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(entry.name for entry in self.entries)

    def orbit_size(self, row: int, sizes: list[Any]) -> Any:
        """Number of rows in an orbit, given the block sizes in any arithmetic."""
        attached = self.rows[row].attached
        return 1 if attached is None else sizes[attached]

    @cached_property
    def neurons(self) -> Size:
        """k as a polynomial in d and p."""
        total = Size.constant(0)
        for row in self.rows:
            total = total + (Size.constant(1) if row.attached is None else self.blocks[row.attached])
        return total

    @cached_property
    def inputs(self) -> Size:
        """Number of columns as a polynomial in d and p."""
        return sum(self.blocks, Size.constant(0))

    @property
    def isotropy(self) -> str:
        """The isotropy group in the notation of the literature, e.g. Delta(S_{d-1} x S_1)."""
        factors = [f"S_{size}" if len(str(size)) == 1 else f"S_{{{size}}}" for size in self.blocks]
        return f"Delta {factors[0]}" if len(factors) == 1 else f"Delta({' x '.join(factors)})"
