from s3audit.check import BUCKETS, CLOUDFORMATION, INFO, TERRAFORM, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unset, when_set
from s3audit.verdict import Verdict, not_applicable

from ._names import of_general

_WITHOUT = frozenset({"me-central-1", "me-south-1"})
"""Regions that have no such namespace."""


@check(
    severity=INFO,
    severity_rule="info: it takes away a risk that few ever meet, and asks for another way of naming",
    needs=(BUCKETS,),
    sources=(CLOUDFORMATION, TERRAFORM),
    fix=Fix(
        cloudformation="""
            # Without a BucketName, or with one that ends in -ACCOUNT-REGION-an.
            BucketNamespace: account-regional
            BucketNamePrefix: shop-orders
            """,
        terraform="""
            # From version 6.37 of the provider; or with a bucket = "..." that ends in -ACCOUNT-REGION-an.
            resource "aws_s3_bucket" "example" {
              bucket_namespace = "account-regional"
              bucket_prefix    = "shop-orders"
            }
            """,
        note="A bucket can't change its namespace: it takes a new one, with another name.",
    ),
    passes=(
        """
        # Nobody but this account can have such a name.
        #: [[expect]]
        #: account_regional_name = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketNamespace: account-regional
              BucketNamePrefix: shop-orders
        """,
        """
        # The same with the whole name; a bucket that nothing is said about is not asked.
        #: [[expect]]
        #: name = "shop-orders-*"
        #: account_regional_name = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketNamespace: account-regional
              BucketName: !Sub shop-orders-${AWS::AccountId}-${AWS::Region}-an
          Photos:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # A name in the namespace that is common to all accounts.
        #: [[expect]]
        #: account_regional_name = true
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              Tags: [{Key: Owner, Value: shop}]
        """,
        """
        # The same, said aloud.
        #: [[expect]]
        #: account_regional_name = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              BucketNamespace: global # <-
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides.
        #: [[expect]]
        #: account_regional_name = true
        Parameters:
          Namespace: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketNamespace: !Ref Namespace # <-
              BucketName: shop-orders
        """,
    ),
)
def account_regional(bucket: Bucket, estate: Estate) -> Verdict:
    """New buckets use the account-regional namespace.

    Once a bucket is deleted, anybody may take its name and receive what is still sent to it. Names of the
    account's own namespace are never anybody else's.
    """
    return of_general(
        bucket,
        lambda: when_set(
            said(bucket, estate, lambda one: one.account_regional_name),
            lambda asked: _judge(bucket) if asked else not_applicable(bucket.at, "it is not asked for"),
            "the configuration does not ask for it",
        ),
    )


def _judge(bucket: Bucket) -> Verdict:
    match bucket.region:
        case Known(region) | Unset(region) if region.literal in _WITHOUT:
            return not_applicable(bucket.at, f"{region} has no such namespace")
        case _:
            return bucket.namespace.is_in("account-regional", what="the namespace")
