"""Does to a template what a fix says, as somebody would who pastes it."""

import re
from collections.abc import Callable
from typing import TypeAlias

import yaml

STAND_INS = """
Key:
  Type: AWS::KMS::Key
  Properties:
    EnableKeyRotation: true
Logs:
  Type: AWS::S3::Bucket
Replica:
  Type: AWS::S3::Bucket
  Properties:
    VersioningConfiguration:
      Status: Enabled
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {Service: s3.amazonaws.com}
          Action: sts:AssumeRole
"""
"""What a fix may name that neither it nor the example declares."""

ATTRIBUTES = ("DeletionPolicy", "DependsOn", "UpdateReplacePolicy")
"""What stands beside the properties of a resource."""

_NAMING = {"Ref": "!Ref", "Fn::GetAtt": "!GetAtt", "Fn::Sub": "!Sub"}

Mapping: TypeAlias = yaml.MappingNode
Rename: TypeAlias = Callable[[str], str]


class FixError(Exception):
    """The fix can't be done to the example; the message says why."""


def mend(template: str, fix: str, title: str, judged: str) -> str:
    """The template with the fix in it; what it calls `title` is the resource `judged`."""
    whole, change = _read(template), _read(fix)
    resources = _inner(whole, "Resources")
    lacking = names_in(whole) - declared_in(whole)
    stand_ins = _read(STAND_INS)
    taken = {key for key, _ in entries(resources)}

    # Another resource that is called as the judged one is, or as something of another type, needs a name of its own.
    others = (names_in(change) | {key for key, value in entries(change) if is_resource(value)}) - {title}
    own = {name: _free(name, taken) for name in others if name == judged}
    for name in sorted(others - own.keys() - {key for key, _ in entries(change)}):
        stand_in, there = get(stand_ins, name), get(resources, name)
        if stand_in is not None and there is not None and type_of(stand_in) != type_of(there):
            own[name] = _free(name, taken)
    rename(change, lambda name: judged if name == title else own.get(name, name))

    added: dict[str, yaml.Node] = {}
    for name, value in entries(change):
        if not is_resource(value):
            _merge_into_judged(resources, judged, name, value)
        elif name == title:
            _merge(_inner(resources, judged), value)
        else:
            added[own.get(name, name)] = value
    for name in sorted(others):
        stand_in, used = get(stand_ins, name), own.get(name, name)
        if stand_in is not None and used not in added and get(resources, used) is None:
            added[used] = stand_in
    _add(resources, added)

    missing = sorted(names_in(whole) - declared_in(whole) - lacking)
    if missing:
        raise FixError(
            f"the fix names {', '.join(missing)}: declare it in the fix or in the example, or take one of"
            f" {', '.join(key for key, _ in entries(stand_ins))}"
        )
    # PyYAML quotes whatever has a tag.
    return re.sub(r"(!\w+) '([\w.:]+)'", r"\1 \2", yaml.serialize(whole, width=100))


def _read(text: str) -> Mapping:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        raise FixError("it is no YAML mapping: properties of the judged resource, or resources with a Type")
    return node


def entries(node: Mapping) -> list[tuple[str, yaml.Node]]:
    return [(str(key.value), value) for key, value in node.value]


def get(node: yaml.Node, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in entries(node) if name == key), None)


def put(node: Mapping, key: str, value: yaml.Node) -> None:
    """In the place of what has this key, or at the end."""
    for place, (name, _) in enumerate(node.value):
        if name.value == key:
            node.value[place] = (name, value)
            return
    node.value.append((yaml.ScalarNode("tag:yaml.org,2002:str", key), value))
    node.flow_style = False


def _inner(node: Mapping, key: str) -> Mapping:
    """The mapping with this key, made if it is not there."""
    found = get(node, key)
    if not isinstance(found, yaml.MappingNode):
        found = yaml.MappingNode("tag:yaml.org,2002:map", [], flow_style=False)
        put(node, key, found)
    return found


def _there(node: yaml.Node, key: str) -> Mapping:
    """The mapping with this key, or an empty one."""
    found = get(node, key)
    return found if isinstance(found, yaml.MappingNode) else yaml.MappingNode("", [])


def is_resource(node: yaml.Node) -> bool:
    """Whether it has the type of a resource: `Type: KMS` in a property is none."""
    return "::" in type_of(node)


def type_of(node: yaml.Node) -> str:
    kind = get(node, "Type")
    return kind.value if isinstance(kind, yaml.ScalarNode) else ""


