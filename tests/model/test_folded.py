"""What is folded up comes out as it was, by its place and by its address."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.folds import Folds
from s3audit.location import Location
from s3audit.model.base import kind_of
from s3audit.model.bucket import Bucket, Versioning
from s3audit.model.document import Array, Leaf, Member, Object
from s3audit.model.folded import Folded, Shelf, line_of, resource_of
from s3audit.model.identity import Role
from s3audit.setting import Known, Unknown
from s3audit.text import Opaque, Text, text

BUCKET = kind_of(Bucket)


def bucket(name: str, status: str = "Enabled") -> Bucket:
    at = Location("arn:aws:s3:::" + name, f"bucket:{name}", call="s3:GetBucketVersioning")
    return Bucket(
        at=at,
        address=f"arn:aws:s3:::{name}",
        title=name,
        name=Known(text(name), at),
        versioning=Versioning(at=at, status=Known(status, at), mfa_delete=Unknown("denied", at)),
    )


BUCKETS = [bucket(f"orders-{number}", "Suspended" if number % 3 else "Enabled") for number in range(40)]


@given(st.lists(st.binary(max_size=400)))
def test_any_lines_come_out_of_their_folds(lines: list[bytes]) -> None:
    folds = Folds(lines)
    assert [folds[place] for place in range(len(folds))] == lines


def test_resources_come_out_as_they_were() -> None:
    arn = "arn:aws:iam::111122223333:role/copy"
    at = Location(arn, arn)
    there = [*BUCKETS, Role(at=at, address=arn, name=Known(Text((Opaque("x"),)), at))]
    folded = Folded(there)
    assert list(folded) == there
    assert folded[-1] == there[-1]
    assert folded[3:5] == there[3:5]
    assert folded.keys == [(kind_of(type(one)), one.address) for one in there]
    assert list(folded.lines) == list(map(line_of, there))
    assert pickle.loads(pickle.dumps(folded)) == folded
    assert folded != Folded(there[:-1])
    assert folded != Folded([*there[:-1], there[0]])
    with pytest.raises(IndexError):
        folded[len(there)]


def test_many_alike_take_little_room() -> None:
    alone = sum(map(len, map(line_of, BUCKETS)))
    assert len(pickle.dumps(Folded(BUCKETS))) < alone / 4


def test_a_shelf_has_them_by_place_and_by_address() -> None:
    first, second = Folded(BUCKETS[:25]), Folded(BUCKETS[25:])
    places = {one.address: (first, place) for place, one in enumerate(BUCKETS[:25])}
    places |= {one.address: (second, place) for place, one in enumerate(BUCKETS[25:])}
    shelf = Shelf(places)
    assert list(shelf) == BUCKETS
    assert len(shelf) == len(BUCKETS)
    assert [shelf.at(one.address) for one in reversed(BUCKETS)] == BUCKETS[::-1]
    assert shelf[30] == BUCKETS[30]
    assert shelf[-2:] == BUCKETS[-2:]
    assert shelf.at("arn:aws:s3:::elsewhere") is None


def test_half_a_pair_of_surrogates_is_told_as_a_sign_and_loses_nothing_else() -> None:
    at = Location("a\ud83d", "b")
    policy = Object((Member("Sid\udc00", Array((Leaf(text("x\ud800y"), at), Leaf(3, at)), at), at),), at)
    odd = Bucket(at=at, address="b", title="t", name=Known(text("n\udfff"), at), policy=Known(policy, at))
    found = resource_of(line_of(odd))
    assert isinstance(found, Bucket)
    assert found.name == Known(text("n\ufffd"), Location("a\ufffd", "b"))
    assert found.policy == Known(
        Object(
            (
                Member(
                    "Sid\ufffd",
                    Array((Leaf(text("x\ufffdy"), found.at), Leaf(3, found.at)), found.at),
                    found.at,
                ),
            ),
            found.at,
        ),
        found.at,
    )


def test_it_is_found_by_what_it_is_told_as() -> None:
    odd = Bucket(at=Location("x"), address="a\ud800", title="t")
    folded = Folded([odd, BUCKETS[0]])
    assert [address for _, address in folded.keys] == [folded[0].address, BUCKETS[0].address]
    assert folded[0].address == "a\ufffd"


def test_accounts_are_told_without_a_look() -> None:
    at = Location("x")
    owned = Bucket(at=at, address="a", account=Known(text("111122223333"), at))
    partly = Bucket(at=at, address="b", account=Known(text("1111", Opaque("x")), at))
    folded = Folded([partly, owned])
    assert list(Shelf({"a": (folded, 1), "b": (folded, 0)}).accounts) == ["111122223333", ""]
