"""How Sphinx makes a site of these pages: `make docs` writes it to build/docs."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

project = "oneveto"
author = "the oneveto authors"
version = release = metadata.version("oneveto")

extensions = ["formulas", "myst_parser", "sphinx.ext.autodoc"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
default_role = "code"  # what docstrings put between backticks
html_math_renderer = "mathml"
exclude_patterns = ["screenshots"]

autodoc_typehints = "description"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
python_display_short_literal_types = True

html_theme = "furo"
html_title = "oneveto"
html_static_path = ["static"]
html_css_files = ["pages.css"]
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False

lexers["csv"] = TextLexer()  # Pygments has no colours for it
