"""The templates of the HTML and Markdown reports: beside this file, or in the top-level `reports/` of a source tree."""

from os import path


def templates() -> str:
    """The folder of the Jinja2 templates."""
    here = path.dirname(path.abspath(__file__))
    installed = path.join(here, "templates")
    if path.isdir(installed):
        return installed
    return path.join(path.dirname(path.dirname(here)), "reports", "templates")
