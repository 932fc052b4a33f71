"""What the examples of notification checks leave out: accounts as they are seen, SAM, Terraform, how grave it is."""

from pathlib import Path

import pytest

import s3audit
from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate, Listing
from s3audit.model.notification import Notification, NotificationRule
from s3audit.model.target import Queue
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text, text
from s3audit.verdict import Status, Verdict
from tests.checks.examples import CHECKS

AT = Location("account", "orders")
ARN = "arn:aws:sqs:eu-west-1:111122223333:new-orders"


def known(value: str) -> Known[Text]:
    return Known(text(value), AT)


def bucket(*arns: str) -> Bucket:
    """As a live scan sees it."""
    rules = tuple(
        Known(
            NotificationRule(at=AT, target=known(arn), events=Known((Known("s3:ObjectCreated:*", AT),), AT)),
            AT,
        )
        for arn in arns
    )
    told = Notification(
        at=AT,
        queues=Known(rules, AT),
        topics=Known((), AT),
        functions=Known((), AT),
        event_bridge=Unset(False, AT),
    )
    return Bucket(
        address="orders",
        at=AT,
        origin="live",
        name=known("orders"),
        account=known("111122223333"),
        region=known("eu-west-1"),
        notification=Known(told, AT),
    )


def queue(arn: str = ARN, **fields: object) -> Queue:
    name = arn.rpartition(":")[2]
    made: dict[str, object] = {
        "policy": Known(None, AT),
        "fifo": Unset(False, AT),
        "kms_key": Unset(None, AT),
    }
    return Queue(address=arn, at=AT, origin="live", arn=known(arn), name=known(name), **(made | fields))  # type: ignore[arg-type]


def judge(check: str, subject: Bucket, *others: Resource) -> Verdict:
    estate = Estate([subject, *others], listings=[Listing("bucket", "111122223333", "")])
    return CHECKS[f"notification-{check}"].judge(subject, estate)


def scanned(folder: Path, name: str, source: str, check: str) -> tuple[str, str]:
    file = folder / name
    file.write_text(source, encoding="utf-8")
    [found] = s3audit.scan([file], select=[f"notification-{check}"], severity="info").findings
    return found.status, found.severity.label


def test_a_queue_that_was_deleted_is_one_finding() -> None:
    gone = queue(exists=Known(False, AT))
    assert judge("destination-type", bucket(ARN), gone).status is Status.FAIL
    for other in ("destination-permission", "destination-confused-deputy", "destination-kms"):
        assert judge(other, bucket(ARN), gone).status is Status.NOT_APPLICABLE


def test_a_queue_that_nobody_may_look_at_is_not_known() -> None:
    unseen = queue(exists=Unknown("the call was denied", AT), policy=Unknown("the call was denied", AT))
    for check in ("destination-type", "destination-permission", "destination-confused-deputy"):
        assert judge(check, bucket(ARN), unseen).status is Status.UNKNOWN


def test_a_queue_of_another_region_is_refused() -> None:
    away = ARN.replace("eu-west-1", "us-east-1")
    found = judge("destination-type", bucket(away), queue(away))
    assert found.status is Status.FAIL
    assert [one.note for one in found.evidence] == ["it is in us-east-1, and the bucket is in eu-west-1"]


def test_one_bad_destination_of_two_is_enough() -> None:
    other = ARN + "-2"
    found = judge("destination-permission", bucket(ARN, other), queue(), queue(other))
    assert found.status is Status.FAIL
    assert {one.note for one in found.evidence} == {
        "new-orders has no policy that lets S3 deliver to it".replace("new-orders", name)
        for name in (ARN, other)
    }


SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Photos:
    Type: AWS::S3::Bucket
  Resize:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      ALIAS
      Events:
        Uploaded:
          Type: S3
          Properties:
            Bucket: !Ref Photos
            Events: s3:ObjectCreated:*
"""


@pytest.mark.parametrize("alias", ["", "AutoPublishAlias: live"])
@pytest.mark.parametrize("check", ["destination-permission", "destination-confused-deputy", "recursion"])
def test_what_sam_makes_of_an_event_is_right(alias: str, check: str, tmp_path: Path) -> None:
    source = SAM.replace("      ALIAS\n", f"      {alias}\n" if alias else "")
    assert scanned(tmp_path, "template.yaml", source, check)[0] == "pass"


TERRAFORM = """
resource "aws_s3_bucket" "photos" {
  bucket = "shop-photos"
}

