"""Functions that come with a provider: those of AWS for ARNs, and those built into Terraform."""

from s3audit.collectors.terraform.language.convert import NotKnown, from_plain
from s3audit.collectors.terraform.language.functions.common import (
    Call,
    Function,
    Refused,
    fits,
    is_free_of,
    strict,
    text_in,
)
from s3audit.collectors.terraform.language.functions.files import is_name
from s3audit.collectors.terraform.language.values import Plain, Value, mapping, partial, spelled
from s3audit.text import Opaque, Part, Text, text

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SECTIONS = ("partition", "service", "region", "account_id", "resource")


def _arn_parse(arn: str) -> dict[str, Plain]:
    head, *sections = arn.split(":", 5)
    if head != "arn" or len(sections) != len(_SECTIONS):
        raise Refused(f"{arn[:60]!r} is no ARN")
    return dict(zip(_SECTIONS, sections, strict=True))


def _arn_parse_parts(call: Call) -> Value:
    found = text_in(call.arguments[0])
    if (literal := found.literal) is not None:
        return from_plain(call.at, _arn_parse(literal))
    # In its last section a colon is like any other letter.
    for index, part in enumerate(found.parts):
        before = Text(found.parts[:index])
        if (
            isinstance(part, Opaque)
            and len(before.split(":")) <= len(_SECTIONS)
            and not is_free_of(part, ":")
        ):
            raise NotKnown(f"which part of {found} is which is not known")
    head, *sections = found.split(":", len(_SECTIONS))
    if head.literal != "arn" or len(sections) != len(_SECTIONS):
        raise Refused("it is no ARN")
    why = getattr(call.arguments[0], "why", "")
    named = zip(_SECTIONS, sections, strict=True)
    return mapping(call.at, {name: partial(call.at, section, why) for name, section in named})


def _arn_build(call: Call) -> Value:
    parts: list[Part] = ["arn"]
    for argument in call.arguments:
        parts += [":", *text_in(argument).parts]
    why = next((why for argument in call.arguments if (why := getattr(argument, "why", ""))), "")
    return partial(call.at, text(*parts), why)


def _trim_iam_role_path(arn: str) -> str:
    sections = _arn_parse(arn)
    resource = sections["resource"]
    kind, slash, rest = str(resource).partition("/")
    if sections["service"] != "iam" or sections["region"] or kind != "role" or not slash:
        raise Refused(f"{arn[:60]!r} is no ARN of a role")
    return f"arn:{sections['partition']}:iam::{sections['account_id']}:role/{rest.rpartition('/')[2]}"


def _encode_expr(data: Plain) -> str:
    return expression(data, 0)


def _encode_tfvars(data: Plain) -> str:
    if not isinstance(data, dict):
        raise Refused("an object is required here")
    for name in data:
        if not is_name(name):
            raise Refused(f"{name[:40]!r} can't be the name of a variable")
    lines = _assignments({name: expression(data[name], 0) for name in sorted(data)}, "")
    return "".join(f"{line}\n" for line in lines)


def expression(data: Plain, depth: int) -> str:
    """Plain data as HCL writes it."""
    if isinstance(data, str):
        made = f'"{_quoted(data)}"'
    elif isinstance(data, list):
        items = [expression(item, depth) for item in data]
        if any("\n" in item for item in items[:-1]):
            raise NotKnown("how HCL writes objects within lists is not worked out")
        made = f"[{', '.join(items)}]"
    elif isinstance(data, dict) and data:
        indent = "  " * (depth + 1)
        names = {_key(name): expression(data[name], depth + 1) for name in sorted(data)}
        made = "\n".join(["{", *_assignments(names, indent), f"{'  ' * depth}}}"])
    else:
        made = "{}" if isinstance(data, dict) else spelled(data)
    fits(len(made))
    return made


def _key(name: str) -> str:
    return name if is_name(name) else f'"{_quoted(name)}"'


def _quoted(data: str) -> str:
    made: list[str] = []
    for letter in data:
        if letter in _ESCAPES:
            made.append(_ESCAPES[letter])
        elif not letter.isascii() and not letter.isalnum():
            raise NotKnown("how HCL writes characters that are no letters is not worked out")
        else:
            made.append(letter if letter.isprintable() else f"\\u{ord(letter):04x}")
    return "".join(made).replace("${", "$${").replace("%{", "%%{")


def _assignments(values: dict[str, str], indent: str) -> list[str]:
    """`name = value`, with the signs below one another where each value has one line."""
    lines: list[str] = []
    rows: list[tuple[str, str]] = []

    def flush() -> None:
        width = max((len(name) for name, _ in rows), default=0)
        lines.extend(f"{indent}{name.ljust(width)} = {value}" for name, value in rows)
        rows.clear()

    for name, value in values.items():
        if "\n" in value:
            flush()
            lines.append(f"{indent}{name} = {value}")
        else:
            rows.append((name, value))
    flush()
    return lines


def _decode_tfvars(call: Call) -> Value:
    raise NotKnown("decode_tfvars is not worked out here")


FUNCTIONS = {
    "provider::aws::arn_build": Function(_arn_build, 5, 5),
    "provider::aws::arn_parse": Function(_arn_parse_parts, 1, 1),
    "provider::aws::trim_iam_role_path": strict("string", _trim_iam_role_path, gives_text=True),
    "provider::terraform::decode_tfvars": Function(_decode_tfvars, 1, 1),
    "provider::terraform::encode_expr": strict("any", _encode_expr),
    "provider::terraform::encode_tfvars": strict("any", _encode_tfvars),
}
