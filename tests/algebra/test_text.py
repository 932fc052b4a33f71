"""Partly known strings: what can be said of them is true of every string they may stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.text import Opaque, Text, join, same, text
from s3audit.verdict import Status
from tests.algebra.strategies import literals, texts

ENV, REGION = Opaque("Env"), Opaque("AWS::Region")
LOGS = Opaque("Logs", resource="Resources.Logs", generated=True)
DATA = Opaque("Data", resource="Resources.Data", generated=True)
GIVEN = Opaque("Bucket", given=True)


def completed(value: Text, known: dict[str, str]) -> str:
    return "".join(part if isinstance(part, str) else known[part.origin] for part in value.parts)


words = st.fixed_dictionaries(
    {origin: literals.filter(lambda v: v != "ab") for origin in ("Env", "Logs", "Data")}
)


@given(texts(), texts(), words)
def test_same_agrees_with_every_completion(a: Text, b: Text, known: dict[str, str]) -> None:
    answer = same(a, b)
    equal = completed(a, known) == completed(b, known)
    # Parts of one origin that differ in what they exclude are still one value; only the origin counts here.
    if answer is Status.PASS:
        assert equal
    if answer is Status.FAIL:
        assert not equal


@given(texts(), texts())
def test_same_is_symmetric(a: Text, b: Text) -> None:
    assert same(a, b) is same(b, a)


@given(texts())
def test_a_text_is_the_same_as_itself(a: Text) -> None:
    assert same(a, a) is Status.PASS


@given(texts(), literals, words)
def test_prefix_and_suffix_agree_with_every_completion(a: Text, piece: str, known: dict[str, str]) -> None:
    whole = completed(a, known)
    for answer, truth in (
        (a.starts_with(piece), whole.startswith(piece)),
        (a.ends_with(piece), whole.endswith(piece)),
    ):
        if answer is not Status.UNKNOWN:
            assert (answer is Status.PASS) is truth


@given(texts())
def test_splitting_and_joining_gives_the_text_back(a: Text) -> None:
    assert join("-", a.split("-")) == a
    assert join("-", a.split("-", 1)) == a
    assert len(a.split("-", 1)) <= 2


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (text("logs"), text("logs"), Status.PASS),
        (text("logs"), text("data"), Status.FAIL),
        (text(ENV, "-logs"), text(ENV, "-logs"), Status.PASS),
        (text(ENV, "-logs"), text(ENV, "-data"), Status.FAIL),
        (text(ENV, "-logs"), text("dev-logs"), Status.UNKNOWN),
        (text(ENV, "-logs"), text("dev-data"), Status.FAIL),
        (text("a-", ENV), text("b-", REGION), Status.FAIL),
        (text(ENV), text(REGION), Status.UNKNOWN),
        (text(LOGS), text(DATA), Status.FAIL),
        (text(LOGS, "/*"), text(DATA, "/*"), Status.FAIL),
        (text(LOGS), text(ENV), Status.UNKNOWN),
        (text(LOGS), text("central-logs"), Status.FAIL),
        (text(LOGS), text("shop-logs-1a2b3c4d5e6f"), Status.UNKNOWN),
        (text("terraform-", LOGS), text("terraform-logs"), Status.FAIL),
        (text("terraform-", LOGS), text("terraform-20240131104500123400000001"), Status.UNKNOWN),
        (text("terraform-", LOGS), text(GIVEN), Status.FAIL),
        (text("terraform-", LOGS), text(ENV), Status.UNKNOWN),
        (text("terraform-", LOGS, "/*"), text(GIVEN, "-logs/*"), Status.FAIL),
        (text(Opaque("Env", other_than=("dev",))), text("dev"), Status.FAIL),
        (text(Opaque("Env", other_than=("dev",))), text("prod"), Status.UNKNOWN),
        (text("ab"), text("ab", ENV), Status.UNKNOWN),
        (text(LOGS), text("arn:", ENV, ":s3:::", LOGS), Status.FAIL),
        (text(LOGS), text(ENV, LOGS), Status.UNKNOWN),
        (text(), text(""), Status.PASS),
    ],
)
def test_same(one: Text, other: Text, answer: Status) -> None:
    assert same(one, other) is answer


def test_literal_and_display() -> None:
    assert text("a", "b").literal == "ab"
    assert text().literal == ""
    assert text("a", ENV).literal is None
    assert str(text("arn:aws:s3:::", LOGS, "/*")) == "arn:aws:s3:::${Logs}/*"
    assert text("a", "", "b").parts == ("ab",)


def test_without_prefix() -> None:
    assert text("bucket/", ENV).without_prefix("bucket/") == text(ENV)
    assert text(ENV, "x").without_prefix("bucket/") is None
