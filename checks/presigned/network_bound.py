from s3audit.check import ALL, BUCKETS, LOW, Fix, check
from s3audit.intent import listed, said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.language import Policy
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Verdict, not_applicable, unknown

from ._policies import denied, of_general

_NOT_ASKED = "nobody said from which networks presigned requests may come"


@check(
    severity=LOW,
    severity_rule="low: it is asked only where the configuration names networks for presigned requests",
    needs=(BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Deny
                      Principal: "*"
                      Action: s3:*
                      Resource: [!GetAtt Bucket.Arn, !Sub "${Bucket.Arn}/*"]
                      Condition:
                        StringEquals: {"s3:authType": [REST-QUERY-STRING, POST]}
                        StringNotEquals: {"aws:SourceVpce": vpce-0aa11bb22cc33dd44}
            """,
        terraform="""
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Deny"
                  Principal = "*"
                  Action    = "s3:*"
                  Resource  = [aws_s3_bucket.example.arn, "${aws_s3_bucket.example.arn}/*"]
                  Condition = {
                    StringEquals    = { "s3:authType" = ["REST-QUERY-STRING", "POST"] }
                    StringNotEquals = { "aws:SourceVpce" = "vpce-0aa11bb22cc33dd44" }
                  }
                }]
              })
            }
            """,
        cli="""
            # policy.json denies presigned requests where aws:SourceVpce is none of yours.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="Where ranges of addresses count as well, NotIpAddress on aws:SourceIp stands in the same statement.",
    ),
    passes=(
        """
        # Presigned requests come through the endpoint, and others from wherever they like.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned = true
        #: vpc_endpoints = ["vpce-0aa11bb22cc33dd44"]
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
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringNotEquals:
                        s3:authType: REST-HEADER
                        aws:SourceVpce: vpce-0aa11bb22cc33dd44
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # All requests come from the office.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned = true
        #: networks = ["203.0.113.0/24"]
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
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      NotIpAddress: {"aws:SourceIp": 203.0.113.0/24}
        """,
    ),
    fails=(
        """
        # A URL works from anywhere.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned = true
        #: vpc_endpoints = ["vpce-0aa11bb22cc33dd44"]
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
        """,
        """
        # A larger range than the one that is meant.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned = true
        #: networks = ["203.0.113.0/24"]
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
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {"s3:authType": [REST-QUERY-STRING, POST]}
                      NotIpAddress: {"aws:SourceIp": 203.0.0.0/16}
        """,
    ),
    unsure=(
        """
        # Which endpoint is meant is for whoever deploys it to say.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned = true
        #: vpc_endpoints = ["vpce-0aa11bb22cc33dd44"]
        Parameters:
          Endpoint: {Type: String}
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
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {"s3:authType": [REST-QUERY-STRING, POST]}
                      StringNotEquals: {"aws:SourceVpce": !Ref Endpoint}
        """,
    ),
)
def network_bound(bucket: Bucket, estate: Estate) -> Verdict:
    """Presigned use is bound to a network where required.

    A presigned URL needs no credentials: whoever finds it uses it, from anywhere. Where all who are meant to use it
    sit in networks that you know, the policy can refuse it to everybody else.
    """
    match said(bucket, estate, lambda one: one.presigned):
        case Unknown(why, at):
            return unknown(at, why)
        case Known(True) | Unset(True):
            pass
        case _:
            return not_applicable(bucket.at, _NOT_ASKED)
    networks: list[frozenset[str]] = []
    for told in (
        listed(bucket, estate, lambda one: one.trust.vpc_endpoints),
        listed(bucket, estate, lambda one: one.trust.vpcs),
        listed(bucket, estate, lambda one: one.trust.networks),
    ):
        match told:
            case Unknown(why, at):
                return unknown(at, why)
            case Known(some) | Unset(some):
                networks.append(some or frozenset())
    if not any(networks):
        return not_applicable(bucket.at, _NOT_ASKED)
    return of_general(
        bucket,
        lambda: denied(
            bucket, "presigned requests from other networks", lambda policy: _bound(policy, bucket, networks)
        ),
    )


def _bound(policy: Policy, bucket: Bucket, networks: list[frozenset[str]]) -> Verdict:
    from s3audit.policy.presigned import those_from_elsewhere_denied

    endpoints, vpcs, ranges = networks
    return those_from_elsewhere_denied(policy, bucket, endpoints, vpcs, ranges)
