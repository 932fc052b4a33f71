"""What was not seen makes no verdict: nothing follows from neighbours that could not be listed."""

import pytest

from s3audit.demo import faults
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT
from s3audit.finding import Report
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution
from s3audit.model.estate import Estate, Listing, Unlisted, Unread
from s3audit.model.trail import Trail
from tests.live.run.conftest import OTHER
from tests.live.run.seen import report, statuses


def verdict(said: Report, check: str, name: str = "orders") -> tuple[str, str]:
    [found] = [f for f in said.findings if (f.check, f.subject.name) == (check, name)]
    return found.status, found.message


def test_no_trail_that_is_seen_fails(store: Server) -> None:
    store.world.bucket("orders")
    assert verdict(report(("logging-enabled",)), "logging-enabled") == (
        "fail",
        "Access logging is not set, and no trail that is known records its data events.",
    )


@pytest.mark.parametrize("call", ["cloudtrail:DescribeTrails", "cloudtrail:ListEventDataStores"])
def test_trails_that_can_not_be_listed_leave_logging_open(store: Server, call: str) -> None:
    store.world.bucket("orders")
    store.world.faults.add(faults.denied(), call)
    status, message = verdict(report(("logging-enabled",)), "logging-enabled")
    assert status == "unknown"
    assert message == (
        f"Whether a trail records its data events is not known: {call} was denied, it needs the permission {call}."
    )


def test_stores_of_events_in_other_regions_may_record_it(store: Server) -> None:
    """A trail shows itself in each Region that it records; an event data store in its own alone."""
    store.world.bucket("orders")
    status, message = verdict(report(("logging-enabled",), regions=("eu-west-1",)), "logging-enabled")
    assert (status, message) == (
        "unknown",
        "Whether a trail records its data events is not known: the other Regions were left out.",
    )


def test_every_enabled_region_is_asked_for_what_records_everywhere(store: Server) -> None:
    store.world.bucket("orders")
    enabled = [{"RegionName": name, "RegionOptStatus": "ENABLED"} for name in ("eu-west-1", "us-west-2")]
    store.world.tell("account:ListRegions", {"Regions": enabled})
    arn = f"arn:aws:cloudtrail:us-west-2:{ACCOUNT}:eventdatastore/11111111-2222-3333-4444-555555555555"
    store.world.tell(
        "cloudtrail:ListEventDataStores",
        {"EventDataStores": [{"EventDataStoreArn": arn}]},
        region="us-west-2",
    )
    selectors = [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    ]
    told = {
        "EventDataStoreArn": arn,
        "Name": "lake",
        "Status": "ENABLED",
        "MultiRegionEnabled": True,
        "OrganizationEnabled": False,
        "AdvancedEventSelectors": [{"Name": "all", "FieldSelectors": selectors}],
    }
    store.world.tell("cloudtrail:GetEventDataStore", told)
    assert verdict(report(("logging-enabled",)), "logging-enabled")[0] == "pass"
    # No more than that is asked where there are no buckets.
    assert store.world.requests["kms:ListAliases"] == 0
    store.world.refuse("cloudtrail:ListEventDataStores", "AccessDeniedException", region="us-west-2")
    assert verdict(report(("logging-enabled",)), "logging-enabled")[0] == "unknown"


def test_access_logging_decides_whatever_is_not_seen(store: Server) -> None:
    store.world.bucket("orders")
    store.world.bucket("logs")
    store.client("s3").put_bucket_logging(
        Bucket="orders", BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": ""}}
    )
    store.world.faults.add(faults.denied(), "cloudtrail:*")
    assert statuses(report(("logging-enabled",)), "logging-enabled")["orders"] == "pass"


def test_distributions_that_can_not_be_listed_may_need_acls(store: Server) -> None:
    store.world.bucket("orders", is_old=True)
    assert verdict(report(("acl-disabled",)), "acl-disabled")[0] == "fail"
    store.world.faults.add(faults.denied(), "cloudfront:ListDistributions")
    status, message = verdict(report(("acl-disabled",)), "acl-disabled")
    assert status == "unknown"
    assert message.startswith(
        "Whether a distribution writes its logs to it is not known: cloudfront:ListDistributions was denied"
    )


