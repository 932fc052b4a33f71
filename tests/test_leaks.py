"""A scan leaves nothing behind: whoever runs many of them in one process has the memory for the last."""

import gc
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import s3audit
from s3audit.collectors.documents.tree import Node
from tests.terraform.plans import change, plan

EXAMPLES = Path(__file__).parents[1] / "examples"
PLAN = json.dumps(plan(change("aws_s3_bucket.logs", {"bucket": "logs", "tags": {"a": "b"}})))
REPEATED = """\
locals {
  names = { a = aws_s3_bucket.log.bucket }
}
resource "aws_s3_bucket" "log" {
  bucket = "log"
}
resource "aws_s3_bucket" "each" {
  for_each = { a = { name = "x" } }
  bucket   = each.value.name
  tags     = local.names
}
"""


@pytest.fixture(autouse=True)
def _our_own_alone() -> Iterator[None]:
    """What other tests left in this process is none of it, and there is much of it to look through."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def left() -> int:
    """The parts of documents that nobody needs any more and that are still there."""
    gc.collect()
    # Asked of its type: a dead weak reference of somebody else has no class to ask it for.
    return sum(issubclass(type(one), Node) for one in gc.get_objects())


@pytest.mark.parametrize(
    "example", ["shop", "nested", "sam", "terraform/shop", "terraform/nested", "terraform/sam"]
)
def test_an_example(example: str) -> None:
    s3audit.scan([EXAMPLES / example])
    before = left()
    s3audit.scan([EXAMPLES / example])
    assert left() == before


@pytest.mark.parametrize(("name", "text"), [("plan.json", PLAN), ("main.tf", REPEATED)])
def test_a_text(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text)
    s3audit.scan([path])
    before = left()
    assert s3audit.scan([path]).findings
    assert left() == before
