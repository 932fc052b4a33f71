"""What statements deny, the gaps they leave, and what stays open."""

import pytest

from s3audit.location import NOWHERE
from s3audit.policy.language import read
from s3audit.policy.shapes import denies_plain_http, denies_uploads_without_retention
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status, Verdict
from tests.policy.documents import document

PASS, FAIL, UNKNOWN = Status.PASS, Status.FAIL, Status.UNKNOWN
GAP = Unknown("it is told elsewhere", NOWHERE)
BOTH = ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"]
HTTP = {"Bool": {"aws:SecureTransport": "false"}}

Statement = dict[str, object]


def deny(**changed: object) -> Statement:
    """The Deny that everybody copies, with some elements changed; None leaves one out."""
    whole: Statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": BOTH,
        "Condition": HTTP,
    }
    return {name: value for name, value in {**whole, **changed}.items() if value is not None}


def over_http(*statements: object, bucket: Text | None = None) -> Verdict:
    name: Setting[Text] = Known(text("shop") if bucket is None else bucket, NOWHERE)
    return denies_plain_http(read(document({"Statement": list(statements)})), name)


@pytest.mark.parametrize(
    "statement",
    [
        deny(),
        deny(Principal={"AWS": "*"}),
        deny(Principal={"AWS": ["111122223333", "*"], "Service": "x.amazonaws.com"}),
        deny(Action="*"),
        deny(Action=["s3:GetObject", "S3:*"]),
        deny(Action=None, NotAction="iam:*"),
        deny(Resource="*"),
        deny(Resource=["arn:aws:s3:::shop*"]),
        deny(Resource=None, NotResource="arn:aws:s3:::bank/*"),
        deny(Resource=None, NotResource=["arn:aws:s3:::bank-*public/*", "arn:*:s3:::bank/a*/*"]),
        deny(Action=None, NotAction="iam*"),
        deny(Condition={"BoolIfExists": {"AWS:SECURETRANSPORT": [False]}}),
        deny(Condition={"Bool": {"aws:SecureTransport": ["true", "false"]}}),
        deny(Condition={"StringEquals": {"aws:SecureTransport": "false"}}),
        deny(Condition={"StringLike": {"aws:SecureTransport": "f*"}}),
        deny(Condition={"StringNotEquals": {"aws:SecureTransport": "true"}}),
        deny(Condition={"Null": {"aws:SecureTransport": "false"}}),
        deny(Condition={"ForAnyValue:Bool": {"aws:SecureTransport": "false"}}),
        deny(Condition={"ForAllValues:Bool": {"aws:SecureTransport": "false"}}),
        deny(Condition={"NumericLessThanIfExists": {"s3:TlsVersion": 1.2}}),
        deny(Condition=None),
        deny(Resource=[*BOTH, GAP]),
        deny(Principal={"AWS": ["*", GAP]}),
    ],
    ids=str,
)
def test_plain_http_is_denied(statement: Statement) -> None:
    assert over_http(statement).status is PASS


