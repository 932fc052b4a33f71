"""Who reads the objects of a bucket and expects to understand them."""

from s3audit.model.access_point import AccessPoint, ObjectLambdaAccessPoint
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.names import arn_parts
from s3audit.model.uses import if_there, or_unseen
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, same
from s3audit.verdict import Status, Verdict, passed, some, unknown

_POINT = "accesspoint/"


def feeds_a_function(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether an Object Lambda access point hands its objects to a function."""
    found = some(
        if_there(one, _reads(one, bucket, estate) & passed(one.at, "an Object Lambda function reads it"))
        for one in estate.all(ObjectLambdaAccessPoint)
    )
    what = "an Object Lambda function reads it"
    return or_unseen(found, ObjectLambdaAccessPoint, bucket, estate, what)


def _reads(one: ObjectLambdaAccessPoint, bucket: Bucket, estate: Estate) -> Verdict:
    match one.supporting_access_point:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(arn, at) | Unset(arn, at):
            point = _point_of(arn, estate)
            if point is None:
                return unknown(at, f"the access point {arn} is declared elsewhere")
            found = _same(point.bucket, bucket.name)
            if found is Status.UNKNOWN:
                return unknown(
                    point.bucket.at, f"whether {arn} is an access point of the bucket is not known"
                )
            return if_there(point, Verdict(found))


def _point_of(arn: Text, estate: Estate) -> AccessPoint | None:
    """The access point of an ARN: one that the input declares, or one of this name."""
    match arn.parts:
        case (*_, Opaque(resource=address)) if address:
            return estate.at(address, AccessPoint)
        case _:
            parts = arn_parts(arn)
            name = None if parts is None else parts[4].without_prefix(_POINT)
            if name is None or name.literal is None:
                return None
            return next(
                (
                    one
                    for one in estate.all(AccessPoint)
                    if isinstance(one.name, Known) and one.name.value == name
                ),
                None,
            )


def _same(one: Setting[Text], other: Setting[Text]) -> Status:
    match one, other:
        case ((Known(a) | Unset(a)), (Known(b) | Unset(b))):
            return same(a, b)
        case _:
            return Status.UNKNOWN
