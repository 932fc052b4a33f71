"""A fix is done to an example as somebody would who pastes it."""

import pytest
import yaml

from tests.checks import fixes_cloudformation, fixes_terraform
from tests.checks.fixes_cloudformation import FixError

BUCKETS = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: shop-orders
      AccessControl: PublicRead
      Tags:
        - {Key: team, Value: shop}
      LoggingConfiguration:
        LogFilePrefix: orders/
  Logs:
    Type: AWS::S3::Bucket
  First:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Orders
  Second:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: shop-orders
  Other:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Logs
"""


class Long(yaml.SafeLoader):
    """Reads `!Ref A` as {"Ref": "A"}."""


def _long(loader: yaml.SafeLoader, tag: str, node: yaml.ScalarNode) -> object:
    return {tag: loader.construct_scalar(node)}


Long.add_multi_constructor("!", _long)


def in_template(fix: str, judged: str = "Orders") -> dict[str, object]:
    """The resources after the fix."""
    whole = yaml.load(fixes_cloudformation.mend(BUCKETS, fix, "Bucket", judged), Loader=Long)
    found: dict[str, object] = whole["Resources"]
    return found


def test_properties_are_merged_and_lists_and_scalars_replaced() -> None:
    found = in_template("""
Tags: [{Key: owner, Value: us}]
LoggingConfiguration: {DestinationBucketName: !Ref Logs}
DeletionPolicy: Retain
""")
    assert found["Orders"] == {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "BucketName": "shop-orders",
            "AccessControl": "PublicRead",
            "Tags": [{"Key": "owner", "Value": "us"}],
            "LoggingConfiguration": {"LogFilePrefix": "orders/", "DestinationBucketName": {"Ref": "Logs"}},
        },
        "DeletionPolicy": "Retain",
    }


def test_a_resource_takes_the_place_of_those_about_the_same() -> None:
    found = in_template("""
Policy:
  Type: AWS::S3::BucketPolicy
  Properties:
    Bucket: !Ref Bucket
    PolicyDocument:
      Resource: [!GetAtt Bucket.Arn, !Sub "${Bucket.Arn}/${AWS::Region}/${!Bucket}"]
""")
    assert list(found) == ["Orders", "Logs", "First", "Other"]
    assert found["First"] == {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": "Orders"},
            "PolicyDocument": {
                "Resource": [{"GetAtt": "Orders.Arn"}, {"Sub": "${Orders.Arn}/${AWS::Region}/${!Bucket}"}]
            },
        },
    }


def test_a_resource_of_the_same_name_is_replaced_and_the_judged_one_merged() -> None:
    found = in_template("""
Logs:
  Type: AWS::S3::Bucket
  Properties: {BucketName: shop-logs}
Bucket:
  Type: AWS::S3::Bucket
  DependsOn: Logs
""")
    assert found["Logs"] == {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "shop-logs"}}
    assert found["Orders"] == {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "BucketName": "shop-orders",
            "AccessControl": "PublicRead",
            "Tags": [{"Key": "team", "Value": "shop"}],
            "LoggingConfiguration": {"LogFilePrefix": "orders/"},
        },
        "DependsOn": "Logs",
    }


def test_what_is_well_known_need_not_be_declared() -> None:
    found = in_template("BucketEncryption: {Key: !GetAtt Key.Arn}")
    assert found["Key"] == {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True}}


def test_the_judged_one_is_never_its_own_stand_in() -> None:
    found = in_template("LoggingConfiguration: {DestinationBucketName: !Ref Logs}", judged="Logs")
    assert found["Logs"] == {
        "Type": "AWS::S3::Bucket",
        "Properties": {"LoggingConfiguration": {"DestinationBucketName": {"Ref": "Logs2"}}},
    }
    assert found["Logs2"] == {"Type": "AWS::S3::Bucket"}


def test_what_nobody_declares_is_no_fix() -> None:
    with pytest.raises(FixError, match="the fix names Attic: declare it in the fix or in the example"):
        in_template("LoggingConfiguration: {DestinationBucketName: !Ref Attic}")


MODULE = """
resource "aws_s3_bucket" "orders" {
  bucket = "shop-orders"
  acl    = "public-read"
  versioning {
    enabled = false
  }
}

