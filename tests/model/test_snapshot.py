"""A snapshot reads back as it was written, and an older one says what it does not know."""

import json

import pytest

from s3audit.collectors import snapshot
from s3audit.collectors.snapshot import SnapshotError
from s3audit.location import Location
from s3audit.model.base import Tag
from s3audit.model.bucket import Bucket, Cors, CorsRule, Versioning
from s3audit.model.document import Array, Leaf, Member, Object
from s3audit.model.estate import Estate, Listing
from s3audit.model.kinds import KINDS
from s3audit.problem import Problem
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Opaque, text

AT = Location("a.yaml", "Resources.A", 3, 5, 3, 9)
NAME = text("logs-", Opaque("Env", other_than=("dev",)))
RULE = CorsRule(
    at=AT, allowed_origins=Known((Known(text("*"), AT), Unknown("Origin has no default", AT)), AT)
)
POLICY = Object((Member("Statement", Array((Leaf(True, AT), Leaf(NAME, AT), Unknown("x", AT)), AT), AT),), AT)
BUCKET = Bucket(
    address="Resources.A",
    at=AT,
    origin="cloudformation",
    name=Known(NAME, AT),
    tags=Known((Known(Tag(at=AT, key=Known(text("k"), AT), value=Unset(text(), AT)), AT),), AT),
    versioning=Versioning(at=AT, status=Known("Enabled", AT, "with the default of Env")),
    cors=Known(Cors(at=AT, rules=Known((Known(RULE, AT),), AT)), AT),
    logging=Unset(None, AT),
    policy=Known(POLICY, AT),
)
ESTATE = Estate(
    resources=(BUCKET, *(kind(address=f"Resources.{tag}", at=AT) for tag, kind in KINDS.items())),
    kinds=frozenset({"bucket", "distribution"}),
    listings=(Listing("bucket", "111122223333", "eu-west-1"),),
    problems=lambda: (Problem(AT, "partial", "It could not be read."),),
)


def test_what_is_written_is_read_back() -> None:
    data = snapshot.write(ESTATE)
    again = snapshot.read(data, "s.jsonl")
    assert again.resources == ESTATE.resources
    assert (again.kinds, again.listings, again.problems) == (ESTATE.kinds, ESTATE.listings, ESTATE.problems)
    assert len(data.splitlines()) == 1 + len(ESTATE.resources)
    assert snapshot.write(snapshot.read(data, "s.jsonl")) == data


def test_what_an_older_version_did_not_collect_is_unknown_and_no_default() -> None:
    header, *lines = snapshot.write(ESTATE, version="0.0.1").splitlines()
    bucket = next(line for line in lines if b'"Enabled"' in line)
    told = json.loads(bucket)
    del told["cors"]
    del told["versioning"]["mfa_delete"]
    older = snapshot.read(header + b"\n" + json.dumps(told).encode(), "old.jsonl").all(Bucket)[0]
    gap = Unknown("not collected by version 0.0.1", Location("old.jsonl"))
    assert older.cors == gap
    assert older.versioning.mfa_delete == gap
    assert older.versioning.status == BUCKET.versioning.status
    assert older.lifecycle == BUCKET.lifecycle  # written as unknown then, and for that version's reason


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "s.jsonl is no snapshot of s3audit"),
        (b"{}\n[", "s.jsonl:2 can't be read as a resource"),
        (b'{"s3audit_snapshot": 99, "version": "9.0"}', "written by s3audit 9.0 in format 99"),
        (b'{"s3audit_snapshot": 1}\n{"type": "moon"}', "s.jsonl:2 can't be read"),
    ],
)
def test_a_broken_one_says_where(data: bytes, said: str) -> None:
    with pytest.raises(SnapshotError, match=said):
        snapshot.read(data, "s.jsonl")
