from s3audit.check import ACCESS_POINTS, ALL, LOW, Fix, check
from s3audit.model.access_point import AccessPoint, AccessPointScope
from s3audit.model.estate import Estate
from s3audit.policy.language import policy_of
from s3audit.setting import Known, Unknown, Unset, when_set
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown

from ._policies import foreign_in_words


@check(
    severity=LOW,
    severity_rule="low: without a scope the other account may do all that a session allows, on every object",
    needs=(ACCESS_POINTS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            Scope:
              Prefixes: [reports/]
              Permissions: [GetObject, ListBucket]
            """,
        terraform="""
            resource "aws_s3control_directory_bucket_access_point_scope" "example" {
              account_id = data.aws_caller_identity.current.account_id
              name       = aws_s3_access_point.example.name
              scope {
                prefixes    = ["reports/"]
                permissions = ["GetObject", "ListBucket"]
              }
            }
            data "aws_caller_identity" "current" {}
            """,
        cli="""
            aws s3control put-access-point-scope --account-id ACCOUNT_ID --name ACCESS_POINT \\
              --scope 'Prefixes=[reports/],Permissions=[GetObject,ListBucket]'
            """,
    ),
    passes=(
        """
        # Another account reads below one prefix only; the access points of general purpose buckets have no scope.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
          FastPoint:
            Type: AWS::S3Express::AccessPoint
            Properties:
              Name: fast--euw1-az1--xa-s3
              Bucket: fast--euw1-az1--x-s3
              Scope: {Prefixes: [reports/], Permissions: [GetObject, ListBucket]}
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::444455556666:role/reports}
                    Action: s3express:CreateSession
                    Resource: "*"
        """,
    ),
    fails=(
        """
        # Another account gets at everything in the bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          FastPoint: # <-
            Type: AWS::S3Express::AccessPoint
            Properties:
              Name: fast--euw1-az1--xa-s3
              Bucket: fast--euw1-az1--x-s3
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::444455556666:role/reports}
                    Action: s3express:CreateSession
                    Resource: "*"
        """,
        """
        # The bucket belongs to another account.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          FastPoint: # <-
            Type: AWS::S3Express::AccessPoint
            Properties:
              Name: fast--euw1-az1--xa-s3
              Bucket: fast--euw1-az1--x-s3
              BucketAccountId: "444455556666"
        """,
    ),
    unsure=(
        """
        # Whom it serves is for whoever deploys it.
        Parameters:
          Owner: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          FastPoint:
            Type: AWS::S3Express::AccessPoint
            Properties:
              Name: fast--euw1-az1--xa-s3
              Bucket: fast--euw1-az1--x-s3
              BucketAccountId: !Ref Owner # <-
        """,
    ),
)
def scope_directory(point: AccessPoint, estate: Estate) -> Verdict:
    """Directory-bucket access points limit prefixes and actions.

    A session on a directory bucket is for everything in it. Where another account is served, a scope says which part
    of it and which actions are meant.
    """
    if point.type != "directory":
        return not_applicable(point.at, "it is not of a directory bucket")
    limited = when_set(
        point.scope,
        _limits,
        failed(point.scope.at, "it has no scope and serves another account"),
        what="the scope",
    )
    if limited.status is Status.PASS:
        return limited
    shared = _is_shared(point)
    if shared.status is Status.FAIL:
        return not_applicable(point.at, "it serves its own account alone")
    return limited if shared.status is Status.PASS else ~shared


def _limits(scope: AccessPointScope) -> Verdict:
    def has(listed: object) -> bool:
        return bool(listed)

    return scope.prefixes.satisfies(has, "it is limited to some prefixes") | scope.permissions.satisfies(
        has, "it is limited to some actions"
    )


def _is_shared(point: AccessPoint) -> Verdict:
    """Whether another account is served, by the bucket or by the policy."""
    by_policy = when_set(
        policy_of(point.policy), lambda policy: foreign_in_words(policy, point), Verdict(Status.FAIL)
    )
    return _is_of_other(point) | by_policy


def _is_of_other(point: AccessPoint) -> Verdict:
    match point.bucket_account, point.account:
        case ((Known(None) | Unset(None)), _):
            return Verdict(Status.FAIL)
        case (
            (Known(Text() as bucket, at) | Unset(Text() as bucket, at)),
            (Known(own) | Unset(own)),
        ):
            answer = same(bucket, own)
            if answer is Status.UNKNOWN and bucket.literal is None:
                return unknown(at, f"whether {bucket} is its own account is not known")
            # What a template writes out is taken for another account.
            return Verdict(Status.FAIL) if answer is Status.PASS else passed(at, f"the bucket is of {bucket}")
        case setting, own_account:
            gap = setting if isinstance(setting, Unknown) else own_account
            return unknown(setting.at, gap.why if isinstance(gap, Unknown) else "")
