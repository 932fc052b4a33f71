"""What attributes give before anything is made, and the addresses of what they belong to."""

import pytest

from s3audit.collectors.documents.resolved import Partial
from s3audit.collectors.documents.tree import Scalar
from s3audit.collectors.terraform.records.addresses import Address, Step, in_module, key_of, parse, steps
from s3audit.collectors.terraform.references import identifies, made_up, naming, reference
from s3audit.text import Opaque, Text, text
from tests.cloudformation.stacks import evaluator_of, output

LOGS = "aws_s3_bucket.logs"
NAMED = """
Resources:
  Logs: {Type: 'AWS::S3::Bucket', Properties: {BucketName: logs}}
  Zonal: {Type: 'AWS::S3Express::DirectoryBucket', Properties: {BucketName: logs, LocationName: usw2-az1}}
  Tables: {Type: 'AWS::S3Tables::TableBucket', Properties: {TableBucketName: logs}}
  Vectors: {Type: 'AWS::S3Vectors::VectorBucket', Properties: {VectorBucketName: logs}}
Outputs:
"""


def in_cloudformation(value: str) -> Text:
    node = output(evaluator_of(f"{NAMED}  It: {{Value: {value}}}\n"), "It").node
    if isinstance(node, Partial):
        return node.text
    assert isinstance(node, Scalar)
    return text(node.value)


@pytest.mark.parametrize(
    ("kind", "attribute", "expression"),
    [
        ("aws_s3_bucket", "id", "!Ref Logs"),
        ("aws_s3_bucket", "bucket", "!Ref Logs"),
        ("aws_s3_bucket", "arn", "!GetAtt Logs.Arn"),
        ("aws_s3_bucket", "bucket_domain_name", "!GetAtt Logs.DomainName"),
        ("aws_s3_bucket", "bucket_regional_domain_name", "!GetAtt Logs.RegionalDomainName"),
        ("data.aws_s3_bucket", "arn", "!GetAtt Logs.Arn"),
        ("aws_s3_directory_bucket", "id", "!Ref Zonal"),
        ("aws_s3_directory_bucket", "arn", "!GetAtt Zonal.Arn"),
        ("aws_s3tables_table_bucket", "arn", "!Ref Tables"),
        ("aws_s3vectors_vector_bucket", "vector_bucket_arn", "!GetAtt Vectors.VectorBucketArn"),
        ("data.aws_caller_identity", "account_id", "!Ref AWS::AccountId"),
        ("data.aws_region", "name", "!Ref AWS::Region"),
        ("data.aws_region", "region", "!Ref AWS::Region"),
        ("data.aws_partition", "partition", "!Ref AWS::Partition"),
        ("data.aws_partition", "dns_suffix", "!Ref AWS::URLSuffix"),
    ],
)
def test_the_same_as_cloudformation_says(kind: str, attribute: str, expression: str) -> None:
    assert reference(kind, f"{kind}.it", attribute, text("logs")) == in_cloudformation(expression)


def test_a_bucket_of_which_no_name_is_known_is_known_by_itself() -> None:
    own = Opaque(f"{LOGS}.id", LOGS)
    assert reference("aws_s3_bucket", LOGS, "bucket", None) == Text((own,))
    partition = Opaque("AWS::Partition", given=True)
    assert reference("aws_s3_bucket", LOGS, "arn", None) == text("arn:", partition, ":s3:::", own)
    # Somebody else's may be one of these.
    other = "data.aws_s3_bucket.other"
    assert reference("data.aws_s3_bucket", other, "id", None) == Text((Opaque(f"{other}.id"),))


def test_a_website_is_known_but_for_its_region() -> None:
    made = reference("aws_s3_bucket", LOGS, "website_endpoint", text("logs"))
    assert made == text("logs.s3-website", Opaque(f"{LOGS}.website_endpoint"))
    part = "aws_s3_bucket_website_configuration.logs"
    made = reference(part.partition(".")[0], part, "website_endpoint", text("logs"))
    assert made == text("logs.s3-website", Opaque(f"{part}.website_endpoint"))


