"""Whether a pattern of a policy takes in what it is asked about, as far as its known parts tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from s3audit.model.names import arn_parts
from s3audit.text import Opaque, Part, Text, same, text
from s3audit.verdict import Status

ANY = Opaque("any")
"""In what a pattern is asked about: every sequence of characters but the empty one."""

_WILDCARD = re.compile(r"[*?]|\$\{")
_VARIABLE = re.compile(r"(\$\{[^}]*\})")
_PRIVATE = 0xF0000  # an opaque part is one private character while patterns are compared
_FRESH = "\ue000"  # a character that no pattern holds
_PLACE = (text("s3"), Text(), Text())


def covers(pattern: Text, asked: Text) -> Status:
    """Whether a pattern with `*` and `?` matches the text, whatever its opaque parts are."""
    if pattern.parts == ("*",):
        return Status.PASS
    pattern = _with_variables(pattern)
    opaque = dict.fromkeys((*pattern.opaque, *asked.opaque))
    signs = {part: chr(_PRIVATE + index) for index, part in enumerate(opaque)}
    flat = _flat(pattern, signs)
    long = _FRESH * (flat.count("?") + 1)
    if all(_glob(flat, _flat(asked, signs | {ANY: fresh})) for fresh in (_FRESH, long)):
        return Status.PASS
    instance = text(*(long if part is ANY else part for part in asked.parts))
    if not pattern.opaque and not instance.opaque:
        return Status.FAIL
    return Status.UNKNOWN if _possible(pattern, instance) else Status.FAIL


@lru_cache(maxsize=1024)
def covers_action(pattern: Text, asked: Text) -> Status:
    """The same for actions, which ignore case; the same few stand in most policies."""
    return covers(lowered(pattern), lowered(asked))


def covers_bucket(resource: Text, bucket: Text) -> Status:
    """Whether a Resource takes in the ARN of a bucket, whatever its partition."""
    return _of_bucket(resource, bucket, lambda key: _decided(key is None), text(*bucket.parts))


def covers_objects(resource: Text, bucket: Text) -> Status:
    """Whether a Resource takes in the ARN of every object of a bucket."""
    every_key = text(ANY)
    return _of_bucket(
        resource,
        bucket,
        lambda key: Status.FAIL if key is None else covers(key, every_key),
        text(*bucket.parts, "/", ANY),
    )


def covers_below(resource: Text, bucket: Text, prefix: Text) -> Status:
    """Whether a Resource takes in the ARN of every object of a bucket whose key goes on after this."""
    keys = text(*prefix.parts, ANY)
    return _of_bucket(
        resource,
        bucket,
        lambda key: Status.FAIL if key is None else covers(key, keys),
        text(*bucket.parts, "/", *keys.parts),
    )


def in_partition(resource: Text, partition: str) -> Status:
    """Whether a Resource is in a partition; where that is empty, in the usual one or in one that is not known."""
    parts = arn_parts(resource)
    named = None if parts is None else parts[0].literal
    if named is None or _WILDCARD.search(named) or named == (partition or "aws"):
        return Status.PASS
    return Status.FAIL if partition else Status.UNKNOWN


def touches_bucket(resource: Text, bucket: Text) -> Status:
    """Whether a Resource takes in the bucket or anything in it; a wildcard stands for slashes too."""
    name = resource.split("/", 1)[0]
    found = covers_bucket(name, bucket)
    if found is not Status.FAIL:
        return found
    start = _before_wildcard(_body(name) or name)
    if start is None:
        return Status.FAIL
    asked = bucket if _body(name) is not None else text("arn:aws:s3:::", *bucket.parts)
    return Status.FAIL if covers(text(*start.parts, "*"), asked) is Status.FAIL else Status.UNKNOWN


def touches_service(pattern: Text, service: str) -> Status:
    """Whether a pattern takes in an action of a service; without a colon, a wildcard may stand for it."""
    prefix, *action = lowered(pattern).split(":")
    found = covers(prefix, text(service))
    start = None if action else _before_wildcard(prefix)
    if found is not Status.FAIL or start is None:
        return found
    return (
        Status.FAIL if covers(text(*start.parts, "*"), text(service, ":")) is Status.FAIL else Status.UNKNOWN
    )


def _before_wildcard(pattern: Text) -> Text | None:
    """What stands before the first wildcard; None where there is none."""
    for index, part in enumerate(pattern.parts):
        if isinstance(part, str) and (found := _WILDCARD.search(part)) is not None:
            return text(*pattern.parts[:index], part[: found.start()])
    return None


def lowered(mixed: Text) -> Text:
    """In lower case, as far as it is known."""
    return text(*(part.lower() if isinstance(part, str) else part for part in mixed.parts))


def _of_bucket(
    resource: Text, bucket: Text, key_fits: Callable[[Text | None], Status], asked: Text
) -> Status:
    if any("${" in part for part in resource.parts if isinstance(part, str)):
        return Status.FAIL  # a policy variable is another one for others
    body = _body(resource)
    if body is None:
        return covers(_in_one_partition(resource), text("arn:aws:s3:::", *asked.parts))
    name, *key = body.split("/", 1)
    if any(isinstance(part, str) and _WILDCARD.search(part) for part in name.parts):
        return covers(body, asked)
    return _all(same(name, bucket), key_fits(key[0] if key else None))


def _body(resource: Text) -> Text | None:
    """What follows `arn:PARTITION:s3:::`."""
    match resource.parts:
        case (str() as head, *rest) if head.startswith("arn:aws:s3:::"):
            return text(head.removeprefix("arn:aws:s3:::"), *rest)
        case ("arn:", Opaque(), str() as head, *rest) if head.startswith(":s3:::"):
            return text(head.removeprefix(":s3:::"), *rest)
        case _:
            parts = arn_parts(resource)
            return parts[4] if parts is not None and parts[1:4] == _PLACE else None


def _in_one_partition(resource: Text) -> Text:
    """`arn:${AWS::Partition}:s3*` as `arn:aws:s3*`."""
    arn, *rest = resource.split(":", 2)
    return text("arn:aws:", *rest[1].parts) if arn.literal == "arn" and len(rest) == 2 else resource


def _all(*answers: Status) -> Status:
    if Status.FAIL in answers:
        return Status.FAIL
    return Status.UNKNOWN if Status.UNKNOWN in answers else Status.PASS


def _decided(answer: bool) -> Status:
    return Status.PASS if answer else Status.FAIL


def _with_variables(pattern: Text) -> Text:
    """The pattern with its policy variables (`${aws:username}`) as opaque parts."""
    if not any("${" in part for part in pattern.parts if isinstance(part, str)):
        return pattern
    return text(*(piece for part in pattern.parts for piece in _cut(part)))


def _cut(part: Part) -> list[Part]:
    if isinstance(part, Opaque):
        return [part]
    return [Opaque(piece[2:-1]) if _VARIABLE.fullmatch(piece) else piece for piece in _VARIABLE.split(part)]


def _flat(mixed: Text, signs: dict[Opaque, str]) -> str:
    return "".join(part if isinstance(part, str) else signs[part] for part in mixed.parts)


def _glob(pattern: str, value: str) -> bool:
    at = here = resume = 0
    star = -1
    while here < len(value):
        wanted = pattern[at] if at < len(pattern) else ""
        if wanted == "*":
            star, resume = at, here
            at += 1
        elif wanted == value[here] or (wanted == "?" and ord(value[here]) < _PRIVATE):
            at += 1
            here += 1
        elif star < 0:
            return False
        else:
            resume += 1
            at, here = star + 1, resume
    return not pattern[at:].strip("*")


def _possible(pattern: Text, asked: Text) -> bool:
    """Whether a match can't be ruled out: no, when what is known at either end differs."""
    left, right = _letters(pattern), _letters(asked)
    for end in (0, -1):
        while left and right and left[end] == right[end] != "*":
            del left[end], right[end]
        if left and right and _clash(left[end], right[end]):
            return False
    return bool(left and right) or all(isinstance(rest, Opaque) or rest == "*" for rest in (*left, *right))


def _clash(wanted: Part, letter: Part) -> bool:
    return isinstance(wanted, str) and isinstance(letter, str) and wanted not in "*?"


def _letters(mixed: Text) -> list[Part]:
    return [letter for part in mixed.parts for letter in ([part] if isinstance(part, Opaque) else part)]
