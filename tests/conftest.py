"""What holds for every test: global precision comes back, and hypothesis is reproducible and knows no deadline."""

import mpmath
import pytest
from flint import ctx
from hypothesis import settings

settings.register_profile("symrelu", deadline=None, derandomize=True, database=None)
settings.load_profile("symrelu")


@pytest.fixture(autouse=True)
def global_precision_comes_back():
    """flint's precision and series length, and mpmath's digits, belong to the whole process: nobody may keep them."""
    before = ctx.prec, ctx.cap, mpmath.mp.prec
    yield
    after = ctx.prec, ctx.cap, mpmath.mp.prec
    ctx.prec, ctx.cap, mpmath.mp.prec = before  # so that one culprit does not fail all later tests
    assert after == before, "the test changed ctx.prec, ctx.cap or mpmath.mp.prec"
