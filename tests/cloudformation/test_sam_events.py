"""SAM: the events of functions, and what they add to buckets, topics and queues."""

from collections.abc import Callable
from typing import Any

import pytest

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import Role
from s3audit.model.notification import Notification, NotificationRule
from s3audit.model.target import Function, Queue, Topic
from s3audit.setting import Known
from tests.cloudformation.projects import Project, place, said, serverless, told

PARTITION = "arn:${AWS::Partition}:iam::aws:policy/"


Build = Callable[..., Estate]


@pytest.fixture
def built(project: Project) -> Build:
    """Makes the estate of a SAM template."""

    def build(text: str, **parameters: str) -> Estate:
        project.write({"template.yaml": serverless(text)})
        return project.estate("template.yaml", parameters)

    return build


def bucket_of(estate: Estate, name: str = "Uploads") -> Bucket:
    found = estate.at(f"Resources.{name}", Bucket)
    assert found is not None
    return found


def notified(estate: Estate, name: str = "Uploads") -> Any:
    """The functions that a bucket notifies, as (function, events, prefix, suffix)."""
    found = told(bucket_of(estate, name).notification)
    rules = found["functions"] if isinstance(found, dict) else found
    if not isinstance(rules, list):
        return rules
    fields = ("target", "events", "prefix", "suffix")
    return [rule if isinstance(rule, str) else tuple(rule[field] for field in fields) for rule in rules]


def the_function(estate: Estate) -> Function:
    (found,) = estate.all(Function)
    return found


ONE = """
    Resources:
      Uploads:
        Type: AWS::S3::Bucket
      Fn:
        Type: AWS::Serverless::Function
        Properties:
          Events:
            Uploaded:
              Type: S3
              Properties:
                Bucket: !Ref Uploads
                Events: s3:ObjectCreated:*
    """


def test_an_event_notifies_from_the_bucket_that_it_names(built: Build) -> None:
    estate = built(ONE)
    assert notified(estate) == [("${Fn.Arn}", ["s3:ObjectCreated:*"], None, None)]
    (permission,) = told(the_function(estate).permissions)
    assert permission["principal"] == "s3.amazonaws.com"
    assert permission["source_account"] == "${AWS::AccountId}"


def test_the_notification_stands_where_the_event_is_written(built: Build) -> None:
    match bucket_of(built(ONE)).notification:
        case Known(Notification(functions=Known((Known(NotificationRule(events=Known((kind,))), at),)))):
            assert place(at) == ("template.yaml", 9, 9, 9, 17)
            assert place(kind.at) == ("template.yaml", 13, 21, 13, 39)
        case other:
            raise AssertionError(other)


def test_each_event_of_a_list_is_a_notification_with_the_filter(built: Build) -> None:
    many = ONE.replace(
        "Events: s3:ObjectCreated:*",
        "Events: [s3:ObjectCreated:Put, s3:ObjectRemoved:*]\n"
        "                Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}, {Name: suffix, Value: .csv}]}}",
    )
    assert notified(built(many)) == [
        ("${Fn.Arn}", ["s3:ObjectCreated:Put"], "in/", ".csv"),
        ("${Fn.Arn}", ["s3:ObjectRemoved:*"], "in/", ".csv"),
    ]


WRITTEN = """
    Conditions: {Never: !Equals [a, b]}
    Resources:
      Uploads:
        Type: AWS::S3::Bucket
        Properties:
          NotificationConfiguration: %s
      Fn:
        Type: AWS::Serverless::Function
        Properties:
          Events:
            Uploaded:
              Type: S3
              Properties: {Bucket: !Ref Uploads, Events: [s3:ObjectCreated:*]}
    """
OWN = ("arn", ["s3:ObjectRemoved:*"], None, None)
ADDED = ("${Fn.Arn}", ["s3:ObjectCreated:*"], None, None)
CANNOT = "?SAM adds events to what stands here, and can't"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{EventBridgeConfiguration: {EventBridgeEnabled: true}}", [ADDED]),
        ("{LambdaConfigurations: [{Function: arn, Event: 's3:ObjectRemoved:*'}]}", [OWN, ADDED]),
        (
            "{LambdaConfigurations: [!If [Never, {Function: x, Event: y}, !Ref AWS::NoValue]]}",
            [ADDED],
        ),
        ("{LambdaConfigurations: !If [Never, [], []]}", CANNOT),
        ("!If [Never, {}, {}]", CANNOT),
    ],
)  # fmt: skip
def test_an_event_is_added_to_what_is_written(built: Build, written: str, expected: object) -> None:
    assert notified(built(WRITTEN % written)) == expected


def test_what_else_is_written_stays(built: Build) -> None:
    estate = built(WRITTEN % "{QueueConfigurations: [{Queue: arn, Event: 's3:ObjectRemoved:*'}]}")
    (queue,) = told(bucket_of(estate).notification)["queues"]
    assert queue["target"] == "arn"


