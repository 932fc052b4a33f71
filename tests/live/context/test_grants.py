"""S3 Access Grants: the instance of a Region, its locations and its grants."""

from typing import Any

import pytest

from s3audit.collectors.live.context.grants import GRANTS_READER
from s3audit.demo.world import ACCOUNT, REGION
from s3audit.model.access_grants import AccessGrant, AccessGrantsInstance, AccessGrantsLocation
from s3audit.setting import Known
from tests.live.context.scene import Scene, listed, only, value, values, why

ARN = f"arn:aws:s3:{REGION}:{ACCOUNT}:access-grants/default"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/grants"
CENTER = "arn:aws:sso:::instance/ssoins-1"
GRANT = {
    "AccessGrantId": "g-1",
    "AccessGrantArn": f"{ARN}/grant/g-1",
    "Grantee": {"GranteeType": "DIRECTORY_GROUP", "GranteeIdentifier": "group-1"},
    "Permission": "READWRITE",
    "AccessGrantsLocationId": "l-1",
    "AccessGrantsLocationConfiguration": {"S3SubPrefix": "team/*"},
    "GrantScope": "s3://data/team/*",
    "ApplicationArn": "ALL",
}
EVERY = {("access-grants-instance", REGION), ("access-grants-location", REGION), ("access-grant", REGION)}


def told(scene: Scene) -> None:
    instance = {
        "AccessGrantsInstanceId": "default",
        "AccessGrantsInstanceArn": ARN,
        "IdentityCenterInstanceArn": CENTER,
    }
    scene.world.tell("s3control:ListAccessGrantsInstances", {"AccessGrantsInstancesList": [instance]})
    scene.world.tell("s3control:GetAccessGrantsInstanceResourcePolicy", {"Policy": '{"Statement": []}'})
    scene.world.tell(
        "s3control:ListTagsForResource", {"Tags": [{"Key": "team", "Value": "data"}]}, {"ResourceArn": ARN}
    )
    location = {
        "AccessGrantsLocationId": "l-1",
        "AccessGrantsLocationArn": f"{ARN}/location/l-1",
        "LocationScope": "s3://data/",
        "IAMRoleArn": ROLE,
    }
    scene.world.tell("s3control:ListAccessGrantsLocations", {"AccessGrantsLocationsList": [location]})
    scene.world.tell("s3control:ListAccessGrants", {"AccessGrantsList": [GRANT]})


def test_an_instance_is_read_with_what_is_in_it(scene: Scene) -> None:
    told(scene)
    read = scene.read(GRANTS_READER)
    instance = only(read, AccessGrantsInstance)
    assert (instance.address, value(instance.arn), value(instance.region)) == (ARN, ARN, REGION)
    assert values(instance, "id", "identity_center") == {"id": "default", "identity_center": CENTER}
    assert instance.policy.at.call == "s3control:GetAccessGrantsInstanceResourcePolicy"
    assert isinstance(instance.policy, Known)
    assert [value(tag.value) for tag in value(instance.tags)] == ["data"]
    location = only(read, AccessGrantsLocation)
    assert (location.address, location.title) == (f"{ARN}/location/l-1", "s3://data/")
    assert values(location, "id", "scope", "role") == {"id": "l-1", "scope": "s3://data/", "role": ROLE}
    assert location.role.at.call == "s3control:ListAccessGrantsLocations"
    grant = only(read, AccessGrant)
    assert (grant.address, grant.title) == (f"{ARN}/grant/g-1", "s3://data/team/*")
    told_of_it = (
        "id",
        "location",
        "sub_prefix",
        "scope",
        "grantee_type",
        "grantee",
        "permission",
        "application",
    )
    assert values(grant, *told_of_it) == {
        "id": "g-1",
        "location": "l-1",
        "sub_prefix": "team/*",
        "scope": "s3://data/team/*",
        "grantee_type": "DIRECTORY_GROUP",
        "grantee": "group-1",
        "permission": "READWRITE",
        "application": "ALL",
    }
    assert listed(read) == dict.fromkeys(EVERY, "")


def test_without_an_instance_there_is_nothing_in_it(scene: Scene) -> None:
    read = scene.read(GRANTS_READER)
    assert (read.resources, listed(read)) == ((), dict.fromkeys(EVERY, ""))
    assert scene.world.requests == {"s3control:ListAccessGrantsInstances": 1}


def test_an_instance_may_have_no_policy(scene: Scene) -> None:
    told(scene)
    scene.world.refuse(
        "s3control:GetAccessGrantsInstanceResourcePolicy",
        "AccessGrantsInstanceResourcePolicyNotExists",
        status=404,
    )
    assert value(only(scene.read(GRANTS_READER), AccessGrantsInstance).policy) is None


def test_all_pages_of_grants_are_listed(scene: Scene) -> None:
    told(scene)
    grants = [GRANT | {"AccessGrantArn": f"{ARN}/grant/{n}"} for n in range(3)]
    scene.world.tell("s3control:ListAccessGrants", {"AccessGrantsList": grants}, page=2)
    read = scene.read(GRANTS_READER)
    found = [one.address for one in read.resources if isinstance(one, AccessGrant)]
    assert found == [f"{ARN}/grant/{n}" for n in range(3)]
    assert scene.world.requests["s3control:ListAccessGrants"] == 2


@pytest.mark.parametrize(
    ("operation", "kinds"),
    [
        ("ListAccessGrantsInstances", {kind for kind, _ in EVERY}),
        ("ListAccessGrantsLocations", {"access-grants-location"}),
        ("ListAccessGrants", {"access-grant"}),
    ],
)
def test_what_can_not_be_listed_is_a_gap_of_all_that_it_would_tell(
    scene: Scene, operation: str, kinds: set[str]
) -> None:
    told(scene)
    scene.deny(f"s3control:{operation}")
    read = scene.read(GRANTS_READER)
    said = f"s3control:{operation} was denied, it needs the permission s3:{operation}"
    expected: dict[Any, str] = {(kind, region): said if kind in kinds else "" for kind, region in EVERY}
    assert listed(read) == expected


@pytest.mark.parametrize(
    ("operation", "field"),
    [("GetAccessGrantsInstanceResourcePolicy", "policy"), ("ListTagsForResource", "tags")],
)
def test_what_is_denied_of_the_instance_is_not_known(scene: Scene, operation: str, field: str) -> None:
    told(scene)
    scene.deny(f"s3control:{operation}")
    instance = only(scene.read(GRANTS_READER), AccessGrantsInstance)
    said = f"s3control:{operation} was denied, it needs the permission s3:{operation}"
    assert why(getattr(instance, field)) == said
    assert value(instance.id) == "default"
