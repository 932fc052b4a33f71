"""Which origins and methods a CORS rule admits."""

from collections.abc import Callable
from typing import TypeVar

from s3audit.model.bucket import CorsRule
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, some, unknown

T = TypeVar("T", str, Text)

_SCHEMES = ("http://", "https://")

# Below these anyone can have a name, as below a top-level domain; the best known of them.
_PUBLIC = frozenset(
    f".{suffix}"
    for suffix in (
        *(
            "co.uk",
            "org.uk",
            "ac.uk",
            "me.uk",
            "com.au",
            "net.au",
            "org.au",
            "co.nz",
            "co.za",
            "co.in",
            "co.il",
        ),
        *(
            "co.jp",
            "ne.jp",
            "or.jp",
            "co.kr",
            "com.br",
            "com.mx",
            "com.ar",
            "com.tr",
            "com.cn",
            "com.hk",
            "com.tw",
        ),
        *("com.sg", "amazonaws.com", "cloudfront.net", "amplifyapp.com", "elasticbeanstalk.com", "github.io"),
        *("gitlab.io", "pages.dev", "workers.dev", "netlify.app", "vercel.app", "web.app", "firebaseapp.com"),
        *(
            "appspot.com",
            "herokuapp.com",
            "azurewebsites.net",
            "azurestaticapps.net",
            "onrender.com",
            "fly.dev",
        ),
        *("ngrok.io", "ngrok-free.app"),
    )
)
_NOT_PUBLIC = frozenset((".localhost", ".local", ".test", ".internal", ".example", ".invalid"))


def admits_a_write(rule: CorsRule) -> Verdict:
    """Whether a rule admits a method that changes something."""
    return _some(rule.allowed_methods, lambda method: method in ("PUT", "POST", "DELETE"), "the method")


def admits_everyone(rule: CorsRule) -> Verdict:
    """Whether a rule admits an origin that anyone can have."""
    return _some(rule.allowed_origins, _is_anyone, "the origin")


def _some(listed: Listed[T], admits: Callable[[T], bool | Status], what: str) -> Verdict:
    """Whether one of them will do, each with its own place."""
    match listed:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items) | Unset(items):
            return some(_admitted(item, admits, what) for item in items)


def _admitted(item: Setting[T], admits: Callable[[T], bool | Status], what: str) -> Verdict:
    match item:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(value, at) | Unset(value, at):
            found = item.satisfies(admits, f"{what} {value} is admitted")
            if found.status is Status.UNKNOWN:
                return unknown(at, f"what {what} {value} comes to is not known")
            return found


def _is_anyone(origin: Text) -> Status:
    """Whether anyone can have an origin that fits, as far as the known parts tell."""
    literal = origin.literal
    if literal is not None:
        return Status.PASS if _is_wide(literal.lower()) else Status.FAIL
    head, tail = origin.parts[0], origin.parts[-1]
    named = (isinstance(head, str) and not _begins_a_scheme(head.lower())) or (
        isinstance(tail, str) and not _is_public(tail.lower())
    )
    return Status.FAIL if named else Status.UNKNOWN


def _is_wide(origin: str) -> bool:
    """Whether a wildcard stands where the name of a host would begin, with nothing of one's own behind it."""
    before, wildcard, after = origin.partition("*")
    if after.startswith("://"):
        return _is_wide(_SCHEMES[0] + after.removeprefix("://"))
    return bool(wildcard) and _begins_a_scheme(before) and _is_public(after)


def _begins_a_scheme(text: str) -> bool:
    return any(scheme.startswith(text) for scheme in _SCHEMES)


def _is_public(tail: str) -> bool:
    """Whether the end of an origin belongs to nobody in particular: nothing, or a public suffix."""
    suffix = "." + tail.partition(":")[0].removeprefix(".")
    return suffix == "." or suffix in _PUBLIC or (suffix.count(".") == 1 and suffix not in _NOT_PUBLIC)
