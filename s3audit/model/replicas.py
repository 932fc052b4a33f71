"""Which objects a replication rule takes and where it brings them; who is copied into a bucket, and on from there."""

from collections.abc import Callable, Iterator

import msgspec

from s3audit.location import NOWHERE, Location
from s3audit.model.bucket import Bucket
from s3audit.model.estate import MOST_COMPARED, Estate, is_there
from s3audit.model.lookup import Named
from s3audit.model.names import bucket_in_arn
from s3audit.model.relations import label
from s3audit.model.replication import Replication, ReplicationFilter, ReplicationRule
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, some_of, when_set
from s3audit.text import Opaque, Text, same
from s3audit.verdict import Evidence, Status, Verdict, failed, passed, some, unknown, verdict

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


def leads_to(rule: ReplicationRule, target: Bucket, estate: Estate) -> Verdict:
    """Whether a bucket is the destination of a rule, on or off."""
    match destination_of(rule, estate):
        case Known(found) | Unset(found):
            return _YES if found is not None and found.address == target.address else _NO
        case Unknown(why, at):
            return _is_named(rule, target.name, unknown(at, why))


def leads_where(rule: ReplicationRule, other: ReplicationRule, estate: Estate) -> Verdict:
    """Whether two rules copy to the same bucket."""
    match destination_of(other, estate):
        case Known(Bucket() as found) | Unset(Bucket() as found):
            return leads_to(rule, found, estate)
        case _:
            return _is_named(rule, _name(other), unknown(other.destination.at, _open_pair(rule, other)))


def _open_pair(rule: ReplicationRule, other: ReplicationRule) -> str:
    return f"whether {_written(rule)} and {_written(other)} are the same bucket is not known"


def _name(rule: ReplicationRule) -> Setting[Text]:
    match rule.destination.bucket:
        case Known(arn, at) | Unset(arn, at):
            name = bucket_in_arn(arn)
            return (
                Unknown(f"{arn} is no bucket ARN that can be read", at) if name is None else Known(name, at)
            )
        case gap:
            return gap


def _is_named(rule: ReplicationRule, name: Setting[Text], open_: Verdict) -> Verdict:
    match _name(rule), name:
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
    for rule in _rules(bucket):
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


def _rules(bucket: Bucket) -> Iterator[ReplicationRule | Unknown]:
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


def receives_replicas(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether another bucket is copied into it, as far as the input goes."""
    return some(_received(bucket, estate)) if bucket.type == "general" else _NO


def _received(bucket: Bucket, estate: Estate) -> Iterator[Verdict]:
    sources = estate.once(_Sources)
    others = [(source, gap) for source, gap in sources.undecided if source.address != bucket.address]
    for source, gap in others[:_MOST_LISTED]:
        yield source.counts & unknown(gap.at, f"where {source.label} is copied to is not known: {gap.why}")
    if len(sources.by_destination) > MOST_COMPARED:
        yield unknown(bucket.at, f"there are more than {MOST_COMPARED:,} destinations that it might be")
        return
    for target, those in _naming(bucket, estate):
        for source in those:
            if source.address != bucket.address:
                here = _is_target(target, bucket, source.at)
                yield source.counts & here & passed(source.at, f"{source.label} is replicated to it")
    gap_of_all = _unread(bucket, estate)
    if gap_of_all is not None:
        yield unknown(bucket.at, f"whether it is a destination is not known: {gap_of_all.why}")
    unseen = estate.gaps.get(bucket.address)
    if unseen is not None:
        yield unknown(unseen.at, f"whether it is a destination is not known: {unseen.why}")


def _naming(bucket: Bucket, estate: Estate) -> "list[tuple[Text, list[_Source]]]":
    named = estate.once(_by_destination)
    match bucket.name:
        case Known(own) | Unset(own):
            return named.meant_by(own)
        case Unknown():
            return named.all


def _is_target(name: Text, bucket: Bucket, at: Location) -> Verdict:
    match bucket.name:
        case Unknown(why):
            return unknown(at, why)
        case Known(own) | Unset(own):
            found = same(name, own)
            open_ = unknown(at, f"whether {name} is this bucket is not known")
            return open_ if found is Status.UNKNOWN else Verdict(found)


def _unread(bucket: Bucket, estate: Estate) -> Unknown | None:
    """Why there may be sources that nobody has seen; they may be in any Region of the account."""
    match bucket.account, bucket.region:
        case ((Known(account) | Unset(account)), (Known(region) | Unset(region))):
            gap = estate.unread_buckets(account.literal or "", region.literal or "")
            return gap or estate.once(_unread_by_account).get(account.literal or "")
        case _:
            return None


def _unread_by_account(estate: Estate) -> dict[str, Unknown]:
    found: dict[str, Unknown] = {}
    for one in estate.not_read.values():
        if one.type == "general":
            found.setdefault(one.account, Unknown(f"the bucket {one.name} was not read: {one.why}", NOWHERE))
    return found


class _Source(msgspec.Struct, frozen=True, gc=False):
    """What is kept of a bucket with a rule."""

    address: str
    label: str
    counts: Verdict
    """Whether it is there, and its rule is on."""
    at: Location
    """Where it says where to."""


class _Sources:
    """Every name that buckets are copied to, and the buckets of which it is not known where they go."""

    def __init__(self, estate: Estate) -> None:
        self.by_destination: dict[Text, list[_Source]] = {}
        self.undecided: list[tuple[_Source, Unknown]] = []
        for bucket in estate.all(Bucket):
            for rule in _rules(bucket):
                if isinstance(rule, Unknown):
                    if bucket.is_declared:
                        self.undecided.append((_source(bucket, _YES, rule.at), rule))
                    continue
                on = is_on(rule)
                if on.status is Status.FAIL:
                    continue
                match _name(rule):
                    case Known(name, at) | Unset(name, at):
                        self.by_destination.setdefault(name, []).append(_source(bucket, on, at))
                    case Unknown(_, at) as gap:
                        self.undecided.append((_source(bucket, on, at), gap))


def _source(bucket: Bucket, on: Verdict, at: Location) -> _Source:
    # What is sure says nothing where something else is open.
    sure = [one for one in (is_there(bucket), on) if one.status is not Status.PASS]
    counts = _YES
    for one in sure:
        counts &= one
    return _Source(bucket.address, label(bucket), counts, at)


def _by_destination(estate: Estate) -> Named[tuple[Text, list[_Source]]]:
    sources = estate.once(_Sources)
    return Named(((target, those), (target,)) for target, those in sources.by_destination.items())
