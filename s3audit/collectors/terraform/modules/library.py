"""The modules of the scanned tree, each read once, and how a call finds the one it names."""

import os
from collections.abc import Iterable, Sequence

from s3audit.collectors.documents.files import File, Options
from s3audit.collectors.terraform.modules.cycles import cycles
from s3audit.collectors.terraform.modules.module import Module, ModuleCall, load
from s3audit.collectors.terraform.tables import TYPES
from s3audit.problem import Problem

SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")


def folder_of(file: File) -> str:
    """The folder of a file, as its path leads there; the current one for standard input."""
    return os.path.dirname(file.path) or os.curdir


class Library:
    def __init__(self, files: Iterable[File], options: Options, beside: Iterable[File] = ()) -> None:
        self.options = options
        self.problems: dict[Problem, None] = {}
        self._real: dict[str, str] = {}
        self._given: dict[str, dict[str, File]] = {}
        self._modules: dict[str, Module | None] = {}
        self._data: dict[str, list[bytes]] = {}
        for file in files:
            self._given.setdefault(self.real(folder_of(file)), {})[
                os.path.basename(file.path) or file.source
            ] = file
        self._shown: dict[str, str] = {}
        for file in beside:  # no part of the modules in their folders, but a reason to read them
            real = self.real(folder_of(file))
            self._given.setdefault(real, {})
            self._shown[real] = os.path.dirname(file.path)

    def real(self, folder: str) -> str:
        """Where a folder is, whatever links lead to it."""
        if folder not in self._real:
            self._real[folder] = os.path.realpath(folder)
        return self._real[folder]

    def folders(self) -> list[str]:
        """The real paths of the folders of which files were given."""
        return sorted(self._given)

    def files(self, folder: str) -> list[File]:
        """The files of a module: all in its folder, also where only some of them were named."""
        real = self.real(folder)
        given = dict(self._given.get(real, {}))
        if given and not all(file.path for file in given.values()):
            return list(given.values())  # what came in by standard input has no neighbours
        shown = os.path.dirname(next(iter(given.values())).path) if given else self._shown.get(real, folder)
        for name in self.options.names(real):
            if name.endswith(SUFFIXES) and name not in given and not name.startswith("."):
                file = self.options.fetch(os.path.join(shown, name))
                if file is not None:
                    given[name] = file
        return [given[name] for name in sorted(given)]

    def module(self, folder: str) -> Module | None:
        """The module in a folder; None when there are no files of one, or they are out of reach."""
        real = self.real(folder)
        if real not in self._modules:
            files = self.files(folder)
            self._data[real] = [file.data for file in files]
            if files:
                shown = os.path.dirname(files[0].path) or os.curdir
                module, problems = load(shown, files, self.options.max_size, _can_wait)
                self._modules[real] = module
                self.problems.update(dict.fromkeys((*problems, *cycles(module))))
            else:
                self._modules[real] = None
        return self._modules[real]

    def data(self, folder: str) -> Sequence[bytes]:
        """What the files of a module hold."""
        self.module(folder)
        return self._data[self.real(folder)]


def _can_wait(kind: str, labels: tuple[str, ...]) -> bool:
    """Whether a block is most likely never asked for: one that no table knows, or that only a reference leads to."""
    if kind == "resource":
        return not labels or labels[0] not in TYPES
    return kind in ("data", "output", "provider", "terraform")


def local_folder(caller: str, call: ModuleCall) -> str | None:
    """The folder that a call names by a local path."""
    return local_path(caller, call.source)


def local_path(caller: str, source: str | None) -> str | None:
    """The folder that a source is, if it is a local path."""
    if source is None or not source.startswith(("./", "../", ".\\", "..\\", "/")):
        return None
    return os.path.normpath(os.path.join(caller, source))
