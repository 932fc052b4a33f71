"""A source as code scanning wants it: relative to the working directory, with slashes, percent-encoded."""

import os
from posixpath import normpath
from urllib.parse import quote

from s3audit.renderers.clean import clean

_NONE = "aws/unknown.json"


def uri(source: str) -> str:
    """Never empty, absolute, or with a scheme: one such uri makes GitHub refuse the whole upload."""
    return "/".join(map(_quote, _parts(source))) or _NONE


def path(source: str) -> str:
    """The same for who wants a path as it is, and no uri."""
    return "/".join(map(clean, _parts(source))) or _NONE


def _parts(source: str) -> list[str]:
    if source.startswith("arn:"):
        return _of_arn(source)
    near = os.path.relpath(source) if os.path.isabs(source) else source
    parts = normpath(os.path.splitdrive(near)[1].replace(os.sep, "/")).split("/")
    return [part for part in parts if part not in ("", ".", "..")]


def _of_arn(arn: str) -> list[str]:
    """A path that no repository has, for what stands in no file: `aws/aws/-/-/s3/bucket.json`."""
    fields = arn.split(":", 5)
    if len(fields) < 6:
        return []
    _, partition, service, region, account, resource = fields
    parts = ["aws", partition, account, region, service, *resource.split("/")]
    *folders, name = (part if part not in ("", ".", "..") else "-" for part in parts)
    return [*folders, f"{name}.json"]


def _quote(part: str) -> str:
    try:
        raw = part.encode("utf-8", "surrogateescape")  # the very bytes of a file name that is no UTF-8
    except UnicodeEncodeError:
        raw = part.encode("utf-8", "backslashreplace")
    return quote(raw, safe="")
