"""The topics, queues and functions that a bucket tells of its events, and what lets S3 reach them."""

from collections.abc import Callable, Sequence

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.notification import NotificationRule
from s3audit.model.notified import (
    ALL_KINDS,
    Kind,
    Target,
    called,
    destination_of,
    every_destination,
    qualifier_of,
    written_arns,
)
from s3audit.model.target import Function, Queue, Topic
from s3audit.policy.language import Policy
from s3audit.policy.notifying import Door, owner_of, policy_of_target
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Verdict, not_applicable, unknown

ACTIONS: dict[Kind, str] = {
    Topic: "sns:Publish",
    Queue: "sqs:SendMessage",
    Function: "lambda:InvokeFunction",
}


def each_known(
    bucket: Bucket,
    estate: Estate,
    judge: Callable[[NotificationRule, Kind, Target], Verdict],
    kinds: Sequence[Kind] = ALL_KINDS,
    none: str = "it tells no topic, queue or function of its events",
) -> Verdict:
    """The judgement of each destination that the input declares; of others nothing is known."""

    def judged(rule: NotificationRule, kind: Kind) -> Verdict:
        match destination_of(rule, kind, bucket, estate):
            case Unknown(why, at):
                return unknown(at, why)
            case Known(target, at) | Unset(target, at):
                if target is None:
                    return not_applicable(at, "the destination does not exist")
                return judge(rule, kind, target)

    return every_destination(bucket, judged, kinds, none)


def of_policy(
    rule: NotificationRule,
    kind: Kind,
    target: Target,
    bucket: Bucket,
    judge: Callable[[Door], Verdict],
    absent: Callable[[Target], Verdict],
) -> Verdict:
    """The judgement of what lets S3 reach a destination."""
    arn = _arn(rule)
    policy: Setting[Policy | None] = policy_of_target(
        target, qualifier_of(arn, target) if isinstance(target, Function) else None
    )
    match policy:
        case Unknown(why, at):
            return unknown(
                at if at.source else target.at, f"the policy of {called(target)} is not known: {why}"
            )
        case Known(found) | Unset(found):
            if found is None:
                return absent(target)
            owns = owner_of(written_arns(arn, target, kind, bucket), target.address, bucket)
            return judge(Door(found, ACTIONS[kind], owns, bucket, f"the policy of {called(target)}"))


def _arn(rule: NotificationRule) -> Text:
    match rule.target:
        case Known(arn) | Unset(arn):
            return arn
        case Unknown():
            return Text()
