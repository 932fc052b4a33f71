"""What is not known leaves an answer open, and turns none into another."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from s3audit.location import NOWHERE
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint
from s3audit.model.base import Resource, Section
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.policy.access import accesses, granted_outside, public_list, public_read, public_write
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status
from tests.policy.buckets import OPEN, SHOP, SHUT, allow, deny, policy, read
from tests.policy.test_access_points import DELEGATED, MULTI, point, reads
from tests.policy.test_access_public import acl

GAP = Unknown("nobody tells", NOWHERE)
PUBLIC = allow('"*"')
ESTATES = {
    "public": (SHOP, policy(PUBLIC)),
    "blocked": (SHOP.replace(OPEN, SHUT), policy(PUBLIC)),
    "denied": (SHOP, policy(PUBLIC, deny('"*"'))),
    "partner": (SHOP, policy(allow('{AWS: "444455556666"}'))),
    "nothing": (SHOP,),
    "listed": (acl("PublicRead"),),
    "listed in vain": (acl("PublicReadWrite", ownership="BucketOwnerEnforced"),),
    "point": (SHOP, policy(DELEGATED), point(reads('"*"'))),
    "blocked point": (SHOP, policy(DELEGATED), point(reads('"*"'), block=SHUT)),
    "point in a VPC": (SHOP, policy(DELEGATED), point(reads('"*"'), more="VpcConfiguration: {VpcId: vpc-1}")),
    "point of a partner": (SHOP, policy(DELEGATED), point(reads())),
    "multi": (SHOP, policy(DELEGATED), MULTI.replace("WHO", '"*"').replace("BLOCK", OPEN)),
}


def without(resource: Resource | Section) -> Iterator[tuple[str, Resource | Section]]:
    """The same with one setting that nobody tells."""
    for name in resource.__struct_fields__:
        match getattr(resource, name):
            case Known() | Unset():
                yield name, msgspec.structs.replace(resource, **{name: GAP})
            case Section() as section:
                for inner, changed in without(section):
                    yield f"{name}.{inner}", msgspec.structs.replace(resource, **{name: changed})
            case _:
                continue


ASKED = {
    "name",
    "account",
    "region",
    "policy",
    "acl",
    "ownership",
    "public_access_block",
    "encryption",
    "exists",
}
"""What of a bucket has a say in it."""


def test_the_rest_of_a_bucket_has_no_say(tmp_path: Path) -> None:
    bucket, estate = read(tmp_path, *ESTATES["public"])
    whole = accesses(bucket, estate)
    for name, changed in without(bucket):
        if name.partition(".")[0] not in {*ASKED, "replication"}:
            assert isinstance(changed, Bucket)
            assert accesses(changed, Estate([changed])) == whole, name


def variants(bucket: Bucket, estate: Estate) -> Iterator[tuple[str, Bucket, Estate]]:
    resources: list[Resource] = [
        *estate.all(Bucket),
        *estate.all(AccessPoint),
        *estate.all(MultiRegionAccessPoint),
    ]
    for one in resources:
        others = [each for each in resources if each is not one]
        for name, changed in without(one):
            assert isinstance(changed, Resource)
            if isinstance(changed, Bucket) and name.partition(".")[0] not in ASKED:
                continue
            mine = changed if isinstance(changed, Bucket) and one is bucket else bucket
            yield f"{one.title}.{name}", mine, Estate([*others, changed])


@pytest.mark.parametrize("name", ESTATES)
def test_a_gap_leaves_it_open_or_changes_nothing(name: str, tmp_path: Path) -> None:
    bucket, estate = read(tmp_path, *ESTATES[name])
    for asked in (public_read, public_list, public_write):
        whole = asked(bucket, estate).status
        assert whole is not Status.UNKNOWN
        for what, mine, partial in variants(bucket, estate):
            assert asked(mine, partial).status in (whole, Status.UNKNOWN), (asked.__name__, what)


@pytest.mark.parametrize("name", ESTATES)
def test_accounts_that_have_access_do_not_vanish(name: str, tmp_path: Path) -> None:
    bucket, estate = read(tmp_path, *ESTATES[name])
    whole = granted_outside(bucket, estate)
    for what, mine, partial in variants(bucket, estate):
        found = granted_outside(mine, partial)
        somebody = any(one.status is Status.UNKNOWN for one in found.values())
        for account in whole:
            assert account in found or somebody, (account, what)
        for account, verdict in found.items():
            assert account in whole or verdict.status is Status.UNKNOWN, (account, what)


@pytest.mark.parametrize("name", ESTATES)
def test_nobody_is_let_in_for_certain_by_a_gap(name: str, tmp_path: Path) -> None:
    bucket, estate = read(tmp_path, *ESTATES[name])
    whole = {(one.who, level) for one in accesses(bucket, estate) for level in one.can}
    for what, mine, partial in variants(bucket, estate):
        those = accesses(mine, partial)
        sure = {(one.who, level) for one in those if not one.open for level in one.can}
        assert sure <= whole, (what, sure - whole)
        if not any(one.open for one in those):
            assert sure == whole, what