resource "aws_lambda_function" "resize" {
  function_name = "resize"
  role          = "arn:aws:iam::111122223333:role/resize"
  handler       = "index.handler"
  runtime       = "python3.13"
  filename      = "function.zip"
}

resource "aws_lambda_permission" "resize" {
  function_name  = aws_lambda_function.resize.function_name
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_account = "111122223333"
  QUALIFIER
}

resource "aws_s3_bucket_notification" "photos" {
  bucket = aws_s3_bucket.photos.id
  lambda_function {
    lambda_function_arn = FUNCTION
    events              = ["s3:ObjectCreated:*"]
  }
}
"""


@pytest.mark.parametrize(
    ("function", "qualifier", "status"),
    [
        ("aws_lambda_function.resize.arn", 'source_arn = "arn:aws:s3:::shop-photos"', "unknown"),
        ("aws_lambda_function.resize.arn", 'qualifier = "live"', "fail"),
        ('"${aws_lambda_function.resize.arn}:live"', 'qualifier = "live"', "unknown"),
        ('"${aws_lambda_function.resize.arn}:live"', 'qualifier = "old"', "fail"),
        ("aws_lambda_function.resize.qualified_arn", 'qualifier = "1"', "unknown"),
    ],
)
def test_a_permission_is_for_one_version_of_a_function(
    function: str, qualifier: str, status: str, tmp_path: Path
) -> None:
    """Where the version is right, it hangs on whether the account that is written there is its own."""
    source = TERRAFORM.replace("FUNCTION", function).replace("QUALIFIER", qualifier)
    assert scanned(tmp_path, "main.tf", source, "destination-permission")[0] == status
    own = source.replace('"111122223333"', "data.aws_caller_identity.me.account_id")
    own += '\ndata "aws_caller_identity" "me" {}\n'
    expected = {"unknown": "unknown" if "qualified_arn" in function else "pass"}.get(status, status)
    assert scanned(tmp_path, "main.tf", own, "destination-permission")[0] == expected


POLICY = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: shop-orders
      NotificationConfiguration:
        QueueConfigurations:
          - {Event: "s3:ObjectCreated:*", Queue: !GetAtt Queue.Arn}
  Queue: {Type: AWS::SQS::Queue}
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: s3.amazonaws.com}
            Action: sqs:SendMessage
            Resource: !GetAtt Queue.Arn
            Condition: CONDITION
"""


@pytest.mark.parametrize(
    ("condition", "status", "severity"),
    [
        ('{StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}', "pass", "medium"),
        ('{StringEquals: {"aws:SourceAccount": !ImportValue account}}', "pass", "medium"),
        ('{StringEquals: {"aws:SourceOrgID": o-a1b2c3d4e5}}', "pass", "medium"),
        ('{StringLike: {"aws:SourceAccount": "*"}}', "fail", "medium"),
        ('{ArnLike: {"aws:SourceArn": "arn:aws:s3:::*"}}', "fail", "medium"),
        ('{ArnLike: {"aws:SourceArn": "arn:aws:s3:*:*:shop-orders"}}', "fail", "low"),
        ('{ArnEquals: {"aws:SourceArn": !GetAtt Orders.Arn}}', "fail", "low"),
        ('{StringNotEquals: {"aws:SourceAccount": "111122223333"}}', "fail", "medium"),
        ('{Bool: {"aws:SecureTransport": "true"}}', "fail", "medium"),
    ],
)
def test_how_grave_an_open_queue_is(condition: str, status: str, severity: str, tmp_path: Path) -> None:
    source = POLICY.replace("CONDITION", condition)
    assert scanned(tmp_path, "template.yaml", source, "destination-confused-deputy") == (status, severity)


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ('{StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}', "pass"),
        ('{StringNotEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}', "fail"),
        ('{StringEquals: {"aws:SourceAccount": "111122223333"}}', "unknown"),
        ('{ArnLike: {"aws:SourceArn": "arn:aws:s3:*:*:shop-orders"}}', "pass"),
        ('{ArnLike: {"aws:SourceArn": "arn:aws:s3:::photos"}}', "fail"),
        ('{Bool: {"aws:SecureTransport": "true"}}', "pass"),
        ('{StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}', "fail"),
        ('{IpAddress: {"aws:SourceIp": 203.0.113.0/24}}', "fail"),
    ],
)
def test_which_conditions_s3_meets(condition: str, status: str, tmp_path: Path) -> None:
    source = POLICY.replace("CONDITION", condition)
    assert scanned(tmp_path, "template.yaml", source, "destination-permission")[0] == status


