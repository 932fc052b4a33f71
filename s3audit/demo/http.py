"""Just enough of HTTP/1.1 for AWS's clients: connections that stay open, lengths and chunks, `Expect: 100-continue`."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Literal
from urllib.parse import unquote_plus

import msgspec

MOST_BYTES = 64 * 1024 * 1024
"""Of one request; what is larger is cut off with its connection."""

_REASONS = {
    200: "OK",
    204: "No Content",
    301: "Moved Permanently",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Slow Down",
}
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Request(msgspec.Struct, frozen=True):
    method: str
    path: str
    """As it was sent: still percent-encoded."""
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes


Delivery = Literal[
    "whole",
    "chunked",  # without a length, in pieces
    "cut",  # the length of the whole, and half of it
    "none",  # the connection is closed instead
]


class Reply(msgspec.Struct):
    status: int = 200
    headers: dict[str, str] = {}
    body: bytes = b""
    after: float = 0.0
    """Seconds until it is sent."""
    delivery: Delivery = "whole"


Answer = Callable[[Request], Reply]


class Connection(asyncio.Protocol):
    """Reads requests and writes replies, one after the other."""

    def __init__(self, answer: Answer, open_ones: set["Connection"]) -> None:
        self._answer = answer
        self._open = open_ones
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._waits: asyncio.TimerHandle | None = None
        self._is_told_to_go_on = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._open.discard(self)
        if self._waits is not None:
            self._waits.cancel()

    def close(self) -> None:
        """Break it off, whatever it waits for."""
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) > MOST_BYTES:
            self.close()
        elif self._waits is None:
            self._work()

    def _work(self) -> None:
        """Answer all that has arrived completely."""
        while self._transport is not None and self._waits is None:
            request = self._next()
            if request is None:
                return
            reply = self._answer(request)
            if reply.after > 0:
                loop = asyncio.get_running_loop()
                self._waits = loop.call_later(reply.after, self._late, request, reply)
            else:
                self._send(request, reply)

    def _late(self, request: Request, reply: Reply) -> None:
        self._waits = None
        self._send(request, reply)
        self._work()

    def _next(self) -> Request | None:
        """The next request, once all of it is there."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body_at = end + 4
        if headers.get("expect", "").lower() == "100-continue" and not self._is_told_to_go_on:
            self._is_told_to_go_on = True
            self._write(_CONTINUE)
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body, size = _unchunked(self._buffer, body_at)
        else:
            size = int(headers.get("content-length") or 0)
            whole = len(self._buffer) >= body_at + size
            body = bytes(self._buffer[body_at : body_at + size]) if whole else None
        if body is None:
            return None
        del self._buffer[: body_at + size]
        self._is_told_to_go_on = False
        if "aws-chunked" in headers.get("content-encoding", ""):
            body = _unchunked(body, 0)[0] or b""
        method, _, rest = first.partition(" ")
        target = rest.rpartition(" ")[0]
        path, _, query = target.partition("?")
        return Request(method, path, parsed(query), headers, body)

    def _send(self, request: Request, reply: Reply) -> None:
        if self._transport is None:
            return
        if reply.delivery == "none":
            self.close()
            return
        lines = [f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        body = reply.body
        if reply.delivery == "chunked":
            lines.append("Transfer-Encoding: chunked")
            body = _chunked(body)
        else:
            lines.append(f"Content-Length: {len(body)}")
        if request.method == "HEAD":
            body = b""
        elif reply.delivery == "cut":
            body = body[: len(body) // 2]
        self._write("\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body)
        if reply.delivery == "cut" or request.headers.get("connection", "").lower() == "close":
            self._transport.close()

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


def parsed(query: str) -> dict[str, list[str]]:
    """The parameters of a query or a form; one without a value has an empty one."""
    found: dict[str, list[str]] = {}
    for piece in query.split("&") if query else ():
        name, _, value = piece.partition("=")
        found.setdefault(unquote_plus(name), []).append(unquote_plus(value))
    return found


def _unchunked(data: bytes | bytearray, at: int) -> tuple[bytes | None, int]:
    """What the chunks hold, and how long they are with all that is around them; None until the last is there."""
    start = at
    pieces: list[bytes] = []
    while (end := data.find(b"\r\n", at)) >= 0:
        size = int(bytes(data[at:end]).partition(b";")[0], 16)
        at = end + 2
        if size == 0:
            # Trailers follow, up to an empty line.
            while (end := data.find(b"\r\n", at)) > at:
                at = end + 2
            return (b"".join(pieces), at + 2 - start) if end == at or at == len(data) else (None, 0)
        if len(data) < at + size + 2:
            break
        pieces.append(bytes(data[at : at + size]))
        at += size + 2
    return None, 0


def _chunked(body: bytes) -> bytes:
    half = len(body) // 2
    pieces = [piece for piece in (body[:half], body[half:]) if piece]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
