"""Credentials that end while the scan is on: the account counts as one that could not be read."""

import pytest

from s3audit.demo import faults
from s3audit.demo.server import Server
from tests.live.run.seen import report, see, wanted


@pytest.mark.parametrize("code", ["ExpiredToken", "RequestExpired"])
def test_they_end_after_the_listing(code: str, store: Server) -> None:
    store.world.bucket("orders")
    store.world.faults.add(faults.refused(code, "The provided token has expired.", 400), "s3:GetBucket*")
    [said] = [
        one for one in see(wanted()).problems if "GetBucketVersioning" in one.message or "more" in one.message
    ]
    assert said.kind == "unreadable"
    found = report(("versioning-enabled",))
    assert [one.status for one in found.findings] == ["unknown"]
    assert any(one.kind == "unreadable" for one in found.problems)


def test_what_only_one_service_says_is_a_part(store: Server) -> None:
    store.world.bucket("orders")
    store.world.faults.add(
        faults.refused("OptInRequired", "not subscribed", 403), "cloudtrail:DescribeTrails"
    )
    assert {one.kind for one in report(("logging-enabled",)).problems} == {"partial"}
