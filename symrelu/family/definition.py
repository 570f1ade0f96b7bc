"""A family as data: shape, where to find its branch, and what is known of it in advance."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from symrelu.arithmetic.outcome import UsageError
from symrelu.arithmetic.reals import exact_real
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.model.activations import activation_named
from symrelu.model.kernel import RELU, Activation

_KEYS = ("name", "blocks", "rows", "teacher", "activation", "start", "leading")


@dataclass(frozen=True)
class Start:
    """An approximate critical point for an activation: `values` of every entry at one d (to be polished by Newton's method)."""

    d: Fraction
    values: dict[str, Fraction]
    activation: Activation = RELU


@dataclass(frozen=True)
class Definition:
    """All that the program is told about a family.

    `root_of` adjoins the square root of an integer to the coefficient field Q(pi); with `symbolic_p` the block sizes
    contain the symbol p, and its square root is adjoined. `start` selects the branch; `exact_point` gives a point that
    is known exactly for every d and needs no solving; `leading` optionally gives leading terms as expressions in s and
    pi (otherwise they are found). The entries are series in s = d^(-1/(2 ramification)). `branch` is the letter of a
    further branch of the same shape. `activation` may differ from that of `start`: the branch is then reached by a homotopy
    (analysis/homotopy.py).
    """

    name: str
    shape: Shape
    start: Start | None = None
    root_of: int | None = None
    exact_point: dict[str, int] | None = None
    leading: dict[str, str] | None = None
    symbolic_p: bool = False
    status: str = ""
    ramification: int = 1
    branch: str = ""
    activation: Activation = RELU

    def with_activation(self, activation: Activation) -> Definition:
        """The family of the same shape whose branch continues this one to another activation; named after both.

        An exact point stays what it is (the global minimum W = V is one for every activation). Leading terms do not.
        """
        if activation == self.activation:
            return self
        if self.symbolic_p:
            raise UsageError(
                f"{self.name} has a symbol p, and is there for {self.activation.name} only; take {self.name}2, ..."
            )
        if self.exact_point is None and self.start is None:
            raise UsageError(f"{self.name} is given by its leading terms, which belong to {self.activation.name}")
        return replace(self, name=f"{self.name} with {activation.name}", activation=activation, leading=None)

    def require_relu(self, what: str) -> None:
        """UsageError, saying what is asked for, unless the activation is ReLU."""
        if self.activation != RELU:
            raise UsageError(f"{what} is there for ReLU only, not for {self.activation.name}")

    def require_homogeneous(self, what: str) -> None:
        """UsageError, saying what is asked for, unless the activation is homogeneous, like ReLU and leaky ReLU."""
        if not self.activation.homogeneous:
            raise UsageError(f"{what} is there for ReLU and leaky ReLU, not for {self.activation.name}")

    @property
    def series_parameter(self) -> str:
        """What the series are in, in words."""
        return f"s = d^(-1/{2 * self.ramification})"

    def d_with_rows(self, rows: int) -> Fraction:
        """The first d at which every varying block has at least so many rows."""
        bounds = [(rows - size.constant_part) / size.per_d for size in self.shape.blocks if size.per_d > 0]
        return max(bounds, default=Fraction(1))

    def sizes(self, d: Any) -> list[Any]:
        """The block sizes at d, in the arithmetic of d; constant ones as integers."""
        return [size.at(d) for size in self.shape.blocks]

    def require_d(self, d: Fraction) -> None:
        """UsageError unless d is in the range where the shape makes sense, at least two rows in a varying block."""
        if self.symbolic_p:
            raise UsageError(f"family {self.name} has a symbol p; name a member like {self.name}2 to give d a value")
        smallest = self.d_with_rows(2)
        if d < smallest:
            raise UsageError(f"d = {d} is out of the range of family {self.name}, which needs d >= {smallest}")


def definition_from_dict(data: Any, source: str = "family") -> Definition:
    """Read a user family (see the README for the format); UsageError says what is not as it should be."""
    if not isinstance(data, dict):
        raise UsageError(f"{source}: expected an object with name, blocks, rows and start or leading")
    unknown = set(data) - set(_KEYS)
    if unknown:
        raise UsageError(f"{source}: unknown key {sorted(map(str, unknown))[0]!r}; known are {', '.join(_KEYS)}")
    shape = _shape(data, source)
    name = data.get("name", source)
    if not isinstance(name, str) or not name or not name.isprintable():
        raise UsageError(f'{source}: "name" must be a non-empty string of printable characters')
    activation = activation_named(data.get("activation", "relu"))
    start = _start(data["start"], shape, source, activation) if data.get("start") is not None else None
    leading = _leading(data["leading"], shape, source) if data.get("leading") is not None else None
    if start is None and leading is None:
        raise UsageError(f'{source}: needs "start" (values at one d) or "leading" (leading terms in s)')
    definition = Definition(name, shape, start=start, leading=leading, status="user family", activation=activation)
    if leading is not None:
        definition.require_relu(f'{source}: "leading"')
    if start is not None:
        definition.require_d(start.d)
    return definition


def definition_from_file(path: Path) -> Definition:
    """Read a family from a JSON file; UsageError when it cannot be read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"{_on_one_line(path)}: cannot be read ({error.strerror}); give the path of a JSON family file"
        ) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{_on_one_line(path)}: not JSON ({error}); see the README for the format of a family file"
        ) from None
    return definition_from_dict(data, _on_one_line(path.name))


def _on_one_line(text: str | Path) -> str:
    return str(text) if str(text).isprintable() else repr(str(text))


def _shape(data: dict[str, Any], source: str) -> Shape:
    blocks = data.get("blocks")
    if (
        not isinstance(blocks, list)
        or not blocks
        or not all(isinstance(b, str | int) and not isinstance(b, bool) for b in blocks)
    ):
        raise UsageError(f'{source}: "blocks" must be a list of sizes like ["d-3", "3"]')
    try:
        sizes = [Size.parse(b) for b in blocks]
    except ValueError as error:
        raise UsageError(f"{source}: {error}") from None
    for size in sizes:
        whole = size.constant_part.denominator == 1
        if size.per_p or size.per_d < 0 or (size.is_constant and (not whole or size.constant_part < 1)):
            raise UsageError(f"{source}: block size {str(size)!r} must be a positive integer or grow with d")
    teacher = data.get("teacher", [True] * len(sizes))
    if not isinstance(teacher, list) or len(teacher) != len(sizes) or not all(isinstance(t, bool) for t in teacher):
        raise UsageError(f'{source}: "teacher" must be a list of {len(sizes)} booleans, one for each block')
    total = sum((s for s, t in zip(sizes, teacher, strict=True) if t), Size.constant(0))
    if total != Size.parse("d"):
        raise UsageError(f"{source}: the blocks with a teacher add up to {total}, but must add up to d")
    return Shape.build(sizes, _rows(data, len(sizes), source), teacher)


def _rows(data: dict[str, Any], blocks: int, source: str) -> list[int | None]:
    rows = data.get("rows")
    if not isinstance(rows, list) or not rows:
        raise UsageError(f'{source}: "rows" must be a list of {{"attached": block}} or {{"free": true}}')
    attached: list[int | None] = []
    for row in rows:
        if row == {"free": True}:
            attached.append(None)
            continue
        block = row.get("attached") if isinstance(row, dict) and set(row) == {"attached"} else None
        if not isinstance(block, int) or isinstance(block, bool) or not 1 <= block <= blocks:
            raise UsageError(
                f'{source}: row {row!r} must be {{"attached": block from 1 to {blocks}}} or {{"free": true}}'
            )
        attached.append(block - 1)
    return attached


def _start(data: Any, shape: Shape, source: str, activation: Activation) -> Start:
    if not isinstance(data, dict) or set(data) != {"d", "values"} or not isinstance(data["values"], dict):
        raise UsageError(f'{source}: "start" must be {{"d": ..., "values": {{...}}}}')
    _require_names(data["values"], shape, source)
    values = {name: exact_real(data["values"][name], f"{source}: {name} =") for name in shape.names}
    return Start(exact_real(data["d"], f"{source}: d ="), values, activation)


def _leading(data: Any, shape: Shape, source: str) -> dict[str, str]:
    if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
        raise UsageError(f'{source}: "leading" must map entries to expressions in s and pi')
    _require_names(data, shape, source)
    return dict(data)


def _require_names(values: dict[str, Any], shape: Shape, source: str) -> None:
    if set(values) != set(shape.names):
        raise UsageError(f"{source}: values must be given for exactly {', '.join(shape.names)}")
