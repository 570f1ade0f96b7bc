"""Rates of the minima that gradient descent finds, beside those that Safran and Shamir report.

    python benchmarks/rates.py --out DIR [--runs 500] [--seed 0] [--step H] [--start uniform] [--variance V] [--processes N]

Sources: Safran & Shamir 2018 (1712.08968), the tables of minima (least eigenvalue and loss, averaged over what was
found), and Safran, Yehudai & Shamir 2021 (2006.01005), how many of 500 runs reach the global minimum at k = d. Every run
is kept in a store in DIR, one file for each size, the tables in DIR/rates-*.json with all settings.
"""

from __future__ import annotations

import argparse
import json
import re
from math import comb
from pathlib import Path
from time import perf_counter
from typing import Any

from symrelu.arithmetic.processes import Processes
from symrelu.search.search_result import SearchResult
from symrelu.search.searching import search

GLOBAL_OF_500 = {7: 473, 8: 443, 9: 389, 10: 340, 11: 263, 12: 231}
AVERAGES = {  # (inputs, neurons): (least eigenvalue, loss)
    (6, 6): (0.0047, 0.025),
    (7, 7): (0.014, 0.023),
    (8, 8): (0.021, 0.021),
    (9, 9): (0.027, 0.020),
    (10, 10): (0.030, 0.020),
    (20, 20): (0.038, 0.033),
    (8, 9): (0.0059, 0.021),
    (10, 11): (0.0057, 0.018),
    (13, 14): (0.0015, 0.038),
    (19, 20): (0.0077, 0.0275),
}
SPURIOUS = 1e-6  # losses above it


def probability(a: int, m: int, b: int, n: int) -> float:
    """Fisher's exact test, two-sided: that a of m and b of n differ at least so much if the rates are equal."""
    weights = [comb(m, x) * comb(n, a + b - x) for x in range(a + b + 1)]
    return sum(x for x in weights if x <= weights[a]) / comb(m + n, a + b)


def averages(result: SearchResult) -> dict[str, Any]:
    """Means over the runs, and over the classes, that ended at spurious minima."""
    spurious = [found for found in result.minima if found.loss > SPURIOUS]
    runs = sum(found.count for found in spurious)
    if not runs:
        return {"runs": 0}
    return {
        "runs": runs,
        "classes": len(spurious),
        "least": sum(found.count * (found.least_eigenvalue or 0) for found in spurious) / runs,
        "loss": sum(found.count * found.loss for found in spurious) / runs,
        "least_by_class": sum(found.least_eigenvalue or 0 for found in spurious) / len(spurious),
        "loss_by_class": sum(found.loss for found in spurious) / len(spurious),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--step", default=None, help="a number, or an expression in d and k such as 1.9/(k/4+1)")
    parser.add_argument("--start", default="normal")
    parser.add_argument("--variance", default=None, help="a number, or an expression in d and k such as 1/d")
    parser.add_argument("--method", default="gd")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--sizes", help="such as 7x7,8x9 (inputs x neurons); default: all published ones")
    chosen = parser.parse_args()
    sizes = [(k, k) for k in GLOBAL_OF_500] + [
        size for size in AVERAGES if size[0] != size[1] or size[0] not in GLOBAL_OF_500
    ]
    if chosen.sizes:
        sizes = [(int(d), int(k)) for d, k in (size.split("x") for size in chosen.sizes.split(","))]
    chosen.out.mkdir(parents=True, exist_ok=True)
    how = [chosen.method, chosen.start, chosen.step or "default", chosen.variance or "xavier"]
    name = "-".join(str(x) for x in (len(sizes), chosen.runs, chosen.seed, *how))
    file = chosen.out / f"rates-{re.sub('[^-.a-z0-9]', '_', name)}.json"
    kept = []
    for d, k in sizes:
        begin = perf_counter()
        step, variance = (x and float(eval(x, {"d": d, "k": k})) for x in (chosen.step, chosen.variance))
        options = {"method": chosen.method, "step": step, "start": chosen.start, "variance": variance}
        store = chosen.out / f"{d}x{k}.sqlite"
        result = search(d, k, chosen.runs, chosen.seed, store, Processes(chosen.processes), **options)
        seconds = perf_counter() - begin
        reached = sum(found.count for found in result.classes if found.loss <= SPURIOUS)
        line = {
            "inputs": d,
            "neurons": k,
            "seconds": round(seconds, 1),
            "global": reached,
            "spurious": averages(result),
        }
        published = GLOBAL_OF_500.get(d) if d == k else None
        if published is not None:
            line |= {"published": published, "probability": probability(reached, chosen.runs, published, 500)}
        kept.append(line | {"settings": result.settings.to_json(), "runs": chosen.runs, "found": result.to_json()})
        print(row(line, chosen.runs, AVERAGES.get((d, k))), flush=True)
        file.write_text(json.dumps(kept, indent=1) + "\n")


def row(line: dict[str, Any], runs: int, published: tuple[float, float] | None) -> str:
    text = f"({line['inputs']}, {line['neurons']})  global {line['global']}/{runs}"
    if "published" in line:
        text += f", published {line['published']}/500 (p = {line['probability']:.2g})"
    means = line["spurious"]
    if means["runs"]:
        text += f"; {means['runs']} runs at {means['classes']} spurious minima: least eigenvalue {means['least']:.4g}, "
        text += f"loss {means['loss']:.4g} (by class {means['least_by_class']:.4g}, {means['loss_by_class']:.4g})"
    if published is not None:
        text += f"; published {published[0]:g}, {published[1]:g}"
    return text + f"  [{line['seconds']} s]"


if __name__ == "__main__":
    main()
