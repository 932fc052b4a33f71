"""Storage Lens: dashboards and groups at home in a Region."""

from typing import Any

import pytest

from s3audit.collectors.live.context.lens import LENS_READERS
from s3audit.collectors.live.reading import Reading
from s3audit.demo.faults import refused
from s3audit.demo.world import ACCOUNT, REGION
from s3audit.model.lens import StorageLens, StorageLensGroup
from s3audit.setting import Known
from tests.live.context.scene import Scene, listed, only, value, values, why

DASHBOARDS, GROUPS = LENS_READERS
ARN = f"arn:aws:s3:{REGION}:{ACCOUNT}:storage-lens/all"
GROUP = f"arn:aws:s3:{REGION}:{ACCOUNT}:storage-lens-group/cold"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
ORGANIZATION = f"arn:aws:organizations::{ACCOUNT}:organization/o-abc"
BUCKET_LEVEL: dict[str, Any] = {"AccountLevel": {"BucketLevel": {}}}


def item(name: str = "all", home: str = REGION) -> dict[str, object]:
    arn = f"arn:aws:s3:{home}:{ACCOUNT}:storage-lens/{name}"
    return {"Id": name, "StorageLensArn": arn, "HomeRegion": home, "IsEnabled": True}


def told(scene: Scene) -> None:
    scene.world.tell("s3control:ListStorageLensConfigurations", {"StorageLensConfigurationList": [item()]})
    destination = {
        "Format": "CSV",
        "OutputSchemaVersion": "V_1",
        "AccountId": ACCOUNT,
        "Arn": "arn:aws:s3:::lens",
    }
    scene.world.tell(
        "s3control:GetStorageLensConfiguration",
        {
            "StorageLensConfiguration": {
                "Id": "all",
                "IsEnabled": True,
                **BUCKET_LEVEL,
                "Include": {"Buckets": ["arn:aws:s3:::data"], "Regions": ["eu-west-1"]},
                "DataExport": {
                    "S3BucketDestination": {
                        **destination,
                        "Prefix": "daily",
                        "Encryption": {"SSEKMS": {"KeyId": KEY}},
                    },
                    "CloudWatchMetrics": {"IsEnabled": True},
                },
                "ExpandedPrefixesDataExport": {
                    "S3BucketDestination": {**destination, "Encryption": {"SSES3": {}}}
                },
                "AwsOrg": {"Arn": ORGANIZATION},
            }
        },
        {"ConfigId": "all"},
    )
    scene.world.tell(
        "s3control:GetStorageLensConfigurationTagging", {"Tags": [{"Key": "team", "Value": "data"}]}
    )


def test_a_dashboard_is_read_whole(scene: Scene) -> None:
    told(scene)
    read = scene.read(DASHBOARDS)
    lens = only(read, StorageLens)
    assert (lens.address, lens.title, value(lens.region)) == (ARN, "all", REGION)
    assert values(
        lens,
        "id",
        "enabled",
        "organization",
        "included_buckets",
        "included_regions",
        "excluded_buckets",
        "excluded_regions",
        "table_export",
        "cloudwatch",
    ) == {
        "id": "all",
        "enabled": True,
        "organization": ORGANIZATION,
        "included_buckets": ["arn:aws:s3:::data"],
        "included_regions": ["eu-west-1"],
        "excluded_buckets": [],
        "excluded_regions": [],
        "table_export": False,
        "cloudwatch": True,
    }
    fields = ("bucket", "account", "format", "prefix", "sse_s3", "kms_key")
    assert values(value(lens.export), *fields) == {
        "bucket": "arn:aws:s3:::lens",
        "account": ACCOUNT,
        "format": "CSV",
        "prefix": "daily",
        "sse_s3": False,
        "kms_key": KEY,
    }
    assert values(value(lens.expanded_export), "sse_s3", "kms_key", "prefix") == {
        "sse_s3": True,
        "kms_key": None,
        "prefix": None,
    }
    assert lens.export.at.call == "s3control:GetStorageLensConfiguration"
    assert lens.enabled.at.call == "s3control:ListStorageLensConfigurations"
    assert [value(tag.key) for tag in value(lens.tags)] == ["team"]
    assert listed(read) == {("storage-lens", REGION): ""}


