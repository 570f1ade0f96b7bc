"""flint's global state is changed only inside `working` and always comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flint import arb, arb_series, ctx

from symrelu.arithmetic.precision import working


@pytest.fixture(autouse=True)
def known_state() -> Iterator[None]:
    before = ctx.prec, ctx.cap
    ctx.prec, ctx.cap = 77, 5
    yield
    ctx.prec, ctx.cap = before


def test_both_are_set_and_restored() -> None:
    with working(bits=300, cap=40):
        assert (ctx.prec, ctx.cap) == (300, 40)
        assert (-arb_series([1] * 40)).length() == 40
        assert arb(2).sqrt().rel_accuracy_bits() > 290
    assert (ctx.prec, ctx.cap) == (77, 5)


@pytest.mark.parametrize(("bits", "cap", "inside"), [(200, None, (200, 5)), (None, 9, (77, 9)), (None, None, (77, 5))])
def test_what_is_not_given_stays(bits: int | None, cap: int | None, inside: tuple[int, int]) -> None:
    with working(bits, cap):
        assert (ctx.prec, ctx.cap) == inside
    assert (ctx.prec, ctx.cap) == (77, 5)


def test_restored_after_an_exception() -> None:
    with pytest.raises(ZeroDivisionError), working(bits=200, cap=20):
        raise ZeroDivisionError
    assert (ctx.prec, ctx.cap) == (77, 5)


def test_restored_even_if_the_block_meddles() -> None:
    with working(cap=20):
        ctx.prec, ctx.cap = 500, 500
    assert (ctx.prec, ctx.cap) == (77, 5)


@pytest.mark.parametrize(("bits", "cap"), [(1, 20), (200, -1)])
def test_refused_values_leave_no_trace(bits: int, cap: int) -> None:
    with pytest.raises(ValueError), working(bits, cap):
        pytest.fail("the block must not run")
    assert (ctx.prec, ctx.cap) == (77, 5)


def test_nested() -> None:
    with working(bits=100, cap=10):
        with working(bits=200, cap=20):
            pass
        assert (ctx.prec, ctx.cap) == (100, 10)


def test_as_decorator() -> None:
    @working(bits=123)
    def inside() -> int:
        return ctx.prec

    assert (inside(), inside(), ctx.prec) == (123, 123, 77)
