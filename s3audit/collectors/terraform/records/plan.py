"""A plan as `terraform show -json` prints it: what there will be once it is applied."""

from collections.abc import Container
from typing import Any

from s3audit.collectors.documents.reader import decode, encoding
from s3audit.collectors.documents.tree import location
from s3audit.collectors.terraform.declared import Declared
from s3audit.collectors.terraform.records.after_apply import AfterApply
from s3audit.collectors.terraform.records.arguments import COMPUTED
from s3audit.collectors.terraform.records.configuration import Texts
from s3audit.collectors.terraform.records.fillings import Fillings
from s3audit.collectors.terraform.records.forms import (
    Deferred,
    Plan,
    Raw,
    ResourceChange,
    UnreadableError,
    decoded,
    is_null,
    many,
    plain,
)
from s3audit.collectors.terraform.records.forms import State as PriorState
from s3audit.collectors.terraform.records.given import Reader, Record, Source
from s3audit.collectors.terraform.records.identities import Identities
from s3audit.collectors.terraform.records.places import Places
from s3audit.collectors.terraform.records.records import NO_ADDRESS, Records, Said, listed, record_of
from s3audit.location import Location
from s3audit.problem import Problem
from s3audit.setting import Known, Setting, Unknown

_BUCKET = "aws_s3_bucket"
_GONE = (["delete"], ["forget"])
_OPEN_COUNT = "how many there are of it is known only after a first apply"


def read_plan(
    data: bytes,
    source: str,
    wanted: Container[str],
    places: Places | None = None,
    fallback: Source | None = None,
) -> tuple[list[Declared], list[Problem]]:
    """The resources of these types that there will be, and what the plan does not tell; never raises for bad input.

    `fallback` is asked for arguments that are known only after apply.
    """
    said = Said(source)
    try:
        plan = decoded(as_utf8(data), Plan)
    except UnreadableError as error:
        said.add("unreadable", f"This is no plan: {error}. Give what `terraform show -json PLAN` prints.")
        return [], said.problems
    _about_the_whole(plan, said)
    reading = _Reading(plan, said)
    return reading.declared(wanted, places, fallback), said.problems


def as_utf8(data: bytes) -> bytes:
    """The same in UTF-8 and without byte order mark: a Windows shell redirects output as UTF-16."""
    name, mark = encoding(data)
    if name == "utf-8":
        return data[mark:] if mark else data
    return decode(data).encode("utf-8", "replace")


def _about_the_whole(plan: Plan, said: Said) -> None:
    version = _word(plan.format_version)
    if version and version.partition(".")[0] not in ("0", "1"):
        said.add(
            "partial",
            f"This plan has the format_version {version[:20]!r}, and those up to 1 are known here, so some of it may be"
            " missed or misread. Look for a newer s3audit.",
        )
    if _word(plan.errored) == "True":
        said.add(
            "partial",
            "This plan is of a run that failed, so it is not complete; what it leaves out is not judged. Correct the"
            " error and plan again.",
        )
    elif _word(plan.complete) == "False":
        said.add(
            "partial",
            "This plan is not complete: a part was chosen with -target, or put off. What it leaves out and is not there"
            " yet is not judged. Plan again without -target, or after applying this one.",
        )


def _word(raw: Raw) -> str:
    try:
        found = plain(raw)
    except UnreadableError:
        return ""
    return "" if found is None else str(found)


