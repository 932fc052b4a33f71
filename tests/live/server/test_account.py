"""The account of `s3audit demo`."""

import json

import pytest

from s3audit import accounts
from s3audit.collectors.live.access import forget
from s3audit.demo import account
from s3audit.demo.account import DENIED, REGIONS
from s3audit.demo.answers import checked
from s3audit.demo.models import services
from s3audit.demo.server import Server


def test_everything_that_it_answers_is_what_the_service_could_answer() -> None:
    world = account.world()
    for operation, answers in world.told.items():
        name, _, call = operation.partition(":")
        service = services().get(name)
        assert service is not None
        for one in answers:
            checked(service.operation(call).output_shape, one.document, operation)
            checked(service.operation(call).input_shape, one.when, operation)


def test_it_is_small_and_has_two_regions() -> None:
    world = account.world()
    assert 10 <= len(world.buckets) <= 15
    assert {bucket.region for bucket in world.buckets.values()} == set(REGIONS)


def test_what_it_refers_to_is_there() -> None:
    world = account.world()
    told = json.dumps([bucket.documents for bucket in world.buckets.values()])
    for name in ("hazelwick-access-logs", "hazelwick-orders-replica"):
        assert name in told
        assert name in world.buckets


def test_a_scan_of_it_finds_what_it_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(account.world()) as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        report = accounts.live()
    forget()
    found = {(one.check, one.subject.name): one.status for one in report.findings}
    assert found["access-public-read", "hazelwick-press-2019"] == "fail"
    assert found["logging-loop", "hazelwick-access-logs"] == "fail"
    assert found["versioning-enabled", "hazelwick-terraform-state"] == "fail"
    assert found["transport-tls-required", "hazelwick-web"] == "pass"
    assert found["encryption-kms", "hazelwick-data-lake"] == "pass"
    assert found["transport-tls-required", DENIED] == "unknown"
    # Two calls are denied, and there is nothing else that it could not see.
    assert len(report.problems) == 2
    assert all(DENIED in problem.message for problem in report.problems)
