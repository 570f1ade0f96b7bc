"""The one place that changes flint's working precision and series length."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flint import ctx


@contextmanager
def working(bits: int | None = None, cap: int | None = None) -> Iterator[None]:
    """Run a block with `bits` of precision and `cap` series terms; both are restored afterwards.

    None keeps the current value. Both come back however the block ends, also when only one was given and when
    the block itself changed them. They belong together because `ctx.cap` (default 10) silently truncates all
    series operations, even a unary minus. Both are global to the process: not safe between threads.

    >>> with working(bits=200, cap=30):
    ...     ctx.prec, ctx.cap
    (200, 30)
    """
    before = ctx.prec, ctx.cap
    try:
        if bits is not None:
            ctx.prec = bits
        if cap is not None:
            ctx.cap = cap
        yield
    finally:
        ctx.prec, ctx.cap = before
