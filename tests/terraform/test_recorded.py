"""Plans and states as a user scans them: what is judged, where findings point to, what the source adds."""

import json
from pathlib import Path
from typing import Any

import pytest

import s3audit
from s3audit.finding import Finding, Report

SOURCE = """\
variable "env" {
  type = string
}

resource "aws_s3_bucket" "orders" {
  bucket = "shop-orders-${var.env}"
}

resource "aws_s3_bucket_versioning" "orders" {
  bucket = aws_s3_bucket.orders.id
  versioning_configuration {
    status = var.env == "prod" ? "Enabled" : "Suspended"
  }
}

resource "aws_s3_bucket_policy" "orders" {
  bucket = aws_s3_bucket.orders.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.orders.arn, "${aws_s3_bucket.orders.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
"""
BUCKET, VERSIONING, POLICY = (
    "aws_s3_bucket.orders",
    "aws_s3_bucket_versioning.orders",
    "aws_s3_bucket_policy.orders",
)
REFERENCE = {"references": ["aws_s3_bucket.orders.id", "aws_s3_bucket.orders"]}


def change(address: str, after: dict[str, Any], unknown: dict[str, Any], *actions: str) -> dict[str, Any]:
    kind, name = address.split(".")
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "change": {"actions": list(actions or ["create"]), "after": after, "after_unknown": unknown},
    }


def plan(*changes: dict[str, Any], expressions: dict[str, Any], **more: Any) -> dict[str, Any]:
    shared = ("address", "mode", "type", "name")
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {
            "root_module": {
                "resources": [
                    {**{key: one[key] for key in shared}, "values": one["change"]["after"]}
                    for one in changes
                    if one["change"]["actions"] != ["delete"]
                ]
            }
        },
        "resource_changes": list(changes),
        "configuration": {
            "root_module": {
                "resources": [
                    {
                        **{key: one[key] for key in shared},
                        "expressions": expressions.get(one["address"], {}),
                    }
                    for one in changes
                ]
            }
        },
        **more,
    }


def new_stack(status: str = "Suspended") -> dict[str, Any]:
    return plan(
        change(BUCKET, {"bucket": "shop-orders-dev"}, {"id": True, "arn": True, "versioning": True}),
        change(
            VERSIONING,
            {"versioning_configuration": [{"status": status}]},
            {"bucket": True, "versioning_configuration": [{"mfa_delete": True}]},
        ),
        change(POLICY, {}, {"bucket": True, "policy": True}),
        expressions={
            BUCKET: {"bucket": {"references": ["var.env"]}},
            VERSIONING: {
                "bucket": REFERENCE,
                "versioning_configuration": [{"status": {"references": ["var.env"]}}],
            },
            POLICY: {
                "bucket": REFERENCE,
                "policy": {"references": ["aws_s3_bucket.orders.arn", "aws_s3_bucket.orders"]},
            },
        },
        variables={"env": {"value": "dev"}},
    )


def scan(folder: Path, document: dict[str, Any], name: str = "plan.json", **more: Any) -> Report:
    file = folder / name
    file.write_text(json.dumps(document), encoding="utf-8")
    return s3audit.scan([file], severity="info", **more)


def of(report: Report, check: str) -> Finding:
    (found,) = (finding for finding in report.findings if finding.check == check)
    return found


def place(finding: Finding) -> tuple[str, int, int]:
    at = finding.evidence[0].at
    return Path(at.source).name, at.line, at.column


def test_a_new_bucket_is_known_by_the_references_to_it(tmp_path: Path) -> None:
    report = scan(tmp_path, new_stack())
    assert not report.problems
    found = of(report, "versioning-enabled")
    assert (found.status, found.subject.address) == ("fail", BUCKET)
    # A plan has no lines.
    assert place(found) == ("plan.json", 0, 0)
    assert found.evidence[0].at.address.startswith(VERSIONING)


def test_what_is_known_only_after_apply_is_unknown(tmp_path: Path) -> None:
    assert of(scan(tmp_path, new_stack()), "transport-tls-required").status == "unknown"


