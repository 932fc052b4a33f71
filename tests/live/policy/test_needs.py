"""What a check needs is what it reads: a live scan fetches no more than the selected checks name."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest

import s3audit
from s3audit.check import LIVE
from s3audit.collectors.live.context import READERS
from s3audit.collectors.live.reading import Reading
from s3audit.explain import intent, is_account
from s3audit.model.account import Account, Organization
from s3audit.model.base import Resource, kind_of
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import ManagedPolicy, Role
from s3audit.model.key import KmsKey
from s3audit.model.predictable import PredictableName
from s3audit.model.target import Function, Queue, Topic
from s3audit.model.trail import Alarm, EventRule, Trail
from s3audit.setting import Unknown
from tests.checks.examples import CHECKS, examples_of, run

LIVE_CHECKS = [one.id for one in CHECKS.values() if LIVE in one.sources]

# What is read by code and not by a table, and what others refer to.
BY_CODE: dict[str, set[type[Resource]]] = {
    "account": {Account},
    "alarms": {Alarm, EventRule},
    "buckets": {Bucket},
    "keys": {KmsKey},
    "notification targets": {Function, Queue, Topic},
    "organization": {Organization},
    "predictable names": {PredictableName},
    "roles": {ManagedPolicy, Role},
    "trails": {Trail},
}
# What is only asked about values that no live answer has.
NOT_LIVE = {
    # Whether `${Logs.DomainName}` is a bucket's; CloudFront tells domain names as texts.
    ("cloudfront-oac", "bucket"),
    # Whose attributes a policy names; a live one has them as texts.
    *product(
        (
            "encryption-aws-managed-key-shared",
            "encryption-client-side-declared",
            "encryption-kms-key-full-arn",
            "encryption-kms-policy-public",
        ),
        ("distribution", "origin-access-identity", "role", "user"),
    ),
    *product(
        ("access-abac-tagging-restricted",), ("distribution", "kms-key", "origin-access-identity", "user")
    ),
    # Whether visitors come by it; live it is known whether there is a distribution.
    ("website-without-cdn", "dns-record"),
    # Users and groups are not read live.
    *product(("access-abac-tag-conditions-effective",), ("group", "user")),
    *product(
        ("logging-target-private", "monitoring-inventory-destination", "monitoring-storage-lens-export"),
        ("kms-key", "role", "user"),
    ),
    *product(
        (
            "access-latent-public",
            "access-public-read",
            "access-public-write",
            "acl-uploader-owns-objects",
            "website-hosting",
        ),
        ("distribution", "kms-key", "origin-access-identity", "role", "user"),
    ),
    *product(
        ("object-lock-governance-bypass",), ("distribution", "kms-key", "origin-access-identity", "user")
    ),
    *product(("cloudfront-bucket-only-via-distribution",), ("kms-key", "user")),
    *product(("presigned-signer-scope",), ("group", "multi-region-access-point", "user")),
    # Live trails and filters name the group itself.
    ("monitoring-policy-change-alarm", "log-group"),
    *product(
        (
            "access-point-policy-public",
            "access-point-policy-cross-account",
            "access-point-bucket-delegation",
            "access-point-delegation-scope",
        ),
        ("distribution", "kms-key", "object-lambda-access-point", "origin-access-identity", "role", "user"),
    ),
    *product(
        ("object-lambda-bypass",),
        ("distribution", "group", "kms-key", "origin-access-identity", "user"),
    ),
}


def fetched(need: str) -> set[str]:
    """The kinds that a live scan reads for a need."""
    by_table = {
        kind
        for reader in READERS
        if isinstance(reader, Reading) and reader.need == need
        for kind in reader.kinds
    }
    return by_table | {kind_of(kind) for kind in BY_CODE.get(need, ())} | _MORE.get(need, set())


_MORE = {
    # A sample of them, where it is asked for.
    "buckets": {"object"},
    "DNS records": {"dns-record"},
    "endpoints": {"vpc-endpoint"},
    "watching services": {"macie-session"},
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The kinds that anybody asks an estate about."""
    kinds: set[str] = set()
    given, gap = Estate._of, Estate.unlisted

    def of(self: Estate, kind: str) -> Sequence[Resource]:
        kinds.add(kind)
        return given(self, kind)

    def unlisted(self: Estate, kind: type[Resource], account: str, region: str = "") -> Unknown | None:
        kinds.add(kind_of(kind))
        return gap(self, kind, account, region)

    monkeypatch.setattr(Estate, "_of", of)
    monkeypatch.setattr(Estate, "unlisted", unlisted)
    return kinds


@pytest.mark.parametrize("check_id", LIVE_CHECKS)
def test_a_check_needs_just_what_it_reads(check_id: str, asked: set[str], tmp_path: Path) -> None:
    check = CHECKS[check_id]
    for example in examples_of(check):
        if is_account(example.text):
            run(example, tmp_path)
            continue
        file = tmp_path / f"{example.name}{Path(example.file).suffix}"
        file.write_text(example.text, encoding="utf-8")
        config = tmp_path / ".s3audit.toml"
        config.write_text(intent(example.text), encoding="utf-8")
        s3audit.scan([file], select=[check_id], config=config)
    read = {kind for kind in asked if (check_id, kind) not in NOT_LIVE}
    assert read - {kind for need in check.needs for kind in fetched(need)} == set()
    assert [need for need in check.needs if not fetched(need) & read] == []


def test_each_need_has_something_fetched_for_it() -> None:
    needs = {reader.need for reader in READERS} | BY_CODE.keys()
    assert [need for need in sorted(needs) if not fetched(need)] == []