@pytest.mark.parametrize(
    "call", ["elbv2:DescribeLoadBalancers", "elb:DescribeLoadBalancers", "cloudfront:ListDistributions"]
)
def test_writers_that_can_not_be_listed_may_not_take_kms(store: Server, call: str) -> None:
    store.world.bucket("orders")
    assert verdict(report(("encryption-kms",)), "encryption-kms")[0] == "fail"
    store.world.faults.add(faults.denied(), call)
    assert verdict(report(("encryption-kms",)), "encryption-kms")[0] == "unknown"


def test_the_block_of_an_account_that_is_not_told_is_open(store: Server) -> None:
    store.world.bucket("orders", is_old=True)
    store.world.bucket("theirs", is_old=True, account=OTHER)
    check = "access-bucket-public-access-block"
    assert verdict(report((check,)), check)[0] == "fail"
    store.world.faults.add(faults.denied(), "s3control:GetPublicAccessBlock")
    assert verdict(report((check,)), check)[0] == "unknown"


def test_what_one_account_does_not_tell_leaves_the_other_decided(store: Server) -> None:
    store.world.account(ACCOUNT, audit="secret")
    store.world.bucket("orders")
    store.world.bucket("theirs", account=OTHER)
    roles = tuple(f"arn:aws:iam::{account}:role/audit" for account in (ACCOUNT, OTHER))
    store.world.refuse("cloudtrail:DescribeTrails", "AccessDeniedException", status=400, account=OTHER)
    said = report(("logging-enabled",), assume_roles=roles, external_id="secret")
    assert statuses(said, "logging-enabled") == {"orders": "fail", "theirs": "unknown"}


def estate(*listings: Listing, gaps: tuple[Unlisted, ...] = (), unread: tuple[Unread, ...] = ()) -> Estate:
    return Estate(listings=listings, not_listed=gaps, not_read=unread)


def test_a_declared_estate_has_no_more_than_it_declares() -> None:
    assert Estate().unlisted(Trail, "1", "eu-west-1") is None
    assert Estate().unread_buckets("1", "eu-west-1") is None


def test_a_kind_is_listed_for_its_account_and_region_alone() -> None:
    seen = estate(
        Listing("trail", "1", "eu-west-1"),
        Listing("distribution", "1", ""),
        gaps=(Unlisted("trail", "1", "us-east-1", "denied"),),
    )
    assert seen.unlisted(Trail, "1", "eu-west-1") is None
    assert seen.unlisted(Distribution, "1", "eu-west-1") is None
    for account, region, why in (
        ("1", "us-east-1", "denied"),
        ("1", "", "denied"),
        ("1", "eu-west-2", "nobody asked the account for them"),
        ("2", "eu-west-1", "nobody asked the account for them"),
    ):
        gap = seen.unlisted(Trail, account, region)
        assert gap is not None
        assert gap.why == why


def test_buckets_that_were_not_read_are_those_of_their_region() -> None:
    seen = estate(
        Listing("bucket", "1", ""),
        unread=(
            Unread("left", "1", "eu-west-1", "it was left out by its name"),
            Unread("left--x", "1", "us-east-1", "it was left out by its name", "directory"),
        ),
    )
    gap = seen.unread_buckets("1", "eu-west-1")
    assert gap is not None
    assert gap.why == "the bucket left was not read: it was left out by its name"
    assert seen.unread_buckets("1", "us-east-1") is None
    assert seen.unread_buckets("2", "us-east-1") is not None
    # That directory buckets can't be listed leaves nothing open about the others.
    no_directories = estate(
        Listing("bucket", "1", ""), gaps=(Unlisted("bucket", "1", "eu-west-1", "denied"),)
    )
    assert no_directories.unread_buckets("1", "eu-west-1") is None
    assert no_directories.unlisted(Bucket, "1", "eu-west-1") is not None
