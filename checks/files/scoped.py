from collections.abc import Iterator

from s3audit.check import ALL, ENDPOINTS, FILE_SYSTEMS, LOW, MEDIUM, ROLES, Fix, check
from s3audit.intent import trusted
from s3audit.model.estate import Estate
from s3audit.model.file_system import FileSystem
from s3audit.model.names import bucket_in_arn
from s3audit.policy.stores import kept_to
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, every, failed, passed, unknown

from ._mounts import closed

_STAND_IN = "arn:aws:s3files:eu-west-1:111122223333:file-system/xqz-itself"
_CLIENT = ("s3files:ClientMount", "s3files:ClientWrite", "s3files:ClientRootAccess")


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: it is a second door to the bucket, and the bucket's policy does not show it; low where only the"
        " security group is open, as the addresses are private"
    ),
    needs=(FILE_SYSTEMS, ROLES, ENDPOINTS),
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
                      Principal: {Service: elasticfilesystem.amazonaws.com}
                      Action: sts:AssumeRole
                Policies:
                  - PolicyName: bucket
                    PolicyDocument:
                      Version: "2012-10-17"
                      Statement:
                        - {Effect: Allow, Action: s3:ListBucket, Resource: !GetAtt Orders.Arn}
                        - Effect: Allow
                          Action: [s3:GetObject, s3:PutObject, s3:DeleteObject]
                          Resource: !Sub "${Orders.Arn}/*"
            """,
        terraform="""
            resource "aws_iam_role" "files" {
              assume_role_policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { Service = "elasticfilesystem.amazonaws.com" }
                  Action    = "sts:AssumeRole"
                }]
              })
            }

            resource "aws_iam_role_policy" "files" {
              role = aws_iam_role.files.name
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  { Effect = "Allow", Action = "s3:ListBucket", Resource = "arn:aws:s3:::orders" },
                  {
                    Effect   = "Allow"
                    Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
                    Resource = "arn:aws:s3:::orders/*"
                  },
                ]
              })
            }

            # Another role makes another file system.
            resource "aws_s3files_file_system" "example" {
              role_arn = aws_iam_role.files.arn
            }
            """,
        cli="""
            # With the bucket and the prefix of the file system only.
            aws iam put-role-policy --role-name ROLE --policy-name NAME --policy-document file://policy.json
            aws s3files put-file-system-policy --file-system-id FILE_SYSTEM --policy file://clients.json
            """,
        note="The role of a file system can't be changed, only what the role may do.",
    ),
    passes=(
        """
        # The role has its bucket, a role may mount, and the security group admits the subnets.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties: {BucketName: orders}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: elasticfilesystem.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: bucket
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: "s3:ListBucket*", Resource: "arn:aws:s3:::orders"}
                      - {Effect: Allow, Action: "s3:*Object*", Resource: "arn:aws:s3:::orders/*"}
                      - {Effect: Allow, Action: [kms:Decrypt, kms:GenerateDataKey], Resource: "*"}
          Files:
            Type: AWS::S3Files::FileSystem
            Properties:
              Bucket: arn:aws:s3:::orders
              RoleArn: !GetAtt Role.Arn
          FilesPolicy:
            Type: AWS::S3Files::FileSystemPolicy
            Properties:
              FileSystemId: !GetAtt Files.FileSystemId
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "arn:aws:iam::111122223333:role/shop"}
                    Action: s3files:ClientMount
          Clients:
            Type: AWS::EC2::SecurityGroup
            Properties:
              GroupDescription: clients
              SecurityGroupIngress:
                - {IpProtocol: tcp, FromPort: 2049, ToPort: 2049, CidrIp: 10.0.0.0/16}
                - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
          Target:
            Type: AWS::S3Files::MountTarget
            Properties:
              FileSystemId: !GetAtt Files.FileSystemId
              SubnetId: subnet-0123456789abcdef0
              SecurityGroups: [!GetAtt Clients.GroupId]
        """,
    ),
    fails=(
        """
        # The role may read the objects of every bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties: {BucketName: orders}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: elasticfilesystem.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: buckets
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow # <-
                        Action: s3:*
                        Resource: "*"
          Files:
            Type: AWS::S3Files::FileSystem
            Properties:
              Bucket: arn:aws:s3:::orders
              RoleArn: !GetAtt Role.Arn
        """,
        """
        # Everybody who reaches it may write.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties: {BucketName: photos}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: elasticfilesystem.amazonaws.com}, Action: sts:AssumeRole}
          Album:
            Type: AWS::S3Files::FileSystem
            Properties:
              Bucket: arn:aws:s3:::photos
              RoleArn: !GetAtt Role.Arn
          AlbumPolicy:
            Type: AWS::S3Files::FileSystemPolicy
            Properties:
              FileSystemId: !GetAtt Album.FileSystemId
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: "*"}
                    Action: [s3files:ClientMount, s3files:ClientWrite]
        """,
        """
        # Low: the mount target answers every address.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties: {BucketName: orders}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: elasticfilesystem.amazonaws.com}, Action: sts:AssumeRole}
          Files:
            Type: AWS::S3Files::FileSystem
            Properties:
              Bucket: arn:aws:s3:::orders
              RoleArn: !GetAtt Role.Arn
          Clients:
            Type: AWS::EC2::SecurityGroup
            Properties:
              GroupDescription: clients
              SecurityGroupIngress:
                - IpProtocol: tcp # <-
                  FromPort: 2000
                  ToPort: 3000
                  CidrIp: 0.0.0.0/0
          Target:
            Type: AWS::S3Files::MountTarget
            Properties:
              FileSystemId: !GetAtt Files.FileSystemId
              SubnetId: subnet-0123456789abcdef0
              SecurityGroups: [!GetAtt Clients.GroupId]
        """,
    ),
    unsure=(
        """
        # The role is declared elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties: {BucketName: orders}
          Files:
            Type: AWS::S3Files::FileSystem
            Properties:
              Bucket: arn:aws:s3:::orders
              RoleArn: arn:aws:iam::111122223333:role/files # <-
        """,
    ),
)
def scoped(system: FileSystem, estate: Estate) -> Verdict:
    """An S3 Files file system reaches only its own bucket and only known clients.

    Whoever mounts it reads and writes the objects with the rights of its role, and the policy of the bucket says
    nothing of them. A role that may do more takes the file system's clients further than their bucket.
    """
    return _lets_in(system, estate) & closed(system, estate).at_severity(LOW) & _stays(system, estate)


def _lets_in(system: FileSystem, estate: Estate) -> Verdict:
    trust = trusted(system, estate)
    if isinstance(trust, Unknown):
        return unknown(trust.at, trust.why)
    nobody = frozenset[str]()
    those = (trust.accounts or nobody, trust.organizations or nobody) if trust.is_said else None
    return kept_to(system, system.policy, estate, those, _STAND_IN, _CLIENT).at_severity(MEDIUM)


def _stays(system: FileSystem, estate: Estate) -> Verdict:
    """Whether its role may do nothing with the objects of other buckets."""
    from s3audit.policy.actions import ACTIONS
    from s3audit.policy.holders import bucket_arn, buckets_in, holder_of, patterns_in

    name = _name_of(system.bucket)
    if isinstance(name, Unknown):
        return unknown(name.at, name.why)
    holder = holder_of(system.role, name, system, estate)
    if isinstance(holder, Unknown):
        return unknown(holder.at, holder.why)
    gap = holder.gap()
    if gap:
        return unknown(system.role.at, gap)
    here = holder.place.ground.arn
    several = patterns_in(holder.own.rules)
    others = [
        bucket_arn(holder.place),
        *(one for one in buckets_in(holder.own.rules) if one != here),
        *several,
    ]
    of_objects = tuple(one for one in ACTIONS if one.of_objects)

    def asked() -> Iterator[Verdict]:
        for arn in dict.fromkeys(others):
            found = holder.may(arn, of_objects)
            if found.status is Status.PASS:
                (evidence,) = found.evidence
                yield failed(evidence.at, evidence.note.replace(arn, several.get(arn, arn)), MEDIUM)
            else:
                yield ~found

    return every(asked(), passed(system.role.at, "its role stays with its bucket"))


def _name_of(bucket: Setting[Text]) -> Setting[Text]:
    """The bucket of a file system is written as an ARN."""
    if isinstance(bucket, Unknown):
        return Unknown(f"the bucket is not known: {bucket.why}", bucket.at)
    written = bucket.value if isinstance(bucket, Known) else bucket.default
    return Known(bucket_in_arn(written) or written, bucket.at)
