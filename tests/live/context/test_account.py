"""An account as a whole."""

from collections.abc import Iterator
from typing import Any

import pytest

from s3audit.collectors.live.answers import Unseen
from s3audit.collectors.live.context.account import ACCOUNT_READER
from s3audit.collectors.live.listing import list_regions
from s3audit.collectors.live.place import Place
from s3audit.demo.faults import other_document
from s3audit.demo.world import ACCOUNT
from s3audit.model.account import Account
from s3audit.setting import Known
from tests.live.context.scene import PLACE, Scene, listed, only, value, values, why

BLOCKS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
POLICY = '{"s3_attributes": {"public_access_block_configuration": "all"}}'


def told(scene: Scene) -> None:
    scene.world.accounts[ACCOUNT].public_access_block = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": False,
        "RestrictPublicBuckets": False,
    }
    scene.world.tell("account:GetAccountInformation", {"AccountId": ACCOUNT, "AccountName": "shop"})
    regions = [{"RegionName": name} for name in ("us-east-1", "eu-west-1", "eu-central-1")]
    scene.world.tell("account:ListRegions", {"Regions": regions}, page=2)
    scene.world.tell("organizations:DescribeOrganization", {"Organization": {"Id": "o-abc"}})
    scene.world.tell(
        "organizations:DescribeEffectivePolicy",
        {"EffectivePolicy": {"PolicyContent": POLICY}},
        {"PolicyType": "S3_POLICY"},
    )


def test_an_account_is_read_whole(scene: Scene) -> None:
    told(scene)
    read = scene.read(ACCOUNT_READER, region="")
    account = only(read, Account)
    assert (account.address, account.title) == (f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT)
    assert values(account, "account", "name", "organization", "regions", "canonical_id") == {
        "account": ACCOUNT,
        "name": "shop",
        "organization": "o-abc",
        "regions": ["us-east-1", "eu-west-1", "eu-central-1"],
        "canonical_id": scene.world.accounts[ACCOUNT].canonical_id,
    }
    assert values(account.public_access_block, *BLOCKS, "by_organization") == {
        "block_public_acls": True,
        "ignore_public_acls": True,
        "block_public_policy": False,
        "restrict_public_buckets": False,
        "by_organization": "all",
    }
    assert listed(read) == {("account", ""): ""}
    calls = {
        "s3control:GetPublicAccessBlock": account.public_access_block.block_public_acls,
        "organizations:DescribeEffectivePolicy": account.public_access_block.by_organization,
        "s3:ListBuckets": account.canonical_id,
        "account:ListRegions": account.regions,
        "account:GetAccountInformation": account.name,
        "organizations:DescribeOrganization": account.organization,
    }
    assert {call: setting.at.call for call, setting in calls.items()} == {call: call for call in calls}
    assert scene.world.requests["s3:ListBuckets"] == 1


def test_without_a_block_all_four_are_off(scene: Scene) -> None:
    scene.world.refuse("organizations:DescribeEffectivePolicy", "EffectivePolicyNotFoundException")
    account = only(scene.read(ACCOUNT_READER), Account)
    assert set(values(account.public_access_block, *BLOCKS).values()) == {False}
    assert value(account.public_access_block.by_organization) is None


def test_outside_of_an_organization_there_is_none(scene: Scene) -> None:
    account = only(scene.read(ACCOUNT_READER), Account)
    assert value(account.organization) is None
    assert value(account.public_access_block.by_organization) is None


def fields(account: Account) -> Iterator[tuple[str, Any]]:
    for name in ("name", "canonical_id", "organization", "regions"):
        yield name, getattr(account, name)
    for name in (*BLOCKS, "by_organization"):
        yield name, getattr(account.public_access_block, name)


@pytest.mark.parametrize(
    ("operation", "action", "unknown"),
    [
        ("s3control:GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", BLOCKS),
        ("s3:ListBuckets", "s3:ListAllMyBuckets", ("canonical_id",)),
        ("account:GetAccountInformation", "account:GetAccountInformation", ("name",)),
        ("organizations:DescribeOrganization", "organizations:DescribeOrganization", ("organization",)),
        (
            "organizations:DescribeEffectivePolicy",
            "organizations:DescribeEffectivePolicy",
            ("by_organization",),
        ),
    ],
)
def test_the_account_is_there_whatever_is_denied(
    scene: Scene, operation: str, action: str, unknown: tuple[str, ...]
) -> None:
    told(scene)
    scene.deny(operation)
    account = only(scene.read(ACCOUNT_READER), Account)
    for name, setting in fields(account):
        if name in unknown:
            assert why(setting) == f"{operation} was denied, it needs the permission {action}"
        else:
            assert isinstance(setting, Known), name


def test_another_document_blocks_nothing_and_opens_nothing(scene: Scene) -> None:
    told(scene)
    scene.fail(other_document(), "s3control:GetPublicAccessBlock")
    account = only(scene.read(ACCOUNT_READER), Account)
    said = "s3control:GetPublicAccessBlock was answered with another document, ListBucketResult"
    assert [why(getattr(account.public_access_block, name)) for name in BLOCKS] == [said] * 4


@pytest.mark.parametrize("content", ["no JSON", '{"s3_attributes": []}', "[1]"])
def test_a_policy_that_is_none_is_not_read_as_one(scene: Scene, content: str) -> None:
    told(scene)
    scene.world.tell("organizations:DescribeEffectivePolicy", {"EffectivePolicy": {"PolicyContent": content}})
    account = only(scene.read(ACCOUNT_READER), Account)
    said = "organizations:DescribeEffectivePolicy told a policy that can't be read"
    assert why(account.public_access_block.by_organization) == said


def test_a_policy_may_still_have_its_operator(scene: Scene) -> None:
    told(scene)
    content = '{"s3_attributes": {"public_access_block_configuration": {"@@assign": "none"}}}'
    scene.world.tell("organizations:DescribeEffectivePolicy", {"EffectivePolicy": {"PolicyContent": content}})
    account = only(scene.read(ACCOUNT_READER), Account)
    assert value(account.public_access_block.by_organization) == "none"


def test_regions_are_asked_of_ec2_where_the_account_does_not_say(scene: Scene) -> None:
    told(scene)
    scene.deny("account:ListRegions")
    scene.world.tell("ec2:DescribeRegions", {"Regions": [{"RegionName": "eu-north-1"}]})
    account = only(scene.read(ACCOUNT_READER), Account)
    assert value(account.regions) == ["eu-north-1"]
    assert account.regions.at.call == "ec2:DescribeRegions"
    assert list_regions(scene.asker, PLACE) == ("eu-north-1",)


def test_regions_that_nobody_tells_are_not_known(scene: Scene) -> None:
    scene.deny("account:ListRegions")
    scene.deny("ec2:DescribeRegions")
    said = "account:ListRegions was denied, it needs the permission account:ListRegions"
    assert why(only(scene.read(ACCOUNT_READER), Account).regions) == said
    match list_regions(scene.asker, PLACE):
        case Unseen(reason="denied", why=reason):
            assert reason == said
        case other:
            raise AssertionError(other)


def test_an_account_of_china_is_named_as_such(scene: Scene) -> None:
    told(scene)
    account = only(scene.read(ACCOUNT_READER, region="", place=Place(ACCOUNT, "aws-cn")), Account)
    assert value(account.arn) == f"arn:aws-cn:iam::{ACCOUNT}:root"
