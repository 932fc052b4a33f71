"""Reads the commands of a fix as the AWS CLI would, and holds them against botocore's models."""

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.validate import ParamValidator

SERVICES = {"configservice": "config", "deploy": "codedeploy", "s3api": "s3"}
"""What the AWS CLI calls otherwise than botocore."""

GLOBAL = {"--no-cli-pager", "--no-paginate", "--output", "--profile", "--query", "--region"}
S3_VERBS = {"cp", "ls", "mb", "mv", "presign", "rb", "rm", "sync", "website"}
"""Of `aws s3`, which is no API and has no model."""

_PLACEHOLDER = re.compile(r"[A-Z][A-Z0-9_]*")
_FILE = ("file://", "fileb://")
"""What stands in a file can't be held against anything."""


class CommandError(Exception):
    """The command can't be run; the message says why."""


def commands(text: str) -> Iterator[list[str]]:
    """The words of each command."""
    held = ""
    for line in text.splitlines():
        if not held and (not line.strip() or line.lstrip().startswith("#")):
            continue
        held += line
        if held.endswith("\\"):
            held = held[:-1]
            continue
        try:
            yield shlex.split(held)
            held = ""
        except ValueError:
            # A quotation goes on in the next line.
            held += "\n"
    if held:
        raise CommandError(f"a quotation or a line that goes on has no end: {held}")


def verify(words: list[str]) -> None:
    """Fails unless the operation has these options, and their values its shape."""
    if words[0] != "aws" or len(words) < 3:
        raise CommandError(f"each line is a comment or a command `aws SERVICE OPERATION`: {' '.join(words)}")
    service, operation, *rest = words[1:]
    if service == "s3":
        if operation not in S3_VERBS:
            raise CommandError(f"aws s3 has no {operation}; `aws s3api` has the operations of the API")
        return
    shape = _input(service, operation)
    members = {xform_name(name, "-"): name for name in shape.members} if shape else {}
    given: dict[str, Any] = {}
    from_files: set[str] = set()
    for option, values in _options(rest):
        name = option.removeprefix("--")
        if option in GLOBAL:
            continue
        member = members.get(name) or members.get(name.removeprefix("no-"))
        if member is None or shape is None:
            raise CommandError(f"aws {service} {operation} has no {option}; it has {', '.join(members)}")
        if values and values[0].startswith(_FILE):
            from_files.add(member)
            continue
        given[member] = _value(shape.members[member], values, option, is_no=name not in members)
        _names_nobody(shape.members[member], name, given[member])
    if shape:
        _fits(shape, given, from_files, f"aws {service} {operation}")


@cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()


@cache
def _input(service: str, operation: str) -> StructureShape | None:
    name = SERVICES.get(service, service)
    if service in SERVICES.values():
        raise CommandError(f"the AWS CLI has no service {service}")
    try:
        model = _session().get_service_model(name)
    except UnknownServiceError as error:
        raise CommandError(f"the AWS CLI has no service {service}") from error
    operations = {xform_name(one, "-"): one for one in model.operation_names}
    if operation not in operations:
        raise CommandError(f"aws {service} has no {operation}")
    return model.operation_model(operations[operation]).input_shape


