from s3audit.check import ACCESS_POINTS, ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.intent import said
from s3audit.model.access_point import MultiRegionAccessPoint
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import Known, Unknown, Unset, some_of, when_set
from s3audit.text import same
from s3audit.verdict import Status, Verdict, failed, not_applicable, some, unknown

_NEWEST = "1.3"


@check(
    severity=MEDIUM,
    severity_rule="medium: somebody has asked for it; the endpoints of S3 take TLS 1.2 and 1.3 only",
    needs=(BUCKETS, ACCESS_POINTS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # A resource of its own, or one more statement in the bucket's policy.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Sid: TlsVersion
                      Effect: Deny
                      Principal: "*"
                      Action: s3:*
                      Resource:
                        - !GetAtt Bucket.Arn
                        - !Sub ${Bucket.Arn}/*
                      Condition:
                        NumericLessThan: {"s3:TlsVersion": "1.3"}
            """,
        terraform="""
            data "aws_iam_policy_document" "tls_version" {
              statement {
                sid       = "TlsVersion"
                effect    = "Deny"
                actions   = ["s3:*"]
                resources = [aws_s3_bucket.example.arn, "${aws_s3_bucket.example.arn}/*"]
                principals {
                  type        = "*"
                  identifiers = ["*"]
                }
                condition {
                  test     = "NumericLessThan"
                  variable = "s3:TlsVersion"
                  values   = ["1.3"]
                }
              }
            }

            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = data.aws_iam_policy_document.tls_version.json
            }
            """,
        cli="""
            # This replaces the policy: put the statements that are there into the file too.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note=(
            "With 1.3 nobody gets in through AWS PrivateLink or a multi-Region access point, which do not speak it;"
            " the Deny does nothing about plain HTTP."
        ),
    ),
    passes=(
        """
        # Whatever is older than TLS 1.3 is denied.
        #: [[expect]]
        #: name = "shop-*"
        #: minimum_tls = "1.3"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      NumericLessThan: {s3:TlsVersion: 1.3}
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: site
        """,
        """
        # More than is asked for will do, and a Deny of everything but one version too.
        #: [[expect]]
        #: name = "shop-*"
        #: minimum_tls = "1.2"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      NumericNotEquals: {s3:TlsVersion: 1.3}
        """,
    ),
    fails=(
        """
        # TLS 1.2 gets through where 1.3 is asked for.
        #: [[expect]]
        #: name = "shop-*"
        #: minimum_tls = "1.3"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      NumericLessThan: {s3:TlsVersion: 1.2}
        """,
        """
        # No policy at all.
        #: [[expect]]
        #: name = "shop-*"
        #: minimum_tls = "1.2"
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
        """,
        """
        # The objects only: a list of them may be read with any version.
        #: [[expect]]
        #: name = "shop-*"
        #: minimum_tls = "1.2"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      NumericLessThan: {s3:TlsVersion: 1.2}
        """,
    ),
    unsure=(
        """
        # Whoever deploys it says which version.
        #: [[expect]]
        #: name = "shop-*"
        #: minimum_tls = "1.2"
        Parameters:
          Floor: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      NumericLessThan: {s3:TlsVersion: !Ref Floor}
        """,
    ),
)
def tls_version(bucket: Bucket, estate: Estate) -> Verdict:
    """Old TLS versions are refused.

    S3 takes TLS 1.2 and 1.3. Who has to keep to a version of their own can say so in the bucket policy, so that no
    client gets by with an older one.
    """
    match said(bucket, estate, lambda one: one.minimum_tls):
        case Unknown(why, at):
            return unknown(at, why)
        case Known(str() as floor) | Unset(str() as floor):
            verdict = _refused(bucket, floor)
            is_used = some(_is_member(bucket, point) for point in estate.all(MultiRegionAccessPoint))
            if floor == _NEWEST and is_used.status is Status.PASS:
                return verdict.noting("a multi-Region access point of it speaks no TLS 1.3", bucket.policy.at)
            return verdict
        case _:
            return not_applicable(bucket.at, "nobody has asked for a version of TLS")


def _is_member(bucket: Bucket, point: MultiRegionAccessPoint) -> Verdict:
    match bucket.name:
        case Known(name) | Unset(name):
            return some_of(
                point.buckets,
                lambda member: member.bucket.satisfies(lambda other: same(name, other), "it is a member"),
            )
        case Unknown(why, at):
            return unknown(at, why)


def _refused(bucket: Bucket, floor: str) -> Verdict:
    def asked(policy: Policy) -> Verdict:
        from s3audit.policy.encryption import denies_older_tls

        return denies_older_tls(policy, bucket, floor)

    if bucket.type != "general":
        return unknown(bucket.policy.at, "policies of such buckets are not reasoned about")
    nothing = failed(bucket.policy.at, f"there is no bucket policy that denies TLS below {floor}")
    return when_set(policy_of(bucket.policy), asked, nothing, what="the bucket policy")
