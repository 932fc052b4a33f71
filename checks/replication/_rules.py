"""What the checks of replication ask of each rule, and of the bucket that it leads to."""

from collections.abc import Callable

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.model.replicas import destination_of, is_on
from s3audit.model.replication import Replication, ReplicationRule
from s3audit.setting import every_of, when_set
from s3audit.verdict import Verdict, not_applicable, unless

NOTHING = "it has no replication"


def of_replication(bucket: Bucket, judge: Callable[[Replication], Verdict]) -> Verdict:
    """The judgement, where there is a configuration."""
    return when_set(bucket.replication, judge, NOTHING, what="replication")


def of_every_rule(bucket: Bucket, judge: Callable[[ReplicationRule], Verdict]) -> Verdict:
    """The judgement holds for every rule that is on."""
    return of_replication(
        bucket,
        lambda replication: every_of(
            replication.rules,
            lambda rule: if_on(rule, lambda: judge(rule)),
            empty=not_applicable(replication.at, "it has no replication rule"),
        ),
    )


def if_on(rule: ReplicationRule, judged: Callable[[], Verdict]) -> Verdict:
    return unless(~is_on(rule), "nothing is replicated by it", judged)


def of_destination(
    rule: ReplicationRule, source: Bucket, estate: Estate, judge: Callable[[Bucket], Verdict]
) -> Verdict:
    """The judgement of the bucket that a rule leads to."""
    return when_set(
        destination_of(rule, estate),
        lambda target: judge(target).noting(
            f"{label(source)} is replicated to {label(target)}", rule.destination.bucket.at
        ),
        "the destination does not exist",
    )
