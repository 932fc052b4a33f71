"""What is in force on a bucket, once everything that has a say is taken together."""

from __future__ import annotations

from s3audit.model.account import Account
from s3audit.model.acl import Acl, Grant
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate, is_there
from s3audit.model.key import KmsAlias, KmsKey
from s3audit.model.lookup import first_by_name
from s3audit.model.names import arn_parts, partition_of
from s3audit.model.uses import if_there
from s3audit.setting import Known, Setting, Unknown, Unset, some_of
from s3audit.text import Text, same, text
from s3audit.verdict import (
    Evidence,
    Severity,
    Status,
    Verdict,
    every,
    failed,
    passed,
    some,
    unknown,
    unless,
    verdict,
)

BLOCKS = {
    "block_public_acls": "BlockPublicAcls",
    "ignore_public_acls": "IgnorePublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "restrict_public_buckets": "RestrictPublicBuckets",
}
"""The settings of Block Public Access: by their name in the model, and as AWS spells them."""

_TYPES = {
    "general": "a general purpose bucket",
    "directory": "a directory bucket",
    "outposts": "a bucket on Outposts",
}


def of_type(bucket: Bucket, *types: str) -> Verdict:
    """Whether it is a bucket of one of these types."""
    judge = passed if bucket.type in types else failed
    return judge(bucket.at, f"it is {_TYPES.get(bucket.type, bucket.type)}")


def blocked(bucket: Bucket, estate: Estate, *settings: str) -> Verdict:
    """Whether these settings of Block Public Access are all on, for the bucket itself or for its account.

    A template tells nothing about the account, so there the account counts as open, and a failure says so.
    A bucket that nothing is declared for may be an old one, with all of them off: it fails as `low`.
    """
    found = every(_own_block(bucket, name) | _account_block(bucket, estate, name) for name in settings)
    if found.status is not Status.FAIL or not found.evidence or estate.all(Account):
        return found
    *others, last = found.evidence
    note = f"{last.note}, unless the account blocks it"
    return verdict(Status.FAIL, *others, Evidence(last.at, note, last.severity))


def _own_block(bucket: Bucket, name: str) -> Verdict:
    match getattr(bucket.public_access_block, name):
        case Unset(default=True, at=at, since=since):
            note = f"Block Public Access is not set, and buckets from before {since} have it off"
            return failed(at, note, Severity.LOW)
        case setting:
            flag: Setting[bool] = setting
            return flag.is_in(True, what=BLOCKS[name])


def _account_block(bucket: Bucket, estate: Estate, name: str) -> Verdict:
    """Whether the account blocks it; a live account tells what its organization makes of it."""
    mine = [(account, _same(bucket.account, account.account)) for account in estate.all(Account)]
    found = some(
        if_there(
            account,
            _is_mine(is_mine, account)
            & getattr(account.public_access_block, name).is_in(True, what=f"{BLOCKS[name]} of the account"),
        )
        for account, is_mine in mine
    )
    if bucket.origin == "live" and not any(is_mine is Status.PASS for _, is_mine in mine):
        return found | unknown(bucket.at, "the Block Public Access of the account was not read")
    return found if found.status is not Status.FAIL else Verdict(Status.FAIL)


def _is_mine(is_mine: Status, account: Account) -> Verdict:
    if is_mine is Status.UNKNOWN:
        return unknown(account.at, "whether the bucket is in the account that is blocked here is not known")
    return Verdict(is_mine)


def _same(one: Setting[Text], other: Setting[Text]) -> Status:
    match one, other:
        case ((Known(a) | Unset(a)), (Known(b) | Unset(b))):
            return same(a, b)
        case _:
            return Status.UNKNOWN


def versioning(bucket: Bucket) -> Setting[str]:
    """The state of versioning: where nothing is said about it, a bucket made with Object Lock has it on.

    That it never was on (Terraform has words for it) says as little.
    """
    match bucket.versioning.status, bucket.object_lock.at_creation:
        case Unset(at=at) | Known("Unversioned", at=at), Unknown(why):
            return Unknown(why, at)
        case Unset(at=at) | Known("Unversioned", at=at), Known(True) | Unset(True):
            return Unset("Enabled", at, via="because Object Lock is on")
        case status, _:
            return status


