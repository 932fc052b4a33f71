"""What a live scan has to be allowed: all that it calls, and nothing else."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from s3audit import check
from s3audit.check import LIVE
from s3audit.collectors.live import context
from s3audit.collectors.live.context import READERS
from s3audit.collectors.live.operations import TABLE, Operation
from s3audit.collectors.live.permissions import (
    LARGEST,
    PURPOSES,
    Statement,
    policies,
    size,
    statements,
    way_in,
)
from s3audit.collectors.live.reading import Reading
from s3audit.demo.server import Server
from s3audit.demo.world import ACCOUNT
from tests.checks.examples import CHECKS
from tests.live.emit.estate import emit
from tests.live.run.seen import report
from tests.terraform.emit.scenes import RICH, scenes_in

NEEDS = sorted({purpose.need for purpose in PURPOSES} - {""})
OPTIONS = ("objects", "organization", "uploads")
# What the checks of today need, so that each combination is scanned once.
SELECTED = {check.needs: check for check in CHECKS.values() if LIVE in check.sources}
OTHER = "222222222222"


def called(needs: Iterable[str], options: Iterable[str] = ()) -> set[str]:
    """The calls that are allowed by what these need."""
    made = [
        purpose
        for purpose in PURPOSES
        if purpose.is_for_all or purpose.need in needs or purpose.option in options
    ]
    return {operation.id for purpose in made for operation in purpose.operations}


def actions(allowed: Iterable[Statement]) -> set[str]:
    return {action for statement in allowed for action in statement.actions}


def test_every_call_of_the_table_has_a_purpose() -> None:
    ready = {(one.id, one.action) for purpose in PURPOSES for one in purpose.operations}
    wanted = {(one.id, one.action) for one in TABLE} | {
        (one.id, one.directory) for one in TABLE if one.directory
    }
    assert ready == wanted


def test_every_need_that_a_check_can_have_is_one_of_a_purpose() -> None:
    words = {value for name, value in vars(check).items() if name.isupper() and isinstance(value, str)}
    assert words - {"cloudformation", "terraform", "live"} == set(NEEDS)
    assert {reader.need for reader in READERS} <= set(NEEDS)


def test_what_is_optional_is_allowed_only_if_it_is_asked_for() -> None:
    usual = actions(statements(NEEDS))
    assert {one.id for one in TABLE if one.optional and one.action in usual} == {
        # The one reads the sample, the other the members of the organization that a check asks about.
        "s3:ListObjectsV2",
        "organizations:ListAccounts",
    }
    assert actions(statements((), OPTIONS)) - actions(statements(())) == {
        "organizations:ListAccounts",
        "s3:GetObjectAcl",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "sts:AssumeRole",
    }


def test_nothing_writes_and_no_data_is_read() -> None:
    allowed = actions(statements(NEEDS, OPTIONS))
    assert [one for one in allowed if not re.fullmatch(r"[a-z0-9-]+:(Get|List|Describe)[A-Za-z]+", one)] == [
        "sts:AssumeRole"
    ]
    data = re.compile(
        r"s3:GetObject(?!Acl$)|s3:GetDataAccess|s3express:CreateSession|kms:(?!Describe|Get|List)"
        r"|s3vectors:(Get|List|Query)Vectors|s3tables:GetTable(Data|MetadataLocation)|glacier:GetJobOutput"
        r"|lambda:GetFunction(Configuration)?$|dynamodb:|logs:Get|secretsmanager:|ssm:|sqs:Receive|s3files:Client"
    )
    assert [one for one in allowed if data.match(one)] == []


def test_the_only_wildcards_are_resources() -> None:
    assert all("*" not in action for action in actions(statements(NEEDS, OPTIONS)))


def test_the_sids_say_what_it_is_for() -> None:
    sids = [one.sid for one in statements(NEEDS, OPTIONS)]
    assert len(set(sids)) == len(sids)
    assert all(re.fullmatch(r"(Find|Read|List|Enter|Sample)[A-Z][A-Za-z]+", sid) for sid in sids)


def test_each_statement_is_sorted_and_says_nothing_twice() -> None:
    for one in statements(NEEDS, OPTIONS):
        assert list(one.actions) == sorted(set(one.actions))
        assert list(one.resources) == sorted(set(one.resources))


def test_a_resource_is_as_narrow_as_the_table_says() -> None:
    said = {(one.action, one.resource) for purpose in PURPOSES for one in purpose.operations}
    for statement in statements(NEEDS, OPTIONS):
        for action in statement.actions:
            narrow = {resource for name, resource in said if name == action}
            assert narrow & set(statement.resources) or action == "sts:AssumeRole"
            if narrow and "*" not in narrow:
                assert "*" not in statement.resources


def test_what_stands_together_widens_nothing() -> None:
    """An action of one service with a resource of another allows nothing."""
    resources = {(one.action, one.resource) for purpose in PURPOSES for one in purpose.operations}
    for statement in statements(NEEDS, OPTIONS):
        for action in statement.actions:
            service = action.partition(":")[0]
            own = {resource for name, resource in resources if name == action}
            for resource in set(statement.resources) - own - {"*"}:
                # Roles are no policies, and objects are below the buckets.
                assert resource.split(":")[2] != service or service in ("iam", "s3", "sts")


def test_a_role_is_entered_by_its_name() -> None:
    [enter] = [one for one in statements((), ["organization"], "audit") if one.sid == "EnterMembers"]
    assert enter == Statement("EnterMembers", ("sts:AssumeRole",), ("arn:{partition}:iam::*:role/audit",))


def test_roles_are_taken_by_their_arns_and_each_once() -> None:
    first, second = "arn:aws:iam::222233334444:role/b", "arn:aws:iam::111122223333:role/a"
    assert way_in([first, second, first]) == (Statement("AssumeRoles", ("sts:AssumeRole",), (second, first)),)
    assert way_in(()) == ()


def test_however_many_roles_are_taken_each_policy_fits() -> None:
    arns = [f"arn:aws:iam::{number:012}:role/s3audit" for number in range(1_000)]
    made = policies(way_in(arns), "aws")
    assert all(size(policy) <= LARGEST for policy in made)
    told = [statement for policy in made for statement in policy["Statement"]]
    assert [arn for one in told for arn in one["Resource"]] == arns
    assert len({one["Sid"] for one in told}) == len(told)
    assert all(re.fullmatch(r"[A-Za-z0-9]+", one["Sid"]) for one in told)


def test_a_policy_is_as_large_as_iam_takes_it() -> None:
    made = policies(statements(NEEDS, OPTIONS, "s3audit"), "aws-us-gov", "111122223333")
    assert len(made) == 2
    assert [size(policy) <= LARGEST for policy in made] == [True, True]
    together = [statement["Sid"] for policy in made for statement in policy["Statement"]]
    assert together == [one.sid for one in statements(NEEDS, OPTIONS)]


def test_what_the_checks_of_today_need_fits_two_policies() -> None:
    needs = {need for needs in SELECTED for need in needs}
    assert len(policies(statements(needs, OPTIONS, "s3audit"), "aws")) == 2


def test_a_role_takes_all_of_it() -> None:
    [policy] = policies(statements(NEEDS, OPTIONS, "s3audit"), "aws-us-gov", "111122223333", 10_240)
    assert size(policy) < 10_240


@pytest.mark.parametrize("largest", [200, 700, 1_500])
def test_a_smaller_limit_makes_more_policies_of_the_same_statements(largest: int) -> None:
    allowed = statements(["buckets", "keys"])
    made = policies(allowed, "aws", largest=largest)
    assert [s["Sid"] for policy in made for s in policy["Statement"]] == [one.sid for one in allowed]
    assert all(size(policy) <= largest or len(policy["Statement"]) == 1 for policy in made)


def _readings(readers: Iterable[object]) -> Iterator[Reading]:
    for reader in readers:
        if isinstance(reader, Reading):
            yield reader
            yield from _readings(reader.below)


@pytest.mark.parametrize("reading", [pytest.param(one, id=one.listing.id) for one in _readings(READERS)])
def test_a_reading_may_ask_what_it_asks(reading: Reading) -> None:
    allowed = actions(statements([reading.need]))
    asked = {reading.listing.action, *(detail.operation.action for detail in reading.details)}
    assert asked <= allowed


# Modules that ask, with the needs that they ask for; the others of context/ are told by their readers.
ASKING: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "access": ((), ()),
    "explore": ((), ("organization",)),
    "listing": (("buckets",), ()),
    "buckets": (("buckets",), ("uploads",)),
    "unit": (("buckets",), ()),
    "named": ((), ()),
    "context.identity": (("roles",), ()),
    "context.keys": (("keys",), ()),
    "context.objects": ((), ("objects",)),
    "context.targets": (("buckets", "notification targets"), ()),
}
LIVE_PACKAGE = "s3audit.collectors.live"
CONTEXT = Path(context.__file__).parent
MODULES = [
    *ASKING,
    *(f"context.{path.stem}" for path in sorted(CONTEXT.glob("[a-z]*.py"))),
]


def actions_in(module: ModuleType) -> set[str]:
    """The actions of every operation that the code of a module names, in a tuple of them too."""
    file = module.__file__
    assert file is not None
    named: list[object] = []
    for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
        match node:
            case ast.Name(id=name):
                named.append(getattr(module, name, None))
            case ast.Attribute(value=ast.Name(id=package), attr=name):
                named.append(getattr(getattr(module, package, None), name, None))
            case _:
                continue
    each = (one for many in named for one in (many if isinstance(many, tuple) else (many,)))
    return {one.action for one in each if isinstance(one, Operation) and one.action}


def needs_of(module: ModuleType) -> tuple[str, ...]:
    own = (
        one.need
        for value in vars(module).values()
        for one in (value if isinstance(value, tuple) else (value,))
        if one in READERS
    )
    return tuple(own)


@pytest.mark.parametrize("name", sorted(set(MODULES)))
def test_code_asks_only_what_is_allowed_for_what_it_reads(name: str) -> None:
    module = import_module(f"{LIVE_PACKAGE}.{name}")
    needs, options = ASKING.get(name, ((), ()))
    allowed = statements((*needs, *needs_of(module)), options)
    assert actions_in(module) - actions(allowed) == set()


def test_the_code_that_asks_is_found() -> None:
    asked = {action for name in MODULES for action in actions_in(import_module(f"{LIVE_PACKAGE}.{name}"))}
    # botocore itself assumes roles.
    assert {one.action for one in TABLE if one.action} - asked == {"sts:AssumeRole"}


def test_a_scan_by_roles_calls_nothing_else_by_the_credentials_that_take_them(store: Server) -> None:
    store.world.account(OTHER, audit="")
    store.world.bucket("theirs", account=OTHER)
    for one in TABLE:
        if one.id != "sts:AssumeRole":
            store.world.refuse(one.id, "AccessDenied", status=403, account=ACCOUNT)
    said = report(["versioning-enabled"], assume_roles=(f"arn:aws:iam::{OTHER}:role/audit",))
    assert [(f.subject.name, f.status) for f in said.findings] == [("theirs", "fail")]
    assert said.problems == ()


@pytest.mark.parametrize("needs", SELECTED, ids=", ".join)
def test_a_scan_makes_no_call_that_the_policy_does_not_allow(store: Server, needs: tuple[str, ...]) -> None:
    for path in RICH[:2]:
        scene = next(scenes_in(path.stem, path.read_text(encoding="utf-8")))
        emit(scene.estate, store)
    said = report([SELECTED[needs].id])
    asked = {name for name, count in store.world.requests.items() if count}
    assert asked - called(needs) == set()
    # Roles are read where something names them, and the store has none of the others.
    absent = {
        *("DNS records", "access grants", "access points", "endpoints"),
        *("roles", "table buckets", "vaults", "vector buckets"),
    }
    assert said.findings or not absent.isdisjoint(needs)


def test_a_scan_with_all_that_is_optional_too(store: Server) -> None:
    store.world.bucket("orders", is_old=True)
    store.world.account(ACCOUNT, audit="")
    store.world.account(OTHER, audit="")
    store.world.tell(
        "organizations:ListAccounts",
        {"Accounts": [{"Id": number, "Status": "ACTIVE"} for number in (ACCOUNT, OTHER)]},
    )
    report(optional=("objects", "uploads"), organization=True)
    asked = {name for name, count in store.world.requests.items() if count}
    needs = {need for needs in SELECTED for need in needs}
    assert {"sts:AssumeRole", "s3:ListMultipartUploads", "s3:ListObjectsV2"} <= asked
    assert asked - called(needs, OPTIONS) == set()
