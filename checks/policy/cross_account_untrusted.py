from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.policy.language import Policy
from s3audit.setting import Unknown
from s3audit.verdict import Status, Verdict, not_applicable, passed, some, unknown, unless

from ._load_balancers import LOAD_BALANCERS
from ._statements import may_let_others_in, of_policy
from ._trust import Trusted, trusted

_DELIVERING = ("s3:PutObject", "s3:GetBucketAcl")


@check(
    severity=HIGH,
    severity_rule="high: an account that nobody expects reads or writes the data",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    yields_to=("policy-cross-account-admin",),
    peers={
        "prowler": ("s3_bucket_cross_account_access",),
        "config": ("s3-bucket-policy-grantee-check", "s3-bucket-policy-not-more-permissive"),
        "custodian": ("cross-account",),
    },
    fix=Fix(
        cloudformation="""
            # As long as the account belongs to the organization; or leave the statement out.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: arn:aws:iam::444455556666:root}
                      Action: s3:GetObject
                      Resource: !Sub ${Bucket.Arn}/*
                      Condition:
                        StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}
            """,
        terraform="""
            # As long as the account belongs to the organization; or leave the statement out.
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { AWS = "arn:aws:iam::444455556666:root" }
                  Action    = "s3:GetObject"
                  Resource  = "${aws_s3_bucket.example.arn}/*"
                  Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }
                }]
              })
            }
            """,
        cli="""
            # policy.json does without the account, or has StringEquals on aws:PrincipalOrgID.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="An account that is meant to have access goes to trusted_accounts in .s3audit.toml.",
    ),
    passes=(
        """
        # An account on the list, one of the organization, and load balancers that write their logs.
        #: [[expect]]
        #: trusted_accounts = ["111122223333"]
        #: organization = "o-a1b2c3d4e5"
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
                    Principal: {AWS: [arn:aws:iam::111122223333:root, !Sub "arn:aws:iam::${AWS::AccountId}:root"]}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::444455556666:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition: {StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::127311923021:root}
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/AWSLogs/*
                  - Effect: Allow
                    Principal: {Service: cloudtrail.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
          Invoices:
            Type: AWS::S3::Bucket
        """,
        """
        # A Deny takes back what was granted.
        #: [[expect]]
        #: trusted_accounts = ["111122223333"]
        #: organization = "o-a1b2c3d4e5"
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
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      StringNotEqualsIfExists: {"aws:PrincipalOrgID": o-a1b2c3d4e5}
                      BoolIfExists: {"aws:PrincipalIsAWSService": "false"}
        """,
    ),
    fails=(
        """
        # An account that is on no list.
        #: [[expect]]
        #: trusted_accounts = ["111122223333"]
        #: organization = "o-a1b2c3d4e5"
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
                      AWS: arn:aws:iam::444455556666:root # <-
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # A role of one, everybody of another by a condition, and all of another organization.
        #: [[expect]]
        #: trusted_accounts = ["111122223333"]
        #: organization = "o-a1b2c3d4e5"
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
                      AWS:
                        - arn:aws:iam::111122223333:role/shop
                        - arn:aws:iam::444455556666:role/shop # <-
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:ListBucket
                    Resource: !GetAtt Orders.Arn
                    Condition: {StringEquals: {"aws:PrincipalAccount": "777788889999"}}
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition: {StringEquals: {"aws:PrincipalOrgID": o-f6g7h8i9j0}}
        """,
        """
        # The account of the load balancers may do more than they need.
        #: [[expect]]
        #: trusted_accounts = ["111122223333"]
        #: organization = "o-a1b2c3d4e5"
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
                      AWS: arn:aws:iam::127311923021:root # <-
                    Action: [s3:PutObject, s3:GetObject]
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
    unsure=(
        """
        # Whoever deploys it says which account.
        #: [[expect]]
        #: trusted_accounts = ["111122223333"]
        #: organization = "o-a1b2c3d4e5"
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
                  - Effect: Allow # <-
                    Principal: {AWS: !Sub "arn:aws:iam::${Partner}:root"}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
)
def cross_account_untrusted(bucket: Bucket, estate: Estate) -> Verdict:
    """Data access is granted only to accounts in the trusted list or organization.

    An account that nobody on your list knows reads or writes the data: a partner of years ago, a typing error, or
    somebody who put it there. It is asked once the configuration says which accounts and organization are yours.
    """
    trust = trusted(bucket, estate)
    if isinstance(trust, Unknown):
        gap = unknown(trust.at, trust.why)
        return of_policy(bucket, lambda _: gap)
    if not trust.is_said:
        return of_policy(
            bucket, lambda policy: not_applicable(policy.at, "nobody said which accounts to trust")
        )

    def judged() -> Verdict:
        return of_policy(bucket, lambda policy: _judged(policy, bucket, estate, trust))

    return unless(~of_type(bucket, "general"), "its policies are asked elsewhere", judged)


def _judged(policy: Policy, bucket: Bucket, estate: Estate, trust: Trusted) -> Verdict:
    if may_let_others_in(policy, bucket).status is Status.FAIL:
        return passed(policy.at, "it lets no other account in")
    from ._outsiders import Trust, granted

    nobody = frozenset[str]()
    them = Trust(trust.accounts or nobody, trust.organizations or nobody, trust.canonical_ids or nobody)
    # The logs of load balancers come from accounts that AWS has for that, and from nobody else.
    found = some(
        one
        for _, one in granted(
            policy,
            bucket,
            estate,
            lambda account, action: account not in LOAD_BALANCERS or action.name not in _DELIVERING,
            them,
        )
    )
    if found.status is not Status.FAIL:
        return ~found
    return passed(policy.at, "each other account that it lets in is one to trust")
