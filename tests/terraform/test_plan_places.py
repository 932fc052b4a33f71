"""Where the source of a plan declares what the plan tells."""

from collections.abc import Mapping

import pytest

from s3audit.collectors.documents.fill import Filler
from s3audit.collectors.documents.hcl.reader import read_hcl
from s3audit.collectors.documents.spots import Spot
from s3audit.collectors.documents.tree import location
from s3audit.collectors.terraform.records.places import Places
from s3audit.collectors.terraform.tables import shape_for
from s3audit.location import Location
from s3audit.setting import Known, Unset
from tests.terraform.plans import Json, change, constant, plan, read, refers

MAIN = """\
resource "aws_s3_bucket" "logs" {
  bucket = "logs"
  tags = {
    Env  = "prod"
    Tier = var.tier
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "first"
    status = "Enabled"
  }

  rule {
    id     = "second"
    status = "Disabled"
    expiration {
      days = 30
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  dynamic "cors_rule" {
    for_each = var.rules
    content {
      allowed_methods = cors_rule.value
      allowed_origins = ["https://a.example", "https://b.example"]
    }
  }
}

module "site" {
  for_each = toset(["eu"])
  source   = "./modules/site"
}

module "packed" {
  source = "registry.example.org/site/aws"
}
"""
SITE = """\
resource "aws_s3_bucket" "this" {
  count  = 2
  bucket = "site"
}

module "inner" {
  source = "../inner"
}
"""
INNER = 'data "aws_s3_bucket" "other" {}\nresource "aws_s3_bucket" "it" { bucket = "inner" }\n'
RULES = "aws_s3_bucket_lifecycle_configuration.logs"
LOGS = "aws_s3_bucket.logs"


def places(installed: Mapping[str, str] | None = None, **folders: str) -> Places:
    texts = {".": MAIN, "modules/site": SITE, "modules/inner": INNER, **folders}
    bodies = {}
    for folder, text in texts.items():
        body, problems = read_hcl(text.encode(), f"{folder}/main.tf".removeprefix("./"))
        assert problems == []
        bodies[folder] = [body]
    return Places(bodies, ".", installed)


def at(address: str, *path: str | int, known: Places | None = None) -> str:
    """File, line and columns of what stands for an argument."""
    node = (known or places()).find(address, path)
    if node is None:
        return "nowhere"
    found = location(node, "plan.json")
    end = found.end_column if found.end_line == found.line else f"{found.end_line}:{found.end_column}"
    return f"{found.source}:{found.line}:{found.column}-{end}"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (LOGS, "main.tf:1:1-32"),
        (f'{LOGS}["any"]', "main.tf:1:1-32"),
        ('module.site["eu"].aws_s3_bucket.this[0]', "modules/site/main.tf:1:1-32"),
        ('module.site["eu"].module.inner.aws_s3_bucket.it', "modules/inner/main.tf:2:1-30"),
        ("module.site.module.inner.data.aws_s3_bucket.other", "modules/inner/main.tf:1:1-29"),
        ("aws_s3_bucket.missing", "nowhere"),
        ("module.missing.aws_s3_bucket.it", "nowhere"),
        ("module.packed.aws_s3_bucket.it", "nowhere"),
        ("no address", "nowhere"),
    ],
)
def test_the_header_of_the_block_of_an_address(address: str, expected: str) -> None:
    assert at(address) == expected


def test_a_module_that_is_installed_lies_where_it_was_put() -> None:
    known = places({"packed": ".terraform/modules/packed"}, **{".terraform/modules/packed": INNER})
    assert at("module.packed.aws_s3_bucket.it", known=known) == ".terraform/modules/packed/main.tf:2:1-30"


def test_modules_that_lie_beside_the_root() -> None:
    text = 'module "inner" { source = "../inner" }\n'
    bodies = {
        "live/prod": [read_hcl(text.encode(), "live/prod/main.tf")[0]],
        "live/inner": [read_hcl(INNER.encode(), "live/inner/main.tf")[0]],
    }
    assert (
        at("module.inner.aws_s3_bucket.it", known=Places(bodies, "live/prod")) == "live/inner/main.tf:2:1-30"
    )


@pytest.mark.parametrize(
    ("address", "path", "expected"),
    [
        (LOGS, ("bucket",), "main.tf:2:12-18"),
        (LOGS, ("acl",), "main.tf:1:1-32"),
        (LOGS, ("tags",), "main.tf:3:10-6:4"),
        (LOGS, ("tags", "Env"), "main.tf:4:12-18"),
        (LOGS, ("tags", "Tier"), "main.tf:5:12-20"),
        (LOGS, ("tags", "None"), "main.tf:3:10-6:4"),
        (RULES, ("rule",), "main.tf:12:3-7"),
        (RULES, ("rule", 0), "main.tf:12:3-7"),
        (RULES, ("rule", 1), "main.tf:17:3-7"),
        (RULES, ("rule", 1, "status"), "main.tf:19:14-24"),
        (RULES, ("rule", 1, "expiration", 0, "days"), "main.tf:21:14-16"),
        (RULES, ("rule", 1, "expiration", 0, "date"), "main.tf:20:5-15"),
        (RULES, ("rule", 1, "filter", 0, "prefix"), "main.tf:17:3-7"),
        ("aws_s3_bucket_cors_configuration.logs", ("cors_rule", 3), "main.tf:29:3-22"),
        (
            "aws_s3_bucket_cors_configuration.logs",
            ("cors_rule", 3, "allowed_methods"),
            "main.tf:32:25-40",
        ),
        (
            "aws_s3_bucket_cors_configuration.logs",
            ("cors_rule", 0, "allowed_origins", 1),
            "main.tf:33:47-66",
        ),
        (
            "aws_s3_bucket_cors_configuration.logs",
            ("cors_rule", 0, "allowed_origins", 7),
            "main.tf:33:25-67",
        ),
    ],
)
def test_the_place_of_an_argument(address: str, path: tuple[str | int, ...], expected: str) -> None:
    assert at(address, *path) == expected


