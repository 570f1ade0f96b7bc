"""Speed, side by side with other systems: medians of several runs, rivals timed in turn with symrelu in the same run.

    python benchmarks/run.py [--runs 5] [series spectrum threshold neurons proofs startup]

PARI/GP (`gp`, Debian: pari-gp) and numpy are needed for the comparisons; a missing one is said and left out.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
Timer = Callable[[], float]


def timed(work: Callable[[], object]) -> Timer:
    """Wall-clock seconds of a call."""

    def run() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


def compare(title: str, timers: dict[str, Timer], runs: int) -> None:
    """Run the timers in turn and print medians, and ratios to the first one, pair by pair."""
    times: dict[str, list[float]] = {name: [] for name in timers}
    for _ in range(runs):
        for name, timer in timers.items():
            times[name].append(timer())
    first = next(iter(timers))
    for name, values in times.items():
        ratio = median(v / f for v, f in zip(values, times[first], strict=True))
        spread = f"{min(values):.3g} .. {max(values):.3g}"
        print(f"| {title} | {name} | {median(values):.3g} s | {spread} | {ratio:.2f} |", flush=True)


def rival(command: list[str], environment: dict[str, str]) -> Timer:
    """The time that a rival script reports for its derivation, without start-up and printing."""

    def run() -> float:
        result = subprocess.run(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        match = re.search(r"([\d.]+) (ms|s)\b", result.stdout.split("\n", 1)[0])
        assert match is not None, result.stdout[:200]
        return float(match[1]) / (1000 if match[2] == "ms" else 1)

    return run


def series(runs: int) -> None:
    """Exact series of II: the whole derivation, leading terms found included, nothing kept between runs."""
    from symrelu import family

    gp = ["gp", "-q", "-f", "-s", "1G", str(HERE / "rivals" / "series_ii.gp")]
    sympy_script = [sys.executable, str(HERE / "rivals" / "series_ii_sympy.py")]
    for order in (10, 20, 40):
        timers = {
            "symrelu, leading terms found": timed(lambda n=order: family("II")._series().terms(n)),
            "symrelu, lifting alone": _lifting(order),
        }
        if shutil.which("gp"):
            timers["PARI/GP, series in s"] = rival(gp, {"ORDER": str(order), "PLAIN": "1"})
            timers["PARI/GP, s rescaled by hand"] = rival(gp, {"ORDER": str(order)})
        if order <= 20:
            timers["sympy rings, s rescaled by hand"] = rival([*sympy_script, str(order)], {})
        compare(f"II, N = {order}", timers, runs)


def _lifting(order: int) -> Timer:
    from symrelu import family

    def run() -> float:
        derivation = family("II")._series()
        derivation.terms(1)
        start = time.perf_counter()
        derivation.terms(order)
        return time.perf_counter() - start

    return run


def spectrum(runs: int) -> None:
    """The whole spectrum of II with multiplicities, certified, against numpy's eigenvalues of the dense Hessian."""
    from symrelu import family

    for d in (30, 60):
        timers = {"symrelu, certified, 20 digits": timed(lambda d=d: family("II").spectrum(d=d).to_json())}
        try:
            timers["numpy, dense Hessian, float64"] = _numpy(d)
        except ImportError:
            print("numpy is not installed: no dense comparison")
        compare(f"spectrum of II, d = {d}", timers, runs)
    compare("spectrum of II, d = 10^6", {"symrelu": timed(lambda: family("II").spectrum(d=10**6).to_json())}, runs)


def _numpy(d: int) -> Timer:
    import numpy as np

    from symrelu import family

    values = {name: float(ball.mid()) for name, ball in family("II").at(d).parameters.items()}
    W = np.full((d, d), values["off1"])
    np.fill_diagonal(W, values["diag1"])
    W[:, -1], W[-1, :], W[-1, -1] = values["w12"], values["w21"], values["w22"]
    return timed(lambda: np.linalg.eigvalsh(dense_hessian(W, np.eye(d))))


