"""The space of weight matrices as a representation, and the blocks of the Hessian in closed form."""

from __future__ import annotations

from typing import Any

from symrelu.analysis.symbolic import SymbolicBlock, SymbolicSpectrum
from symrelu.export.family_section import latex_size
from symrelu.export.pieces import EXACT, Evidence, Piece
from symrelu.render.breaking import breakable_expression, formula, formulas, run_in, visible_width
from symrelu.render.latex import latex_dimension, latex_expression, latex_group, latex_type, latex_words
from symrelu.render.paper_tables import paper_table
from symrelu.toolkit import Family

_SHORT = 46  # characters of a definition that stands in a line with others

DECOMPOSITION, BLOCKS = "Isotypic decomposition", "Blocks of the Hessian"

_BASIS = r"""For $\xi \in \mathbb{R}^{n_a}$ of sum zero, $\eta$ likewise in block $b$, and a matrix $Z$ with zero
diagonal and zero row sums, the basis is, orbit of rows by orbit of rows: for $\mathfrak{t}$, the parameters in the order of the
matrix; for $\mathfrak{s}_a$ on an orbit attached to block $a$, $\xi_i$ on the diagonal, $\xi_i - \xi_l$ off the diagonal,
$\xi_i + \xi_l$ off the diagonal (absent where $n_a = 2$), and $\xi_i$ in each other block; on other orbits, $\xi$ in each row;
for $\mathfrak{x}_a$ and $\mathfrak{y}_a$, $Z$ antisymmetric and symmetric; for $\mathfrak{s}_a \otimes \mathfrak{s}_b$,
$\xi_i \eta$ or $\eta_i \xi$."""

_NAMES = r"""The labels $1, 2, \dots$ stand for orbits of rows, $v1, v2, \dots$ for the targets of the blocks; $A$ is the
squared norm of a row, $c$ the inner product of two. A prime marks two rows of different indices, where there is also a pair of
the same index. Symbols are defined by others, further down, and by the parameters."""


def decomposition_piece(subject: Family) -> Piece:
    """Types, copies, dimensions, names."""
    spectrum: Any = subject.spectrum()
    shape = subject.definition.shape
    sizes = [latex_size(size) for size in shape.blocks]
    rows = [
        [
            f"${latex_type(block.type.name)}$",
            str(block.copies),
            f"${latex_dimension(block.dimension)}$",
            latex_words(block.type.describe(sizes)),
        ]
        for block in spectrum.blocks
    ]
    body = (
        f"Under $\\Gamma = {latex_group(shape.isotropy)}$ the $k \\times {latex_size(shape.inputs)}$ matrices decompose "
        "into the types below. The Hessian is a matrix of the size ``copies'' for each type, and each of its eigenvalues "
        f"has the multiplicity ``dimension''.\n{paper_table(['type', 'copies', 'dimension', 'name'], rows, 'lcll')}"
    )
    intro = r"The Hessian commutes with the isotropy group, so Schur's lemma brings it to block form \cite{ArjevaniField2020b}."
    evidence = (Evidence("Types, copies, dimensions", EXACT, "all $d$; counted where the dimension is positive"),)
    return Piece("decomposition", DECOMPOSITION, body, evidence, intro)


def blocks_piece(subject: Family) -> Piece:
    """Every block as a pencil B v = lambda G v, with the definitions of its symbols."""
    spectrum: Any = subject.spectrum()
    exact_point = subject.definition.exact_point is not None
    parts = [
        r"For each type the eigenvalues $\lambda$ of the Hessian of $\mathcal{L}$ are those of the pencil $B v = \lambda G v$, "
        "$B$ symmetric and $G$ the Gram matrix of the basis. " + _BASIS,
        *(_block(block) for block in spectrum.blocks),
    ]
    parts += _definitions(spectrum)
    at = "at $W = V$" if exact_point else "at every matrix of this shape, critical or not"
    return Piece("blocks", BLOCKS, "\n\n".join(parts), (Evidence("Blocks of the Hessian", EXACT, f"all $d$, {at}"),))


def _block(block: SymbolicBlock) -> str:
    """The heading of a type, its Gram matrix, and the upper triangle of B."""
    name = latex_type(block.type.name)
    heading = rf"\medskip\noindent\textbf{{Type ${name}$}}, multiplicity ${latex_dimension(block.dimension)}$"
    if block.copies == 1 and block.gram[0, 0] == 1:
        return "\n".join([f"{heading}.", formulas([formula(r"\lambda", breakable_expression(block.matrix[0, 0]))])])
    diagonal = r",\allowbreak\ ".join(latex_expression(entry) for entry in block.gram.diagonal())
    comma = "," if block.copies > 9 else ""
    entries = [
        formula(f"B_{{{i + 1}{comma}{j + 1}}}", breakable_expression(block.matrix[i, j]))
        for i in range(block.copies)
        for j in range(i, block.copies)
    ]
    return "\n".join([rf"{heading}, $G = \operatorname{{diag}}({diagonal})$.", formulas(entries)])


def _definitions(spectrum: SymbolicSpectrum) -> list[str]:
    where = {symbol: meaning for block in spectrum.blocks for symbol, meaning in block.where.items()}
    if not where:
        return []
    written = [(latex_expression(symbol), latex_expression(meaning), meaning) for symbol, meaning in where.items()]
    long = [
        formula(left, breakable_expression(meaning)) for left, text, meaning in written if visible_width(text) > _SHORT
    ]
    short = [f"{left} = {text}" for left, text, _ in written if visible_width(text) <= _SHORT]
    return [r"\medskip\noindent\textbf{Symbols.} " + _NAMES, formulas(long), run_in(short)]
