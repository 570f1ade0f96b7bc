"""The family: the problem, the isotropy group, the weights as a block matrix, and how the branch is selected."""

from __future__ import annotations

from symrelu.analysis.evaluation import real_text
from symrelu.arithmetic.reals import decimal
from symrelu.export.pieces import EXACT, NUMERIC, Evidence, Piece
from symrelu.family.definition import Definition, Start
from symrelu.family.shape import Shape
from symrelu.family.sizes import Size
from symrelu.model.activations import Leaky
from symrelu.model.kernel import Activation, Relu
from symrelu.render.latex import latex_entry, latex_group, latex_plain
from symrelu.render.paper_tables import paper_table
from symrelu.toolkit import Family

_IN_FULL = 3  # blocks of a matrix whose diagonal blocks are written out
_AS_MATRIX = 7  # blocks that still make a matrix; more make a table
_START_DIGITS = 8

_LOSS = r"""\[
  \mathcal{L}(W) = \frac12\, \mathbb{E}_{x \sim \mathcal{N}(0, I)} \Bigl(\,
  \sum_{i=1}^{k} \sigma(w_i \cdot x) - \sum_{j=1}^{d} \sigma(v_j \cdot x) \Bigr)^{2},
\]"""


def family_piece(subject: Family) -> Piece:
    """What the family is; every family has this piece."""
    definition = subject.definition
    shape = definition.shape
    body = "\n".join(
        [
            f"A student network of $k = {latex_size(shape.neurons)}$ neurons with ${latex_size(shape.inputs)}$ inputs, the "
            "rows $w_i$ of the weight matrix $W$, learns a teacher with $d$ neurons. The loss is",
            _LOSS,
            f"where $\\sigma$ is {_activation(definition.activation)} and {_teacher(shape)}.",
            f"The family has the isotropy group $\\Gamma = {latex_group(shape.isotropy)}$, which permutes columns within "
            "blocks, and rows in the same way. A matrix that it fixes reads",
            _matrix(shape) if len(shape.blocks) <= _AS_MATRIX else _matrix_as_table(shape),
            f"{_legend(shape)} These are ${len(shape.names)}$ parameters; $d$ is a real number in all that follows.",
            _branch(definition),
        ]
    )
    evidence = (
        Evidence("Which critical point of this shape is meant", *_selection(definition)),
        Evidence("Reduction to the parameters, isotypic decomposition", EXACT, "all real $d$ of the shape's range"),
    )
    return Piece("family", "The family", body, evidence, intro=_intro(definition.activation))


def latex_size(size: Size) -> str:
    """A block size or a number of neurons."""
    return str(size).replace("*", " ")


def _intro(activation: Activation) -> str:
    kernel = r" \cite{ChoSaul2009}" if isinstance(activation, Relu) else ""
    return (
        "The setting and the families of small symmetry groups are those of Arjevani and Field "
        rf"\cite{{ArjevaniField2020a,ArjevaniField2021}}. The expectation has a closed form in the inner products{kernel}."
    )


def _activation(activation: Activation) -> str:
    match activation:
        case Relu():
            return r"the ReLU, $\sigma(t) = \max(t, 0)$,"
        case Leaky(slope):
            return rf"the leaky ReLU, $\sigma(t) = t$ for $t \ge 0$ and $\sigma(t) = ({slope})\, t$ for $t < 0$,"
        case _:
            return latex_plain(activation.name)


def _teacher(shape: Shape) -> str:
    if all(shape.teacher):
        return "the targets $v_j = e_j$ are the unit vectors"
    carrying = [str(b + 1) for b, carries in enumerate(shape.teacher) if carries]
    return f"the targets $v_j$ are the unit vectors of the columns of block {', '.join(carrying)}"


def _matrix(shape: Shape) -> str:
    """W with the sizes of the blocks at its margins."""
    head = " & ".join(["", *(latex_size(size) for size in shape.blocks)])
    rows = [
        " & ".join([_row_size(shape, R), *(_block(shape, R, b) for b in range(len(shape.blocks)))])
        for R in range(len(shape.rows))
    ]
    return "\\[\n  W = \\bordermatrix{\n    " + " \\cr\n    ".join([head, *rows]) + " \\cr }.\n\\]"


def _matrix_as_table(shape: Shape) -> str:
    rows = [
        [f"${_row_size(shape, R)}$", f"${latex_size(size)}$", f"${_block(shape, R, b)}$"]
        for R in range(len(shape.rows))
        for b, size in enumerate(shape.blocks)
    ]
    return paper_table(["rows", "columns", "block of $W$"], rows, "lll")


def _row_size(shape: Shape, row: int) -> str:
    attached = shape.rows[row].attached
    return "1" if attached is None else latex_size(shape.blocks[attached])


def _block(shape: Shape, row: int, block: int) -> str:
    label = row + 1
    if shape.rows[row].attached == block:
        return _diagonal_block(label) if len(shape.blocks) <= _IN_FULL else f"D_{{{label}}}"
    single = _row_size(shape, row) == "1" and shape.blocks[block].is_one
    return latex_entry(f"w{label}{block + 1}") + ("" if single else r"\, J")


def _diagonal_block(label: int | str) -> str:
    return rf"\mathrm{{diag}}_{{{label}}}\, I + \mathrm{{off}}_{{{label}}}\, (J - I)"


def _legend(shape: Shape) -> str:
    sizes = "The sizes of the blocks stand at the margins, $I$ is the identity, and all entries of $J$ are $1$."
    if len(shape.blocks) <= _IN_FULL:
        return sizes
    return f"{sizes} Here $D_R = {_diagonal_block('R')}$."


def _branch(definition: Definition) -> str:
    status = f"Status in the catalogue: {latex_plain(definition.status)}. " if definition.status else ""
    if definition.exact_point is not None:
        return f"{status}The point is known exactly for every $d$: ${_values(definition.exact_point)}$."
    if definition.start is not None:
        return status + _start(definition.start)
    if definition.leading is not None:
        return f"{status}The branch is selected by leading terms of its series, given with the family."
    return f"{status}The branch is selected by the leading terms of its series."


def _start(start: Start) -> str:
    values = r",\allowbreak\ ".join(
        f"{latex_entry(name)} = {decimal(value, _START_DIGITS)}" for name, value in start.values.items()
    )
    return (
        f"Of the critical points of this shape the one is meant to which Newton's method leads from ${values}$ "
        f"at $d = {real_text(start.d)}$, and its continuation in $d$."
    )


def _values(point: dict[str, int]) -> str:
    return ", ".join(f"{latex_entry(name)} = {value}" for name, value in point.items())


def _selection(definition: Definition) -> tuple[str, str]:
    if definition.exact_point is not None:
        return EXACT, "all $d$"
    return NUMERIC, "only selects the branch; what is said of it is proved as stated below"
