"""The server: a thread with an event loop, and what makes a reply of a request."""

import asyncio
from collections.abc import Mapping
from functools import cache
from threading import Thread
from types import TracebackType
from typing import Any, Self

from s3audit.demo import access_points, buckets, faults, identity, listings, metadata
from s3audit.demo.answers import Document, Refused, checked, refusal, reply
from s3audit.demo.call import Call, Handler
from s3audit.demo.http import Connection, Reply, Request
from s3audit.demo.models import Signed, services, signed
from s3audit.demo.pages import page
from s3audit.demo.requests import form_of, parameters
from s3audit.demo.world import ACCOUNT, REGION, World


class Server:
    """Serves a world on a port of 127.0.0.1 while its block lasts."""

    def __init__(self, world: World | None = None, *, port: int = 0) -> None:
        self.world = world or World()
        self.port = port
        self.broken: list[BaseException] = []
        """Errors of the server itself; the first is raised at the end of the block."""
        self._services = services()
        self._handlers: dict[str, Mapping[str, Handler]] = {
            "s3": buckets.handlers() | metadata.handlers() | listings.handlers(),
            "s3control": access_points.handlers(),
            "sts": identity.handlers(),
            "account": identity.of_account(),
            "ec2": identity.of_ec2(),
        }
        self._asked = 0
        self._open: set[Connection] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, account: str = ACCOUNT, region: str = REGION) -> dict[str, str]:
        """The variables by which boto3 finds the server, as a user of the account."""
        return {
            "AWS_ACCESS_KEY_ID": self.world.key(account),
            "AWS_SECRET_ACCESS_KEY": "demo",
            "AWS_DEFAULT_REGION": region,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str, region: str = REGION, account: str = ACCOUNT) -> Any:
        """A client of boto3 for it, which has all that there is to configure."""
        return self.session(account, region).client(service, endpoint_url=self.url, config=_plain())

    def session(self, account: str = ACCOUNT, region: str = REGION) -> Any:
        """A session of boto3 of a user of the account."""
        import boto3
        import botocore.session

        core = botocore.session.Session()
        core.register_component("data_loader", _loader())
        made = boto3.Session(self.world.key(account), "demo", region_name=region, botocore_session=core)
        without_account(made)
        return made

    # Its life

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        listening = self._loop.create_server(
            lambda: Connection(self.answer, self._open), "127.0.0.1", self.port, backlog=512
        )
        server = self._loop.run_until_complete(listening)
        self.port = server.sockets[0].getsockname()[1]
        self._listening = server
        self._thread = Thread(target=self._run, name="s3audit-demo", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop)
        self._thread.join()
        self._loop.close()
        if self.broken and error is None:
            raise self.broken[0]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _stop(self) -> None:
        self._listening.close()
        for connection in tuple(self._open):
            connection.close()
        self._loop.call_soon(self._loop.stop)

    # Requests

    def answer(self, request: Request) -> Reply:
        """The reply to a request; an error of the server's own is a 500 that is kept."""
        self._asked += 1
        request_id = f"DEMO{self._asked:012d}"
        try:
            return self._answer(request, request_id)
        except Exception as error:  # noqa: BLE001 - a server answers
            self.broken.append(error)
            return refusal("s3", "rest-xml", Refused("InternalError", repr(error), 500), request_id)

    def _answer(self, request: Request, request_id: str) -> Reply:
        by = signed(request)
        service = self._services.get(by.service) if by is not None else None
        if by is None or service is None:
            told = Refused("AccessDenied", "Access Denied", 403)
            return refusal("s3", "rest-xml", told, request_id)
        form = form_of(request)
        asked = service.asked(request, form)
        if asked is None:
            told = Refused(
                "NotImplemented", f"{request.method} {request.path} is no call of {service.name}", 501
            )
            return refusal(service.name, service.protocol, told, request_id)
        operation, labels = asked
        try:
            given = parameters(service.protocol, operation, request, labels, form)
        except (SyntaxError, ValueError) as error:
            told = Refused("MalformedXML", f"The body can't be read: {error}")
            return refusal(service.name, service.protocol, told, request_id)
        bucket = str(given.get("Bucket", "")) if service.name == "s3" else ""
        name = f"{service.name}:{operation.name}"
        self.world.count(name, bucket)
        fault = self.world.faults.of(name, given)
        try:
            who = self.world.identified(by.key, _token(request))
            if fault is not None and fault.kind not in ("raw", "delivered", "unanswered"):
                raise faults.refusal(fault, service.name, service.protocol, operation, who.arn, bucket)
            call = Call(self.world, service.name, operation, given, who, by.region)
            if fault is not None and fault.kind == "raw":
                made = Reply(200, {"Content-Type": fault.content_type}, fault.body)
            else:
                document = self._document(call)
                made = reply(service.name, service.protocol, operation, document, request_id)
        except Refused as told:
            made = refusal(service.name, service.protocol, _spelt(told, by, service.protocol), request_id)
        if fault is not None:
            made.after, made.delivery = fault.seconds, fault.delivery
        return made

    def _document(self, call: Call) -> Document:
        """What was told for this call, what is kept, or what it is like where there is nothing."""
        answers = self.world.told.get(call.id, ())
        if answers and call.service == "s3" and call.parameters.get("Bucket") in self.world.buckets:
            buckets.found(call)
        for told in answers:
            if not told.is_about(call.parameters, call.who.account, call.region):
                continue
            if told.code:
                raise Refused(told.code, told.message, told.status)
            checked(call.operation.output_shape, told.document, call.id)
            pages = self._services.pages(call.service).get(call.name)
            return page(pages, call.operation, told.document, call.parameters, told.page)
        handler = self._handlers.get(call.service, {}).get(call.name)
        if handler is not None:
            return handler(call)
        if call.name.startswith("List") or call.name in self._services.pages(call.service) or _lists(call):
            return nothing(call.operation.output_shape)
        raise faults.missing(call.service, call.operation)


