from s3audit.check import ALL, BUCKETS, HIGH, ROLES, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.locks import is_locked
from s3audit.model.relations import label
from s3audit.verdict import Status, Verdict, every, unless

from ._rights import on_source
from ._rules import of_destination, of_every_rule

_ACTIONS = ("s3:GetObjectRetention", "s3:GetObjectLegalHold")


@check(
    severity=HIGH,
    severity_rule=(
        "high: locked objects are not copied; or, of a copy without its lock, whoever may delete there does what"
        " the lock was to prevent"
    ),
    needs=(BUCKETS, ROLES),
    about="replication",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # The destination bucket.
            Copy:
              Type: AWS::S3::Bucket
              Properties:
                ObjectLockEnabled: true
            Locks:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: locks
                Roles: [!Ref Role]
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Action:
                        - s3:GetObjectRetention
                        - s3:GetObjectLegalHold
                      Resource: !Sub ${Bucket.Arn}/*
            """,
        terraform="""
            resource "aws_s3_bucket_object_lock_configuration" "copy" {
              bucket = aws_s3_bucket.copy.id
            }

            resource "aws_iam_role_policy" "locks" {
              role = aws_iam_role.role.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = ["s3:GetObjectRetention", "s3:GetObjectLegalHold"]
                  Resource = "${aws_s3_bucket.example.arn}/*"
                }]
              })
            }
            """,
        cli="""
            aws s3api put-object-lock-configuration --bucket DESTINATION \\
              --object-lock-configuration ObjectLockEnabled=Enabled
            # s3:GetObjectRetention and s3:GetObjectLegalHold on the objects of the source.
            aws iam put-role-policy --role-name ROLE --policy-name locks --policy-document file://locks.json
            """,
        note="What was not copied meanwhile takes a job of S3 Batch Replication.",
    ),
    passes=(
        """
        # Both are locked, and the role reads the locks.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              ObjectLockEnabled: true
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - {Status: Enabled, Prefix: orders/, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Statement:
                      - Effect: Allow
                        Action: [s3:GetObjectVersionForReplication, s3:GetObjectRetention, s3:GetObjectLegalHold]
                        Resource: arn:aws:s3:::shop-orders/orders/*
        """,
        """
        # A lock on the destination only is fine.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
          Ledger:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
                  - {Status: Disabled, Destination: {Bucket: !GetAtt Old.Arn}}
          Old:
            Type: AWS::S3::Bucket
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Statement:
                      - {Effect: Allow, Action: s3:Get*, Resource: "*"}
        """,
    ),
    fails=(
        """
        # The destination has no lock.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              ObjectLockEnabled: true
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: !GetAtt Copy.Arn # <-
          Copy: # <-
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Statement:
                      - {Effect: Allow, Action: s3:Get*, Resource: arn:aws:s3:::shop-orders/*}
        """,
        """
        # The role does not read legal holds.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              ObjectLockEnabled: true
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Statement:
                      - Effect: Allow
                        Action: [s3:GetObjectVersionForReplication, s3:GetObjectRetention]
                        Resource: arn:aws:s3:::shop-orders/*
        """,
        """
        # It reads them of other keys than those that are copied.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              ObjectLockEnabled: true
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - {Status: Enabled, Prefix: orders/, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Statement:
                      - {Effect: Allow, Action: s3:Get*, Resource: "arn:aws:s3:::shop-orders/photos/*"}
        """,
    ),
    unsure=(
        """
        # The destination is declared elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              ObjectLockEnabled: true
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: arn:aws:s3:::company-copy # <-
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Statement:
                      - {Effect: Allow, Action: s3:Get*, Resource: arn:aws:s3:::shop-orders/*}
        """,
        """
        # The role is declared elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication # <-
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              ObjectLockEnabled: true
        """,
    ),
)
def object_lock(bucket: Bucket, estate: Estate) -> Verdict:
    """A locked source replicates to a locked destination, with a role that reads the locks.

    S3 copies a locked object together with its lock. Where the destination knows no locks, or the role may not
    read them, the object is not copied at all, and only its replication status tells it.
    """
    return unless(~is_locked(bucket), "there is no lock to copy", lambda: _judge(bucket, estate))


def _judge(bucket: Bucket, estate: Estate) -> Verdict:
    arrives = of_every_rule(
        bucket,
        lambda rule: of_destination(
            rule,
            bucket,
            estate,
            lambda target: target.object_lock.enabled.is_in(True, what=f"Object Lock of {label(target)}"),
        ),
    )
    if arrives.status is Status.FAIL:
        return arrives
    return arrives & on_source(bucket, estate, lambda _, right: every(map(right, _ACTIONS)))
