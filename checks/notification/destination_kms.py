from s3audit.check import ALL, BUCKETS, HIGH, KEYS, TARGETS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import key_used
from s3audit.model.estate import Estate
from s3audit.model.key import KmsKey
from s3audit.model.notification import NotificationRule
from s3audit.model.notified import Kind, Target, called
from s3audit.model.target import Queue, Topic
from s3audit.policy.language import policy_of
from s3audit.policy.notifying import Door, lets_in, owner_of
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status, Verdict, every, failed, not_applicable, unknown

from ._destinations import each_known

_MANAGED: dict[Kind, str] = {Topic: "alias/aws/sns", Queue: "alias/aws/sqs"}
_USES = ("kms:GenerateDataKey", "kms:Decrypt")


@check(
    severity=HIGH,
    severity_rule="high: S3 can't encrypt what it sends, and refuses the configuration or loses the events",
    needs=(BUCKETS, KEYS, TARGETS),
    about="notification",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            Key:
              Type: AWS::KMS::Key
              Properties:
                EnableKeyRotation: true
                KeyPolicy:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
                      Action: kms:*
                      Resource: "*"
                    - Effect: Allow
                      Principal: {Service: s3.amazonaws.com}
                      Action: [kms:GenerateDataKey, kms:Decrypt]
                      Resource: "*"
                      Condition:
                        StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}
            Queue:
              Type: AWS::SQS::Queue
              Properties:
                KmsMasterKeyId: !GetAtt Key.Arn
            """,
        terraform="""
            data "aws_caller_identity" "current" {}

            resource "aws_kms_key" "events" {
              enable_key_rotation = true
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect    = "Allow"
                    Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
                    Action    = "kms:*"
                    Resource  = "*"
                  },
                  {
                    Effect    = "Allow"
                    Principal = { Service = "s3.amazonaws.com" }
                    Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
                    Resource  = "*"
                    Condition = {
                      StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
                    }
                  }
                ]
              })
            }

            resource "aws_sqs_queue" "queue" {
              kms_master_key_id = aws_kms_key.events.arn
            }
            """,
        cli="""
            # policy.json lets s3.amazonaws.com do kms:GenerateDataKey and kms:Decrypt.
            aws kms put-key-policy --key-id KEY_ID --policy-name default --policy file://policy.json
            aws sqs set-queue-attributes --queue-url QUEUE_URL --attributes KmsMasterKeyId=KEY_ID
            """,
        note="A queue that needs no key of its own is encrypted by SSE-SQS just as well, which asks nothing of S3.",
    ),
    passes=(
        """
        # The policy of the key lets S3 use it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                TopicConfigurations:
                  - {Event: "s3:ObjectCreated:*", Topic: !Ref Topic}
          Topic:
            Type: AWS::SNS::Topic
            Properties:
              KmsMasterKeyId: !Ref Key
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
                    Action: kms:*
                    Resource: "*"
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: [kms:GenerateDataKey*, kms:Decrypt]
                    Resource: "*"
                    Condition:
                      StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}
                      ArnLike: {"aws:SourceArn": !GetAtt Orders.Arn}
        """,
        """
        # SSE-SQS needs no key, and a function has no such encryption.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - {Event: "s3:ObjectCreated:*", Queue: !GetAtt Queue.Arn}
                LambdaConfigurations:
                  - Event: s3:ObjectRemoved:*
                    Function: !ImportValue forget
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - {Event: "s3:ObjectCreated:*", Queue: !GetAtt Encrypted.Arn}
          Queue:
            Type: AWS::SQS::Queue
            Properties:
              SqsManagedSseEnabled: true
          Encrypted:
            Type: AWS::SQS::Queue
            Properties:
              KmsMasterKeyId: alias/events
          Alias:
            Type: AWS::KMS::Alias
            Properties:
              AliasName: alias/events
              TargetKeyId: !Ref Key
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: [sns.amazonaws.com, s3.amazonaws.com]}
                    Action: kms:*
                    Resource: "*"
        """,
    ),
    fails=(
        """
        # Nobody can add S3 to the policy of the key that AWS manages.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - Event: s3:ObjectCreated:*
                    Queue: !GetAtt Queue.Arn # <-
          Queue:
            Type: AWS::SQS::Queue
            Properties:
              KmsMasterKeyId: alias/aws/sqs # <-
        """,
        """
        # The key lets in its own account only.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                TopicConfigurations:
                  - Event: s3:ObjectCreated:*
                    Topic: !Ref Topic # <-
          Topic:
            Type: AWS::SNS::Topic
            Properties:
              KmsMasterKeyId: !Ref Key
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy: # <-
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
                    Action: kms:*
                    Resource: "*"
        """,
        """
        # S3 may encrypt, and not decrypt.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                TopicConfigurations:
                  - Event: s3:ObjectCreated:*
                    Topic: !Ref Topic # <-
          Topic:
            Type: AWS::SNS::Topic
            Properties:
              KmsMasterKeyId: !GetAtt Key.Arn
          Key:
            Type: AWS::KMS::Key
            Properties:
              KeyPolicy: # <-
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: s3.amazonaws.com}
                    Action: kms:GenerateDataKey
                    Resource: "*"
        """,
    ),
    unsure=(
        """
        # The key is declared elsewhere.
        Parameters:
          KeyArn: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              NotificationConfiguration:
                QueueConfigurations:
                  - {Event: "s3:ObjectCreated:*", Queue: !GetAtt Queue.Arn}
          Queue:
            Type: AWS::SQS::Queue
            Properties:
              KmsMasterKeyId: !Ref KeyArn # <-
        """,
    ),
)
def destination_kms(bucket: Bucket, estate: Estate) -> Verdict:
    """An encrypted topic or queue uses a key that S3 may use.

    S3 encrypts each event for the topic or the queue, and needs the key for it. The key that AWS manages lets in
    nobody from outside, so with that one, or with a key that does not name S3, no event arrives.
    """
    return each_known(
        bucket,
        estate,
        lambda rule, kind, target: _usable(rule, kind, target, bucket, estate),
        (Topic, Queue),
        "it tells no topic or queue of its events",
    )


def _usable(rule: NotificationRule, kind: Kind, target: Target, bucket: Bucket, estate: Estate) -> Verdict:
    at, named = rule.target.at, target.kms_key
    if isinstance(named, Unknown):
        where = named.at if named.at.source else at
        return unknown(where, f"how {called(target)} is encrypted is not known: {named.why}")
    name = named.value if isinstance(named, Known) else named.default
    if name is None or not name.parts:
        return not_applicable(at, f"{called(target)} is encrypted with no key of KMS")
    found = _with(named, key_used(named, target, _MANAGED[kind], estate), target, bucket)
    if found.status is Status.PASS or any(one.at == at for one in found.evidence):
        return found
    return found.noting(f"the events go to {called(target)}", at) if found.status is Status.FAIL else found


def _with(
    named: Setting[Text | None], key: Setting[KmsKey | None], target: Target, bucket: Bucket
) -> Verdict:
    match key:
        case Unknown(why):
            return unknown(named.at, f"whether S3 may use the key of {called(target)} is not known: {why}")
        case Known(found) | Unset(found):
            if found is None:
                return failed(named.at, "the policy of the key that AWS manages can't be opened to S3")
            return _lets_use(found, bucket)


def _lets_use(key: KmsKey, bucket: Bucket) -> Verdict:
    the_policy = f"the policy of the key {called(key)}"
    match policy_of(key.policy):
        case Unknown(why, at):
            return unknown(at if at.source else key.at, f"{the_policy} is not known: {why}")
        case Known(policy) | Unset(policy):
            if policy is None:
                return failed(key.at, f"{the_policy} lets in its own account only")
            owns = owner_of((_arn(key),), key.address, bucket)
            return every(lets_in(Door(policy, action, owns, bucket, the_policy)) for action in _USES)


def _arn(key: KmsKey) -> Text:
    match key.arn:
        case Known(arn) | Unset(arn):
            return arn
        case Unknown():
            return text(Opaque("its ARN"))
