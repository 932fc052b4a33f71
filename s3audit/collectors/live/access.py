"""How to get into an account: a profile, the roles to assume one after the other, the endpoint; never a key."""

from functools import lru_cache

import msgspec

from s3audit.collectors.live.transport import BotoTransport, Transport


class Role(msgspec.Struct, frozen=True):
    arn: str
    external_id: str = ""


class Access(msgspec.Struct, frozen=True):
    """Plain data, so that it can be sent to where a unit is worked off."""

    profile: str = ""
    region: str = ""
    roles: tuple[Role, ...] = ()
    endpoint_url: str = ""
    workers: int = 8


@lru_cache(maxsize=64)
def transport_of(access: Access) -> Transport:
    """The transport of this process for it."""
    import boto3

    session = boto3.Session(profile_name=access.profile or None, region_name=access.region or None)
    return BotoTransport(
        session, endpoint_url=access.endpoint_url, region=access.region, workers=access.workers
    )
