"""What a function says of arguments that are not wholly known holds, whatever the rest turns out to be."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.collectors.documents.hcl import syntax
from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import Entry, Mapping, Sequence
from s3audit.collectors.terraform.language.convert import literal, text_of, to_set
from s3audit.collectors.terraform.language.functions import TOPICS, call
from s3audit.collectors.terraform.language.values import (
    Failed,
    Primitive,
    SetOf,
    Value,
    mapping,
    partial,
    sequence,
    undecided,
)
from s3audit.text import Opaque, text
from tests.profile import examples
from tests.terraform import opentofu
from tests.terraform.agreement import agrees
from tests.terraform.calls import HERE, Folder, of, read, worked_out
from tests.terraform.console import recorded

BESIDE_SETS = frozenset({"coalesce", "tolist", "tomap"})

Path = tuple[int | str, ...]


TEXTS = ("", "zz", "a", ",", "a,b/c", "\n", " A\u00e9", "0", "true", "2017-11-22T00:00:00Z")
ANYTHING = (
    *map(of, ("", "zz", "a", "1", 0, 7, -1, True, False, None)),
    sequence(HERE, []),
    sequence(HERE, [of("a"), of("")]),
    sequence(HERE, [sequence(HERE, [of(1)])]),
    to_set(HERE, [of("b"), of("a")]),
    mapping(HERE, {}),
    mapping(HERE, {"a": of("x"), "b": of(2)}),
)


def calls(topic: str) -> Iterator[tuple[str, list[Value]]]:
    """The calls of a table, with their arguments."""
    for expression in read([*(row.expression for row in recorded(topic)), *opentofu.recorded(topic)]):
        if isinstance(expression, syntax.Call):
            yield expression.name, [worked_out(argument) for argument in expression.arguments]


CALLS = {topic: list(calls(topic)) for topic in sorted(TOPICS)}


def parts(value: Value, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    """A value and everything in it."""
    yield path, value
    if isinstance(value, Sequence):
        for index, item in enumerate(value.items):
            yield from parts(item, (*path, index))
    elif isinstance(value, Mapping):
        for name, entry in value.entries.items():
            yield from parts(entry.value, (*path, name))


def replaced(value: Value, path: Path, new: Value) -> Value:
    """The value with another part."""
    if not path:
        return new
    step, *rest = path
    if isinstance(value, Sequence):
        items = [
            replaced(item, tuple(rest), new) if i == step else item for i, item in enumerate(value.items)
        ]
        made = sequence(value, items)
        return call("toset", [made], value, Folder()) if isinstance(value, SetOf) else made
    assert isinstance(value, Mapping)
    entries = {
        name: Entry(entry.key, replaced(entry.value, tuple(rest), new) if name == step else entry.value)
        for name, entry in value.entries.items()
    }
    return Mapping(value.start, value.end, value.lines, "", entries)


def less_known(value: Value) -> Iterator[tuple[Value, list[Value]]]:
    """Values of which less is known than of this one, each with what it may turn out to be."""
    yield undecided(HERE, "nobody knows"), [value, *ANYTHING]
    yield partial(HERE, text(Opaque("anything"))), [value, *ANYTHING]
    known = literal(value)
    if known is None:
        return
    half = len(known) // 2
    for head, tail in {(known[:half], ""), ("", known[half:]), (known[:1], known[1:]), (known, known)}:
        if head or tail:
            rest = [*TEXTS, known[len(head) : len(known) - len(tail)] if head != tail else ""]
            yield partial(HERE, text(head, Opaque("x"), tail)), [of(head + part + tail) for part in rest]


def said_of(name: str, whole: Value) -> Value | None:
    """The outcome; None where nothing is said of it."""
    assert isinstance(whole, Sequence)
    made = call(name, whole.items, HERE, Folder())
    return None if isinstance(made, Undecided) and not isinstance(made, Failed) else made


def is_completion(name: str, completion: Value) -> bool:
    # A list beside a set becomes one too: to say so of every list beside something unknown would help nobody.
    is_unforeseen = isinstance(completion, SetOf) and name in BESIDE_SETS
    return not is_unforeseen and not isinstance(completion, Undecided)


def places(whole: Value) -> list[tuple[Path, Value]]:
    return [(path, part) for path, part in parts(whole) if path]


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_what_is_said_of_an_unknown_part_holds_for_all_that_it_may_be(topic: str) -> None:
    broken: list[str] = []
    told = 0
    for name, arguments in CALLS[topic]:
        whole = sequence(HERE, arguments)
        for path, part in places(whole):
            for unknown, completions in less_known(part):
                said = said_of(name, replaced(whole, path, unknown))
                if said is None:
                    continue
                told += 1
                for completion in completions:
                    found = said_of(name, replaced(whole, path, completion))
                    is_refused = isinstance(found, Failed) and not isinstance(said, Failed)
                    if found is None or is_refused or not is_completion(name, completion):
                        continue
                    if not agrees(said, found):
                        broken.append(f"{name} {path} {describe(unknown)}: not so for {describe(completion)}")
    assert broken == []
    assert told or topic == "providers", "nothing is said of any call with an unknown part"


def describe(value: Value) -> str:
    return repr(value.data) if isinstance(value, Primitive) else str(text_of(value) or type(value).__name__)


@settings(max_examples=examples(200), deadline=None, database=None)
@given(st.sampled_from([one for topic in sorted(TOPICS) for one in CALLS[topic]]), st.data())
def test_it_holds_for_several_unknown_parts_as_well(
    one: tuple[str, list[Value]], data: st.DataObject
) -> None:
    name, arguments = one
    unclear: Value = sequence(HERE, arguments)
    clear: Value = unclear
    found = places(clear)
    if not found:
        return
    for path, part in data.draw(st.lists(st.sampled_from(found), min_size=1, max_size=4)):
        if not reaches(unclear, path) or not reaches(clear, path):
            continue  # a part of one that was replaced
        unknown, completions = data.draw(st.sampled_from(list(less_known(part))))
        completion = data.draw(st.sampled_from([one for one in completions if is_completion(name, one)]))
        unclear, clear = replaced(unclear, path, unknown), replaced(clear, path, completion)
    said, whole = said_of(name, unclear), said_of(name, clear)
    if (
        said is not None
        and whole is not None
        and not (isinstance(whole, Failed) and not isinstance(said, Failed))
    ):
        assert agrees(said, whole)


def reaches(value: Value, path: Path) -> bool:
    return any(known == path for known, _ in parts(value))
