from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.policy.language import Policy
from s3audit.setting import when_set
from s3audit.text import same, text
from s3audit.verdict import Verdict, failed

from ._statements import known, of_policy, statements

_NEW = text("2012-10-17")


@check(
    severity=LOW,
    severity_rule="low: nothing breaks until somebody adds a variable; medium where there is one, as plain text",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    peers={"cfn_lint": ("W2511",)},
    fix=Fix(
        cloudformation="""
            # The first line of the policy; the statements stay.
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
            # The Version of the policy; the statements stay.
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
            # policy.json begins with {"Version": "2012-10-17", ...
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="A ${...} that was plain text becomes a variable.",
    ),
    passes=(
        """
        # The newer of the two.
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
          Invoices:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # The older one.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2008-10-17" # <-
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # None is the older one.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # The variable is plain text here.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2008-10-17" # <-
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:root}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/home/${!aws:username}/*
        """,
    ),
    unsure=(
        """
        # Whoever deploys it chooses.
        Parameters:
          Version: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: !Ref Version # <-
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
)
def version_2008(bucket: Bucket) -> Verdict:
    """The policy uses version 2012-10-17.

    Without a Version a policy is read by the rules of 2008. Then a variable such as the name of the user is plain
    text that matches nothing, and nobody is told.
    """
    return of_policy(bucket, _judged)


def _judged(policy: Policy) -> Verdict:
    found = when_set(
        policy.version,
        lambda version: policy.version.satisfies(lambda _: same(version, _NEW), f"the version is {version}"),
        failed(policy.version.at, "the policy has no Version, so it is 2008-10-17"),
        what="the version",
    )
    return found.at_severity(MEDIUM) if _has_variable(policy) else found


def _has_variable(policy: Policy) -> bool:
    """Whether a text in it looks like a variable."""
    return any(
        isinstance(part, str) and "${" in part
        for statement in statements(policy)
        for listed in (
            statement.resources,
            statement.not_resources,
            *(condition.value.values for condition in known(statement.conditions)),
        )
        for one in known(listed)
        for part in one.value.parts
    )
