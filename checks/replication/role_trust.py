from s3audit.check import ALL, BUCKETS, HIGH, ROLES, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import Role
from s3audit.setting import Unknown
from s3audit.verdict import Verdict, unknown

from ._roles import with_role


@check(
    severity=HIGH,
    severity_rule="high: S3 can't take the role, so nothing is copied at all",
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
            """,
        cli="""
            aws iam update-assume-role-policy --role-name ROLE --policy-document \\
              '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
            """,
        note="For jobs of S3 Batch Replication batchoperations.s3.amazonaws.com has to be let in too.",
    ),
    passes=(
        """
        # S3 may take the role.
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
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}
        """,
        """
        # Only for this bucket of this account, and with a role that is named by its ARN.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !Sub arn:aws:iam::${AWS::AccountId}:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Role:
            Type: AWS::IAM::Role
            Properties:
              RoleName: replication
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: [s3.amazonaws.com, batchoperations.s3.amazonaws.com]}
                    Action: sts:AssumeRole
                    Condition:
                      StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}
                      ArnLike: {aws:SourceArn: "arn:aws:s3:::shop-*"}
        """,
        """
        # A rule that is off needs no role.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Old.Arn
                Rules:
                  - {Status: Disabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
          Old:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]
        """,
    ),
    fails=(
        """
        # Functions may take the role, and S3 may not.
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
              AssumeRolePolicyDocument: # <-
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
        """,
        """
        # The role is meant for S3, but for another bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - {Status: Enabled, Destination: {Bucket: "arn:aws:s3:::company-copy"}}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument: # <-
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: sts:AssumeRole
                    Condition: {ArnLike: {aws:SourceArn: "arn:aws:s3:::shop-invoices"}}
        """,
    ),
    unsure=(
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
        """
        # For which account S3 may take it is for whoever deploys it.
        Parameters:
          Account: {Type: String}
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
              AssumeRolePolicyDocument: # <-
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: sts:AssumeRole
                    Condition: {StringEquals: {aws:SourceAccount: !Ref Account}}
        """,
    ),
)
def role_trust(bucket: Bucket, estate: Estate) -> Verdict:
    """The replication role can be assumed by S3.

    S3 copies as somebody: it takes the role that the configuration names. If the role is not there, or does not
    let S3 in, nothing is copied, and nothing but the replication status of each single object tells it.
    """
    return with_role(
        bucket,
        estate,
        lambda role, _: _is_taken(role, bucket, estate),
        must_exist=True,
    )


def _is_taken(role: Role, bucket: Bucket, estate: Estate) -> Verdict:
    from s3audit.policy.access.roles import S3, taken_by, taker

    by = taker(role, bucket, estate)
    if isinstance(by, Unknown):
        return unknown(by.at, by.why)
    return taken_by(by, S3, role.assume_role_policy.at)