resource "aws_s3_bucket_versioning" "one" { # <-
  bucket = aws_s3_bucket.orders.id
}

resource "aws_s3_bucket_versioning" "two" {
  bucket = "shop-orders"
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id
}

resource "aws_s3_bucket" "logs" {
  depends_on = [aws_s3_bucket_versioning.one]
}
"""
REST = """
resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id
}

resource "aws_s3_bucket" "logs" {
  depends_on = [aws_s3_bucket_versioning.one]
}
"""


def in_module(fix: str, judged: str = "aws_s3_bucket.orders", module: str = MODULE) -> str:
    return fixes_terraform.mend(module, fix, judged)


def test_a_block_takes_the_place_of_those_about_the_same() -> None:
    fix = """
        resource "aws_s3_bucket_versioning" "example" {
          bucket = aws_s3_bucket.example.id # as it was
          mfa    = "SERIAL CODE"
        }
        """
    bucket = MODULE.split("\n\n", 1)[0].lstrip()
    assert in_module(fix) == (
        f"{bucket}\n\n"
        'resource "aws_s3_bucket_versioning" "one" {\n'
        "  bucket = aws_s3_bucket.orders.id # as it was\n"
        '  mfa    = "SERIAL CODE"\n'
        f"}}\n{REST}"
    )


def test_arguments_and_nested_blocks_are_those_of_the_judged_block() -> None:
    fix = """
        acl = null
        versioning {
          enabled = true
        }
        """
    whole = (
        'resource "aws_s3_bucket" "orders" {\n  bucket = "shop-orders"\n  acl = null\n  versioning {\n'
        "    enabled = true\n  }\n}\n"
    )
    assert in_module(fix).startswith(whole)
    inside = f'resource "aws_s3_bucket" "example" {{{fix}}}'
    assert in_module(inside).startswith(whole)


def test_a_removed_block_takes_away_those_of_its_type() -> None:
    found = in_module(
        "removed {\n  from = aws_s3_bucket_versioning.example\n}",
        module=MODULE.split("two", 1)[0] + 'x" {\n}',
    )
    assert found == MODULE.split("\n\n", 1)[0].lstrip() + '\n\nresource "aws_s3_bucket_versioning" "x" {\n}\n'


def test_a_judged_block_with_an_index_keeps_it() -> None:
    fix = 'resource "aws_s3_bucket_acl" "example" {\n  bucket = aws_s3_bucket.example.id\n}'
    module = 'resource "aws_s3_bucket" "orders" {\n  count = 1\n}\n'
    added = 'resource "aws_s3_bucket_acl" "example" {\n  bucket = aws_s3_bucket.orders[0].id\n}\n'
    assert in_module(fix, "aws_s3_bucket.orders[0]", module) == f"{module}\n{added}"


def test_the_judged_block_is_never_its_own_stand_in() -> None:
    fix = """
        resource "aws_s3_bucket_logging" "example" {
          bucket        = aws_s3_bucket.example.id
          target_bucket = aws_s3_bucket.logs.id
        }
        """
    module = 'resource "aws_s3_bucket" "logs" {\n}\n'
    assert in_module(fix, "aws_s3_bucket.logs", module) == (
        f'{module}\nresource "aws_s3_bucket_logging" "example" {{\n'
        "  bucket        = aws_s3_bucket.logs.id\n"
        "  target_bucket = aws_s3_bucket.logs_2.id\n}\n\n"
        'resource "aws_s3_bucket" "logs_2" {\n}\n'
    )


def test_what_no_block_declares_is_no_fix() -> None:
    with pytest.raises(FixError, match=r"the fix names aws_s3_bucket\.attic: declare it"):
        in_module('resource "aws_s3_bucket_acl" "x" {\n  bucket = aws_s3_bucket.attic.id\n}')
    with pytest.raises(FixError, match=r"never closed.*\(line 1\)"):
        in_module('resource "aws_s3_bucket_acl" "x" {')
