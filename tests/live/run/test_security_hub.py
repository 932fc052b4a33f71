"""What Security Hub is told over real HTTP: batches, who was first seen when, and what goes to the archive."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.validate import ParamValidator
from msgspec.structs import replace

from s3audit import accounts, api
from s3audit.collectors.live import guard
from s3audit.collectors.live.access import Access, apart, forget
from s3audit.collectors.live.guard import ReadOnlyError
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.wanted import Wanted
from s3audit.demo import faults
from s3audit.demo.answers import Document, Refused
from s3audit.demo.call import Call
from s3audit.demo.server import Server
from s3audit.finding import FindingStatus
from s3audit.findings import ManyFindings
from s3audit.renderers import asff
from s3audit.securityhub import CALLS, Sent, send
from s3audit.verdict import Severity
from tests.cli.process import run
from tests.live.run.conftest import OTHER
from tests.renderers.live_samples import bucket, report, seen

ACCOUNT = "123456789012"
IRELAND, FRANKFURT, HOME = "eu-west-1", "eu-central-1", "us-east-1"
NOW = 1_767_225_600
DAY = 86_400
CHECK = "versioning-enabled"


class Hub:
    """Security Hub as it is documented: by Id and product, later updates only, and what it refuses."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.batches: list[tuple[str, str, int]] = []
        self.off: set[str] = set()
        """Regions where it is not enabled."""
        self.refused: set[str] = set()
        """Names of buckets of which it takes nothing."""

    def imported(self, call: Call) -> Document:
        findings = call.parameters["Findings"]
        self._enabled(call)
        assert not ParamValidator().validate({"Findings": findings}, call.operation.input_shape).has_errors()
        assert 1 <= len(findings) <= 100
        assert len(json.dumps(findings)) < 6_000_000
        assert max(len(json.dumps(one)) for one in findings) < 240_000
        failed = []
        for one in findings:
            assert one["AwsAccountId"] == call.who.account
            region, owner = one["ProductArn"].split(":")[3:5]
            assert (region, owner) == (call.region, call.who.account)
            if one["Resources"][0]["Id"].rpartition(":")[2] in self.refused:
                failed.append({"Id": one["Id"], "ErrorCode": "InvalidInput", "ErrorMessage": "not today"})
                continue
            key = (call.who.account, call.region, one["Id"])
            before = self.stored.get(key)
            if before is None or one["UpdatedAt"] > before["UpdatedAt"]:
                self.stored[key] = {**(before or {}), **one}
        self.batches.append((call.who.account, call.region, len(findings)))
        taken = len(findings) - len(failed)
        return {"FailedCount": len(failed), "SuccessCount": taken, "FailedFindings": failed}

    def found(self, call: Call) -> Document:
        self._enabled(call)
        filters = call.parameters["Filters"]
        [prefix] = filters.pop("GeneratorId")
        assert prefix == {"Value": "s3audit/", "Comparison": "PREFIX"}
        found = [
            one
            for (account, region, _), one in sorted(self.stored.items())
            if (account, region) == (call.who.account, call.region)
            and one["GeneratorId"].startswith(prefix["Value"])
            and all(one[name] == wanted["Value"] for name, (wanted,) in filters.items())
        ]
        start = int(call.parameters.get("NextToken", 0))
        most = call.parameters["MaxResults"]
        assert most <= 100
        more = {"NextToken": str(start + most)} if start + most < len(found) else {}
        return {"Findings": found[start : start + most], **more}

    def _enabled(self, call: Call) -> None:
        if call.region in self.off:
            said = f"Account {call.who.account} is not subscribed to AWS Security Hub"
            raise Refused("InvalidAccessException", said, 401)

    def states(self, region: str = IRELAND, account: str = ACCOUNT) -> dict[str, str]:
        """By bucket."""
        return {
            one["Resources"][0]["Id"].rpartition(":")[2]: one["RecordState"]
            for (of, where, _), one in self.stored.items()
            if (of, where) == (account, region)
        }

    def one(self, bucket: str, region: str = IRELAND) -> dict[str, Any]:
        [found] = [
            one
            for (_, where, _), one in self.stored.items()
            if where == region and one["Resources"][0]["Id"] == f"arn:aws:s3:::{bucket}"
        ]
        return found


