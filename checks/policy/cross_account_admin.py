from s3audit.check import ALL, BUCKETS, CRITICAL, HIGH, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.policy.elements import acts, has_effect
from s3audit.policy.language import Policy
from s3audit.setting import Unknown, some_of
from s3audit.text import text
from s3audit.verdict import Evidence, Status, Verdict, every, passed, some, unless, verdict

from ._statements import may_let_others_in, of_policy
from ._trust import trusted

_ADMINISTERING = frozenset(
    f"s3:{name}"
    for name in (
        *("PutBucketAcl", "PutObjectAcl", "PutObjectVersionAcl", "PutEncryptionConfiguration"),
        *("PutReplicationConfiguration", "PutLifecycleConfiguration", "PutBucketOwnershipControls"),
        *("PutBucketVersioning", "PutBucketPublicAccessBlock", "PutBucketLogging", "PutBucketNotification"),
        *("PutBucketObjectLockConfiguration", "TagResource", "BypassGovernanceRetention", "DeleteBucket"),
    )
)
_REFUSED = frozenset({"s3:PutBucketPolicy", "s3:DeleteBucketPolicy"})
"""PutBucketPolicy and DeleteBucketPolicy answer callers of other accounts with 405."""
_ALL = (*sorted(_ADMINISTERING), *sorted(_REFUSED))


@check(
    severity=HIGH,
    severity_rule="high: another account can switch protection off; critical where it is none of those that are to be"
    " trusted; low where it may only change the policy, which S3 refuses to other accounts",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    peers={
        "config": ("s3-bucket-blacklisted-actions-prohibited",),
        "securityhub": ("S3.6",),
        "custodian": ("cross-account",),
        "steampipe": ("s3_bucket_policy_restricts_cross_account_permission_changes",),
    },
    fix=Fix(
        cloudformation="""
            # What the other account needs for the data.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: arn:aws:iam::444455556666:root}
                      Action: [s3:GetObject, s3:PutObject]
                      Resource: !Sub ${Bucket.Arn}/*
            """,
        terraform="""
            # What the other account needs for the data.
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { AWS = "arn:aws:iam::444455556666:root" }
                  Action    = ["s3:GetObject", "s3:PutObject"]
                  Resource  = "${aws_s3_bucket.example.arn}/*"
                }]
              })
            }
            """,
        cli="""
            # policy.json allows other accounts data actions only, such as s3:GetObject.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="Where ACLs are off (BucketOwnerEnforced), nobody needs s3:PutObjectAcl to share what they upload.",
    ),
    passes=(
        """
        # Another account reads and writes; the own one administers.
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
                    Action: [s3:GetObject, s3:PutObject, s3:ListBucket]
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                  - Effect: Allow
                    Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
          Invoices:
            Type: AWS::S3::Bucket
        """,
        """
        # All of it is denied again.
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
                    Action: s3:Put*
                    Resource: !Sub ${Orders.Arn}/*
                  - Effect: Deny
                    Principal: "*"
                    Action: [s3:PutObjectAcl, s3:PutObjectVersionAcl]
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
    fails=(
        """
        # Another account may change the ACL of objects.
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
                    Action: [s3:GetObject, s3:PutObject, s3:PutObjectAcl]
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # And none that is to be trusted.
        #: [[expect]]
        #: trusted_accounts = ["111122223333"]
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
                    Action: s3:PutLifecycleConfiguration
                    Resource: !GetAtt Orders.Arn
        """,
        """
        # The policy only, which S3 refuses to other accounts.
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
                      AWS: arn:aws:iam::444455556666:role/ops # <-
                    Action: [s3:GetBucketPolicy, s3:PutBucketPolicy]
                    Resource: !GetAtt Orders.Arn
        """,
    ),
    unsure=(
        """
        # Whoever deploys it says which account.
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
                    Action: s3:PutBucketAcl
                    Resource: !GetAtt Orders.Arn
        """,
    ),
)
def cross_account_admin(bucket: Bucket, estate: Estate) -> Verdict:
    """Other accounts are not granted bucket-administration actions.

    A partner who reads objects needs no more than that. Whoever may change ACLs, encryption, replication or the
    lifecycle from outside can copy everything elsewhere, delete it, or lock you out of what is yours.
    """

    def judged() -> Verdict:
        return of_policy(bucket, lambda policy: _judged(policy, bucket, estate))

    return unless(~of_type(bucket, "general"), "nobody else can administer it", judged)


def _judged(policy: Policy, bucket: Bucket, estate: Estate) -> Verdict:
    if (may_let_others_in(policy, bucket) & _may_administer(policy)).status is Status.FAIL:
        return passed(policy.at, "no statement lets another account administer it")
    from ._outsiders import Trust, granted

    found = list(granted(policy, bucket, estate, lambda _, action: action.name in _ADMINISTERING))
    trust = trusted(bucket, estate)
    if isinstance(trust, Unknown) or not trust.is_said or not found:
        grave = set[str]()
    else:
        nobody = frozenset[str]()
        them = Trust(trust.accounts or nobody, trust.organizations or nobody, trust.canonical_ids or nobody)
        those = granted(policy, bucket, estate, lambda _, action: action.name in _ADMINISTERING, them)
        grave = {account for account, one in those if one.status is Status.PASS}
    verdicts = [(~one).at_severity(CRITICAL if account in grave else HIGH) for account, one in found]
    if not any(one.status is Status.FAIL for one in verdicts):
        dead = granted(policy, bucket, estate, lambda _, action: action.name in _REFUSED)
        verdicts += [(~_with(one, "S3 refuses that to other accounts")).at_severity(LOW) for _, one in dead]
    return every(verdicts, passed(policy.at, "it lets no other account administer it"))


def _with(found: Verdict, note: str) -> Verdict:
    """The same; where it holds, with one more fact."""
    if found.status is not Status.PASS:
        return found
    return verdict(found.status, *(Evidence(e.at, f"{e.note}; {note}") for e in found.evidence))


def _may_administer(policy: Policy) -> Verdict:
    return some_of(
        policy.statements,
        lambda one: has_effect(one, "Allow") & some(acts(one, text(name)) for name in _ALL),
    )
