"""What `data.aws_iam_policy_document.X.json` is: the statements of its body, merged with the documents it names.

As the AWS provider makes it: actions, resources and principals are sets, in falling order; a set of one is that one;
`&{...}` becomes `${...}` wherever IAM knows variables.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from collections.abc import Iterator

from s3audit.collectors.documents.policy import head
from s3audit.collectors.documents.resolved import Missing, Partial, Resolver, Undecided
from s3audit.collectors.documents.tree import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Titled,
    is_null,
    location,
)
from s3audit.collectors.terraform.language.convert import alike
from s3audit.collectors.terraform.language.values import (
    Failed,
    Primitive,
    Value,
    failed,
    key_at,
    mapping,
    partial,
    sequence,
    set_of,
    undecided,
    why_not_known,
)
from s3audit.collectors.terraform.policies.merge import LATEST, Document, Held, given_document, merged
from s3audit.collectors.terraform.policies.text import PolicyText, in_falling_order
from s3audit.text import text

_LISTS = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
_PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}
_EVERYONE = "*"


def document(body: Node, at: Node, resolver: Resolver, origin: str = "", *, minified: bool = False) -> Value:
    """The text of the document, which can be read with the places of its parts.

    `origin` is the address of the attribute: a text that can't be told is known by it.
    """
    block = resolver.resolve(body).node
    if isinstance(block, Undecided):
        return undecided(at, block.why)
    if not isinstance(block, Mapping):
        return undecided(at, "the policy document is not written as a block")
    reader = _Reader(resolver)
    own = reader.document(block)
    sources = [*reader.given(block, "source_json"), *reader.given(block, "source_policy_documents")]
    overrides = [*reader.given(block, "override_policy_documents"), *reader.given(block, "override_json")]
    made = merged(head(block), sources, own, overrides)
    if isinstance(made, Undecided):
        return failed(at, made.why) if isinstance(made, Failed) else undecided(at, made.why)
    return PolicyText.of(at, made, origin or f"the policy document at {location(head(block), '')}", minified)


class _Reader:
    """Reads the blocks of the data source."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver

    def document(self, block: Mapping) -> Document:
        version = self.text(block, "version")
        name = self.text(block, "policy_id")
        at = head(block)
        return Document(
            Entry(key_at(at, "version"), Primitive.of(at, LATEST)) if version is None else version,
            None if name is None or _is_blank(name.value) else name,
            [self.statement(one) for one in self.blocks(block, "statement")],
        )

    def given(self, block: Mapping, name: str) -> Iterator[Document]:
        """The documents that an argument names."""
        found = self.find(block, name)
        if found is None:
            return
        items = [found.value]
        if isinstance(found.value, Sequence):
            items = [self.resolver.resolve(item).node for item in found.value.items]
        for item in items:
            if (made := given_document(item)) is not None:
                yield made

    def find(self, block: Mapping, name: str) -> Entry | None:
        """An argument that is written, with its head."""
        entry = block.entries.get(name)
        if entry is None:
            hidden = _hidden(block)
            return Entry(key_at(head(block), name), undecided(head(block), hidden)) if hidden else None
        value = self.resolver.resolve(entry.value).node
        return None if isinstance(value, Missing) or is_null(value) else Entry(entry.key, value)

    def blocks(self, block: Mapping, name: str) -> list[Mapping | Undecided]:
        """The nested blocks of one type; an open one stands for any number of them."""
        found = self.find(block, name)
        if found is None:
            return []
        items = [found.value]
        if isinstance(found.value, Sequence):
            items = [self.resolver.resolve(item).node for item in found.value.items]
            if hidden := _hidden(block):
                items.append(undecided(head(block), hidden))
        return [_as_block(item) for item in items if not isinstance(item, Missing) and not is_null(item)]

    def statement(self, block: Mapping | Undecided) -> Held:
        if isinstance(block, Undecided):
            return Held.of(block)
        at = head(block)
        entries: dict[str, Entry] = {}
        sid = self.text(block, "sid")
        if sid is not None and not _is_blank(sid.value):
            _put(entries, "Sid", sid)
        effect = self.text(block, "effect")
        _put(entries, "Effect", effect or Entry(key_at(at, "effect"), Primitive.of(at, "Allow")))
        for name, element in _LISTS.items():
            found = self.texts(block, name, variables=name.endswith("resources"))
            if found is not None and not (isinstance(found.value, Sequence) and not found.value.items):
                _put(entries, element, found)
        for name, element in _PRINCIPALS.items():
            _put(entries, element, self.principals(block, name))
        _put(entries, "Condition", self.conditions(block))
        return Held.of(Titled(at.start, at.end, at.lines, "", entries, at))

    def text(self, block: Mapping, name: str) -> Entry | None:
        found = self.find(block, name)
        return None if found is None else _as_text(found)

    def texts(
        self, block: Mapping, name: str, *, variables: bool = False, is_set: bool = True
    ) -> Entry | None:
        """A list of texts, or the text that is alone in it."""
        found = self.find(block, name)
        if found is None:
            return None
        value = found.value
        if isinstance(value, Partial):
            return Entry(found.key, undecided(value, why_not_known(value) or "it is no list"))
        if isinstance(value, Undecided):
            return found
        if not isinstance(value, Sequence):
            return Entry(found.key, failed(value, "a list of texts is required here"))
        items = [_text(self.resolver.resolve(item).node) for item in value.items]
        if variables:
            items = [_with_variables(item) for item in items]
        made = in_falling_order(value, items) if is_set else None
        if made is None:
            made = items[0] if len(items) == 1 else sequence(value, items)
        return Entry(found.key, made)

    def principals(self, block: Mapping, name: str) -> Entry | None:
        """The blocks by their type; what those of one type name is one list."""
        blocks = self.blocks(block, name)
        if not blocks:
            return None
        groups: dict[str, list[Entry]] = {}
        gap: Undecided | None = None
        for one in blocks:
            found = self.parts(one, "identifiers", "type", is_set=True)
            if isinstance(found, Undecided):
                gap = gap or found
            else:
                [values, kind] = found
                groups.setdefault(_word(kind), []).append(Entry(kind.key, values.value))
        at = head(blocks[0])
        made = _by_name(at, groups, gap, name)
        if isinstance(made, Mapping) and [*made.entries] == [_EVERYONE]:
            everyone = made.entries[_EVERYONE].value
            if isinstance(everyone, Primitive) and everyone.data == "*":
                made = everyone
        return Entry(key_at(at, name), made)

    def conditions(self, block: Mapping) -> Entry | None:
        """The blocks by their test, and those of one test by their variable."""
        blocks = self.blocks(block, "condition")
        if not blocks:
            return None
        groups: dict[str, dict[str, list[Entry]]] = {}
        tests: dict[str, Scalar] = {}
        gap: Undecided | None = None
        for one in blocks:
            found = self.parts(one, "values", "test", "variable", is_set=False)
            if isinstance(found, Undecided):
                gap = gap or found
            else:
                [values, test, variable] = found
                tests.setdefault(_word(test), test.key)
                variables = groups.setdefault(_word(test), {})
                variables.setdefault(_word(variable), []).append(Entry(variable.key, values.value))
        made = {
            test: [Entry(tests[test], _by_name(tests[test], variables, None, test))]
            for test, variables in groups.items()
        }
        at = head(blocks[0])
        return Entry(key_at(at, "condition"), _by_name(at, made, gap, "condition"))

    def parts(
        self, block: Mapping | Undecided, values: str, *words: str, is_set: bool
    ) -> list[Entry] | Undecided:
        """The values of a nested block, and the words that name them, which must be known."""
        if isinstance(block, Undecided):
            return block
        listed = self.texts(block, values, variables=True, is_set=is_set)
        found = [self.text(block, word) for word in words]
        if listed is None or None in found:
            return failed(head(block), f"{' and '.join((*words, values))} must be written here")
        named = [one for one in found if one is not None]
        for one in named:
            if not isinstance(one.value, Primitive):
                return undecided(one.value, why_not_known(one.value) or "it is not known")
        return [listed, *named]


