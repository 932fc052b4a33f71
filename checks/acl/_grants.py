"""Whom the grants of an ACL name, and whether they count."""

from s3audit.model.acl import Acl, Grant
from s3audit.model.bucket import Bucket
from s3audit.model.effective import acls_in_force, blocked
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unknown, Unset, some_of, when_set
from s3audit.text import Text, same, text
from s3audit.verdict import Evidence, Status, Verdict, some, unknown, unless

_GROUPS = "http://acs.amazonaws.com/groups/"
EVERYONE = text(f"{_GROUPS}global/AllUsers")
SIGNED_IN = text(f"{_GROUPS}global/AuthenticatedUsers")
LOG_DELIVERY = text(f"{_GROUPS}s3/LogDelivery")

CLOUDFRONT_LOGS = (
    text("c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"),
    text("a52cb28745c0c06e84ec548334e44bfa7fc2a85c54af20cd59e4969344b7af56"),
)
"""The account of CloudFront that writes standard logs (legacy): everywhere, and in China."""
MACHINE_IMAGES = (text("6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c"),)
"""The account of Amazon EC2 that the canned ACL aws-exec-read lets read."""

_CLOUDFRONT_DATA = "data.aws_cloudfront_log_delivery_canonical_user_id."
_OWN_DATA = "data.aws_canonical_user_id."

_NO = Verdict(Status.FAIL)
_YES = Verdict(Status.PASS)


def where_acls_count(bucket: Bucket, judged: Verdict) -> Verdict:
    return unless(~acls_in_force(bucket), "ACLs do not count", judged)


def where_public_counts(bucket: Bucket, estate: Estate, judged: Verdict) -> Verdict:
    """The same for grants to the public, which Block Public Access may take the effect of."""
    ignored = blocked(bucket, estate, "ignore_public_acls")
    return where_acls_count(bucket, unless(ignored, "public grants do not count", judged))


def names_group(acl: Acl, group: Text, *canned: str) -> Verdict:
    """Whether a grant names a group, written out or by one of these canned ACLs."""
    return acl.canned.is_in(*canned, what="the ACL") | some_of(
        acl.grants, lambda grant: is_group(grant, group)
    )


def is_group(grant: Grant, *groups: Text) -> Verdict:
    return when_set(grant.uri, lambda uri: some(_is(uri, one, grant) for one in groups), _NO)


def _is(uri: Text, group: Text, grant: Grant) -> Verdict:
    found = same(uri, group)
    if found is Status.UNKNOWN:
        return unknown(grant.uri.at, f"whether a grant to {uri} names {_title(group)} is not known")
    return Verdict(found, (Evidence(grant.uri.at, f"a grant names {uri}"),))


def _title(group: Text) -> str:
    if group == EVERYONE:
        return "Everyone"
    return str(group).rpartition("/")[2]


def is_user(grant: Grant, *ids: Text) -> Verdict:
    """Whether a grant names one of these canonical users."""
    return when_set(grant.id, lambda known: some(_is_same(known, one, grant) for one in ids), _NO)


def is_cloudfront(grant: Grant) -> Verdict:
    """Whether it names the account by which CloudFront writes logs."""
    return when_set(
        grant.id,
        lambda known: _YES if _is_data(known, _CLOUDFRONT_DATA) else is_user(grant, *CLOUDFRONT_LOGS),
        _NO,
    )


def is_owner(grant: Grant, acl: Acl) -> Verdict:
    """Whether it names the owner of the bucket, who may do everything in any case."""
    return when_set(grant.id, lambda known: _is_owner(known, grant, acl), _NO)


def _is_owner(known: Text, grant: Grant, acl: Acl) -> Verdict:
    if isinstance(acl.owner, Unknown):
        return unknown(acl.owner.at, f"who owns the bucket is not known: {acl.owner.why}")
    owner = acl.owner.value if isinstance(acl.owner, Known) else acl.owner.default
    ids = _ids(acl)
    if owner is None:
        # A configuration that names no owner can only mean itself by this.
        own = {one for one in ids if _is_data(one, _OWN_DATA)}
        owner = own.pop() if len(own) == 1 else None
    if owner is None:
        return unknown(grant.id.at, f"whether {known} is the owner of the bucket is not known")
    found = same(known, owner)
    if found is Status.UNKNOWN and owner in ids:
        # Nobody writes one account in two ways in one ACL.
        return _NO
    return _is_same(known, owner, grant)


def _ids(acl: Acl) -> set[Text]:
    """The canonical users that are named for certain."""
    match acl.grants:
        case Known(items) | Unset(items):
            grants = [one.value for one in items if isinstance(one, Known)]
            return {
                one.id.value for one in grants if isinstance(one.id, Known) and isinstance(one.id.value, Text)
            }
        case _:
            return set()


def _is_same(known: Text, other: Text, grant: Grant) -> Verdict:
    found = same(known, other)
    if found is Status.UNKNOWN:
        return unknown(grant.id.at, f"whether {known} is {other} is not known")
    return Verdict(found)


def _is_data(known: Text, kind: str) -> bool:
    """Whether it is told by a data source of Terraform."""
    match known.parts:
        case (part,) if not isinstance(part, str):
            return kind in part.origin
        case _:
            return False


def is_email(grant: Grant) -> Verdict:
    return grant.type.is_in("AmazonCustomerByEmail", what="the grantee")


def grantee(grant: Grant) -> str:
    """Whom a grant names, in words."""
    for setting, words in ((grant.uri, "the group "), (grant.id, "the canonical user "), (grant.email, "")):
        match setting:
            case Known(Text() as known) | Unset(Text() as known):
                return f"{words}{known}"
            case _:
                continue
    return "somebody"
