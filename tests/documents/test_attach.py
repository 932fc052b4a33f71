"""What is declared apart meets the resource it belongs to: by its address, by its name, or not for certain."""

from typing import Any

import pytest

from s3audit.collectors.documents.attach import Attached, attach
from s3audit.collectors.documents.attachments import Attachment
from s3audit.location import NOWHERE, Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket, Logging, ObjectLock, Versioning
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text

HERE = Location("main.tf", "part", 1, 1)
THERE = Known(True, NOWHERE)


def bucket(address: str, name: Text | None = None, **more: Any) -> Bucket:
    named: Setting[Text] = Known(name or text(address), NOWHERE)
    fields: dict[str, Any] = {
        "versioning": Versioning(status=Unset("Unversioned", NOWHERE), mfa_delete=Unset("Disabled", NOWHERE)),
        "logging": Unset(None, NOWHERE),
        "policy": Unset(None, NOWHERE),
        "inventory": Unset((), NOWHERE),
        **more,
    }
    return Bucket(address=address, at=NOWHERE, title=address, name=named, **fields)


def versioning(status: str) -> Known[Versioning]:
    return Known(Versioning(status=Known(status, HERE), mfa_delete=Unset("Disabled", HERE)), HERE)


def part(
    field: str,
    value: Setting[Any],
    target: Text | str,
    title: str = "part",
    exists: Setting[bool] = THERE,
    **more: Any,
) -> Attached:
    wanted = text(target) if isinstance(target, str) else target
    targets: Listed[Text] = Known((Known(wanted, HERE),), HERE)
    section = Attachment(at=HERE, kind="bucket", field=field, targets=targets, value=value)
    return Attached(title, title, exists, section, **more)


def joined(buckets: list[Bucket], *parts: Attached, seen: tuple[str, ...] = ()) -> list[Bucket]:
    made: list[Resource] = attach("bucket", buckets, parts, "terraform", seen)
    return [one for one in made if isinstance(one, Bucket)]


def status(one: Bucket) -> object:
    setting = one.versioning.status
    return setting.why if isinstance(setting, Unknown) else getattr(setting, "value", "unset")


def told(setting: Any) -> object:
    """The value of what is known."""
    assert isinstance(setting, Known), setting
    return setting.value


def test_a_section_takes_the_place_of_the_unset_one() -> None:
    (one,) = joined([bucket("a")], part("versioning", versioning("Enabled"), "a"))
    assert status(one) == "Enabled"
    assert one.duplicates == Known((), NOWHERE)


def test_what_only_the_owner_says_stays() -> None:
    locked = ObjectLock(enabled=Known(True, NOWHERE), mode=Unset(None, NOWHERE))
    rule = Known(ObjectLock(enabled=Unset(False, HERE), mode=Known("COMPLIANCE", HERE)), HERE)
    (one,) = joined([bucket("a", object_lock=locked)], part("object_lock", rule, "a"))
    assert one.object_lock.enabled == Known(True, NOWHERE)
    assert one.object_lock.mode == Known("COMPLIANCE", HERE)


def test_an_owner_goes_before_a_name_that_several_have() -> None:
    same_name = [bucket("a", text("shop")), bucket("b", text("shop"))]
    one, other = joined(same_name, part("versioning", versioning("Enabled"), "shop", owner="b"))
    assert (status(one), status(other)) == ("unset", "Enabled")


def test_a_name_that_several_have_leaves_all_of_them_open() -> None:
    same_name = [bucket("a", text("shop")), bucket("b", text("shop"))]
    for one in joined(same_name, part("versioning", versioning("Enabled"), "shop")):
        assert "whether it has part can't be told" in str(status(one))
        assert isinstance(one.duplicates, Known)


def test_a_partly_known_name_is_open_where_it_may_fit() -> None:
    wanted = text(Opaque("var.prefix", given=True), "-logs")
    logs, images = joined(
        [bucket("a", text("shop-logs")), bucket("b", text("shop-images"))],
        part("versioning", versioning("Enabled"), wanted),
    )
    assert "can't be told" in str(status(logs))
    assert status(images) == "unset"


def test_the_name_of_a_resource_is_that_resource() -> None:
    own = Text((Opaque("a.id", "a"),))
    one, other = joined(
        [bucket("a", own), bucket("b", text("shop"))], part("versioning", versioning("Enabled"), own)
    )
    assert (status(one), status(other)) == ("Enabled", "unset")


def test_two_that_say_the_same_are_still_two() -> None:
    parts = [part("versioning", versioning("Enabled"), "a", title) for title in ("first", "second")]
    (one,) = joined([bucket("a")], *parts)
    assert status(one) == "Enabled"
    assert isinstance(one.duplicates, Known)
    ((twice,),) = (one.duplicates.value,)
    assert isinstance(twice, Known)
    assert (twice.value.setting, twice.value.first, twice.value.second) == ("versioning", "first", "second")


def test_two_that_differ_leave_it_open() -> None:
    parts = [part("versioning", versioning(word), "a", word) for word in ("Enabled", "Suspended")]
    (one,) = joined([bucket("a")], *parts)
    assert status(one) == "which of several it has can't be told: Enabled or Suspended"


@pytest.mark.parametrize("field", ["versioning", "logging"])
def test_one_that_may_not_be_there_leaves_it_open(field: str) -> None:
    value = versioning("Enabled") if field == "versioning" else Known(Logging(), HERE)
    maybe: Setting[bool] = Unknown("var.create is not known", HERE)
    (one,) = joined([bucket("a")], part(field, value, "a", exists=maybe))
    setting = one.versioning.status if field == "versioning" else one.logging
    assert isinstance(setting, Unknown)
    assert "var.create" in setting.why


def test_elements_are_added() -> None:
    (one,) = joined(
        [bucket("a")], part("inventory", Known("one", HERE), "a"), part("inventory", Known("two", HERE), "a")
    )
    assert isinstance(one.inventory, Known)
    assert [told(item) for item in one.inventory.value] == ["one", "two"]
    assert one.duplicates == Known((), NOWHERE)


def test_what_was_seen_of_a_resource_gives_way() -> None:
    seen = part("versioning", versioning("Enabled"), "a", "seen", owner="a", is_seen=True)
    (one,) = joined([bucket("a")], seen, part("versioning", versioning("Suspended"), "a"))
    assert status(one) == "Suspended"
    assert one.duplicates == Known((), NOWHERE)
    (alone,) = joined([bucket("a")], seen)
    assert status(alone) == "Enabled"


def test_what_aws_answered_of_an_owner_gives_way_too() -> None:
    own = Known("{}", NOWHERE)
    policy = part("policy", Known("newer", HERE), "a")
    (one,) = joined([bucket("a", policy=own)], policy, seen=("a",))
    assert told(one.policy) == "newer"
    assert one.duplicates == Known((), NOWHERE)
    (written,) = joined([bucket("a", policy=own)], policy)
    assert isinstance(written.policy, Unknown)
    assert isinstance(written.duplicates, Known)
    assert len(written.duplicates.value) == 1


def test_a_bucket_elsewhere_is_known_by_all_that_is_said_of_it() -> None:
    (one,) = joined(
        [],
        part("versioning", versioning("Enabled"), "elsewhere", "first"),
        part("policy", Known("{}", HERE), "elsewhere", "second"),
    )
    assert (one.address, one.title, one.origin) == ("first", "elsewhere", "terraform")
    assert status(one) == "Enabled"
    assert told(one.policy) == "{}"
    assert isinstance(one.encryption.algorithm, Unknown)
    assert isinstance(one.logging, Unknown)
