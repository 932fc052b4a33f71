from s3audit.check import (
    BUCKETS,
    CLOUDFORMATION,
    MEDIUM,
    TABLE_BUCKETS,
    TERRAFORM,
    VECTOR_BUCKETS,
    Fix,
    check,
)
from s3audit.intent import said
from s3audit.model.base import Resource, Tag
from s3audit.model.bucket import Bucket, Removal
from s3audit.model.estate import Estate
from s3audit.model.table_bucket import TableBucket
from s3audit.model.vector_bucket import VectorBucket
from s3audit.setting import Known, Setting, Unset, some_of, when_set
from s3audit.text import Text
from s3audit.verdict import Severity, Status, Verdict, unless

_STAGES = ("env", "environment", "stage")
_FOR_TRIALS = ("ci", "demo", "dev", "development", "preview", "sandbox", "test", "testing")


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: one destroy, or one change that replaces the bucket, loses everything in it; low where a tag says"
        " that it is for development or tests, and where it is stateful and would only go if it is empty"
    ),
    needs=(BUCKETS, TABLE_BUCKETS, VECTOR_BUCKETS),
    sources=(CLOUDFORMATION, TERRAFORM),
    fix=Fix(
        cloudformation="""
            Leave autoDeleteObjects out of the bucket in CDK, which leaves out Custom::S3AutoDeleteObjects.
            """,
        terraform="""
            resource "aws_s3_bucket" "example" {
              force_destroy = false
              lifecycle {
                prevent_destroy = true
              }
            }
            """,
        note="A stateful bucket also takes DeletionPolicy and UpdateReplacePolicy Retain, beside its Type.",
    ),
    passes=(
        """
        # Nothing empties it, so that neither can remove it with data in it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            DeletionPolicy: Delete
          Scratch:
            Type: AWS::S3Express::DirectoryBucket
            Properties: {LocationName: euw1-az1, DataRedundancy: SingleAvailabilityZone}
        """,
        """
        # A stateful bucket that stays when its stack goes.
        #: [[expect]]
        #: name = "orders"
        #: stateful = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            DeletionPolicy: RetainExceptOnCreate
            UpdateReplacePolicy: Retain
            Properties:
              BucketName: orders
        """,
        """
        # As a refusal is wanted.
        resource "aws_s3_bucket" "orders" {
          bucket        = "shop-orders"
          force_destroy = false
        }
        resource "aws_s3tables_table_bucket" "sales" {
          name = "shop-sales"
        }
        resource "aws_s3vectors_vector_bucket" "texts" {
          vector_bucket_name = "shop-texts"
          force_destroy      = "false"
        }
        """,
    ),
    fails=(
        """
        # CDK adds this for autoDeleteObjects: a function that deletes all objects before the bucket goes.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersAutoDeleteObjectsCustomResource: # <-
            Type: Custom::S3AutoDeleteObjects
            Properties:
              ServiceToken: arn:aws:lambda:eu-west-1:111122223333:function:empty
              BucketName: !Ref Orders
        """,
        """
        # A table bucket and a directory bucket with all that is in them.
        resource "aws_s3tables_table_bucket" "sales" {
          name          = "shop-sales"
          force_destroy = true # <-
        }
        resource "aws_s3_directory_bucket" "scratch" {
          bucket        = "scratch--euw1-az1--x-s3"
          force_destroy = true # <-
          location {
            name = "euw1-az1"
          }
        }
        """,
        """
        # Low: a tag says that it is for tests.
        resource "aws_s3_bucket" "orders" {
          bucket        = "shop-orders"
          force_destroy = true # <-
          tags = {
            Environment = "test"
          }
        }
        """,
        """
        # Low: a stateful bucket goes with its stack if it is empty, and is left behind, in no stack, if it is not.
        #: [[expect]]
        #: name = "orders"
        #: stateful = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            DeletionPolicy: Delete # <-
            UpdateReplacePolicy: Retain
            Properties:
              BucketName: orders
        """,
    ),
    unsure=(
        """
        # It is read from elsewhere.
        data "aws_ssm_parameter" "scratch" {
          name = "scratch"
        }
        resource "aws_s3_bucket" "orders" {
          bucket        = "shop-orders"
          force_destroy = data.aws_ssm_parameter.scratch.value # <-
        }
        """,
        """
        # Which bucket is emptied is not told.
        Parameters:
          Name: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties: {BucketName: orders}
          OrdersAutoDeleteObjectsCustomResource: # <-
            Type: Custom::S3AutoDeleteObjects
            Properties:
              ServiceToken: arn:aws:lambda:eu-west-1:111122223333:function:empty
              BucketName: !Ref Name
        """,
    ),
)
def force_destroy(bucket: Bucket | TableBucket | VectorBucket, estate: Estate) -> Verdict:
    """IaC cannot delete a bucket with its data.

    A bucket that holds something can't be deleted, and that has saved much data. This setting empties it first, so a
    renamed resource or a destroy in the wrong folder takes everything.
    """
    emptied = bucket.removal.force_destroy.is_in(True, what="emptying it before it is deleted")
    kept = ~emptied
    if kept.status is Status.FAIL and _is_for_trials(bucket):
        kept = kept.at_severity(Severity.LOW)
    if bucket.origin != CLOUDFORMATION or not isinstance(bucket, Bucket):
        return kept
    stateful = when_set(
        said(bucket, estate, lambda one: one.stateful),
        lambda is_so: Verdict(Status.PASS if is_so else Status.FAIL),
        Verdict(Status.FAIL),
        what="whether it is stateful",
    )
    return kept & unless(~stateful, "it may go with its stack", lambda: _stays(bucket.removal))


def _stays(removal: Removal) -> Verdict:
    """Whether CloudFormation leaves it alone when its declaration goes."""
    deleted = removal.deletion_policy.is_in("Retain", "RetainExceptOnCreate", what="the DeletionPolicy")
    replaced = removal.update_replace_policy.is_in("Retain", what="the UpdateReplacePolicy")
    return (deleted & replaced).at_severity(Severity.LOW)


def _is_for_trials(bucket: Resource) -> bool:
    """Whether a tag says so; it only takes something off the severity."""
    return some_of(bucket.tags, _says_trials).status is Status.PASS


def _says_trials(tag: Tag) -> Verdict:
    is_stage = _word(tag.key) in _STAGES and _word(tag.value) in _FOR_TRIALS
    return Verdict(Status.PASS if is_stage else Status.FAIL)


def _word(setting: Setting[Text]) -> str:
    match setting:
        case Known(told) | Unset(told):
            return (told.literal or "").lower()
        case _:
            return ""