EVENTS = """
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        QueueConfigurations:
          - {Event: "ONE", Queue: !GetAtt Queue.Arn, Filter: {S3Key: {Rules: [RULES1]}}}
          - {Event: "OTHER", Queue: !GetAtt Queue.Arn, Filter: {S3Key: {Rules: [RULES2]}}}
  Queue: {Type: AWS::SQS::Queue}
"""
CREATED = "s3:ObjectCreated:*"


@pytest.mark.parametrize(
    ("one", "other", "first", "second", "status"),
    [
        (CREATED, CREATED, "", "", "fail"),
        (CREATED, "s3:ObjectCreated:CompleteMultipartUpload", "", "", "fail"),
        ("s3:ObjectCreated:Put", "s3:ObjectCreated:Post", "", "", "pass"),
        (CREATED, "s3:ObjectRemoved:*", "", "", "pass"),
        (CREATED, CREATED, "prefix=a/", "prefix=b/", "pass"),
        (CREATED, CREATED, "prefix=a/", "prefix=a/b/", "fail"),
        (CREATED, CREATED, "prefix=a/", "suffix=.jpg", "fail"),
        (CREATED, CREATED, "suffix=.jpg", "suffix=g", "fail"),
        (CREATED, CREATED, "suffix=.jpg", "suffix=.png", "pass"),
        (CREATED, CREATED, "prefix=a/ suffix=.jpg", "prefix=a/ suffix=.png", "pass"),
    ],
)
def test_which_notifications_overlap(
    one: str, other: str, first: str, second: str, status: str, tmp_path: Path
) -> None:
    source = EVENTS.replace("ONE", one).replace("OTHER", other)
    source = source.replace("RULES1", _rules(first)).replace("RULES2", _rules(second))
    assert scanned(tmp_path, "template.yaml", source, "overlap")[0] == status


def _rules(written: str) -> str:
    pairs = (one.split("=") for one in written.split())
    return ", ".join(f"{{Name: {name}, Value: {value}}}" for name, value in pairs)


LOOP = """
Resources:
  Photos:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: shop-photos
      NotificationConfiguration:
        LambdaConfigurations:
          - Event: s3:ObjectCreated:*
            Function: !GetAtt Resize.Arn
            Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}, {Name: suffix, Value: .jpg}]}}
  Resize:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn, Runtime: python3.13, Handler: index.handler, Code: {ZipFile: "pass"}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
      MORE
      Policies:
        - PolicyName: resize
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: s3:PutObject, Resource: "arn:aws:s3:::RESOURCE"}
              DENY
"""
DENIED = '- {Effect: Deny, Action: "s3:Put*", Resource: "arn:aws:s3:::shop-photos/in/*"}'


@pytest.mark.parametrize(
    ("resource", "deny", "more", "expected"),
    [
        ("shop-photos/in/*", "", "", ("fail", "medium")),
        ("shop-photos/*.jpg", "", "", ("fail", "medium")),
        ("shop-photos/in/*.png", "", "", ("pass", "medium")),
        ("shop-photos/out/*", "", "", ("pass", "medium")),
        ("shop-photos/i*", "", "", ("fail", "medium")),
        ("shop-*", "", "", ("fail", "low")),
        ("*", DENIED, "", ("pass", "medium")),
        ("shop-photos/*", "", "ManagedPolicyArns: [!ImportValue shared]", ("unknown", "medium")),
    ],
)
def test_whether_a_function_writes_where_it_is_started_from(
    resource: str, deny: str, more: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    source = LOOP.replace("RESOURCE", resource).replace("DENY", deny).replace("MORE", more)
    assert scanned(tmp_path, "template.yaml", source, "recursion") == expected


def test_a_function_that_is_told_to_go_on_is_graver(tmp_path: Path) -> None:
    source = LOOP.replace("RESOURCE", "shop-photos/*").replace("DENY", "").replace("MORE", "")
    going_on = source.replace("Runtime:", "RecursiveLoop: Allow, Runtime:")
    assert scanned(tmp_path, "template.yaml", going_on, "recursion") == ("fail", "high")
    stopped = source.replace("Runtime:", "RecursiveLoop: Terminate, Runtime:")
    assert scanned(tmp_path, "template.yaml", stopped, "recursion") == ("fail", "medium")