def _by_name(at: Node, groups: dict[str, list[Entry]], gap: Undecided | None, name: str) -> Value:
    if gap is not None and not groups:
        return gap
    made = mapping(at, {})
    for key, found in sorted(groups.items()):
        made.entries[key] = Entry(key_at(found[0].key, key), _together([one.value for one in found]))
    if gap is not None:
        # Beside what is known stands something of which not even the name is.
        made.entries[f"${{{name}}}"] = Entry(key_at(gap, name), gap)
    return made


def _together(values: list[Value]) -> Value:
    """What several blocks give for one name; the provider takes the blocks in an order of its own."""
    first, *others = values
    others = [one for one in others if alike(first, one) is not True]
    if not others:
        return first
    for one in values:
        if isinstance(one, Undecided):
            return one
    return set_of(
        first, [item for one in values for item in (one.items if isinstance(one, Sequence) else [one])]
    )


def _hidden(block: Mapping) -> str:
    """Why there may be more in a block than is seen."""
    return getattr(block, "hidden", "")


def _as_block(node: Node) -> Mapping | Undecided:
    match node:
        case Mapping() | Undecided():
            return node
        case Partial():
            return undecided(node, why_not_known(node) or "it is no block")
        case _:
            return failed(node, "a block is required here")


def _as_text(found: Entry) -> Entry:
    return Entry(found.key, _text(found.value))


def _text(node: Node) -> Value:
    """A value where a text is expected."""
    if isinstance(node, Partial | Undecided) or (isinstance(node, Primitive) and isinstance(node.data, str)):
        return node
    if isinstance(node, Scalar) and not is_null(node):
        return Primitive.of(node, node.value)
    if isinstance(node, Scalar | Sequence | Mapping):
        return failed(node, "a text is required here")
    return undecided(node, "it is a whole object, of which the source does not tell all")


def _with_variables(item: Value) -> Value:
    """`&{aws:username}` is what the provider reads for `${aws:username}`, which Terraform would read itself."""
    if isinstance(item, Primitive):
        return Primitive.of(item, item.value.replace("&{", "${")) if "&{" in item.value else item
    if isinstance(item, Partial) and any(isinstance(part, str) and "&{" in part for part in item.text.parts):
        parts = (part.replace("&{", "${") if isinstance(part, str) else part for part in item.text.parts)
        return partial(item, text(*parts), item.why)
    return item


def _is_blank(value: Value) -> bool:
    return isinstance(value, Primitive) and not value.value


def _word(entry: Entry) -> str:
    return entry.value.value if isinstance(entry.value, Primitive) else ""


def _put(entries: dict[str, Entry], name: str, found: Entry | None) -> None:
    if found is not None:
        entries[name] = Entry(key_at(found.key, name), found.value)
