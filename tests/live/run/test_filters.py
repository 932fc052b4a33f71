"""Which buckets are read, and that the others are not taken for missing."""

from s3audit.demo import faults
from s3audit.demo.server import Server
from s3audit.location import Location
from s3audit.setting import Known, Unknown
from s3audit.text import text
from tests.live.run.seen import messages, names, report, see, statuses, wanted

AT = Location("here")


def fill(store: Server) -> None:
    for name, region in (
        ("app-eu", "eu-west-1"),
        ("app-us", "us-east-1"),
        ("logs-eu", "eu-west-1"),
        ("scratch", "eu-west-1"),
    ):
        store.world.bucket(name, region=region)
    client = store.client("s3")
    client.put_bucket_tagging(Bucket="app-eu", Tagging={"TagSet": [{"Key": "env", "Value": "production"}]})
    client.put_bucket_tagging(Bucket="scratch", Tagging={"TagSet": [{"Key": "env", "Value": "test"}]})
    client.put_bucket_logging(
        Bucket="app-eu",
        BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "logs-eu", "TargetPrefix": "app/"}},
    )


def test_by_name(store: Server) -> None:
    fill(store)
    assert names(see(wanted(buckets=("app-*", "scratch"), exclude=("*-us",)))) == ["app-eu", "scratch"]


def test_by_region(store: Server) -> None:
    fill(store)
    found = see(wanted(regions=("us-east-1",)))
    assert names(found) == ["app-us"]
    assert "123456789012: empty: 3 of 4 buckets were left out, as asked." in messages(found)


def test_by_tag(store: Server) -> None:
    fill(store)
    assert names(see(wanted(tags=(("env", "prod*"),)))) == ["app-eu"]
    assert names(see(wanted(tags=(("env", "*"),)))) == ["app-eu", "scratch"]
    assert names(see(wanted(tags=(("env", "*"), ("team", "*"))))) == []


def test_a_bucket_whose_tags_can_not_be_read_is_read(store: Server) -> None:
    fill(store)
    store.world.faults.add(faults.denied(), "s3:GetBucketTagging", about="logs-eu")
    assert names(see(wanted(tags=(("env", "prod*"),)))) == ["app-eu", "logs-eu"]


def test_tags_that_were_asked_for_are_asked_once(store: Server) -> None:
    fill(store)
    see(wanted(tags=(("env", "prod*"),)))
    assert store.world.requests_about["s3:GetBucketTagging", "app-eu"] == 1


def test_what_is_left_out_is_not_read_and_not_missing(store: Server) -> None:
    fill(store)
    estate = see(wanted(exclude=("logs-*",))).estate
    match estate.bucket_named(text("logs-eu"), AT):
        case Unknown(why):
            assert why == "the bucket logs-eu is there and was not read: it was left out by its name"
        case other:
            raise AssertionError(other)


def test_who_logs_to_a_bucket_is_open_while_another_one_was_not_read(store: Server) -> None:
    fill(store)
    # A log of the logs is not asked for, so logs-eu is excused by app-eu.
    assert statuses(report(("logging-enabled",)), "logging-enabled")["logs-eu"] == "not_applicable"
    said = report(("logging-enabled",), exclude=("app-eu",))
    assert statuses(said, "logging-enabled") == {"app-us": "fail", "logs-eu": "unknown", "scratch": "unknown"}
    [about] = [f.message for f in said.findings if f.subject.name == "scratch"]
    assert "the bucket app-eu was not read: it was left out by its name" in about


def test_all_are_known_where_nothing_was_left_out(store: Server) -> None:
    fill(store)
    estate = see().estate
    assert estate.unread_buckets("123456789012", "eu-west-1") is None
    assert isinstance(estate.bucket_named(text("app-eu"), AT), Known)
    match estate.bucket_named(text("elsewhere"), AT):
        case Unknown(why):
            assert why == "the bucket elsewhere is not among those that were read"
        case other:
            raise AssertionError(other)
