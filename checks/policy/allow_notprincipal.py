from s3audit.check import ACCOUNT, ALL, BUCKETS, CRITICAL, HIGH, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import blocked
from s3audit.model.estate import Estate
from s3audit.policy.elements import has_effect, names
from s3audit.policy.language import Statement
from s3audit.verdict import Status, Verdict

from ._statements import of_each, written


@check(
    severity=CRITICAL,
    severity_rule="critical: everybody else is let in, strangers too; high where Block Public Access stops them",
    needs=(
        BUCKETS,
        ACCOUNT,
    ),
    about="policy",
    sources=ALL,
    yields_to=("access-public-read", "access-public-write"),
    peers={"guard": ("S3_BUCKETPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL",), "cfn_nag": ("F9",)},
    fix=Fix(
        cloudformation="""
            # Whoever may is named; a Deny takes exceptions by ArnNotLike on aws:PrincipalArn.
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
            # Whoever may is named; a Deny takes exceptions by ArnNotLike on aws:PrincipalArn.
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
            # policy.json has Principal instead of NotPrincipal.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
    ),
    passes=(
        """
        # Whoever may is named, and a Deny spares one role.
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
                    NotPrincipal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
          Invoices:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Everybody but one user, and nothing blocks it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    NotPrincipal: {AWS: arn:aws:iam::111122223333:user/leaver} # <-
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # The same behind Block Public Access.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    NotPrincipal: # <-
                      AWS: arn:aws:iam::111122223333:user/leaver
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
    unsure=(
        """
        # The statement is for another stack to say.
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
                  - !ImportValue statement # <-
        """,
    ),
)
def allow_notprincipal(bucket: Bucket, estate: Estate) -> Verdict:
    """No Allow statement uses NotPrincipal.

    Allow with NotPrincipal lets in everybody on earth but the few that are listed, without signing in. IAM does not
    support it any more. Nearly always somebody meant the opposite, a Deny for all but a few.
    """
    found = of_each(bucket, _judged)
    if found.status is not Status.FAIL:
        return found
    restricted = blocked(bucket, estate, "restrict_public_buckets")
    # What is created now has it on, if nothing is said about it.
    is_stopped = restricted.status is Status.PASS or restricted.severity is LOW
    return found.at_severity(HIGH) if is_stopped else found


def _judged(statement: Statement) -> Verdict:
    spared = written(
        statement.not_principals,
        "NotPrincipal",
        lambda them: f"the statement lets everybody in but {names(them)}",
    )
    return ~(has_effect(statement, "Allow") & spared)
