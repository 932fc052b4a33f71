from s3audit.check import BUCKETS, CLOUDFORMATION, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, not_applicable, unknown

from ._names import is_made_up, judged, of_general
from ._rules import GENERAL, judge, judge_common, judge_own, judge_start


@check(
    severity=MEDIUM,
    severity_rule="medium: the deployment fails, and it may be half done by then",
    needs=(BUCKETS,),
    sources=(CLOUDFORMATION, TERRAFORM),
    peers={"cfn_lint": ("E1161",), "tflint": ("aws_s3_bucket_name",)},
    fix=Fix(
        cloudformation="""
            # Lower-case letters, digits and hyphens; or leave it out, and CloudFormation makes one up.
            BucketName: shop-orders
            """,
        terraform="""
            # Lower-case letters, digits and hyphens; or leave it out, and the provider makes one up.
            resource "aws_s3_bucket" "example" {
              bucket = "shop-orders"
            }
            """,
        note="A bucket that is there already can't be renamed: another name makes another bucket.",
    ),
    passes=(
        """
        # Letters, digits and hyphens; also with the account and the Region in the name, and one that is made up.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders-2
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Sub shop-invoices-${AWS::AccountId}-${AWS::Region}
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # In the account's own namespace the name ends with account, Region and -an.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketNamespace: account-regional
              BucketName: !Sub shop-orders-${AWS::AccountId}-${AWS::Region}-an
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketNamespace: account-regional
              BucketNamePrefix: shop-invoices
        """,
        """
        # Dots are legal.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: www.example.com
        """,
    ),
    fails=(
        """
        # Capital letters and underscores.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: Shop_Orders # <-
        """,
        """
        # A known part is enough: a name that ends with a hyphen, whatever stands before it.
        Parameters:
          Team: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Sub orders-${Team}- # <-
        """,
        """
        # It looks like an IP address.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: 192.168.5.4 # <-
        """,
        """
        # With account and Region it gets too long.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Sub orders-of-the-shop-in-the-old-town-and-others-${AWS::AccountId}-${AWS::Region}-x # <-
        """,
        """
        # An end that is kept for aliases of access points, and one that is kept for an account's own names.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders-s3alias # <-
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Sub shop-invoices-${AWS::AccountId}-${AWS::Region}-an # <-
        """,
        """
        # In the account's own namespace another name is refused.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketNamespace: account-regional
              BucketName: shop-orders # <-
        """,
        """
        # The beginning of a name that is made up.
        resource "aws_s3_bucket" "orders" {
          bucket_prefix = "Orders-" # <-
        }
        """,
    ),
    unsure=(
        """
        # Half of the name is for whoever deploys it.
        Parameters:
          Env: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Sub shop-orders-${Env} # <-
        """,
        """
        # Whoever deploys it says in which namespace the name is.
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
def valid(bucket: Bucket) -> Verdict:
    """The bucket name is legal.

    S3 refuses a name with capital letters or underscores, one that is too long, and some that it keeps for other
    things. The deployment stops there, which is better known before it begins.
    """
    return of_general(bucket, lambda: _judge(bucket))


def _judge(bucket: Bucket) -> Verdict:
    match bucket.name:
        case Known(name) | Unset(name) if is_made_up(name, bucket.address):
            return _beginning(bucket)
        case Known(name) | Unset(name):
            return judged(bucket.name, lambda one: judge(one, GENERAL)) & _in_its_namespace(name, bucket)
        case Unknown(why, at):
            return unknown(at, f"the name is not known: {why}")


def _beginning(bucket: Bucket) -> Verdict:
    match bucket.name_prefix:
        case Unknown(why, at):
            return unknown(at, f"how the name begins is not known: {why}")
        case Known(Text() as prefix, at) | Unset(Text() as prefix, at):
            return judged(Known(prefix, at), lambda one: judge_start(one, GENERAL))
        case _:
            return not_applicable(bucket.at, "the name is made up when the bucket is created")


def _in_its_namespace(name: Text, bucket: Bucket) -> Verdict:
    """In an account's own namespace names have an end of their own, and elsewhere they may not have it."""
    own = bucket.namespace.is_in("account-regional", what="the namespace")
    match own.status:
        case Status.UNKNOWN:
            return own
        case Status.PASS:
            return judged(bucket.name, judge_own)
        case _:
            return judged(bucket.name, judge_common)