def acls_in_force(bucket: Bucket) -> Verdict:
    """Whether access control lists count on the bucket.

    A new bucket has them off, and refuses an ACL that gives anything away. So a declaration that sets such an
    ACL and says nothing about ownership can only be meant for a bucket that has them on.
    """
    match bucket.ownership.object_ownership:
        case Unset(at=at, default=default):
            off = failed(at, f"ownership is not set, so it is {default}")
            return off | _gives_away(bucket)
        case ownership:
            return ~ownership.is_in("BucketOwnerEnforced", what="ownership")


def _gives_away(bucket: Bucket) -> Verdict:
    acl = bucket.acl
    return ~acl.canned.is_in("private", None, what="the ACL") | some_of(
        acl.grants,
        lambda grant: unless(
            _is_owner(grant, acl),
            "it is the owner's own",
            grant.permission.satisfies(lambda _: True, "the ACL has grants"),
        ),
        empty=Verdict(Status.FAIL),
    )


def _is_owner(grant: Grant, acl: Acl) -> Verdict:
    """Whether a grant is that of the owner, who has full control in any case."""
    match grant.id, acl.owner:
        case Known(Text() as grantee), Known(Text() as owner):
            is_owner = same(grantee, owner)
            if is_owner is Status.UNKNOWN:
                return unknown(grant.id.at, f"whether {grantee} is the owner is not known")
            return Verdict(is_owner)
        case _:
            return Verdict(Status.FAIL)


def default_key(bucket: Bucket, estate: Estate) -> Setting[KmsKey | None]:
    """The KMS key of default encryption; None where it is the one that AWS manages."""
    return key_used(bucket.encryption.kms_key, bucket, "alias/aws/s3", estate)


def key_used(
    named_by: Setting[Text | None], holder: Resource, managed: str, estate: Estate
) -> Setting[KmsKey | None]:
    """The KMS key that a resource names; None where it names none, or the one of AWS with this alias."""
    match named_by:
        case Known(Text() as name, at) | Unset(Text() as name, at):
            if name.ends_with(managed) is Status.PASS:
                return Known(None, at)
            named = (key_named(one, estate) for one in _names_here(name, holder))
            key = next((one for one in named if one is not None), None)
            why = f"the key {name} is declared elsewhere, or may not be there"
            return Unknown(why, at) if key is None else Known(key, at)
        case Unknown() as gap:
            return gap
        case Known(at=at) | Unset(at=at):
            return Known(None, at)


def _names_here(name: Text, holder: Resource) -> tuple[Text, ...]:
    """An id or an alias names a key of the Region and account of what names it, of which many may have one such."""
    region, account = _told(holder.region), _told(holder.account)
    parts = arn_parts(name)
    if holder.origin == "live":
        literal = name.literal
        if parts is not None or literal is None or not region.literal or not account.literal:
            return (name,)
        path = literal if literal.startswith("alias/") else f"key/{literal}"
        return (text(f"arn:{partition_of(region.literal)}:kms:{region.literal}:{account.literal}:{path}"),)
    if (
        parts is None
        or same(parts[2], region) is not Status.PASS
        or same(parts[3], account) is not Status.PASS
    ):
        return (name,)
    return (name, parts[4].without_prefix("key/") or parts[4])


def _told(setting: Setting[Text]) -> Text:
    match setting:
        case Known(told) | Unset(told):
            return told
        case Unknown():
            return Text()


def key_named(name: Text, estate: Estate) -> KmsKey | None:
    """The key of this id, ARN or alias, where it is declared for certain."""
    alias = estate.named_by(name, KmsAlias) or estate.once(_aliases_by_name).get(name)
    if alias is None:
        return _key_of_id(name, estate)
    match alias.key:
        case Known(target) | Unset(target) if is_there(alias).status is Status.PASS:
            return _key_of_id(_beside(alias, target), estate)
        case _:
            return None


def _beside(alias: KmsAlias, target: Text) -> Text:
    """The key of an alias is in its Region and account: where these are told, its ARN."""
    start, found, _ = (_told(alias.arn).literal or "").rpartition(":alias/")
    known = target.literal
    return text(f"{start}:key/{known}") if found and known and not known.startswith("arn:") else target


def _key_of_id(name: Text, estate: Estate) -> KmsKey | None:
    own = estate.named_by(name, KmsKey) or estate.once(_keys_by_name).get(name)
    return own if own is None or is_there(own).status is Status.PASS else None


def _aliases_by_name(estate: Estate) -> dict[Text, KmsAlias]:
    return first_by_name((alias, (alias.arn, alias.name)) for alias in estate.all(KmsAlias))


def _keys_by_name(estate: Estate) -> dict[Text, KmsKey]:
    return first_by_name((key, (key.arn, key.id)) for key in estate.all(KmsKey))
