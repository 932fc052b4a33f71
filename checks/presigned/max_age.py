from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.intent import holds, said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.language import Policy
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status, Verdict, not_applicable, unknown

from ._policies import denied, of_general, takes_version_two


@check(
    severity=LOW,
    severity_rule="low: a presigned URL lives seven days at most; medium where the data is confidential",
    needs=(BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # In milliseconds.
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
                        NumericGreaterThan: {"s3:signatureAge": 600000}
            """,
        terraform="""
            # In milliseconds.
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Deny"
                  Principal = "*"
                  Action    = "s3:*"
                  Resource  = [aws_s3_bucket.example.arn, "${aws_s3_bucket.example.arn}/*"]
                  Condition = { NumericGreaterThan = { "s3:signatureAge" = "600000" } }
                }]
              })
            }
            """,
        cli="""
            # policy.json denies where s3:signatureAge is above 600000, which is ten minutes.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="A bucket has one policy: add the statement to the one that it has.",
    ),
    passes=(
        """
        # Ten minutes, where fifteen are allowed.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned_minutes = 15
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
                      NumericGreaterThan: {"s3:signatureAge": 600000}
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # Nothing that is presigned gets through.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned_minutes = 15
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
        """,
    ),
    fails=(
        """
        # There is no policy.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned_minutes = 15
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
        """,
        """
        # More than an hour, where fifteen minutes are allowed.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned_minutes = 15
        #: data = "confidential"
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
                      NumericGreaterThan: {"s3:signatureAge": 4500000}
        """,
        """
        # Downloads only, and uploads may be as old as they like.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned_minutes = 15
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
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      NumericGreaterThan: {"s3:signatureAge": 600000}
        """,
    ),
    unsure=(
        """
        # How long is for whoever deploys it to say.
        #: [[expect]]
        #: name = "shop-orders"
        #: presigned_minutes = 15
        Parameters:
          MostAge: {Type: Number}
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
                      NumericGreaterThan: {"s3:signatureAge": !Ref MostAge}
        """,
    ),
)
def max_age(bucket: Bucket, estate: Estate) -> Verdict:
    """The age of presigned requests is limited by policy.

    Whoever has a presigned URL has the rights of its signer until it expires, and the signer alone chooses when. URLs
    end up in logs and mails. The bucket policy can set a limit that nobody who signs can go beyond.
    """
    match said(bucket, estate, lambda one: one.presigned_minutes):
        case Unknown(why, at):
            return unknown(at, why)
        case Known(minutes) | Unset(minutes):
            if minutes is None:
                return not_applicable(bucket.at, "nobody said how old presigned requests may be")
            return of_general(bucket, lambda: _judged(bucket, estate, minutes))


def _judged(bucket: Bucket, estate: Estate, minutes: int) -> Verdict:
    what = f"requests that were presigned more than {minutes} minutes ago"
    found = denied(bucket, what, lambda policy: _limited(policy, bucket, minutes))
    is_grave = holds(bucket, estate, "confidential").status is Status.PASS
    return found.at_severity(MEDIUM) if is_grave else found


def _limited(policy: Policy, bucket: Bucket, minutes: int) -> Verdict:
    from s3audit.policy.presigned import old_ones_denied

    by_v4 = old_ones_denied(policy, bucket, minutes, takes_v2=False)
    if by_v4.status is not Status.PASS:
        return by_v4
    by_any = old_ones_denied(policy, bucket, minutes, takes_v2=True)
    if by_any.status is Status.PASS:
        return by_v4
    return by_any | ~takes_version_two(bucket)
