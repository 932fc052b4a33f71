"""Plans in the form of `terraform show -json`, and what is read of them."""

import json
from collections.abc import Container, Mapping, Sequence
from typing import Any, NamedTuple

from s3audit.collectors.documents.resolved import Missing, Partial, Undecided
from s3audit.collectors.documents.tree import Mapping as MapNode
from s3audit.collectors.documents.tree import Node, Scalar, is_null
from s3audit.collectors.documents.tree import Sequence as ListNode
from s3audit.collectors.terraform.declared import Declared
from s3audit.collectors.terraform.records.addresses import in_module, parse
from s3audit.collectors.terraform.records.places import Places
from s3audit.collectors.terraform.records.plan import read_plan
from s3audit.collectors.terraform.records.state import read_state
from s3audit.collectors.terraform.tables import TYPES
from s3audit.problem import Problem

SOURCE = "plan.json"
PROVIDER = "registry.terraform.io/hashicorp/aws"

Json = dict[str, Any]


def change(
    address: str,
    after: Any,
    unknown: Any = None,
    *,
    actions: Sequence[str] = ("create",),
    sensitive: Any = None,
    **more: Any,
) -> Json:
    """An element of `resource_changes`."""
    before = None if list(actions) in (["create"], ["read"]) else (after or {})
    return {
        **_resource(address),
        **more,
        "change": {
            "actions": list(actions),
            "before": before,
            "after": after,
            "after_unknown": {} if unknown is None else unknown,
            "before_sensitive": False if before is None else {},
            "after_sensitive": {} if sensitive is None else sensitive,
        },
    }


def read_later(address: str, after: Json, unknown: Json) -> Json:
    """A data source that is read during apply."""
    return change(address, after, unknown, actions=["read"], action_reason="read_because_config_unknown")


def values(address: str, arguments: Any, sensitive: Any = None) -> Json:
    """A resource of `planned_values` or of a state."""
    return {
        **_resource(address),
        "schema_version": 0,
        "values": arguments,
        "sensitive_values": {} if sensitive is None else sensitive,
    }


def _resource(address: str) -> Json:
    parsed = parse(address)
    assert parsed is not None, address
    module = in_module(parsed.modules, "")[:-1]
    key = json.loads(parsed.key[1:-1]) if parsed.key not in ("", "[*]") else None
    return {
        "address": address,
        **({"module_address": module} if module else {}),
        "mode": parsed.mode,
        "type": parsed.type,
        "name": parsed.name,
        **({} if key is None else {"index": key}),
        "provider_name": PROVIDER,
    }


def modules(*resources: Json) -> Json:
    """The tree of `root_module` that these resources make."""
    root: Json = {}
    by_address: dict[str, Json] = {"": root}

    def module(address: str) -> Json:
        if address not in by_address:
            parsed = parse(f"{address}.a.b")
            assert parsed is not None
            outer = module(in_module(parsed.modules[:-1], "")[:-1])
            by_address[address] = {"address": address}
            outer.setdefault("child_modules", []).append(by_address[address])
        return by_address[address]

    for one in resources:
        inner = {name: value for name, value in one.items() if name != "module_address"}
        module(one.get("module_address", "")).setdefault("resources", []).append(inner)
    return root


def plan(
    *changes: Json,
    written: Mapping[str, Json] | None = None,
    calls: Mapping[str, Json] | None = None,
    outputs: Mapping[str, Json] | None = None,
    prior: Sequence[Json] = (),
    **more: Any,
) -> Json:
    """A plan of these changes.

    `written` are the expressions of blocks by their address without keys: `module.site.aws_s3_bucket.logs`. `calls` are
    the arguments of module calls, `module.site`, and `outputs` the expressions of `module.site.name`.
    """
    planned = [
        values(one["address"], _known(one["change"]["after"]))
        for one in changes
        if "deposed" not in one and one["change"]["actions"] not in (["delete"], ["forget"])
    ]
    made: Json = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": modules(*planned)},
        "resource_changes": list(changes),
    }
    if prior:
        state = {"format_version": "1.0", "terraform_version": "1.11.4"}
        made["prior_state"] = {**state, "values": {"root_module": modules(*prior)}}
    if written is not None:
        made["configuration"] = configuration(written, calls or {}, outputs or {})
    made |= {"timestamp": "2025-01-01T00:00:00Z", "applyable": True, "complete": True, "errored": False}
    return {name: value for name, value in {**made, **more}.items() if value is not None}


def _known(after: Any) -> Any:
    return {} if after is None else after


