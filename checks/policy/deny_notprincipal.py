from collections.abc import Callable
from typing import NamedTuple

from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.names import arn_parts
from s3audit.policy.elements import has_effect
from s3audit.policy.language import Policy, Principal, Statement
from s3audit.setting import Known, Listed, Unset
from s3audit.text import Opaque, Text, same
from s3audit.verdict import Status, Verdict, failed, passed

from ._statements import account_in, names_one, of_each, of_policy, some_of_items, statements


@check(
    severity=LOW,
    severity_rule="low: somebody who was to be spared is denied; medium where no other Deny guards the bucket",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # Everybody is denied, but for this role in whatever session.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Deny
                      Principal: "*"
                      Action: s3:DeleteObject
                      Resource: !Sub ${Bucket.Arn}/*
                      Condition: {ArnNotLike: {"aws:PrincipalArn": arn:aws:iam::111122223333:role/admin}}
            """,
        terraform="""
            # Everybody is denied, but for this role in whatever session.
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Deny"
                  Principal = "*"
                  Action    = "s3:DeleteObject"
                  Resource  = "${aws_s3_bucket.example.arn}/*"
                  Condition = { ArnNotLike = { "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/admin" } }
                }]
              })
            }
            """,
        cli="""
            # policy.json has Principal "*" and ArnNotLike on aws:PrincipalArn instead of NotPrincipal.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
    ),
    passes=(
        """
        # A condition on who asks instead of NotPrincipal.
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
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:DeleteObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition: {ArnNotLike: {"aws:PrincipalArn": arn:aws:iam::111122223333:role/admin}}
          Invoices:
            Type: AWS::S3::Bucket
        """,
        """
        # The role, its account and its session are all spared.
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
                  - Effect: Deny
                    NotPrincipal:
                      AWS:
                        - arn:aws:iam::111122223333:root
                        - arn:aws:iam::111122223333:role/ops/admin
                        - arn:aws:sts::111122223333:assumed-role/admin/nightly
                    Action: s3:DeleteObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
    fails=(
        """
        # The role alone, and there is no other Deny.
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
                  - Effect: Deny
                    NotPrincipal:
                      AWS: arn:aws:iam::111122223333:role/admin # <-
                    Action: s3:DeleteObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # A role of this stack with its account, but without a session; and a user without the account.
        Resources:
          Admin:
            Type: AWS::IAM::Role
            Properties: {AssumeRolePolicyDocument: {Statement: []}}
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    NotPrincipal:
                      AWS:
                        - !GetAtt Admin.Arn # <-
                        - !Ref AWS::AccountId
                    Action: s3:DeleteObject
                    Resource: !Sub ${Orders.Arn}/*
                  - Effect: Deny
                    NotPrincipal:
                      AWS: arn:aws:iam::444455556666:user/auditor # <-
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition: {Bool: {"aws:SecureTransport": "false"}}
        """,
    ),
    unsure=(
        """
        # Another one on the list may be the session.
        Parameters:
          Session: {Type: String}
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
                  - Effect: Deny
                    NotPrincipal:
                      AWS:
                        - arn:aws:iam::111122223333:root
                        - arn:aws:iam::111122223333:role/admin
                        - !Ref Session # <-
                    Action: s3:DeleteObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
)
def deny_notprincipal(bucket: Bucket) -> Verdict:
    """A Deny with NotPrincipal names the account and the sessions of whom it spares.

    AWS looks at the account, at the role and at the session in turn, and whichever the list does not name is denied.
    So the role that was to be spared is locked out too, and one with a permissions boundary in any case.
    """
    found = of_each(bucket, lambda statement: _judged(statement, bucket))
    if found.status is not Status.FAIL:
        return found
    return of_policy(bucket, lambda policy: found.at_severity(MEDIUM) if _is_only_guard(policy) else found)


def _is_only_guard(policy: Policy) -> bool:
    """Whether each Deny of it has NotPrincipal."""
    denying = [one for one in statements(policy) if has_effect(one, "Deny").status is not Status.FAIL]
    return all(isinstance(one.principals, Unset) for one in denying)


def _judged(statement: Statement, bucket: Bucket) -> Verdict:
    denies = has_effect(statement, "Deny")
    if denies.status is Status.FAIL or isinstance(statement.not_principals, Unset):
        return Verdict(Status.PASS)
    spared = statement.not_principals
    gap = some_of_items(spared, lambda item: _is_spared_in_part(item, spared, bucket))
    return ~(denies & gap)


def _is_spared_in_part(item: Known[Principal], spared: Listed[Principal], bucket: Bucket) -> Verdict:
    """Whether AWS denies it for a part that is not on the list."""
    who = _identity(item.value, bucket)
    if who is None:
        return failed(item.at, "it is no user or role")
    account = _some(spared, lambda one: _is_account(one, who.account))
    if who.role is None:
        return _missing(item, "its account", account)
    return _missing(item, "its account", account) | _missing(
        item, "its sessions", _some(spared, lambda one: _is_session(one, who))
    )


class _Who(NamedTuple):
    account: Text
    role: Text | None
    """Its name; or what stands for the resource that it is."""


def _identity(one: Principal, bucket: Bucket) -> _Who | None:
    """The user or role that it is."""
    parts = arn_parts(one.name)
    if one.kind != "AWS":
        return None
    if parts is None:
        match one.name.parts, bucket.account:
            case (Opaque(resource=address, origin=origin),), Known(own) if (
                address and origin.lower().endswith(".arn")
            ):
                return _Who(own, one.name)
            case _:
                return None
    kind, *rest = parts[4].split("/", 1)
    if kind.literal not in ("role", "user") or not rest:
        return None
    return _Who(parts[3], rest[0].split("/")[-1] if kind.literal == "role" else None)


def _is_account(one: Principal, account: Text) -> Status:
    parts = arn_parts(one.name)
    if parts is not None and parts[4].literal != "root":
        return Status.FAIL
    named = account_in(one.name)
    return Status.FAIL if named is None else same(named, account)


def _is_session(one: Principal, who: _Who) -> Status:
    parts = arn_parts(one.name)
    if parts is None:
        is_told = one.name.literal is not None or names_one(one.name)
        return Status.FAIL if is_told else Status.UNKNOWN
    kind, *rest = parts[4].split("/", 2)
    if kind.literal != "assumed-role" or not rest or who.role is None:
        return Status.FAIL
    of_input = {part.resource for part in who.role.opaque if part.resource}
    if of_input & {part.resource for part in rest[0].opaque}:
        return Status.PASS
    return Status.UNKNOWN if of_input else same(rest[0], who.role)


def _some(spared: Listed[Principal], judge: Callable[[Principal], Status]) -> Verdict:
    return some_of_items(
        spared, lambda item: item.satisfies(judge, f"what {item.value.name} spares is not known")
    )


def _missing(item: Known[Principal], what: str, there: Verdict) -> Verdict:
    if there.status is not Status.FAIL:
        return ~there
    return passed(item.at, f"the statement's NotPrincipal names {item.value.name} without {what}")
