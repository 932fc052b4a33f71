"""The second stage: what the buckets refer to is read once, and only that."""

from s3audit.demo.server import Server
from s3audit.location import Location
from s3audit.setting import Known
from s3audit.text import text
from tests.live.run.conftest import OTHER
from tests.live.run.seen import messages, names, report, see, wanted

AT = Location("here")


def replicating(store: Server, *targets: str) -> None:
    for name in ("orders", "copies"):
        store.world.bucket(name)
    client = store.client("s3")
    client.put_bucket_versioning(Bucket="orders", VersioningConfiguration={"Status": "Enabled"})
    client.put_bucket_replication(
        Bucket="orders",
        ReplicationConfiguration={
            "Role": "arn:aws:iam::123456789012:role/copy",
            "Rules": [
                {
                    "ID": name,
                    "Priority": number,
                    "Status": "Enabled",
                    "Filter": {"Prefix": f"{name}/"},
                    "DeleteMarkerReplication": {"Status": "Disabled"},
                    "Destination": {"Bucket": f"arn:aws:s3:::{name}"},
                }
                for number, name in enumerate(targets, 1)
            ],
        },
    )


def test_a_bucket_that_is_named_and_not_listed_is_looked_for_once(store: Server) -> None:
    replicating(store, "copies", "ghost", "theirs")
    store.world.bucket("theirs", region="us-east-1", account=OTHER)
    found = see(wanted(needs=frozenset({"buckets"})))
    asked = {
        about: count for (call, about), count in store.world.requests_about.items() if call == "s3:HeadBucket"
    }
    assert asked == {"ghost": 1, "theirs": 1}
    assert names(found) == ["copies", "orders"]
    # Nobody has a bucket of this name, in any account.
    assert found.estate.bucket_named(text("ghost"), AT) == Known(None, AT)


def test_what_is_known_by_its_name_alone_is_no_subject(store: Server) -> None:
    replicating(store, "theirs")
    store.world.bucket("theirs", account=OTHER)
    said = report()
    assert {f.subject.name for f in said.findings if f.subject.type == "bucket"} == {"copies", "orders"}


def test_what_was_left_out_is_there_and_is_not_looked_for(store: Server) -> None:
    replicating(store, "copies")
    said = report(("replication-destination-versioning",), exclude=("copies",))
    assert store.world.requests["s3:HeadBucket"] == 0
    [finding] = said.findings
    assert finding.status == "unknown"
    assert finding.message == "The bucket copies is there and was not read: it was left out by its name."


def test_a_reference_into_another_account_of_the_scan_is_followed(store: Server) -> None:
    store.world.account("123456789012", audit="secret")
    replicating(store, "theirs")
    store.world.bucket("theirs", account=OTHER)
    roles = tuple(f"arn:aws:iam::{account}:role/audit" for account in ("123456789012", OTHER))
    said = report(("replication-destination-versioning",), assume_roles=roles, external_id="secret")
    assert store.world.requests["s3:HeadBucket"] == 0
    [finding] = [f for f in said.findings if f.subject.name == "orders"]
    assert finding.status == "fail"
    assert messages(said) == []
