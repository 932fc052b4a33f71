"""What resources refer to, and in which order it is read."""

from typing import Any

import pytest

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.named import by_region, read_named, references
from s3audit.collectors.live.place import Place
from s3audit.demo.faults import denied
from s3audit.demo.server import Server
from s3audit.location import NOWHERE
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket, Encryption, Logging
from s3audit.model.distribution import Distribution, Origin
from s3audit.model.document import Array, Leaf, Member, Object, Value
from s3audit.model.identity import Role
from s3audit.model.notification import Notification, NotificationRule
from s3audit.model.replication import Replication, ReplicationDestination, ReplicationRule
from s3audit.model.reports import InventoryConfiguration, ReportDestination
from s3audit.model.target import Topic
from s3audit.model.trail import Alarm, EventRule, EventTarget, Trail
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, Text
from tests.live.neighbours.seen import plain

PLACE = Place("123456789012")
EVERY = ("keys", "roles", "notification targets", "buckets")


def text(value: str) -> Any:
    return Known(Text((value,)), NOWHERE)


def known(value: Any) -> Known[Any]:
    return Known(value, NOWHERE)


def many(*values: Any) -> Known[Any]:
    return known(tuple(map(known, values)))


def bucket(**fields: Any) -> Bucket:
    return Bucket(address="shop", at=NOWHERE, region=text("eu-west-1"), **fields)


def named(*resources: Resource, place: Place = PLACE, needs: tuple[str, ...] = EVERY) -> set[tuple[str, str]]:
    return set(references(resources, place, needs))


def kms(name: str) -> set[tuple[str, str]]:
    return named(bucket(encryption=Encryption(kms_key=text(name))))


HOME = "arn:aws:kms:eu-west-1:123456789012:"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        (f"{HOME}key/1", f"{HOME}key/1"),
        ("arn:aws:kms:us-east-1:999999999999:key/1", "arn:aws:kms:us-east-1:999999999999:key/1"),
        ("11111111-2222", f"{HOME}key/11111111-2222"),
        ("alias/shop", f"{HOME}alias/shop"),
    ],
)
def test_a_key_is_named_by_the_arn_that_it_has(name: str, meant: str) -> None:
    assert kms(name) == {("kms-key", meant)}


@pytest.mark.parametrize("name", ["alias/aws/s3", f"{HOME}alias/aws/s3", "arn:aws:kms", "arn:aws:s3:::b"])
def test_what_names_no_key_of_a_customer_is_not_asked_about(name: str) -> None:
    assert kms(name) == set()


@pytest.mark.parametrize(
    "gap",
    [Unknown("denied", NOWHERE), Unset(None, NOWHERE), known(None), known(Text((Opaque("x"),)))],
)
def test_what_is_not_known_names_nothing(gap: Any) -> None:
    assert named(bucket(encryption=Encryption(kms_key=gap), logging=gap)) == set()


def test_the_key_of_a_copy_is_in_the_region_of_its_destination() -> None:
    def copies(key: str) -> set[tuple[str, str]]:
        destination = ReplicationDestination(kms_key=text(key))
        rules = many(ReplicationRule(destination=destination))
        return named(bucket(replication=known(Replication(rules=rules))))

    assert copies("11111111-2222") == set()
    assert copies("arn:aws:kms:us-east-1:123456789012:key/1") == {
        ("kms-key", "arn:aws:kms:us-east-1:123456789012:key/1")
    }


@pytest.mark.parametrize(
    ("role", "is_read"),
    [
        ("arn:aws:iam::123456789012:role/jobs/copy", True),
        ("arn:aws:iam::999999999999:role/copy", False),
        ("arn:aws:iam::123456789012:role/*", False),
        ("arn:aws:iam::123456789012:user/copy", False),
        ("arn:aws-cn:iam::123456789012:role/copy", False),
        ("copy", False),
    ],
)
def test_the_roles_of_the_account_are_read(role: str, is_read: bool) -> None:
    wanted = {("role", role)} if is_read else set()
    assert named(bucket(replication=known(Replication(role=text(role))))) == wanted


def test_the_roles_that_a_policy_speaks_of_are_read() -> None:
    def leaf(value: str) -> Leaf:
        return Leaf(Text((value,)), NOWHERE)

    def block(**members: Value) -> Object:
        return Object(tuple(Member(name, value, NOWHERE) for name, value in members.items()), NOWHERE)

    own = [f"arn:aws:iam::123456789012:role/{name}" for name in ("a", "b", "${aws:username}", "c*")]
    principals = Array((leaf(own[0]), leaf("arn:aws:iam::999999999999:role/x"), leaf(own[2])), NOWHERE)
    statement = block(
        Principal=block(AWS=principals),
        Condition=block(ArnLike=block(PrincipalArn=Array((leaf(own[1]), leaf(own[3])), NOWHERE))),
    )
    policy = block(Statement=Array((statement,), NOWHERE))
    assert named(bucket(policy=known(policy))) == {("role", own[0]), ("role", own[1])}


