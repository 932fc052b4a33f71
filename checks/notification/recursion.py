from s3audit.check import BUCKETS, CLOUDFORMATION, MEDIUM, ROLES, TARGETS, TERRAFORM, Fix, check
from s3audit.intent import said
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import Role
from s3audit.model.notification import Notification, NotificationRule
from s3audit.model.notified import NO_EVENTS, called
from s3audit.model.roles import role_of
from s3audit.model.target import Function
from s3audit.setting import Known, Setting, Unknown, Unset, when_set
from s3audit.text import Text
from s3audit.verdict import (
    Evidence,
    Severity,
    Status,
    Verdict,
    every,
    not_applicable,
    passed,
    unknown,
    verdict,
)

from ._events import is_about
from ._started import started

_CREATED = "s3:ObjectCreated:*"


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: Lambda stops a loop through S3 after about sixteen rounds; high where that is switched off for the"
        " function; low where only a wildcard lets it write here"
    ),
    needs=(BUCKETS, ROLES, TARGETS),
    about="notification",
    sources=(CLOUDFORMATION, TERRAFORM),
    fix=Fix(
        cloudformation="""
            # The function writes to another bucket; another prefix of this one does as well.
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {Service: lambda.amazonaws.com}
                      Action: sts:AssumeRole
                Policies:
                  - PolicyName: write
                    PolicyDocument:
                      Version: "2012-10-17"
                      Statement:
                        - Effect: Allow
                          Action: s3:PutObject
                          Resource: !Sub ${Thumbnails.Arn}/*
            Thumbnails:
              Type: AWS::S3::Bucket
            """,
        terraform="""
            # The function writes to another bucket; another prefix of this one does as well.
            resource "aws_s3_bucket" "thumbnails" {}

            resource "aws_iam_role_policy" "role" {
              role = aws_iam_role.role.id
              name = "write"
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = "s3:PutObject"
                  Resource = "${aws_s3_bucket.thumbnails.arn}/*"
                }]
              })
            }
            """,
        note="Say loop_intended in the configuration where the function is meant to write here and knows when to stop.",
    ),
    passes=(
        """
        # It reads below one prefix and writes below another.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              NotificationConfiguration:
                LambdaConfigurations:
                  - Event: s3:ObjectCreated:*
                    Function: !GetAtt Resize.Arn
                    Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}
          Resize:
            Type: AWS::Lambda::Function
            Properties:
              Role: !GetAtt Role.Arn
              Runtime: python3.13
              Handler: index.handler
              Code: {ZipFile: "def handler(event, context): pass"}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: lambda.amazonaws.com}
                    Action: sts:AssumeRole
              ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
              Policies:
                - PolicyName: resize
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: s3:GetObject
                        Resource: arn:aws:s3:::shop-photos/in/*
                      - Effect: Allow
                        Action: s3:PutObject
                        Resource: arn:aws:s3:::shop-photos/out/*
        """,
        """
        # The owner says that the loop is meant; another function is started by what it can't do itself.
        #: [[expect]]
        #: name = "shop-orders"
        #: loop_intended = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              NotificationConfiguration:
                LambdaConfigurations:
                  - {Event: "s3:ObjectCreated:*", Function: !GetAtt Sort.Arn}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                LambdaConfigurations:
                  - {Event: "s3:ObjectRemoved:*", Function: !GetAtt Sort.Arn}
          Sort:
            Type: AWS::Lambda::Function
            Properties:
              Role: !GetAtt Role.Arn
              Runtime: python3.13
              Handler: index.handler
              Code: {ZipFile: "def handler(event, context): pass"}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: lambda.amazonaws.com}
                    Action: sts:AssumeRole
              Policies:
                - PolicyName: sort
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: "s3:*", Resource: "*"}
        """,
    ),
    fails=(
        """
        # The function may write where it is started from.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              NotificationConfiguration:
                LambdaConfigurations:
                  - Event: s3:ObjectCreated:*
                    Function: !GetAtt Resize.Arn # <-
          Resize:
            Type: AWS::Lambda::Function
            Properties:
              Role: !GetAtt Role.Arn
              Runtime: python3.13
              Handler: index.handler
              Code: {ZipFile: "def handler(event, context): pass"}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: lambda.amazonaws.com}
                    Action: sts:AssumeRole
              Policies:
                - PolicyName: resize
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow # <-
                        Action: s3:PutObject
                        Resource: arn:aws:s3:::shop-photos/*
        """,
        """
        # Through a topic and a queue, and nothing stops it.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              NotificationConfiguration:
                TopicConfigurations:
                  - Event: s3:ObjectCreated:Put
                    Topic: !Ref Topic # <-
                    Filter: {S3Key: {Rules: [{Name: suffix, Value: .jpg}]}}
          Topic:
            Type: AWS::SNS::Topic
            Properties:
              Subscription:
                - {Protocol: sqs, Endpoint: !GetAtt Queue.Arn}
          Queue:
            Type: AWS::SQS::Queue
          Feed:
            Type: AWS::Lambda::EventSourceMapping
            Properties:
              FunctionName: !Ref Resize
              EventSourceArn: !GetAtt Queue.Arn
          Resize:
            Type: AWS::Lambda::Function
            Properties:
              Role: !GetAtt Role.Arn
              Runtime: python3.13
              Handler: index.handler
              Code: {ZipFile: "def handler(event, context): pass"}
              RecursiveLoop: Allow # <-
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: lambda.amazonaws.com}
                    Action: sts:AssumeRole
              Policies:
                - PolicyName: resize
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow # <-
                        Action: s3:PutObject
                        Resource: arn:aws:s3:::shop-photos/thumbnails/*
        """,
        """
        # A wildcard lets it write everywhere, and so here, too.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              NotificationConfiguration:
                LambdaConfigurations:
                  - Event: s3:ObjectCreated:*
                    Function: !GetAtt Count.Arn # <-
          Count:
            Type: AWS::Lambda::Function
            Properties:
              Role: !GetAtt Role.Arn
              Runtime: python3.13
              Handler: index.handler
              Code: {ZipFile: "def handler(event, context): pass"}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: lambda.amazonaws.com}
                    Action: sts:AssumeRole
              Policies:
                - PolicyName: count
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow # <-
                        Action: s3:*
                        Resource: "*"
        """,
    ),
    unsure=(
        """
        # What the function may do is said elsewhere.
        Parameters:
          RoleArn: {Type: String}
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                LambdaConfigurations:
                  - Event: s3:ObjectCreated:*
                    Function: !GetAtt Resize.Arn # <-
          Resize:
            Type: AWS::Lambda::Function
            Properties:
              Role: !Ref RoleArn
              Runtime: python3.13
              Handler: index.handler
              Code: {ZipFile: "def handler(event, context): pass"}
        """,
    ),
)
def recursion(bucket: Bucket, estate: Estate) -> Verdict:
    """A function triggered by creation does not write back where it triggers.

    Each object that it writes starts it again, and that run writes the next one. Such a loop costs thousands in a
    night, and Lambda stops it only where it sees it.
    """

    def judged(notification: Notification) -> Verdict:
        found = list(started(notification, bucket, estate))
        if not found:
            return not_applicable(notification.at, "its events start no function")
        match said(bucket, estate, lambda one: one.loop_intended):
            case Unknown(why, at):
                return unknown(at, why)
            case Known(True, at) | Unset(True, at):
                return passed(at, "the owner says that the loop is meant")
            case _:
                return every(_ends(rule, function, bucket, estate) for rule, function in found)

    return when_set(bucket.notification, judged, NO_EVENTS)


