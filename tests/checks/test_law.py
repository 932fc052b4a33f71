"""The law of the house: what is not known changes no verdict, it only leaves it open.

Making any part of the model unknown gives UNKNOWN, or the verdict that each completion of that part gives.
"""

from functools import cache
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.check import Check
from s3audit.collectors.documents.files import Options
from s3audit.law import with_others, worlds
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.expectation import Expectation
from s3audit.setting import Known
from s3audit.text import same
from s3audit.verdict import Status
from tests.checks.examples import CHECKS, examples_of
from tests.checks.slots import Pool, Slot, blank, put, slots
from tests.profile import examples

MOST_PLACES = 100
OPTIONS = Options({}, False, 10_000_000, lambda _: None)


class Scene(NamedTuple):
    """One resource that a check judges, in one scenario of an example."""

    example: str
    estate: Estate
    subject: str
    expectations: tuple[Expectation, ...] = ()

    @property
    def resources(self) -> tuple[Resource, ...]:
        return self.estate.resources

    @property
    def is_live(self) -> bool:
        return bool(self.estate.listings or self.estate.not_listed)


class Place(NamedTuple):
    resource: int
    slot: Slot


@cache
def scenes(check_id: str) -> list[Scene]:
    check = CHECKS[check_id]
    return [
        Scene(example.name, case.estate, resource.address, example.expectations)
        for example in examples_of(check)
        for world in worlds(example, check.needs)
        for resource in world.estate.resources
        if type(resource) in check.subjects
        for case in world.cases(resource.address)
        if case.estate.at(resource.address, type(resource)) is not None
    ]


@cache
def pool(is_live: bool) -> Pool:
    """What may stand where nothing is known: a template has no accounts and ARNs as an account tells them."""
    return Pool(
        resource
        for check_id in CHECKS
        for scene in scenes(check_id)
        if scene.is_live is is_live
        for resource in scene.resources
    )


def places(resources: tuple[Resource, ...]) -> list[Place]:
    return [Place(index, slot) for index, resource in enumerate(resources) for slot in slots(resource)]


def with_(resources: tuple[Resource, ...], place: Place, value: Any) -> tuple[Resource, ...]:
    return put(resources, (place.resource, *place.slot.path), value)  # type: ignore[no-any-return]


def status(check: Check, resources: tuple[Resource, ...], scene: Scene) -> Status:
    estate, subject = with_others(scene.estate, resources), scene.subject
    estate.expectations = scene.expectations
    judged = next((one for kind in check.subjects if (one := estate.at(subject, kind)) is not None), None)
    assert judged is not None
    verdict = check.judge(judged, estate) if check.wants_estate else check.judge(judged)
    if verdict.status in (Status.FAIL, Status.UNKNOWN):
        assert verdict.evidence, f"{check.id} says {verdict.status.value} of {subject} without any evidence"
    return verdict.status


def possible(resources: tuple[Resource, ...]) -> bool:
    """Whether such a world can be: no two buckets have the same name."""
    names = [r.name.value for r in resources if isinstance(r, Bucket) and isinstance(r.name, Known)]
    return not any(
        same(one, other) is Status.PASS for index, one in enumerate(names) for other in names[:index]
    )


def holds(check: Check, scene: Scene, resources: tuple[Resource, ...], place: Place) -> None:
    """Judge with this place unknown, and then with each value that it may have."""
    unknown = with_(resources, place, blank(place.slot))
    found = status(check, unknown, scene)
    if found is Status.UNKNOWN:
        return
    for value in (place.slot.value, *pool(scene.is_live).completions(place.slot)):
        completed = with_(resources, place, value)
        if possible(completed):
            told = status(check, completed, scene)
            assert told is found, (
                f"{check.id} says {found.value} of {scene.subject} in {scene.example} though"
                f" {'.'.join(map(str, place.slot.path))} of {resources[place.resource].address} is not known;"
                f" with {value} it says {told.value}"
            )


@pytest.mark.parametrize("check_id", CHECKS)
def test_one_unknown_part(check_id: str) -> None:
    """Every part in `make fuzz`; in the suite the same few hundred each time."""
    every = [(scene, place) for scene in scenes(check_id) for place in places(scene.resources)]
    for scene, place in Random(check_id).sample(every, min(examples(MOST_PLACES), len(every))):
        holds(CHECKS[check_id], scene, scene.resources, place)


@pytest.mark.parametrize("check_id", CHECKS)
@settings(max_examples=examples(25))
@given(data=st.data())
def test_several_unknown_parts(check_id: str, data: st.DataObject) -> None:
    check = CHECKS[check_id]
    scene = data.draw(st.sampled_from(scenes(check_id)))
    resources = scene.resources
    for _ in range(data.draw(st.integers(1, 4))):
        other = data.draw(st.sampled_from(places(resources)))
        resources = with_(resources, other, blank(other.slot))
    holds(check, scene, resources, data.draw(st.sampled_from(places(resources))))
