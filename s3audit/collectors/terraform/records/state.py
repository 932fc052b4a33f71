"""A state: as `terraform show -json` prints it, or the file in which Terraform keeps it."""

import json
import re
from collections.abc import Container, Iterator

from s3audit.collectors.terraform.declared import Declared
from s3audit.collectors.terraform.records.forms import (
    State,
    Stored,
    StoredInstance,
    UnreadableError,
    decoded,
    is_null,
    many,
    plain,
)
from s3audit.collectors.terraform.records.given import Reader, Record
from s3audit.collectors.terraform.records.homes import homes_of
from s3audit.collectors.terraform.records.identities import Identities
from s3audit.collectors.terraform.records.places import Places
from s3audit.collectors.terraform.records.plan import as_utf8, declared, is_unknown_version
from s3audit.collectors.terraform.records.records import NO_ADDRESS, Records, Said, listed, record_of
from s3audit.problem import Problem

_VERSION = 4
"""Of state files, since Terraform 0.12."""


def read_state(
    data: bytes, source: str, wanted: Container[str], places: Places | None = None
) -> tuple[list[Declared], list[Problem]]:
    """The resources of these types that a state holds, and what it does not tell; never raises for bad input."""
    said = Said(source)
    try:
        state = decoded(as_utf8(data), State)
    except UnreadableError as error:
        said.add(
            "unreadable",
            f"This is no state: {error}. Give what `terraform show -json` or `state pull` prints.",
        )
        return [], said.problems
    records = Records()
    for record in _records(state, said):
        if not records.add(record):
            said.add(
                "ambiguous", f"{record.address} stands more than once in this state; the first one counts."
            )
    reader = Reader()
    reader.identities = Identities(records.by_address.values())
    where = homes_of(records.by_address.values())
    found = [
        declared(record, source, reader, places, "", where, as_seen=True)
        for record in records.by_address.values()
        if record.kind in wanted
    ]
    return found, said.problems


def _records(state: State, said: Said) -> Iterator[Record]:
    if not is_null(state.encrypted_data):
        said.add(
            "unreadable",
            "This plan or state is encrypted by OpenTofu. Give what `tofu show -json FILE` prints, which is not."
            if is_null(state.lineage)
            else "This state is encrypted by OpenTofu. Give what `tofu show -json` prints, which is not.",
        )
        return
    if is_null(state.version):
        if is_unknown_version(state.format_version, "state", said):
            return
        yield from (record for one, record in listed(state.values, said, "resources") if not one.deposed_key)
        return
    try:
        version = plain(state.version)
    except UnreadableError:
        version = None
    if not isinstance(version, int) or version < _VERSION:
        said.add(
            "unreadable",
            f"This state has the version {str(version)[:20]}, of Terraform 0.11 or older, and {_VERSION} is read here."
            " Run `terraform apply -refresh-only` with a newer Terraform, which rewrites it.",
        )
        return
    if version > _VERSION:
        said.add(
            "unreadable",
            f"This state has the version {str(version)[:20]}, and {_VERSION} is read here, so it is not judged. Look"
            " for a newer s3audit, or give what `terraform show -json` prints.",
        )
        return
    yield from _stored(state, said)


def _stored(state: State, said: Said) -> Iterator[Record]:
    def spoilt(count: int, error: str) -> None:
        said.spoilt("resources", count, error)

    def unreadable(count: int, error: str) -> None:
        # Then there is nothing else in it.
        said.spoilt("resources", count, error, "partial" if count else "unreadable")

    flat = 0
    for one in many(state.resources, Stored, unreadable):
        prefix = "" if one.mode == "managed" else f"{one.mode}."
        around = f"{one.module}." if one.module else ""
        base = f"{around}{prefix}{one.type}.{one.name}"
        for instance in many(one.instances, StoredInstance, spoilt):
            # It is to be destroyed: another object has taken its place.
            if instance.deposed:
                continue
            address = base + _key(instance.index_key)
            record = record_of(address, one.mode, one.type, one.name, one.module or "", instance.attributes)
            if record is None:
                said.spoilt("resources", 0, NO_ADDRESS)
                continue
            record.hidden = instance.sensitive_attributes
            record.provider = _provider(one.provider or "")
            flat += is_null(instance.attributes) and not is_null(instance.attributes_flat)
            yield record
    if flat:
        said.add(
            "partial",
            f"{flat:,} resources of this state are stored as Terraform 0.11 did, so nothing is known of them. Run"
            " `terraform apply -refresh-only`, which rewrites them.",
        )


def _provider(spelled: str) -> str:
    """`provider["registry.terraform.io/hashicorp/aws"].west` is `aws.west`, and without an alias nothing."""
    found = re.search(r'provider(?:\["[^"]*?([\w-]+)"\]|\.([\w-]+))\.([\w-]+)$', spelled)
    return "" if found is None else f"{found[1] or found[2]}.{found[3]}"


def _key(index: str | float | None) -> str:
    if index is None:
        return ""
    if isinstance(index, str):
        spelled = json.dumps(index, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
        return f"[{spelled}]"
    return f"[{int(index)}]"
