"""Whether the role of a replication may use the keys on both sides."""

from __future__ import annotations

from collections.abc import Iterator

from s3audit.location import Location
from s3audit.model.key import KmsKey
from s3audit.policy.access.doubts import VIA
from s3audit.policy.access.roles import Copier, direct, may, rules_for
from s3audit.policy.globs import glob
from s3audit.policy.neighbours import arn_of
from s3audit.policy.placed import literal_of
from s3audit.policy.replication import Need
from s3audit.policy.rules import Pattern, Rule, Who
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, unknown

_ELSEWHERE = "xqz-region-1"
"""Stands in for a Region that is not that of the bucket, and that nobody tells."""


def may_use(
    by: Copier, action: str, key: KmsKey, bucket: str, prefix: str, whole: Setting[bool], at: Location
) -> Verdict:
    """Whether it may use a key through S3 for the objects of a bucket; `whole` is for them all (a Bucket Key)."""
    rules = rules_for(key.policy, by)
    if isinstance(rules, Unknown):
        return unknown(at, f"the policy of the key is not known: {rules.why}")
    said = _leaving_it(key, by) if rules is None else rules
    via = _via(key.region, by)
    found = [
        may(
            by,
            Need(actions=(action,), at=arn_of(by.here, key), context={VIA: via}, encrypted=encrypted),
            at,
            beside=tuple(direct(said)) if is_own else tuple(one for one in said if one.effect != "Allow"),
            also=(said,),
        )
        for is_own in _own(key, by)
        for encrypted in contexts(bucket, prefix, whole)
    ]
    return agreed(found, at, by)


def may_use_elsewhere(
    by: Copier, action: str, arn: str, bucket: str, prefix: str, whole: Setting[bool], at: Location
) -> Verdict:
    """The same by its own policies alone, of a key of which only the ARN is known."""
    parts = (*arn.split(":", 5), "", "", "", "", "")
    need = [
        Need(actions=(action,), at=arn, context={VIA: _endpoint(parts[3], by)}, encrypted=encrypted)
        for encrypted in contexts(bucket, prefix, whole)
    ]
    return agreed([may(by, one, at) for one in need], at, by)


def agreed(found: list[Verdict], at: Location, by: Copier) -> Verdict:
    """What holds however it is, or nothing."""
    if len({one.status for one in found}) == 1:
        return found[0]
    open_ = next((one for one in found if one.status is Status.UNKNOWN), None)
    return unknown(at, f"for what {by.called} has to use the key is not known") if open_ is None else open_


def contexts(bucket: str, prefix: str, whole: Setting[bool]) -> Iterator[str]:
    """What S3 may use the key for: the bucket as a whole with a Bucket Key, else each object."""
    match whole:
        case Known(is_on) | Unset(is_on):
            yield bucket if is_on else f"{bucket}/{prefix}"
        case Unknown():
            yield from (bucket, f"{bucket}/{prefix}")


def _own(key: KmsKey, by: Copier) -> Iterator[bool]:
    """Whether it may be of the account of the role, and whether it may be of another one."""
    match key.account, by.place.bucket.account:
        case ((Known(one) | Unset(one)), (Known(other) | Unset(other))):
            found = same(one, other)
        case _:
            found = Status.UNKNOWN
    if found is not Status.FAIL:
        yield True
    if found is not Status.PASS:
        yield False


def _via(region: Setting[Text], by: Copier) -> str:
    told = literal_of(region)
    if told:
        return _endpoint(told, by)
    match region, by.place.bucket.region:
        case ((Known(one) | Unset(one)), (Known(other) | Unset(other))) if same(one, other) is Status.PASS:
            return _endpoint(by.here.region, by)
        case _:
            return _endpoint(_ELSEWHERE, by)


def _endpoint(region: str, by: Copier) -> str:
    end = ".amazonaws.com.cn" if by.here.partition == "aws-cn" else ".amazonaws.com"
    return f"s3.{region}{end}"


def _leaving_it(key: KmsKey, by: Copier) -> tuple[Rule, ...]:
    """The policy that KMS gives a key: it leaves all to its account."""
    account = Who("aws", by.here.account_of(key))
    every = Pattern("kms:*", glob("kms:*"))
    return (Rule(number=1, effect="Allow", principals=(account,), actions=(every,), at=key.policy.at),)
