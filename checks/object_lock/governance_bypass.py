from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, LOW, ROLES, Fix, check
from s3audit.intent import listed
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.locks import is_locked
from s3audit.setting import Known, Unknown
from s3audit.verdict import Status, Verdict, unknown, unless


@check(
    severity=LOW,
    severity_rule="low: it takes a header, too, and administrators normally have the permission; high where the"
    " bucket policy gives it to another account or to everyone",
    needs=(ACCESS_POINTS, ACCOUNT, BUCKETS, ROLES),
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
                    - Sid: NoBypass
                      Effect: Deny
                      Principal: "*"
                      Action: s3:BypassGovernanceRetention
                      Resource: !Sub ${Bucket.Arn}/*
            """,
        terraform="""
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Sid       = "NoBypass"
                  Effect    = "Deny"
                  Principal = "*"
                  Action    = "s3:BypassGovernanceRetention"
                  Resource  = "${aws_s3_bucket.example.arn}/*"
                }]
              })
            }
            """,
        cli="""
            # This replaces the policy: add the statements that are there.
            aws s3api put-bucket-policy --bucket BUCKET --policy \\
              '{"Version": "2012-10-17", "Statement": [{"Sid": "NoBypass", "Effect": "Deny", "Principal": "*",
                "Action": "s3:BypassGovernanceRetention", "Resource": "arn:aws:s3:::BUCKET/*"}]}'
            """,
        note="Who shall keep it goes into a condition of the Deny (ArnNotLike on aws:PrincipalArn), and into"
        " `administrators` of the configuration.",
    ),
    passes=(
        """
        # Nobody may, whatever policies of their own say.
        Resources:
          Backups:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: GOVERNANCE, Days: 30}}
          BackupsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Backups
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:BypassGovernanceRetention
                    Resource: !Sub ${Backups.Arn}/*
        """,
        """
        # Nobody but the administrator, who is one.
        #: [[expect]]
        #: administrators = "arn:aws:iam::*:role/admin"
        Resources:
          Backups:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-backups
              ObjectLockEnabled: true
          BackupsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Backups
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:Bypass*
                    Resource: !Sub ${Backups.Arn}/*
                    Condition:
                      ArnNotLike: {aws:PrincipalArn: "arn:aws:iam::*:role/admin"}
        """,
        """
        # Nothing is asked without a lock, nor where its mode is one that nobody bypasses.
        Resources:
          Backups:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
          BackupsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Backups
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:BypassGovernanceRetention
                    Resource: !Sub ${Backups.Arn}/*
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: COMPLIANCE, Years: 7}}
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Everything is allowed to the role, and that is allowed with it.
        Resources:
          Backups:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule: {DefaultRetention: {Mode: GOVERNANCE, Days: 30}}
          BackupsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Backups
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: !GetAtt Restore.Arn}
                    Action: s3:*
                    Resource: !Sub ${Backups.Arn}/*
          Restore:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: ec2.amazonaws.com}
                    Action: sts:AssumeRole
        """,
        """
        # A policy of the role's own; the Deny is for other objects.
        Resources:
          Backups:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-backups
              ObjectLockEnabled: true
          BackupsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Backups
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:BypassGovernanceRetention
                    Resource: arn:aws:s3:::shop-backups/ledger/*
          Restore:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: ec2.amazonaws.com}
                    Action: sts:AssumeRole
              Policies:
                - PolicyName: restore
                  PolicyDocument:
                    Statement:
                      - Effect: Allow # <-
                        Action: s3:Bypass*
                        Resource: arn:aws:s3:::shop-backups/*
        """,
        """
        # High: it is allowed to everyone.
        Resources:
          Backups:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              PublicAccessBlockConfiguration: {BlockPublicPolicy: false, RestrictPublicBuckets: false}
          BackupsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Backups
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: !Sub ${Backups.Arn}/*
        """,
    ),
    unsure=(
        """
        # Which actions the role has is for whoever deploys it.
        Parameters:
          Actions:
            Type: CommaDelimitedList
        Resources:
          Backups:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
          BackupsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Backups
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: !GetAtt Restore.Arn}
                    Action: !Ref Actions
                    Resource: !Sub ${Backups.Arn}/*
          Restore:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: ec2.amazonaws.com}
                    Action: sts:AssumeRole
        """,
    ),
)
def governance_bypass(bucket: Bucket, estate: Estate) -> Verdict:
    """Governance bypass is denied to ordinary principals.

    In GOVERNANCE mode one permission, which `s3:*` includes, is all it takes to delete what is locked. Stolen
    keys of anybody who has it delete the backups, too.
    """
    return unless(
        ~is_locked(bucket),
        "nothing is locked",
        lambda: unless(
            bucket.object_lock.mode.is_in("COMPLIANCE", what="the mode of the default retention"),
            "nobody can bypass it",
            lambda: _judge(bucket, estate),
        ),
    )


def _judge(bucket: Bucket, estate: Estate) -> Verdict:
    from s3audit.policy.access.bypass import kept_from_others

    match listed(bucket, estate, lambda one: one.trust.administrators):
        case Unknown(why, at):
            found = kept_from_others(bucket, estate, ())
            return found if found.status is Status.PASS else unknown(at, why)
        case Known(frozenset() as administrators):
            return kept_from_others(bucket, estate, sorted(administrators))
        case _:
            return kept_from_others(bucket, estate, ())
