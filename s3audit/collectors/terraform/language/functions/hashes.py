"""Functions of hashes."""

import hashlib
from base64 import b64encode
from collections.abc import Callable
from uuid import UUID

from s3audit.collectors.terraform.language.functions.common import Refused, strict

_NAMESPACES = {
    "dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    "oid": "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    "x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}


def digest(algorithm: str, data: bytes) -> bytes:
    return hashlib.new(algorithm, data, usedforsecurity=False).digest()


def _hexadecimal(algorithm: str) -> Callable[[str], str]:
    return lambda text: digest(algorithm, text.encode("utf-8", "replace")).hex()


def _base64(algorithm: str) -> Callable[[str], str]:
    return lambda text: b64encode(digest(algorithm, text.encode("utf-8", "replace"))).decode("ascii")


def _uuidv5(namespace: str, name: str) -> str:
    from re import fullmatch

    known = _NAMESPACES.get(namespace, namespace)
    bare = known[9:] if known[:9].lower() == "urn:uuid:" else known
    if bare[:1] == "{" and bare[-1:] == "}":
        bare = bare[1:-1]
    pattern = r"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}\1[0-9a-fA-F]{12}"
    if not fullmatch(pattern, bare):
        raise Refused(f"{namespace[:60]!r} is no namespace")
    made = digest("sha1", UUID(bare).bytes + name.encode("utf-8", "replace"))
    return str(UUID(bytes=made[:16], version=5))


FUNCTIONS = {
    "base64sha256": strict("string", _base64("sha256"), gives_text=True),
    "base64sha512": strict("string", _base64("sha512"), gives_text=True),
    "md5": strict("string", _hexadecimal("md5"), gives_text=True),
    "sha1": strict("string", _hexadecimal("sha1"), gives_text=True),
    "sha256": strict("string", _hexadecimal("sha256"), gives_text=True),
    "sha512": strict("string", _hexadecimal("sha512"), gives_text=True),
    "uuidv5": strict("string string", _uuidv5, gives_text=True),
}
