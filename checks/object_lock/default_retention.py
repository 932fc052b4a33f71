from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket, ObjectLock
from s3audit.policy.language import policy_of
from s3audit.policy.proofs import denies_uploads_without_retention
from s3audit.setting import Setting, when_set
from s3audit.verdict import Status, Verdict, failed, unless


@check(
    severity=MEDIUM,
    severity_rule="medium: a lock without a default protects only what writers lock themselves",
    needs=(BUCKETS,),
    sources=ALL,
    peers={"custodian": ("lock-configuration",)},
    fix=Fix(
        cloudformation="""
            ObjectLockEnabled: true
            ObjectLockConfiguration:
              ObjectLockEnabled: Enabled
              Rule:
                DefaultRetention:
                  Mode: COMPLIANCE
                  Days: 90
            """,
        terraform="""
            resource "aws_s3_bucket_object_lock_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                default_retention {
                  mode = "COMPLIANCE"
                  days = 90
                }
              }
            }
            """,
        cli="""
            aws s3api put-object-lock-configuration --bucket BUCKET --object-lock-configuration \\
              '{"ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 90}}}'
            """,
        note="In COMPLIANCE mode nobody, not even the root user, can delete a version before its time.",
    ),
    passes=(
        """
        # Every new object is locked for seven years.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                ObjectLockEnabled: Enabled
                Rule:
                  DefaultRetention:
                    Mode: COMPLIANCE
                    Years: 7
        """,
        """
        # No default, but whoever writes without retention is turned away.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
          LedgerPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Ledger
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Ledger.Arn}/*
                    Condition:
                      "Null": {s3:object-lock-mode: "true"}
        """,
        """
        # A comparison that also holds where there is nothing to compare.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
          LedgerPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Ledger
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:Put*
                    Resource: !Sub ${Ledger.Arn}/*
                    Condition:
                      NumericLessThanIfExists: {s3:object-lock-remaining-retention-days: 90}
        """,
        """
        # Nothing is asked of a bucket without Object Lock.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                Rule: {DefaultRetention: {Mode: GOVERNANCE, Days: 30}}
        """,
    ),
    fails=(
        """
        # A lock without a rule.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true # <-
        """,
        """
        # A mode without a period locks nothing.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                Rule:
                  DefaultRetention: # <-
                    Mode: COMPLIANCE
        """,
        """
        # It only caps the period: an upload without retention has no period to compare.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true # <-
          LedgerPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Ledger
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Ledger.Arn}/*
                    Condition:
                      NumericGreaterThan:
                        s3:object-lock-remaining-retention-days: 3650 # <-
        """,
        """
        # Only one prefix is guarded.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true # <-
          LedgerPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Ledger
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Ledger.Arn}/invoices/* # <-
                    Condition:
                      "Null": {s3:object-lock-retain-until-date: true}
        """,
    ),
    unsure=(
        """
        # Whether there is a lock at all is for whoever deploys it.
        Parameters:
          Lock:
            Type: String
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: !Ref Lock # <-
        """,
        """
        # The rule is for another stack to say.
        Resources:
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ObjectLockConfiguration:
                Rule:
                  DefaultRetention: # <-
                    Fn::Transform:
                      Name: AWS::Include
                      Parameters: {Location: s3://templates/retention.yaml}
        """,
    ),
)
def default_retention(bucket: Bucket) -> Verdict:
    """Object Lock has a default retention rule.

    Object Lock protects a version only if something sets its retention. Without a default, or a policy that
    refuses uploads without one, whatever is written by a program that does not know about it can be deleted.
    """
    no_lock = ~bucket.object_lock.enabled.is_in(True, what="Object Lock")
    return unless(no_lock, "there is nothing to retain", lambda: _retains(bucket))


def _retains(bucket: Bucket) -> Verdict:
    lock = bucket.object_lock
    rule = _has(lock, lock.mode, "a mode") & (
        _has(lock, lock.days, "a period") | _has(lock, lock.years, "a period")
    )
    if rule.status is Status.PASS:
        return rule
    return rule | when_set(
        policy_of(bucket.policy),
        lambda policy: denies_uploads_without_retention(policy, bucket.name, bucket.region),
        Verdict(Status.FAIL),
    )


def _has(lock: ObjectLock, setting: Setting[str | None] | Setting[int | None], what: str) -> Verdict:
    found = setting.satisfies(lambda value: value is not None, f"default retention has {what}")
    if found.status is Status.FAIL:
        # Where no part of a rule is written, what switches the lock on is the place to show.
        at = lock.enabled.at if setting.at == lock.at else setting.at
        return failed(at, "Object Lock is on, and there is no default retention with a mode and a period")
    return found
