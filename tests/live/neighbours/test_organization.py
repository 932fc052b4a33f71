"""The organization above the account."""

import json
from typing import Any

import pytest

from s3audit.collectors.live.context.organization import ORGANIZATION_READER
from s3audit.demo.faults import denied
from s3audit.demo.server import Server
from s3audit.model.base import Resource
from s3audit.model.estate import Listing, Unlisted
from tests.live.neighbours.conftest import Look
from tests.live.neighbours.seen import calls, only, own, plain

ARN = "arn:aws:organizations::111111111111:organization/o-abcdefghij"
MEMBERS = ("111111111111", "222222222222", "333333333333")
DENIES = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
LISTING = Listing("organization", "123456789012", "")


def account(number: str, **more: Any) -> dict[str, Any]:
    return {"Id": number, "Name": f"account {number[0]}", "Status": "ACTIVE"} | more


@pytest.fixture
def _told(server: Server) -> None:
    world = server.world
    organization = {"Id": "o-abcdefghij", "Arn": ARN, "FeatureSet": "ALL", "MasterAccountId": MEMBERS[0]}
    world.tell("organizations:DescribeOrganization", {"Organization": organization})
    world.tell("organizations:ListAccounts", {"Accounts": list(map(account, MEMBERS))}, page=2)
    world.tell("organizations:ListRoots", {"Roots": [{"Id": "r-root"}]})
    tree = {"r-root": ["ou-root-shopshop"], "ou-root-shopshop": ["ou-root-prodprod"]}
    for parent, units in tree.items():
        told = {"OrganizationalUnits": [{"Id": unit} for unit in units]}
        world.tell("organizations:ListOrganizationalUnitsForParent", told, {"ParentId": parent})
    where = {"r-root": MEMBERS[:1], "ou-root-shopshop": MEMBERS[1:2], "ou-root-prodprod": MEMBERS[2:]}
    for parent, numbers in where.items():
        told = {"Accounts": [{"Id": number} for number in numbers]}
        world.tell("organizations:ListAccountsForParent", told, {"ParentId": parent})
    for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "S3_POLICY"):
        policy = {"Id": f"p-{kind[:2].lower()}", "Arn": f"{ARN}/{kind}", "Name": kind.lower(), "Type": kind}
        world.tell("organizations:ListPolicies", {"Policies": [policy]}, {"Filter": kind})
        content = {"PolicySummary": policy, "Content": json.dumps(DENIES)}
        world.tell("organizations:DescribePolicy", {"Policy": content}, {"PolicyId": policy["Id"]})
        targets = [{"TargetId": "r-root"}, {"TargetId": MEMBERS[2]}]
        asked = {"PolicyId": policy["Id"]}
        world.tell("organizations:ListTargetsForPolicy", {"Targets": targets}, asked, page=1)
    delegates = {"DelegatedAdministrators": [{"Id": number} for number in MEMBERS[1:]]}
    world.tell("organizations:ListDelegatedAdministrators", delegates, page=1)


def organization(look: Look) -> Resource:
    found = look(ORGANIZATION_READER)
    assert (found.listings, found.unlisted) == ((LISTING,), ())
    return only(found.resources)


def policy(kind: str) -> dict[str, Any]:
    return {
        "id": f"p-{kind[:2].lower()}",
        "type": kind,
        "name": kind.lower(),
        "document": DENIES,
        "targets": ["r-root", MEMBERS[2]],
    }


def member(number: str, *path: str) -> dict[str, Any]:
    return {"id": number, "name": f"account {number[0]}", "status": "ACTIVE", "path": list(path)}