@pytest.mark.parametrize(
    ("kind", "attribute", "is_own"),
    [
        ("aws_kms_key", "arn", True),
        ("aws_kms_key", "key_id", True),
        ("aws_iam_role", "name", True),
        ("aws_iam_role", "unique_id", True),
        ("aws_iam_policy", "arn", True),
        ("aws_cloudfront_distribution", "domain_name", True),
        ("aws_cloudfront_origin_access_identity", "iam_arn", True),
        ("aws_cloudfront_origin_access_identity", "s3_canonical_user_id", True),
        ("aws_s3_access_point", "alias", True),
        ("aws_sqs_queue", "url", True),
        ("aws_kms_alias", "target_key_arn", False),
        ("aws_kms_key", "policy", False),
        ("aws_iam_role_policy", "id", False),
        ("aws_sqs_queue_policy", "id", False),
        ("aws_s3_bucket_policy", "id", False),
        ("aws_iam_role_policy_attachment", "id", False),
        ("aws_route53_record", "alias", False),
        ("data.aws_iam_role", "arn", False),
    ],
)
def test_only_what_names_a_resource_is_its_own(kind: str, attribute: str, is_own: bool) -> None:
    address = f"{kind}.it"
    assert identifies(kind, attribute) is is_own
    if not naming(kind):
        origin = f"{address}.{attribute}"
        assert reference(kind, address, attribute, None) == Text((Opaque(origin, address if is_own else ""),))


def test_what_is_known_before_anything_is_made() -> None:
    for kind, attribute in (("aws_elb_service_account", "arn"), ("aws_canonical_user_id", "id")):
        [part] = reference(f"data.{kind}", f"data.{kind}.it", attribute, None).opaque
        assert part == Opaque(f"data.{kind}.it.{attribute}", given=True)


def test_what_is_declared_beside_a_bucket_is_known_by_its_name() -> None:
    assert naming("aws_s3_bucket_versioning") == "bucket"
    kind = "aws_s3_bucket_versioning"
    assert reference(kind, f"{kind}.it", "id", text("logs")) == text("logs")
    assert reference(kind, f"{kind}.it", "bucket", None) == Text((Opaque(f"{kind}.it.id"),))
    assert naming("aws_kms_key") == ""


def test_names_that_the_provider_makes_up_begin_as_it_makes_them() -> None:
    assert str(made_up(LOGS)) == "terraform-${aws_s3_bucket.logs.id}"
    assert str(made_up(LOGS, text("logs-", Opaque("var.env")))) == "logs-${var.env}${aws_s3_bucket.logs.id}"
    assert [part.resource for part in made_up(LOGS).opaque] == [LOGS]


# Addresses.


@pytest.mark.parametrize(
    ("address", "parsed"),
    [
        (LOGS, Address((), "managed", "aws_s3_bucket", "logs", "")),
        (f"{LOGS}[0]", Address((), "managed", "aws_s3_bucket", "logs", "[0]")),
        (f"{LOGS}[*]", Address((), "managed", "aws_s3_bucket", "logs", "[*]")),
        (f"data.{LOGS}", Address((), "data", "aws_s3_bucket", "logs", "")),
        (f"ephemeral.{LOGS}", Address((), "ephemeral", "aws_s3_bucket", "logs", "")),
        (
            r'module.a["x.y]\"z"].module.b[0].data.aws_s3_bucket.logs["é"]',
            Address((Step("a", r'["x.y]\"z"]'), Step("b", "[0]")), "data", "aws_s3_bucket", "logs", '["é"]'),
        ),
        ("module.data.aws_s3_bucket.logs", Address((Step("data"),), "managed", "aws_s3_bucket", "logs", "")),
        (
            "module.module.aws_s3_bucket.logs",
            Address((Step("module"),), "managed", "aws_s3_bucket", "logs", ""),
        ),
        *(
            (odd, None)
            for odd in ("", "a", "a.", "a..b", "a.b.c", "a[0].b", "a.b[", 'a.b["x]', "module.a", ".a.b")
        ),
    ],
)
def test_the_parts_of_an_address(address: str, parsed: Address | None) -> None:
    assert parse(address) == parsed
    if parsed is not None:
        assert in_module(parsed.modules, parsed.block, parsed.key) == address


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("", None),
        ("[*]", None),
        ("[12]", 12),
        ('["eu"]', "eu"),
        (r'["a\"b\\c"]', 'a"b\\c'),
        ('["$${x} %%{y}"]', "${x} %{y}"),
        (r'["\q"]', r"\q"),
    ],
)
def test_the_key_of_an_instance(written: str, key: str | int | None) -> None:
    assert key_of(written) == key


def test_the_steps_of_a_reference() -> None:
    assert steps('module.m["k"].out.x') == [Step("module"), Step("m", '["k"]'), Step("out"), Step("x")]
    assert steps("a b") == [Step("a b")]
    assert steps("a[x]") is None
