"""Loads of three libraries only what a scan needs: a tenth of a short run, for nothing that it uses.

Of PyYAML libyaml's parser, without a regular expression that costs as much; click without `inspect`, which costs as
much as click itself; msgspec without what describes types to people.

For the process of the command line only, which is ours alone: a program that uses s3audit as a library may
want all of them.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_UNUSED = {
    "composer": "ComposerError",
    "constructor": "ConstructorError",
    "emitter": "EmitterError",
    "representer": "RepresenterError",
    "serializer": "SerializerError",
}
"""Parts of PyYAML of which libyaml's binding takes an exception and a scan nothing at all."""


def lean() -> None:
    """Whoever imports one of them from now on gets what reading needs, and the rest where that is asked for."""
    for module in (_Inspect("inspect"), _Late("msgspec.inspect"), _Schemas("msgspec._json_schema")):
        sys.modules.setdefault(module.__name__, module)
    if "yaml" not in sys.modules:
        sys.meta_path.insert(0, _Finder())


class _Late(ModuleType):
    """Stands in for a module, which is loaded with the first thing of it that somebody needs."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole(), name)

    def _whole(self) -> ModuleType:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return import_module(self.__name__)


class _Inspect(_Late):
    def cleandoc(self, doc: str) -> Any:
        """Click asks this for the help of each option."""
        if doc.isprintable() and doc == doc.strip():  # one line, with nothing to take away
            return doc
        return self._whole().cleandoc(doc)


class _Schemas(_Late):
    """Two functions that msgspec hands on as its own."""

    def schema(self, *types: Any, **options: Any) -> Any:
        return self._whole().schema(*types, **options)

    def schema_components(self, *types: Any, **options: Any) -> Any:
        return self._whole().schema_components(*types, **options)


class _Finder:
    """Stands in for PyYAML once; where that can't be, PyYAML is found as it is."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != "yaml":
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec("yaml")
        if spec is None or spec.submodule_search_locations is None:
            return None
        if PathFinder.find_spec("yaml._yaml", spec.submodule_search_locations) is None:
            return None
        loader: Any = _Loader()  # the class that it should be takes longer to load than all of this
        lean = ModuleSpec("yaml", loader, is_package=True)
        lean.submodule_search_locations = spec.submodule_search_locations
        return lean


class _Loader:
    def create_module(self, spec: ModuleSpec) -> None:
        """A module like any other."""

    def exec_module(self, module: ModuleType) -> None:
        _fill(module)


def _fill(package: ModuleType) -> None:
    for part in ("nodes", "parser"):  # and with the parser the scanner, the tokens and the events
        import_module(f"yaml.{part}")
    from yaml.error import MarkedYAMLError, YAMLError

    class ReaderError(YAMLError):
        """A character that YAML does not allow; as in `yaml.reader`."""

        def __init__(self, name: str, position: int, character: object, encoding: str, reason: str) -> None:
            self.name = name
            self.position = position
            self.character = character
            self.encoding = encoding
            self.reason = reason

    package.__dict__.update(YAMLError=YAMLError, __with_libyaml__=True)
    _stand_in(package, "reader", ReaderError)
    for part, name in _UNUSED.items():
        _stand_in(package, part, type(name, (MarkedYAMLError,), {}))


def _stand_in(package: ModuleType, part: str, error: type[Exception]) -> None:
    module = ModuleType(f"yaml.{part}")
    setattr(module, error.__name__, error)
    sys.modules[module.__name__] = module
    setattr(package, part, module)
