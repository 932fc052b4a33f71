"""What S3 refuses as a name, and why."""

import re
from collections.abc import Callable
from typing import NamedTuple

from s3audit.setting import show
from s3audit.text import Text
from s3audit.verdict import Status

from ._names import of_samples, pieces


class Form(NamedTuple):
    """What the names of one kind of resource have to be like."""

    shortest: int = 3
    longest: int = 63
    strange: str = r"[^a-z0-9-]"
    takes: str = "lower-case letters, digits and hyphens"
    starts: tuple[str, ...] = ()
    """What is kept for others, as the ends are."""
    ends: tuple[str, ...] = ()
    zone: str = ""
    """What stands behind the zone, at the end of a name that has one."""


_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
GENERAL = Form(
    strange=r"[^a-z0-9.-]",
    takes="lower-case letters, digits, dots and hyphens",
    starts=_STARTS,
    ends=("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"),
)
DIRECTORY = Form(starts=_STARTS, zone="--x-s3")
POINT = Form(longest=50, ends=("-s3alias",))
DIRECTORY_POINT = Form(longest=255, zone="--xa-s3")
TABLES = Form(starts=(*_STARTS, "aws"), ends=("-s3alias", "--ol-s3", "--x-s3", "--table-s3"))
VECTORS = Form()

_ZONE = r"(?P<base>.+)--(?P<zone>[a-z0-9]+(?:-[a-z0-9]+)+)"
_LONGEST_BASE = 50
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_OWN = "-an"
"""The end of the names of an account's own namespace."""
_OWN_END = re.compile(r".*-\d{12}-[a-z]{2,}(?:-[a-z0-9]+)+-an")


def zone_in(name: str, form: Form) -> str:
    """The zone that a name tells; empty where it tells none."""
    found = re.fullmatch(_ZONE + form.zone, name)
    return found["zone"] if found else ""


def wrong(name: str, form: Form) -> str:
    """What is wrong with a whole name; empty where nothing is."""
    if not form.shortest <= len(name) <= form.longest:
        return f"the name has {len(name)} characters, and it takes {form.shortest} to {form.longest}"
    if _ADDRESS.fullmatch(name):
        return "the name looks like an IP address"
    return wrong_start(name, form) or _wrong_last(name, form) or _wrong_zone(name, form)


def wrong_start(name: str, form: Form) -> str:
    """What is wrong with the beginning of a name, and with its characters."""
    return _wrong_characters(name, form) or _wrong_first(name, form)


def _wrong_characters(piece: str, form: Form) -> str:
    if strange := re.search(form.strange, piece):
        return f"the name has the character {strange.group()!r}, and it takes {form.takes}"
    return "the name has two dots side by side" if ".." in piece else ""


def _wrong_first(name: str, form: Form) -> str:
    if name and not name[0].isalnum():
        return f"the name begins with {name[0]!r}, and not with a letter or a digit"
    return next((_kept("begins", start) for start in form.starts if name.startswith(start)), "")


def _wrong_last(name: str, form: Form) -> str:
    if name and not name[-1].isalnum():
        return f"the name ends with {name[-1]!r}, and not with a letter or a digit"
    return next((_kept("ends", end) for end in form.ends if name.endswith(end)), "")


def _kept(how: str, what: str) -> str:
    return f"the name {how} with {what}, which is kept for other things"


def _wrong_zone(name: str, form: Form) -> str:
    if not form.zone:
        return ""
    found = re.fullmatch(_ZONE + form.zone, name)
    if found is None:
        return f"the name {name} has not the form BASE--ZONE{form.zone}"
    base = found["base"]
    if not base[-1].isalnum():
        return f"the name before the zone ends with {base[-1]!r}, and not with a letter or a digit"
    if form is DIRECTORY_POINT and not form.shortest <= len(base) <= _LONGEST_BASE:
        return f"the name before the zone has {len(base)} characters, and it takes 3 to {_LONGEST_BASE}"
    return ""


def judge(name: Text, form: Form) -> tuple[Status, str]:
    """What is known of a whole name: what is wrong with a known part is wrong whatever the others are."""
    status, note = of_samples(name, lambda one: wrong(one, form))
    if status is not Status.UNKNOWN:
        return _noted(name, (status, note))
    length = sum(map(len, pieces(name)))
    if length > form.longest:
        return Status.FAIL, f"the name has more than {length} characters, and it takes {form.longest} at most"
    began, known = judge_start(name, form)
    last = name.parts[-1] if name.parts else ""
    known = known if began is Status.FAIL else _wrong_last(last, form) if isinstance(last, str) else ""
    if not known and form.zone and name.ends_with(form.zone) is Status.FAIL:
        known = f"the name {name} has not the form BASE--ZONE{form.zone}"
    return (Status.FAIL, known) if known else (status, note)


def judge_start(name: Text, form: Form) -> tuple[Status, str]:
    """The same of a name that begins so."""
    status, note = of_samples(name, lambda one: wrong_start(one, form))
    if status is not Status.UNKNOWN:
        return status, note or f"the name begins with {name}"
    first = name.parts[0] if name.parts else ""
    found = [_wrong_characters(piece, form) for piece in pieces(name)]
    found.append(_wrong_first(first, form) if isinstance(first, str) else "")
    known = next(filter(None, found), "")
    return (Status.FAIL, known) if known else (status, note)


def judge_own(name: Text) -> tuple[Status, str]:
    """Whether a name ends as those of an account's own namespace have to."""
    wanted = f"does not end with the account, the Region and {_OWN}"
    if name.ends_with(_OWN) is Status.FAIL:
        return Status.FAIL, f"the name {name} {wanted}"
    return _of_end(name, lambda one: "" if _OWN_END.fullmatch(one) else f"the name {show(one)} {wanted}")


def judge_common(name: Text) -> tuple[Status, str]:
    """Whether it leaves that end to those names."""
    kept = f"the name ends with {_OWN}, which is kept for account-regional names"
    if name.ends_with(_OWN) is Status.PASS:
        return Status.FAIL, kept
    if name.ends_with(_OWN) is Status.FAIL:
        return _noted(name, (Status.PASS, ""))
    return _of_end(name, lambda one: kept if one.endswith(_OWN) else "")


def _of_end(name: Text, wrong_end: Callable[[str], str]) -> tuple[Status, str]:
    return _noted(name, of_samples(name, wrong_end))


def _noted(name: Text, found: tuple[Status, str]) -> tuple[Status, str]:
    return found[0], found[1] or f"the name is {name}"
