"""How the pages are built: sphinx-build -W --keep-going -b html docs docs/_build/html

What is generated goes to docs/_generated, before Sphinx reads the sources: MathJax, notebooks, claims, commands, rooms.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypeVar

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "extensions"))

import generate  # noqa: E402
from docstrings import to_restructured_text  # noqa: E402
from punctuation import keep_with_formulas  # noqa: E402

import symrelu  # noqa: E402

project = "symrelu"
author = "The symrelu authors"
project_copyright = author
version = release = symrelu.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.mathjax"]
exclude_patterns = ["_build", "_generated/claims.md", "_generated/commands.md", "**/.ipynb_checkpoints"]
nitpicky = True
# Annotations name types of other packages, and aliases; links into symrelu itself are all checked.
nitpick_ignore_regex = [(r"py:.*", r"(?!symrelu\.).*")]

myst_enable_extensions = ["dollarmath", "amsmath", "deflist", "colon_fence"]
myst_heading_anchors = 3
# Results show themselves as HTML with mathematics between dollar signs, in these classes.
myst_mathjax_classes = "mathjax_process|math|symrelu|text_html"
nb_execution_mode = "auto"
nb_execution_excludepatterns = ["_generated/notebooks/*.ipynb"]  # executed already
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
nb_render_markdown_format = "myst"  # outputs in Markdown have tables and formulas

autodoc_default_options = {"members": True, "member-order": "bysource", "undoc-members": True}
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
add_module_names = False

html_theme = "furo"
html_title = f"symrelu {version}"
html_static_path = ["_static", "_generated/static"]
html_css_files = ["pages.css"]
html_favicon = "_static/icon.svg"
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}

# One file, so that formulas render without a network; the copy is made by generate.mathjax.
mathjax_path = "mathjax/tex-svg-full.js"
mathjax3_config = {
    # An error in a formula is to be seen, by readers and by .ci/check_pages.py, and not replaced by red text.
    "tex": {"inlineMath": [["$", "$"], ["\\(", "\\)"]], "packages": {"[-]": ["noundefined", "noerrors"]}},
    "svg": {"fontCache": "global", "mtextInheritFont": True},
}


def type_variable(_app, _env, node, content):
    """Type variables are described nowhere: what annotations say of them stays text."""
    module, _, name = node.get("reftarget", "").rpartition(".")
    return content if isinstance(getattr(sys.modules.get(module), name, None), TypeVar) else None


def setup(app):
    app.set_html_assets_policy("always")  # formulas occur where Sphinx sees none: in outputs of cells, in the sidebar
    generate.everything(HERE, HERE / "_generated")
    app.connect("autodoc-process-docstring", to_restructured_text)
    app.connect("doctree-resolved", keep_with_formulas)
    app.connect("missing-reference", type_variable)
