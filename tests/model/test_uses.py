"""What a bucket is used for, asked by index, is what asking everything about every bucket would tell."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.location import Location
from s3audit.model import uses
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket, Logging
from s3audit.model.distribution import Distribution, DistributionLogging, Origin
from s3audit.model.estate import Estate
from s3audit.model.load_balancer import LoadBalancer
from s3audit.model.lookup import Named
from s3audit.model.trail import Trail
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.text import Opaque, Part, Text, same, text
from s3audit.verdict import Status, Verdict

_PARTS: list[Part] = [
    "a",
    "b-",
    "-b",
    "app-1-",
    "logs-0A1B2C3D4E5F",
    Opaque("Account"),
    Opaque("Env", given=True, other_than=("a",)),
    Opaque("One", resource="Resources.One", generated=True),
    Opaque("Two", resource="Resources.Two", generated=True),
    Opaque("Two.Name", resource="Resources.Two"),
    Opaque("Made", generated=True),
]
names = st.lists(st.sampled_from(_PARTS), min_size=1, max_size=4).map(lambda parts: text(*parts))
places = st.integers(1, 9).map(lambda line: Location("t.yaml", line=line))


def settings(values: st.SearchStrategy[Text]) -> st.SearchStrategy[Any]:
    known = st.builds(Known, values, places)
    unset = st.builds(Unset, values, places)
    return st.one_of(known, known, known, unset, st.builds(Unknown, st.just("not told"), places))


switches: st.SearchStrategy[Setting[bool]] = st.one_of(
    st.builds(Known, st.booleans(), places), st.builds(Unknown, st.just("not told"), places)
)
name_settings = settings(names)
domains = settings(
    st.one_of(
        names,
        st.just(text("www.example.com")),
        names.map(lambda name: text(*name.parts, ".s3.amazonaws.com")),
    )
)


@st.composite
def neighbours(draw: st.DrawFn, address: str) -> Resource:
    exists = draw(st.one_of(st.just(Known(True, Location("t.yaml", line=1))), switches))
    at = draw(places)
    match draw(st.sampled_from(["distribution", "trail", "balancer"])):
        case "distribution":
            origin = st.builds(
                Origin,
                at=places,
                domain_name=domains,
                access_identity=settings(st.one_of(names, st.just(Text()))),
            )
            listed = draw(st.lists(st.builds(Known, origin, places), max_size=2))
            origins: list[Listed[Origin]] = [Known(tuple(listed), at), Unknown("not told", at)]
            log = st.builds(DistributionLogging, at=places, bucket=domains)
            return Distribution(
                address=address,
                at=at,
                exists=exists,
                origins=draw(st.sampled_from(origins)),
                logging=draw(st.one_of(st.builds(Known, log, places), st.just(Unset(None, at)))),
            )
        case "trail":
            return Trail(address=address, at=at, exists=exists, bucket=draw(name_settings))
        case _:
            return LoadBalancer(
                address=address,
                at=at,
                exists=exists,
                type=draw(st.sampled_from([Known("application", at), Known("network", at)])),
                access_logs=draw(switches),
                access_log_bucket=draw(name_settings),
                connection_logs=draw(switches),
                connection_log_bucket=draw(name_settings),
            )


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    found: list[Resource] = []
    for number in range(draw(st.integers(1, 8))):
        at = Location("t.yaml", line=100 + number)
        logging = st.builds(Logging, at=places, target=name_settings)
        found.append(
            Bucket(
                address=f"Resources.B{number}",
                at=at,
                title=f"B{number}",
                name=draw(name_settings),
                logging=draw(st.one_of(st.builds(Known, logging, places), st.just(Unset(None, at)))),
            )
        )
    found += [draw(neighbours(f"Resources.N{number}")) for number in range(draw(st.integers(0, 6)))]
    return Estate(found)


QUESTIONS: list[Callable[[Bucket, Estate], Verdict]] = [
    uses.receives_access_logs,
    uses.is_identity_origin,
    uses.receives_distribution_logs,
    uses.receives_trail_logs,
    uses.receives_balancer_logs,
]


def answers(estate: Estate) -> dict[str, list[object]]:
    return {ask.__name__: [told(ask(bucket, estate)) for bucket in estate.all(Bucket)] for ask in QUESTIONS}


def told(verdict: Verdict) -> object:
    """A verdict; why it is none of these is not asked, and the evidence of it would be all there is."""
    return verdict.status if verdict.status is Status.FAIL else verdict


@given(estates())
def test_the_index_leaves_nothing_out(estate: Estate) -> None:
    by_index = answers(estate)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Named, "meant_by", lambda named, _: named.all)
        assert by_index == answers(estate)


@given(estates(), names)
def test_a_bucket_is_found_as_by_comparing_all(estate: Estate, name: Text) -> None:
    found = estate.bucket_named(name)
    exact = [b for b in estate.all(Bucket) if b.name == Known(name, b.name.at)]
    own = estate.named_by(name, Bucket)
    if own is not None or exact:
        return
    maybe = [
        b
        for b in estate.all(Bucket)
        if not (isinstance(b.name, Known) and same(b.name.value, name) is Status.FAIL)
    ]
    why = (
        f"whether the name '{name}' is that of {maybe[0].title} is not known"
        if maybe
        else f"the bucket {name} is declared elsewhere"
    )
    assert isinstance(found, Unknown)
    assert found.why == why


@given(st.lists(st.one_of(st.none(), names), max_size=8), names)
def test_named_is_what_same_does_not_rule_out(listed: Sequence[Text | None], asked: Text) -> None:
    named = Named((place, (name,)) for place, name in enumerate(listed))
    assert named.meant_by(asked) == [
        place for place, name in enumerate(listed) if name is None or same(name, asked) is not Status.FAIL
    ]
