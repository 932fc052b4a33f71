"""Prints blocks as `terraform show -json` prints the plan of a new stack."""

import json
import random
from collections.abc import Iterable
from typing import Any

from tests.terraform.emit.complete import PSEUDO
from tests.terraform.emit.form import (
    Argument,
    Arguments,
    Block,
    Blocks,
    Document,
    Joined,
    Outside,
    Piece,
    Reference,
    Untold,
    pieces_of,
)
from tests.terraform.emit.names import UnexpressedError
from tests.terraform.emit.policies import as_data
from tests.terraform.emit.schema import BEFORE_4, Schema, schema

_PROVIDER = "registry.terraform.io/hashicorp/aws"
_CURRENT = {
    "data.aws_caller_identity.current": {"account_id": "AWS::AccountId"},
    "data.aws_partition.current": {"partition": "AWS::Partition", "dns_suffix": "AWS::URLSuffix"},
    "data.aws_region.current": dict.fromkeys(("id", "name", "region"), "AWS::Region"),
}
_LATER = object()
"""What is known only after apply."""


class PlanJson:
    """One plan."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._blocks: dict[str, Block] = {}
        self._documents: list[Block] = []
        self._is_old = False
        self._later = 0

    def document(self, blocks: Iterable[Block]) -> dict[str, Any]:
        own = [self._with_documents(block) for block in blocks]
        own = [*self._documents, *own]
        own += _others(own)
        self._blocks = {block.address: block for block in own}
        # A configuration without the resources of version 4 may be one for the provider before it, and has to be
        # if a number of blocks is not told that this version computes.
        is_open = any(_is_open(block) for block in own)
        is_new = any(block.type.startswith("aws_s3_bucket_") for block in own)
        if is_open and is_new:
            raise UnexpressedError("blocks that nobody wrote and an unknown number of them look the same")
        self._is_old = is_open or (not is_new and self.chance.random() < 0.5)
        changes: list[dict[str, Any]] = []
        planned: list[dict[str, Any]] = []
        known: list[dict[str, Any]] = []
        for block in own:
            if block.address in _CURRENT:
                told = {name: PSEUDO[origin] for name, origin in _CURRENT[block.address].items()}
                known.append(self._told(block, told))
                continue
            after, unknown = self._filled(schema(block.type), block.arguments)
            self._finish(block, after, unknown)
            if block.is_data and not unknown_anywhere(unknown):
                known.append(self._told(block, {**after, "json": rendered(after)}))
                continue
            action = "read" if block.is_data else "create"
            change = {"actions": [action], "before": None, "after": after, "after_unknown": unknown}
            sensitive = {"before_sensitive": False, "after_sensitive": _shape(after)}
            changes.append({**self._named(block), "change": change | sensitive})
            planned.append(self._told(block, after))
        configuration = {"resources": [self._written(block) for block in own]}
        self.chance.shuffle(changes)
        return {
            "format_version": "1.2",
            "terraform_version": "1.11.4",
            "planned_values": {"root_module": {"resources": planned}},
            "resource_changes": changes,
            "prior_state": {
                "format_version": "1.0",
                "terraform_version": "1.11.4",
                "values": {"root_module": {"resources": known}},
            },
            "configuration": {
                "provider_config": {
                    "aws": {
                        "name": "aws",
                        "full_name": _PROVIDER,
                        "expressions": {"region": {"constant_value": PSEUDO["AWS::Region"]}},
                    }
                },
                "root_module": configuration,
            },
            "timestamp": "2026-01-01T00:00:00Z",
            "applyable": True,
            "complete": True,
            "errored": False,
        }

    def _with_documents(self, block: Block) -> Block:
        """Some policies come from a data source."""
        if block.counted:
            raise UnexpressedError("a plan knows how many there are of each resource")
        arguments: Arguments = {}
        for name, value in block.arguments.items():
            arguments[name] = value
            if isinstance(value, Document) and self.chance.random() < 0.5:
                data = as_data(value)
                if data is not None:
                    label = f"{block.type}_{block.name}_{len(self._documents)}"
                    source = Block("aws_iam_policy_document", label, data, is_data=True)
                    self._documents.append(source)
                    arguments[name] = Reference(source.address, "json")
        return Block(block.type, block.name, arguments, is_data=block.is_data)

    def _named(self, block: Block) -> dict[str, Any]:
        mode = "data" if block.is_data else "managed"
        return {
            "address": block.address,
            "mode": mode,
            "type": block.type,
            "name": block.name,
            "provider_name": _PROVIDER,
        }

    def _told(self, block: Block, values: dict[str, Any]) -> dict[str, Any]:
        return {
            **self._named(block),
            "schema_version": 0,
            "values": values,
            "sensitive_values": _shape(values),
        }

    def _finish(self, block: Block, after: dict[str, Any], unknown: dict[str, Any]) -> None:
        """What is so for some types only."""
        tags = block.arguments.get("tags")
        if tags is not None and "tags_all" in unknown and "tags" in after:
            after["tags_all"] = after["tags"]
            unknown["tags_all"] = unknown["tags"]
        if block.is_data:
            unknown |= {"id": True, "json": True, "minified_json": True} if unknown_anywhere(unknown) else {}
        if self._is_old and block.type == "aws_s3_bucket":
            for name in BEFORE_4:
                if unknown.get(name) is True and name not in block.arguments:
                    after[name], unknown[name] = [], []

    # Values

    def _filled(self, known: Schema, arguments: Arguments) -> tuple[dict[str, Any], dict[str, Any]]:
        """A block after apply, and what of it is not known."""
        after: dict[str, Any] = {}
        unknown: dict[str, Any] = {}
        for name, value in arguments.items():
            if isinstance(value, Blocks):
                inner = known.blocks.get(name, Schema((), (), {}, {}))
                after[name], unknown[name] = self._nested(inner, value)
                continue
            told, open_ = self._value(value)
            if told is not _LATER:
                after[name] = told
            if open_ is not False:
                unknown[name] = open_
        after |= {name: None for name in known.null if name not in arguments}
        after |= {name: default for name, default in known.defaults.items() if name not in arguments}
        unknown |= {name: True for name in known.computed if name not in arguments}
        for name in known.blocks:
            if name not in arguments and name not in known.computed:
                after[name], unknown[name] = [], []
        return after, unknown

    def _nested(self, known: Schema, blocks: Blocks) -> tuple[list[Any], list[Any]]:
        after: list[Any] = []
        unknown: list[Any] = []
        for item in blocks.items:
            if isinstance(item, Untold):
                raise UnexpressedError("of some nested blocks a plan knows how many there are, or of none")
            one, open_ = self._filled(known, item)
            after.append(one)
            unknown.append(open_)
        return after, unknown

    def _value(self, value: Argument) -> tuple[Any, Any]:
        """A value and what of it is unknown; False where all of it is known."""
        match value:
            case Reference() | Outside() | Untold():
                told = self._of(value) if isinstance(value, Reference) else _LATER
                return told, told is _LATER
            case Joined(parts=parts):
                found = [part if isinstance(part, str) else self._of(part) for part in parts]
                later = any(part is _LATER for part in found)
                return (_LATER, True) if later else ("".join(map(str, found)), False)
            case Document(value=inner):
                told, open_ = self._value(inner)
                later = unknown_anywhere(open_)
                return (_LATER, True) if later else (json.dumps(told, sort_keys=True), False)
            case list():
                pairs = [self._value(item) for item in value]
                return [None if told is _LATER else told for told, _ in pairs], [open_ for _, open_ in pairs]
            case dict():
                found_ = {name: self._value(item) for name, item in value.items()}
                after = {name: told for name, (told, _) in found_.items() if told is not _LATER}
                return after, {name: open_ for name, (_, open_) in found_.items() if open_ is not False}
            case Blocks():
                raise AssertionError("blocks are no value")
            case _:
                return value, False

    def _of(self, piece: "Piece | Untold") -> Any:
        """What an attribute of another resource is before that is made."""
        if not isinstance(piece, Reference):
            return _LATER
        if piece.address in _CURRENT:
            return PSEUDO[_CURRENT[piece.address][piece.attribute]]
        block = self._blocks.get(piece.address)
        if block is not None and block.is_data and piece.attribute == "json":
            after, unknown = self._filled(schema(block.type), block.arguments)
            return _LATER if unknown_anywhere(unknown) else rendered(after)
        if block is not None and piece.attribute in block.arguments:
            told, _ = self._value(block.arguments[piece.attribute])
            return told
        return _LATER

    # The configuration

    def _written(self, block: Block) -> dict[str, Any]:
        return {
            "address": block.address,
            "mode": "data" if block.is_data else "managed",
            "type": block.type,
            "name": block.name,
            "provider_config_key": "aws",
            "expressions": self._expressions(block.arguments),
            "schema_version": 0,
        }

    def _expressions(self, arguments: Arguments) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in arguments.items():
            if isinstance(value, Blocks):
                found[name] = [
                    self._expressions(item) for item in value.items if not isinstance(item, Untold)
                ]
            elif value == Untold("blocks"):
                continue  # a `dynamic` block is not shown
            else:
                found[name] = self._expression(value)
        return found

    def _expression(self, value: Argument) -> dict[str, Any]:
        references = [name for piece in pieces_of(value) for name in self._references(piece)]
        if references:
            return {"references": list(dict.fromkeys(references))}
        if any(True for _ in pieces_of(value)) or isinstance(value, Document):
            return {}
        if self.chance.random() < 0.1:
            return {"references": ["local.named"]}
        return {"constant_value": value}

    def _references(self, piece: "Piece | Untold") -> list[str]:
        match piece:
            case Reference(address, attribute):
                return [f"{address}.{attribute}", address]
            case Outside(name):
                return [f"random_password.{name}.result", f"random_password.{name}"]
            case Untold() if self.chance.random() < 0.5:
                self._later += 1
                return [f"random_password.later_{self._later}.result", f"random_password.later_{self._later}"]
            case _:
                return []


def _others(blocks: list[Block]) -> list[Block]:
    """The resources that no table reads."""
    known = {block.address for block in blocks}
    found: dict[str, Block] = {}
    for block in blocks:
        for piece in pieces_of(block.arguments):
            match piece:
                case Reference(address) if address not in known:
                    kind, _, name = address.partition(".")
                    found[address] = Block(kind, name, {})
                case Outside(name):
                    found[f"random_password.{name}"] = Block("random_password", name, {})
                case _:
                    pass
    return list(found.values())


def _is_open(block: Block) -> bool:
    """Whether it has blocks of unknown number that version 4 of the provider computes."""
    return block.type == "aws_s3_bucket" and any(
        value == Untold("blocks") for value in block.arguments.values()
    )


def unknown_anywhere(value: Any) -> bool:
    match value:
        case list():
            return any(map(unknown_anywhere, value))
        case dict():
            return any(map(unknown_anywhere, value.values()))
        case _:
            return value is True


def _shape(value: Any) -> Any:
    """Where something could be sensitive."""
    match value:
        case dict():
            return {name: _shape(one) for name, one in value.items() if isinstance(one, dict | list)}
        case list():
            return [_shape(one) if isinstance(one, dict | list) else False for one in value]
        case _:
            return False


_NAMES = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def rendered(arguments: dict[str, Any]) -> str:
    """The text of a policy document data source of which all is known."""
    statements: list[dict[str, Any]] = []
    for statement in arguments["statement"]:
        made: dict[str, Any] = {"Effect": statement["effect"]}
        if statement.get("sid"):
            made["Sid"] = statement["sid"]
        for name, element in _NAMES.items():
            if statement.get(name):
                made[element] = _one_or_many(statement[name])
        for name, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
            for one in statement.get(name, ()):
                if one["type"] == "*" and one["identifiers"] == ["*"]:
                    made[element] = "*"
                else:
                    made.setdefault(element, {})[one["type"]] = _one_or_many(one["identifiers"])
        for one in statement.get("condition", ()):
            test = made.setdefault("Condition", {}).setdefault(one["test"], {})
            test[one["variable"]] = _one_or_many(one["values"])
        statements.append(made)
    whole = {"Version": arguments["version"], "Id": arguments.get("policy_id"), "Statement": statements}
    return json.dumps({name: value for name, value in whole.items() if value is not None})


def _one_or_many(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else sorted(values, reverse=True)
