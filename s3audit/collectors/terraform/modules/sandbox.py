"""The files that functions may read: those of the scanned tree, and no other."""

import os
from typing import TYPE_CHECKING

from s3audit.collectors.documents.files import File, Options
from s3audit.collectors.documents.hcl.syntax import Expression
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import NO_LINES, Node
from s3audit.collectors.terraform.language.effort import TOO_MUCH
from s3audit.collectors.terraform.language.scope import Scope
from s3audit.collectors.terraform.language.values import Value, failed, placed, undecided

if TYPE_CHECKING:
    from s3audit.collectors.terraform.language.evaluate import Evaluator
    from s3audit.collectors.terraform.modules.instances import ModuleInstance

NOWHERE = Node(0, 0, NO_LINES)
"""Whoever asks says where."""

_MOST_NAMES = 10_000
_MOST_LEVELS = 30
_LETTERS = 8
"""Of a template that are read as fast as one word is evaluated."""


class Sandbox:
    """What functions see of the world, from the folder of the root module."""

    def __init__(self, folder: str, options: Options, evaluator: "Evaluator") -> None:
        self.folder = folder
        self.options = options
        self.evaluator = evaluator
        self.root: ModuleInstance | None = None
        self._files: dict[str, File | None] = {}
        self._templates: dict[object, tuple[Expression, str]] = {}

    def _path(self, path: str) -> str:
        return os.path.normpath(os.path.join(self.folder, path))

    def read(self, path: str, at: Node) -> bytes | Undecided:
        """The bytes of a file."""
        target = self._path(path)
        file = self._file(target)
        if file is None:
            folder, name = os.path.split(target)
            names = self.options.names(folder or os.curdir)
            if names and name not in names:
                return failed(at, f"there is no file {path}")
            return undecided(at, f"the file {path} is in no scanned folder")
        if len(file.data) > self.options.max_size:
            return undecided(at, f"the file {path} is larger than {self.options.max_size:,} bytes")
        if not self.evaluator.effort.letters(len(file.data)):
            return undecided(at, TOO_MUCH)
        return file.data

    def _file(self, target: str) -> File | None:
        if target not in self._files:
            self._files[target] = self.options.fetch(target)
        return self._files[target]

    def shown(self, path: str) -> str:
        """How reports name a file."""
        file = self._file(self._path(path))
        return path if file is None else file.source

    def exists(self, path: str) -> bool | Undecided:
        target = self._path(path)
        if self._file(target) is not None:
            return True
        folder, name = os.path.split(target)
        names = self.options.names(folder or os.curdir)
        if not names or name in names:
            return undecided(NOWHERE, f"the file {path} is in no scanned folder")
        if f"{name}/" in names:
            return failed(NOWHERE, f"{path} is a folder")
        return False

    def names(self, folder: str, pattern: str) -> list[str] | Undecided:
        """The files below a folder that a pattern fits, their paths relative to it."""
        from s3audit.collectors.terraform.language.globs import UnclearError, fitting

        found: list[str] = []
        left = [""]
        while left:
            inner = left.pop()
            names = self.options.names(os.path.join(self._path(folder), inner))
            if not names:  # an empty folder looks the same from here
                return undecided(NOWHERE, f"the folder {folder}/{inner} is not scanned, or there is none")
            for name in names:
                (left if name.endswith("/") else found).append(f"{inner}{name}")
            if len(found) > _MOST_NAMES or len(left) > _MOST_NAMES or inner.count("/") > _MOST_LEVELS:
                return undecided(NOWHERE, f"the folder {folder} holds too many files")
        if not self.evaluator.effort.take(len(found)):
            return undecided(NOWHERE, TOO_MUCH)
        try:
            return fitting(found, pattern)
        except UnclearError as trouble:
            return undecided(NOWHERE, f"what the pattern {pattern!r} means is not known: {trouble}")

    def render(self, text: str, source: str, variables: dict[str, Value], at: Node) -> Value:
        """A template of its own, which sees nothing but these variables."""
        template, trouble = self._template(text, source, at)
        if trouble:
            return failed(at, f"{source} can't be read as a template: {trouble}")
        assert self.root is not None  # noqa: S101 - set before anything is evaluated
        return placed(self.evaluator.evaluate(template, Scope(self.root, variables)), at)

    def _template(self, text: str, source: str, at: Node) -> tuple[Expression, str]:
        """A template, read once, and what is wrong with it."""
        key = (text, source, None if source else (at.start, at.end, id(at.lines)))
        if key not in self._templates:
            from s3audit.collectors.documents.hcl.reader import read_template

            self.evaluator.effort.take(len(text) // _LETTERS)
            read, problems = (
                read_template(text, self.shown(source)) if source else read_template(text, source, at)
            )
            self._templates[key] = (read, problems[0].message if problems else "")
        return self._templates[key]
