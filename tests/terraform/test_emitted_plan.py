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
from tests.terraform.emit.hcl import Hcl
from tests.terraform.emit.names import UnexpressedError
from tests.terraform.emit.plan import PlanJson
from tests.terraform.emit.scenes import OPTIONS, RICH, Scene, disagreements, scenes_in, scenes_of
from tests.terraform.emit.writer import Writer

WAYS = 4
"""In which each of the richer templates is written."""

SETS = ("FieldSelector", "Origin")
"""Of several nested blocks that are a set, it can't always be told which one an element comes from."""

forms = pytest.mark.parametrize("form", ["named", "unnamed", "sourced"])
"""Buckets have names of their own, or the provider makes them up; its source lies beside the plan."""


def written(scene: Scene, way: int, form: str) -> tuple[Estate, Writer, dict[str, Any], Options]:
    """What is expected, and one of many plans of it."""
    given = completed(scene.estate, with_names=form == "named")
    seed = f"{scene.name} {way}"
    writer = emitted(given, seed, is_counting=False)
    document = PlanJson(random.Random(seed)).document(writer.blocks)
    options = OPTIONS
    if form == "sourced":
        options = beside(Hcl(random.Random(seed)).module(writer.blocks))
    return placed(given), writer, document, options


def beside(files: dict[str, str]) -> Options:
    """As if a plan were in a folder with these."""
    folder = "/source"

    def fetch(path: str) -> File | None:
        name = path.removeprefix(f"{folder}/")
        return File(path, files[name].encode(), path) if name in files else None

    def names(path: str) -> list[str]:
        return sorted(files) if path == folder else []

    return Options({}, False, OPTIONS.max_size, fetch, names, source_dir=folder)


def compared(scene: Scene, way: int, form: str) -> Comparison | None:
    """Fails with all that is not the same, and the plan in which it is not."""
    if scene.name in UNEXPRESSED:
        with pytest.raises(UnexpressedError):
            written(scene, way, form)
        return None
    expected, writer, document, options = written(scene, way, form)
    found = terraform.collect([File("plan.json", json.dumps(document).encode())], options)
    (world,) = found.worlds
    assert not found.problems
    assert not world.problems
    comparison = Comparison(expected, world.estate, writer, strict=False)
    wrong = disagreements(comparison, scene.asked)
    if form == "sourced":
        wrong += [place for place in sorted(comparison.not_told) if place.partition(".")[0] not in SETS]
    assert not wrong, "\n".join([scene.name, *wrong, json.dumps(document, indent=1)])
    return comparison


@forms
@pytest.mark.parametrize("check_id", CHECKS)
def test_examples_say_the_same(check_id: str, form: str) -> None:
    for way, scene in enumerate(scenes_of(CHECKS[check_id])):
        compared(scene, way, form)


@forms
@pytest.mark.parametrize("way", range(WAYS))
@pytest.mark.parametrize("template", RICH, ids=lambda path: path.stem)
def test_all_sections_and_neighbours_say_the_same(template: Path, way: int, form: str) -> None:
    for scene in scenes_in(template.stem, template.read_text()):
        compared(scene, way, form)


def test_each_difference_that_is_granted_occurs() -> None:
    met: set[str] = set()
    for path in RICH:
        for scene in scenes_in(path.stem, path.read_text()):
            for way in range(WAYS):
                for form in ("named", "unnamed"):
                    comparison = compared(scene, way, form)
                    met |= comparison.reasons if comparison else set()
    assert met >= set(PLAN_REASONS), "a reason in differences.py that nothing needs is to be deleted"
    assert met <= {*PLAN_REASONS, *REASONS}