def _ends(
    rule: NotificationRule | None, function: Function | Unknown, bucket: Bucket, estate: Estate
) -> Verdict:
    if rule is None:
        gap = function if isinstance(function, Unknown) else Unknown("", bucket.at)
        return unknown(gap.at if gap.at.source else bucket.at, gap.why)
    at = rule.target.at
    created = is_about(rule, _CREATED)
    if created.status is Status.FAIL:
        return passed(at, "new objects start nothing")
    if isinstance(function, Unknown):
        return unknown(at, f"which function it starts is not known: {function.why}")
    written = _writes(rule, function, bucket, estate)
    if written.status is not Status.PASS:
        return ~written
    if created.status is Status.UNKNOWN:
        return unknown(at, "whether new objects start it is not known")
    return _failed(written, rule, function)


def _writes(rule: NotificationRule, function: Function, bucket: Bucket, estate: Estate) -> Verdict:
    at = rule.target.at
    match role_of(function.role, estate):
        case Unknown(why):
            return unknown(at, f"what {called(function)} may do is not known: {why}")
        case Known(role) | Unset(role):
            if role is None:
                return unknown(at, f"the role of {called(function)} does not exist")
            return _may(role, rule, function, bucket, estate)


def _may(role: Role, rule: NotificationRule, function: Function, bucket: Bucket, estate: Estate) -> Verdict:
    from s3audit.policy.access.writing import may_write

    at = rule.target.at
    prefix, suffix = _known(rule.prefix), _known(rule.suffix)
    found = may_write(role, bucket, estate, prefix or "", suffix or "", at)
    if found.status is Status.PASS and (prefix is None or suffix is None):
        return unknown(at, f"for which keys {called(function)} is started is not known")
    return found


def _known(setting: Setting[Text | None]) -> str | None:
    match setting:
        case Unknown():
            return None
        case Known(value) | Unset(value):
            return "" if value is None else value.literal


def _failed(written: Verdict, rule: NotificationRule, function: Function) -> Verdict:
    start = Evidence(rule.target.at, f"new objects start {called(function)}, which may write here")
    if written.severity is Severity.LOW:
        return verdict(Status.FAIL, start, *written.evidence).at_severity(Severity.LOW)
    off = function.recursive_loop.is_in("Allow", what="RecursiveLoop")
    if off.status is Status.PASS:
        return verdict(Status.FAIL, start, *written.evidence, *off.evidence).at_severity(Severity.HIGH)
    return verdict(Status.FAIL, start, *written.evidence)
