"""Loads libyaml's parser without the rest of PyYAML, half of whose cost is one regular expression.

For the process of the command line only, which is ours alone: a program that uses s3audit as a library may
want all of PyYAML.
"""

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from types import ModuleType

_UNUSED = {
    "composer": "ComposerError",
    "constructor": "ConstructorError",
    "emitter": "EmitterError",
    "representer": "RepresenterError",
    "serializer": "SerializerError",
}
"""Parts of PyYAML of which libyaml's binding takes an exception and a scan nothing at all."""


def lean_yaml() -> None:
    """Make `yaml` a package of which only what reading needs is loaded; where that can't be, leave it as it is."""
    spec = PathFinder.find_spec("yaml")
    if "yaml" in sys.modules or spec is None or spec.submodule_search_locations is None:
        return
    if PathFinder.find_spec("yaml._yaml", spec.submodule_search_locations) is None:
        return
    package = ModuleType("yaml")
    package.__path__ = spec.submodule_search_locations
    package.__spec__ = spec
    sys.modules["yaml"] = package
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
