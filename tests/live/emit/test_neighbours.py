"""What stands around buckets comes back through the readers of the live collector."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.context.access_points import ACCESS_POINT_READERS
from s3audit.collectors.live.context.backup import BACKUP_READER
from s3audit.collectors.live.context.distributions import DISTRIBUTION_READERS
from s3audit.collectors.live.context.dns import DNS_READER
from s3audit.collectors.live.context.files import FILES_READER
from s3audit.collectors.live.context.identity import read_managed_policy, read_role
from s3audit.collectors.live.context.keys import KEY_READERS, read_key
from s3audit.collectors.live.context.lens import LENS_READERS
from s3audit.collectors.live.context.network import (
    BALANCERS,
    CLASSIC_BALANCERS,
    ENDPOINTS,
    ROUTE_TABLES,
    SECURITY_GROUPS,
    SUBNETS,
    VPCS,
)
from s3audit.collectors.live.context.tables import TABLES_READER
from s3audit.collectors.live.context.targets import read_function, read_queue, read_topic
from s3audit.collectors.live.context.trails import TRAIL_READERS
from s3audit.collectors.live.context.vectors import VECTORS_READER
from s3audit.collectors.live.context.watch import WATCH_READERS
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Reader
from s3audit.collectors.live.transport import BotoTransport, Transport
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT, REGION, World
from s3audit.model.base import Resource, kind_of
from s3audit.model.identity import ManagedPolicy, Role
from s3audit.model.key import KmsKey
from s3audit.model.target import Function, Queue, Topic
from tests.checks.examples import CHECKS
from tests.live.emit.compare import UNKNOWN, plain
from tests.live.emit.estate import emit
from tests.live.emit.names import Names
from tests.live.emit.neighbours import NEIGHBOURS
from tests.terraform.emit.scenes import RICH, Scene, scenes_in, scenes_of


def _has_neighbours(scene: Scene) -> bool:
    return any(kind_of(type(one)) in NEIGHBOURS for one in scene.estate.resources)


_SCENES = [scene for path in RICH for scene in scenes_in(path.stem, path.read_text(encoding="utf-8"))] + [
    scene for check in CHECKS.values() for scene in scenes_of(check) if _has_neighbours(scene)
]
_READERS: tuple[Reader, ...] = (
    *TRAIL_READERS,
    *WATCH_READERS,
    *LENS_READERS,
    BALANCERS,
    CLASSIC_BALANCERS,
    ENDPOINTS,
    VPCS,
    *DISTRIBUTION_READERS,
    *KEY_READERS,
    *ACCESS_POINT_READERS,
    BACKUP_READER,
    DNS_READER,
    FILES_READER,
    ROUTE_TABLES,
    SECURITY_GROUPS,
    SUBNETS,
    TABLES_READER,
    VECTORS_READER,
)
_ONLY_WRITTEN = {
    "Table.encryption": "AWS answers AES256 where nothing is written",
    "TableBucket.encryption": "AWS answers AES256 where nothing is written",
    "TableBucket.removal": "an account keeps no word of it",
    "VectorBucket.encryption": "AWS answers AES256 where nothing is written",
    "VectorBucket.removal": "an account keeps no word of it",
    "KmsKey.pending_window_days": "KMS tells it of keys that wait for their deletion",
    "Function.role": "it stands beside the environment, which is not asked for",
    "Function.kms_key": "it stands beside the environment, which is not asked for",
    "Function.permissions": "Lambda makes a policy of them",
}
_UNASKED = frozenset({"log-group"})
"""What no call is made for: others name it."""
_OF_THE_SOURCE = frozenset(
    {"address", "at", "origin", "title", "arn", "account", "region", "tags", "duplicates"}
)


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Server, Transport]]:
    with Server() as server:
        yield server, BotoTransport(server.session(), endpoint_url=server.url, region=REGION)


@pytest.mark.parametrize("scene", _SCENES, ids=lambda scene: scene.name)
def test_a_neighbour_comes_back_as_it_was_emitted(running: tuple[Server, Transport], scene: Scene) -> None:
    server, transport = running
    server.world = World()
    emitted = emit(scene.estate, server)
    asker, place = Asker(transport), Place(ACCOUNT)
    names = Names(scene.estate, ACCOUNT, REGION)
    found: dict[str, Resource] = {}
    for reader in _READERS:
        read = reader.read(asker, place, REGION)
        assert read.unlisted == ()
        found |= {one.address: one for one in read.resources}
    for expected in scene.estate.resources:
        kind = kind_of(type(expected))
        if kind not in NEIGHBOURS or kind in _UNASKED or expected.address not in emitted.arns:
            continue
        arn = emitted.arns[expected.address]
        found |= {one.address: one for one in _named(asker, place, expected, arn)}
        assert arn in found, arn
        assert _different(expected, found[arn], names) == {}, arn


def _named(asker: Asker, place: Place, expected: Resource, arn: str) -> tuple[Resource, ...]:
    """What no listing shows, asked for by name."""
    match expected:
        case KmsKey():
            return read_key(asker, place, REGION, arn)
        case Role():
            return (read_role(asker, place, arn),)
        case ManagedPolicy():
            return (read_managed_policy(asker, place, arn),)
        case Topic():
            return (read_topic(asker, place, REGION, arn),)
        case Queue():
            return (read_queue(asker, place, REGION, arn),)
        case Function():
            return (read_function(asker, place, REGION, arn),)
        case _:
            return ()


def _without_empty(value: Any) -> Any:
    """CloudFront answers an empty text where there is nothing."""
    match value:
        case "":
            return None
        case dict():
            return {key: _without_empty(one) for key, one in value.items()}
        case list():
            return [_without_empty(one) for one in value]
        case _:
            return value


def _different(expected: Resource, found: Resource, names: Names) -> dict[str, tuple[Any, Any]]:
    """By field: what was meant and what was collected; a template does not say what AWS makes up."""
    assert type(expected) is type(found)
    wrong = {}
    for field in msgspec.structs.fields(expected):
        if field.name in _OF_THE_SOURCE:
            continue
        if f"{type(expected).__name__}.{field.name}" in _ONLY_WRITTEN:
            continue
        one, other = (_without_empty(plain(getattr(which, field.name), names)) for which in (expected, found))
        if one not in (other, UNKNOWN, None):
            wrong[field.name] = one, other
    return wrong


def test_the_permissions_of_a_function_come_back_as_its_policy(running: tuple[Server, Transport]) -> None:
    server, transport = running
    server.world = World()
    text = (
        "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {FunctionName: resize, Role: r}\n"
        "  P:\n    Type: AWS::Lambda::Permission\n    Properties: {FunctionName: !Ref F, "
        "Action: 'lambda:InvokeFunction', Principal: s3.amazonaws.com, SourceAccount: '123456789012'}\n"
        "  B: {Type: AWS::S3::Bucket}\n"
    )
    [scene] = scenes_in("function", text)
    [function] = scene.estate.all(Function)
    arn = emit(scene.estate, server).arns[function.address]
    found = read_function(Asker(transport), Place(ACCOUNT), REGION, arn)
    assert isinstance(found, Function)
    assert plain(found.policy, Names(scene.estate, ACCOUNT, REGION))["Statement"] == [
        {
            "Sid": "p1",
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": arn,
            "Condition": {"StringEquals": {"AWS:SourceAccount": "123456789012"}},
        }
    ]
