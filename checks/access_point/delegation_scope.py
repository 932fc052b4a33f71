from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, HIGH, MEDIUM, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import when_set
from s3audit.verdict import Status, Verdict, not_applicable, unknown, unless

from ._delegation import delegating, of_accounts


@check(
    severity=HIGH,
    severity_rule=(
        "high: an account that nobody expects decides who reads the bucket; medium where the bucket is said to be"
        " reached by access points only, and can be reached without one"
    ),
    needs=(BUCKETS, ACCESS_POINTS, ACCOUNT),
    about="policy",
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
                    - Effect: Allow
                      Principal: "*"
                      Action: s3:GetObject
                      Resource: !Sub ${Bucket.Arn}/*
                      Condition:
                        StringEquals: {"s3:DataAccessPointAccount": !Ref AWS::AccountId}
            """,
        terraform="""
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect    = "Allow"
                    Principal = "*"
                    Action    = "s3:GetObject"
                    Resource  = "${aws_s3_bucket.example.arn}/*"
                    Condition = {
                      StringEquals = { "s3:DataAccessPointAccount" = data.aws_caller_identity.current.account_id }
                    }
                  }
                ]
              })
            }
            data "aws_caller_identity" "current" {}
            """,
        cli="""
            # StringEquals on s3:DataAccessPointAccount has your own accounts alone.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="An account that is meant to have access points on the bucket goes to trusted_accounts.",
    ),
    passes=(
        """
        # The access points of its own account, and of one that is trusted.
        #: [[expect]]
        #: trusted_accounts = ["222233334444"]
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
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {s3:DataAccessPointAccount: [!Ref AWS::AccountId, "222233334444"]}
        """,
        """
        # Only access points lead to it, as it is said to be.
        #: [[expect]]
        #: name = "shop-orders"
        #: access_points_only = true
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
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}
        """,
    ),
    fails=(
        """
        # The access points of an account that nobody trusts.
        #: [[expect]]
        #: trusted_accounts = ["222233334444"]
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
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {s3:DataAccessPointAccount: "444455556666"} # <-
        """,
        """
        # The same by the ARNs of the access points.
        #: [[expect]]
        #: trusted_accounts = ["222233334444"]
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
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      ArnLike: {s3:DataAccessPointArn: arn:aws:s3:*:444455556666:accesspoint/*} # <-
        """,
        """
        # Medium: it is said to be reached by access points only, and a role reads it without one.
        #: [[expect]]
        #: name = "shop-orders"
        #: access_points_only = true
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
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}
                  - Effect: Allow # <-
                    Principal: {AWS: arn:aws:iam::222233334444:role/reports}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
    unsure=(
        """
        # Whose access points these are is for whoever deploys it.
        #: [[expect]]
        #: trusted_accounts = ["222233334444"]
        Parameters:
          Partner: {Type: String}
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
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {s3:DataAccessPointAccount: !Ref Partner} # <-
        """,
    ),
)
def delegation_scope(bucket: Bucket, estate: Estate) -> Verdict:
    """Delegation names the own account and does not leave direct access open.

    A bucket policy that leaves it to access points lets the account of these decide who gets in. If that account is
    somebody else's, or the bucket can be reached without an access point, their policies protect nothing.
    """

    def judged() -> Verdict:
        return when_set(
            policy_of(bucket.policy),
            lambda policy: _judged(policy, bucket, estate),
            "there is no bucket policy",
            what="the bucket policy",
        )

    return unless(~of_type(bucket, "general"), "its policies are not reasoned about", judged)


def _judged(policy: Policy, bucket: Bucket, estate: Estate) -> Verdict:
    delegates = delegating(policy)
    if delegates.status is Status.FAIL:
        return not_applicable(policy.at, "it leaves nothing to access points")
    found = of_accounts(policy, bucket, estate)
    wanted = said(bucket, estate, lambda one: one.access_points_only)
    only = wanted.satisfies(lambda flag: flag is True, "it is said to be reached by access points only")
    if only.status is not Status.FAIL:
        from s3audit.policy.access.left_to_points import reached_by_points_only

        alone = reached_by_points_only(bucket, estate, MEDIUM)
        found &= alone if only.status is Status.PASS else ~only | alone
    if delegates.status is Status.UNKNOWN:
        return unknown(delegates.evidence[0].at, delegates.evidence[0].note)
    return found
