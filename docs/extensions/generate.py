"""Everything that the pages show and that is written nowhere else, made before Sphinx reads the sources."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import claims
import commands
import rooms

_MATHJAX = "tex-svg-full.js"


def everything(sources: Path, out: Path) -> None:
    """Write docs/_generated anew."""
    mathjax(out / "static/mathjax")
    notebooks(sources.parent / "notebooks", out / "notebooks")
    write(out / "claims.md", claims.page(claims.results(out / "claims.json")))
    write(out / "commands.md", commands.page())
    described = "".join(path.read_text(encoding="utf-8") for path in (sources / "api").glob("*.md"))
    for name, text in rooms.pages(described):
        write(out / "rooms" / f"{name}.md", text)


def mathjax(folder: Path) -> None:
    """MathJax from the package django-static-mathjax, which is MathJax's own files and needs no Django."""
    package = find_spec("mathjax")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the pages need MathJax; install it with: pip install django-static-mathjax")
    source = Path(package.origin).parent / "static/mathjax"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source / "es5" / _MATHJAX, folder)
    shutil.copy2(source / "LICENSE", folder)


def notebooks(source: Path, folder: Path) -> None:
    """Copies of the executed notebooks, whose links to each other's texts lead to these copies."""
    names = [path.name for path in source.glob("*.ipynb")]
    for path in folder.glob("*.ipynb"):
        if path.name not in names:
            path.unlink()
    for name in names:
        text = (source / name).read_text(encoding="utf-8")
        for other in names:
            text = text.replace(f"]({Path(other).stem}.md", f"]({other}")
        write(folder / name, text)


def write(path: Path, text: str) -> None:
    """Leave a file that is right untouched, so that Sphinx need not read it again."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