@pytest.mark.parametrize(
    ("statement", "gap"),
    [
        (deny(Effect="Allow"), "the statement's Effect is Allow"),
        (deny(Principal={"AWS": "111122223333"}), "the statement's Principal is 111122223333 only"),
        (deny(Principal={"Service": "*"}), "the statement's Principal is * only"),
        (deny(Principal=None, NotPrincipal={"AWS": "1"}), "the statement's NotPrincipal spares 1"),
        (deny(Principal=None), "the statement has no Principal"),
        (
            deny(Action=["s3:GetObject", "s3:PutObject"]),
            "the statement's Action is s3:GetObject and s3:PutObject only",
        ),
        (deny(Action=None, NotAction="s3:GetObject"), "the statement's NotAction spares s3:GetObject"),
        (
            deny(Resource=None, NotResource="arn:aws:s3:::shop/public/*"),
            "the statement's NotResource spares arn:aws:s3:::shop/public/*",
        ),
        (
            deny(Resource=[BOTH[0], "arn:aws:s3:::shop/${aws:username}/*"]),
            "the statement's Resource does not cover all objects",
        ),
        (deny(Resource=BOTH[0]), "the statement's Resource does not cover all objects"),
        (deny(Resource=BOTH[1]), "the statement's Resource does not cover the bucket itself"),
        (
            deny(Condition={"Bool": {"aws:SecureTransport": True}}),
            "the statement's condition on aws:SecureTransport is not met where it is false",
        ),
        (
            deny(Condition={"Null": {"aws:SecureTransport": True}}),
            "the statement's condition on aws:SecureTransport is never met",
        ),
        (
            deny(Condition={**HTTP, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
            "the statement's condition on aws:SourceIp narrows it",
        ),
        (
            deny(Condition={"NumericLessThan": {"s3:TlsVersion": 1.2}}),
            "the statement's NumericLessThan is not met where s3:TlsVersion is absent",
        ),
    ],
    ids=str,
)
def test_a_gap_is_named(statement: Statement, gap: str) -> None:
    verdict = over_http(statement)
    assert verdict.status is FAIL
    assert [evidence.note for evidence in verdict.evidence] == [gap]


def test_what_is_about_something_else_is_not_told() -> None:
    other = deny(Effect="Allow", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})
    verdict = over_http(other)
    assert [evidence.note for evidence in verdict.evidence] == ["no statement denies plain HTTP"]
    assert over_http().status is FAIL


@pytest.mark.parametrize(
    "statement",
    [
        GAP,
        deny(Effect=GAP),
        deny(Principal=GAP),
        deny(Principal={"AWS": text(Opaque("Who"))}),
        deny(Action=GAP),
        deny(Action=text("s3:", Opaque("What"))),
        deny(Resource=GAP),
        deny(Resource=[BOTH[0], text(Opaque("Where"))]),
        deny(Resource=None, NotResource="arn:aws:s3:::sh*public/*"),
        deny(Resource=None, NotResource="arn:aws:s3:::shop?public"),
        deny(Resource=None, NotResource="arn:aws:s3:::${aws:username}"),
        deny(Resource=None, NotResource="arn:aws:*public/*"),
        deny(Resource=None, NotResource=text("arn:", Opaque("Partition"), ":s3:::s*-public/*")),
        deny(Action=None, NotAction="*Object"),
        deny(Action=None, NotAction="s*Object"),
        deny(Condition=GAP),
        deny(Condition={"Bool": {"aws:SecureTransport": GAP}}),
        deny(Condition={"Bool": {"aws:SecureTransport": text(Opaque("Flag"))}}),
    ],
    ids=str,
)
def test_what_is_not_known_stays_open(statement: object) -> None:
    verdict = over_http(statement)
    assert verdict.status is UNKNOWN
    assert verdict.evidence


def test_another_gap_decides_whatever_is_not_known() -> None:
    assert over_http(deny(Resource=GAP, Action="s3:GetObject")).status is FAIL


def test_statements_share_the_work() -> None:
    assert over_http(deny(Resource=BOTH[0]), deny(Resource=BOTH[1])).status is PASS
    assert over_http(deny(Resource=BOTH[0]), GAP).status is UNKNOWN
    assert over_http(deny(), GAP).status is PASS


def test_a_variable_may_spare_the_bucket_itself() -> None:
    variable = deny(Resource=None, NotResource="arn:aws:s3:::${aws:username}")
    assert over_http(variable, deny(Resource=BOTH[1])).status is UNKNOWN
    part = deny(Resource=None, NotResource="arn:aws:s3:::shop/public/*")
    assert over_http(part, deny(Resource=BOTH[1])).status is PASS


def test_lists_do_not_add_up() -> None:
    assert over_http(deny(Action="s3:Get*"), deny(Action="s3:Put*")).status is FAIL
    assert over_http(deny(Principal={"AWS": "1"}), deny(Principal={"AWS": "2"})).status is FAIL


INSIDE = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
OUTSIDE = {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
ELSEWHERE = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}


@pytest.mark.parametrize(
    "statements",
    [
        (deny(Condition=HTTP | INSIDE), deny(Condition=HTTP | OUTSIDE)),
        (deny(Condition=INSIDE), deny(Condition=HTTP | OUTSIDE)),
        (deny(Action=None, NotAction="s3:GetObject"), deny(Action="s3:GetObject")),
        (deny(Principal=None, NotPrincipal={"AWS": "1"}), deny(Principal={"AWS": "1"})),
    ],
    ids=str,
)
def test_what_one_spares_another_may_catch(statements: tuple[Statement, ...]) -> None:
    assert over_http(*statements).status is UNKNOWN


@pytest.mark.parametrize(
    "statements",
    [
        (deny(Condition=HTTP | INSIDE), deny(Effect="Allow", Condition=HTTP | OUTSIDE)),
        (deny(Condition=HTTP | INSIDE), deny(Condition=HTTP | ELSEWHERE)),
        (deny(Condition=OUTSIDE), deny(Condition=ELSEWHERE)),
        (
            deny(Action="s3:PutObject", Condition={"Null": {"s3:x-amz-server-side-encryption": "true"}}),
            deny(
                Action="s3:PutObject",
                Condition={"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
            ),
        ),
        (
            deny(Principal=None, NotPrincipal={"AWS": "1"}, Action="s3:Delete*", Condition=None),
            deny(Action="s3:PutObject"),
        ),
    ],
    ids=str,
)
def test_what_can_not_add_up_fails(statements: tuple[Statement, ...]) -> None:
    assert over_http(*statements).status is FAIL


def test_a_bucket_without_a_known_name() -> None:
    nameless = Opaque("Orders", resource="Resources.Orders", generated=True)
    own = [text("arn:aws:s3:::", nameless), text("arn:aws:s3:::", nameless, "/*")]
    assert over_http(deny(Resource=own), bucket=text(nameless)).status is PASS
    assert over_http(deny(Resource=BOTH), bucket=text(nameless)).status is FAIL
    unknown_name = denies_plain_http(read(document({"Statement": deny()})), GAP)
    assert unknown_name.status is UNKNOWN
    everything = denies_plain_http(read(document({"Statement": deny(Resource="*")})), GAP)
    assert everything.status is PASS


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"Null": {"s3:object-lock-mode": "true"}}, PASS),
        ({"Null": {"s3:object-lock-retain-until-date": True, "s3:object-lock-mode": True}}, PASS),
        ({"StringNotEquals": {"s3:object-lock-mode": "COMPLIANCE"}}, PASS),
        ({"StringEqualsIfExists": {"s3:object-lock-mode": "GOVERNANCE"}}, PASS),
        ({"ForAllValues:StringEquals": {"s3:object-lock-mode": "GOVERNANCE"}}, PASS),
        ({"NumericLessThan": {"s3:object-lock-remaining-retention-days": 30}}, FAIL),
        ({"ForAnyValue:StringNotEquals": {"s3:object-lock-mode": "COMPLIANCE"}}, FAIL),
        ({"Null": {"s3:object-lock-mode": "false"}}, FAIL),
        ({"Null": {"s3:object-lock-mode": "true"}, "Bool": {"aws:SecureTransport": "false"}}, FAIL),
        ({"Sounds": {"s3:object-lock-mode": "x"}}, UNKNOWN),
    ],
    ids=str,
)
def test_uploads_without_retention(condition: object, status: Status) -> None:
    statement = deny(Action="s3:PutObject", Resource=BOTH[1], Condition=condition)
    policy = read(document({"Statement": statement}))
    assert denies_uploads_without_retention(policy, Known(text("shop"), NOWHERE)).status is status
