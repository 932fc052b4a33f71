"""Several accounts at once: roles, organizations, and those that nobody gets into."""

from datetime import UTC, datetime, timedelta

import pytest

from s3audit.api import UsageError
from s3audit.collectors.live.access import Access, AccessError, Role, enter, forget, transport_of
from s3audit.demo import faults
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT
from s3audit.finding import Input
from tests.live.run.conftest import OTHER, THIRD
from tests.live.run.seen import messages, names, report, see, statuses, wanted

AUDIT = f"arn:aws:iam::{OTHER}:role/audit"
NOBODY = f"arn:aws:iam::{THIRD}:role/audit"


def role(arn: str, external_id: str = "secret") -> Role:
    return Role(arn, external_id)


def two_accounts(store: Server) -> None:
    store.world.account(ACCOUNT, audit="secret")
    store.world.bucket("mine")
    store.world.bucket("theirs", account=OTHER)


def test_two_accounts_are_one_report(store: Server) -> None:
    two_accounts(store)
    said = report(assume_roles=(AUDIT, f"arn:aws:iam::{ACCOUNT}:role/audit"), external_id="secret")
    assert [(i.source, i.kind) for i in said.inputs] == [(ACCOUNT, "live"), (OTHER, "live")]
    assert {f.subject.source for f in said.findings if f.subject.name == "theirs"} == {OTHER}
    assert {f.subject.source for f in said.findings if f.subject.name == "mine"} == {ACCOUNT}
    assert list(statuses(said, "versioning-enabled")) == ["mine", "theirs"]


def test_a_role_that_is_refused_is_a_problem_of_its_account_alone(store: Server) -> None:
    two_accounts(store)
    found = see(wanted(roles=(role(NOBODY), role(AUDIT))))
    assert names(found) == ["theirs"]
    [said] = [m for m in messages(found) if m.startswith(THIRD)]
    assert said == (
        f"{THIRD}: unreadable: This account was not scanned: the role {NOBODY} can't be assumed: AccessDenied:"
        f" User: arn:aws:iam::{ACCOUNT}:user/audit is not authorized to perform: sts:AssumeRole on resource:"
        f" {NOBODY}."
    )


def test_two_ways_into_one_account_are_one_account(store: Server) -> None:
    two_accounts(store)
    store.world.account(OTHER, audit="secret", other="secret")
    found = see(wanted(roles=(role(AUDIT), role(AUDIT.replace("audit", "other")))))
    assert names(found) == ["theirs"]
    assert list(found.accounts) == [OTHER]


def test_roles_are_assumed_one_after_the_other(store: Server) -> None:
    store.world.account(OTHER, audit="secret")
    store.world.account(THIRD, deeper="")
    chain = Access(roles=(role(AUDIT), role(f"arn:aws:iam::{THIRD}:role/deeper", "")))
    assert enter(chain).account == THIRD


def organization(store: Server) -> None:
    two_accounts(store)
    store.world.tell(
        "organizations:ListAccounts",
        {
            "Accounts": [
                {"Id": THIRD, "Name": "third", "Status": "ACTIVE"},
                {"Id": OTHER, "Name": "other", "Status": "ACTIVE"},
                {"Id": ACCOUNT, "Name": "management", "Status": "ACTIVE"},
                {"Id": "444444444444", "Name": "left", "Status": "SUSPENDED"},
            ]
        },
        page=2,
    )


def test_every_account_of_the_organization_is_scanned(store: Server) -> None:
    organization(store)
    found = see(wanted(organization=True, role_name="audit", external_id="secret"))
    assert sorted(names(found)) == ["mine", "theirs"]
    assert list(found.accounts) == [ACCOUNT, OTHER]
    said = messages(found)
    assert "444444444444: empty: This account is suspended, so there was nothing to scan." in said
    assert len([m for m in said if m.startswith(f"{THIRD}: unreadable: This account was not scanned")]) == 1
    # Its own account is entered as it is: there is no role in it.
    assert store.world.requests["sts:AssumeRole"] == 2


def test_without_the_list_of_accounts_the_own_one_is_scanned(store: Server) -> None:
    organization(store)
    store.world.faults.add(faults.denied(), "organizations:ListAccounts")
    found = see(wanted(organization=True, role_name="audit"))
    assert names(found) == ["mine"]
    assert messages(found)[0] == (
        "organization: unreadable: The accounts of the organization are not known, so only this one was scanned:"
        " organizations:ListAccounts was denied, it needs the permission organizations:ListAccounts."
    )


def test_an_account_whose_buckets_can_not_be_listed(store: Server) -> None:
    two_accounts(store)
    store.world.faults.add(faults.denied(), "s3:ListBuckets")
    found = see()
    assert names(found) == []
    assert (
        f"{ACCOUNT}: unreadable: s3:ListBuckets was denied: it needs the permission s3:ListAllMyBuckets."
        in messages(found)
    )
    assert list(found.accounts) == [ACCOUNT]


