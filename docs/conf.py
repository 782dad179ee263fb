"""The site of the guide: `python -m sphinx -W -b html docs build/site`."""

import re
from importlib.metadata import version as installed

from sphinx.application import Sphinx

project = "dedup"
release = version = installed("dedup-text")
extensions = ["myst_parser"]
smartquotes = False  # they would make a dash of --
myst_heading_anchors = 4  # as on the forge, links can name every heading
highlight_language = "none"
html_theme = "furo"
html_static_path, html_css_files = ["_static"], ["guide.css"]
html_title = f"dedup {version}"
html_copy_source = html_show_copyright = html_show_sphinx = False

_ENTRY = re.compile(r"^\* \[[^]]*\]\(([a-z-]+)\.md\)", re.MULTILINE)
_LINK_OUTSIDE = re.compile(r"(?<!!)(\[[^]]*\])\((\.\./[^)#]+)(?:#[^)]*)?\)")


def _adapt(_app: Sphinx, page: str, source: list[str]) -> None:
    """Make the lists of index.md the contents of the sidebar; offer files that are not in docs/ for download."""
    text = _LINK_OUTSIDE.sub(r"\1(path:\2)", source[0])
    if page == "index":
        for section in text.split("\n## ")[1:]:
            caption, pages = section.partition("\n")[0], "\n".join(_ENTRY.findall(section))
            text += f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{pages}\n```\n"
    source[0] = text


def setup(app: Sphinx) -> None:
    """Register what is done to each page before it is parsed."""
    app.connect("source-read", _adapt)
