"""What a check is: one question about one kind of resource, with all that is said about it."""

from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any, TypeAlias

import msgspec

from s3audit.model.base import Resource, kind_of
from s3audit.verdict import Severity, Verdict

INFO, LOW, MEDIUM, HIGH, CRITICAL = Severity

# What a check needs to know about; live collection fetches only what the selected checks need.
ACCOUNT = "account"
ACCESS_POINTS = "access points"
BUCKETS = "buckets"
DISTRIBUTIONS = "distributions"
KEYS = "keys"
ROLES = "roles"
TRAILS = "trails"
ENDPOINTS = "endpoints"
DNS_RECORDS = "DNS records"
ALARMS = "alarms"
LOAD_BALANCERS = "load balancers"
TARGETS = "notification targets"
VAULTS = "vaults"
WATCHERS = "watching services"
BACKUPS = "backup plans"
ORGANIZATION = "organization"
ACCESS_GRANTS = "access grants"
STORAGE_LENS = "storage lens"
BATCH_JOBS = "batch jobs"
PREDICTABLE_NAMES = "predictable names"
TABLE_BUCKETS = "table buckets"
VECTOR_BUCKETS = "vector buckets"
FILE_SYSTEMS = "file systems"

CLOUDFORMATION = "cloudformation"
TERRAFORM = "terraform"
LIVE = "live"
ALL = (CLOUDFORMATION, TERRAFORM, LIVE)

Examples: TypeAlias = str | tuple[str, ...]
Judge: TypeAlias = Callable[..., Verdict]


class Fix(msgspec.Struct, frozen=True):
    """How it is put right, in each language; empty where that language has no way."""

    cloudformation: str = ""
    terraform: str = ""
    cli: str = ""
    note: str = ""
    """What to know before doing it, in one sentence."""


NO_FIX = Fix()


class Check(msgspec.Struct, frozen=True, eq=False):
    """A question, its answer's meaning and its proof; its id is its place under `checks/`."""

    id: str
    topic: str
    name: str
    title: str
    """What is true when it passes."""
    why: str
    severity: Severity
    severity_rule: str
    needs: tuple[str, ...]
    sources: tuple[str, ...]
    yields_to: tuple[str, ...]
    peers: Mapping[str, tuple[str, ...]]
    aliases: tuple[str, ...]
    fix: Fix
    passes: tuple[str, ...]
    fails: tuple[str, ...]
    unsure: tuple[str, ...]
    kinds: tuple[str, ...]
    """What is judged, by the tags of its kinds: the model is not loaded for what is nowhere."""
    judge: Judge
    wants_estate: bool
    about: str = ""
    """The field of what is judged without which the question does not arise, if there is one: `replication`."""

    @property
    def subjects(self) -> tuple[type[Resource], ...]:
        """The kinds of resources that are judged."""
        from s3audit.model.kinds import KINDS

        return tuple(KINDS[kind] for kind in self.kinds)

    @property
    def subject(self) -> type[Resource]:
        """The first of the kinds, and mostly the only one."""
        return self.subjects[0]


class BadCheckError(Exception):
    """A check file that is not whole; the message says what is missing."""


def check(
    *,
    severity: Severity,
    needs: tuple[str, ...],
    sources: tuple[str, ...] = ALL,
    fix: Fix = NO_FIX,
    passes: Examples = (),
    fails: Examples = (),
    unsure: Examples | None = None,
    severity_rule: str = "",
    yields_to: tuple[str, ...] = (),
    peers: Mapping[str, tuple[str, ...]] | None = None,
    aliases: tuple[str, ...] = (),
    about: str = "",
    lean: bool = False,
) -> Callable[[Judge], Check]:
    """Make a check of a function from a resource (and the estate, if it asks for it) to a verdict.

    `unsure` is an empty tuple only where no input can leave the question open. `about` names a field: where there is
    nothing in it the engine says that the check does not apply, and the function is not asked. A lean one has no
    examples, as nobody looks at them while it judges.
    """

    def wrap(judge: Judge) -> Check:
        topic, _, name = judge.__module__.rpartition(".")
        topic = topic.rpartition(".")[2].replace("_", "-")
        name = name.replace("_", "-")
        title, _, why = (judge.__doc__ or "").strip().partition("\n")
        subjects, wants_estate = _signature(judge)
        if about and not all(about in kind.__struct_fields__ for kind in subjects):
            raise BadCheckError(f"{judge.__module__}.{judge.__name__}: what it judges has no field {about}")
        made = Check(
            id=f"{topic}-{name}",
            topic=topic,
            name=name,
            title=title.rstrip("."),
            why=_paragraphs(why),
            severity=severity,
            severity_rule=severity_rule,
            needs=needs,
            sources=sources,
            yields_to=yields_to,
            peers=peers or {},
            aliases=aliases,
            fix=fix,
            passes=_examples(passes),
            fails=_examples(fails),
            unsure=_examples(unsure or ()),
            kinds=tuple(map(kind_of, subjects)),
            judge=judge,
            wants_estate=wants_estate,
            about=about,
        )
        if not lean:
            _whole(made, unsure is not None)
        return made

    return wrap


def _signature(judge: Judge) -> tuple[tuple[type[Any], ...], bool]:
    hints = [kind for name, kind in judge.__annotations__.items() if name != "return"]
    first = hints[0] if hints else None
    kinds = first.__args__ if isinstance(first, UnionType) else (first,)
    if not all(isinstance(kind, type) and issubclass(kind, Resource) for kind in kinds) or len(hints) > 2:
        raise BadCheckError(
            f"{judge.__module__}.{judge.__name__}: the first parameter is annotated with the kind of resource"
            " that is judged, such as `bucket: Bucket`; a second one, if any, is `estate: Estate`"
        )
    return kinds, len(hints) == 2


def _examples(given: Examples) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def _paragraphs(text: str) -> str:
    """The docstring without its indentation, one line a paragraph."""
    blocks = "\n".join(line.strip() for line in text.strip().splitlines()).split("\n\n")
    return "\n\n".join(" ".join(block.split()) for block in blocks if block.strip())


def _whole(made: Check, has_unsure: bool) -> None:
    missing = [
        what
        for what, there in (
            ("a title (the first line of the docstring)", made.title),
            ("why it matters (the docstring below its first line)", made.why),
            ("an example that passes", made.passes),
            ("an example that fails", made.fails),
            ("an example that can't be decided (`unsure=`; an empty tuple where there is none)", has_unsure),
            ("a fix", made.fix.cloudformation or made.fix.terraform or made.fix.cli or made.fix.note),
        )
        if not there
    ]
    if missing:
        raise BadCheckError(f"{made.id} has no {', and no '.join(missing)}")
