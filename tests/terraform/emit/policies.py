"""A policy as `data "aws_iam_policy_document"` says it."""

from tests.terraform.emit.form import Argument, Arguments, Blocks, Document, written

_OLDEST = "2008-10-17"
"""What a policy without a version is in."""

_SIMPLE = {
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}
_PRINCIPALS = {"Principal": "principals", "NotPrincipal": "not_principals"}


def as_data(document: Document) -> Arguments | None:
    """The arguments of the data source; None for a document that it can't make."""
    whole = document.value
    if not isinstance(whole, dict) or "Statement" not in whole or set(whole) - {"Statement", "Version", "Id"}:
        return None
    statements = whole["Statement"]
    found: list[Arguments] = []
    for statement in statements if isinstance(statements, list) else [statements]:
        made = _statement(statement)
        if made is None:
            return None
        found.append(made)
    arguments: Arguments = {"version": whole.get("Version", _OLDEST), "policy_id": whole.get("Id")}
    return {**written(arguments), "statement": Blocks(tuple(found))}


def _statement(statement: Argument) -> Arguments | None:
    if not isinstance(statement, dict) or "Effect" not in statement:
        return None
    made: Arguments = {"effect": statement["Effect"]}
    for name, value in statement.items():
        if name in _SIMPLE:
            made[_SIMPLE[name]] = _list(value)
        elif name in _PRINCIPALS:
            made[_PRINCIPALS[name]] = _principals(value)
        elif name == "Condition" and isinstance(value, dict):
            made["condition"] = Blocks(tuple(_conditions(value)))
        elif name == "Sid":
            made["sid"] = value
        elif name != "Effect":
            return None
    return made


def _list(value: Argument) -> list[Argument]:
    return list(value) if isinstance(value, list) else [value]


def _principals(value: Argument) -> Blocks:
    if isinstance(value, dict):
        return Blocks(tuple({"type": kind, "identifiers": _list(names)} for kind, names in value.items()))
    return Blocks(({"type": "*", "identifiers": _list(value)},))


def _conditions(operators: Arguments) -> list[Arguments]:
    return [
        {"test": operator, "variable": key, "values": [_text(one) for one in _list(values)]}
        for operator, keys in operators.items()
        if isinstance(keys, dict)
        for key, values in keys.items()
    ]


def _text(value: Argument) -> Argument:
    return str(value).lower() if isinstance(value, bool) else value