def test_whom_a_bucket_tells_is_read() -> None:
    sns, sqs = "arn:aws:sns:eu-west-1:123456789012:t", "arn:aws:sqs:eu-west-1:123456789012:q"
    function = "arn:aws:lambda:eu-west-1:123456789012:function:f:live"
    notification = Notification(
        topics=many(NotificationRule(target=text(sns))),
        queues=many(NotificationRule(target=text(sqs))),
        functions=many(NotificationRule(target=text(function))),
    )
    assert named(bucket(notification=known(notification))) == {
        ("topic", sns),
        ("queue", sqs),
        ("function", function),
    }


def test_the_targets_of_rules_alarms_and_trails_are_read() -> None:
    sns = "arn:aws:sns:eu-west-1:123456789012:t"
    states = "arn:aws:states:eu-west-1:123456789012:stateMachine:s"
    rule = EventRule(
        address="r",
        at=NOWHERE,
        targets=many(EventTarget(target=text(f"{sns}1")), EventTarget(target=text(states))),
    )
    alarm = Alarm(address="a", at=NOWHERE, actions=known((text(f"{sns}2"),)))
    trail = Trail(address="t", at=NOWHERE, topic=text(f"{sns}3"), bucket=text("trail-logs"))
    found = named(rule, alarm, trail)
    assert found == {("topic", f"{sns}{number}") for number in (1, 2, 3)} | {("bucket", "trail-logs")}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("logs", "logs"),
        ("Old_Logs", "Old_Logs"),
        ("arn:aws:s3:::logs", "logs"),
        ("logs.s3.eu-west-1.amazonaws.com", "logs"),
        ("arn:aws:s3:eu-west-1:123456789012:accesspoint/a", None),
        ("arn:aws:s3-outposts:eu-west-1:123456789012:outpost/o", None),
        ("a-1234-s3alias", None),
        ("../../etc", None),
        ("a b", None),
        ("x\x1b[31m", None),
    ],
)
def test_a_bucket_is_named_by_its_name(name: str, meant: str | None) -> None:
    report = ReportDestination(bucket=text(name))
    wanted = set() if meant is None else {("bucket", meant)}
    assert named(bucket(inventory=many(InventoryConfiguration(destination=report)))) == wanted


def test_an_origin_that_is_no_bucket_is_no_bucket() -> None:
    hosts = ("www.example.com", "shop.s3.amazonaws.com", "x.execute-api.eu-west-1.amazonaws.com")
    origins = many(*(Origin(domain_name=text(host)) for host in hosts))
    one = Distribution(address="d", at=NOWHERE, domain_name=text("d1.cloudfront.net"), origins=origins)
    assert named(one) == {("bucket", "shop")}


def test_buckets_that_are_known_are_not_asked_about() -> None:
    one = bucket(logging=known(Logging(target=text("logs"))))
    assert references([one], PLACE, EVERY) == {("bucket", "logs")}
    assert references([one], PLACE, EVERY, known={"logs"}) == set()


def test_only_what_is_needed_is_named() -> None:
    one = bucket(
        encryption=Encryption(kms_key=text(f"{HOME}key/1")),
        logging=known(Logging(target=text("logs"))),
    )
    assert named(one, needs=("keys",)) == {("kms-key", f"{HOME}key/1")}
    assert named(one, needs=("trails",)) == set()


def test_the_policies_of_a_role_are_named_and_those_of_others_not() -> None:
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    role = Role(address="r", at=NOWHERE, attached_policies=known((text(arn),)))
    assert named(role) == {("managed-policy", arn)}
    topic = Topic(address="t", at=NOWHERE)
    assert named(topic) == set()


def test_names_are_read_region_by_region() -> None:
    names = [
        ("kms-key", "arn:aws:kms:us-east-1:123456789012:key/2"),
        ("role", "arn:aws:iam::123456789012:role/r"),
        ("bucket", "logs"),
        ("topic", "arn:aws:sns:us-east-1:123456789012:t"),
        ("kms-key", "arn:aws:kms:us-east-1:123456789012:key/1"),
    ]
    assert by_region(names) == {
        "": (names[2], names[1]),
        "us-east-1": (names[4], names[0], names[3]),
    }


def test_every_name_is_read_once_and_in_order(server: Server, asker: Asker) -> None:
    server.world.faults.add(denied(), "*")
    names = [("kms-key", f"arn:aws:kms:eu-west-1:123456789012:key/{number}") for number in range(20)]
    found = read_named(asker, PLACE, "eu-west-1", [*names, *reversed(names)])
    assert [one.address for one in found.resources] == sorted(arn for _, arn in names)
    assert server.world.requests["kms:DescribeKey"] == 20


def test_a_region_is_asked_in_that_region(server: Server, asker: Asker) -> None:
    arn = "arn:aws:kms:ap-southeast-2:123456789012:key/1"
    meta = {"KeyMetadata": {"KeyId": "1", "Arn": arn, "Enabled": True}}
    server.world.tell("kms:DescribeKey", meta, region="ap-southeast-2")
    server.world.faults.add(denied(), "kms:GetKey*")
    (found,) = read_named(asker, PLACE, "ap-southeast-2", [("kms-key", arn)]).resources
    assert plain(found.exists) is True