def test_events_of_several_functions_come_together(built: Build) -> None:
    text = """
        Resources:
          Uploads: {Type: AWS::S3::Bucket}
          One:
            Type: AWS::Serverless::Function
            Properties:
              Events: {A: {Type: S3, Properties: {Bucket: {Ref: Uploads}, Events: 's3:ObjectCreated:*'}}}
          Two:
            Type: AWS::Serverless::Function
            Properties:
              AutoPublishAlias: live
              Events: {A: {Type: S3, Properties: {Bucket: {Ref: Uploads}, Events: 's3:ObjectRemoved:*'}}}
        """
    assert notified(built(text)) == [
        ("${One.Arn}", ["s3:ObjectCreated:*"], None, None),
        ("${Two.Arn}:live", ["s3:ObjectRemoved:*"], None, None),
    ]


@pytest.mark.parametrize(("env", "expected"), [("prod", [ADDED]), ("dev", [])])
def test_a_function_that_is_not_made_notifies_nobody(built: Build, env: str, expected: object) -> None:
    text = ONE.replace("Serverless::Function\n", "Serverless::Function\n        Condition: IsProd\n")
    head = """
    Parameters: {Env: {Type: String}}
    Conditions: {IsProd: !Equals [!Ref Env, prod]}"""
    estate = built(head + text, Env=env)
    assert notified(estate) == expected
    assert len(estate.all(Function)) == len(estate.all(Role)) == (env == "prod")


OPEN = """
    Resources:
      Uploads: {Type: AWS::S3::Bucket}
      Other: {Type: AWS::S3::Bucket, Properties: {BucketName: other}}
      Fn:
        Type: AWS::Serverless::Function
        Properties: %s
    """


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ("{Events: !Transform {Name: Own}}", "which events Fn has can't be told"),
        ("{Events: {Up: !Transform {Name: Own}}}", "of which type the event FnUp is can't be told"),
        ("!Transform {Name: Own}", "which events Fn has can't be told"),
        (
            "{Events: {Up: {Type: S3, Properties: {Bucket: other, Events: x}}}}",
            "which bucket the event FnUp is about can't be told",
        ),
        (
            "{Events: {Up: {Type: S3, Properties: {Bucket: !Ref Fn, Events: x}}}}",
            "which bucket the event FnUp is about can't be told",
        ),
    ],
)
def test_an_event_that_cannot_be_told_may_be_about_any_bucket(
    built: Build, properties: str, why: str
) -> None:
    estate = built(OPEN % properties)
    assert notified(estate) == notified(estate, "Other") == [f"?{why}"]


def test_a_bucket_that_is_no_ref_is_a_problem(project: Project) -> None:
    text = OPEN % "{Events: {Up: {Type: S3, Properties: {Bucket: other, Events: x}}}}"
    project.write({"template.yaml": serverless(text)})
    why = "The S3 event FnUp names no bucket; SAM takes a Ref to a bucket of the same template."
    assert said(project.scan("template.yaml")) == [f"template.yaml:7:63: {why}"]


def test_without_the_transform_nothing_is_made(project: Project) -> None:
    project.write({"template.yaml": ONE})
    estate = project.estate("template.yaml")
    assert notified(estate) is None
    assert estate.all(Function) == ()


def test_what_feeds_and_calls_a_function_is_known(built: Build) -> None:
    estate = built(
        """
        Resources:
          Jobs: {Type: AWS::SQS::Queue}
          News: {Type: AWS::SNS::Topic}
          Fn:
            Type: AWS::Serverless::Function
            Properties:
              Events:
                Fed: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
                Said: {Type: SNS, Properties: {Topic: !Ref News}}
                Called: {Type: Api, Properties: {Path: /, Method: get}}
        """
    )
    fn = the_function(estate)
    assert told(fn.event_sources) == ["${Jobs.Arn}"]
    principals = [one["principal"] for one in told(fn.permissions)]
    assert principals == [
        "sns.amazonaws.com",
        "?whom the event FnCalled allows to invoke it is not written out",
    ]
    (news,) = estate.all(Topic)
    assert told(news.subscriptions) == [{"protocol": "lambda", "endpoint": "${Fn.Arn}"}]
    assert f"{PARTITION}service-role/AWSLambdaSQSQueueExecutionRole" in told(
        estate.all(Role)[0].attached_policies
    )


def test_a_queue_that_sam_subscribes_gets_a_policy(built: Build) -> None:
    estate = built(
        """
        Resources:
          Jobs: {Type: AWS::SQS::Queue}
          News: {Type: AWS::SNS::Topic}
          Fn:
            Type: AWS::Serverless::Function
            Properties:
              Events:
                Said:
                  Type: SNS
                  Properties:
                    Topic: !Ref News
                    SqsSubscription: {QueueArn: !GetAtt Jobs.Arn, QueueUrl: !Ref Jobs}
        """
    )
    (jobs,) = estate.all(Queue)
    assert told(jobs.policy) == "?the policy that SAM adds for FnSaid is not written out"
    (news,) = estate.all(Topic)
    assert told(news.subscriptions) == [{"protocol": "sqs", "endpoint": "${Jobs.Arn}"}]
    assert told(the_function(estate).event_sources) == ["${Jobs.Arn}"]
