from s3audit.check import ALL, BUCKETS, HIGH, LOW, ROLES, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.replication import ReplicationRule
from s3audit.verdict import Status, Verdict, every

from ._rights import Right, on_source


@check(
    severity=HIGH,
    severity_rule=(
        "high: S3 can't read what it is to copy, and the objects fail one by one; low when only"
        " s3:GetObjectVersionTagging is missing, so that the copies come without their tags"
    ),
    needs=(BUCKETS, ROLES),
    about="replication",
    sources=ALL,
    yields_to=("replication-role-trust",),
    fix=Fix(
        cloudformation="""
            Reading:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reading
                Roles: [!Ref Role]
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Action:
                        - s3:GetReplicationConfiguration
                        - s3:ListBucket
                      Resource: !GetAtt Bucket.Arn
                    - Effect: Allow
                      Action:
                        - s3:GetObjectVersionForReplication
                        - s3:GetObjectVersionAcl
                        - s3:GetObjectVersionTagging
                      Resource: !Sub ${Bucket.Arn}/*
            """,
        terraform="""
            resource "aws_iam_role_policy" "reading" {
              role = aws_iam_role.role.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect   = "Allow"
                    Action   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
                    Resource = aws_s3_bucket.example.arn
                  },
                  {
                    Effect = "Allow"
                    Action = [
                      "s3:GetObjectVersionForReplication",
                      "s3:GetObjectVersionAcl",
                      "s3:GetObjectVersionTagging",
                    ]
                    Resource = "${aws_s3_bucket.example.arn}/*"
                  },
                ]
              })
            }
            """,
        cli="""
            # s3:GetReplicationConfiguration and s3:ListBucket on the bucket; s3:GetObjectVersionForReplication,
            # s3:GetObjectVersionAcl and s3:GetObjectVersionTagging on its objects.
            aws iam put-role-policy --role-name ROLE --policy-name reading --policy-document file://reading.json
            """,
        note="What was not copied meanwhile takes a job of S3 Batch Replication.",
    ),
    passes=(
        """
        # All that S3 needs to read.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
          Reading:
            Type: AWS::IAM::Policy
            Properties:
              PolicyName: reading
              Roles: [!Ref Role]
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Action: [s3:GetReplicationConfiguration, s3:ListBucket]
                    Resource: !GetAtt Orders.Arn
                  - Effect: Allow
                    Action: [s3:GetObjectVersionForReplication, s3:GetObjectVersionAcl, s3:GetObjectVersionTagging]
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # The objects that the rule takes are enough; and so is s3:GetObjectVersion, where no KMS key is used.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - {Status: Enabled, Prefix: paid/, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              ManagedPolicyArns: [!Ref Reading]
          Reading:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Action: [s3:GetReplicationConfiguration, s3:ListBucket]
                    Resource: arn:aws:s3:::shop-orders
                  - Effect: Allow
                    Action: s3:GetObjectVersion*
                    Resource: arn:aws:s3:::shop-orders/paid/*
        """,
    ),
    fails=(
        """
        # The role may write the copies, and not read what it copies.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: "s3:Replicate*", Resource: "arn:aws:s3:::company-copy/*"}
        """,
        """
        # The second rule takes objects that the role may not read.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - {Status: Enabled, Prefix: paid/, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
                  - {Status: Enabled, Prefix: sent/, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::shop-orders"}
                      - {Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::shop-orders/paid/*"}
        """,
        """
        # Objects that are encrypted with a KMS key take s3:GetObjectVersionForReplication.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    SourceSelectionCriteria: {SseKmsEncryptedObjects: {Status: Enabled}}
                    Destination:
                      Bucket: arn:aws:s3:::company-copy
                      EncryptionConfiguration: {ReplicaKmsKeyID: !GetAtt Key.Arn}
          Key:
            Type: AWS::KMS::Key
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: [s3:GetReplicationConfiguration, s3:ListBucket]
                        Resource: arn:aws:s3:::shop-orders
                      - Effect: Allow
                        Action: [s3:GetObjectVersion, s3:GetObjectVersionAcl, s3:GetObjectVersionTagging]
                        Resource: arn:aws:s3:::shop-orders/*
        """,
        """
        # Its permissions boundary leaves out what its policy allows, and the bucket policy denies the rest.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:GetObjectVersionAcl
                    Resource: !Sub ${Orders.Arn}/*
          Role:
            Type: AWS::IAM::Role
            Properties:
              PermissionsBoundary: !Ref Boundary
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]
          Boundary:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              PolicyDocument:
                Version: "2012-10-17"
                Statement: [{Effect: Allow, Action: "s3:GetObject*", Resource: "*"}]
        """,
        """
        # Low: only the tags of the objects can't be read.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: [s3:GetReplicationConfiguration, s3:ListBucket]
                        Resource: arn:aws:s3:::shop-orders
                      - Effect: Allow
                        Action: [s3:GetObjectVersionForReplication, s3:GetObjectVersionAcl]
                        Resource: arn:aws:s3:::shop-orders/*
        """,
    ),
    unsure=(
        """
        # What a policy of another stack lets the role do is not known.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              ManagedPolicyArns: [!ImportValue reading]
        """,
        """
        # Which objects the rule takes is for whoever deploys it.
        Parameters:
          Prefix: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - Status: Enabled
                    Prefix: !Ref Prefix
                    Destination: {Bucket: "arn:aws:s3:::company-copy"}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::shop-orders"}
                      - {Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::shop-orders/paid/*"}
        """,
    ),
)
def role_source_permissions(bucket: Bucket, estate: Estate) -> Verdict:
    """The replication role can read the source.

    S3 reads what it copies with the rights of the role. If one is missing, every object fails, and nothing but
    the replication status of each of them tells it.
    """
    return on_source(bucket, estate, _may_read)


def _may_read(rule: ReplicationRule, right: Right) -> Verdict:
    needed = every(
        (
            right("s3:GetReplicationConfiguration", of_objects=False),
            right("s3:ListBucket", of_objects=False),
            _contents(
                rule,
                right("s3:GetObjectVersionForReplication"),
                right("s3:GetObjectVersionForReplication", "s3:GetObjectVersion"),
            ),
            right("s3:GetObjectVersionAcl"),
        )
    )
    return needed.at_severity(HIGH) & right("s3:GetObjectVersionTagging").at_severity(LOW)


def _contents(rule: ReplicationRule, strictly: Verdict, either: Verdict) -> Verdict:
    """What is encrypted with a KMS key takes the one action; for all else there is another one too."""
    if strictly.status is Status.PASS or either.status is not Status.PASS:
        return strictly if strictly.status is Status.PASS else either
    selected = rule.kms_objects.is_in("Enabled", what="SseKmsEncryptedObjects")
    match selected.status:
        case Status.PASS:
            return strictly
        case Status.UNKNOWN:
            return selected
        case _:
            return either
