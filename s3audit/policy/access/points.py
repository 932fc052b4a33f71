"""Who has access through access points, multi-Region access points and Object Lambda access points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from s3audit.location import NOWHERE
from s3audit.model.access_point import (
    AccessPoint,
    MultiRegionAccessPoint,
    ObjectLambdaAccessPoint,
)
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate, is_there
from s3audit.model.lookup import Named
from s3audit.model.names import arn_parts
from s3audit.policy import keys
from s3audit.policy.access.blocks import block
from s3audit.policy.access.direct import RESTRICT, cut_by, either, why_open
from s3audit.policy.access.doors import POINT_ACCOUNT, POINT_ARN, POINT_ORIGIN, Door, moved
from s3audit.policy.access.place import Place
from s3audit.policy.access.ways import Cut, Wanted, Way, limits, through
from s3audit.policy.access.words import Access
from s3audit.policy.actions import ACTIONS
from s3audit.policy.globs import Glob, literal
from s3audit.policy.language import Policy, policy_of
from s3audit.policy.neighbours import arn_of
from s3audit.policy.questions import Context, not_public
from s3audit.policy.request import ANONYMOUS, Held
from s3audit.policy.rules import Rule
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Evidence, Status, Verdict

Point = AccessPoint | MultiRegionAccessPoint
_PLACES = """
    AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectTagging DeleteObjectVersion
    DeleteObjectVersionTagging GetBucketAcl GetBucketCORS GetBucketLocation GetBucketNotification GetBucketPolicy
    GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectVersion
    GetObjectVersionAcl GetObjectVersionAttributes GetObjectVersionTagging ListBucket ListBucketMultipartUploads
    ListBucketVersions ListMultipartUploadParts PutObject PutObjectAcl PutObjectLegalHold PutObjectRetention
    PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging RestoreObject
"""
SUPPORTED = tuple(one for one in ACTIONS if one.name.removeprefix("s3:") in _PLACES.split())
"""What AWS's list of the operations that access points support comes to."""
_NO_POLICY = Policy(NOWHERE, Unset(None, NOWHERE), Unset((), NOWHERE))
BEHIND = "the bucket policy lets it through"
VIA_LAMBDA = "s3-object-lambda.amazonaws.com"
CALLED_VIA = "aws:calledvia"
SIGNED = "AWS4-HMAC-SHA256"


class Entrance(msgspec.Struct, frozen=True, kw_only=True):
    """An access point of the bucket."""

    point: Point
    way: Way
    cut: Cut
    arn: str
    account: str
    rules: tuple[Rule, ...]
    """Of its policy, as if they were about the bucket."""
    public: str
    """Whether its policy is one that S3 calls public: PROVEN that it is not."""
    restricted: Verdict
    """Whether Block Public Access keeps all others out where it is, or where the bucket policy is."""
    vpc: str = ""
    """The one that it can be reached from."""


def by_point(place: Place, entrance: Entrance, to: Wanted | None = None) -> Iterator[Access]:
    if not entrance.rules or not place.rules:
        return iter(())  # it gives nothing to anybody whom their own policies do not
    return through(entrance.way, place, entrance.cut, lambda one: one.kind != ANONYMOUS, to)


# The access points of the bucket


def points_of(bucket: Bucket, estate: Estate) -> Iterator[tuple[Point, Verdict]]:
    """Those that lead to this bucket, or may."""
    named = estate.once(_by_bucket)
    for point in named.all if isinstance(bucket.name, Unknown) else named.meant_by(_name(bucket)):
        leads = _leads(point, bucket) & is_there(point)
        if leads.status is not Status.FAIL:
            yield point, leads


def _name(bucket: Bucket) -> Text:
    match bucket.name:
        case Known(name) | Unset(name):
            return name
        case Unknown():
            return Text()


def _by_bucket(estate: Estate) -> Named[Point]:
    def names(point: Point) -> Iterable[Text | None]:
        for bucket, _ in _targets(point):
            match bucket:
                case Known(name) | Unset(name):
                    yield name
                case Unknown():
                    yield None

    points: list[Point] = [*estate.all(AccessPoint), *estate.all(MultiRegionAccessPoint)]
    return Named((point, names(point)) for point in points)


