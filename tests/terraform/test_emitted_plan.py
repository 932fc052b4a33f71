"""Whatever CloudFormation tells, a plan of the same tells it too, but for what is known only after apply."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from s3audit.collectors import terraform
from s3audit.collectors.documents.files import File, Options
from s3audit.model.estate import Estate
from tests.checks.examples import CHECKS
from tests.terraform.emit.compare import Comparison
from tests.terraform.emit.complete import completed, placed
from tests.terraform.emit.differences import PLAN_REASONS, REASONS, UNEXPRESSED
from tests.terraform.emit.estate import emitted
from tests.terraform.emit.plan import PlanJson
from tests.terraform.emit.scenes import OPTIONS, RICH, Scene, disagreements, scenes_in, scenes_of
from tests.terraform.emit.writer import UnexpressedError, Writer

WAYS = 4
"""In which each of the richer templates is written."""

names = pytest.mark.parametrize("with_names", [True, False], ids=["named", "unnamed"])
"""The buckets have names of their own, or the provider makes them up; either way their ids are not known."""


def written(scene: Scene, way: int, *, with_names: bool) -> tuple[Estate, Writer, dict[str, Any]] | None:
    """What is expected, and one of many plans of it; None for what no plan can say."""
    given = completed(scene.estate, with_names=with_names)
    seed = f"{scene.name} {way}"
    try:
        writer = emitted(given, seed, is_counting=False)
        document = PlanJson(random.Random(seed)).document(writer.blocks)
    except UnexpressedError as reason:
        assert scene.name in UNEXPRESSED, f"{scene.name}: {reason}. Add it to UNEXPRESSED if this is so."
        return None
    return placed(given), writer, document


def collected(document: dict[str, Any], options: Options = OPTIONS) -> Estate:
    found = terraform.collect([File("plan.json", json.dumps(document).encode())], options)
    (world,) = found.worlds
    assert not found.problems
    assert not world.problems
    return world.estate


def compared(scene: Scene, way: int, *, with_names: bool) -> Comparison | None:
    """Fails with all that is not the same, and the plan in which it is not."""
    made = written(scene, way, with_names=with_names)
    if made is None:
        return None
    expected, writer, document = made
    comparison = Comparison(expected, collected(document), writer, strict=False)
    wrong = disagreements(comparison)
    assert not wrong, "\n".join([scene.name, *wrong, json.dumps(document, indent=1)])
    return comparison


@names
@pytest.mark.parametrize("check_id", CHECKS)
def test_examples_say_the_same(check_id: str, with_names: bool) -> None:
    for way, scene in enumerate(scenes_of(CHECKS[check_id])):
        compared(scene, way, with_names=with_names)


@names
@pytest.mark.parametrize("way", range(WAYS))
@pytest.mark.parametrize("template", RICH, ids=lambda path: path.stem)
def test_all_sections_and_neighbours_say_the_same(template: Path, way: int, with_names: bool) -> None:
    for scene in scenes_in(template.stem, template.read_text()):
        compared(scene, way, with_names=with_names)


def test_each_difference_that_is_granted_occurs() -> None:
    met: set[str] = set()
    for path in RICH:
        for scene in scenes_in(path.stem, path.read_text()):
            for way in range(10):
                comparison = compared(scene, way, with_names=bool(way % 2))
                met |= comparison.reasons if comparison else set()
    assert met >= set(PLAN_REASONS), "a reason in differences.py that nothing needs is to be deleted"
    assert met <= {*PLAN_REASONS, *REASONS}
