from s3audit.check import ALL, BUCKETS, LOW, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.language import Policy
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Verdict, not_applicable, unknown

from ._policies import denied, of_general


@check(
    severity=LOW,
    severity_rule="low: it is asked only where the configuration says that nothing is presigned here",
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
                        StringNotEquals: {"s3:authType": REST-HEADER}
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
                  Condition = { StringNotEquals = { "s3:authType" = "REST-HEADER" } }
                }]
              })
            }
            """,
        cli="""
            # policy.json denies where s3:authType is not REST-HEADER.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="It keeps out whoever comes without credentials, too: never on a public website.",
    ),
    passes=(
        """
        # Requests have to be signed in a header.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned = false
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
                      StringNotEquals: {"s3:authType": REST-HEADER}
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # Both other ways are named.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned = false
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
                    Principal: {AWS: "*"}
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      StringEquals: {"s3:authType": [REST-QUERY-STRING, POST]}
        """,
    ),
    fails=(
        """
        # There is no policy.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned = false
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
        """,
        """
        # Forms that were signed beforehand still get through.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned = false
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
                      StringEquals: {"s3:authType": REST-QUERY-STRING}
        """,
    ),
    unsure=(
        """
        # Whom the statement is for is for whoever deploys it to say.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned = false
        Parameters:
          Who: {Type: String}
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
                    Principal: {AWS: !Ref Who}
                    Action: s3:*
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringNotEquals: {"s3:authType": REST-HEADER}
        """,
    ),
)
def disallowed(bucket: Bucket, estate: Estate) -> Verdict:
    """Buckets declared header-auth-only refuse query-string authentication.

    Nothing here is meant to be shared by URL. Where the bucket takes them all the same, anybody who may read can hand
    a link to anybody else, and nobody sees who uses it.
    """
    match said(bucket, estate, lambda one: one.presigned):
        case Unknown(why, at):
            return unknown(at, why)
        case Known(False) | Unset(False):
            return of_general(
                bucket,
                lambda: denied(bucket, "presigned requests", lambda policy: _refused(policy, bucket)),
            )
        case _:
            return not_applicable(bucket.at, "nobody said that nothing is presigned here")


def _refused(policy: Policy, bucket: Bucket) -> Verdict:
    from s3audit.policy.presigned import all_of_them_denied

    return all_of_them_denied(policy, bucket)