def _targets(point: Point) -> Iterator[tuple[Setting[Text], Setting[Text | None]]]:
    """The buckets behind it and their accounts."""
    if isinstance(point, AccessPoint):
        yield point.bucket, point.bucket_account
        return
    match point.buckets:
        case Known(items) | Unset(items):
            for item in items:
                match item:
                    case Known(one) | Unset(one):
                        yield one.bucket, one.bucket_account
                    case Unknown() as gap:
                        yield gap, gap
        case Unknown() as gap:
            yield gap, gap


def _leads(point: Point, bucket: Bucket) -> Verdict:
    found = Verdict(Status.FAIL)
    for name, account in _targets(point):
        found |= _is(name, bucket.name) & _may_be(account, bucket.account)
    return found


def _is(name: Setting[Text], own: Setting[Text]) -> Verdict:
    match name, own:
        case ((Known(one) | Unset(one)), (Known(other) | Unset(other))):
            answer = same(one, other)
            why = f"whether {one} is this bucket is not known"
            return Verdict(answer, (Evidence(name.at, why),) if answer is Status.UNKNOWN else ())
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return Verdict(Status.UNKNOWN, (Evidence(at, why),))
        case _:
            return Verdict(Status.UNKNOWN)


def _may_be(account: Setting[Text | None], own: Setting[Text]) -> Verdict:
    """A bucket of this name in another account is another one; there is but one of each name, so this is a check."""
    match account, own:
        case Known(Text() as one), Known(Text() as other) if same(one, other) is Status.FAIL:
            return Verdict(Status.FAIL)
        case _:
            return Verdict(Status.PASS)


def entrances(place: Place) -> Sequence[Entrance]:
    return place.estate.recent(place, _entrances)


def _entrances(place: Place, estate: Estate) -> Sequence[Entrance]:
    return [_entrance(place, point, leads) for point, leads in points_of(place.bucket, estate)]


def entrance_of(place: Place, point: Point) -> tuple[Entrance, Status] | None:
    """One access point as a way to a bucket, and whether it leads there; None where it does not."""
    leads = _leads(point, place.bucket)
    return None if leads.status is Status.FAIL else (_entrance(place, point, leads), leads.status)


def entrance_alone(place: Place, point: Point) -> Entrance:
    """The same, taken for one that leads there."""
    return _entrance(place, point, Verdict(Status.PASS))


def _entrance(place: Place, point: Point, leads: Verdict) -> Entrance:
    policy, open_ = _NO_POLICY, ""
    match policy_of(point.policy):
        case Unknown(why, at):
            policy = Policy(at, Unset(None, at), Unknown(why, at))
        case Known(Policy() as policy) | Unset(Policy() as policy):
            pass
        case _:
            pass
    here = place.ground
    arn, account = arn_of(here, point), here.account_of(point)
    if leads.status is Status.UNKNOWN:
        open_ = leads.evidence[0].note if leads.evidence else "whether it leads to this bucket is not known"
    own = here.rules(policy, lambda item: mended_for(item, point, place))
    vpc, in_vpc = _vpc(point)
    rules = moved(own, arn, here.arn)
    door = Door(
        bucket=here.arn,
        owner=here.owner,
        allowing=(rules, place.rules),
        carries=_carries(arn, account, point, vpc),
        known=_known(arn, account, vpc),
        actions=SUPPORTED,
    )
    asked_of = Context(
        bucket=arn,
        owner=account,
        partition=here.partition,
        access_point=True,
        access_point_vpc_origin=bool(vpc),
    )
    public = not_public(own, asked_of).verdict
    restricted = _restricts(point) | block(place.bucket, place.estate, RESTRICT)
    kind = "the access point" if isinstance(point, AccessPoint) else "the multi-Region access point"
    return Entrance(
        point=point,
        way=Way(
            door=door,
            how=f"{kind} {point.title or point.address}{f', from the VPC {vpc} alone' if vpc else ''}",
            at=policy.at,
            open=open_ or in_vpc,
            behind=(BEHIND,),
            limited=limits(place, point),
        ),
        cut=_cut(place, public, restricted, account),
        arn=arn,
        account=account,
        rules=rules,
        public=public,
        restricted=restricted,
        vpc=vpc,
    )


