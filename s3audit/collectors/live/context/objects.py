"""A few objects of a bucket, for their ACLs, where somebody asked for that."""

from s3audit.collectors.live.answers import Gone, Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.buckets import ListedBucket, arn_of
from s3audit.collectors.live.operations.objects import OBJECT_ACL, SAMPLE
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Read, filled
from s3audit.collectors.live.tables.objects import OBJECT
from s3audit.model.base import Resource, kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Unlisted
from s3audit.setting import Known

MOST_OBJECTS = 20
"""Of one bucket: the first in the order of its keys."""
_KIND = kind_of(OBJECT.section)


def sample_objects(listed: ListedBucket, bucket: Bucket, place: Place, asker: Asker) -> Read:
    """A sample, which says nothing of the objects that are not in it; where ACLs are off there is none."""
    if SAMPLE.optional not in place.optional or listed.type != "general" or _acls_are_off(bucket):
        return Read()
    owner = {"ExpectedBucketOwner": place.account} if place.account else {}
    asked = {"Bucket": listed.name, **owner}
    match asker.ask(SAMPLE, listed.name, {**asked, "MaxKeys": MOST_OBJECTS}, listed.region):
        case Told(document):
            keys = [item for item in document.get("Contents") or () if item.get("Key")]
        case Unseen(why=why):
            gap = f"of {listed.name}: {why}"
            return Read(unlisted=(Unlisted(_KIND, place.account, listed.region, gap),))
        case _:
            return Read()
    found: list[Resource] = []
    for item in keys:
        address = f"{arn_of(listed, place)}/{item['Key']}"
        answer = asker.ask(OBJECT_ACL, listed.name, {**asked, "Key": item["Key"]}, listed.region)
        if isinstance(answer, Gone):
            continue
        told = {**item, "Bucket": listed.name}
        found.append(
            filled(
                OBJECT, address, told, SAMPLE, [(OBJECT_ACL, answer)], place, listed.region, title=item["Key"]
            )
        )
    return Read(tuple(found))


def _acls_are_off(bucket: Bucket) -> bool:
    match bucket.ownership.object_ownership:
        case Known("BucketOwnerEnforced"):
            return True
        case _:
            return False
