"""What OpenTofu makes of the functions that Terraform does not have, written down from its documentation.

https://opentofu.org/docs/language/functions/
"""

from base64 import b64encode
from gzip import compress
from typing import Any, TypeAlias

Outcome: TypeAlias = "str | bool | None"
"""None where it refuses the call."""

FUNCTIONS = frozenset({"base64gunzip", "cidrcontains", "urldecode"})


def packed(text: str, level: int = 9) -> str:
    return b64encode(compress(text.encode(), level, mtime=0)).decode()


def unpack(base64: str) -> str:
    return f'base64gunzip("{base64}")'


ROWS: list[tuple[str, str, Any]] = [
    ("cidr", 'cidrcontains("192.168.2.0/20", "192.168.2.1")', True),
    ("cidr", 'cidrcontains("192.168.2.0/20", "192.168.2.0/22")', True),
    ("cidr", 'cidrcontains("192.168.2.0/20", "192.126.2.1")', False),
    ("cidr", 'cidrcontains("192.168.2.0/20", "192.126.2.0/18")', False),
    ("cidr", 'cidrcontains("fe80::/48", "fe80::1")', True),
    ("cidr", 'cidrcontains("fe80::/48", "fe81::1")', False),
    ("cidr", 'cidrcontains("10.0.0.0/16", "10.0.0.0/16")', True),
    ("cidr", 'cidrcontains("10.0.0.0/16", "10.0.0.0/15")', False),
    ("cidr", 'cidrcontains("10.0.0.0/16", "10.0.255.255")', True),
    ("cidr", 'cidrcontains("10.0.0.0/16", "10.1.0.0")', False),
    ("cidr", 'cidrcontains("0.0.0.0/0", "255.255.255.255/32")', True),
    ("cidr", 'cidrcontains("::/0", "2001:db8::/32")', True),
    ("cidr", 'cidrcontains("10.0.0.0/8", "fe80::1")', None),
    ("cidr", 'cidrcontains("fe80::/48", "10.0.0.1")', None),
    ("cidr", 'cidrcontains("fe80::/48", "10.0.0.0/8")', None),
    ("cidr", 'cidrcontains("10.0.0.0", "10.0.0.1")', None),
    ("cidr", 'cidrcontains("10.0.0.0/33", "10.0.0.1")', None),
    ("cidr", 'cidrcontains("10.0.0.0/8", "10.0.0")', None),
    ("cidr", 'cidrcontains("10.0.0.0/8", "10.0.0.0/")', None),
    ("cidr", 'cidrcontains("10.0.0.0/8", "")', None),
    ("encoding", 'urldecode("Hello+World%21")', "Hello World!"),
    ("encoding", 'urldecode("%E2%98%83")', "\u2603"),
    (
        "encoding",
        'urldecode("foo%3Abar%40localhost%3Ffoo%3Dbar%26bar%3Dbaz")',
        "foo:bar@localhost?foo=bar&bar=baz",
    ),
    ("encoding", 'urldecode("")', ""),
    ("encoding", 'urldecode("%2b%2B+")', "++ "),
    ("encoding", 'urldecode("\u2603/a?b#c")', "\u2603/a?b#c"),
    ("encoding", 'urldecode(urlencode("a b/\u00e9%"))', "a b/\u00e9%"),
    ("encoding", 'urldecode("%2541")', "%41"),
    ("encoding", 'urldecode("100%")', None),
    ("encoding", 'urldecode("%zz")', None),
    ("encoding", 'urldecode("%4")', None),
    ("encoding", "urldecode([])", None),
    ("encoding", unpack(packed("")), ""),
    ("encoding", unpack(packed("Hello, \u2603")), "Hello, \u2603"),
    ("encoding", unpack(packed("stored", 0)), "stored"),
    ("encoding", f"jsondecode({unpack(packed('[true]'))})[0]", True),
    ("encoding", 'base64gunzip("")', None),
    ("encoding", 'base64gunzip("aGVsbG8=")', None),
    ("encoding", 'base64gunzip("no base64!")', None),
    ("encoding", unpack(packed("cut off")[:16]), None),
    ("encoding", "base64gunzip([])", None),
]
"""The topic, the call and its outcome."""


def recorded(topic: str) -> list[str]:
    """The calls of a topic."""
    return [expression for of, expression, _ in ROWS if of == topic]
