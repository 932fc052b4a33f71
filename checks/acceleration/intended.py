from s3audit.check import ALL, BUCKETS, INFO, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.policy.elements import elements, has_effect
from s3audit.policy.language import Policy, Statement, policy_of
from s3audit.setting import some_of, when_set
from s3audit.verdict import Severity, Status, Verdict, failed, passed, unknown, unless

_BY_ENDPOINT = ("aws:sourcevpce", "aws:sourcevpc")
_PRIVATE = "private"
_NO = Verdict(Status.FAIL)


@check(
    severity=INFO,
    severity_rule=(
        "info: it costs for each gigabyte, and is one more address of the bucket; medium where the bucket is said to be"
        " for private networks only"
    ),
    needs=(BUCKETS,),
    sources=ALL,
    peers={"tflint": ("aws_s3_bucket_invalid_acceleration_status",)},
    fix=Fix(
        cloudformation="""
            AccelerateConfiguration:
              AccelerationStatus: Suspended
            """,
        terraform="""
            resource "aws_s3_bucket_accelerate_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              status = "Suspended"
            }
            """,
        cli="""
            aws s3api put-bucket-accelerate-configuration --bucket BUCKET \\
              --accelerate-configuration Status=Suspended
            """,
        note="Whoever uses the address with s3-accelerate in it needs the usual one then.",
    ),
    passes=(
        """
        # One is meant to be accelerated, of the other nobody said anything.
        #: [[expect]]
        #: name = "photos"
        #: accelerated = true
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: photos
              AccelerateConfiguration: {AccelerationStatus: Enabled}
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: orders
              AccelerateConfiguration: {AccelerationStatus: Enabled}
        """,
        """
        # What is for private networks is not accelerated, or no more.
        #: [[expect]]
        #: network = "private"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              AccelerateConfiguration: {AccelerationStatus: Suspended}
          Scratch:
            Type: AWS::S3Express::DirectoryBucket
            Properties: {LocationName: euw1-az1, DataRedundancy: SingleAvailabilityZone}
        """,
        """
        # The policy spares the offices, and these may have use for it.
        #: [[expect]]
        #: accelerated = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccelerateConfiguration: {AccelerationStatus: Enabled}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      StringNotEqualsIfExists: {"aws:SourceVpce": vpce-0123456789abcdef0}
                      NotIpAddress: {"aws:SourceIp": 203.0.113.0/24}
        """,
    ),
    fails=(
        """
        # It is not meant to be accelerated.
        #: [[expect]]
        #: accelerated = false
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccelerateConfiguration:
                AccelerationStatus: Enabled # <-
        """,
        """
        # Medium: a bucket for private networks, with an address on the internet that is made for speed.
        #: [[expect]]
        #: network = "private"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccelerateConfiguration:
                AccelerationStatus: Enabled # <-
        """,
        """
        # Nobody but the VPC endpoint gets through, and that is not what is accelerated.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccelerateConfiguration:
                AccelerationStatus: Enabled # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "111122223333"}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      StringNotEquals: {"aws:SourceVpce": vpce-0123456789abcdef0}
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides.
        #: [[expect]]
        #: accelerated = false
        Parameters:
          Acceleration: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccelerateConfiguration:
                AccelerationStatus: !Ref Acceleration # <-
        """,
    ),
)
def intended(bucket: Bucket, estate: Estate) -> Verdict:
    """Transfer acceleration is on only where intended.

    It gives the bucket a second public address and costs for each gigabyte that goes through it. Requests from a VPC
    endpoint do not use it.
    """
    return unless(
        of_type(bucket, "directory", "outposts"), "it has no acceleration", lambda: _judge(bucket, estate)
    )


def _judge(bucket: Bucket, estate: Estate) -> Verdict:
    status = bucket.acceleration.status
    off = ~status.is_in("Enabled", what="transfer acceleration")
    accelerated = said(bucket, estate, lambda one: one.accelerated)
    network = said(bucket, estate, lambda one: one.network)
    wanted = accelerated.satisfies(lambda is_so: is_so is True, "it is said to be accelerated")
    unwanted = accelerated.satisfies(lambda is_so: is_so is False, "it is said not to be accelerated")
    private = network.satisfies(lambda which: which == _PRIVATE, "it is said to be for private networks")
    is_said = wanted | unwanted | private
    if off.status is Status.PASS:
        return unless(~is_said, "nothing is expected of it", off)
    private = Verdict((private & ~wanted).status, private.evidence)
    against = unwanted | private
    conflict = against if against.status is Status.PASS else against | _only_costs(bucket)
    match conflict.status:
        case Status.FAIL:
            fine = passed(status.at, "nothing speaks against it")
            return unless(~is_said, "nothing is expected of it", fine)
        case Status.PASS if off.status is Status.FAIL:
            if against.status is not Status.PASS:
                return off & ~conflict
            notes = " and ".join(one.note for one in against.evidence)
            found = failed(status.at, f"transfer acceleration is Enabled, and {notes}")
            return found.at_severity(Severity.MEDIUM) if private.status is Status.PASS else found
        case _:
            return off if off.status is Status.UNKNOWN else conflict


def _only_costs(bucket: Bucket) -> Verdict:
    """Whether the policy lets nobody in whom it would be of use to."""
    return when_set(
        policy_of(bucket.policy), lambda policy: _keeps_out(policy, bucket), _NO, what="the bucket policy"
    )


def _keeps_out(policy: Policy, bucket: Bucket) -> Verdict:
    asking = some_of(policy.statements, _asks_for_endpoint)
    if asking.status is Status.FAIL:
        return _NO
    from s3audit.policy.internet import denies_internet

    return denies_internet(policy, bucket)


def _asks_for_endpoint(statement: Statement) -> Verdict:
    conditions = elements(statement.conditions)
    by_endpoint = any(one is not None and one.is_about(*_BY_ENDPOINT) for one in conditions)
    if not by_endpoint and None in conditions:
        return has_effect(statement, "Deny") & unknown(statement.at, "a condition is not known")
    return has_effect(statement, "Deny") & Verdict(Status.PASS if by_endpoint else Status.FAIL)