def _token(request: Request) -> str:
    """The session token; one of CreateSession has a header of its own."""
    of_session = request.headers.get("x-amz-s3session-token", "")
    return request.headers.get("x-amz-security-token", of_session)


def _lists(call: Call) -> bool:
    """Whether an operation describes any number of things."""
    shape = call.operation.output_shape
    described = call.name.startswith("Describe") and shape is not None
    return described and any(member.type_name == "list" for member in shape.members.values())


def nothing(shape: Any) -> dict[str, Any]:
    """A listing of nothing: its lists are there and empty, and it is not truncated."""
    made: dict[str, Any] = {}
    for name, member in shape.members.items() if shape is not None else ():
        match member.type_name:
            case "list":
                made[name] = []
            case "boolean" if name == "IsTruncated":
                made[name] = False
            case "structure" if name in shape.required_members or shape.serialization.get("payload") == name:
                made[name] = nothing(member) | ({"Quantity": 0} if "Quantity" in member.members else {})
            case _:
                pass
    return made


_UNKNOWN_KEY = {
    "ec2": ("AuthFailure", 401),
    "json": ("UnrecognizedClientException", 400),
    "query": ("InvalidClientTokenId", 403),
    "rest-json": ("UnrecognizedClientException", 403),
}


def _spelt(told: Refused, by: Signed, protocol: str) -> Refused:
    """An unknown key, in the words of the service."""
    if told.code != "InvalidAccessKeyId" or by.service in ("s3", "s3control"):
        return told
    code, status = _UNKNOWN_KEY.get(protocol, ("InvalidClientTokenId", 403))
    return Refused(code, "The security token included in the request is invalid.", status)


def without_account(session: Any) -> None:
    """Leave the account out of the host of s3control: no address has a name before it."""

    def shorten(request: Any, **_: object) -> None:
        scheme, _separator, rest = request.url.partition("://")
        account, _dot, host = rest.partition(".")
        if len(account) == 12 and account.isdigit() and host.startswith("127.0.0.1"):
            request.url = f"{scheme}://{host}"

    session._session.register("before-sign.s3-control", shorten)  # noqa: SLF001 - boto3 has no other way to it


@cache
def _loader() -> Any:
    """What clients read the models with; not that of the server, for they change what they read."""
    from botocore.loaders import create_loader

    return create_loader()


def _plain() -> Any:
    from botocore.config import Config

    return Config(
        s3={"addressing_style": "path"},
        retries={"mode": "standard", "total_max_attempts": 1},
        # Who waits on a busy machine waits; what is silent is met by clients that are made for it.
        connect_timeout=60,
        read_timeout=60,
    )
