"""The functions that OpenTofu has and Terraform has not."""

import time
from base64 import b64encode
from gzip import compress

import pytest

from s3audit.collectors.terraform.language.effort import MOST_UNPACKED
from s3audit.collectors.terraform.language.functions import TOPICS
from s3audit.collectors.terraform.language.values import Failed, Primitive
from tests.terraform.calls import outcome, refusal, told, why
from tests.terraform.folder import Folder
from tests.terraform.opentofu import FUNCTIONS, ROWS, Outcome, packed, unpack


@pytest.mark.parametrize(("topic", "expression", "expected"), ROWS)
def test_the_outcome_is_what_the_documentation_says(topic: str, expression: str, expected: Outcome) -> None:
    value = outcome(expression) if not expression.startswith("jsondecode") else Folder({}).value(expression)
    if expected is None:
        assert isinstance(value, Failed)
    else:
        assert isinstance(value, Primitive)
        assert value.data == expected
        assert type(value.data) is type(expected)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_each_is_in_the_table_and_none_takes_null_or_other_numbers_of_arguments(name: str) -> None:
    assert any(expression.startswith(f"{name}(") for _, expression, _ in ROWS)
    count = 2 if name == "cidrcontains" else 1
    texts = ['"10.0.0.0/8"'] * count
    assert refusal(outcome(f"{name}({', '.join(texts[1:])})")).endswith(f"arguments, not {count - 1}")
    assert refusal(outcome(f"{name}({', '.join([*texts, texts[0]])})")).endswith(
        f"arguments, not {count + 1}"
    )
    for at in range(count):
        arguments = ", ".join([*texts[:at], "null", *texts[at + 1 :]])
        assert refusal(outcome(f"{name}({arguments})")) == f"{name}() does not take null here"


def test_they_may_be_called_by_their_whole_name() -> None:
    assert told(outcome('core::urldecode("a+b")')) == "a b"
    assert any("urldecode" in names.split() for names in TOPICS.values())


def test_what_is_not_known_is_known_by_its_call() -> None:
    assert told(outcome('urldecode("a+${x}")')) == '${urldecode("a+${x}")}'
    assert told(outcome("base64gunzip(x)")) == "${base64gunzip(${x})}"
    assert why(outcome("urldecode(unknown)")) == "nobody knows"
    assert why(outcome("base64gunzip(unknown)")) == "nobody knows"
    assert why(outcome('cidrcontains(unknown, "10.0.0.1")')) == "nobody knows"
    assert isinstance(outcome('cidrcontains("10.0.0.0/8", unknown)'), type(outcome("urldecode(unknown)")))


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ('urldecode("%")', "urldecode(): a % has no two hexadecimal digits behind it"),
        ('base64gunzip("%")', "base64gunzip(): it is no base64"),
        ('base64gunzip("aGVsbG8=")', "base64gunzip(): what it encodes was not packed with gzip"),
        (
            unpack(packed("cut off")[:16]),
            "base64gunzip(): what it encodes ends in the middle",
        ),
        (
            'cidrcontains("10.0.0.0/8", "::1")',
            "cidrcontains(): one of them is IPv4 and the other one is IPv6",
        ),
        ('cidrcontains("10.0.0.0", "::1")', "cidrcontains(): '10.0.0.0' is no network such as 10.0.0.0/8"),
        ('cidrcontains("10.0.0.0/8", "10.0")', "cidrcontains(): '10.0' is no address"),
    ],
)
def test_refusals_say_what_is_wrong(expression: str, said: str) -> None:
    assert refusal(outcome(expression)) == said


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ('urldecode("%ff")', "what it encodes is no text"),
        (unpack(b64encode(compress(b"\xff", mtime=0)).decode()), "what it holds is no text"),
        ('cidrcontains("::ffff:10.0.0.0/104", "10.0.0.1")', "an IPv4 address within IPv6 is not worked out"),
        ('cidrcontains("10.0.0.0/8", "::ffff:10.0.0.1")', "an IPv4 address within IPv6 is not worked out"),
    ],
)
def test_what_the_documentation_does_not_say_is_not_told(expression: str, said: str) -> None:
    assert why(outcome(expression)) == said


def unpacked(data: bytes) -> str:
    return unpack(b64encode(data).decode())


def test_texts_that_were_packed_one_by_one_are_one_text() -> None:
    assert told(outcome(unpacked(compress(b"one, ") + compress(b"two")))) == "one, two"
    assert isinstance(outcome(unpacked(compress(b"one") + b"rest")), Failed)


def test_as_much_as_is_allowed_is_unpacked_and_no_more() -> None:
    large = "what base64gunzip() makes is too large to be worked out"
    assert len(told(outcome(unpacked(compress(b"x" * MOST_UNPACKED))))) == MOST_UNPACKED
    assert why(outcome(unpacked(compress(b"x" * (MOST_UNPACKED + 1))))) == large
    assert why(outcome(unpacked(compress(b"x" * MOST_UNPACKED) + compress(b"x")))) == large
    assert why(outcome(unpacked(compress(b"") * 101))) == large


def test_a_small_text_that_unpacks_to_very_much_takes_no_time() -> None:
    import zlib

    maker = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    chunk = b"\0" * 10_000_000
    bomb = b"".join([*(maker.compress(chunk) for _ in range(20)), maker.flush()])
    began = time.process_time()
    assert why(outcome(unpacked(bomb))) == "what base64gunzip() makes is too large to be worked out"
    assert time.process_time() - began < 0.5


def test_many_small_texts_that_unpack_to_much_are_too_much_work() -> None:
    bomb = packed("x" * MOST_UNPACKED * 2)
    folder = Folder(
        {
            "main.tf": f'locals {{\n  n = range(1000)\n  all = [for i in local.n : base64gunzip("{bomb}")]\n}}\n'
        }
    )
    began = time.process_time()
    folder.value("[for i in range(20) : local.all]")
    assert folder.evaluator.effort.left < 0
    assert time.process_time() - began < 2