def test_a_dashboard_without_an_export_exports_nothing(scene: Scene) -> None:
    told(scene)
    bare = {"Id": "all", "IsEnabled": True, **BUCKET_LEVEL}
    scene.world.tell("s3control:GetStorageLensConfiguration", {"StorageLensConfiguration": bare})
    lens = only(scene.read(DASHBOARDS), StorageLens)
    assert values(lens, "export", "expanded_export", "organization") == {
        "export": None,
        "expanded_export": None,
        "organization": None,
    }


@pytest.mark.parametrize(
    ("operation", "field"),
    [("GetStorageLensConfiguration", "export"), ("GetStorageLensConfigurationTagging", "tags")],
)
def test_what_is_denied_is_not_known(scene: Scene, operation: str, field: str) -> None:
    told(scene)
    scene.deny(f"s3control:{operation}")
    lens = only(scene.read(DASHBOARDS), StorageLens)
    said = f"s3control:{operation} was denied, it needs the permission s3:{operation}"
    assert why(getattr(lens, field)) == said
    assert value(lens.enabled) is True


def test_a_dashboard_is_read_in_its_home_alone(scene: Scene) -> None:
    told(scene)
    both = [item("other", "us-east-1"), item()]
    scene.world.tell(
        "s3control:ListStorageLensConfigurations", {"StorageLensConfigurationList": both}, page=1
    )
    assert [one.title for one in scene.read(DASHBOARDS).resources] == ["all"]
    assert scene.world.requests["s3control:ListStorageLensConfigurations"] == 2


@pytest.mark.parametrize(
    ("reader", "operation", "message", "kind"),
    [
        (
            DASHBOARDS,
            "ListStorageLensConfigurations",
            "Region is not supported as home region for S3 Storage Lens",
            "storage-lens",
        ),
        (
            GROUPS,
            "ListStorageLensGroups",
            "This Region isn't a supported home Region for S3 Storage Lens groups.",
            "storage-lens-group",
        ),
    ],
)
def test_a_region_that_can_be_no_home_has_none(
    scene: Scene, reader: Reading, operation: str, message: str, kind: str
) -> None:
    scene.fail(refused("AccessDenied", message, 403), f"s3control:{operation}")
    read = scene.read(reader)
    assert (read.resources, listed(read)) == ((), {(kind, REGION): ""})
    assert scene.asker.tally == {f"s3control:{operation} not_applicable": 1}


@pytest.mark.parametrize(
    ("reader", "operation", "kind"),
    [
        (DASHBOARDS, "ListStorageLensConfigurations", "storage-lens"),
        (GROUPS, "ListStorageLensGroups", "storage-lens-group"),
    ],
)
def test_a_denied_listing_is_a_gap(scene: Scene, reader: Reading, operation: str, kind: str) -> None:
    scene.deny(f"s3control:{operation}")
    said = f"s3control:{operation} was denied, it needs the permission s3:{operation}"
    assert listed(scene.read(reader)) == {(kind, REGION): said}


def test_a_group_is_read(scene: Scene) -> None:
    groups = [
        {"Name": "cold", "StorageLensGroupArn": GROUP, "HomeRegion": REGION},
        {"Name": "far", "StorageLensGroupArn": "arn:far", "HomeRegion": "us-east-1"},
    ]
    scene.world.tell("s3control:ListStorageLensGroups", {"StorageLensGroupList": groups})
    scene.world.tell("s3control:ListTagsForResource", {"Tags": []}, {"ResourceArn": GROUP})
    read = scene.read(GROUPS)
    group = only(read, StorageLensGroup)
    assert (group.address, value(group.name), value(group.tags)) == (GROUP, "cold", [])
    assert isinstance(group.tags, Known)
    assert listed(read) == {("storage-lens-group", REGION): ""}
