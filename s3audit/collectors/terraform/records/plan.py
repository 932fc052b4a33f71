"""A plan as `terraform show -json` prints it: what there will be once it is applied."""

from collections.abc import Container
from functools import cached_property
from typing import Any

from s3audit.collectors.documents.reader import decode, encoding
from s3audit.collectors.documents.tree import location
from s3audit.collectors.terraform.declared import Declared
from s3audit.collectors.terraform.home import Homes
from s3audit.collectors.terraform.records.after_apply import DOCUMENT, AfterApply
from s3audit.collectors.terraform.records.arguments import COMPUTED
from s3audit.collectors.terraform.records.configuration import Texts
from s3audit.collectors.terraform.records.fillings import Fillings
from s3audit.collectors.terraform.records.fitting import Fitting, Original
from s3audit.collectors.terraform.records.forms import (
    NONE,
    Deferred,
    Plan,
    Raw,
    ResourceChange,
    ResourceValues,
    UnreadableError,
    decoded,
    is_null,
    many,
    plain,
)
from s3audit.collectors.terraform.records.forms import State as PriorState
from s3audit.collectors.terraform.records.given import Reader, Record
from s3audit.collectors.terraform.records.homes import WHO, homes_of
from s3audit.collectors.terraform.records.identities import Identities, called
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
    fallback: Original | None = None,
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
    if is_unknown_version(plan.format_version, "plan", said):
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


def is_unknown_version(format_version: Raw, what: str, said: Said) -> bool:
    """Whether what `show -json` prints is of a later form, of which Terraform says that it is to be rejected."""
    version = _word(format_version)
    if not version or version.partition(".")[0] in ("0", "1"):
        return False
    said.add(
        "unreadable",
        f"This {what} has the format_version {version[:20]!r}, and those up to 1 are read here, so it is not judged."
        f" Look for a newer s3audit, or give what an older Terraform prints of the {what}.",
    )
    return True


def _about_the_whole(plan: Plan, said: Said) -> None:
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
        self._lists_changes = False
        self._changes()
        self._deferred()
        planned = self._planned()
        prior = self._prior()
        for record in planned:
            record.is_new = record.address not in prior
        if self._is_bare() and is_null(self.plan.prior_state):
            self.fillings.leave_open("this plan lists neither its changes nor what there was before them")
            for record in planned:
                record.is_new = called(record.values).id is None

    def _changes(self) -> None:
        for one in many(self.plan.resource_changes, ResourceChange, self._spoilt("resource_changes")):
            self._lists_changes = True
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
        is_bare = self._is_bare()
        addresses: set[str] = set()
        for one, record in listed(state.values, self.said, "prior_state"):
            if one.deposed_key:
                continue
            addresses.add(record.address)
            if record.address in self._gone or record.address in self.records.by_address:
                continue
            if is_bare and record.kind != f"data.{one.type}":
                self._left_out(one, record)
            elif self.records.add(record):
                self.seen.add(record.address)
        return addresses

    def _is_bare(self) -> bool:
        """Whether some tool has left out the changes; a plan of Terraform's own without any plans nothing."""
        records = self.records.by_address.values()
        return not self._lists_changes and any(not record.kind.startswith("data.") for record in records)

    def _left_out(self, one: ResourceValues, record: Record) -> None:
        """What was there, and is not planned by a plan that lists no changes: most likely it is destroyed."""
        why = f"this plan lists no changes, so it can't be told whether {record.address} is destroyed"
        texts = self._texts
        scope = None if texts is None else texts.scope(record.module)
        is_written = scope is not None and record.block in scope.text.blocks
        if texts is not None and not is_written and _word(self.plan.complete) != "False":
            self._gone.add(record.address)
            why = ""
        else:
            self.gaps[record.address] = why
            if self.records.add(record):
                self.seen.add(record.address)
        self.fillings.take_away(one.type or record.kind, one.values, why)

    def _spoilt(self, what: str) -> Any:
        return lambda count, error: self.said.spoilt(what, count, error)

    def declared(
        self, wanted: Container[str], places: Places | None, fallback: Original | None
    ) -> list[Declared]:
        records = self.records.by_address.values()
        source = None if fallback is None else Fitting(fallback, self._texts, records)
        unknowns = AfterApply(self.records, self._texts, source)
        reader = Reader(unknowns, source)
        reader.fillings = self.fillings
        reader.identities = Identities(records)
        where = homes_of(records, NONE if self._texts is None else self._texts.providers)
        for record in records:
            if record.kind == WHO:
                record.provider = unknowns.provider(record)
        found: list[Declared] = []
        for record in records:
            if record.kind not in wanted:
                if record.kind == DOCUMENT:
                    put_in_place(record, places)
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
                    where,
                    as_seen=record.address in self.seen or _is_as_seen(record, unknowns),
                )
            )
        return found

    @cached_property
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


def put_in_place(record: Record, places: Places | None) -> None:
    """Let it lie where its block lies, where that is known."""
    record.place = None if places is None else places.place(record.address)
    if record.place is not None:
        header = record.place.node
        record.start, record.end, record.lines = header.start, header.end, header.lines


def declared(
    record: Record,
    source: str,
    reader: Reader,
    places: Places | None,
    gap: str,
    where: Homes,
    *,
    as_seen: bool,
) -> Declared:
    """A resource as a plan or a state has it, with the place of its block where that is known."""
    put_in_place(record, places)
    at = Location(source, record.address)
    if record.place is not None:
        at = location(record.place.node, source, record.address)
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
        where=where,
        as_seen=as_seen,
    )
