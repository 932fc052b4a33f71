from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise, product
from typing import TypeVar

from s3audit.check import BUCKETS, CLOUDFORMATION, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.replicas import has_tags, is_latest, known_rules, leads_where, name_of_destination
from s3audit.model.replication import Replication, ReplicationRule
from s3audit.setting import Known, Setting, Unknown, Unset, every_of, some_of, when_set
from s3audit.text import Text
from s3audit.verdict import Evidence, Status, Verdict, every, failed, not_applicable, passed, unknown

from ._rules import of_replication

T = TypeVar("T")
_NO = Verdict(Status.FAIL)


@check(
    severity=MEDIUM,
    severity_rule="medium: S3 refuses the configuration, or another rule wins than the one that was meant",
    needs=(BUCKETS,),
    about="replication",
    sources=(CLOUDFORMATION, TERRAFORM),
    fix=Fix(
        cloudformation="""
            ReplicationConfiguration:
              Rules:
                - Status: Enabled
                  Priority: 1
                  Filter: {Prefix: ""}
                  DeleteMarkerReplication: {Status: Disabled}
                  Destination:
                    Bucket: !GetAtt Replica.Arn
                    Metrics: {Status: Enabled}
            """,
        terraform="""
            resource "aws_s3_bucket_replication_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              role   = aws_iam_role.example.arn
              rule {
                status   = "Enabled"
                priority = 1
                filter {}
                delete_marker_replication {
                  status = "Disabled"
                }
                destination {
                  bucket = aws_s3_bucket.replica.arn
                  metrics {
                    status = "Enabled"
                  }
                }
              }
            }
            """,
    ),
    passes=(
        """
        # Two rules of the newer form: each has a filter, a priority and a word about delete markers.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: invoices/}
                    DeleteMarkerReplication: {Status: Enabled}
                    Destination:
                      Bucket: arn:aws:s3:::shop-copy
                      ReplicationTime: {Status: Enabled, Time: {Minutes: 15}}
                      Metrics: {Status: Enabled, EventThreshold: {Minutes: 15}}
                  - Status: Enabled
                    Priority: 2
                    Filter: {TagFilter: {Key: keep, Value: "yes"}}
                    DeleteMarkerReplication: {Status: Disabled}
                    SourceSelectionCriteria:
                      ReplicaModifications: {Status: Enabled}
                      SseKmsEncryptedObjects: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
        """,
        """
        # The older form has a prefix only; one rule of the newer form needs no priority.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Prefix: invoices/, Destination: {Bucket: "arn:aws:s3:::shop-copy"}}
                  - {Status: Enabled, Prefix: photos/, Destination: {Bucket: "arn:aws:s3:::shop-copy"}}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
        """,
        """
        # Rules to two destinations may have the same priority.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-archive"}
        """,
        """
        # In a block of the bucket the provider says itself that delete markers stay.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
          versioning {
            enabled = true
          }
          replication_configuration {
            role = "arn:aws:iam::111122223333:role/replication"
            rules {
              status = "Enabled"
              filter {
                prefix = "invoices/"
              }
              destination {
                bucket = "arn:aws:s3:::shop-copy"
              }
            }
          }
        }
        """,
    ),
    fails=(
        """
        # A rule has the prefix of the older form and the filter of the newer one.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Prefix: invoices/ # <-
                    Filter: {Prefix: invoices/} # <-
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
        """,
        """
        # One rule is of the older form, the other of the newer.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Prefix: photos/, Destination: {Bucket: "arn:aws:s3:::shop-copy"}} # <-
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: invoices/} # <-
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
        """,
        """
        # With a filter it has to be said whether delete markers are replicated.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled # <-
                    Filter: {Prefix: invoices/} # <-
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
        """,
        """
        # Two rules to one destination have the same priority, whichever way it is named.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1 # <-
                    Filter: {Prefix: invoices/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: !GetAtt Copy.Arn}
                  - Status: Enabled
                    Priority: 1 # <-
                    Filter: {Prefix: photos/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-copy
              VersioningConfiguration: {Status: Enabled}
        """,
        """
        # Delete markers have no tags, so a rule that asks for tags can't replicate them.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Filter:
                      TagFilter: {Key: keep, Value: "yes"} # <-
                    DeleteMarkerReplication: {Status: Enabled} # <-
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
        """,
        """
        # The older form has no word for delete markers, and none for changes of replicas.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled # <-
                    Prefix: invoices/
                    DeleteMarkerReplication: {Status: Enabled} # <-
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
        """,
        """
        # A time to keep is nothing without metrics.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: # <-
                      Bucket: arn:aws:s3:::shop-copy
                      ReplicationTime: {Status: Enabled, Time: {Minutes: 15}} # <-
        """,
        """
        # S3 does not take this any more: older objects are for a batch job.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            filter {}
            delete_marker_replication {
              status = "Disabled"
            }
            existing_object_replication {
              status = "Enabled" # <-
            }
            destination {
              bucket = "arn:aws:s3:::shop-copy"
            }
          }
        }
        """,
    ),
    unsure=(
        """
        # Whether the two priorities are the same is for whoever deploys it.
        Parameters:
          Priority: {Type: Number}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: !Ref Priority # <-
                    Filter: {Prefix: invoices/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
                  - Status: Enabled
                    Priority: 2
                    Filter: {Prefix: photos/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
        """,
        """
        # Whether the two destinations are one bucket is for whoever deploys it.
        Parameters:
          Archive: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: invoices/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: photos/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: # <-
                      Bucket: !Sub arn:aws:s3:::${Archive}
        """,
    ),
)
def rule_schema(bucket: Bucket, estate: Estate) -> Verdict:
    """Replication rules are of one form, complete, and have distinct priorities.

    S3 knows an older and a newer form of rules, and refuses what mixes them or leaves out what the newer one
    needs. Of two rules with the same priority nobody can say which one counts.
    """
    return of_replication(bucket, lambda replication: _judge(replication, bucket, estate))


