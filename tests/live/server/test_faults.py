"""What goes wrong on demand, as it looks on the wire."""

import http.client
import socket
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from s3audit.demo import faults
from s3audit.demo.apart import apart
from s3audit.demo.faults import Fault, Faults
from s3audit.demo.server import Server
from s3audit.demo.world import World

_ACL = "s3:GetBucketAcl"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            "identity",
            "s3:GetBucketAcl on resource: .*because no identity-based policy allows the s3:GetBucketAcl",
        ),
        ("resource", "with an explicit deny in a resource-based policy"),
        ("service", "with an explicit deny in a service control policy"),
        ("plain", ": Access Denied$"),
    ],
)
def test_a_denial_has_the_words_of_aws(server: Server, reason: faults.Reason, words: str) -> None:
    server.world.bucket("data")
    server.world.faults.add(faults.denied(reason), _ACL)
    with pytest.raises(ClientError, match=words) as refused:
        server.client("s3").get_bucket_acl(Bucket="data")
    assert refused.value.response["Error"]["Code"] == "AccessDenied"


def test_a_denial_names_the_action_and_not_the_call(server: Server) -> None:
    server.world.bucket("data")
    server.world.faults.add(faults.denied())
    with pytest.raises(ClientError, match=r"perform: s3:GetEncryptionConfiguration on"):
        server.client("s3").get_bucket_encryption(Bucket="data")


@pytest.mark.parametrize(
    ("service", "method", "codes"),
    [
        ("ec2", "describe_vpcs", ("UnauthorizedOperation", "RequestLimitExceeded")),
        ("kms", "list_aliases", ("AccessDeniedException", "ThrottlingException")),
        ("iam", "list_roles", ("AccessDenied", "Throttling")),
        ("guardduty", "list_detectors", ("AccessDeniedException", "TooManyRequestsException")),
    ],
)
def test_other_services_have_codes_of_their_own(
    server: Server, service: str, method: str, codes: tuple[str, str]
) -> None:
    server.world.faults.add(faults.denied(), times=1)
    server.world.faults.add(faults.throttled())
    for code in codes:
        with pytest.raises(ClientError) as refused:
            getattr(server.client(service), method)()
        assert refused.value.response["Error"]["Code"] == code


def test_a_fault_is_for_so_many_calls_about_one_bucket(server: Server) -> None:
    for name in ("one", "two"):
        server.world.bucket(name)
    server.world.faults.add(faults.throttled(), _ACL, about="one", times=2)
    told = [_get(server, f"/{name}?acl")[0] for name in ("one", "two", "one", "one")]
    assert told == [503, 200, 503, 200]
    assert server.world.requests_about[_ACL, "one"] == 3
    assert server.world.requests_of("two") == 1


def test_what_goes_wrong_by_chance_is_the_same_with_the_same_seed() -> None:
    def drawn(seed: str) -> list[bool]:
        made = Faults(seed)
        made.add(faults.throttled(), "s3:*", chance=0.3)
        return [made.of(_ACL, {"Bucket": f"b{n}"}) is not None for n in range(200)]

    assert drawn("a") == drawn("a")
    assert drawn("a") != drawn("b")
    assert 30 < sum(drawn("a")) < 90


@pytest.mark.parametrize(
    ("fault", "status", "begins"),
    [
        (faults.failing(), 500, b"<?xml"),
        (faults.failing(502), 502, b"<?xml"),
        (faults.gone(), 404, b"<?xml"),
        (faults.other_document(), 200, b'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult'),
        (faults.html(), 200, b"<!doctype html>"),
        (faults.garbage(), 200, b"\x1b\x00\xff"),
        (faults.empty(), 200, b""),
        (faults.refused("ExpiredToken"), 400, b"<?xml"),
        (faults.chunked(), 200, b"<?xml"),
    ],
)
def test_the_wrong_thing_is_answered(server: Server, fault: Fault, status: int, begins: bytes) -> None:
    server.world.bucket("data")
    server.world.faults.add(fault, _ACL)
    told, body = _get(server, "/data?acl")
    assert told == status
    assert body.startswith(begins)
    assert bool(body) == bool(begins)
    server.world.faults.clear()
    assert _get(server, "/data?acl")[0] == 200


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.cut, http.client.IncompleteRead),
        (faults.dropped, http.client.RemoteDisconnected),
        (lambda: faults.silent(0.05), http.client.RemoteDisconnected),
        (faults.silent, TimeoutError),
    ],
)
def test_an_answer_does_not_arrive(
    server: Server, fault: Callable[[], Fault], error: type[Exception]
) -> None:
    server.world.bucket("data")
    server.world.faults.add(fault(), _ACL, times=1)
    with pytest.raises(error):
        _get(server, "/data?acl", timeout=0.2)
    assert _get(server, "/data?acl")[0] == 200