def test_with_the_source_beside_it_findings_point_there(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(SOURCE, encoding="utf-8")
    report = scan(tmp_path, new_stack())
    assert place(of(report, "versioning-enabled")) == ("main.tf", 12, 14)
    assert place(of(report, "access-bucket-public-access-block")) == ("main.tf", 5, 1)


def test_the_source_tells_what_the_plan_does_not(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(SOURCE, encoding="utf-8")
    found = of(scan(tmp_path, new_stack()), "transport-tls-required")
    assert (found.status, place(found)) == ("pass", ("main.tf", 20, 7))


def test_the_plan_knows_more_than_the_source(tmp_path: Path) -> None:
    """The variable has no default: what the plan was made with counts, in the source too."""
    (tmp_path / "main.tf").write_text(SOURCE, encoding="utf-8")
    document = new_stack("Enabled")
    document["variables"] = {"env": {"value": "prod"}}
    document["resource_changes"][0]["change"]["after"]["bucket"] = "shop-orders-prod"
    report = scan(tmp_path, document)
    found = of(report, "versioning-enabled")
    assert (found.status, found.when, report.problems) == ("pass", (), ())


def test_a_named_state_that_is_spoilt_is_said(tmp_path: Path) -> None:
    (problem,) = scan(tmp_path, {**STATE, "resources": "x"}, "terraform.tfstate").problems
    assert problem.kind == "unreadable"
    assert problem.message == (
        "The resources can't be read, and what they hold is not judged: Expected `array`, got `str`. Give the file as"
        " `terraform show -json` prints it."
    )
    assert s3audit.scan([tmp_path]).problems == ()


def test_the_source_may_lie_elsewhere(tmp_path: Path) -> None:
    source = tmp_path / "infra"
    source.mkdir()
    (source / "main.tf").write_text(SOURCE, encoding="utf-8")
    assert place(of(scan(tmp_path, new_stack()), "versioning-enabled"))[0] == "plan.json"
    report = scan(tmp_path, new_stack(), source_dir=source)
    assert place(of(report, "versioning-enabled")) == ("main.tf", 12, 14)


def test_what_is_deleted_is_not_judged(tmp_path: Path) -> None:
    document = plan(change(BUCKET, {}, {}, "delete"), expressions={})
    assert scan(tmp_path, document).findings == ()


@pytest.mark.parametrize("actions", [("delete", "create"), ("create", "delete"), ("update",), ("no-op",)])
def test_what_is_replaced_or_stays_is(tmp_path: Path, actions: tuple[str, ...]) -> None:
    document = plan(change(BUCKET, {"bucket": "b"}, {}, *actions), expressions={})
    assert {finding.subject.address for finding in scan(tmp_path, document).findings} == {BUCKET}


def test_of_planned_values_alone_nothing_is_known_to_be_absent(tmp_path: Path) -> None:
    resources = [
        {"address": BUCKET, "mode": "managed", "type": "aws_s3_bucket", "name": "orders", "values": values}
        for values in ({"bucket": "shop-orders", "acl": None},)
    ]
    policy = {"address": POLICY, "mode": "managed", "type": "aws_s3_bucket_policy", "name": "orders"}
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": [*resources, {**policy, "values": {}}]}},
    }
    report = scan(tmp_path, document)
    assert [problem.kind for problem in report.problems] == ["partial"]
    statuses = {f.status for f in report.findings if f.check == "transport-tls-required"}
    assert statuses == {"unknown"}


def test_sensitive_values_are_never_shown(tmp_path: Path) -> None:
    secret = "s3cr3t-name"
    document = plan(
        {**change(BUCKET, {"bucket": secret, "tags": {"key": secret}}, {})},
        expressions={BUCKET: {"bucket": {"references": ["var.name"]}}},
    )
    document["resource_changes"][0]["change"]["after_sensitive"] = {"bucket": True, "tags": True}
    document["planned_values"]["root_module"]["resources"][0]["sensitive_values"] = {
        "bucket": True,
        "tags": True,
    }
    report = scan(tmp_path, document, show=["fail", "unknown", "pass", "not_applicable"])
    assert report.findings
    from s3audit.finding import Sheet
    from s3audit.renderers import FORMATS, render

    for form in FORMATS:
        assert secret not in render(form, report, Sheet(lines=lambda _: None))


STATE: dict[str, Any] = {
    "version": 4,
    "terraform_version": "1.11.4",
    "serial": 7,
    "lineage": "0c7f4a1e",
    "outputs": {},
    "resources": [
        {
            "mode": "managed",
            "type": "aws_s3_bucket",
            "name": "orders",
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [
                {
                    "schema_version": 0,
                    "attributes": {
                        "bucket": "shop-orders",
                        "id": "shop-orders",
                        "arn": "arn:aws:s3:::shop-orders",
                        "policy": "",
                        "versioning": [{"enabled": True, "mfa_delete": False}],
                        "logging": [],
                        "grant": [
                            {
                                "id": "9f2c",
                                "permissions": ["FULL_CONTROL"],
                                "type": "CanonicalUser",
                                "uri": "",
                            }
                        ],
                    },
                    "sensitive_attributes": [],
                }
            ],
        },
        {
            "mode": "managed",
            "type": "aws_s3_bucket_versioning",
            "name": "orders",
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [
                {
                    "attributes": {
                        "bucket": "shop-orders",
                        "versioning_configuration": [{"status": "Suspended", "mfa_delete": ""}],
                    }
                }
            ],
        },
    ],
}


def test_in_a_state_what_is_declared_beside_a_bucket_goes_before_what_was_seen_of_it(tmp_path: Path) -> None:
    report = scan(tmp_path, STATE, "terraform.tfstate")
    assert not report.problems
    assert of(report, "versioning-enabled").status == "fail"
    # Both come from one declaration: nobody wrote it twice.
    assert of(report, "template-duplicate-subresource").status == "pass"
    # The owner's own grant gives nothing away.
    assert of(report, "acl-disabled").status == "pass"
    assert of(report, "logging-enabled").status == "fail"


def test_a_state_that_is_shown_says_the_same(tmp_path: Path) -> None:
    resources = [
        {
            "address": f"{one['type']}.{one['name']}",
            "mode": one["mode"],
            "type": one["type"],
            "name": one["name"],
            "values": one["instances"][0]["attributes"],
        }
        for one in STATE["resources"]
    ]
    shown = {
        "format_version": "1.0",
        "terraform_version": "1.11.4",
        "values": {"root_module": {"resources": resources}},
    }
    stored = scan(tmp_path, STATE, "terraform.tfstate").findings
    told = scan(tmp_path, shown, "state.json").findings
    assert [(f.check, f.status, f.message) for f in told] == [(f.check, f.status, f.message) for f in stored]


def test_a_saved_plan_needs_to_be_shown_first(tmp_path: Path) -> None:
    file = tmp_path / "tfplan"
    file.write_bytes(b"PK\x03\x04" + bytes(26) + b"tfplan" + bytes(100))
    (problem,) = s3audit.scan([file]).problems
    assert "terraform show -json" in problem.message


def test_a_value_for_a_plan_is_not_used(tmp_path: Path) -> None:
    found = scan(tmp_path, new_stack(), variables={"env": "prod"})
    assert [str(one.message) for one in found.problems] == [
        "The value of 'env' is not used: a plan or a state has the values that it was made with."
    ]


def test_a_file_of_variables_is_nothing_to_judge(tmp_path: Path) -> None:
    file = tmp_path / "prod.tfvars"
    file.write_text('env = "prod"\n', encoding="utf-8")
    (problem,) = s3audit.scan([file]).problems
    assert "--var-file" in problem.message
    assert s3audit.scan([tmp_path]).problems == ()


def test_a_plan_may_be_larger_than_a_template(tmp_path: Path) -> None:
    document = new_stack()
    document["planned_values"]["root_module"]["resources"].append(
        {"address": "null_resource.x", "mode": "managed", "type": "null_resource", "name": "x", "values": {}}
    )
    document["prior_state"] = {"padding": "x" * 10_500_000}
    assert of(scan(tmp_path, document), "versioning-enabled").status == "fail"
    (problem,) = scan(tmp_path, document, max_size=1_000_000).problems
    assert problem.kind == "unreadable"


def test_an_encrypted_state_can_not_be_read(tmp_path: Path) -> None:
    document = {
        "serial": 1,
        "lineage": "4cd89443",
        "meta": {},
        "encrypted_data": "Qw==",
        "encryption_version": "v0",
    }
    (problem,) = scan(tmp_path, document, "terraform.tfstate").problems
    assert (problem.kind, "encrypted by OpenTofu" in problem.message) == ("unreadable", True)


def test_the_messages_of_a_plan_are_not_the_plan(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    line = {"@level": "info", "@message": "aws_s3_bucket.b: Plan to create", "@module": "terraform.ui"}
    file.write_text(f"{json.dumps(line)}\n" * 2, encoding="utf-8")
    (problem,) = s3audit.scan([file]).problems
    assert (problem.kind, "terraform show -json PLAN" in problem.message) == ("unreadable", True)
    assert s3audit.scan([tmp_path]).problems == ()


NAMED = """\
resource "aws_s3_bucket" "orders" {
  %s
}

resource "aws_s3_bucket_policy" "orders" {
  bucket = %s.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [%s.arn, "${%s.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
  %s
}
"""


def _instances(around: str, key: str, names: Any) -> dict[str, Any]:
    """A plan of a bucket with its policy, made for each of the names."""
    changes = []
    for kind, after, unknown in (
        ("aws_s3_bucket", {"bucket": "x"}, {"id": True, "arn": True}),
        ("aws_s3_bucket_policy", {}, {"bucket": True, "policy": True}),
    ):
        one = change(f"{kind}.orders", after, unknown)
        changes.append({**one, "address": f"{around}{kind}.orders{key}"})
    document = plan(*changes, expressions={}, variables={"names": {"value": names}})
    del document["configuration"], document["planned_values"]
    return {**document, "planned_values": {}}


@pytest.mark.parametrize(
    ("kind", "names"),
    [("set(string)", ["x"]), ("map(object({ a = optional(string) }))", {"x": {}}), ("map(string)", {"x": 1})],
)
def test_the_values_of_a_plan_have_the_types_of_their_variables(
    tmp_path: Path, kind: str, names: Any
) -> None:
    """A plan has a list for a set, which `for_each` takes only of the right type."""
    variable = f'variable "names" {{\n  type = {kind}\n}}\n'
    each, key = "for_each = var.names", "aws_s3_bucket.orders[each.key]"
    own = NAMED % (f"{each}\n  bucket = each.key", key, key, key, each)
    (tmp_path / "main.tf").write_text(variable + own, encoding="utf-8")
    found = of(scan(tmp_path, _instances("", '["x"]', names)), "transport-tls-required")
    assert (found.status, place(found)[0]) == ("pass", "main.tf")

    inner = tmp_path / "inner"
    inner.mkdir()
    bucket = "aws_s3_bucket.orders"
    text = 'variable "name" {\n  type = string\n}\n' + NAMED % (
        "bucket = var.name",
        bucket,
        bucket,
        bucket,
        "",
    )
    (inner / "main.tf").write_text(text, encoding="utf-8")
    call = f'module "site" {{\n  source = "./inner"\n  {each}\n  name = each.key\n}}\n'
    (tmp_path / "main.tf").write_text(variable + call, encoding="utf-8")
    found = of(scan(tmp_path, _instances('module.site["x"].', "", names)), "transport-tls-required")
    assert (found.status, Path(found.evidence[0].at.source).parent.name) == ("pass", "inner")


@pytest.mark.parametrize(("written", "status"), [('"1"', "pass"), ('"true"', "pass"), ('"0"', "fail")])
def test_booleans_in_quotes(tmp_path: Path, written: str, status: str) -> None:
    flags = "".join(
        f"  {name} = {written}\n"
        for name in (
            "block_public_acls",
            "block_public_policy",
            "ignore_public_acls",
            "restrict_public_buckets",
        )
    )
    source = f'resource "aws_s3_bucket_public_access_block" "b" {{\n  bucket = "shop"\n{flags}}}\n'
    (tmp_path / "main.tf").write_text(source, encoding="utf-8")
    report = s3audit.scan([tmp_path], select=["access-bucket-public-access-block"])
    assert [finding.status for finding in report.findings] == [status]
