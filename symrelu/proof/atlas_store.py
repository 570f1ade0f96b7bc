"""The store of the atlas: a file of JSON lines that grows by one line for each result, and survives being cut off.

The first line, and each at which a run with other settings went on, is a header {"format", "largest", "digits",
"versions"}; every other line is an entry (atlas_point.py). One process writes. A last line that was cut off is removed.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from symrelu.arithmetic.outcome import UsageError
from symrelu.proof.atlas_point import DIGITS, AtlasPoint, read_point

try:
    import fcntl
except ImportError:  # not on Windows: there nothing keeps a second writer away
    fcntl = None

FILE = "atlas.jsonl"
_FORMAT = "symrelu-atlas-1"
_BEGINNING = f'{{"format": "{_FORMAT}"'.encode()  # of every header, hence of the file


class Store:
    """A store that is open for writing: the `points` it holds, and `add` for one more."""

    def __init__(self, file: BinaryIO, path: Path):
        self._file, self._path = file, path
        self._header, self.points = _read(file, path)

    def begin(self, largest: int) -> None:
        """Say what the entries that follow belong to, unless the last header says it already."""
        header = {
            "format": _FORMAT,
            "largest": largest,
            "digits": DIGITS,
            "versions": {"symrelu": version("symrelu"), "python-flint": version("python-flint")}
            | {"python": platform.python_version()},
        }
        if header != self._header:
            self._append(header)
            self._header = header

    def add(self, point: AtlasPoint) -> None:
        self._append(point.to_json())
        self.points[point.d, point.p] = point

    def _append(self, line: dict[str, Any]) -> None:
        try:
            self._file.write(json.dumps(line).encode() + b"\n")
            self._file.flush()  # what the system has outlives this process, also after kill -9
        except OSError as error:
            raise UsageError(f"{self._path}: cannot be written ({error.strerror})") from None


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """The store in a folder, made if it is not there; UsageError if it cannot be used, or another process writes it."""
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); give another directory") from None
    with file:
        _lock(file, path)
        yield Store(file, path)


def read_store(folder: Path) -> dict[tuple[int, int], AtlasPoint]:
    """The entries by (d, p), the store left as it is; UsageError if it cannot be read."""
    path = folder / FILE
    try:
        with path.open("rb") as file:
            return _read(file, path)[1]
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); give the directory of an atlas") from None


def _lock(file: BinaryIO, path: Path) -> None:
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # goes when the process does
        except OSError:
            raise UsageError(f"{path}: another process writes to it; wait for it, or give another directory") from None


def _read(file: BinaryIO, path: Path) -> tuple[Any, dict[tuple[int, int], AtlasPoint]]:
    """(last header, entries). In a file open for writing, the last line is completed or, if it makes no sense, removed."""
    file.seek(0)
    content = file.read()
    *lines, rest = content.split(b"\n")
    first = lines[0] if lines else rest
    if not (first.startswith(_BEGINNING) or (not lines and _BEGINNING.startswith(rest))):
        raise UsageError(f"{path}: this is no atlas that symrelu has written; give another directory")
    complete = _parsed(rest) is not None
    header, points = _entries([*lines, rest] if complete else lines, path)
    if rest and file.writable():
        if complete:
            file.write(b"\n")
        else:
            file.truncate(len(content) - len(rest))
        file.flush()
    return header, points


def _entries(lines: list[bytes], path: Path) -> tuple[Any, dict[tuple[int, int], AtlasPoint]]:
    header, points = None, dict[tuple[int, int], AtlasPoint]()
    for number, line in enumerate(lines, 1):
        data = _parsed(line)
        if isinstance(data, dict) and data.get("format") == _FORMAT:
            header = data
            continue
        try:
            point = read_point(data)
            if (point.d, point.p) in points:
                raise UsageError(f"(d, p) = ({point.d}, {point.p}) is there already")
        except UsageError as error:
            message = f"{path}, line {number}: {error}; remove the line, and what is missing is computed again"
            raise UsageError(message) from None
        points[point.d, point.p] = point
    return header, points


def _parsed(line: bytes) -> Any:
    """The JSON value of a line, None if it is none."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
