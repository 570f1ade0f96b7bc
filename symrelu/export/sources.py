"""The sources of a document: what its sections cite."""

from __future__ import annotations

import re

_SOURCES = {
    "ArjevaniField2020a": r"Y.~Arjevani and M.~Field, \emph{Symmetry \& critical points for a model shallow neural network}, "
    "arXiv:2003.10576 (2020).",
    "ArjevaniField2020b": r"Y.~Arjevani and M.~Field, \emph{Analytic characterization of the Hessian in shallow ReLU models: "
    r"a tale of symmetry}, arXiv:2008.01805 (2020).",
    "ArjevaniField2021": r"Y.~Arjevani and M.~Field, \emph{Analytic study of families of spurious minima in two-layer ReLU "
    r"neural networks: a tale of symmetry~II}, arXiv:2107.10370 (2021).",
    "ChoSaul2009": r"Y.~Cho and L.~K.~Saul, \emph{Kernel methods for deep learning}, Advances in Neural Information Processing "
    "Systems 22 (2009).",
    "Johansson2017": r"F.~Johansson, \emph{Arb: efficient arbitrary-precision midpoint-radius interval arithmetic}, IEEE "
    "Transactions on Computers 66 (2017), 1281--1292.",
    "Krawczyk1969": r"R.~Krawczyk, \emph{Newton-Algorithmen zur Bestimmung von Nullstellen mit Fehlerschranken}, Computing 4 "
    "(1969), 187--201.",
}


def bibliography(text: str) -> str:
    """The sources that a text cites, in alphabetical order of their keys."""
    cited = {key for keys in re.findall(r"\\cite\{([^}]*)\}", text) for key in keys.split(",")}
    items = [f"\\bibitem{{{key}}} {_SOURCES[key]}" for key in sorted(cited)]
    return "\n".join([r"\begin{thebibliography}{9}", *items, r"\end{thebibliography}"])