def _judge(replication: Replication, bucket: Bucket, estate: Estate) -> Verdict:
    rules = replication.rules
    return every_of(rules, _is_sound, empty=not_applicable(replication.at, "it has no replication rule")) & (
        ~(some_of(rules, is_latest) & some_of(rules, lambda rule: ~is_latest(rule)))
        & every_of(rules, lambda rule: _has_priority(rule, replication, bucket))
        & every(_distinct(one, other, estate) for one, other in _alike(replication, bucket))
    )


def _is_sound(rule: ReplicationRule) -> Verdict:
    to = rule.destination
    filtered = _is_there(rule.filter, "a Filter")
    markers = _is_there(rule.delete_markers, "DeleteMarkerReplication")
    modified = _is_there(rule.replica_modifications, "ReplicaModifications")
    timed = _is_there(to.replication_time, "ReplicationTime")
    return (
        ~(_is_there(rule.prefix, "a Prefix") & filtered)
        & ~(filtered & ~(markers | _is_filled_in(rule)))
        & ~(_asks_for_tags(rule) & rule.delete_markers.is_in("Enabled", what="DeleteMarkerReplication"))
        & ~(~is_latest(rule) & (markers | modified))
        & ~(timed & ~_is_there(to.metrics, "Metrics"))
        & ~_is_there(rule.existing_objects, "ExistingObjectReplication, which S3 does not support any more")
    )


def _is_there(setting: Setting[T | None], what: str) -> Verdict:
    return when_set(
        setting,
        lambda _: passed(setting.at, f"the rule has {what}"),
        failed(setting.at, f"the rule has no {what.removeprefix('a ')}"),
        what=what,
    )


def _is_filled_in(rule: ReplicationRule) -> Verdict:
    """Whether the provider of Terraform writes Disabled: in a block of the bucket, and not beside it."""
    inside = ".replication_configuration[" in rule.at.address
    return Verdict(Status.PASS if inside else Status.FAIL)


def _asks_for_tags(rule: ReplicationRule) -> Verdict:
    return when_set(rule.filter, has_tags, Verdict(Status.FAIL))


def _has_priority(rule: ReplicationRule, replication: Replication, bucket: Bucket) -> Verdict:
    """Where there are several; the provider of Terraform writes 0 where it is left out."""
    if bucket.origin == "terraform":
        return Verdict(Status.PASS)
    lacking = _is_there(rule.filter, "a Filter") & ~_is_there(rule.priority, "Priority")
    return ~(lacking & _are_several(replication))


def _are_several(replication: Replication) -> Verdict:
    match replication.rules:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items) | Unset(items):
            gaps = [item for item in items if isinstance(item, Unknown)]
            if len(items) - len(gaps) > 1:
                return Verdict(Status.PASS)
            return unknown(gaps[0].at, gaps[0].why) if gaps else Verdict(Status.FAIL)


def _alike(replication: Replication, bucket: Bucket) -> Iterator[tuple[ReplicationRule, ReplicationRule]]:
    """The pairs of rules that have, or may have, the same priority.

    Of those that name the same destination each is compared with the next only: one pair is enough.
    """
    open_: list[ReplicationRule] = []
    known: dict[int, dict[Text | None, list[ReplicationRule]]] = {}
    for rule in known_rules(replication):
        match rule.priority:
            case Unknown():
                open_.append(rule)
            case Known(number) | Unset(number):
                if number is not None or bucket.origin == "terraform":
                    known.setdefault(number or 0, {}).setdefault(_destination(rule), []).append(rule)
    for by_destination in known.values():
        for those in by_destination.values():
            yield from pairwise(those)
            yield from ((one, those[0]) for one in open_)
        yield from _of_two_destinations(by_destination)
    yield from pairwise(open_)


def _of_two_destinations(
    rules: Mapping[Text | None, list[ReplicationRule]],
) -> Iterator[tuple[ReplicationRule, ReplicationRule]]:
    """One pair for each two destinations that may be one; of two names that are known nobody needs to ask."""
    firsts = {name: those[0] for name, those in rules.items()}
    told = [rule for name, rule in firsts.items() if name is not None and name.literal is not None]
    others = [rule for name, rule in firsts.items() if name is None or name.literal is None]
    yield from combinations(others, 2)
    yield from product(told, others)


def _destination(rule: ReplicationRule) -> Text | None:
    match name_of_destination(rule):
        case Known(name) | Unset(name):
            return name
        case Unknown():
            return None


def _distinct(one: ReplicationRule, other: ReplicationRule, estate: Estate) -> Verdict:
    filtered = when_set(one.filter, _yes, _NO) & when_set(other.filter, _yes, _NO)
    return ~(filtered & _same_priority(one, other) & leads_where(one, other, estate))


def _same_priority(one: ReplicationRule, other: ReplicationRule) -> Verdict:
    """Of a pair that is alike."""
    evidence = []
    for rule in (one, other):
        match rule.priority:
            case Unknown(why, at):
                return unknown(at, f"the priority of the rule is not known: {why}")
            case Known(number, at) | Unset(number, at):
                evidence.append(
                    Evidence(at, f"one of two rules to one destination has the priority {number or 0}")
                )
    return Verdict(Status.PASS, tuple(sorted(evidence, key=lambda one: one.at)))


def _yes(_: object) -> Verdict:
    return Verdict(Status.PASS)
