"""Roles that something refers to, and their policies."""

from datetime import UTC, datetime
from typing import Any

import pytest

from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.named import read_named
from s3audit.collectors.live.place import Place
from s3audit.demo.faults import denied
from s3audit.demo.server import Server
from s3audit.model.base import Resource
from tests.live.neighbours.seen import calls, only, own, plain, whose

ROLE = "arn:aws:iam::123456789012:role/jobs/copy"
MANAGED = "arn:aws:iam::123456789012:policy/jobs/reads"
AWS_MANAGED = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
AT = datetime(2025, 1, 2, tzinfo=UTC)
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}}],
}
READS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject"}]}


@pytest.fixture
def _told(server: Server) -> None:
    role = {"Path": "/jobs/", "RoleName": "copy", "RoleId": "AROA1", "Arn": ROLE, "CreateDate": AT}
    role |= {
        "AssumeRolePolicyDocument": TRUST,
        "MaxSessionDuration": 7200,
        "PermissionsBoundary": {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": BOUNDARY,
        },
        "Tags": [{"Key": "team", "Value": "shop"}],
    }
    of_role = {"RoleName": "copy"}
    server.world.tell("iam:GetRole", {"Role": role}, of_role)
    server.world.tell("iam:ListRolePolicies", {"PolicyNames": ["a", "b", "c"]}, of_role, page=2)
    for name in "abc":
        policy = {**of_role, "PolicyName": name, "PolicyDocument": READS}
        server.world.tell("iam:GetRolePolicy", policy, {"PolicyName": name})
    attached = [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in (MANAGED, AWS_MANAGED)]
    server.world.tell("iam:ListAttachedRolePolicies", {"AttachedPolicies": attached}, of_role, page=1)
    for arn, path in ((MANAGED, "/jobs/"), (AWS_MANAGED, "/"), (BOUNDARY, "/")):
        managed: dict[str, Any] = {"PolicyName": arn.rpartition("/")[2], "Arn": arn, "Path": path}
        managed |= {"DefaultVersionId": "v3", "Tags": [{"Key": "team", "Value": "shop"}]}
        server.world.tell("iam:GetPolicy", {"Policy": managed}, {"PolicyArn": arn})
        version = {"Document": READS, "VersionId": "v3", "IsDefaultVersion": True}
        asked = {"PolicyArn": arn, "VersionId": "v3"}
        server.world.tell("iam:GetPolicyVersion", {"PolicyVersion": version}, asked)


def read(asker: Asker, place: Place) -> dict[str, Resource]:
    found = read_named(asker, place, "", [("role", ROLE)])
    assert (found.listings, found.unlisted) == ((), ())
    return {one.address: one for one in found.resources}


@pytest.mark.usefixtures("_told")
def test_a_role_is_told_with_its_policies(asker: Asker, place: Place) -> None:
    role = read(asker, place)[ROLE]
    assert (role.title, plain(role.arn), plain(role.account)) == ("copy", ROLE, "123456789012")
    assert plain(role.tags) == [{"key": "team", "value": "shop"}]
    assert plain(role.exists) is True
    assert own(role) == {
        "name": "copy",
        "path": "/jobs/",
        "id": "AROA1",
        "assume_role_policy": TRUST,
        "policies": [{"name": name, "document": READS} for name in "abc"],
        "attached_policies": [MANAGED, AWS_MANAGED],
        "permissions_boundary": BOUNDARY,
        "max_session_duration": 7200,
    }
    assert calls(role) == {
        **dict.fromkeys(own(role), "iam:GetRole"),
        "policies": "iam:ListRolePolicies",
        "attached_policies": "iam:ListAttachedRolePolicies",
    }
    document = role.policies.value[0].value.document  # type: ignore[attr-defined]
    assert document.at.call == "iam:GetRolePolicy"


@pytest.mark.usefixtures("_told")
def test_the_managed_policies_of_a_role_are_read_once(server: Server, asker: Asker, place: Place) -> None:
    found = read(asker, place)
    assert set(found) == {ROLE, MANAGED, AWS_MANAGED, BOUNDARY}
    assert own(found[MANAGED]) == {
        "name": "reads",
        "path": "/jobs/",
        "document": READS,
        "roles": [],
        "users": [],
        "groups": [],
    }
    assert calls(found[MANAGED])["document"] == "iam:GetPolicyVersion"
    assert whose(found[AWS_MANAGED])[:2] == (AWS_MANAGED, "aws")
    assert server.world.requests["iam:GetPolicy"] == 3


@pytest.mark.usefixtures("_told")
def test_one_policy_that_is_denied_leaves_the_others(server: Server, asker: Asker, place: Place) -> None:
    server.world.faults.add(denied(), "iam:GetRolePolicy", about="b")
    server.world.faults.add(denied(), "iam:GetPolicyVersion", about=MANAGED)
    found = read(asker, place)
    why = "was denied, it needs the permission"
    assert own(found[ROLE])["policies"] == [
        {"name": "a", "document": READS},
        {"name": "b", "document": f"? iam:GetRolePolicy {why} iam:GetRolePolicy"},
        {"name": "c", "document": READS},
    ]
    assert own(found[MANAGED])["document"] == f"? iam:GetPolicyVersion {why} iam:GetPolicyVersion"
    assert own(found[MANAGED])["name"] == "reads"
    assert own(found[BOUNDARY])["document"] == READS


@pytest.mark.usefixtures("_told")
def test_a_policy_that_went_meanwhile_is_none(server: Server, asker: Asker, place: Place) -> None:
    server.world.refuse("iam:GetRolePolicy", "NoSuchEntity", status=404, when={"PolicyName": "b"})
    assert [one["name"] for one in own(read(asker, place)[ROLE])["policies"]] == ["a", "c"]


def test_a_role_that_is_not_there_is_known_not_to_be(server: Server, asker: Asker, place: Place) -> None:
    role = only(tuple(read(asker, place).values()))
    assert plain(role.exists) is False
    assert (role.title, plain(role.account), role.exists.at.call) == ("copy", "123456789012", "iam:GetRole")
    assert sum(server.world.requests.values()) == 1


def test_of_a_role_that_is_denied_nothing_is_known(server: Server, asker: Asker, place: Place) -> None:
    server.world.faults.add(denied("service"), "iam:*")
    role = only(tuple(read(asker, place).values()))
    why = "was denied, an explicit deny in a service control policy forbids"
    assert plain(role.exists) == f"? iam:GetRole {why} iam:GetRole"
    assert own(role)["assume_role_policy"] == f"? iam:GetRole {why} iam:GetRole"
    assert own(role)["policies"] == f"? iam:ListRolePolicies {why} iam:ListRolePolicies"
    assert own(role)["attached_policies"].startswith(f"? iam:ListAttachedRolePolicies {why}")