def test_a_store_that_does_not_tell_the_account(store: Server) -> None:
    store.world.bucket("mine")
    store.world.faults.add(faults.refused("InvalidAction"), "sts:GetCallerIdentity")
    found = see(wanted(endpoint_url=store.url))
    assert names(found) == ["mine"]
    assert list(found.accounts) == [store.url]
    assert not [call for call in store.world.requests if not call.startswith(("s3:", "sts:"))]


def test_an_account_without_a_name_is_said(store: Server) -> None:
    store.world.bucket("mine")
    store.world.faults.add(faults.denied(), "sts:GetCallerIdentity")
    found = see()
    assert names(found) == ["mine"]
    assert messages(found) == [
        (
            "account: partial: It is not known which account this is (sts:GetCallerIdentity: AccessDenied), so its"
            " buckets were read and nothing else."
        )
    ]


def test_what_a_store_does_not_know_is_said_once(store: Server) -> None:
    for name in ("a", "b"):
        store.world.bucket(f"orders-{name}")
    for call in ("GetBucketAbac", "GetBucketWebsite", "GetBucketCors", "GetBucketMetadataConfiguration"):
        store.world.faults.add(faults.refused("NotImplemented", status=501), f"s3:{call}")
    [said] = messages(see(wanted(endpoint_url=store.url, needs=frozenset({"buckets"}))))
    assert said == (
        f"{ACCOUNT}: partial: The store does not know s3:GetBucketAbac, s3:GetBucketCors,"
        " s3:GetBucketMetadataConfiguration and 1 more (NotImplemented) for 2 buckets (orders-a and orders-b)."
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ExpiredToken", "the AWS credentials have expired: sign in again or set new ones (told so)"),
        ("InvalidClientTokenId", "AWS does not accept these credentials (told so)"),
        (
            "RequestTimeTooSkewed",
            "the clock of this machine is wrong, so AWS refuses what it sends (told so)",
        ),
    ],
)
def test_credentials_that_are_not_taken_keep_us_out(store: Server, code: str, said: str) -> None:
    store.world.faults.add(faults.refused(code, "told so.", 403), "sts:GetCallerIdentity")
    with pytest.raises(AccessError) as error:
        see()
    assert str(error.value) == said
    with pytest.raises(UsageError):
        report()


def test_expired_credentials_are_no_problem_of_each_role(store: Server) -> None:
    store.world.faults.add(faults.refused("ExpiredToken", "told so.", 403), "sts:AssumeRole")
    with pytest.raises(AccessError, match="have expired"):
        see(wanted(roles=(role(AUDIT), role(NOBODY))))


def test_no_credentials_at_all(store: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(AccessError, match="there are no AWS credentials here: sign in"):
        see()
    forget()  # the next one has some


def test_a_profile_that_is_not_there(store: Server) -> None:
    with pytest.raises(AccessError, match="there is no AWS profile ghost: `aws configure list-profiles`"):
        see(wanted(profile="ghost"))


def test_credentials_that_run_out_on_the_way_are_one_problem(store: Server) -> None:
    for number in range(3):
        store.world.bucket(f"b-{number}")
    store.world.faults.add(faults.refused("ExpiredToken", "told so.", 400), "s3:Get*")
    store.world.faults.add(faults.refused("ExpiredToken", "told so.", 400), "s3:ListBucket*Conf*")
    found = see(wanted(needs=frozenset({"buckets"})))
    said = [m for m in messages(found) if "ExpiredToken" in m]
    assert len(said) <= 2
    assert (
        "were refused for 3 buckets (b-0, b-1 and b-2): these credentials are not accepted (ExpiredToken)."
        in said[0]
    )


def test_a_role_is_assumed_anew_before_its_credentials_end(store: Server) -> None:
    """The credentials end in five minutes: botocore gets new ones ten minutes before, so each time."""
    two_accounts(store)
    key = store.world.assumed(f"arn:aws:sts::{OTHER}:assumed-role/audit/s3audit", OTHER)
    store.world.tell(
        "sts:AssumeRole",
        {
            "Credentials": {
                "AccessKeyId": key,
                "SecretAccessKey": "demo",
                "SessionToken": store.world.keys[key].token,
                "Expiration": datetime.now(UTC) + timedelta(minutes=5),
            }
        },
    )
    transport = transport_of(Access(roles=(role(AUDIT),)))
    for _ in range(3):
        assert transport.call("sts", "GetCallerIdentity", {}).document["Account"] == OTHER
    assert store.world.requests["sts:AssumeRole"] == 3


def test_inputs_say_the_account_and_its_resources(store: Server) -> None:
    two_accounts(store)
    said = report(select=("versioning",))
    assert said.inputs == (Input(ACCOUNT, "live", 1),)
