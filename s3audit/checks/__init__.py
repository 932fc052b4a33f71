"""The checks, one a file: `<topic>/<name>.py` in the last folder of `__path__`.

An installed s3audit has them beside this file. In a source checkout they are in the top-level `checks/`,
which is made a part of this package; so a check is `s3audit.checks.<topic>.<name>` in both.
"""

from os import path


def _source_checkout() -> str | None:
    """The top-level `checks/`, where this package lies in its own source tree and nowhere else."""
    root = path.dirname(path.dirname(path.dirname(path.abspath(__file__))))
    folder = path.join(root, "checks")
    try:
        with open(path.join(root, "pyproject.toml"), encoding="utf-8") as project:
            ours = '\nname = "s3audit"\n' in project.read()
    except (OSError, UnicodeDecodeError):
        return None
    return folder if ours and path.isdir(folder) else None


if _folder := _source_checkout():
    __path__.append(_folder)
