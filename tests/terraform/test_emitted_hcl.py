"""Whatever CloudFormation tells, HCL that says the same tells it too: the same model, and the same verdicts."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from s3audit.collectors import terraform
from s3audit.collectors.documents.files import File
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unset
from tests.checks.examples import CHECKS
from tests.checks.slots import blank, put, slots
from tests.terraform.emit.compare import Comparison
from tests.terraform.emit.differences import IGNORED, REASONS
from tests.terraform.emit.estate import emitted
from tests.terraform.emit.hcl import Hcl
from tests.terraform.emit.scenes import OPTIONS, RICH, Scene, disagreements, scenes_in, scenes_of
from tests.terraform.emit.writer import Writer

NOT_TOLD_BY_CLOUDFORMATION = ("ManagedPolicy.tags", "Trail.global_events")
WAYS = 5
"""In which each of the richer templates is written."""


def written(scene: Scene, way: int) -> tuple[Writer, dict[str, str]]:
    """One of many ways to say it: the files of a module."""
    seed = f"{scene.name} {way}"
    writer = emitted(scene.estate, seed)
    return writer, Hcl(random.Random(seed)).module(writer.blocks)


def collected(files: dict[str, str]) -> Estate:
    found = terraform.collect(
        [File(name, text.encode(), f"/{name}") for name, text in files.items()], OPTIONS
    )
    (world,) = found.worlds
    assert not found.problems
    assert not world.problems
    return world.estate


def compared(scene: Scene, way: int) -> Comparison:
    """Fails with all that is not the same, and the text in which it is not."""
    writer, files = written(scene, way)
    comparison = Comparison(scene.estate, collected(files), writer)
    wrong = disagreements(comparison, scene.asked)
    assert not wrong, "\n".join([scene.name, *wrong, *files.values()])
    return comparison


@pytest.mark.parametrize("check_id", CHECKS)
def test_examples_say_the_same(check_id: str) -> None:
    for way, scene in enumerate(scenes_of(CHECKS[check_id])):
        compared(scene, way)


@pytest.mark.parametrize("way", range(WAYS))
@pytest.mark.parametrize("template", RICH, ids=lambda path: path.stem)
def test_all_sections_and_neighbours_say_the_same(template: Path, way: int) -> None:
    for scene in scenes_in(template.stem, template.read_text()):
        compared(scene, way)


def test_each_difference_that_is_granted_occurs() -> None:
    scenes = [scene for check in CHECKS.values() for scene in scenes_of(check)]
    scenes += [scene for path in RICH for scene in scenes_in(path.stem, path.read_text())]
    met: set[str] = set()
    for way, scene in enumerate(scenes):
        writer, files = written(scene, way)
        comparison = Comparison(scene.estate, collected(files), writer)
        comparison.run()
        met |= comparison.reasons
    assert met == set(REASONS), "a reason in differences.py that nothing needs is to be deleted"


@pytest.mark.parametrize("template", RICH, ids=lambda path: path.stem)
def test_no_change_is_overlooked(template: Path) -> None:
    """Each part of what was found, made unknown, is told as a difference."""
    (scene,) = scenes_in(template.stem, template.read_text())
    writer, files = written(scene, 0)
    estate = collected(files)
    comparison = Comparison(scene.estate, estate, writer)
    overlooked = set()
    for expected in scene.estate.resources:
        found = estate.at(writer.names.addresses[expected.address], type(expected))
        for slot in slots(found) if found else ():
            if isinstance(slot.value, Known | Unset):
                changed = put(found, slot.path, blank(slot))
                if not comparison.of(expected, changed):
                    overlooked.add(".".join(slot.key))
    assert overlooked <= {*IGNORED, *NOT_TOLD_BY_CLOUDFORMATION}


def test_a_resource_that_is_missing_or_too_many_is_a_difference() -> None:
    (scene,) = scenes_in("two", "Resources: {A: {Type: AWS::S3::Bucket}, B: {Type: AWS::S3::Bucket}}")
    writer, files = written(scene, 0)
    one, other = collected(files).all(Bucket)
    less = Comparison(scene.estate, Estate([one]), writer).run()
    assert [str(difference) for difference in less] == [
        f"Bucket: expected '{other.address}', found 'nothing'",
    ]
    more = Comparison(Estate(scene.estate.resources[:1]), Estate([one, other]), writer).run()
    assert len(more) == 1


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
def test_terraform_reads_the_text(tmp_path: Path) -> None:
    """`terraform fmt` needs no provider, and fails on what is no HCL."""
    scenes = [scene for check in CHECKS.values() for scene in scenes_of(check)]
    scenes += [scene for path in RICH for scene in scenes_in(path.stem, path.read_text())]
    for number, scene in enumerate(scenes):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, text in written(scene, number)[1].items():
            (folder / name).write_text(text, encoding="utf-8")
    command = ["terraform", "fmt", "-recursive", "-write=false", "-list=false", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