def _options(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each option with its values."""
    option = ""
    values: list[str] = []
    for word in words:
        if word.startswith("--"):
            if option:
                yield option, values
            option, values = word, []
        elif not option:
            raise CommandError(f"{word} stands before the first option")
        else:
            values.append(word)
    if option:
        yield option, values


def _value(shape: Shape, values: list[str], option: str, *, is_no: bool) -> Any:
    if shape.type_name == "boolean":
        if values:
            raise CommandError(f"{option} is a switch and takes no value, such as {values[0]}")
        return not is_no
    if is_no:
        raise CommandError(f"{option}: only a switch has a no-")
    if not values:
        raise CommandError(f"{option} has no value")
    if values[0].lstrip().startswith(("{", "[")):
        try:
            found = json.loads(" ".join(values))
        except ValueError as error:
            raise CommandError(f"{option} is no JSON: {error}") from error
        return values[0] if shape.type_name == "string" else found
    if shape.type_name == "list":
        return [_short(shape.member, value, option) for value in values]
    if len(values) > 1:
        raise CommandError(f"{option} takes one value: quote {' '.join(values)}")
    return _short(shape, values[0], option)


def _short(shape: Shape, value: str, option: str) -> Any:
    """A value in shorthand: `Key=value,Key=[a,b],Key={Key=value}`."""
    if not isinstance(shape, StructureShape | MapShape | ListShape):
        return _scalar(shape, value)
    reader = _Shorthand(value, option)
    found = reader.pairs(shape)
    if reader.place != len(value):
        raise CommandError(f"{option}: {value[reader.place :]!r} can't be read in {value!r}")
    return found


class _Shorthand:
    def __init__(self, text: str, option: str) -> None:
        self.text = text
        self.option = option
        self.place = 0

    def pairs(self, shape: Shape) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while True:
            key = self._until("=")
            self._eat("=")
            found[key] = self._value(_below(shape, key))
            if not self._eats(","):
                return found

    def _value(self, shape: Shape | None) -> Any:
        if self._eats("{"):
            found: Any = self.pairs(shape) if shape else {}
            self._eat("}")
            return found
        if self._eats("["):
            found = []
            while not self._eats("]"):
                found.append(self._value(shape.member if isinstance(shape, ListShape) else None))
                self._eats(",")
            return found
        value = self._until(",]}")
        return [_scalar(shape.member, value)] if isinstance(shape, ListShape) else _scalar(shape, value)

    def _until(self, ends: str) -> str:
        start = self.place
        while self.place < len(self.text) and self.text[self.place] not in ends:
            self.place += 1
        if start == self.place:
            raise CommandError(
                f"{self.option}: something is missing at {self.text[start:]!r} of {self.text!r}"
            )
        return self.text[start : self.place].strip("'\"")

    def _eats(self, sign: str) -> bool:
        there = self.text.startswith(sign, self.place)
        self.place += there
        return there

    def _eat(self, sign: str) -> None:
        if not self._eats(sign):
            raise CommandError(f"{self.option}: a {sign} is missing in {self.text!r}")


def _below(shape: Shape, key: str) -> Shape | None:
    if isinstance(shape, StructureShape):
        return shape.members.get(key)
    return shape.value if isinstance(shape, MapShape) else None


def _scalar(shape: Shape | None, value: str) -> Any:
    kind = shape.type_name if shape else "string"
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    if kind in ("integer", "long") and re.fullmatch(r"-?\d+", value):
        return int(value)
    return value


def _names_nobody(shape: Shape, option: str, value: Any) -> None:
    """What is somebody's own is a word in capitals for them to replace."""
    is_own = re.search(r"(^|-)(bucket|id|arn)$", option) and not shape.metadata.get("enum")
    if is_own and isinstance(value, str) and not _PLACEHOLDER.search(value):
        raise CommandError(f"--{option} {value}: a placeholder is a word in capitals, such as BUCKET")


def _fits(shape: StructureShape, given: dict[str, Any], from_files: set[str], command: str) -> None:
    report = ParamValidator().validate(given, shape)
    wrong = [line for line in str(report.generate_report()).splitlines() if line]
    missing = {f'Missing required parameter in input: "{name}"' for name in from_files}
    wrong = [line for line in wrong if line not in missing]
    wrong += _not_words(shape, given, "")
    if wrong:
        raise CommandError(f"{command}: {'; '.join(wrong)}")


def _not_words(shape: Shape, value: Any, place: str) -> Iterator[str]:
    """Values that are none of those which AWS lists, and members that it does not know."""
    match shape, value:
        case StructureShape(), dict():
            for name, inner in value.items():
                if name in shape.members:
                    yield from _not_words(shape.members[name], inner, f"{place}.{name}")
        case ListShape(), list():
            for inner in value:
                yield from _not_words(shape.member, inner, f"{place}[]")
        case MapShape(), dict():
            for name, inner in value.items():
                yield from _not_words(shape.value, inner, f"{place}.{name}")
        case _, str() if shape.metadata.get("enum"):
            if value not in shape.metadata["enum"]:
                yield f"{place.strip('.')}: {value} is none of {', '.join(shape.metadata['enum'])}"
        case _, str() if re.search(r"<[^>]*>|\$\{?\w", value):
            yield f"{place.strip('.')}: a placeholder is a word in capitals, not {value}"
        case _:
            pass
