"""What holds for every reader of the neighbours, whatever it reads."""

from collections import Counter
from typing import Any

import botocore.session
import pytest

from s3audit import check
from s3audit.collectors.live.answers import Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.context.backup import BACKUP_READER
from s3audit.collectors.live.context.distributions import DISTRIBUTION_READERS
from s3audit.collectors.live.context.keys import KEY_READERS
from s3audit.collectors.live.context.network import NETWORK_READERS
from s3audit.collectors.live.context.organization import ORGANIZATION_READER
from s3audit.collectors.live.context.trails import TRAIL_READERS
from s3audit.collectors.live.context.vaults import VAULT_READER
from s3audit.collectors.live.context.watch import WATCH_READERS
from s3audit.collectors.live.operations import TABLE, Operation
from s3audit.collectors.live.operations.backup import OF_BACKUP
from s3audit.collectors.live.operations.distributions import OF_DISTRIBUTIONS
from s3audit.collectors.live.operations.identity import OF_IDENTITY
from s3audit.collectors.live.operations.keys import OF_KEYS
from s3audit.collectors.live.operations.network import OF_NETWORK
from s3audit.collectors.live.operations.organization import OF_ORGANIZATION
from s3audit.collectors.live.operations.targets import OF_TARGETS
from s3audit.collectors.live.operations.trails import OF_TRAILS
from s3audit.collectors.live.operations.vaults import OF_VAULTS
from s3audit.collectors.live.operations.watch import OF_WATCH
from s3audit.collectors.live.reading import Reader
from s3audit.demo import faults
from s3audit.demo.server import Server
from tests.live.neighbours.conftest import REGION, Look, transport_to

READERS: tuple[Reader, ...] = (
    *KEY_READERS,
    *TRAIL_READERS,
    *DISTRIBUTION_READERS,
    *NETWORK_READERS,
    VAULT_READER,
    *WATCH_READERS,
    BACKUP_READER,
    ORGANIZATION_READER,
)
FAMILIES: dict[str, tuple[Operation, ...]] = {
    "keys": OF_KEYS,
    "identity": OF_IDENTITY,
    "trails": OF_TRAILS,
    "distributions": OF_DISTRIBUTIONS,
    "network": OF_NETWORK,
    "targets": OF_TARGETS,
    "vaults": OF_VAULTS,
    "watch": OF_WATCH,
    "backup": OF_BACKUP,
    "organization": OF_ORGANIZATION,
}
NEEDS = {value for name, value in vars(check).items() if name.isupper() and isinstance(value, str)}


def test_where_there_is_nothing_everything_is_listed(look: Look) -> None:
    for reader in READERS:
        found = look(reader)
        assert (found.resources, found.unlisted) == ((), ())
        assert found.listings
        where = REGION if reader.scope == "region" else ""
        assert {(one.account, one.region) for one in found.listings} == {("123456789012", where)}


def test_where_all_is_denied_nothing_is_listed_and_each_says_why(server: Server, look: Look) -> None:
    server.world.faults.add(faults.denied(), "*")
    for reader in READERS:
        found = look(reader)
        assert (found.resources, found.listings) == ((), ())
        assert found.unlisted
        assert all("was denied, it needs the permission" in one.why for one in found.unlisted)


def test_what_a_reader_needs_is_what_a_check_can_name() -> None:
    assert {reader.need for reader in READERS} <= NEEDS


_CORE = botocore.session.Session()


def parameters(operation: Operation) -> dict[str, Any]:
    """Something for each that the call can't do without."""
    shape = _CORE.get_service_model(operation.service).operation_model(operation.name).input_shape
    if shape is None:
        return {}
    made: dict[str, Any] = {}
    for name in shape.required_members:
        choices = shape.members[name].enum
        made[name] = choices[0] if choices else "x" * 20
    return made


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("fault", [faults.other_document(), faults.empty()])
def test_another_document_is_no_answer(server: Server, family: str, fault: faults.Fault) -> None:
    server.world.faults.add(fault, "*")
    for operation in FAMILIES[family]:
        # Each with a transport of its own, as one gives up a service that is broken.
        answer = Asker(transport_to(server)).ask(operation, "x", parameters(operation), "us-east-1")
        assert isinstance(answer, Unseen), operation.id
        assert server.world.requests[operation.id] == 1


def test_operations_are_what_botocore_knows_and_each_stands_once() -> None:
    mine = [operation for family in FAMILIES.values() for operation in family]
    assert Counter(operation.id for operation in mine).most_common(1)[0][1] == 1
    assert all(operation in TABLE for operation in mine)
    for operation in mine:
        model = _CORE.get_service_model(operation.service).operation_model(operation.name)
        inputs = set(model.input_shape.members if model.input_shape else ())
        for path in operation.has:
            shape = model.output_shape
            for name in path.split("."):
                shape = shape.members[name]
        if operation.pages is not None:
            assert operation.pages.parameter in inputs, operation.id
            for path in (*operation.pages.items, operation.pages.token):
                shape = model.output_shape
                for name in path.split("."):
                    shape = shape.members[name]


def test_every_listing_that_can_have_pages_is_paged() -> None:
    loader = _CORE.get_component("data_loader")
    for operation in (operation for family in FAMILIES.values() for operation in family):
        told = loader.load_service_model(operation.service, "paginators-1")["pagination"].get(operation.name)
        if told is None:
            continue
        assert operation.pages is not None, operation.id
        lists = told["result_key"] if isinstance(told["result_key"], list) else [told["result_key"]]
        assert operation.pages.token == told["output_token"], operation.id
        assert operation.pages.parameter == told["input_token"], operation.id
        assert set(operation.pages.items) <= set(lists), operation.id


def test_no_call_reads_data_or_hands_out_credentials() -> None:
    mine = {operation.id for family in FAMILIES.values() for operation in family}
    traps = {
        "lambda:GetFunction",
        "lambda:GetFunctionConfiguration",
        "glacier:GetJobOutput",
        "kms:Decrypt",
        "sqs:ReceiveMessage",
        "sts:GetSessionToken",
        "iam:GenerateCredentialReport",
    }
    assert not mine & traps
    assert all(name.split(":")[1].startswith(("Get", "List", "Describe")) for name in mine)
