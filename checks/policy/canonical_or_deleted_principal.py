import re

from s3audit.check import ALL, BUCKETS, HIGH, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.policy.elements import has_effect
from s3audit.policy.language import Principal, Statement
from s3audit.setting import Known
from s3audit.verdict import Status, Verdict, failed, passed, unknown

from ._statements import of_each, some_of_items

_ID = re.compile(r"(?:AIDA|AROA)[A-Z0-9]{12,}")


@check(
    severity=MEDIUM,
    severity_rule="medium: nobody looks after the policy; high where a Deny was to spare somebody, who is locked out",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # The ARN of the role that there is now; or leave the statement out.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                      Action: s3:GetObject
                      Resource: !Sub ${Bucket.Arn}/*
            """,
        terraform="""
            # The ARN of the role that there is now; or leave the statement out.
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { AWS = "arn:aws:iam::111122223333:role/shop" }
                  Action    = "s3:GetObject"
                  Resource  = "${aws_s3_bucket.example.arn}/*"
                }]
              })
            }
            """,
        cli="""
            # policy.json names the role that there is now, or does without the statement.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
    ),
    passes=(
        """
        # A role by its ARN, and an account by its canonical id.
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
                  - Effect: Allow
                    Principal: {CanonicalUser: 79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
          Invoices:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # A role that is gone.
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
                    Principal:
                      AWS: AROADBQP57FF2AEXAMPLE # <-
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # The user whom a Deny was to spare is gone.
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
                  - Effect: Deny
                    NotPrincipal:
                      AWS:
                        - !Sub arn:aws:iam::${AWS::AccountId}:root
                        - AIDAJQABLZS4A3QDU576Q # <-
                    Action: s3:DeleteObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
    unsure=(
        """
        # Who it is about is for another stack to say.
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
                    Principal: !ImportValue readers # <-
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
)
def canonical_or_deleted_principal(bucket: Bucket) -> Verdict:
    """No principal of the policy is a deleted user or role.

    When a user or a role is deleted, IAM leaves its unique id in the policies that named it. A new one of the same
    name does not get the access back, and whoever reads the policy can't tell any more whom it was about.
    """
    return of_each(bucket, _judged)


def _judged(statement: Statement) -> Verdict:
    denies = has_effect(statement, "Deny").status is Status.PASS
    named = ~some_of_items(statement.principals, _is_left_over)
    spared = ~some_of_items(statement.not_principals, _is_left_over)
    return named & (spared.at_severity(HIGH) if denies else spared)


def _is_left_over(item: Known[Principal]) -> Verdict:
    """Whether it is the id of a user or role, as IAM leaves it behind."""
    name = item.value.name
    if item.value.kind == "*" and name.literal is None:
        return unknown(item.at, f"whom {name} names is not known")
    if item.value.kind != "AWS" or _ID.fullmatch(name.literal or "") is None:
        return failed(item.at, f"the policy names {name}")
    return passed(item.at, f"the policy names {name}, which is the id of a user or role that is gone")