@pytest.mark.usefixtures("_told")
def test_an_organization_is_told_with_its_members_and_policies(server: Server, look: Look) -> None:
    found = organization(look)
    assert (plain(found.arn), plain(found.account)) == (ARN, MEMBERS[0])
    assert own(found) == {
        "id": "o-abcdefghij",
        "management_account": MEMBERS[0],
        "delegated_administrators": list(MEMBERS[1:]),
        "members": [
            member(MEMBERS[0], "r-root"),
            member(MEMBERS[1], "r-root", "ou-root-shopshop"),
            member(MEMBERS[2], "r-root", "ou-root-shopshop", "ou-root-prodprod"),
        ],
        "policies": list(map(policy, ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "S3_POLICY"))),
    }
    assert calls(found) == {
        "id": "organizations:DescribeOrganization",
        "management_account": "organizations:DescribeOrganization",
        "delegated_administrators": "organizations:ListDelegatedAdministrators",
        "members": "organizations:ListAccounts",
        "policies": "organizations:ListPolicies",
    }
    one = found.policies.value[0].value  # type: ignore[attr-defined]
    assert one.document.at.call == "organizations:DescribePolicy"
    assert one.targets.at.call == "organizations:ListTargetsForPolicy"
    assert server.world.requests["organizations:ListAccounts"] == 2


@pytest.mark.usefixtures("_told")
def test_where_the_list_of_accounts_tells_their_paths_nobody_walks_the_tree(
    server: Server, look: Look
) -> None:
    path = f"o-abcdefghij/r-root/ou-root-shopshop/{MEMBERS[1]}/"
    listed = [account(MEMBERS[1], Paths=[path], State="SUSPENDED")]
    server.world.tell("organizations:ListAccounts", {"Accounts": listed})
    found = own(organization(look))["members"]
    assert found == [member(MEMBERS[1], "r-root", "ou-root-shopshop") | {"status": "SUSPENDED"}]
    assert server.world.requests["organizations:ListRoots"] == 0


@pytest.mark.usefixtures("_told")
def test_a_part_of_the_tree_that_is_denied_leaves_open_who_is_in_it(server: Server, look: Look) -> None:
    server.world.faults.add(denied(), "organizations:ListAccountsForParent", about="ou-root-shopshop")
    paths = [one["path"] for one in own(organization(look))["members"]]
    why = "was denied, it needs the permission organizations:ListAccountsForParent"
    assert paths == [
        ["r-root"],
        f"? organizations:ListAccountsForParent {why}",
        ["r-root", "ou-root-shopshop", "ou-root-prodprod"],
    ]


@pytest.mark.usefixtures("_told")
def test_a_member_sees_little_and_says_so(server: Server, look: Look) -> None:
    for call in ("ListAccounts", "ListPolicies", "ListDelegatedAdministrators"):
        server.world.faults.add(denied(), f"organizations:{call}")
    found = own(organization(look))
    assert found["id"] == "o-abcdefghij"
    for field, call in (
        ("members", "ListAccounts"),
        ("policies", "ListPolicies"),
        ("delegated_administrators", "ListDelegatedAdministrators"),
    ):
        why = f"organizations:{call} was denied, it needs the permission organizations:{call}"
        assert found[field] == f"? {why}"


@pytest.mark.usefixtures("_told")
def test_a_type_of_policies_that_is_denied_leaves_open_whether_there_are_more(
    server: Server, look: Look
) -> None:
    server.world.faults.add(denied(), "organizations:ListPolicies", about="S3_POLICY")
    server.world.faults.add(denied(), "organizations:DescribePolicy", about="p-se")
    found = own(organization(look))["policies"]
    assert found[0]["document"].startswith("? organizations:DescribePolicy was denied")
    assert found[0]["targets"] == ["r-root", MEMBERS[2]]
    assert found[1] == policy("RESOURCE_CONTROL_POLICY")
    assert found[2].startswith("? organizations:ListPolicies was denied")


def test_an_account_that_stands_alone_has_no_organization(server: Server, look: Look) -> None:
    server.world.refuse("organizations:DescribeOrganization", "AWSOrganizationsNotInUseException")
    found = look(ORGANIZATION_READER)
    assert (found.resources, found.listings, found.unlisted) == ((), (LISTING,), ())


def test_an_organization_that_is_denied_may_be_there(server: Server, look: Look) -> None:
    server.world.faults.add(denied(), "organizations:*")
    found = look(ORGANIZATION_READER)
    why = "organizations:DescribeOrganization was denied, it needs the permission organizations:"
    assert (found.resources, found.listings) == ((), ())
    assert found.unlisted == (Unlisted("organization", "123456789012", "", f"{why}DescribeOrganization"),)
