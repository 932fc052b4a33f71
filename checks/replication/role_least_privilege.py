from s3audit.check import ALL, BUCKETS, HIGH, LOW, ROLES, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.copiers import Copied
from s3audit.model.estate import Estate
from s3audit.model.identity import Role
from s3audit.model.replication import Replication
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Verdict, unknown

from ._roles import with_role


@check(
    severity=LOW,
    severity_rule=(
        "low: only S3 takes the role; high when it may do everything on all buckets, or when others than S3 and its"
        " batch service may take it"
    ),
    needs=(BUCKETS, ROLES),
    about="replication",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal:
                        Service: s3.amazonaws.com
                      Action: sts:AssumeRole
            Replicating:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: replication
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
                    - Effect: Allow
                      Action:
                        - s3:ReplicateObject
                        - s3:ReplicateDelete
                        - s3:ReplicateTags
                      Resource: !Sub ${Copy.Arn}/*
            """,
        terraform="""
            resource "aws_iam_role" "role" {
              assume_role_policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { Service = "s3.amazonaws.com" }
                  Action    = "sts:AssumeRole"
                }]
              })
            }

            resource "aws_iam_role_policy" "role" {
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
                  {
                    Effect   = "Allow"
                    Action   = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
                    Resource = "${aws_s3_bucket.copy.arn}/*"
                  },
                ]
              })
            }
            """,
        cli="""
            # What replication needs, and no more.
            aws iam put-role-policy --role-name ROLE --policy-name replication --policy-document file://policy.json
            """,
        note="Something else that takes the role needs one of its own.",
    ),
    passes=(
        """
        # No more than replication needs, between two buckets; a role for two sources may read both.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-invoices
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: [s3.amazonaws.com, batchoperations.s3.amazonaws.com]}
                    Action: sts:AssumeRole
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: [s3:GetReplicationConfiguration, s3:ListBucket]
                        Resource: [arn:aws:s3:::shop-orders, "arn:aws:s3:::shop-invoices"]
                      - Effect: Allow
                        Action: [s3:GetObjectVersionForReplication, s3:GetObjectVersionAcl, s3:GetObjectVersionTagging]
                        Resource: ["arn:aws:s3:::shop-orders/*", "arn:aws:s3:::shop-invoices/*"]
                        Condition: {Bool: {aws:SecureTransport: "true"}}
                      - Effect: Allow
                        Action: s3:Replicate*
                        Resource: !Sub ${Copy.Arn}/*
                      - Effect: Allow
                        Action: kms:Decrypt
                        Resource: "*"
                        Condition: {StringEquals: {"kms:ViaService": !Sub "s3.${AWS::Region}.amazonaws.com"}}
        """
    ),
    fails=(
        """
        # High: everything, on all buckets.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
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
                      - Effect: Allow # <-
                        Action: s3:*
                        Resource: "*"
        """,
        """
        # High: functions may take the role too.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: {Service: [s3.amazonaws.com, lambda.amazonaws.com]}
                    Action: sts:AssumeRole
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: "s3:Replicate*", Resource: !Sub "${Copy.Arn}/*"}
        """,
        """
        # Low: it may delete in its source, read a bucket that it does not copy, and list topics.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
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
                      - Effect: Allow # <-
                        Action: s3:DeleteObject*
                        Resource: arn:aws:s3:::shop-orders/*
                      - Effect: Allow # <-
                        Action: s3:GetObjectVersion
                        Resource: arn:aws:s3:::shop-invoices/*
                      - Effect: Allow # <-
                        Action: sns:ListTopics
                        Resource: "*"
                      - Effect: Allow # <-
                        Action: kms:Decrypt
                        Resource: "*"
        """,
    ),
    unsure=(
        """
        # What a policy of another stack lets it do is not known.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
              ManagedPolicyArns: [!ImportValue replication]
        """,
        """
        # The role is declared elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication # <-
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
        """,
    ),
)
def role_least_privilege(bucket: Bucket, estate: Estate) -> Verdict:
    """The replication role is not broader than its rules.

    The role is for S3 alone, and needs a few rights on a few buckets. What it may do beyond that is there for
    whoever gets hold of it, or may change the configuration that uses it.
    """
    return with_role(bucket, estate, lambda role, replication: _is_narrow(role, replication, bucket, estate))


def _is_narrow(role: Role, replication: Replication, bucket: Bucket, estate: Estate) -> Verdict:
    from s3audit.policy.access.role_scope import is_for_s3_alone, is_narrow
    from s3audit.policy.access.roles import copier

    at = replication.role.at
    copied = estate.once(Copied)
    names: tuple[Text, ...] = ()
    match replication.role:
        case Known(written) | Unset(written):
            names = tuple(copied.by_role.get(written, ()))
        case _:
            pass
    by = copier(role, bucket, estate, (), names)
    if isinstance(by, Unknown):
        return unknown(by.at, by.why)
    narrow = is_narrow(by, names, at, is_whole=copied.is_whole)
    return narrow & is_for_s3_alone(by, role.assume_role_policy.at).at_severity(HIGH)
