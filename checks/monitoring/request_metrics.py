from s3audit.check import ALL, BUCKETS, INFO, Fix, check
from s3audit.intent import said
from s3audit.model.base import Tag
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.model.reports import MetricsConfiguration
from s3audit.setting import Known, Listed, Unset, some_of
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, failed, passed, unknown, unless


@check(
    severity=INFO,
    severity_rule="info: asked only of buckets that the configuration wants watched",
    needs=(BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            MetricsConfigurations:
              - Id: all
            """,
        terraform="""
            resource "aws_s3_bucket_metric" "example" {
              bucket = aws_s3_bucket.example.id
              name   = "all"
            }
            """,
        cli="""
            aws s3api put-bucket-metrics-configuration --bucket BUCKET --id METRICS_ID \\
              --metrics-configuration Id=METRICS_ID
            """,
        note="Request metrics are billed as custom metrics of CloudWatch.",
    ),
    passes=(
        """
        # Every request counts.
        #: [[expect]]
        #: name = "shop-orders"
        #: watched = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              MetricsConfigurations:
                - Id: all
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
        """,
    ),
    fails=(
        """
        # Nothing is counted.
        #: [[expect]]
        #: name = "shop-orders"
        #: watched = true
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
        """,
        """
        # Some requests are counted only.
        #: [[expect]]
        #: name = "shop-orders"
        #: watched = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              MetricsConfigurations: # <-
                - Id: paid
                  Prefix: paid/
                - Id: large
                  TagFilters: [{Key: size, Value: large}]
        """,
    ),
    unsure=(
        """
        # Whether the prefix is empty is for whoever deploys it to say.
        #: [[expect]]
        #: name = "shop-orders"
        #: watched = true
        Parameters:
          Prefix: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              MetricsConfigurations:
                - Id: some
                  Prefix: !Ref Prefix # <-
        """,
    ),
)
def request_metrics(bucket: Bucket, estate: Estate) -> Verdict:
    """Request metrics exist for buckets that are to be watched.

    Without them nobody sees that requests fail, or that somebody downloads a hundred times as much as yesterday. S3
    counts requests only for buckets that ask for it, and then an alarm can be set on the number.
    """
    wanted = said(bucket, estate, lambda one: one.watched)
    is_wanted = wanted.satisfies(lambda value: value is True, "")
    return unless(~is_wanted, "nobody says that it has to be watched", lambda: _judged(bucket))


def _judged(bucket: Bucket) -> Verdict:
    found = some_of(bucket.metrics, _counts_all)
    if found.status is Status.FAIL:
        found = failed(bucket.metrics.at, "no metrics configuration counts every request")
    return unless(of_type(bucket, "outposts"), "S3 counts no requests to it", found)


def _counts_all(one: MetricsConfiguration) -> Verdict:
    is_whole = (
        one.prefix.satisfies(_is_none, "whether it counts every request is not known")
        & _has_none(one.tags)
        & one.access_point.satisfies(lambda point: point is None, "")
    )
    return is_whole & passed(one.at, "it counts every request")


def _is_none(prefix: Text | None) -> Status:
    if prefix is None or not prefix.parts:
        return Status.PASS
    return Status.FAIL if any(isinstance(part, str) for part in prefix.parts) else Status.UNKNOWN


def _has_none(listed: Listed[Tag]) -> Verdict:
    match listed:
        case Known(items) | Unset(items):
            return Verdict(Status.FAIL if items else Status.PASS)
        case _:
            return unknown(listed.at, "whether it counts only what has tags is not known")
