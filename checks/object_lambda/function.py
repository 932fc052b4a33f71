from collections.abc import Callable

from s3audit.check import ACCESS_POINTS, ALL, HIGH, TARGETS, Fix, check
from s3audit.model.access_point import ObjectLambdaAccessPoint, ObjectTransformation
from s3audit.model.estate import Estate
from s3audit.model.names import arn_parts
from s3audit.model.target import Function, FunctionPermission
from s3audit.policy.language import Policy, policy_of
from s3audit.policy.patterns import covers_action
from s3audit.setting import Known, Setting, Unknown, Unset, every_of, some_of, when_set
from s3audit.text import Opaque, Text, same, text
from s3audit.verdict import Evidence, Status, Verdict, failed, unknown, verdict

_INVOKE = "lambda:InvokeFunction"
_ACCOUNTS = ("AWS::AccountId", ".account_id")


@check(
    severity=HIGH,
    severity_rule="high: with a wrong function every read fails; one that is open to everyone is used by strangers",
    needs=(ACCESS_POINTS, TARGETS),
    sources=ALL,
    peers={"checkov": ("CKV_AWS_301",)},
    fix=Fix(
        cloudformation="""
            # Object Lambda needs no permission of its own: the readers may invoke the function.
            Permission:
              Type: AWS::Lambda::Permission
              Properties:
                FunctionName: !Ref Redact
                Action: lambda:InvokeFunction
                Principal: !Ref AWS::AccountId
            """,
        terraform="""
            # Object Lambda needs no permission of its own: the readers may invoke the function.
            resource "aws_lambda_permission" "readers" {
              function_name = aws_lambda_function.redact.function_name
              action        = "lambda:InvokeFunction"
              principal     = data.aws_caller_identity.current.account_id
            }
            data "aws_caller_identity" "current" {}
            """,
        cli="""
            aws lambda remove-permission --function-name FUNCTION --statement-id STATEMENT_ID
            """,
        note="Whoever reads needs lambda:InvokeFunction, by this permission or by a policy of their own.",
    ),
    passes=(
        """
        # The function is declared beside it, and its readers may invoke it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
          Redact:
            Type: AWS::Lambda::Function
            Properties:
              FunctionName: redact
              Role: arn:aws:iam::111122223333:role/redact
              Runtime: python3.13
              Handler: main.handler
              Code: {ZipFile: "def handler(event, context): ..."}
          Permission:
            Type: AWS::Lambda::Permission
            Properties:
              FunctionName: !Ref Redact
              Action: lambda:InvokeFunction
              Principal: !Ref AWS::AccountId
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              Name: redacted
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !GetAtt OrdersPoint.Arn
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda: {FunctionArn: !GetAtt Redact.Arn}
        """,
    ),
    fails=(
        """
        # Everybody may invoke it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
          Redact:
            Type: AWS::Lambda::Function
            Properties:
              FunctionName: redact
              Role: arn:aws:iam::111122223333:role/redact
              Runtime: python3.13
              Handler: main.handler
              Code: {ZipFile: "def handler(event, context): ..."}
          Permission:
            Type: AWS::Lambda::Permission
            Properties:
              FunctionName: !Ref Redact
              Action: lambda:InvokeFunction
              Principal: "*" # <-
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              Name: redacted
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !GetAtt OrdersPoint.Arn
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda: {FunctionArn: !GetAtt Redact.Arn}
        """,
    ),
    unsure=(
        """
        # The function is declared elsewhere.
        Parameters:
          FunctionArn: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              Name: redacted
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !GetAtt OrdersPoint.Arn
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda: {FunctionArn: !Ref FunctionArn} # <-
        """,
    ),
)
def function(point: ObjectLambdaAccessPoint, estate: Estate) -> Verdict:
    """The Object Lambda function is there, in its account and Region, and not open to everyone.

    Each read goes through this function. Where it is gone or lies elsewhere no read succeeds, and where everybody may
    invoke it, strangers use it at the cost of the account.
    """
    return every_of(point.transformations, lambda one: _judged(one, point, estate))