def test_a_late_answer_is_the_true_one(server: Server) -> None:
    server.world.bucket("data")
    server.world.faults.add(faults.slow(0.02))
    status, body = _get(server, "/data?acl")
    assert status == 200
    assert b"<AccessControlPolicy " in body


def test_a_head_has_no_body(server: Server) -> None:
    server.world.bucket("data")
    server.world.faults.add(faults.denied(), "s3:HeadBucket", times=1)
    sent = _request(server, b"HEAD /data HTTP/1.1\r\n", b"") + _request(
        server, b"HEAD /data HTTP/1.1\r\n", b""
    )
    first, second, end = sent.split(b"\r\n\r\n")
    assert first.startswith(b"HTTP/1.1 403 Forbidden")
    assert b"x-amz-bucket-region: eu-west-1" in second
    assert end == b""


def test_a_request_may_come_in_chunks_and_wait_for_a_word(server: Server) -> None:
    server.world.bucket("data")
    policy = b'{"Statement": []}'
    sent = _request(
        server,
        b"PUT /data?policy HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n",
        b"5\r\n%b\r\n%x;x=1\r\n%b\r\n0\r\n\r\n" % (policy[:5], len(policy) - 5, policy[5:]),
    )
    assert sent.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert server.world.buckets["data"].documents["GetBucketPolicy"] == {"Policy": policy.decode()}


@pytest.mark.parametrize("body", [b"<Versioning", b"<a>1</b>"])
def test_a_body_that_can_not_be_read_is_refused(server: Server, body: bytes) -> None:
    server.world.bucket("data")
    head = b"PUT /data?versioning HTTP/1.1\r\nContent-Length: %d\r\n" % len(body)
    sent = _request(server, head, body)
    assert sent.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"<Code>MalformedXML</Code>" in sent


def test_nobody_who_has_not_signed_is_answered(server: Server) -> None:
    server.world.bucket("data")
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(b"GET /data?acl HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 403 Forbidden\r\n")


def test_what_is_no_call_is_not_implemented(server: Server) -> None:
    sent = _request(server, b"PATCH /data HTTP/1.1\r\n", b"")
    assert sent.startswith(b"HTTP/1.1 501 Not Implemented\r\n")
    assert b"<Code>NotImplemented</Code>" in sent


def test_one_connection_serves_many_requests(server: Server) -> None:
    server.world.bucket("data")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    for _ in range(3):
        connection.request("GET", "/data?acl", headers=_signature(server))
        assert connection.getresponse().read()
    port = connection.sock.getsockname()[1]
    connection.request("GET", "/data?acl", headers=_signature(server))
    assert connection.getresponse().read()
    assert connection.sock.getsockname()[1] == port
    connection.close()


def test_a_server_in_another_process_tells_what_it_cost() -> None:
    world = World()
    world.bucket("data")
    with apart(world) as other:
        host, port = other.url.removeprefix("http://").split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        connection.request("GET", "/data?acl", headers=_of(world))
        assert connection.getresponse().status == 200
        connection.close()
    assert other.requests == {_ACL: 1}
    assert other.cpu_seconds > 0
    assert not world.requests


def _of(world: World) -> dict[str, str]:
    scope = f"{world.key('123456789012')}/20260101/eu-west-1/s3/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}"}


def _signature(server: Server) -> dict[str, str]:
    return _of(server.world)


def _get(server: Server, target: str, timeout: float = 5) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)
    try:
        connection.request("GET", target, headers=_signature(server))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _request(server: Server, head: bytes, body: bytes) -> bytes:
    """All that is answered to one request on a connection of its own."""
    told = "".join(f"{name}: {value}\r\n" for name, value in _signature(server).items())
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(head + told.encode() + b"Connection: close\r\n\r\n")
        connection.sendall(body)
        found = b""
        while piece := connection.recv(4096):
            found += piece
    return found
