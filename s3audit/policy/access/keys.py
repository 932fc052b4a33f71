"""Whether those who have access may use the key that the objects of a bucket are encrypted with by default."""

from collections.abc import Callable, Sequence

import msgspec

from s3audit.model.bucket import Bucket
from s3audit.model.distribution import OriginAccessIdentity
from s3audit.model.effective import default_key
from s3audit.model.estate import Estate
from s3audit.model.key import KmsKey
from s3audit.policy import keys
from s3audit.policy.access.doors import Door, Told, asked
from s3audit.policy.access.place import Place
from s3audit.policy.access.words import Access
from s3audit.policy.actions import READ, WRITE, Action
from s3audit.policy.callers import named
from s3audit.policy.globs import glob, literal
from s3audit.policy.language import policy_of
from s3audit.policy.neighbours import arn_of, canonical_of
from s3audit.policy.placed import literal_of
from s3audit.policy.reason import PROVEN, UNKNOWN, WITNESS
from s3audit.policy.request import ANONYMOUS, Caller
from s3audit.policy.rules import Pattern, Rule, Who
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.verdict import Evidence

_USES = {READ: "kms:Decrypt", WRITE: "kms:GenerateDataKey"}
_VIA, _CALLER = "kms:viaservice", "kms:calleraccount"
_CONTEXT = "kms:encryptioncontext:aws:s3:arn"
_OFF = frozenset({"Disabled", "PendingDeletion", "PendingReplicaDeletion", "Unavailable"})


def is_encrypted(bucket: Bucket) -> bool:
    """Whether a key of KMS may be what objects are encrypted with."""
    match bucket.encryption.algorithm:
        case Known(algorithm) | Unset(algorithm):
            return algorithm.startswith("aws:kms")
        case Unknown():
            return True


def with_keys(found: Sequence[Access], bucket: Bucket, estate: Estate, place: Place | None) -> list[Access]:
    """The same, each with what the default key makes of it."""
    if not is_encrypted(bucket):
        return list(found)
    key = _key(bucket, estate)
    return [_with(one, key, place) if {READ, WRITE} & set(one.can) else one for one in found]


class _Key(msgspec.Struct, frozen=True):
    called: str
    key: KmsKey | None = None
    """None for the one that AWS manages."""
    why: str = ""
    """Why it is not known."""


def _key(bucket: Bucket, estate: Estate) -> _Key:
    match bucket.encryption.algorithm:
        case Unknown(why):
            return _Key("a key", why=f"how objects are encrypted is not known: {why}")
        case _:
            pass
    match default_key(bucket, estate):
        case Known(KmsKey() as key) | Unset(KmsKey() as key):
            if _word(key.manager) == "AWS":
                return _Key("the key that AWS manages")
            return _Key(f"the key {key.title or key.address}", key)
        case Unknown(why):
            return _Key("the key", why=why)
        case _:
            return _Key("the key that AWS manages")


def _word(setting: Setting[str] | Setting[str | None]) -> str:
    match setting:
        case Known(str() as word) | Unset(str() as word):
            return word
        case _:
            return ""


def _with(one: Access, key: _Key, place: Place | None) -> Access:
    said, steps = _said(one, key, place)
    return msgspec.structs.replace(one, key=said, steps=(*one.steps, *steps)) if said else one


def _said(one: Access, key: _Key, place: Place | None) -> tuple[str, tuple[Evidence, ...]]:
    cannot = f"but not what is encrypted with {key.called}"
    if key.why:
        return f"whether they may use {key.called} is not known: {key.why}", ()
    if not one.callers or place is None:
        return f"as far as they may use {key.called}", ()
    if all(caller.kind == ANONYMOUS for caller in one.callers):
        return f"{cannot}: without credentials nobody uses a key", ()
    if all(_is_reader(caller, place) for caller in one.callers):
        return f"{cannot}: an origin access identity uses no key", ()
    if key.key is None:
        inside = all(caller.account == place.ground.owner for caller in one.callers)
        return ("", ()) if inside else (f"{cannot}: only its own account uses that", ())
    if _word(key.key.state) in _OFF or _is_off(key.key):
        return f"{cannot}: it is switched off", ()
    return _by_policy(one, key.key, key.called, place)


def _is_reader(caller: Caller, place: Place) -> bool:
    """Whether it is an origin access identity, by either of its names."""
    if caller.kind == "oai":
        return True
    readers = place.estate.all(OriginAccessIdentity) if caller.kind == "canonical" else ()
    return any(canonical_of(one) == caller.name for one in readers)


def _is_off(key: KmsKey) -> bool:
    match key.enabled:
        case Known(enabled) | Unset(enabled):
            return not enabled
        case Unknown():
            return False