def _cut(place: Place, public: str, restricted: Verdict, account: str) -> Cut:
    """The settings of the access point are about its own policy, those of bucket and account about both."""
    inside = frozenset({place.ground.owner, account})
    why = why_open(place.bucket, place.estate)
    of_bucket = block(place.bucket, place.estate, RESTRICT)
    return either(cut_by(public, restricted, inside, why), cut_by(place.public, of_bucket, inside, why))


def _restricts(point: Point) -> Verdict:
    return point.public_access_block.restrict_public_buckets.is_in(True, what="RestrictPublicBuckets")


def _vpc(point: Point) -> tuple[str, str]:
    """The VPC that requests have to come from, and why it is not known whether there is one."""
    if isinstance(point, MultiRegionAccessPoint):
        return "", ""
    match point.vpc:
        case Known(Text() as vpc) | Unset(Text() as vpc):
            return str(vpc), ""
        case Unknown(why):
            return "", f"whether it can be reached from the internet is not known: {why}"
        case _:
            return "", ""


def _carries(arn: str, account: str, point: Point, vpc: str) -> Mapping[str, Callable[[Held | None], bool]]:
    """What is known of every request through it: it is signed, over HTTPS, and says where it comes in."""
    found: dict[str, Callable[[Held | None], bool]] = {
        POINT_ARN: lambda held: held == arn,
        POINT_ACCOUNT: lambda held: held == account,
        keys.TLS: lambda held: held == "true",
        keys.SIGNATURE_VERSION: lambda held: held == SIGNED,
        CALLED_VIA: lambda held: held is None or VIA_LAMBDA not in held,
    }
    if isinstance(point, AccessPoint) and not isinstance(point.vpc, Unknown):
        origin = "VPC" if vpc else "Internet"
        found[POINT_ORIGIN] = lambda held: held == origin
    if vpc:
        found[keys.SOURCE_VPC] = lambda held: held == vpc
    return found


def _known(arn: str, account: str, vpc: str) -> Mapping[str, tuple[Glob, ...]]:
    found = {
        POINT_ARN: (literal(arn),),
        POINT_ACCOUNT: (literal(account),),
        POINT_ORIGIN: (literal("VPC"), literal("Internet")),
        CALLED_VIA: (literal(VIA_LAMBDA),),
    }
    return {**found, keys.SOURCE_VPC: (literal(vpc),)} if vpc else found


def mended_for(item: Setting[Text], point: Point | ObjectLambdaAccessPoint, place: Place) -> Setting[Text]:
    """A resource, taken for unknown where it may be about this access point and may not."""
    found = place.ground.here(item)
    if not isinstance(found, Known) or (parts := arn_parts(found.value)) is None:
        return found
    _, _, region, account, resource = parts
    name = (*resource.split("/", 2), Text())[1]
    named = _is_named(name, point)
    doubts = (
        _is_fixed(region) and not place.ground.region_is_told,
        _is_fixed(account) and not place.ground.owner_is_told,
        named is Status.UNKNOWN,
    )
    if named is Status.FAIL or not any(doubts):
        return found
    return Unknown(f"whether {found.value} is about this access point is not known", found.at)


def _is_fixed(piece: Text) -> bool:
    return bool(piece.literal) and not {"*", "?"} & set(piece.literal or "")


def _is_named(name: Text, point: Point | ObjectLambdaAccessPoint) -> Status:
    """Whether a name that is written out is that of this one; any other is left to the reasoner."""
    own = point.alias if isinstance(point, MultiRegionAccessPoint) else point.name
    if not _is_fixed(name):
        return Status.PASS
    match own:
        case Known(Text() as told) | Unset(Text() as told):
            return same(name, told)
        case _:
            return Status.UNKNOWN
