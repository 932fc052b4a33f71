"""How much an origin matters, and which rules are the same in other words."""

from pathlib import Path

import pytest

from s3audit.location import NOWHERE, Location
from s3audit.model.bucket import Bucket, Cors, CorsRule
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Opaque, Text, literal, text
from s3audit.verdict import Status, Verdict
from tests.checks.examples import CHECKS, EXAMPLES, run

AT = Location("here")
X = Opaque("X")


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("cors-write-methods-fails-1", "high"),
        ("cors-write-methods-fails-2", "high"),
        ("cors-write-methods-fails-3", "medium"),
        ("cors-insecure-origin-fails-1", "medium"),
        ("cors-insecure-origin-fails-4", "low"),
    ],
)
def test_how_bad_it_is(name: str, severity: str, tmp_path: Path) -> None:
    (finding,) = run(EXAMPLES[name], tmp_path).findings
    assert finding.severity.label == severity


def test_localhost_beside_a_site_is_as_bad_as_the_site() -> None:
    found = judge("cors-insecure-origin", rule("http://localhost", "http://www.example.com"))
    assert found.severity is not None
    assert found.severity.label == "medium"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (text("http://", X), Status.FAIL),
        (text("http", X), Status.UNKNOWN),
        (text("n", X), Status.UNKNOWN),
        (text("https://", X), Status.PASS),
        (text("https*.example.com"), Status.PASS),
        (text("http*.example.com"), Status.FAIL),
        (text("HTTP://www.example.com"), Status.FAIL),
        (text("*.", X, ".example.com"), Status.FAIL),
        (text("*", X), Status.UNKNOWN),
        (text("*.co.uk"), Status.PASS),
        (text("http"), Status.PASS),
        (text("nullable"), Status.PASS),
        (text(), Status.PASS),
    ],
    ids=str,
)
def test_an_origin_over_http(origin: Text, status: Status) -> None:
    assert judge("cors-insecure-origin", rule(origin)).status is status


@pytest.mark.parametrize(
    ("origin", "severity"),
    [
        ("http://localhost", "low"),
        ("http://app.localhost:8080", "low"),
        ("http://[::1]:3000", "low"),
        ("http://localhost.example.com", "medium"),
        ("http://localhost*", "medium"),
        ("http://*.localhost", "medium"),
        ("http://127.0.0.1.example.com", "medium"),
    ],
)
def test_only_the_own_machine_is_low(origin: str, severity: str) -> None:
    found = judge("cors-insecure-origin", rule(origin)).severity
    assert found is not None
    assert found.label == severity


@pytest.mark.parametrize(
    ("earlier", "later", "status"),
    [
        ("https://*", "https://*.example.com", Status.FAIL),
        ("https://*.example.com", "https://*", Status.PASS),
        ("https://*.example.com", "https://example.com", Status.PASS),
        ("https://a*.example.com", "https://*.example.com", Status.PASS),
        ("*", text(X), Status.FAIL),
        (text(X), text(X), Status.FAIL),
        (text("https://", X, ".example.com"), "https://www.example.com", Status.UNKNOWN),
        (text("https://", X, ".example.com"), "https://www.example.org", Status.PASS),
    ],
    ids=str,
)
def test_which_origins_take_in_others(earlier: str | Text, later: str | Text, status: Status) -> None:
    assert judge("cors-shadowed-rule", rule(earlier), rule(later)).status is status


def test_an_unknown_rule_leaves_it_open() -> None:
    cors = Cors(at=AT, rules=Known((Known(rule("*"), AT), Unknown("nobody tells", AT)), AT))
    assert judged("cors-shadowed-rule", cors).status is Status.UNKNOWN


def rule(*origins: str | Text) -> CorsRule:
    texts = tuple(literal(one) if isinstance(one, str) else one for one in origins)
    settings: tuple[Setting[Text], ...] = tuple(Known(one, AT) for one in texts)
    return CorsRule(
        at=AT,
        allowed_methods=Known((Known("GET", AT),), AT),
        allowed_origins=Known(settings, AT),
        allowed_headers=Known((), AT),
    )


def judge(check: str, *rules: CorsRule) -> Verdict:
    return judged(check, Cors(at=AT, rules=Known(tuple(Known(one, AT) for one in rules), AT)))


def judged(check: str, cors: Cors) -> Verdict:
    return CHECKS[check].judge(Bucket(address="photos", at=NOWHERE, cors=Known(cors, AT)))
