"""What AWS has in some Regions alone is not asked for elsewhere, and that is an answer."""

import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from s3audit.collectors.live import offered
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.context.files import FILES_READER
from s3audit.collectors.live.context.tables import TABLES_READER
from s3audit.collectors.live.context.vectors import VECTORS_READER
from s3audit.collectors.live.listing import list_buckets
from s3audit.collectors.live.operations.account import LIST_DIRECTORY_BUCKETS
from s3audit.collectors.live.reading import Reading
from s3audit.collectors.live.transport import BotoTransport
from s3audit.demo.world import ACCOUNT
from s3audit.model.estate import Listing
from tests.live.context.scene import PLACE, listed

REGION = "eu-west-3"
CONTROL = f"https://s3-control.{REGION}.amazonaws.com"


class Names:
    """A resolver: what is not listed here has an address."""

    def __init__(self) -> None:
        self.wrong: dict[str, int] = {}
        self.asked: list[str] = []

    def __call__(self, host: str, *_: Any, **__: Any) -> list[Any]:
        self.asked.append(host)
        for part, code in self.wrong.items():
            if part in host:
                raise socket.gaierror(code, "no address")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 1))]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    made = Names()
    monkeypatch.setattr(socket, "getaddrinfo", made)
    offered.forget()
    yield made
    offered.forget()


def asker() -> Asker:
    return Asker(BotoTransport(boto3.Session("a", "b", region_name=REGION), region=REGION, attempts=1))


@pytest.mark.parametrize(
    ("reader", "label"),
    [(TABLES_READER, "s3tables."), (VECTORS_READER, "s3vectors."), (FILES_READER, "s3files.")],
)
def test_a_region_without_an_endpoint_has_none_of_it(names: Names, reader: Reading, label: str) -> None:
    names.wrong = {label: socket.EAI_NONAME}
    made = asker()
    read = reader.read(made, PLACE, REGION)
    assert (read.resources, listed(read)) == ((), {(kind, REGION): "" for kind in reader.kinds})
    assert made.tally == {f"{reader.listing.id} not_applicable": 1}


def test_a_region_without_an_endpoint_has_no_directory_buckets(names: Names) -> None:
    names.wrong = {"s3express-control.": socket.EAI_NONAME, "s3.": socket.EAI_AGAIN}
    made = asker()
    found = list_buckets(made, PLACE, [REGION])
    assert found.listings == (Listing("bucket", ACCOUNT, REGION),)
    assert made.tally[f"{LIST_DIRECTORY_BUCKETS.id} not_applicable"] == 1


def is_offered() -> bool:
    return offered.is_offered("s3vectors", "ListVectorBuckets", REGION, CONTROL)


def test_any_name_of_an_endpoint_will_do(names: Names) -> None:
    assert is_offered()
    names.wrong = {f"s3vectors.{REGION}.amazonaws.com": socket.EAI_NONAME}
    offered.forget()
    assert is_offered()
    assert f"s3vectors.{REGION}.api.aws" in names.asked


def test_where_names_are_not_told_nothing_follows(names: Names) -> None:
    names.wrong = {"s3vectors.": socket.EAI_AGAIN}
    assert is_offered()


def test_where_no_name_has_an_address_nothing_follows(names: Names) -> None:
    names.wrong = {"": socket.EAI_NONAME}
    assert is_offered()


def test_what_every_region_has_is_not_looked_up(names: Names) -> None:
    assert offered.is_offered("s3", "ListBuckets", REGION, CONTROL)
    assert names.asked == []


def test_the_partition_makes_the_name(names: Names) -> None:
    names.wrong = {"s3tables.": socket.EAI_NONAME}
    control = "https://s3-control.cn-north-1.amazonaws.com.cn"
    assert not offered.is_offered("s3tables", "ListTableBuckets", "cn-north-1", control)
    assert names.asked[0] == "s3tables.cn-north-1.amazonaws.com.cn"