def _judged(one: ObjectTransformation, point: ObjectLambdaAccessPoint, estate: Estate) -> Verdict:
    match one.function:
        case Known(Text() as arn) | Unset(Text() as arn):
            return _of_arn(arn, one.function, point, estate)
        case Unknown(why, at):
            return unknown(at, f"the function is not known: {why}")
        case Known(at=at) | Unset(at=at):
            return unknown(at, "no function is named")


def _of_arn(
    arn: Text, setting: Setting[Text | None], point: ObjectLambdaAccessPoint, estate: Estate
) -> Verdict:
    parts = arn_parts(arn)
    if parts is not None:
        for said, own, what in ((parts[2], point.region, "Region"), (parts[3], point.account, "account")):
            if not isinstance(own, Unknown) and same(said, _told(own)) is Status.FAIL:
                return failed(setting.at, f"the function is of another {what}, {said}")
    found = _declared(arn, estate)
    if found is None:
        return unknown(setting.at, f"the function {arn} is declared elsewhere")
    match found.exists:
        case Unknown(why):
            return unknown(setting.at, f"whether the function {found.title} is there is not known: {why}")
        case Known(False) | Unset(False):
            return failed(setting.at, f"the function {found.title} does not exist")
        case _:
            return ~_is_open(found)


def _declared(arn: Text, estate: Estate) -> Function | None:
    """The function, by the ARN of it or of one of its versions."""
    first = arn.parts[0] if arn.parts else ""
    if isinstance(first, Opaque) and first.resource:
        rest = arn.parts[1] if len(arn.parts) > 1 else ":"
        return estate.at(first.resource, Function) if isinstance(rest, str) and rest[0] == ":" else None
    address = estate.once(_by_arn).get(arn)
    return None if address is None else estate.at(address, Function)


def _by_arn(estate: Estate) -> dict[Text, str]:
    return {one.arn.value: one.address for one in estate.all(Function) if isinstance(one.arn, Known)}


def _is_open(one: Function) -> Verdict:
    """Whether its resource policy lets everybody invoke it."""
    by_policy = when_set(
        policy_of(one.policy), lambda policy: _lets_in(policy, one), Verdict(Status.FAIL), what="its policy"
    )
    found = some_of(one.permissions, _is_for_all) | by_policy
    return found if found.evidence else failed(one.at, f"not everybody may invoke {one.title}")


def _lets_in(policy: Policy, one: Function) -> Verdict:
    from s3audit.policy.access.standalone import lets_in_strangers

    return lets_in_strangers(policy, one, (_INVOKE,), signed=False)


def _is_for_all(one: FunctionPermission) -> Verdict:
    everybody = _fits(one.principal, _is_everybody)
    invoked = _fits(one.action, lambda action: covers_action(action, text(_INVOKE)))
    limits = (one.source_account, one.source_arn, one.organization)
    found = everybody & invoked
    for limit in limits:
        found &= ~when_set(limit, _is_fixed, Verdict(Status.FAIL))
    if found.status is Status.FAIL:
        return Verdict(Status.FAIL)
    note = "everybody may invoke the function"
    return verdict(
        found.status,
        Evidence(
            one.principal.at,
            note if found.status is Status.PASS else "whether everybody may invoke it is not known",
        ),
    )


def _is_everybody(who: Text) -> Status:
    # An account that is not told is one all the same.
    if any(part.resource or part.origin.endswith(_ACCOUNTS) for part in who.opaque):
        return Status.FAIL
    return same(who, text("*"))


def _fits(setting: Setting[Text], judge: Callable[[Text], Status]) -> Verdict:
    match setting:
        case Known(value) | Unset(value):
            return Verdict(judge(value))
        case Unknown(why, at):
            return unknown(at, why)


def _is_fixed(value: Text) -> Verdict:
    return Verdict(Status.FAIL if value.literal == "*" else Status.PASS)


def _told(setting: Known[Text] | Unset[Text]) -> Text:
    return setting.value if isinstance(setting, Known) else setting.default