class _Reading:
    """All that a plan lists, each once."""

    def __init__(self, plan: Plan, said: Said) -> None:
        self.plan = plan
        self.said = said
        self.records = Records()
        self.gaps: dict[str, str] = {}
        """Why there may be more of some, by address."""
        self.seen: set[str] = set()
        """Addresses of what is only there, and not planned."""
        self.fillings = Fillings()
        self._gone: set[str] = set()
        self._changes()
        self._deferred()
        planned = self._planned()
        prior = self._prior()
        for record in planned:
            record.is_new = record.address not in prior

    def _changes(self) -> None:
        for one in many(self.plan.resource_changes, ResourceChange, self._spoilt("resource_changes")):
            # The deposed object of a resource that goes on has its address.
            if not one.deposed:
                self._change(one)

    def _change(self, one: ResourceChange) -> Record | None:
        if one.previous_address and one.previous_address != one.address:
            self._gone.add(one.previous_address)
        change = one.change
        self.fillings.add(one)
        if change.actions in _GONE:
            self._gone.add(one.address)
            return None
        record = record_of(one.address, one.mode, one.type, one.name, one.module_address or "", change.after)
        if record is None:
            self.said.spoilt("resource_changes", 0, NO_ADDRESS)
            return None
        record.open = change.after_unknown
        record.hidden = change.after_sensitive
        record.is_new = "create" in change.actions or not change.actions
        return record if self.records.add(record) else None

    def _deferred(self) -> None:
        for one in many(self.plan.deferred_changes, Deferred, self._spoilt("deferred_changes")):
            record = self._change(one.resource_change)
            if record is not None and one.reason == "instance_count_unknown":
                self.gaps[record.address] = _OPEN_COUNT

    def _planned(self) -> list[Record]:
        """What is planned without being among the changes, as where some tool has left these out."""
        found: list[Record] = []
        known = self.records.by_address
        for _, record in listed(self.plan.planned_values, self.said, "planned_values", known):
            if record.address not in self._gone and self.records.add(record):
                record.is_bare = True
                found.append(record)
        if any(not record.kind.startswith("data.") for record in found) and is_null(self.plan.configuration):
            self.said.add(
                "partial",
                "This plan lists resources without their changes and has no configuration, so what it does not list is"
                " unknown. Give all that `terraform show -json` prints.",
            )
        return found

    def _prior(self) -> set[str]:
        """The addresses of what is there already; what a plan with -target leaves out goes on to be there."""
        if is_null(self.plan.prior_state):
            return set()
        try:
            state = decoded(self.plan.prior_state, PriorState)
        except UnreadableError as error:
            self.said.spoilt("prior_state", 0, str(error))
            return set()
        addresses: set[str] = set()
        for one, record in listed(state.values, self.said, "prior_state"):
            if one.deposed_key:
                continue
            addresses.add(record.address)
            if record.address not in self._gone and self.records.add(record):
                self.seen.add(record.address)
        return addresses

    def _spoilt(self, what: str) -> Any:
        return lambda count, error: self.said.spoilt(what, count, error)

    def declared(
        self, wanted: Container[str], places: Places | None, fallback: Source | None
    ) -> list[Declared]:
        unknowns = AfterApply(self.records, self._texts(), fallback)
        reader = Reader(unknowns, fallback)
        reader.fillings = self.fillings
        reader.identities = Identities(self.records.by_address.values())
        found: list[Declared] = []
        for record in self.records.by_address.values():
            if record.kind not in wanted:
                continue
            gap = self.gaps.get(record.address, "")
            record.provider = unknowns.provider(record)
            found.append(
                declared(
                    record,
                    self.said.source,
                    reader,
                    places,
                    gap,
                    as_seen=record.address in self.seen or _is_as_seen(record, unknowns),
                )
            )
        return found

    def _texts(self) -> Texts | None:
        if is_null(self.plan.configuration):
            return None
        try:
            return Texts(self.plan.configuration)
        except UnreadableError as error:
            self.said.spoilt("configuration", 0, str(error))
            return None


def _is_as_seen(record: Record, unknowns: AfterApply) -> bool:
    """Whether the blocks inside of a bucket that is there already are what AWS answered: nobody wrote any of them."""
    if record.kind != _BUCKET or record.is_new:
        return False
    written = unknowns.arguments(record)
    return not isinstance(written, dict) or COMPUTED[_BUCKET].isdisjoint(written)


def declared(
    record: Record, source: str, reader: Reader, places: Places | None, gap: str, *, as_seen: bool
) -> Declared:
    """A resource as a plan or a state has it, with the place of its block where that is known."""
    record.place = None if places is None else places.place(record.address)
    at = Location(source, record.address)
    if record.place is not None:
        header = record.place.node
        record.start, record.end, record.lines = header.start, header.end, header.lines
        at = location(header, source, record.address)
    exists: Setting[bool] = Unknown(gap, at) if gap else Known(True, at)
    return Declared(
        address=record.address,
        type=record.kind,
        node=record,
        at=at,
        exists=exists,
        resolver=reader,
        file=at.source,
        gap=gap,
        provider=record.provider,
        as_seen=as_seen,
    )
