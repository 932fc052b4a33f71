"""samconfig.toml beside a SAM template: the parameter values with which `sam deploy` deploys it.

As SAM has it: of the environment `default`, the table of the command goes before `global`, and what `build`
or `validate` would take has no part in a deployment. The file that counts is the first of samconfig.toml,
.yaml and .yml in the folder of the template.
"""

import os
import re
from collections.abc import Iterator

from s3audit.collectors.cloudformation.parameters import Value
from s3audit.collectors.cloudformation.produced import as_text, defaults
from s3audit.collectors.cloudformation.stack import Library, Stack
from s3audit.collectors.documents.files import File
from s3audit.collectors.documents.reader import decode
from s3audit.collectors.documents.tree import BudgetError, Lines, plain_value
from s3audit.location import Location
from s3audit.problem import Problem

_NAMES = ("samconfig.toml", "samconfig.yaml", "samconfig.yml")
_COMMANDS = ("deploy", "global")
_KEY = "parameter_overrides"
_TEMPLATE = ("template_file", "template")

_WORD = r"[A-Za-z0-9\"']+"
_VALUE = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|(?:\\.|[^ \"\\])+"
_FORMS = (rf"ParameterKey=({_WORD}),ParameterValue=({_VALUE})", rf"(?: )({_WORD})=({_VALUE})")
"""The first of these that is found anywhere in a text is its form."""
_MOST_FILES = 10


def configured(stack: Stack, library: Library) -> tuple[dict[str, Value], list[Problem]]:
    """The values that the configuration beside a template gives to its parameters."""
    if not stack.file.path:
        return {}, []
    folder = os.path.dirname(stack.file.path)
    file = next((found for name in _NAMES if (found := library.fetch(folder, name)) is not None), None)
    if file is None:
        return {}, []
    config = _Config(file, folder, library)
    name = os.path.basename(file.path)
    told = config.values(stack.file)
    values: dict[str, Value] = {}
    for parameter, declared in stack.template.parameters.items():
        if (given := told.get(parameter)) is None:
            continue
        values[parameter] = Value(as_text(given), defaults([f"{parameter} in {name}"]))
        if not declared.accepts(given):
            shown = "" if declared.no_echo else f" {given!r}"
            config.say(f"The value{shown} for {parameter} is not one that {stack.file.source} accepts.")
    return values, config.problems


class _Config:
    """One configuration file, and those it includes."""

    def __init__(self, file: File, folder: str, library: Library) -> None:
        self.file = file
        self.folder = folder
        self.library = library
        self.problems: list[Problem] = []
        self.included = 0

    def values(self, template: File) -> dict[str, str]:
        """What is given for the parameters of a template."""
        tables = [_at(_at(_at(self.read(self.file), "default"), name), "parameters") for name in _COMMANDS]
        tables = [table for table in tables if isinstance(table, dict)]
        if not self.is_for(template, tables):
            return {}
        overrides = next((table[_KEY] for table in tables if isinstance(table, dict) and _KEY in table), None)
        return {_unquoted(name): _unquoted(value) for name, value in self.pairs(overrides)}

    def is_for(self, template: File, tables: list[object]) -> bool:
        """Whether no other template is named; what `sam build` wrote stands for what it was built from."""
        named = next(
            (found for table in tables for key in _TEMPLATE if isinstance(found := _at(table, key), str)), ""
        )
        if not named or ".aws-sam" in named:
            return True
        return os.path.normpath(os.path.join(self.folder, named)) == os.path.normpath(template.path)

    def say(self, message: str) -> None:
        """A problem with what is given; its place is where the values begin."""
        text = decode(self.file.data)
        start = max(text.find(_KEY), 0)
        line, column = Lines(text).place(start)
        end = column + len(_KEY) if start else column
        at = Location(self.file.source, "", line, column, line, end)
        self.problems.append(Problem(at, "partial", message))

    def read(self, file: File) -> object:
        """The data in a file; nothing when it is broken."""
        if file.path.endswith(".toml"):
            return self.toml(file)
        documents, troubles = self.library.documents(file)
        self.problems += troubles
        root = documents[0].root if documents else None
        try:
            return None if root is None else plain_value(root)
        except BudgetError:
            self.problems.append(
                Problem(Location(file.source), "unreadable", "This configuration is too large.")
            )
            return None

    def toml(self, file: File) -> object:
        import tomllib

        try:
            return tomllib.loads(file.data.decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
            line, column = (int(place[1]), int(place[2])) if place else (0, 0)
            said = f"This is no TOML that can be read, so it gives no values: {_without_place(str(error))}."
            at = Location(file.source, "", line, column, line, column)
            self.problems.append(Problem(at, "unreadable", said))
            return None

    def pairs(self, given: object) -> Iterator[tuple[str, str]]:
        """The names and values in any of the forms that SAM takes."""
        if isinstance(given, list):
            for item in given:
                yield from self.pairs(item)
        elif isinstance(given, dict):
            for name, value in given.items():
                if name == "$include":
                    yield from self.include(value)
                else:
                    yield str(name), _joined(value)
        elif isinstance(given, str) and given.startswith("file://"):
            yield from self.include(given)
        elif isinstance(given, str) and given:
            found = next((found for form in _FORMS if (found := re.findall(form, f" {given.strip()}"))), None)
            if found is None:
                self.say(
                    f"{given!r} is no parameter and value: write Name=Value, several with a space between."
                )
            yield from found or ()
        elif given is not None and given != "":
            self.say("The values of parameters are a text, a list of texts or a table, and this is none.")

    def include(self, given: object) -> Iterator[tuple[str, str]]:
        for one in given if isinstance(given, list) else [given]:
            path = str(one).removeprefix("file://")
            self.included += 1
            file = self.library.fetch(self.folder, path) if self.included <= _MOST_FILES else None
            if file is None:
                self.say(f"The values in {path} are not read: it is not there or not in a scanned folder.")
            else:
                yield from self.pairs(self.read(file))


def _at(table: object, name: str) -> object:
    return table.get(name) if isinstance(table, dict) else None


def _joined(value: object) -> str:
    if isinstance(value, list):
        return ",".join(_joined(item).strip() for item in value if item not in (None, ""))
    return "" if value is None else str(value)


def _unquoted(value: str) -> str:
    if value and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return value.replace("\\ ", " ").replace('\\"', '"').replace("\\'", "'")


def _without_place(message: str) -> str:
    return re.sub(r" \(at [^)]*\)", "", message)