@pytest.fixture
def hub(store: Server) -> Iterator[Hub]:
    made = Hub()
    store._handlers["securityhub"] = {"BatchImportFindings": made.imported, "GetFindings": made.found}
    yield made
    del store._handlers["securityhub"]
    forget()


def told(
    now: int = NOW,
    *,
    select: tuple[str, ...] = (CHECK,),
    severity: Severity = Severity.MEDIUM,
    show: tuple[FindingStatus, ...] = ("fail", "error"),
    **asked: Any,
) -> list[Sent]:
    """Scan and tell."""
    wanted = Wanted(workers=4, **asked)
    done = accounts.run(wanted, select=select, ignore=(), severity=severity, show=show)
    return list(send(wanted, done, now))


def versioned(store: Server, name: str, region: str = IRELAND) -> None:
    store.world.bucket(name, region)
    switch(store, name)


def switch(store: Server, name: str, status: str = "Enabled") -> None:
    store.client("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})


def test_what_fails_is_told_to_the_region_of_its_bucket(store: Server, hub: Hub) -> None:
    store.world.bucket("here", IRELAND)
    store.world.bucket("there", FRANKFURT)
    versioned(store, "good")
    assert told() == [Sent(ACCOUNT, FRANKFURT, told=1), Sent(ACCOUNT, IRELAND, told=1)]
    assert (hub.states(IRELAND), hub.states(FRANKFURT)) == ({"here": "ACTIVE"}, {"there": "ACTIVE"})
    one = hub.one("here")
    assert one["FirstObservedAt"] == one["CreatedAt"] == one["UpdatedAt"] == "2026-01-01T00:00:00.000Z"


def test_a_hundred_go_in_a_batch(store: Server, hub: Hub) -> None:
    found = ManyFindings()
    for number in range(101):
        found.extend([seen(subject=replace(bucket(f"orders-{number:03}"), source=ACCOUNT))])
    done = api.Scan(replace(report(), findings=found), lambda _: None, False, False)
    assert list(send(Wanted(), done, NOW)) == [Sent(ACCOUNT, IRELAND, told=101)]
    assert hub.batches == [(ACCOUNT, IRELAND, 100), (ACCOUNT, IRELAND, 1)]
    # What is there is read in pages, and none of it is taken for new.
    assert list(send(Wanted(), done, NOW + DAY)) == [Sent(ACCOUNT, IRELAND, told=101)]
    assert {one["CreatedAt"] for one in hub.stored.values()} == {"2026-01-01T00:00:00.000Z"}
    assert {one["UpdatedAt"] for one in hub.stored.values()} == {"2026-01-02T00:00:00.000Z"}


def test_no_batch_and_no_finding_is_too_large(store: Server, hub: Hub) -> None:
    long = "\u20ac" * 2_000
    found = ManyFindings()
    for number in range(100):
        one = seen(subject=replace(bucket(f"orders-{number:02}"), source=ACCOUNT))
        many = tuple(replace(one.evidence[0], note=f"{place:02}{long}") for place in range(60))
        found.extend([replace(one, evidence=many, when=(long,), said=long)])
    done = api.Scan(replace(report(), findings=found), lambda _: None, False, False)
    assert list(send(Wanted(), done, NOW)) == [Sent(ACCOUNT, IRELAND, told=100)]
    assert len(hub.batches) == 2  # which it has measured


def test_first_seen_stays_and_last_seen_goes_on(store: Server, hub: Hub) -> None:
    store.world.bucket("here")
    told()
    told(NOW + DAY)
    one = hub.one("here")
    assert one["FirstObservedAt"] == one["CreatedAt"] == "2026-01-01T00:00:00.000Z"
    assert one["LastObservedAt"] == one["UpdatedAt"] == "2026-01-02T00:00:00.000Z"


def test_what_is_put_right_goes_to_the_archive_and_comes_back(store: Server, hub: Hub) -> None:
    store.world.bucket("here")
    told()
    switch(store, "here")
    assert told(NOW + DAY) == [Sent(ACCOUNT, IRELAND, archived=1)]
    one = hub.one("here")
    assert (one["RecordState"], one["Compliance"]["Status"]) == ("ARCHIVED", "PASSED")
    assert one["LastObservedAt"] == "2026-01-01T00:00:00.000Z"
    assert told(NOW + 2 * DAY) == []
    switch(store, "here", "Suspended")
    assert told(NOW + 3 * DAY) == [Sent(ACCOUNT, IRELAND, told=1)]
    assert hub.states() == {"here": "ACTIVE"}


def test_what_is_gone_goes_too_also_where_nothing_is_left(store: Server, hub: Hub) -> None:
    store.world.bucket("here", IRELAND)
    store.world.bucket("there", FRANKFURT)
    store.world.tell(
        "account:ListRegions", {"Regions": [{"RegionName": one} for one in (IRELAND, FRANKFURT)]}
    )
    told()
    del store.world.buckets["there"]
    assert told(NOW + DAY) == [Sent(ACCOUNT, FRANKFURT, archived=1), Sent(ACCOUNT, IRELAND, told=1)]
    one = hub.one("there", FRANKFURT)
    assert (one["RecordState"], one["UpdatedAt"]) == ("ARCHIVED", "2026-01-02T00:00:00.000Z")
    assert one["FindingProviderFields"]["Severity"]["Label"] == "MEDIUM"


@pytest.mark.parametrize(
    "asked",
    [
        {"buckets": ("other*",)},
        {"exclude": ("here",)},
        {"tags": (("owner", "web"),)},
        {"regions": (FRANKFURT,)},
    ],
)
def test_what_a_filter_left_out_stays(store: Server, hub: Hub, asked: dict[str, Any]) -> None:
    store.world.bucket("here")
    told()
    told(NOW + DAY, **asked)
    assert hub.states() == {"here": "ACTIVE"}


def test_what_other_checks_found_stays(store: Server, hub: Hub) -> None:
    store.world.bucket("here")
    told()
    told(NOW + DAY, select=("transport-tls-required",))
    assert [one["RecordState"] for one in hub.stored.values() if one["GeneratorId"].endswith(CHECK)] == [
        "ACTIVE"
    ]


def test_what_can_not_be_seen_any_more_stays(store: Server, hub: Hub) -> None:
    store.world.bucket("here")
    told()
    store.world.faults.add(faults.denied(), "s3:GetBucketVersioning")
    assert told(NOW + DAY) == []
    store.world.faults.clear()
    store.world.faults.add(faults.denied(), "s3:ListBuckets")
    told(NOW + 2 * DAY)
    assert hub.states() == {"here": "ACTIVE"}
    assert hub.one("here")["UpdatedAt"] == "2026-01-01T00:00:00.000Z"


def test_an_open_question_is_told_where_it_is_asked_for(store: Server, hub: Hub) -> None:
    store.world.bucket("here")
    store.world.faults.add(faults.denied(), "s3:GetBucketVersioning")
    assert told(show=("fail", "error", "unknown")) == [Sent(ACCOUNT, IRELAND, told=1)]
    assert hub.one("here")["Compliance"]["Status"] == "WARNING"


def test_below_the_threshold_nothing_changes(store: Server, hub: Hub) -> None:
    store.world.bucket("here")
    assert told(severity=Severity.HIGH) == []
    told()
    assert told(NOW + DAY, severity=Severity.HIGH) == []
    assert hub.states() == {"here": "ACTIVE"}


def test_what_is_none_of_ours_is_not_touched(store: Server, hub: Hub) -> None:
    store.world.bucket("here")
    told()
    [(key, one)] = hub.stored.items()
    theirs = {**one, "Id": "theirs", "GeneratorId": "another-tool/x"}
    hub.stored[(*key[:2], "theirs")] = theirs
    del store.world.buckets["here"]
    told(NOW + DAY)
    assert hub.stored[(*key[:2], "theirs")] == theirs
    assert hub.stored[key]["RecordState"] == "ARCHIVED"


def test_where_it_is_off_that_is_said_only_if_there_is_something_to_tell(store: Server, hub: Hub) -> None:
    store.world.bucket("here", IRELAND)
    store.world.bucket("there", FRANKFURT)
    versioned(store, "good", HOME)
    hub.off = {FRANKFURT, HOME}
    why = f"InvalidAccessException: Account {ACCOUNT} is not subscribed to AWS Security Hub"
    assert told() == [Sent(ACCOUNT, FRANKFURT, failed=1, why=why), Sent(ACCOUNT, IRELAND, told=1)]


def test_one_that_is_refused_does_not_keep_back_the_others(store: Server, hub: Hub) -> None:
    store.world.bucket("here")
    store.world.bucket("odd")
    hub.refused = {"odd"}
    assert told() == [Sent(ACCOUNT, IRELAND, told=1, failed=1, why="InvalidInput: not today")]


def test_each_account_is_told_by_its_own_credentials(store: Server, hub: Hub) -> None:
    store.world.bucket("here")
    store.world.bucket("theirs", account=OTHER)
    wanted = accounts.wanted(
        profile="",
        regions=(),
        buckets=(),
        exclude=(),
        tags={},
        assume_roles=[f"arn:aws:iam::{OTHER}:role/audit"],
        external_id="secret",
        organization=False,
        role_name="s3audit",
        endpoint_url="",
        thorough=False,
        optional=(),
        workers=4,
    )
    done = accounts.run(wanted, select=(CHECK,), ignore=(), severity=Severity.MEDIUM, show=api.DEFAULT_SHOW)
    assert list(send(wanted, done, NOW)) == [Sent(OTHER, IRELAND, told=1)]
    assert hub.states(account=OTHER) == {"theirs": "ACTIVE"}
    assert hub.states() == {}


def test_the_client_for_it_can_do_nothing_else(store: Server, hub: Hub) -> None:
    session = apart(Access(), CALLS)
    told_to = session.create_client("securityhub", region_name=IRELAND)
    assert told_to.get_findings(
        Filters={"GeneratorId": [{"Value": "s3audit/", "Comparison": "PREFIX"}]}, MaxResults=1
    )
    calls: tuple[Callable[[], Any], ...] = (
        lambda: told_to.batch_update_findings(FindingIdentifiers=[]),
        told_to.disable_security_hub,
        lambda: session.create_client("s3", region_name=IRELAND).delete_bucket(Bucket="here"),
    )
    for call in calls:
        with pytest.raises(ReadOnlyError):
            call()


def test_the_client_of_a_scan_can_not_do_it() -> None:
    assert not CALLS & guard.allowed()


@pytest.fixture
def command(store: Server, hub: Hub, tmp_path: Any) -> Callable[..., Any]:
    def start(*arguments: str, **more: str) -> Any:
        return run(
            "live", "-q", "--select", CHECK, *arguments, cwd=tmp_path, env={**store.environment(), **more}
        )

    return start


def test_the_command_says_what_was_told(store: Server, hub: Hub, command: Callable[..., Any]) -> None:
    store.world.bucket("here")
    quiet = command("-o", "jsonl=x.jsonl")
    assert (quiet.err, hub.batches) == ("", [])
    ended = command("--send", "securityhub", "-o", "jsonl=x.jsonl")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"Security Hub of {ACCOUNT} in {IRELAND}: 1 told, 0 archived.\n"
    assert hub.states() == {"here": "ACTIVE"}


def test_what_was_not_taken_is_an_exit_code(store: Server, hub: Hub, command: Callable[..., Any]) -> None:
    store.world.bucket("here")
    hub.off = {IRELAND}
    ended = command("--send", "securityhub", "--exit-zero", "-o", "jsonl=x.jsonl")
    assert ended.code == 3
    assert ended.err == (
        f"Security Hub of {ACCOUNT} in {IRELAND}: 1 not taken, InvalidAccessException: Account {ACCOUNT} is not"
        " subscribed to AWS Security Hub.\n"
    )


def test_another_store_has_none(command: Callable[..., Any]) -> None:
    ended = command("--send", "securityhub", "--endpoint-url", "http://127.0.0.1:1")
    assert (ended.code, ended.err) == (
        2,
        "Error: --send is for AWS, and --endpoint-url names another store.\n",
    )


def test_the_home_of_what_is_in_no_region_is_that_of_the_scan() -> None:
    assert {name: Place("", name).home for name in asff.HOME} == asff.HOME