def _merge_into_judged(resources: Mapping, judged: str, name: str, value: yaml.Node) -> None:
    resource = get(resources, judged)
    if not isinstance(resource, yaml.MappingNode):
        raise FixError(f"{name} is a property, and the example declares no {judged} to put it into")
    home = resource if name in ATTRIBUTES else _inner(resource, "Properties")
    _merge(home, yaml.MappingNode("tag:yaml.org,2002:map", [(_text(name), value)]))


def _text(value: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", value)


def _merge(old: Mapping, new: yaml.Node) -> None:
    """Mappings are merged; lists and scalars, and whatever is a function, are replaced."""
    assert isinstance(new, yaml.MappingNode)
    for key, value in entries(new):
        there = get(old, key)
        if (
            isinstance(there, yaml.MappingNode)
            and isinstance(value, yaml.MappingNode)
            and not _is_function(there)
            and not _is_function(value)
        ):
            _merge(there, value)
        else:
            put(old, key, value)


def _is_function(node: Mapping) -> bool:
    return node.tag.startswith("!") or any(key.startswith("Fn::") for key, _ in entries(node))


def _add(resources: Mapping, added: dict[str, yaml.Node]) -> None:
    """Each in the place of those of its type that are about the same, or beside what is there."""
    homes = {name: _replaced(resources, value) for name, value in added.items()}
    names = {name: found[0] for name, found in homes.items() if found and name not in found}
    for name, value in added.items():
        rename(value, lambda one: names.get(one, one))
        put(resources, names.get(name, name), value)
    gone = {one for name, found in homes.items() for one in found if one != names.get(name, name)}
    resources.value = [(key, value) for key, value in resources.value if key.value not in gone]


def _replaced(resources: Mapping, new: yaml.Node) -> list[str]:
    """The resources of its type whose same property points to the same resource."""
    for key, value in entries(_there(new, "Properties")):
        if target := _pointed(value):
            named = _name_of(resources, target)
            return [
                name
                for name, one in entries(resources)
                if type_of(one) == type_of(new)
                and (there := get(_there(one, "Properties"), key)) is not None
                and (
                    _pointed(there) == target
                    or (isinstance(there, yaml.ScalarNode) and named and there.value == named)
                )
            ]
    return []


def _pointed(node: yaml.Node) -> str:
    """The one resource that a value names."""
    names = names_in(node)
    return names.pop() if len(names) == 1 else ""


def _name_of(resources: Mapping, title: str) -> str:
    """The name that a resource is given."""
    properties = _there(_there(resources, title), "Properties")
    for key in ("BucketName", "Name"):
        if isinstance(name := get(properties, key), yaml.ScalarNode):
            return "" if name.tag.startswith("!") else str(name.value)
    return ""


def _free(name: str, taken: set[str]) -> str:
    return next(n for n in (f"{name}{number}" for number in range(2, 99)) if n not in taken)


def declared_in(whole: Mapping) -> set[str]:
    return {key for section in ("Resources", "Parameters") for key, _ in entries(_there(whole, section))}


def names_in(node: yaml.Node) -> set[str]:
    """What it refers to, but for what AWS declares."""
    found: set[str] = set()

    def note(name: str) -> str:
        found.add(name)
        return name

    rename(node, note)
    return {name for name in found if not name.startswith("AWS::")}


def rename(node: yaml.Node, new: Rename) -> None:
    """Every reference in it to something else."""
    _rename_here(node, node.tag, new)
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            rename(item, new)
    elif isinstance(node, yaml.MappingNode):
        for key, value in entries(node):
            if key == "DependsOn":
                for one in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    one.value = new(one.value)
                continue
            if key in _NAMING:
                _rename_here(value, _NAMING[key], new)
            rename(value, new)


def _rename_here(node: yaml.Node, tag: str, new: Rename) -> None:
    if tag not in _NAMING.values():
        return
    first = node.value[0] if isinstance(node, yaml.SequenceNode) else node
    if not isinstance(first, yaml.ScalarNode):
        return
    if tag == "!Ref":
        first.value = new(first.value)
    elif tag == "!GetAtt":
        name, dot, rest = first.value.partition(".")
        first.value = f"{new(name)}{dot}{rest}"
    else:
        given = {key for key, _ in entries(node.value[1])} if isinstance(node, yaml.SequenceNode) else set()
        first.value = re.sub(
            r"\$\{(?!!)([\w:]+)",
            lambda found: found[0] if found[1] in given else "${" + new(found[1]),
            first.value,
        )
