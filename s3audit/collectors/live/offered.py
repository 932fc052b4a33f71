"""Where AWS offers what it does not have in every Region: elsewhere its endpoint has no address."""

import socket
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

NOT_OFFERED = "NotOfferedHere"
"""Our code for a call that was not made because the Region has no endpoint for it."""

SOMEWHERE: Mapping[tuple[str, str], str] = {
    ("glacier", "ListVaults"): "glacier",
    ("macie2", "GetMacieSession"): "macie2",
    ("s3", "ListDirectoryBuckets"): "s3express-control",
    ("s3control", "ListAccessPointsForDirectoryBuckets"): "s3express-control",
    ("s3files", "ListFileSystems"): "s3files",
    ("s3tables", "ListTableBuckets"): "s3tables",
    ("s3vectors", "ListVectorBuckets"): "s3vectors",
}
"""The calls by which a scan first asks for it, with the first label of their endpoint."""
_DUALSTACK = ("api.aws", "api.amazonwebservices.com.cn")


def is_offered(service: str, operation: str, region: str, control: str) -> bool:
    """Whether there is anybody to ask; `control` is the URL of the control plane of S3, which every Region has.

    There is nobody where none of the names of an endpoint has an address and that one does have one.
    """
    label = SOMEWHERE.get((service, operation))
    beside = urlsplit(control).hostname or ""
    _, _, domain = beside.partition(f".{region}.")
    if label is None or not domain:
        return True
    names = (f"{label}.{region}.{end}" for end in (domain, *_DUALSTACK))
    return any(map(_has_address, names)) or not _has_address(beside)


@lru_cache(maxsize=1_000)
def _has_address(host: str) -> bool:
    """False only where the answer is that there is none."""
    try:
        socket.getaddrinfo(host, 443)
    except socket.gaierror as error:
        return error.errno not in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
    except (OSError, UnicodeError):
        return True
    return True


def forget() -> None:
    """Ask again for every name."""
    _has_address.cache_clear()
