"""Where the templates of the HTML and Markdown reports are.

An installed s3audit has them beside this file, a source checkout in its top-level `reports/`.
"""

from os import path


def templates() -> str:
    """The folder of the Jinja2 templates."""
    here = path.dirname(path.abspath(__file__))
    installed = path.join(here, "templates")
    if path.isdir(installed):
        return installed
    return path.join(path.dirname(path.dirname(here)), "reports", "templates")