def configuration(
    written: Mapping[str, Json], calls: Mapping[str, Json], outputs: Mapping[str, Json]
) -> Json:
    root: Json = {}

    def module(names: Sequence[str]) -> Json:
        found = root
        for name in names:
            found = found.setdefault("module_calls", {}).setdefault(
                name, {"source": f"./{name}", "expressions": {}, "module": {}}
            )["module"]
        return found

    for address, arguments in written.items():
        parsed = parse(address)
        assert parsed is not None, address
        expressions = {name: one for name, one in arguments.items() if name not in ("for_each", "count")}
        block = {
            "address": parsed.block,
            "mode": parsed.mode,
            "type": parsed.type,
            "name": parsed.name,
            "provider_config_key": "aws",
            "expressions": expressions,
            "schema_version": 0,
        }
        for name in ("for_each", "count"):
            if name in arguments:
                block[f"{name}_expression"] = arguments[name]
        module(parsed.folder).setdefault("resources", []).append(block)
    for address, arguments in calls.items():
        names = [name for name in address.split(".") if name != "module"]
        module(names)
        call = module(names[:-1])["module_calls"][names[-1]]
        call["expressions"] = {name: one for name, one in arguments.items() if name != "for_each"}
        if "for_each" in arguments:
            call["for_each_expression"] = arguments["for_each"]
    for address, expression in outputs.items():
        *around, name = [one for one in address.split(".") if one != "module"]
        module(around).setdefault("outputs", {})[name] = {"expression": expression}
    return {"provider_config": {"aws": {"name": "aws", "full_name": PROVIDER}}, "root_module": root}


def constant(value: Any) -> Json:
    return {"constant_value": value}


def refers(*traversals: str) -> Json:
    """An expression with these references, each followed by what it begins with, as Terraform lists them."""
    references: list[str] = []
    for traversal in traversals:
        references.append(traversal)
        parts = traversal.split(".")
        start = 3 if parts[0] == "data" else 2
        references += [".".join(parts[:size]) for size in range(len(parts) - 1, start - 1, -1)]
        head = ".".join(parts[:start])
        if head.endswith("]"):
            references.append(head[: head.index("[")])
    return {"references": references}


class Reading(NamedTuple):
    declared: dict[str, Declared]
    problems: list[Problem]

    @property
    def said(self) -> list[str]:
        return [f"{problem.kind}: {problem.message}" for problem in self.problems]

    def told(self, address: str, *path: str | int) -> Any:
        """What is told of an argument, as `shown` writes it; None where nothing is written."""
        return told(self.declared[address], *path)


def read(made: Json | bytes, wanted: Container[str] = TYPES, **more: Any) -> Reading:
    data = made if isinstance(made, bytes) else json.dumps(made).encode()
    return _reading(read_plan(data, SOURCE, wanted, **more))


def read_stored(made: Json | bytes, places: Places | None = None) -> Reading:
    data = made if isinstance(made, bytes) else json.dumps(made).encode()
    return _reading(read_state(data, "terraform.tfstate", TYPES, places))


def _reading(found: tuple[list[Declared], list[Problem]]) -> Reading:
    declared, problems = found
    assert len({one.address for one in declared}) == len(declared)
    return Reading({one.address: one for one in declared}, problems)


def told(declared: Declared, *path: str | int) -> Any:
    node = declared.resolver.resolve(declared.node).node
    for step in path:
        if isinstance(node, Undecided):
            return shown(node, declared)
        if isinstance(step, str):
            if not isinstance(node, MapNode) or (found := node.get(step)) is None:
                return None
            node = found
        else:
            if not isinstance(node, ListNode) or step >= len(node.items):
                return None
            node = node.items[step]
        node = declared.resolver.resolve(node).node
    return shown(node, declared)


def shown(node: Node, declared: Declared) -> Any:
    """Texts in quotes, other words bare, `?` and the reason for what is not told, lists and maps as such."""
    node = declared.resolver.resolve(node).node
    match node:
        case Undecided(why=why):
            return f"? {why}"
        case Missing():
            return None
        case Partial(text=known):
            return str(known)
        case Scalar(value=value, plain=plain):
            return None if is_null(node) else value if plain else f'"{value}"'
        case ListNode(items=items):
            return [shown(item, declared) for item in items]
        case MapNode(entries=entries):
            shown_entries = {name: shown(entry.value, declared) for name, entry in entries.items()}
            return {name: value for name, value in shown_entries.items() if value is not None}
        case _:
            raise AssertionError(f"{type(node).__name__} is no head")
