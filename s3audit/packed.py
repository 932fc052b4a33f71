"""The checks as a scan needs them: what is said about each, and its code, which is run once something is judged.

To import two hundred small modules costs more than to judge a template with them, and most of what they hold is
examples, which nobody looks at then. The file lies beside the compiled modules that Python keeps, and is made anew for
what has changed. Where it can't be kept, the modules are imported one by one.
"""

import marshal
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any, NamedTuple

from s3audit import __version__
from s3audit import check as definition
from s3audit.check import Check, Fix
from s3audit.verdict import Severity, Verdict

_FORMAT = 7
_PACKAGE = "s3audit.checks"
_EXAMPLES = frozenset({"passes", "fails", "unsure"})
_SAID = tuple(
    name for name in Check.__struct_fields__ if name not in {*_EXAMPLES, "severity", "fix", "judge"}
)
"""What is said about a check and is kept as it is."""


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

    @property
    def is_helper(self) -> bool:
        return self.name.startswith("_")


_Stamp = tuple[tuple[str, int, int], ...]
"""When each file was changed, and how large it was, of all that a check is made of."""
_Kept = dict[str, tuple[_Stamp, bytes, tuple[Any, ...]]]
"""By module: what it was made of, what it was compiled to, and what is said about its check."""


class Later:
    """The function of a check, of which the module is run when it is first asked."""

    def __init__(self, file: File, compiled: bytes) -> None:
        self._file = file
        self._compiled = compiled
        self._function: Callable[..., Verdict] | None = None

    def __call__(self, *subject_and_estate: Any) -> Verdict:
        return self.function(*subject_and_estate)

    @property
    def function(self) -> Callable[..., Verdict]:
        if self._function is None:
            self._function = _run(self._file, self._compiled)[self._file.name]
        return self._function


def checks(files: Sequence[File], folder: str) -> list[Check] | None:
    """The check of each module; None where nothing can be kept.

    Helpers are found by the imports of those that need them, and are the same as for everybody else.
    """
    place = os.path.join(folder, "__pycache__", f"checks.{sys.implementation.cache_tag}.pack")
    kept = _read(place)
    stamps = _stamps(files)
    stale = [one for one in files if one.module not in kept or kept[one.module][0] != stamps[one.module]]
    if stale and sys.dont_write_bytecode:
        return None
    fresh = {one.module: kept[one.module] for one in files if one not in stale} if stale else kept
    for one in stale:
        fresh[one.module] = (stamps[one.module], marshal.dumps(_compiled(one, of_helper=one.is_helper)), ())
    _find_helpers(files, fresh)
    if stale:
        for one in stale:
            if not one.is_helper:
                stamp, compiled, _ = fresh[one.module]
                fresh[one.module] = (stamp, compiled, _told(_made(one)))
        if not _write(place, fresh):
            return None
    return [_check(one, *fresh[one.module][1:]) for one in files if not one.is_helper]


def _stamps(files: Iterable[File]) -> dict[str, _Stamp]:
    """A check is made of its file, of the helpers of its topic, and of what says what a check is."""
    about = os.stat(definition.__file__)
    always = (("", about.st_mtime_ns, about.st_size),)
    helpers: dict[str, _Stamp] = {}
    for one in files:
        if one.is_helper:
            helpers[one.topic] = (*helpers.get(one.topic, always), (one.name, one.changed, one.size))
    return {one.module: (*helpers.get(one.topic, always), (one.name, one.changed, one.size)) for one in files}


def _find_helpers(files: Sequence[File], kept: _Kept) -> None:
    sys.meta_path[:] = [
        _Helpers({one.module: one for one in files if one.is_helper}, kept),
        *(finder for finder in sys.meta_path if not isinstance(finder, _Helpers)),
    ]
    for topic, path in {one.topic: os.path.dirname(one.path) for one in files}.items():
        package = ModuleType(f"{_PACKAGE}.{topic}")
        package.__path__ = [path]
        sys.modules.setdefault(package.__name__, package)


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
        exec(marshal.loads(self._kept[module.__name__][1]), module.__dict__)  # noqa: S102, S302


def _run(one: File, compiled: bytes) -> dict[str, Any]:
    return _executed(one, marshal.loads(compiled))  # noqa: S302 (what the file of the check was compiled to)


def _executed(one: File, code: CodeType) -> dict[str, Any]:
    held = {"__name__": one.module, "__package__": f"{_PACKAGE}.{one.topic}", "__file__": one.path}
    exec(code, held)  # noqa: S102
    return held


def _read(place: str) -> _Kept:
    with suppress(OSError, ValueError, EOFError, TypeError), open(place, "rb") as handle:
        # At once: from a file marshal reads each piece for itself.
        made, kept = marshal.loads(handle.read())  # noqa: S302 (as Python does with what it keeps there)
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


def _compiled(one: File, *, of_helper: bool = False, whole: bool = False) -> CodeType:
    """A module whose check has no examples, or of which nothing but its functions is left."""
    import __future__

    import ast

    with open(one.path, "rb") as handle:
        tree = ast.parse(handle.read(), one.path)
    for function in () if of_helper else tree.body:
        if isinstance(function, ast.FunctionDef):
            if not whole and ast.get_docstring(function, clean=False) is not None and len(function.body) > 1:
                del function.body[0]
            function.decorator_list = [
                left for call in function.decorator_list if (left := _lean(call, whole=whole)) is not None
            ]
    # Once it is known what a judge takes, nobody looks at annotations: they need not be evaluated.
    flags = 0 if whole else __future__.annotations.compiler_flag
    made: CodeType = compile(ast.fix_missing_locations(tree), one.path, "exec", flags, dont_inherit=True)
    return made


def _lean(call: Any, *, whole: bool) -> Any:
    """A decorator without its examples; that of the check is left out where the function alone is wanted."""
    import ast

    match call:
        case ast.Call(func=ast.Name("check"), keywords=keywords):
            call.keywords = [one for one in keywords if one.arg not in _EXAMPLES]
            call.keywords.append(ast.keyword("lean", ast.Constant(value=True)))
            return call if whole else None
        case _:
            return call


def _made(one: File) -> Check:
    held = _executed(one, _compiled(one, whole=True))
    (made,) = (value for value in held.values() if isinstance(value, Check))
    return made


def _told(made: Check) -> tuple[Any, ...]:
    """All that is said about a check, as what marshal takes."""
    fix = made.fix
    said = (getattr(made, name) for name in _SAID)
    plain = (dict(one) if isinstance(one, Mapping) else one for one in said)
    return (int(made.severity), (fix.cloudformation, fix.terraform, fix.cli, fix.note), *plain)


def _check(one: File, compiled: bytes, told: tuple[Any, ...]) -> Check:
    severity, fix, *said = told
    return Check(
        **dict(zip(_SAID, said, strict=True)),
        severity=Severity(severity),
        fix=Fix(*fix),
        passes=(),
        fails=(),
        unsure=(),
        judge=Later(one, compiled),
    )
