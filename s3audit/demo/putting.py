"""Puts configurations into a world without a request: what the calls would do, said in one go."""

from collections.abc import Mapping
from typing import Any

from s3audit.demo import access_points, buckets, listings, metadata
from s3audit.demo.answers import checked
from s3audit.demo.call import Call
from s3audit.demo.models import services
from s3audit.demo.world import World

_HANDLERS = {
    "s3": lambda: listings.handlers() | metadata.handlers() | buckets.handlers(),
    "s3control": access_points.handlers,
}


def put(world: World, operation: str, parameters: Mapping[str, Any], region: str = "") -> None:
    """What a call such as `s3:PutBucketCors` would do, made by the owner of the bucket in its region."""
    name, _, call = operation.partition(":")
    service = services().get(name)
    if service is None or name not in _HANDLERS:
        raise ValueError(f"{operation} can't be put")
    model = service.operation(call)
    checked(model.input_shape, parameters, operation)
    bucket = world.buckets.get(parameters.get("Bucket", ""))
    if bucket is None:
        account = parameters.get("AccountId") or next(iter(world.accounts))
    else:
        account, region = bucket.account, region or bucket.region
    who = world.keys[world.key(account)]
    _HANDLERS[name]()[call](Call(world, name, model, dict(parameters), who, region))
