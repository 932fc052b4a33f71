"""Whatever goes wrong with a call: what is read is as it was without the fault, or is not known."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
import pytest

from s3audit.collectors.live.context.access_points import ACCESS_POINT_READERS
from s3audit.collectors.live.context.account import ACCOUNT_READER
from s3audit.collectors.live.context.batch import BATCH_READER
from s3audit.collectors.live.context.files import FILES_READER
from s3audit.collectors.live.context.grants import GRANTS_READER
from s3audit.collectors.live.context.lens import LENS_READERS
from s3audit.collectors.live.context.tables import TABLES_READER
from s3audit.collectors.live.context.vectors import VECTORS_READER
from s3audit.collectors.live.reading import Read, Reader
from s3audit.demo import faults
from s3audit.demo.faults import Fault
from s3audit.model.account import Account
from s3audit.setting import Known, Unknown
from tests.live.context import (
    test_access_points,
    test_account,
    test_batch,
    test_files,
    test_grants,
    test_lens,
    test_tables,
    test_vectors,
)
from tests.live.context.scene import Scene, listed

GENERAL, DIRECTORY, MULTI_REGION, OBJECT_LAMBDA = ACCESS_POINT_READERS
Tell = Callable[[Scene], None]
CASES: Mapping[str, tuple[Reader, Tell]] = {
    "account": (ACCOUNT_READER, test_account.told),
    "access points": (GENERAL, test_access_points.general),
    "access points of directory buckets": (DIRECTORY, test_access_points.directory),
    "multi-Region access points": (MULTI_REGION, test_access_points.multi_region),
    "Object Lambda access points": (OBJECT_LAMBDA, test_access_points.object_lambda),
    "access grants": (GRANTS_READER, test_grants.told),
    "dashboards": (LENS_READERS[0], test_lens.told),
    "batch jobs": (BATCH_READER, lambda scene: test_batch.told(scene, Manifest=test_batch.MANIFEST)),
    "table buckets": (TABLES_READER, test_tables.told),
    "vector buckets": (VECTORS_READER, test_vectors.told),
    "file systems": (FILES_READER, test_files.told),
}
FAULTS: Mapping[str, Fault] = {
    "denied": faults.denied(),
    "failing": faults.failing(),
    "unknown 404": faults.refused("NoSuchThing", status=404),
    "another document": faults.other_document(),
    "nothing": faults.empty(),
    "half of it": faults.cut(),
}
ONLY_WHETHER_IT_IS_THERE = "s3tables:GetTableBucket"


def differences(whole: Any, now: Any, path: str) -> Iterator[str]:
    """Where something is known otherwise than it was."""
    match whole, now:
        case _, Unknown():
            return
        case (Known(value=before), Known(value=after)):
            yield from differences(before, after, path)
        case tuple(), tuple():
            if len(whole) != len(now):
                yield f"{path}: {len(now)} instead of {len(whole)}"
            for before, after in zip(whole, now, strict=False):
                yield from differences(before, after, path)
        case msgspec.Struct(), msgspec.Struct():
            for name in whole.__struct_fields__:
                if name not in ("at", "via"):
                    yield from differences(getattr(whole, name), getattr(now, name), f"{path}.{name}")
        case _:
            if whole != now:
                yield f"{path}: {now} instead of {whole}"


def test_a_difference_is_seen(scene: Scene) -> None:
    test_batch.told(scene)
    whole = scene.read(BATCH_READER)
    scene.world.tell("s3control:ListJobs", {"Jobs": [test_batch.JOB | {"Status": "Failed"}]})
    now = scene.read(BATCH_READER)
    assert list(differences(whole.resources, now.resources, "")) == [".status: Failed instead of Complete"]


def wrong(whole: Read, now: Read) -> Iterator[str]:
    """What a fault made of a read, and must not have."""
    left = {one.address: one for one in now.resources}
    lost = {one.kind for one in now.unlisted}
    for before in whole.resources:
        after = left.pop(before.address, None)
        kind = type(before).__struct_config__.tag
        if after is not None:
            yield from differences(before, after, before.address)
        elif kind not in lost:
            yield f"{before.address} is not there, and {kind} was listed"
    yield from (f"{address} was made up" for address in left)
    if set(listed(now)) != set(listed(whole)):
        yield "a listing was forgotten"


@pytest.mark.parametrize("case", CASES)
def test_no_fault_of_any_call_makes_anything_up(case: str, scene: Scene) -> None:
    reader, tell = CASES[case]
    tell(scene)
    whole = scene.read(reader)
    assert whole.unlisted == ()
    calls = sorted(scene.world.requests)
    found: list[str] = []
    for call in calls:
        for name, fault in FAULTS.items():
            scene.world.faults.clear()
            scene.world.faults.add(fault, call)
            now = scene.read(reader)
            found += (f"{call} {name}: {said}" for said in wrong(whole, now))
            if now == whole and call != ONLY_WHETHER_IT_IS_THERE:
                found.append(f"{call} {name} made no difference")
    assert found == []
    assert calls


def test_all_that_goes_wrong_at_once_leaves_an_account(scene: Scene) -> None:
    test_account.told(scene)
    scene.fail(faults.garbage(), "*")
    (account,) = scene.read(ACCOUNT_READER).resources
    assert isinstance(account, Account)
    assert isinstance(account.public_access_block.block_public_acls, Unknown)
