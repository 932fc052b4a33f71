from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.policy.elements import has_effect, names
from s3audit.policy.language import Statement
from s3audit.verdict import Verdict

from ._statements import of_each, written


@check(
    severity=HIGH,
    severity_rule="high: it allows all that is not listed, future actions too",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    peers={"guard": ("S3_BUCKET_POLICY_NO_ALLOW_PLUS_NOT_ACTION",), "cfn_nag": ("W20",)},
    fix=Fix(
        cloudformation="""
            # Action instead of NotAction.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                      Action: [s3:GetObject, s3:PutObject]
                      Resource: !Sub ${Bucket.Arn}/*
            """,
        terraform="""
            # Action instead of NotAction.
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { AWS = "arn:aws:iam::111122223333:role/shop" }
                  Action    = ["s3:GetObject", "s3:PutObject"]
                  Resource  = "${aws_s3_bucket.example.arn}/*"
                }]
              })
            }
            """,
        cli="""
            # policy.json has Action instead of NotAction.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
    ),
    passes=(
        """
        # A Deny may spare a few actions.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                  - Effect: Deny
                    Principal: "*"
                    NotAction: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition: {ArnNotLike: {"aws:PrincipalArn": arn:aws:iam::111122223333:role/admin}}
          Invoices:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Everything but deleting.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    NotAction: s3:DeleteBucket # <-
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
        """,
    ),
    unsure=(
        """
        # Whether it allows or denies is for whoever deploys it to say.
        Parameters:
          Effect: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: !Ref Effect # <-
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    NotAction: s3:DeleteBucket
                    Resource: !GetAtt Orders.Arn
        """,
    ),
)
def allow_notaction(bucket: Bucket) -> Verdict:
    """No Allow statement uses NotAction.

    NotAction allows everything but a few actions, so also what nobody thought of, and each action that S3 gets next
    year. A list of what is needed says the same in a way that stays true.
    """
    return of_each(bucket, _judged)


def _judged(statement: Statement) -> Verdict:
    spared = written(
        statement.not_actions, "NotAction", lambda actions: f"the statement allows all but {names(actions)}"
    )
    return ~(has_effect(statement, "Allow") & spared)
