"""What is known of a name: its known parts, and the parts of which at least the form is known."""

from collections.abc import Callable, Iterator
from itertools import product

from s3audit.model.bucket import Bucket
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown

ACCOUNTS = ("111122223333", "444455556666")
REGIONS = ("eu-west-1", "ap-southeast-2")
"""A short one and a long one."""
_MOST_SAMPLES = 64

Said = Callable[[str], str]
"""What is wrong with a text; empty where nothing is."""


def judged(setting: Setting[Text], judge: Callable[[Text], tuple[Status, str]]) -> Verdict:
    """What is said of a name that is known as far as that goes."""
    match setting:
        case Unknown(why, at):
            return unknown(at, f"the name is not known: {why}")
        case Known(name, at, via) | Unset(name, at, via=via):
            status, note = judge(name)
            shown = f"{note} {via}" if via else note
            return {Status.FAIL: failed, Status.PASS: passed}.get(status, unknown)(at, shown)


def is_made_up(name: Text, address: str) -> bool:
    """Whether the resource gets its name, or the end of it, when it is created.

    A name that is but the resource's own may also be one that the input does not tell.
    """
    own = [part for part in name.parts if _is_own(part, address)]
    return any(isinstance(part, Opaque) and part.generated for part in own) or bool(
        own and len(name.parts) > 1
    )


def as_made(name: Text, address: str) -> Text:
    """With an account and a Region behind a prefix, as CloudFormation puts them there."""
    if len(name.parts) < 2 or not _is_own(name.parts[-1], address) or name.opaque[-1].generated:
        return name
    return text(*name.parts[:-1], f"{ACCOUNTS[0]}-{REGIONS[0]}-an")


def _is_own(part: str | Opaque, address: str) -> bool:
    return isinstance(part, Opaque) and (part.generated or part.resource == address)


def pieces(name: Text) -> Iterator[str]:
    """Its known parts."""
    return (part for part in name.parts if isinstance(part, str))


def samples(name: Text) -> list[str]:
    """Texts that it may come to; none where of some part not even the form is known."""
    forms = [(part,) if isinstance(part, str) else _forms(part) for part in name.parts]
    return ["".join(one) for one, _ in zip(product(*forms), range(_MOST_SAMPLES), strict=False)]


def _forms(part: Opaque) -> tuple[str, ...]:
    """An account id has twelve digits, a Region is a word with hyphens, and what is made up has a form of its own."""
    match part.origin.split("."):
        case ["AWS::AccountId"] | ["data", "aws_caller_identity", _, "account_id" | "id"]:
            return ACCOUNTS
        case ["AWS::Region"] | ["data", "aws_region", _, "name" | "region" | "id"]:
            return REGIONS
        case [logical] if part.generated:
            return tuple(f"stack-{logical.lower()}-{end}" for end in ("1a2b3c4d5e6f", "z9y8x7w6v5u4"))
        case _ if part.generated:
            return ("20260102030405123400000001", "20271112131415678900000012")
        case _:
            return ()


def of_samples(name: Text, wrong: Said) -> tuple[Status, str]:
    """What holds of all that a name may come to, with what is wrong with it."""
    found = [wrong(one) for one in samples(name)]
    if found and all(found):
        return Status.FAIL, found[0]
    if found and not any(found):
        return Status.PASS, ""
    return Status.UNKNOWN, f"what the name {name} comes to is not known"


def of_general(bucket: Bucket, judge: Callable[[], Verdict]) -> Verdict:
    """What is said of a bucket whose name is one of those that the rules of general purpose buckets are about."""
    if bucket.type != "general":
        return not_applicable(bucket.at, "only general purpose buckets follow these rules")
    if not bucket.is_declared:
        return not_applicable(bucket.at, "it is not declared here")
    return judge()


def is_accelerated(bucket: Bucket) -> Verdict:
    return bucket.acceleration.status.is_in("Enabled", what="transfer acceleration")


def without_dots(bucket: Bucket) -> Verdict:
    """Whether the name has no dot; what is made up has none."""
    return judged(bucket.name, lambda name: _without_dots(name, bucket.address))


def _without_dots(name: Text, address: str) -> tuple[Status, str]:
    dotted = f"the name {name} has a dot"
    if any("." in part for part in pieces(name)):
        return Status.FAIL, dotted
    open_parts = [part for part in name.opaque if not _is_own(part, address) and not _forms(part)]
    if open_parts or (name.opaque and not is_made_up(name, address) and not samples(name)):
        return Status.UNKNOWN, f"whether the name {name} has a dot is not known"
    return Status.PASS, f"the name {name} has no dot"


def is_own_alone(name: Text, address: str) -> bool:
    """Whether nothing of it is written."""
    return bool(name.parts) and all(_is_own(part, address) for part in name.parts)
