from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, HIGH, Fix, check
from s3audit.intent import Trusted, trusted
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.points import bucket_of, buckets_of, targets
from s3audit.policy.language import Policy
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Evidence, Status, Verdict, not_applicable, passed, some, unknown, verdict

from ._policies import Point, but_for_volumes, foreign_in_words, may_name_others, of_policy


@check(
    severity=HIGH,
    severity_rule="high: who looks at the bucket policy alone does not see that another account has access",
    needs=(ACCESS_POINTS, BUCKETS, ACCOUNT),
    about="policy",
    sources=ALL,
    peers={"custodian": ("cross-account",)},
    fix=Fix(
        cloudformation="""
            # orders is the name of the access point; the account is one to trust.
            Policy:
              Version: "2012-10-17"
              Statement:
                - Effect: Allow
                  Principal:
                    AWS: arn:aws:iam::222233334444:role/reports
                  Action: s3:GetObject
                  Resource: !Sub arn:${AWS::Partition}:s3:${AWS::Region}:${AWS::AccountId}:accesspoint/orders/object/*
            """,
        terraform="""
            # orders is the name of the access point; the account is one to trust.
            resource "aws_s3_access_point" "example" {
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect    = "Allow"
                    Principal = { AWS = "arn:aws:iam::222233334444:role/reports" }
                    Action    = "s3:GetObject"
                    Resource  = "arn:aws:s3:*:*:accesspoint/orders/object/*"
                  }
                ]
              })
            }
            """,
        cli="""
            # policy.json does without the account, or has StringEquals on aws:PrincipalOrgID.
            aws s3control put-access-point-policy --account-id ACCOUNT_ID --name ACCESS_POINT --policy file://policy.json
            """,
        note="An account that is meant to have access goes to trusted_accounts in .s3audit.toml.",
    ),
    passes=(
        """
        # An account on the list, and one that the bucket policy of the other bucket lets not through.
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
                      StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}
          Photos:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::222233334444:role/reports}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
          PhotosPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: photos
              Bucket: !Ref Photos
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::444455556666:role/reports}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/photos/object/*
        """,
        """
        # As long as it belongs to the organization.
        #: [[expect]]
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
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
                    Condition:
                      StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
        """,
    ),
    fails=(
        """
        # A role of an account that nobody trusts; the bucket policy leaves it to the access point.
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
                      StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: arn:aws:iam::444455556666:role/reports}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
        """,
        """
        # The same of a multi-Region access point.
        #: [[expect]]
        #: trusted_accounts = []
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
                      StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Name: world
              Regions: [{Bucket: !Ref Orders}]
          WorldPolicy:
            Type: AWS::S3::MultiRegionAccessPointPolicy
            Properties:
              MrapName: !Ref World
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: arn:aws:iam::444455556666:role/reports}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3::${AWS::AccountId}:accesspoint/${World.Alias}/object/*
        """,
    ),
    unsure=(
        """
        # Which account it is is for whoever deploys it.
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
                      StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: !Sub "arn:aws:iam::${Partner}:root"}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
        """,
        """
        # Whether the bucket policy lets it through is not to be seen here.
        #: [[expect]]
        #: trusted_accounts = ["222233334444"]
        Resources:
          Photos:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: shop-orders
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: arn:aws:iam::444455556666:role/reports}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
        """,
    ),
)
def policy_cross_account(point: AccessPoint | MultiRegionAccessPoint, estate: Estate) -> Verdict:
    """Access point policies grant only trusted accounts.

    What an access point gives to another account stands in no bucket policy, so it is easily missed. It is asked
    once the configuration says which accounts and organization are yours.
    """
    return but_for_volumes(
        point,
        "there is no bucket behind it",
        lambda: of_policy(point, lambda policy: _judged(policy, point, estate)),
    )


def _judged(policy: Policy, point: Point, estate: Estate) -> Verdict:
    trust = trusted(point, estate, *buckets_of(point, estate))
    if isinstance(trust, Unknown):
        return unknown(policy.at, trust.why)
    if not may_name_others(policy, point):
        found = passed(policy.at, "its policy names nobody of another account")
    elif isinstance(point.account, Unknown):
        found = unknown(policy.at, f"its own account is not known: {point.account.why}")
    elif isinstance(point, AccessPoint) and point.type != "general":
        found = _in_words(policy, point, estate, trust)
    else:
        found = _reasoned(policy, point, estate, trust)
    if trust.is_said:
        return found
    if found.status is Status.FAIL:
        # Without a list of those who are trusted nobody is a stranger; they are told all the same.
        return verdict(Status.NOT_APPLICABLE, *found.evidence)
    return not_applicable(policy.at, "nobody said which accounts to trust")


def _reasoned(policy: Policy, point: Point, estate: Estate, trust: Trusted) -> Verdict:
    from s3audit.policy.access.foreign import foreigners

    accounts = {*(trust.accounts or ()), *(trust.canonical_ids or ())}
    own = point.account.value.literal if isinstance(point.account, Known) else None
    those = list(
        foreigners(
            point,
            estate,
            accounts={*accounts, own} if own else accounts,
            organizations=trust.organizations or (),
        )
    )
    if those:
        return ~some(one.through for one in those)
    return passed(policy.at, "whoever else its policy lets in by name is to be trusted")


def _in_words(policy: Policy, point: AccessPoint, estate: Estate, trust: Trusted) -> Verdict:
    """Of a directory bucket, whose policies are not reasoned about."""
    named = foreign_in_words(policy, point, trust.accounts or ())
    if named.status is Status.FAIL:
        return passed(policy.at, "whoever else its policy names is to be trusted")
    behind = [bucket_of(target, estate) for target in targets(point)]
    for found in behind:
        match found:
            case Known(Bucket(policy=Known(None) | Unset(None))):
                return passed(policy.at, "the bucket policy lets nobody through")
            case _:
                pass
    notes = [Evidence(one.at, f"{one.note}; whether it gets through is not known") for one in named.evidence]
    return verdict(Status.UNKNOWN, *notes)
