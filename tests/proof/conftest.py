"""The checker as a module, and small certificates, made once."""

import importlib.util
from fractions import Fraction
from pathlib import Path

import pytest

from symrelu import family
from symrelu.analysis.threshold import cover_interval
from symrelu.proof.certificate import build_certificate

CHECKER = Path(__file__).parents[2] / "proofs" / "checker.py"


@pytest.fixture(scope="session")
def checker():
    spec = importlib.util.spec_from_file_location("independent_checker", CHECKER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _certificate(name, low, high, crossings_up_to, order):
    made = family(name)
    branch = made._numbers()
    crossings = cover_interval(branch, Fraction(low), Fraction(crossings_up_to), 20).crossings
    derivation = made._series() if high is None else None
    return build_certificate(branch, derivation, Fraction(low), high, crossings, order)


@pytest.fixture(scope="session")
def certificate_a():
    """A for d >= 5, with the crossing of x at 5.76 and constants of order 3."""
    return _certificate("A", 5, None, 8, 3)


@pytest.fixture(scope="session")
def certificate_ii():
    """II for d >= 5, with the crossing of s at 5.59."""
    return _certificate("II", 5, None, 8, 2)


@pytest.fixture(scope="session")
def certificate_bounded():
    """II+1 for 20 <= d <= 60: a range that ends, and a neuron more than inputs."""
    return _certificate("II+1", 20, Fraction(60), 60, 0)
