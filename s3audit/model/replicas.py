"""Which objects a replication rule takes and where it brings them, and on from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from s3audit.location import NOWHERE, Location
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.names import bucket_in_arn
from s3audit.model.replication import Replication, ReplicationFilter, ReplicationRule
from s3audit.setting import NOT_COLLECTED, Known, Listed, Setting, Unknown, Unset, some_of, when_set
from s3audit.text import Opaque, Text, same
from s3audit.verdict import Evidence, Status, Verdict, failed, passed, unknown, verdict

_MOST_LISTED = 20
"""Gaps in the evidence of one finding."""

_YES = Verdict(Status.PASS)
_NO = Verdict(Status.FAIL)


def is_on(rule: ReplicationRule) -> Verdict:
    """Whether a rule copies anything."""
    return rule.status.is_in("Enabled", what="the rule")


def is_latest(rule: ReplicationRule) -> Verdict:
    """Whether it is a rule of the second version: it has a filter, even an empty one, or a time to keep."""
    filtered = when_set(rule.filter, lambda chosen: passed(chosen.at, "the rule has a Filter"), _NO)
    timed = when_set(
        rule.destination.replication_time,
        lambda _: passed(rule.destination.replication_time.at, "the rule has ReplicationTime"),
        _NO,
    )
    found = filtered | timed
    return found if found.evidence else failed(rule.at, "the rule has no Filter")


def some_rule(bucket: Bucket, judge: Callable[[ReplicationRule], Verdict], none: Verdict) -> Verdict:
    """Whether it holds for a rule of the bucket; `none` where it has no replication."""
    return when_set(
        bucket.replication,
        lambda replication: some_of(
            replication.rules, judge, failed(replication.at, "it has no replication rule")
        ),
        none,
        what="replication",
    )


def destination_of(rule: ReplicationRule, estate: Estate) -> Setting[Bucket | None]:
    """The bucket that a rule copies to; None where it is known not to exist."""
    match rule.destination.bucket:
        case Unknown() as gap:
            return gap
        case Known(arn, at) | Unset(arn, at):
            return estate.bucket_of_arn(arn, at)


def destination_or_stand_in(rule: ReplicationRule, estate: Estate) -> Bucket:
    """The bucket that a rule copies to; of one that is not seen, with its name and account and nothing else."""
    found = destination_of(rule, estate)
    if isinstance(found, Known | Unset):
        known = found.value if isinstance(found, Known) else found.default
        if known is not None:
            return known
    match rule.destination.account:
        case Known(Text() as account, at) | Unset(Text() as account, at):
            owner: Setting[Text] = Known(account, at)
        case _:
            owner = NOT_COLLECTED
    name = name_of_destination(rule)
    title = str(name.value) if isinstance(name, Known) else "the destination"
    return Bucket(address=title, at=NOWHERE, title=title, name=name, account=owner)


def leads_to(rule: ReplicationRule, target: Bucket, estate: Estate) -> Verdict:
    """Whether a bucket is the destination of a rule, on or off."""
    match destination_of(rule, estate):
        case Known(Bucket() as found) | Unset(Bucket() as found):
            return _YES if found.address == target.address else _NO
        case gap:
            why = gap.why if isinstance(gap, Unknown) else "the destination does not exist"
            return _is_named(rule, target.name, unknown(gap.at, why))


def leads_where(rule: ReplicationRule, other: ReplicationRule, estate: Estate) -> Verdict:
    """Whether two rules copy to the same bucket."""
    match destination_of(other, estate):
        case Known(Bucket() as found) | Unset(Bucket() as found):
            return leads_to(rule, found, estate)
        case _:
            return _is_named(
                rule, name_of_destination(other), unknown(other.destination.at, _open_pair(rule, other))
            )


def _open_pair(rule: ReplicationRule, other: ReplicationRule) -> str:
    return f"whether {_written(rule)} and {_written(other)} are the same bucket is not known"


def name_of_destination(rule: ReplicationRule) -> Setting[Text]:
    match rule.destination.bucket:
        case Known(arn, at) | Unset(arn, at):
            name = bucket_in_arn(arn)
            return (
                Unknown(f"{arn} is no bucket ARN that can be read", at) if name is None else Known(name, at)
            )
        case gap:
            return gap


def _is_named(rule: ReplicationRule, name: Setting[Text], open_: Verdict) -> Verdict:
    match name_of_destination(rule), name:
        case Known(one), (Known(other) | Unset(other)):
            found = same(one, other)
            return open_ if found is Status.UNKNOWN else Verdict(found)
        case _:
            return open_


def _written(rule: ReplicationRule) -> str:
    match rule.destination.bucket:
        case Known(arn) | Unset(arn):
            return str(arn)
        case Unknown():
            return "the destination"


# What a rule takes


def takes_all(rule: ReplicationRule) -> Verdict:
    """Whether a rule takes every object, whatever its key and its tags."""
    return (
        _is_whole(rule.prefix)
        & when_set(rule.filter, lambda chosen: _is_whole(chosen.prefix), _YES)
        & when_set(rule.filter, _has_no_tags, _YES)
    )


def _has_no_tags(chosen: ReplicationFilter) -> Verdict:
    return ~has_tags(chosen)


def has_tags(chosen: ReplicationFilter) -> Verdict:
    """Whether only objects with certain tags are taken."""
    match chosen.tags:
        case Unknown(why, at):
            return unknown(at, f"which tags the rule asks for is not known: {why}")
        case Known(tags, at) | Unset(tags, at):
            return passed(at, "the rule takes objects with certain tags only") if tags else _NO


def _is_whole(prefix: Setting[Text | None]) -> Verdict:
    """Whether a prefix is that of every key."""
    return when_set(prefix, lambda start: _is_empty(start, prefix.at), _YES, what="the prefix of the rule")


def _is_empty(start: Text, at: Location) -> Verdict:
    if not start.parts:
        return _YES
    if any(isinstance(part, str) or part.resource for part in start.parts):
        return failed(at, f'the rule takes keys that begin with "{start}" only')
    return unknown(at, f"whether the prefix {start} is empty is not known")


def share_objects(one: ReplicationRule, other: ReplicationRule) -> Verdict:
    """Whether two rules may take the same object: their prefixes go together, and so do their tags."""
    found = _YES
    for mine in _prefixes(one):
        for theirs in _prefixes(other):
            found &= _go_together(mine, theirs)
    return found & ~_differ_in_tags(one, other)


def _prefixes(rule: ReplicationRule) -> Iterator[Setting[Text | None]]:
    """A rule has one of them; what writes both is refused."""
    yield rule.prefix
    match rule.filter:
        case Known(ReplicationFilter(prefix=prefix)) | Unset(ReplicationFilter(prefix=prefix)):
            yield prefix
        case Unknown() as gap:
            yield gap
        case _:
            pass


def _go_together(one: Setting[Text | None], other: Setting[Text | None]) -> Verdict:
    """Whether a key can begin with both."""
    match one, other:
        case ((Known(None) | Unset(None)), _) | (_, (Known(None) | Unset(None))):
            return _YES
        case ((Known(Text() as a) | Unset(Text() as a)), (Known(Text() as b) | Unset(Text() as b))):
            if not a.parts or not b.parts or same(a, b) is Status.PASS:
                return _YES
            if (first := _start(a)) and (second := _start(b)) and not _one_begins(first, second):
                return failed(one.at, f"no key begins with {a} and with {b}")
            if a.literal is not None and b.literal is not None:
                return _YES
            return unknown(one.at, f"whether a key can begin with {a} and with {b} is not known")
        case Unknown(why, at), _:
            return unknown(at, f"the prefix of the rule is not known: {why}")
        case _:
            return unknown(other.at, "the prefix of the rule is not known")


def _start(prefix: Text) -> str:
    first = prefix.parts[0] if prefix.parts else ""
    return "" if isinstance(first, Opaque) else first


def _one_begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _differ_in_tags(one: ReplicationRule, other: ReplicationRule) -> Verdict:
    """Whether they ask for two values of one tag."""

    def asks(tag_of: ReplicationFilter) -> Verdict:
        return when_set(other.filter, lambda theirs: _clash(tag_of, theirs), _NO)

    return when_set(one.filter, asks, _NO)


def _clash(one: ReplicationFilter, other: ReplicationFilter) -> Verdict:
    return some_of(
        one.tags,
        lambda mine: some_of(
            other.tags,
            lambda theirs: _same(mine.key, theirs.key) & ~_same(mine.value, theirs.value),
        ),
    )


def _same(one: Setting[Text], other: Setting[Text]) -> Verdict:
    match one, other:
        case ((Known(a) | Unset(a)), (Known(b) | Unset(b))):
            found = same(a, b)
            return (
                unknown(one.at, f"whether {a} is {b} is not known")
                if found is Status.UNKNOWN
                else Verdict(found)
            )
        case _:
            return unknown(one.at, "which tags the rules ask for is not known")


# Who copies to whom


def replicates_to(source: Bucket, rule: ReplicationRule, estate: Estate) -> Verdict:
    """Whether a rule of the source that is on leads where this rule leads."""
    return some_rule(source, lambda own: is_on(own) & leads_where(own, rule, estate), _NO)


def comes_to(start: Setting[Bucket | None], target: Bucket, estate: Estate) -> Verdict:
    """Whether a way along rules that are on leads from one bucket to another, however long it is."""
    match start:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(None) | Unset(None):
            return _NO
        case Known(Bucket() as first) | Unset(Bucket() as first):
            return _way(first, target, estate)
        case _:
            return _NO


def _way(start: Bucket, target: Bucket, estate: Estate) -> Verdict:
    surely = {start.address}
    maybe: set[str] = set()
    gaps: list[Evidence] = []
    todo = [start]
    while todo:
        bucket = todo.pop()
        for sure, to in _steps(bucket, estate):
            if isinstance(to, Unknown):
                gaps.append(Evidence(to.at, to.why))
                continue
            is_sure = sure.status is Status.PASS and bucket.address in surely
            if to.address == target.address:
                if is_sure:
                    return _YES
                gaps += sure.evidence or (Evidence(bucket.at, "whether it is copied on is not known"),)
            elif to.address not in surely and (is_sure or to.address not in maybe):
                (surely if is_sure else maybe).add(to.address)
                todo.append(to)
    return verdict(Status.UNKNOWN, *gaps[:_MOST_LISTED]) if gaps else _NO


def _steps(bucket: Bucket, estate: Estate) -> Iterator[tuple[Verdict, Bucket | Unknown]]:
    """The buckets that it is or may be copied to, and what is not known of them."""
    for rule in each_rule(bucket):
        if isinstance(rule, Unknown):
            yield _YES, rule
            continue
        sure = is_on(rule)
        if sure.status is Status.FAIL:
            continue
        match destination_of(rule, estate):
            case Known(Bucket() as found) | Unset(Bucket() as found):
                yield sure, found
            case Unknown() as gap:
                yield sure, gap
            case _:
                pass


def each_rule(bucket: Bucket) -> Iterator[ReplicationRule | Unknown]:
    match bucket.replication:
        case Known(Replication(rules=rules)) | Unset(Replication(rules=rules)):
            yield from _each(rules)
        case Unknown() as gap:
            yield gap
        case _:
            return


def known_rules(replication: Replication) -> Iterator[ReplicationRule]:
    """The rules of which anything is known."""
    return (rule for rule in _each(replication.rules) if isinstance(rule, ReplicationRule))


def _each(rules: Listed[ReplicationRule]) -> Iterator[ReplicationRule | Unknown]:
    match rules:
        case Unknown() as gap:
            yield gap
        case Known(items) | Unset(items):
            for item in items:
                match item:
                    case Known(rule) | Unset(rule):
                        yield rule
                    case Unknown() as gap:
                        yield gap
