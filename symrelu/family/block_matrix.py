"""The weight matrix of a shape as a block matrix in LaTeX: row orbits and column blocks with their sizes."""

from __future__ import annotations

from symrelu.family.shape import Shape
from symrelu.render.latex import latex_entry


def latex_block_matrix(shape: Shape) -> str:
    """An array bordered by the sizes of column blocks and row orbits (amsmath; I is the identity, J all ones).

    >>> from symrelu.family.catalogue import definition
    >>> print(latex_block_matrix(definition("A").shape))
    \\begin{array}{r|c}
      & \\scriptstyle d \\\\ \\hline
      \\scriptstyle d & \\mathrm{diag}_{1} I + \\mathrm{off}_{1} (J - I)
    \\end{array}
    """
    head = " & ".join(rf"\scriptstyle {size}" for size in shape.blocks)
    rows = [
        " & ".join([rf"\scriptstyle {_height(shape, row)}", *(_cell(shape, row, b) for b in range(len(shape.blocks)))])
        for row in range(len(shape.rows))
    ]
    begin = rf"\begin{{array}}{{r|{'c' * len(shape.blocks)}}}"
    return "\n".join([begin, rf"  & {head} \\ \hline", "  " + " \\\\\n  ".join(rows), r"\end{array}"])


def block_matrix_note(shape: Shape) -> str:
    """What the letters of the matrix mean, and which columns have no teacher."""
    teacherless = [str(block + 1) for block, carries in enumerate(shape.teacher) if not carries]
    note = "$I$: identity, $J$: all ones, $\\mathbf{1}$: a column of ones"
    return f"{note}; no teacher in column block {', '.join(teacherless)}" if teacherless else note


def _height(shape: Shape, row: int) -> str:
    attached = shape.rows[row].attached
    return "1" if attached is None else str(shape.blocks[attached])


def _cell(shape: Shape, row: int, block: int) -> str:
    if shape.rows[row].attached == block:
        return f"{latex_entry(f'diag{row + 1}')} I + {latex_entry(f'off{row + 1}')} (J - I)"
    name = latex_entry(f"w{row + 1}{block + 1}")
    ones = {
        (True, True): "",
        (True, False): r"\mathbf{1}^{\mathsf T}",
        (False, True): r"\mathbf{1}",
        (False, False): "J",
    }
    free, single = shape.rows[row].attached is None, shape.blocks[block].is_one
    return f"{name} {ones[free, single]}".strip()
