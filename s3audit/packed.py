"""The checks as a scan needs them: compiled, without their examples, and all in one file.

To import two hundred small modules costs more than to judge a template with them, and half of what they hold is
examples, which nobody looks at then. The file lies beside the compiled modules that Python keeps, and is made anew for
what has changed. Where it can't be kept, the modules are imported one by one.
"""

import marshal
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any, NamedTuple

from s3audit import __version__

_FORMAT = 1
_PACKAGE = "s3audit.checks"
_EXAMPLES = frozenset({"passes", "fails", "unsure"})


class File(NamedTuple):
    """A module below `checks/`; a helper of its topic, if its name begins with an underscore."""

    topic: str
    name: str
    path: str
    changed: int
    size: int

    @property
    def module(self) -> str:
        return f"{_PACKAGE}.{self.topic}.{self.name}"


_Kept = dict[str, tuple[int, int, bytes]]
"""By module: when it changed, how large it was, and what it was compiled to."""


def modules(files: Sequence[File], folder: str) -> list[dict[str, Any]] | None:
    """What each module of a check holds; None where nothing can be kept.

    Helpers are found by the imports of those that need them, and are the same as for everybody else.
    """
    place = os.path.join(folder, "__pycache__", f"checks.{sys.implementation.cache_tag}.pack")
    kept = _read(place)
    fresh = {one.module: kept[one.module] for one in files if _is_fresh(one, kept)}
    if len(fresh) < len(files):
        if sys.dont_write_bytecode:
            return None
        fresh |= {
            one.module: (one.changed, one.size, _compiled(one)) for one in files if one.module not in fresh
        }
        if not _write(place, fresh):
            return None
    sys.meta_path[:] = [
        _Helpers({one.module: one for one in files if one.name.startswith("_")}, fresh),
        *(finder for finder in sys.meta_path if not isinstance(finder, _Helpers)),
    ]
    for topic, path in {one.topic: os.path.dirname(one.path) for one in files}.items():
        package = ModuleType(f"{_PACKAGE}.{topic}")
        package.__path__ = [path]
        sys.modules.setdefault(package.__name__, package)
    return [_run(one, fresh[one.module][2]) for one in files if not one.name.startswith("_")]


def _run(one: File, compiled: bytes) -> dict[str, Any]:
    held = {"__name__": one.module, "__package__": f"{_PACKAGE}.{one.topic}", "__file__": one.path}
    exec(marshal.loads(compiled), held)  # noqa: S102, S302 (what the file of the check was compiled to)
    return held


class _Helpers:
    """Finds the helpers of topics among what is kept."""

    def __init__(self, files: Mapping[str, File], kept: _Kept) -> None:
        self._files = files
        self._kept = kept

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        one = self._files.get(name)
        return None if one is None else ModuleSpec(name, self, origin=one.path)  # type: ignore[arg-type]

    def create_module(self, _: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = self._files[module.__name__].path
        exec(marshal.loads(self._kept[module.__name__][2]), module.__dict__)  # noqa: S102, S302


def _is_fresh(one: File, kept: _Kept) -> bool:
    return one.module in kept and kept[one.module][:2] == (one.changed, one.size)


def _read(place: str) -> _Kept:
    with suppress(OSError, ValueError, EOFError, TypeError), open(place, "rb") as handle:
        made, kept = marshal.load(handle)  # noqa: S302 (as Python does with what it keeps there)
        if made == (_FORMAT, __version__) and isinstance(kept, dict):
            return kept
    return {}


def _write(place: str, kept: _Kept) -> bool:
    beside = f"{place}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(beside, "wb") as handle:
            marshal.dump(((_FORMAT, __version__), kept), handle)
        os.replace(beside, place)
    except OSError:
        with suppress(OSError):
            os.unlink(beside)
        return False
    return True


def _compiled(one: File) -> bytes:
    with open(one.path, "rb") as handle:
        source = handle.read()
    return marshal.dumps(_lean(source, one.path))


def _lean(source: bytes, path: str) -> CodeType:
    """A module whose check has no examples."""
    import ast

    tree = ast.parse(source, path)
    for function in tree.body:
        for call in function.decorator_list if isinstance(function, ast.FunctionDef) else ():
            match call:
                case ast.Call(func=ast.Name("check"), keywords=keywords):
                    said = ast.keyword("lean", ast.Constant(True))
                    call.keywords = [*(one for one in keywords if one.arg not in _EXAMPLES), said]
                case _:
                    continue
    return compile(ast.fix_missing_locations(tree), path, "exec")
