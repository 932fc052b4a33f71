from typing import TYPE_CHECKING

from s3audit.check import ALL, BUCKETS, HIGH, ROLES, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.owner import belongs_to
from s3audit.model.relations import label
from s3audit.model.replicas import destination_of, is_latest
from s3audit.model.replication import Replication, ReplicationRule
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status, Verdict, every, not_applicable, unknown

from ._rights import by_its_role, changes_owner, unless_needed

if TYPE_CHECKING:
    from s3audit.policy.access.roles import Copier


@check(
    severity=HIGH,
    severity_rule="high: S3 can't write the copies, and the objects fail one by one",
    needs=(BUCKETS, ROLES),
    about="replication",
    sources=ALL,
    yields_to=("replication-role-trust", "replication-destination-exists"),
    fix=Fix(
        cloudformation="""
            Writing:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: writing
                Roles: [!Ref Role]
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Action:
                        - s3:ReplicateObject
                        - s3:ReplicateDelete
                        - s3:ReplicateTags
                      Resource: !Sub ${Copy.Arn}/*
            """,
        terraform="""
            resource "aws_iam_role_policy" "writing" {
              role = aws_iam_role.role.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
                  Resource = "${aws_s3_bucket.copy.arn}/*"
                }]
              })
            }
            """,
        cli="""
            # s3:ReplicateObject, s3:ReplicateDelete and s3:ReplicateTags on the objects of the destination.
            aws iam put-role-policy --role-name ROLE --policy-name writing --policy-document file://writing.json
            """,
        note="A rule that changes the owner of the copies takes s3:ObjectOwnerOverrideToBucketOwner as well.",
    ),
    passes=(
        """
        # A rule without a Filter copies delete markers too.
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
                      - Effect: Allow
                        Action: [s3:ReplicateObject, s3:ReplicateDelete]
                        Resource: !Sub ${Copy.Arn}/*
        """,
        """
        # With a Filter, and without delete markers, one action is enough; the destination is declared elsewhere.
        Parameters:
          Copy: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: !Sub "arn:aws:s3:::${Copy}"}
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
                      - {Effect: Allow, Action: s3:ReplicateObject, Resource: !Sub "arn:aws:s3:::${Copy}/*"}
        """,
        """
        # The policy of the destination lets the role in by its name; the owner changes by itself.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: !GetAtt Copy.Arn
                      Account: !Ref AWS::AccountId
                      AccessControlTranslation: {Owner: Destination}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}
          CopyPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Copy
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !GetAtt Role.Arn}
                    Action: [s3:ReplicateObject, s3:ReplicateDelete]
                    Resource: !Sub ${Copy.Arn}/*
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sts:AssumeRole}]
        """,
    ),
    fails=(
        """
        # The role may read, and not write the copies.
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
              Policies:
                - PolicyName: replication
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: "s3:Get*", Resource: "*"}
        """,
        """
        # A rule without a Filter copies delete markers, which the role may not.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - {Status: Enabled, Prefix: paid/, Destination: {Bucket: !GetAtt Copy.Arn}}
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
                      - {Effect: Allow, Action: s3:ReplicateObject, Resource: !Sub "${Copy.Arn}/*"}
        """,
        """
        # The second destination is none that the role may write to; the policy of the first one denies it too.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: !GetAtt Copy.Arn}
                  - Status: Enabled
                    Priority: 2
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::company-copy"}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
          CopyPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Copy
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:Replicate*
                    Resource: !Sub ${Copy.Arn}/*
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
                      - {Effect: Allow, Action: s3:ReplicateObject, Resource: !Sub "${Copy.Arn}/*"}
        """,
        """
        # Changing the owner of the copies takes one action more.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: !GetAtt Copy.Arn
                      Account: !Ref AWS::AccountId
                      AccessControlTranslation: {Owner: Destination}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerPreferred}]}
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
                      - {Effect: Allow, Action: "s3:Replicate*", Resource: !Sub "${Copy.Arn}/*"}
        """,
    ),
    unsure=(
        """
        # The destination is for whoever deploys it.
        Parameters:
          CopyArn: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn # <-
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !Ref CopyArn}}
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
        # Whether delete markers are copied is for whoever deploys it, and the role may not copy them.
        Parameters:
          Markers: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: !GetAtt Role.Arn
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication:
                      Status: !Ref Markers # <-
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
                      - {Effect: Allow, Action: s3:ReplicateObject, Resource: "arn:aws:s3:::company-copy/*"}
        """,
    ),
)
def role_destination_permissions(bucket: Bucket, estate: Estate) -> Verdict:
    """The replication role can write the destination.

    S3 writes the copies with the rights of the role. If one is missing, every object fails, and nothing but the
    replication status of each of them tells it. Tags and ACLs come with the object, and take no right of their own.
    """
    return by_its_role(
        bucket,
        estate,
        lambda by, rule, replication: _may_write(by, rule, replication, bucket, estate),
    )


def _may_write(
    by: "Copier", rule: ReplicationRule, replication: Replication, bucket: Bucket, estate: Estate
) -> Verdict:
    match destination_of(rule, estate):
        case Known(None, at) | Unset(None, at):
            return not_applicable(at, "the destination does not exist")
        case Known(Bucket() as target) | Unset(Bucket() as target):
            same = belongs_to(target, bucket.account, replication.role.at)
            found = [
                _rights(by, rule, replication, target, here=here)
                for here, status in ((True, Status.FAIL), (False, Status.PASS))
                if same.status is not status
            ]
            if len({one.status for one in found}) == 1:
                return found[0]
            return unknown(replication.role.at, f"whether the policy of {label(target)} counts is not known")
        case Unknown() as gap if isinstance(rule.destination.bucket, Unknown):
            return unknown(gap.at, gap.why)
        case _:
            return _rights(by, rule, replication, None, here=False)


def _rights(
    by: "Copier", rule: ReplicationRule, replication: Replication, target: Bucket | None, *, here: bool
) -> Verdict:
    """Whether it has them by its own policies; that of a bucket of its own account counts as much."""
    from s3audit.policy.access.roles import direct, may, rules_for
    from s3audit.policy.replication import Need

    at = replication.role.at
    said = rules_for(target.policy, by) if here and target is not None else None
    if isinstance(said, Unknown):
        return unknown(at, f"the policy of the destination is not known: {said.why}")
    beside = tuple(direct(said or ()))
    to = rule.destination.bucket
    if isinstance(to, Unknown):
        return unknown(to.at, to.why)
    arn = by.here.filled(to.value if isinstance(to, Known) else to.default)

    def right(action: str) -> Verdict:
        return may(by, Need(actions=(action,), at=arn, of_objects=True), at, beside=beside)

    markers = ~is_latest(rule) | rule.delete_markers.is_in("Enabled", what="DeleteMarkerReplication")
    found = every(
        (
            right("s3:ReplicateObject"),
            unless_needed(markers, right("s3:ReplicateDelete")),
            unless_needed(changes_owner(rule, target), right("s3:ObjectOwnerOverrideToBucketOwner")),
        )
    )
    # Of what nobody tells at all no policy can be held against it.
    if found.status is Status.FAIL and not arn.startswith("arn:"):
        return unknown(at, f"which bucket the destination {arn} is, is not known")
    return found
