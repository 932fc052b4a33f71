"""Examples that are accounts: how they are compared, and what is told of one that nobody can read."""

from pathlib import Path

import msgspec
import pytest

from s3audit.check import Check
from s3audit.exam import Example, UnreadableError, examined, faults
from s3audit.explain import is_account, is_terraform
from tests.checks.examples import CHECKS, KNOWN, run

SIGV4 = CHECKS["presigned-sigv4"]
OLD, NEW, HERE = "2016-05-04", "2024-01-01", " # <-"
TEXT = """\
# Two buckets.
Account:
  Buckets:
    - Name: shop-orders{orders}
      CreationDate: {created}
    - Name: shop-photos{photos}
      CreationDate: 2024-01-01
"""


def wrong(kind: str, created: str = OLD, orders: str = "", photos: str = "") -> list[str]:
    text = TEXT.format(created=created, orders=orders, photos=photos)
    example = Example(SIGV4.id, kind, 1, text)
    return list(faults(example, run(example, Path())))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_mark_stands_where_the_thing_is_named_that_the_evidence_is_about() -> None:
    assert wrong("fails", orders=HERE) == []
    assert wrong("passes", created=NEW) == []


@pytest.mark.parametrize(
    ("orders", "photos", "said"),
    [
        ("", "", "no line"),
        ("", HERE, "line 6"),
        (HERE, HERE, "lines 4, 6"),
    ],
)
def test_a_mark_that_is_elsewhere_is_told(orders: str, photos: str, said: str) -> None:
    [told] = wrong("fails", orders=orders, photos=photos)
    assert told.startswith(f"the evidence points to line 4, and `# <-` ends {said}:")


def test_another_verdict_is_told() -> None:
    assert wrong("fails", created=NEW, orders=HERE)[0].startswith("no subject has the status fail:")
    assert wrong("passes")[0].startswith("it has others than pass too:\nfail shop-orders:")


def test_an_account_that_is_none_is_told_of_the_check_and_the_others_are_examined() -> None:
    broken = "# It has a typing error.\nAccount:\n  Bucket: []\n"
    check: Check = msgspec.structs.replace(SIGV4, passes=(broken,), fails=SIGV4.fails[:1], unsure=())
    said = [told for _, told in examined(check, KNOWN)]
    assert said == [
        ["the account can't be read: an account has no Bucket; it has Buckets, Roles, Jobs, Denied"],
        [],
    ]
    with pytest.raises(UnreadableError):
        run(Example(SIGV4.id, "passes", 1, broken), Path())


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("# It is one.\nAccount:\n  Buckets: []\n", True),
        ("Resources:\n  Account: {Type: AWS::S3::Bucket}\n", False),
        ("Parameters:\n  Account:\n    Type: String\n", False),
        ('resource "aws_s3_bucket" "account" {}\n', False),
    ],
)
def test_an_account_is_told_from_templates(text: str, is_one: bool) -> None:
    assert is_account(text) is is_one
    assert not (is_one and is_terraform(text))
