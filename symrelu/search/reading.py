"""Weight matrices from files: .npy, .npz, .csv, .mat and .json; neurons as rows."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from symrelu.arithmetic.outcome import UsageError

_FORMATS = ".npy, .npz, .csv, .mat or .json"


def read_weights(path: Path, transpose: bool = False, array: str | None = None) -> np.ndarray:
    """The matrix (k, d) of a file; with `transpose` its neurons are columns. UsageError says what is not as it should be.

    `array` names one of several arrays of a .npz, .mat or .json file.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UsageError(f"{path}: files ending in {path.suffix or 'nothing'} are not read; give {_FORMATS}")
    try:
        arrays = reader(path)
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file; give a weight matrix as {_FORMATS}") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error}); give {_FORMATS}") from None
    return _matrix(path, _chosen(path, arrays, array), transpose)


def _chosen(path: Path, arrays: dict[str, Any], array: str | None) -> Any:
    names = ", ".join(arrays) or "none"
    if array is not None and array not in arrays:
        raise UsageError(f"{path}: has no array {array!r}; there are: {names}")
    if array is None and len(arrays) != 1:
        raise UsageError(f"{path}: which array is meant? Give --array NAME; there are: {names}")
    return arrays[array] if array is not None else next(iter(arrays.values()))


def _matrix(path: Path, data: Any, transpose: bool) -> np.ndarray:
    try:
        W = np.asarray(data)
    except ValueError:
        raise UsageError(
            f"{path}: the rows have different lengths; give one row of d numbers for each neuron"
        ) from None
    if W.dtype.kind not in "fiu":
        raise UsageError(f"{path}: the entries are {W.dtype}, not real numbers; give a matrix of numbers")
    if W.ndim != 2 or W.size == 0:
        raise UsageError(
            f"{path}: an array of shape {W.shape} is no weight matrix; give one of shape (neurons, inputs)"
        )
    return np.array(W.T if transpose else W, float)


def _npy(path: Path) -> dict[str, Any]:
    try:
        loaded = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise UsageError(
            f"{path}: not an array saved by numpy.save or numpy.savez without pickled objects ({error})"
        ) from None
    if isinstance(loaded, np.ndarray):
        return {"array": loaded}
    with loaded:
        try:
            return {name: loaded[name] for name in loaded.files}
        except (ValueError, zipfile.BadZipFile) as error:
            raise UsageError(f"{path}: damaged, or with pickled objects ({error}); save plain arrays") from None


def _csv(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(
            f"{path}: not a text file; give numbers separated by commas, one row for each neuron"
        ) from None
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    separator = next((mark for mark in ",;\t" if any(mark in line for line in lines)), " ")
    rows = list[list[float]]()
    for number, cells in enumerate(csv.reader(lines, delimiter=separator, skipinitialspace=True), 1):
        cells = [cell for cell in cells if cell.strip()] if separator == " " else cells
        try:
            rows.append([float(cell) for cell in cells])
        except ValueError:
            if number == 1:  # a line of headings
                continue
            bad = next(cell for cell in cells if not _is_number(cell))
            raise UsageError(
                f"{path}: {bad!r} in row {number} is not a number; give one row of numbers a neuron"
            ) from None
    return {"array": rows}


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _mat(path: Path) -> dict[str, Any]:
    from scipy.io import loadmat
    from scipy.io.matlab import MatReadError

    try:
        content = loadmat(path)
    except NotImplementedError:
        raise UsageError(f"{path}: a .mat file of version 7.3 (HDF5); save it again with -v7, or as .csv") from None
    except (MatReadError, ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{path}: not a MATLAB file ({error}); give {_FORMATS}") from None
    return {name: value for name, value in content.items() if not name.startswith("__")}


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f'{path}: not JSON ({error}); give a list of rows or {{"weights": [...]}}') from None
    if isinstance(data, dict):
        return {"weights": data["weights"]} if "weights" in data else data
    return {"array": data}


_READERS = {".npy": _npy, ".npz": _npy, ".csv": _csv, ".mat": _mat, ".json": _json}