def dense_hessian(W, V):
    """The k d x k d Hessian in float64, vectorised over pairs (formulas of Safran & Shamir 2018)."""
    import numpy as np

    k, d = W.shape
    rows = np.vstack([W, V])
    signs = np.r_[np.ones(k), -np.ones(len(V))]
    norms = (rows**2).sum(1)
    H = np.zeros((k, d, k, d))
    eye = np.eye(d)
    for i in range(k):
        w, A = W[i], norms[i]
        c = rows @ w
        S = np.sqrt(np.maximum(A * norms - c**2, 1e-300))
        weights = signs.copy()
        weights[i] = 0
        rest = A * rows - np.outer(c, w)
        H[i, :, i, :] = 0.5 * eye + (
            (weights * S).sum() / A * (eye - np.outer(w, w) / A) + (rest.T * (weights / (A**2 * S))) @ rest
        ) / (2 * np.pi)
        for j in range(k):
            if j != i:
                v, B = W[j], norms[j]
                cross = np.outer(w, v) + np.outer(v, w) - c[j] / A * np.outer(w, w) - c[j] / B * np.outer(v, v)
                H[i, :, j, :] = ((np.pi - np.arctan2(S[j], c[j])) * eye + cross / S[j]) / (2 * np.pi)
    return H.reshape(k * d, k * d)


def threshold(runs: int) -> None:
    """Every crossing of II on [5, 100] with proof, to 50 and to 1000 digits."""
    from symrelu import family

    for digits in (50, 1000):
        compare(
            f"threshold of II, {digits} digits", {"symrelu": timed(lambda n=digits: family("II").threshold(n))}, runs
        )


def neurons(runs: int) -> None:
    """More neurons than the teacher: series in balls, limits, one row of the annihilation table, a perturbation radius."""
    from symrelu import family
    from symrelu.analysis.annihilation import fate

    for order in (6, 12, 24):
        compare(f"II+1 in balls, N = {order}", {"symrelu": timed(lambda n=order: family("II+1").expand(n))}, runs)
    compare("I+1 over Q(pi, sqrt(pi - 2)), N = 5", {"symrelu": timed(lambda: family("I+1").expand(5))}, runs)
    compare("limits of II+1", {"symrelu": timed(lambda: family("II+1").limit())}, runs)
    for extra in (0, 1, 2):
        row = ("II", extra, "")
        compare(f"annihilate II, {extra} more, [5, 100]", {"symrelu": timed(lambda r=row: fate(r))}, runs)
    compare("perturbed targets, II, d = 6", {"symrelu": timed(lambda: family("II").persistence(6))}, runs)


def proofs(runs: int) -> None:
    """Theorems to infinity: each family alone, with constants to order N, as D comes near the threshold, and re-checked."""
    import tempfile

    from symrelu import family
    from symrelu.proof.checking import check_file

    def prove(name: str, d_from: str | None = None, order: int = 0) -> Timer:
        return timed(lambda: family(name).prove(d_from, order))

    for name in ("A", "I", "II", "M2", "M3", "M5", "M10"):
        timers = {f"constants to N = {N}": prove(name, order=N) for N in (0, 4)}
        with tempfile.TemporaryDirectory() as folder:
            subject = family(name)
            proof = subject.write_proof(subject.prove(), Path(folder), "symrelu prove")
            certificate = next(path for path in proof.files if path.suffix == ".json")
            timers["re-checked (with start-up)"] = timed(lambda path=certificate: check_file(path))
            tubes = len(proof.theorem.tubes)
            compare(f"prove {name}, {tubes} tubes + 1, {certificate.stat().st_size // 1024} kB", timers, runs)
    compare("prove II, constants to N", {f"N = {N}": prove("II", order=N) for N in (0, 2, 4, 6, 8)}, runs)
    near = ("6", "5.6", "5.59", "5.586", "5.58551")  # d* = 5.585505...
    for d_from in near:
        tubes = len(family("II").prove(d_from, 0).theorem.tubes)
        compare(f"prove II from D = {d_from}, {tubes} tubes + 1", {"symrelu": prove("II", d_from)}, runs)
    for name in ("A+1", "II+1"):
        compare(f"prove {name}", {"symrelu": prove(name)}, runs)


def startup(runs: int) -> None:
    """The time of `symrelu --help` as a process, against Python's own start."""
    timers = {
        "symrelu --help": timed(lambda: subprocess.run(["symrelu", "--help"], capture_output=True, check=True)),
        "python -c pass": timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)),
    }
    compare("start-up", timers, runs)


def main() -> None:
    parts = {part.__name__: part for part in (series, spectrum, threshold, neurons, proofs, startup)}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[[], *parts], default=list(parts))
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    print("| what | system | median | range | ratio |\n|---|---|---|---|---|")
    for part in arguments.parts or parts:
        parts[part](arguments.runs)


if __name__ == "__main__":
    main()
