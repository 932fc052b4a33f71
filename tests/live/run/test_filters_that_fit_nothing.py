"""What was to be looked at and is not there: no scan is clean because it looked at nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

import s3audit
from s3audit import api
from s3audit.collectors.live.access import Role
from s3audit.demo import faults
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT
from tests.cli.process import Ended, run
from tests.live.run.conftest import OTHER, THIRD
from tests.live.run.seen import messages, names, only, see, wanted

NOTHING = "so nothing was read for it."
NO_REGION = "which --region names, is no Region that this account has enabled, so nothing was read there."
PLAIN = frozenset({"buckets"})


@pytest.fixture
def live(store: Server, tmp_path: Path) -> Callable[..., Ended]:
    def start(*arguments: str) -> Ended:
        asked = ("live", "-q", "--select", "acl-disabled", *arguments)
        return run(*asked, cwd=tmp_path, env=store.environment())

    return start


def fill(store: Server) -> None:
    store.world.bucket("prod-a", region="eu-west-1")
    store.world.bucket("test-a", region="us-east-1")
    tags = {"TagSet": [{"Key": "team", "Value": "y"}]}
    store.client("s3").put_bucket_tagging(Bucket="prod-a", Tagging=tags)


def said(**asked: object) -> list[str]:
    return [one for one in messages(see(wanted(needs=PLAIN, **asked))) if "as asked" not in one]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"buckets": ("prod-b",)}, "unreadable: There is no bucket prod-b, which --bucket names."),
        (
            {"buckets": ("prd-*", "test-*")},
            "partial: No bucket fits --bucket 'prd-*', so nothing was read for it.",
        ),
        (
            {"regions": ("eu-wset-1", "eu-west-1")},
            f"unreadable: eu-wset-1, {NO_REGION}",
        ),
        (
            {"tags": (("team", "x"),)},
            "partial: By --tag all 2 buckets are left out, so no bucket was judged.",
        ),
        (
            {"exclude": ("*",)},
            "partial: By --exclude all 2 buckets are left out, so no bucket was judged.",
        ),
        (
            {"buckets": ("test-*",), "regions": ("eu-west-1",)},
            "partial: By --bucket and --region all 2 buckets are left out, so no bucket was judged.",
        ),
        (
            {"buckets": ("test-a",), "tags": (("team", "y"),), "exclude": ("nothing",)},
            "partial: By --bucket, --exclude and --tag all 2 buckets are left out, so no bucket was judged.",
        ),
    ],
)
def test_each_is_a_problem_of_one_sentence(store: Server, asked: dict[str, object], problem: str) -> None:
    fill(store)
    assert said(**asked) == [f"{ACCOUNT}: {problem}"]


@pytest.mark.parametrize(
    "asked",
    [
        {"buckets": ("prod-a", "test-*")},
        {"regions": ("us-east-1",)},
        {"tags": (("team", "*"),)},
        {"exclude": ("nothing-*", "test-a")},
        {"buckets": ("prod-*",), "regions": ("eu-west-1",), "tags": (("team", "y"),)},
    ],
)
def test_what_fits_something_is_none(store: Server, asked: dict[str, object]) -> None:
    fill(store)
    assert said(**asked) == []


def test_one_bucket_is_one(store: Server) -> None:
    store.world.bucket("prod-a")
    assert (
        messages(see(wanted(needs=PLAIN, exclude=("prod-*",))))
        == [
            f"{ACCOUNT}: empty: 1 of 1 bucket was left out, as asked.",
            f"{ACCOUNT}: partial: By --exclude the only bucket is left out, so no bucket was judged.",
        ][::-1]
    )


def test_an_account_without_buckets_is_none(store: Server) -> None:
    assert said() == []
    assert said(tags=(("team", "x"),), exclude=("*",), regions=("eu-west-1",)) == []
    # But what was named is not there.
    assert said(buckets=("prod-a",)) == [
        f"{ACCOUNT}: unreadable: There is no bucket prod-a, which --bucket names."
    ]


def test_checks_that_need_no_bucket_leave_none_out(store: Server) -> None:
    fill(store)
    found = see(wanted(needs=frozenset({"trails"}), needs_buckets=False, buckets=("prod-*",)))
    assert only(messages(found), "judged") == []


def test_exit_codes(store: Server, live: Callable[..., Ended]) -> None:
    fill(store)
    assert [live(*asked).code for asked in ((), ("--strict",))] == [0, 0]
    for asked in (("--bucket", "prd-*"), ("--tag", "team=x")):
        assert [live(*asked).code, live(*asked, "--strict").code] == [0, 3], asked
    for asked in (("--bucket", "prod-b"), ("--region", "eu-wset-1")):
        assert live(*asked).code == 3, asked


def organization(store: Server) -> None:
    fill(store)
    store.world.account(ACCOUNT, audit="secret")
    store.world.bucket("theirs", region="sa-east-1", account=OTHER)
    accounts = [{"Id": number, "Status": "ACTIVE"} for number in (ACCOUNT, OTHER)]
    store.world.tell("organizations:ListAccounts", {"Accounts": accounts})


WHOLE = {"organization": True, "role_name": "audit", "external_id": "secret"}


def test_what_fits_in_one_account_is_fine_for_the_others(store: Server) -> None:
    organization(store)
    assert said(**WHOLE, buckets=("theirs", "prod-*"), tags=(("team", "y"),)) == []
    assert said(**WHOLE, buckets=("prod-a",), regions=("eu-west-1",)) == []
    for account, regions in ((ACCOUNT, ("eu-west-1",)), (OTHER, ("sa-east-1",))):
        listed = {"Regions": [{"RegionName": one} for one in regions]}
        store.world.tell("account:ListRegions", listed, account=account)
    assert said(**WHOLE, regions=("sa-east-1",)) == []


def test_what_fits_in_none_of_them_is_said_once(store: Server) -> None:
    organization(store)
    assert said(**WHOLE, buckets=("prd-*",)) == [
        ": partial: No bucket fits --bucket 'prd-*', so nothing was read for it."
    ]
    assert said(**WHOLE, regions=("eu-wset-1",)) == [
        (
            ": unreadable: eu-wset-1, which --region names, is no Region that any of these accounts has enabled, so"
            " nothing was read there."
        )
    ]
    assert said(**WHOLE, tags=(("team", "x"),)) == [
        ": partial: By --tag all 3 buckets are left out, so no bucket was judged."
    ]


def test_an_account_that_nobody_gets_into_may_have_it(store: Server) -> None:
    fill(store)
    store.world.account(ACCOUNT, audit="secret")
    roles = tuple(Role(f"arn:aws:iam::{account}:role/audit", "secret") for account in (ACCOUNT, THIRD))
    asked = said(roles=roles, buckets=("prd-*", "prod-b"))
    assert only(asked, "--bucket") == [
        f": partial: None of the buckets that could be listed fits --bucket 'prd-*', {NOTHING}",
        ": unreadable: No bucket prod-b was found, which --bucket names.",
    ]


def test_where_nobody_may_list_them_it_was_not_found(store: Server) -> None:
    fill(store)
    store.world.faults.add(faults.denied(), "s3:ListBuckets")
    found = see(wanted(needs=PLAIN, buckets=("prod-a", "prod-b", "prod-*", "prd-*")))
    assert names(found) == ["prod-a"]
    assert only(messages(found), "--bucket") == [
        f"{ACCOUNT}: unreadable: No bucket prod-b was found, which --bucket names.",
        f"{ACCOUNT}: partial: None of the buckets that could be listed fits --bucket 'prd-*', {NOTHING}",
    ]


@pytest.mark.parametrize("by", ["account:ListRegions", "ec2:DescribeRegions"])
def test_one_of_the_two_lists_of_regions_is_enough(store: Server, by: str) -> None:
    fill(store)
    [other] = {"account:ListRegions", "ec2:DescribeRegions"} - {by}
    store.world.faults.add(faults.denied(), other)
    assert len(only(said(regions=("eu-wset-1",)), "eu-wset-1, which --region names")) == 1


def test_a_region_of_which_nobody_tells_is_read(store: Server) -> None:
    """That the list is denied is no loss where the Regions are named."""
    fill(store)
    for call in ("account:ListRegions", "ec2:DescribeRegions"):
        store.world.faults.add(faults.denied(), call)
    found = see(wanted(needs=frozenset({"buckets", "trails"}), regions=("eu-west-1", "ap-south-1")))
    assert names(found) == ["prod-a"]
    assert only(messages(found), "Regions") == []
    assert ("trail", ACCOUNT, "ap-south-1") in {(o.kind, o.account, o.region) for o in found.estate.listings}


def test_nothing_is_read_in_a_region_that_is_not_enabled(store: Server) -> None:
    fill(store)
    found = see(wanted(regions=("eu-wset-1", "eu-west-1")))
    listed = {one.region for one in found.estate.listings} | {one.region for one in found.estate.not_listed}
    assert "eu-west-1" in listed
    assert "eu-wset-1" not in listed


@pytest.mark.parametrize("redact", [False, True])
def test_a_snapshot_says_the_same(store: Server, tmp_path: Path, redact: bool) -> None:
    fill(store)
    store.world.bucket(f"logs-{ACCOUNT}")
    for number, asked in enumerate(
        (
            {"buckets": ["prd-*", "prod-b", "*-[0-9]*"]},
            {"regions": ["eu-wset-1"]},
            {"tags": {"team": "x"}, "regions": ["us-east-1"]},
        )
    ):
        kept = tmp_path / str(number)
        said = s3audit.live(snapshot=kept, redact=redact, select=["acl-disabled"], **asked)  # type: ignore[arg-type]
        again = api.scan([kept], select=["acl-disabled"])
        told = [one.replace("account-1", ACCOUNT) for one in messages(again)]
        assert told == messages(said)
        assert only(told, "--")
