"""What is put to the server comes back through the live collector, section for section."""

from collections.abc import Iterator

import msgspec
import pytest

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.buckets import ListedBucket, collect_bucket
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.transport import BotoTransport, Transport
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT, REGION, World
from s3audit.model.acl import Grant
from s3audit.model.bucket import Bucket, RequestPayment
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unset
from s3audit.text import Text
from tests.checks.examples import CHECKS
from tests.live.emit.compare import differences, plain
from tests.live.emit.estate import emit
from tests.live.emit.names import Names
from tests.live.emit.sections import SECTIONS
from tests.terraform.emit.scenes import RICH, Scene, scenes_in, scenes_of

_RICH = [scene for path in RICH for scene in scenes_in(path.stem, path.read_text(encoding="utf-8"))]
# The verdicts of all examples are compared elsewhere.
_EXAMPLES = [scene for check in CHECKS.values() for scene in scenes_of(check)][::5]


def _paying() -> Scene:
    """What no template can say: whoever asks pays."""
    text = "Resources: {B: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: owner, Value: 'a & b'}]}}}"
    [scene] = scenes_in("paying", text)
    [bucket] = scene.estate.all(Bucket)
    payment = RequestPayment(payer=Known("Requester", bucket.at))
    return scene._replace(estate=Estate([msgspec.structs.replace(bucket, request_payment=payment)]))


_RICH.append(_paying())


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Server, Transport]]:
    with Server() as server:
        yield server, BotoTransport(server.session(), endpoint_url=server.url, region=REGION)


@pytest.mark.parametrize("scene", [*_RICH, *_EXAMPLES], ids=lambda scene: scene.name)
def test_every_section_comes_back_as_it_was_emitted(running: tuple[Server, Transport], scene: Scene) -> None:
    for expected, found, names, left in _collected(running, scene):
        assert differences(expected, found, names, left) == {}, expected.address


def test_every_section_is_emitted_with_something_in_it(running: tuple[Server, Transport]) -> None:
    written = {
        field
        for scene in _RICH
        for expected, _, names, left in _collected(running, scene)
        for field in SECTIONS
        if field not in left and plain(getattr(expected, field), names) != _default(field)
    }
    # Of ACLs there are tests of their own.
    assert written == SECTIONS.keys() - {"acl"}


def test_a_canned_acl_comes_back_as_its_grants(running: tuple[Server, Transport]) -> None:
    text = (
        "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      AccessControl: PublicRead\n"
        "      OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}\n"
    )
    [scene] = scenes_in("acl", text)
    [(_, found, _, left)] = _collected(running, scene)
    assert left == frozenset()
    match found.acl.grants:
        case Known((Known(Grant() as owner), Known(Grant() as everyone))):
            assert [str(_value(owner.type)), str(_value(everyone.uri))] == [
                "CanonicalUser",
                "http://acs.amazonaws.com/groups/global/AllUsers",
            ]
            assert [_value(owner.permission), _value(everyone.permission)] == ["FULL_CONTROL", "READ"]
        case other:
            pytest.fail(str(other))


def test_the_grants_of_an_acl_come_back(running: tuple[Server, Transport]) -> None:
    text = (
        "Resources: {B: {Type: AWS::S3::Bucket, Properties: "
        "{OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}}}}"
    )
    [scene] = scenes_in("grants", text)
    [bucket] = scene.estate.all(Bucket)
    at = bucket.at
    given = Grant(
        type=Known("CanonicalUser", at),
        id=Known(Text(("abc",)), at),
        uri=Unset(None, at),
        email=Unset(None, at),
        display_name=Unset(None, at),
        permission=Known("WRITE_ACP", at),
    )
    acl = msgspec.structs.replace(
        bucket.acl, grants=Known((Known(given, at),), at), owner=Known(Text(("owner",)), at)
    )
    estate = Estate([msgspec.structs.replace(bucket, acl=acl)])
    [(_, found, names, left)] = _collected(running, scene._replace(estate=estate))
    assert left == frozenset()
    assert plain(found.acl.grants, names) == plain(acl.grants, names)
    assert plain(found.acl.owner, names) == "owner"


def test_what_is_not_known_is_denied(running: tuple[Server, Transport]) -> None:
    text = (
        "Parameters: {Log: {Type: String}}\nResources:\n  B:\n    Type: AWS::S3::Bucket\n"
        "    Properties:\n      LoggingConfiguration: {DestinationBucketName: !Ref Log}\n"
        "      CorsConfiguration: {'Fn::Transform': {Name: Cors}}\n"
    )
    [scene] = scenes_in("unknown", text)
    [(_, found, _, left)] = _collected(running, scene)
    assert left == {"logging"}
    assert "s3:GetBucketCORS" in str(found.cors)


def test_what_a_live_account_can_not_have_is_left_out(running: tuple[Server, Transport]) -> None:
    server, _ = running
    text = (
        "Parameters: {On: {Type: String}}\nConditions: {IsOn: !Equals [!Ref On, !Ref AWS::StackName]}\nResources:\n"
        "  A: {Type: AWS::S3::Bucket, Condition: IsOn}\n"
        "  B: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead}}\n"
    )
    [scene] = [one for one in scenes_in("left", text) if one.estate.resources][:1]
    server.world = World()
    emitted = emit(scene.estate, server)
    assert {(one.address, one.what, one.why.partition(":")[0]) for one in emitted.left} == {
        ("Resources.A", "", "the condition IsOn is open"),
        ("Resources.B", "acl", "S3 refuses it"),
    }
    assert [arn.startswith("arn:aws:s3:::b-x") for arn in emitted.arns.values()] == [True]


def _collected(
    running: tuple[Server, Transport], scene: Scene
) -> Iterator[tuple[Bucket, Bucket, Names, frozenset[str]]]:
    """Each bucket of a scene that can be emitted, as it was meant and as it was collected."""
    server, transport = running
    server.world = World()
    emitted = emit(scene.estate, server)
    names = Names(scene.estate, ACCOUNT, REGION)
    asker, place = Asker(transport), Place(ACCOUNT)
    for bucket in scene.estate.all(Bucket):
        if bucket.address not in emitted.arns:
            continue
        name = names.own[bucket.address]
        found = collect_bucket(ListedBucket(name, REGION, "", bucket.type), place, asker)
        assert found is not None
        assert found.address == emitted.arns[bucket.address]
        left = {one.what for one in emitted.left if one.address == bucket.address}
        if bucket.type == "directory":
            left |= SECTIONS.keys() - {"encryption", "lifecycle", "policy", "inventory", "metrics"}
        yield bucket, found, names, frozenset(left)


def _default(field: str) -> object:
    """What a bucket has of which nothing is said."""
    [scene] = scenes_in("default", "Resources: {B: {Type: AWS::S3::Bucket}}")
    [bucket] = scene.estate.all(Bucket)
    return plain(getattr(bucket, field), Names(scene.estate, ACCOUNT, REGION))


def _value(setting: object) -> object:
    assert isinstance(setting, Known | Unset)
    return setting.value if isinstance(setting, Known) else setting.default