def _by_policy(one: Access, key: KmsKey, called: str, place: Place) -> tuple[str, tuple[Evidence, ...]]:
    """As its key policy has it; grants of the key are not looked at."""
    rules = _rules(key, place)
    if isinstance(rules, Unknown):
        return f"whether they may use {called} is not known: {rules.why}", ()
    told = {level: _uses(one, _USES[level], key, rules, place) for level in one.can if level in _USES}
    open_ = next((answer for answer in told.values() if answer.verdict not in (PROVEN, WITNESS)), None)
    if open_ is not None:
        return f"whether they may use {called} is not known: {open_.why}", ()
    kept = [level for level, answer in told.items() if answer.verdict == PROVEN]
    if kept:
        what = "" if len(kept) == len(told) else f"{kept[0]} "
        said = f"but not {what}what is encrypted with {called}: its policy does not let them use it"
        return said, (Evidence(key.policy.at, "the key policy"),)
    first = next(iter(told.values()))
    at = key.policy.at if first.rule is None else first.rule.at
    steps = (Evidence(at, "the key policy lets them use it"),)
    if first.rule is not None and _leaves_it(first.rule, one.callers):
        if one.own:
            return _by_their_own(one, key, rules, called, place, steps)
        return f"as far as policies of their own let them use {called}", steps
    return f"also with {called}", steps


def _by_their_own(
    one: Access,
    key: KmsKey,
    rules: tuple[Rule, ...],
    called: str,
    place: Place,
    steps: tuple[Evidence, ...],
) -> tuple[str, tuple[Evidence, ...]]:
    told = [_uses(one, _USES[level], key, rules, place, one.own) for level in one.can if level in _USES]
    if any(answer.verdict == PROVEN for answer in told):
        return f"but not what is encrypted with {called}: policies of its own do not let it use that", ()
    open_ = next((answer.why for answer in told if answer.verdict != WITNESS), "")
    said = f"whether it may use {called} is not known: {open_}" if open_ else f"also with {called}"
    return said, () if open_ else steps


def _rules(key: KmsKey, place: Place) -> tuple[Rule, ...] | Unknown:
    match policy_of(key.policy):
        case Unknown() as gap:
            return gap
        case Known(policy) | Unset(policy):
            if policy is not None:
                return place.ground.rules(policy, place.ground.here)
    # The one that KMS gives it leaves all to its account.
    whole = Who("aws", place.ground.account_of(key))
    every = Pattern("kms:*", glob("kms:*"))
    return (Rule(number=1, effect="Allow", principals=(whole,), actions=(every,), at=key.policy.at),)


def _uses(
    one: Access,
    action: str,
    key: KmsKey,
    rules: tuple[Rule, ...],
    place: Place,
    own: tuple[Rule, ...] = (),
) -> Told:
    """Whether one of them may use it through S3, for an object of this bucket."""
    here = place.ground
    region = literal_of(key.region) or here.region
    end = ".amazonaws.com.cn" if here.partition == "aws-cn" else ".amazonaws.com"
    via = f"s3.{region}{end}"
    allowing = (rules, own) if own else (rules,)
    told = _asked(one, action, key, allowing, place, via, lambda held: held == via)
    if told.verdict != PROVEN:
        return told
    others = sorted(account for account in named(rules).told if account != here.owner)
    if others and not here.owner_is_told and any(caller.account == here.owner for caller in one.callers):
        return Told(UNKNOWN, why=f"whether {others[0]} is its own account nobody tells")
    if not here.region_is_told:
        told = _asked(
            one, action, key, allowing, place, via, lambda held: held is None or held.startswith("s3.")
        )
        if told.verdict != PROVEN:
            return Told(UNKNOWN, why=told.why or "which Region it is in nobody tells")
    return told


def _asked(
    one: Access,
    action: str,
    key: KmsKey,
    allowing: tuple[tuple[Rule, ...], ...],
    place: Place,
    via: str,
    is_via: Callable[[str | None], bool],
) -> Told:
    here = place.ground
    accounts = {caller.account for caller in one.callers} - {""}
    door = Door(
        bucket=arn_of(here, key),
        owner=here.account_of(key),
        allowing=allowing,
        carries={
            _VIA: lambda held: is_via(held if isinstance(held, str) else None),
            _CALLER: lambda held: held in accounts if accounts else held is None,
            _CONTEXT: lambda held: isinstance(held, str) and f"{held}/".startswith(f"{here.arn}/"),
            keys.TLS: lambda held: held == "true",
        },
        known={
            _VIA: (literal(via),),
            _CALLER: tuple(map(literal, sorted(accounts))),
            _CONTEXT: (literal(here.arn), literal(f"{here.arn}/xqz")),
        },
        actions=(Action(action, READ, of_objects=False),),
    )
    return asked(door, lambda space: [space.who(lambda caller: caller in one.callers)], only=one.callers)


def _leaves_it(rule: Rule, callers: Sequence[Caller]) -> bool:
    """Whether it names no more than the account, which then decides who of it."""
    names = {who.name for who in rule.principals or () if isinstance(who, Who)}
    told = {name for caller in callers for name in (caller.arn, caller.session, caller.name)} - {""}
    return "*" not in names and names.isdisjoint(told - {arn for arn in told if arn.endswith(":root")})
