"""Puts the top-level folders of checks and reports into the wheel, under the package.

An editable install finds them in the source tree (see `s3audit/checks/__init__.py`): included there too, they
would be copied once and be stale from the next edit on.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SourceFolders(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        for folder in ("checks", "reports"):
            build_data["force_include"][str(Path(self.root, folder))] = f"s3audit/{folder}"
