"""What other tools call our checks: a name of theirs leads to all checks that ask the same."""

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from s3audit.check import Check

# Trivy's id -> what Trivy, tfsec and tfsec before it got long ids call the same check.
_OF_TRIVY = {
    "AVD-AWS-0012": ("aws-cloudfront-enforce-https", "AWS020"),
    "AVD-AWS-0065": ("aws-kms-auto-rotate-keys", "AWS019"),
    "AVD-AWS-0086": ("aws-s3-block-public-acls", "AWS074"),
    "AVD-AWS-0087": ("aws-s3-block-public-policy", "AWS076"),
    "AVD-AWS-0088": ("aws-s3-enable-bucket-encryption", "AWS017"),
    "AVD-AWS-0089": ("aws-s3-enable-logging", "aws-s3-enable-bucket-logging", "AWS002"),
    "AVD-AWS-0090": ("aws-s3-enable-versioning", "AWS077"),
    "AVD-AWS-0091": ("aws-s3-ignore-public-acls", "AWS073"),
    "AVD-AWS-0092": ("aws-s3-no-public-access-with-acl", "AWS001"),
    "AVD-AWS-0093": ("aws-s3-no-public-buckets", "AWS075"),
    "AVD-AWS-0094": ("aws-s3-specify-public-access-block", "AWS098"),
    "AVD-AWS-0132": ("aws-s3-encryption-customer-key",),
    "AVD-AWS-0161": ("aws-cloudtrail-no-public-log-access",),
    "AVD-AWS-0163": ("aws-cloudtrail-require-bucket-access-logging",),
    "AVD-AWS-0170": ("aws-s3-require-mfa-delete",),
    "AVD-AWS-0171": ("aws-s3-enable-object-write-logging",),
    "AVD-AWS-0172": ("aws-s3-enable-object-read-logging",),
    "AVD-AWS-0320": ("aws-s3-dns-compliant-name",),
}
_SERVICE = re.compile(r"aws-[a-z0-9]+-")
_OF_KICS = re.compile(r"(?P<title>.+) \((?:cloudformation|terraform) (?P<id>[0-9a-f-]{36})\)")
_ANY_CASE = frozenset({"kics", "trivy"})
"""The tools that take their names in capitals and in small letters alike."""


def known_as(check: Check) -> Iterator[tuple[str, str]]:
    """Each tool that asks the same, and its name for it; several where the tool has several."""
    for tool, names in check.peers.items():
        for name in names:
            for spelling in _spellings(tool, name):
                yield tool, spelling


def _spellings(tool: str, name: str) -> Iterator[str]:
    yield name
    if tool == "trivy":
        yield name.removeprefix("AVD-")
        for long in _OF_TRIVY.get(name, ()):
            yield long
            if short := _SERVICE.match(long):
                yield long[short.end() :]
    elif tool == "kics" and (found := _OF_KICS.fullmatch(name)) is not None:
        yield found["id"]
        yield found["title"]


def named(checks: Sequence[Check], name: str, tool: str = "") -> list[Check]:
    """The checks that a tool, or any, knows by this name."""
    return [
        check for check in checks if any(_is(one, name) for one in known_as(check) if tool in ("", one[0]))
    ]


def _is(known: tuple[str, str], name: str) -> bool:
    tool, own = known
    return own.casefold() == name.casefold() if tool in _ANY_CASE else own == name


def matching(checks: Sequence[Check], pattern: str, tool: str) -> list[Check]:
    """The checks of which a name that this tool has for them fits a pattern; `*` are all that it knows."""
    pattern = pattern.casefold()
    return [
        check
        for check in checks
        if any(of == tool and fnmatchcase(own.casefold(), pattern) for of, own in known_as(check))
    ]


def tools_of(check: Check, name: str) -> list[str]:
    """The tools that know a check by this name."""
    return list(dict.fromkeys(one[0] for one in known_as(check) if _is(one, name)))


def every_name(checks: Sequence[Check]) -> list[str]:
    """All names that other tools have for checks of ours, each once."""
    return list(dict.fromkeys(name for check in checks for _, name in known_as(check)))