def test_blocks_in_another_order_are_told_apart_by_what_they_say() -> None:
    place = places().place(RULES)
    assert place is not None
    rules = place.below("rule")
    items = [{"id": "second", "status": "Disabled"}, {"id": "first", "status": "Enabled"}]
    assert [one.node.line for one in rules.elements(items)] == [17, 12]
    assert [one.node.line for one in rules.elements(items[::-1])] == [12, 17]
    # Where no block is one of them, the first stands for all.
    assert [one.node.line for one in rules.elements([{"id": "third"}, {"id": "fourth"}])] == [12, 12]
    assert [one.node.line for one in rules.elements([{"id": "second"}])] == [12]


PLANNED: list[Json] = [
    change(LOGS, {"bucket": "logs", "tags": {"Env": "prod", "Tier": "gold"}, "force_destroy": True}),
    change(
        RULES,
        {
            "rule": [
                {"id": "first", "status": "Enabled", "expiration": []},
                {"id": "second", "status": "Disabled", "expiration": [{"days": 30}]},
            ]
        },
        {"bucket": True, "id": True},
    ),
]


def filled(address: str) -> object:
    written = {LOGS: {"bucket": constant("logs")}, RULES: {"bucket": refers(f"{LOGS}.id")}}
    declared = read(plan(*PLANNED, written=written), places=places()).declared[address]
    shape = shape_for(declared.type)
    assert shape is not None
    node = declared.resolver.resolve(declared.node).node
    filler = Filler(declared.at.source, declared.resolver)
    return filler.section(shape, Spot(node, declared.at), declared.at)


def test_what_a_plan_tells_has_the_place_of_its_source() -> None:
    declared = read(plan(*PLANNED), places=places()).declared[LOGS]
    assert declared.at == Location("main.tf", LOGS, 1, 1, 1, 32)
    assert declared.file == "main.tf"
    bucket = filled_bucket()
    assert bucket["name"] == Location("main.tf", f"{LOGS}.bucket", 2, 12, 2, 18)
    # What is not written by itself stands under the header, whatever the plan has for it.
    assert bucket["force_destroy"] == Location("main.tf", f"{LOGS}.force_destroy", 1, 1, 1, 32)
    assert bucket["tag"] == Location("main.tf", f"{LOGS}.tags.Tier", 5, 5, 5, 9)


def filled_bucket() -> dict[str, Location]:
    from s3audit.model.bucket import Bucket

    declared = read(plan(*PLANNED), places=places()).declared[LOGS]
    shape = shape_for(declared.type)
    assert shape is not None
    node = declared.resolver.resolve(declared.node).node
    made = Filler(declared.at.source, declared.resolver).section(
        shape, Spot(node, declared.at), declared.at, address=LOGS
    )
    assert isinstance(made, Bucket)
    assert isinstance(made.name, Known)
    assert isinstance(made.tags, Known)
    return {
        "name": made.name.at,
        "force_destroy": made.removal.force_destroy.at,
        "tag": made.tags.value[1].at,
    }


def test_nested_blocks_have_their_own_places() -> None:
    from s3audit.collectors.documents.attachments import Attachment
    from s3audit.model.lifecycle import Lifecycle

    made = filled(RULES)
    assert isinstance(made, Attachment)
    assert isinstance(made.targets, Known)
    assert made.targets.value[0].at == Location("main.tf", f"{RULES}.bucket", 10, 12, 10, 33)
    lifecycle = made.value
    assert isinstance(lifecycle, Known)
    assert isinstance(lifecycle.value, Lifecycle)
    assert isinstance(lifecycle.value.rules, Known)
    first, second = lifecycle.value.rules.value
    assert isinstance(first, Known)
    assert isinstance(second, Known)
    assert second.value.status.at == Location("main.tf", f"{RULES}.rule[1].status", 19, 14, 19, 24)
    assert second.value.expiration_days.at.line == 21
    assert isinstance(first.value.expiration_days, Unset)
    assert first.value.expiration_days.at.line == 12


def test_without_a_source_there_is_no_line() -> None:
    declared = read(plan(*PLANNED)).declared[RULES]
    assert declared.at == Location("plan.json", RULES)
    unknown = read(plan(change("aws_s3_bucket.elsewhere", {})), places=places())
    assert unknown.declared["aws_s3_bucket.elsewhere"].at == Location("plan.json", "aws_s3_bucket.elsewhere")


def test_a_dynamic_block_that_the_source_shows_is_not_taken_for_none() -> None:
    text = 'resource "aws_s3_bucket" "logs" {\n  dynamic "logging" {\n    content {}\n  }\n}\n'
    known = Places({".": [read_hcl(text.encode(), "main.tf")[0]]})
    unknown = {"logging": True, "versioning": True, "cors_rule": True}
    made = plan(change(LOGS, {"bucket": "logs"}, unknown), written={LOGS: {}})
    reading = read(made, places=known)
    assert reading.told(LOGS, "logging") == "? how many logging blocks there are is known only after apply"
    assert reading.told(LOGS, "versioning") is None
