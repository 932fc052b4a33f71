from collections.abc import Iterator

from s3audit.check import ACCESS_GRANTS, ALL, HIGH, LOW, ROLES, Fix, check
from s3audit.model.access_grants import AccessGrantsLocation
from s3audit.model.estate import Estate
from s3audit.policy.holders import Holder, bucket_arn, buckets_in, elsewhere, holder_of
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Text
from s3audit.verdict import Severity, Status, Verdict, every, failed, passed, unknown

_DATA = frozenset(
    f"s3:{name}"
    for name in (
        *("AbortMultipartUpload", "DeleteObject", "DeleteObjectVersion", "PutObject"),
        *("PutObjectAcl", "PutObjectVersionAcl", "PutObjectTagging", "PutObjectVersionTagging"),
        *("DeleteObjectTagging", "DeleteObjectVersionTagging"),
    )
)
"""What changes objects, and is for Access Grants to hand out."""


@check(
    severity=LOW,
    severity_rule=(
        "low: what is handed out is cut down to the grant; high where the role may do more than read and write data"
    ),
    needs=(ACCESS_GRANTS, ROLES),
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
                      Principal: {Service: access-grants.s3.amazonaws.com}
                      Action: [sts:AssumeRole, sts:SetSourceIdentity]
                      Condition:
                        StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}
                Policies:
                  - PolicyName: data
                    PolicyDocument:
                      Version: "2012-10-17"
                      Statement:
                        - Effect: Allow
                          Action: [s3:GetObject, s3:PutObject, s3:DeleteObject]
                          Resource: !Sub "${Orders.Arn}/*"
            """,
        terraform="""
            iam_role_arn = aws_iam_role.example.arn
            resource "aws_iam_role_policy" "example" {
              role = aws_iam_role.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
                  Resource = "${aws_s3_bucket.orders.arn}/*"
                }]
              })
            }
            """,
        cli="""
            # Actions on data only, and only where the location is.
            aws iam put-role-policy --role-name ROLE --policy-name data --policy-document file://data.json
            """,
        note="Grants that lie outside of what the role may do stop working.",
    ),
    passes=(
        """
        # The role may read and write where the location is.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: access-grants.s3.amazonaws.com}
                    Action: [sts:AssumeRole, sts:SetSourceIdentity]
              Policies:
                - PolicyName: data
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: [s3:GetObject, s3:PutObject]
                        Resource: !Sub "${Orders.Arn}/*"
                      - {Effect: Allow, Action: s3:ListBucket, Resource: !GetAtt Orders.Arn}
          Instance:
            Type: AWS::S3::AccessGrantsInstance
          Location:
            Type: AWS::S3::AccessGrantsLocation
            DependsOn: Instance
            Properties:
              LocationScope: !Sub "s3://${Orders}"
              IamRoleArn: !GetAtt Role.Arn
        """,
        """
        # The whole account is one location, with a role for data only: that is what AWS recommends.
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: access-grants.s3.amazonaws.com}
                    Action: [sts:AssumeRole, sts:SetSourceIdentity]
              Policies:
                - PolicyName: data
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: [s3:GetObject, s3:PutObject, s3:PutObjectAcl, s3:DeleteObject]
                        Resource: arn:aws:s3:::*
                      - {Effect: Allow, Action: s3:ListBucket, Resource: "arn:aws:s3:::*"}
          Instance:
            Type: AWS::S3::AccessGrantsInstance
          Location:
            Type: AWS::S3::AccessGrantsLocation
            DependsOn: Instance
            Properties:
              LocationScope: s3://
              IamRoleArn: !GetAtt Role.Arn
        """,
    ),
    fails=(
        """
        # Low: the location is one bucket, and the role may write to all of them.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: access-grants.s3.amazonaws.com}
                    Action: [sts:AssumeRole, sts:SetSourceIdentity]
              Policies:
                - PolicyName: data
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow # <-
                        Action: [s3:GetObject, s3:PutObject]
                        Resource: "*"
          Instance:
            Type: AWS::S3::AccessGrantsInstance
          Location:
            Type: AWS::S3::AccessGrantsLocation
            DependsOn: Instance
            Properties:
              LocationScope: !Sub "s3://${Orders}"
              IamRoleArn: !GetAtt Role.Arn
        """,
        """
        # High: the role may do everything with S3.
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: access-grants.s3.amazonaws.com}
                    Action: [sts:AssumeRole, sts:SetSourceIdentity]
              Policies:
                - PolicyName: all
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: s3:*, Resource: "*"} # <-
          Instance:
            Type: AWS::S3::AccessGrantsInstance
          Location:
            Type: AWS::S3::AccessGrantsLocation
            DependsOn: Instance
            Properties:
              LocationScope: s3://
              IamRoleArn: !GetAtt Role.Arn
        """,
        """
        # The location is a prefix, and the role reads beside it and in another bucket.
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: access-grants.s3.amazonaws.com}
                    Action: [sts:AssumeRole, sts:SetSourceIdentity]
              Policies:
                - PolicyName: data
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::shop-orders/2026/*"}
                      - {Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::shop-orders/20*"} # <-
                      - {Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::shop-invoices/*"} # <-
          Instance:
            Type: AWS::S3::AccessGrantsInstance
          Location:
            Type: AWS::S3::AccessGrantsLocation
            DependsOn: Instance
            Properties:
              LocationScope: s3://shop-orders/2026/*
              IamRoleArn: !GetAtt Role.Arn
        """,
    ),
    unsure=(
        """
        # The role is declared elsewhere.
        Resources:
          Instance:
            Type: AWS::S3::AccessGrantsInstance
          Location:
            Type: AWS::S3::AccessGrantsLocation
            DependsOn: Instance
            Properties:
              LocationScope: s3://
              IamRoleArn: !ImportValue access-grants-role # <-
        """,
    ),
)
def grants_location_scope(location: AccessGrantsLocation, estate: Estate) -> Verdict:
    """The role of an Access Grants location may do no more than the location is for.

    Access Grants hands out sessions of this role, cut down to a grant. Whoever can make grants, or gets the role by
    another way, has all of it.
    """
    match location.scope:
        case Unknown() as gap:
            return unknown(gap.at, f"what the location is for is not known: {gap.why}")
        case known:
            scope = known.value if isinstance(known, Known) else known.default
    inside = scope.without_prefix("s3://")
    if inside is None:
        return unknown(location.scope.at, f"what {scope} is for is not known")
    is_whole = not inside.parts
    name, *rest = inside.split("/", 1)
    prefix = rest[0] if rest else Text()
    holder = holder_of(
        location.role,
        elsewhere(location.scope) if is_whole else Known(name, location.scope.at),
        location,
        estate,
    )
    if isinstance(holder, Unknown):
        return unknown(holder.at, holder.why)
    unseen = holder.gap()
    if unseen:
        return unknown(location.role.at, unseen)
    return every(_each(holder, prefix, location.role, is_whole=is_whole))


def _each(holder: Holder, prefix: Text, role: Setting[Text], *, is_whole: bool) -> Iterator[Verdict]:
    from s3audit.policy.actions import ACTIONS, LIST, READ, WRITE, Action

    place = holder.place
    here, other = place.ground.arn, bucket_arn(place)
    more = tuple(one for one in ACTIONS if one.level not in (LIST, READ) and one.name not in _DATA)
    named = [one for one in buckets_in(holder.own.rules) if one != here]
    for arn in dict.fromkeys((here, other, *named)):
        yield _not(holder.may(arn, more), HIGH, role)
    pass_role = Action("iam:PassRole", WRITE, of_objects=False)
    yield _not(
        holder.may(f"arn:{place.ground.partition}:iam::{place.ground.owner}:role/any", (pass_role,)),
        HIGH,
        role,
    )
    if is_whole:
        return
    data = tuple(one for one in ACTIONS if one not in more)
    for arn in (other, *named):
        yield _not(holder.may(arn, data), LOW, role)
    keys = (prefix.literal or "").rstrip("*") if not prefix.opaque else None
    if keys is None:
        yield unknown(role.at, "which prefix the location is for is not known")
    elif keys:
        objects = tuple(one for one in data if one.of_objects)
        yield _not(holder.may(here, objects, keys, beside=True), LOW, role)


def _not(found: Verdict, severity: Severity, role: Setting[Text]) -> Verdict:
    if found.status is Status.PASS:
        return failed(found.evidence[0].at, found.evidence[0].note, severity)
    return (
        passed(role.at, "the role may do no more than the location is for")
        if found.status is Status.FAIL
        else found
    )
