"""Names that services make up: who has them."""

import pytest

from s3audit.collectors.live.context.predictable import PREDICTABLE_READER, predictable
from s3audit.demo.faults import refused
from s3audit.demo.world import ACCOUNT, REGION
from s3audit.model.predictable import PredictableName
from s3audit.setting import Unknown
from tests.live.context.scene import Scene, listed, value

GLUE = f"aws-glue-assets-{ACCOUNT}-{REGION}"
SAGEMAKER = f"sagemaker-{REGION}-{ACCOUNT}"
OTHER = "444455556666"


def holders(scene: Scene) -> dict[str, str]:
    """By name; of what is not known, why."""
    found = {}
    for one in scene.read(PREDICTABLE_READER).resources:
        assert isinstance(one, PredictableName)
        found[one.title] = (
            f"? {one.holder.why}" if isinstance(one.holder, Unknown) else str(value(one.holder))
        )
    return found


def test_the_names_are_those_of_each_region() -> None:
    assert [name for *_, name in predictable(ACCOUNT, [REGION, "us-east-1"], ())] == [
        GLUE,
        SAGEMAKER,
        f"aws-emr-studio-{ACCOUNT}-{REGION}",
        f"aws-codestar-{REGION}-{ACCOUNT}",
        f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}",
        f"aws-glue-assets-{ACCOUNT}-us-east-1",
        f"sagemaker-us-east-1-{ACCOUNT}",
        f"aws-emr-studio-{ACCOUNT}-us-east-1",
        f"aws-codestar-us-east-1-{ACCOUNT}",
        f"cdk-hnb659fds-assets-{ACCOUNT}-us-east-1",
    ]


def test_what_an_account_has_shows_what_it_would_have_elsewhere() -> None:
    own = [f"cdk-shop-assets-{ACCOUNT}-us-east-1", "cf-templates-1a2b3c4d5e6f-us-east-1", "cf-templates-x"]
    found = [name for *_, name in predictable(ACCOUNT, [REGION], own)]
    assert found[-3:] == [
        f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}",
        f"cdk-shop-assets-{ACCOUNT}-{REGION}",
        f"cf-templates-1a2b3c4d5e6f-{REGION}",
    ]


@pytest.mark.parametrize("region", [REGION, "us-east-1"])
def test_a_name_is_its_own_somebody_elses_or_free(scene: Scene, region: str) -> None:
    scene.world.bucket(SAGEMAKER)
    scene.world.account(OTHER)
    # Wherever it is: us-east-1 is asked, which sends on or refuses.
    scene.world.bucket(GLUE, region, OTHER)
    found = holders(scene)
    assert (found.pop(SAGEMAKER), found.pop(GLUE)) == ("own", "foreign")
    assert set(found.values()) == {"free"}
    assert scene.asker.unseen == []
    assert SAGEMAKER not in {name for call, name in scene.world.requests_about if call == "s3:HeadBucket"}


def test_a_bucket_that_lets_in_others_is_somebody_elses(scene: Scene) -> None:
    # Listed by nobody, and it answers: the account has it no more or not yet.
    scene.world.tell("s3:ListBuckets", {"Buckets": []})
    scene.world.bucket(GLUE, "us-east-1")
    assert holders(scene)[GLUE] == "foreign"


def test_a_refusal_that_does_not_say_where_it_is_tells_nothing(scene: Scene) -> None:
    scene.fail(refused("AccessDenied", status=403), "s3:HeadBucket")
    why = "? s3:HeadBucket was refused, and does not say that there is such a bucket"
    assert set(holders(scene).values()) == {why}


def test_without_the_list_of_buckets_what_is_there_may_be_its_own(scene: Scene) -> None:
    scene.deny("s3:ListBuckets")
    scene.world.bucket(GLUE)
    found = holders(scene)
    assert found.pop(GLUE) == "? there is such a bucket, and the buckets of the account could not be listed"
    assert set(found.values()) == {"free"}


def test_without_the_regions_there_may_be_more_names(scene: Scene) -> None:
    for call in ("account:ListRegions", "ec2:DescribeRegions"):
        scene.deny(call)
    read = scene.read(PREDICTABLE_READER)
    assert read.resources == ()
    said = "account:ListRegions was denied, it needs the permission account:ListRegions"
    assert listed(read) == {("predictable-name", ""): said}
