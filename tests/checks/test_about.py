"""What a check is about: where there is nothing of it, the engine says what the check itself would have said."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from s3audit.check import MEDIUM, BadCheckError, Check, Fix, check
from s3audit.collectors import cloudformation
from s3audit.collectors.documents.files import File
from s3audit.engine import judge
from s3audit.law import with_others
from s3audit.location import Location
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.world import Plain
from s3audit.packed import File as Module
from s3audit.packed import Later
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.verdict import Status, Verdict, failed, unknown
from tests.checks.examples import CHECKS
from tests.checks.test_law import OPTIONS, Scene, scenes

ABOUT = {check_id: check for check_id, check in CHECKS.items() if check.about}
LISTS = {"intelligent_tiering"}
AT = Location("a.yaml", "Resources.A.Properties.X", 3, 3, 3, 4)
BARE = b"Resources: {Bare: {Type: AWS::S3::Bucket}}"


def bare() -> Scene:
    (world,) = cloudformation.collect([File("bare.yaml", BARE)], OPTIONS).worlds
    (bucket,) = world.estate.resources
    return Scene("bare", world.estate, bucket.address)


def without(check: Check, scene: Scene) -> Iterator[tuple[Resource, Estate]]:
    """The subject of a scene with nothing in the field, written or not."""
    nothing: Any = () if check.about in LISTS else None
    (index,) = (
        index
        for index, one in enumerate(scene.resources)
        if one.address == scene.subject and type(one) in check.subjects
    )
    for setting in (Known(nothing, AT), Unset(nothing, AT)):
        subject = replace(scene.resources[index], **{check.about: setting})
        estate = with_others(scene.estate, (*scene.resources[:index], subject, *scene.resources[index + 1 :]))
        estate.expectations = scene.expectations
        yield subject, estate


@pytest.mark.parametrize("check_id", ABOUT)
def test_the_check_itself_says_that_it_does_not_apply(check_id: str) -> None:
    one = ABOUT[check_id]
    found = [*scenes(check_id), *([bare()] if Bucket in one.subjects else [])]
    assert found
    for scene in found:
        for subject, estate in without(one, scene):
            verdict = one.judge(subject, estate) if one.wants_estate else one.judge(subject)
            assert verdict.status is Status.NOT_APPLICABLE, f"{scene.subject} in {scene.example}: {verdict}"


@pytest.mark.parametrize("check_id", ABOUT)
def test_the_field_is_a_setting_that_an_example_fills(check_id: str) -> None:
    one = ABOUT[check_id]
    seen = [
        getattr(scene.estate.at(scene.subject, kind), one.about)
        for scene in scenes(check_id)
        for kind in one.subjects
        if scene.estate.at(scene.subject, kind) is not None
    ]
    assert all(isinstance(setting, Known | Unset | Unknown) for setting in seen)
    assert any(isinstance(setting, Known) and setting.value not in (None, ()) for setting in seen)


def asked(setting: Setting[Any], about: str = "replication") -> tuple[str, str, Location, list[Setting[Any]]]:
    """What the engine says of a bucket with this, and what the check was asked about."""
    given: list[Setting[Any]] = []

    def thing(bucket: Bucket) -> Verdict:
        """It holds.

        Because.
        """
        given.append(getattr(bucket, about))
        return unknown(AT, "why") if isinstance(setting, Unknown) else failed(AT, "it fails")

    thing.__module__ = "checks.some.thing"
    made = check(
        severity=MEDIUM, needs=(), about=about, fix=Fix(note="x"), passes="x", fails="x", unsure="x"
    )(thing)
    bucket = replace(Bucket(address="Resources.A", at=AT), **{about: setting})
    ((finding,), problems) = judge(Plain("a.yaml", "cloudformation", Estate([bucket])), [made])
    assert problems == []
    (evidence,) = finding.evidence
    return finding.status, evidence.note, evidence.at, given


@pytest.mark.parametrize("setting", [Known(None, AT), Unset(None, AT, "2023-04-05")])
def test_nothing_is_told_where_it_would_stand(setting: Setting[None]) -> None:
    assert asked(setting) == ("not_applicable", "it has no replication", AT, [])
    assert asked(setting, "website") == ("not_applicable", "it is no website", AT, [])


def test_an_empty_list_is_nothing_too() -> None:
    said = "it has no Intelligent-Tiering configuration"
    assert asked(Known((), AT), "intelligent_tiering") == ("not_applicable", said, AT, [])


def test_what_is_there_or_not_known_is_for_the_check_to_judge() -> None:
    there: Setting[Any] = Known("there", AT)
    assert asked(there) == ("fail", "it fails", AT, [there])
    default: Setting[Any] = Unset("the default", AT)
    assert asked(default) == ("fail", "it fails", AT, [default])
    gap = Unknown("not told", AT)
    assert asked(gap) == ("unknown", "why", AT, [gap])


def test_a_field_that_is_not_there_is_told_when_the_check_is_made() -> None:
    with pytest.raises(
        BadCheckError, match=r"checks\.some\.thing\.thing: what it judges has no field replicas$"
    ):
        asked(Known(None, AT), "replicas")


def test_the_code_of_the_check_is_not_even_run(tmp_path: Path) -> None:
    broken = Module("replication", "chain", str(tmp_path / "chain.py"), 0, 0)
    lean = replace(CHECKS["replication-chain"], judge=Later(broken, b"this is no code"))
    (world,) = cloudformation.collect([File("bare.yaml", BARE)], OPTIONS).worlds
    ((finding,), problems) = judge(world, [lean])
    assert (finding.status, problems) == ("not_applicable", [])
