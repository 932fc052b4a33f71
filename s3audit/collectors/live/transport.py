"""How calls reach a store: one seam, behind which boto3 stands."""

from collections import deque
from collections.abc import Collection, Mapping
from contextlib import suppress
from threading import RLock, local
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from s3audit.collectors.live import guard, wire
from s3audit.collectors.live.answers import Reply
from s3audit.collectors.live.offered import NOT_OFFERED, SOMEWHERE, is_offered
from s3audit.collectors.live.throttling import Throttle, Throttles, is_throttled

ATTEMPTS = 10
"""How often a call is tried while the store throttles it or breaks."""
MOST_CONNECTIONS = 32

NO_CREDENTIALS = frozenset(
    {
        "CredentialRetrievalError",
        "NoAuthTokenError",
        "NoCredentialsError",
        "PartialCredentialsError",
        "SSOError",
        "SSOTokenLoadError",
        "TokenRetrievalError",
        "UnauthorizedSSOTokenError",
    }
)
"""By these names botocore says that it has nothing to sign with."""
ROLE_REFUSED = "RoleRefused"
"""Our code for a call that was not made because the role for it could not be assumed."""
NOT_KNOWN_HERE = "NotKnownHere"
"""Our code for a call that this version of boto3 does not have."""
THROTTLED_OUT = "ThrottledOut"
"""Our code for a call that was not made because the store throttles all of them."""
WEB_PAGE = "a web page"
"""Stands for the root element where that is what a proxy sent."""
MOST_BROKEN = 3
"""So many calls in a row without any answer, and nothing more is sent to that service and Region."""
MOST_REFUSALS = 100
"""Requests that are remembered by their ids, of one transport."""

_UNREACHED = "nobody answers at "
_SILENT = "there was no answer in "


class Patience(msgspec.Struct, frozen=True):
    """How many seconds an answer is waited for, and how long nothing is sent to where there was none."""

    connect: float = 10
    read: float = 20
    rest: float = 60


PATIENCE = Patience()


class Transport(Protocol):
    """Makes one call and says what came back; it never raises for what a store or a network may do."""

    def call(
        self, service: str, operation: str, parameters: Mapping[str, Any], region: str = ""
    ) -> Reply: ...


class BotoTransport:
    """Through boto3: one session, a client for each service and region, and botocore's adaptive retries.

    These slow down a client as a whole, so what is throttled again and again gets one of its own.
    """

    def __init__(
        self,
        session: Any,
        *,
        endpoint_url: str = "",
        region: str = "",
        workers: int = MOST_CONNECTIONS,
        attempts: int = ATTEMPTS,
        patience: Patience = PATIENCE,
        options: Collection[str] = guard.OPTIONS,
    ) -> None:
        from botocore.config import Config

        self._core = session._session  # noqa: SLF001 - boto3 has no other way to it
        self._endpoint = endpoint_url
        self._region = region
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._methods: dict[tuple[str, str, str, bool], Any] = {}
        self._patience = patience
        self._breaks = _Breaks(patience.rest)
        self._attempts = attempts
        self._throttles = Throttles(attempts)
        self._here = _Here()
        self._lock = RLock()
        self.requests = 0
        """How many were sent, also those that were sent again."""
        self.throttled = 0
        self.refusals: deque[dict[str, str]] = deque(maxlen=MOST_REFUSALS)
        """The last of those that were, with what AWS asks for when one complains."""
        self._config = Config(
            # One host for each region, so that its connections serve all buckets.
            s3={"addressing_style": "path"},
            # Who tries once has no reason to go slower.
            retries={"mode": "adaptive" if attempts > 1 else "standard", "total_max_attempts": attempts},
            connect_timeout=patience.connect,
            read_timeout=patience.read,
            max_pool_connections=max(workers, MOST_CONNECTIONS),
            # The one that botocore makes up is put together anew twice for each call: an eighth of what a call costs.
            user_agent="s3audit",
        )
        guard.watch(self._core, options)
        # What is asked about a directory bucket needs no session for its objects, and none is made.
        self._core.set_config_variable("s3_disable_express_session_auth", True)
        emitter = self._core.get_component("event_emitter")
        emitter.register_first("before-parse.*.*", wire.look_at)
        emitter.register_first("needs-retry.*.*", self._judge)
        self._core.register("response-received", self._count)
        self._core.register("before-sign.s3-control", wire.without_account)

    def call(self, service: str, operation: str, parameters: Mapping[str, Any], region: str = "") -> Reply:
        region = region or self._region
        if why := self._breaks.why(service, region):
            return Reply(status=0, broken=why)
        try:
            self._method(service, operation, region)
        except _UnknownCallError as error:
            return Reply(status=0, code=NOT_KNOWN_HERE, message=str(error))
        except Exception as error:  # noqa: BLE001 - a region or an endpoint that botocore does not take
            return self._broken(error)
        if not self._endpoint and not self._is_offered(service, operation, region):
            return Reply(status=0, code=NOT_OFFERED, message=f"{service} has no endpoint in {region}")
        reply = self._asked(service, operation, parameters, region)
        self._breaks.note(service, region, reply)
        return reply

    def begin(self, name: str) -> None:
        """In a new round what was given up because it was throttled is asked again."""
        self._throttles.begin(name)

    def _asked(self, service: str, operation: str, parameters: Mapping[str, Any], region: str) -> Reply:
        throttle = self._throttles.of(service, operation, region)
        if not throttle.is_apart and not throttle.is_over:
            with suppress(_ApartError):
                return self._sent(throttle, service, operation, parameters, region)
        reply = Reply(status=0, code=THROTTLED_OUT)
        # Who waits here waits until the store gives way or it is clear that it does not.
        with throttle.turns:
            tried = 0
            while tried < self._attempts and not throttle.is_over:
                reply = self._sent(throttle, service, operation, parameters, region, apart=True)
                if not is_throttled(reply.status, reply.code):
                    break
                tried += self._here.tried
        return reply

    def _sent(
        self,
        throttle: Throttle,
        service: str,
        operation: str,
        parameters: Mapping[str, Any],
        region: str,
        *,
        apart: bool = False,
    ) -> Reply:
        from botocore.exceptions import ClientError

        method = self._method(service, operation, region, apart=apart)
        self._here.asks(throttle, operation, apart=apart)
        try:
            answer = method(**parameters)
            meta = answer.pop("ResponseMetadata", {})
            root = answer.pop(wire.ROOT, "")
            return Reply(
                wire.read(answer),
                root,
                meta.get("HTTPStatusCode", 200),
                region=wire.headers(meta).get("x-amz-bucket-region", ""),
            )
        except (guard.ReadOnlyError, _ApartError):
            raise
        except wire.WebPageError:
            with self._lock:  # botocore has not come to where it tells that there was one
                self.requests += 1
            return Reply(root=WEB_PAGE)
        except _EnoughError as error:
            throttle.lost()
            return wire.refused(error.response)
        except ClientError as error:
            # A role is assumed in the middle of the call that needs it.
            reply = wire.refused(error.response, "" if error.operation_name == operation else ROLE_REFUSED)
            if is_throttled(reply.status, reply.code):
                throttle.lost()
            return reply
        except Exception as error:  # noqa: BLE001 - a parser, a proxy, a credential helper: each has errors of its own
            return self._broken(error)

    def client_with(self, service: str, **keys: str) -> Any:
        """A client with these credentials: for the role that all others are used with."""
        with self._lock:
            return self._core.create_client(
                service,
                region_name=self._region or None,
                endpoint_url=self._endpoint or None,
                config=self._config,
                **keys,
            )

    def _broken(self, error: Exception) -> Reply:
        """In words that are the same each time: what differs from call to call would make a thousand reasons of one."""
        name = type(error).__name__
        if name in NO_CREDENTIALS:
            return Reply(status=0, code=name, message=str(error))
        said = wire.BROKEN.get(name)
        url = getattr(error, "kwargs", {}).get("endpoint_url")
        if name == "ReadTimeoutError":
            said = f"{_SILENT}{self._patience.read:g} seconds"
        elif name in ("EndpointConnectionError", "ConnectTimeoutError") and url:
            said = f"{_UNREACHED}{urlsplit(str(url)).netloc}"
        elif name == "SSLError" and url:
            said = f"the certificate of {urlsplit(str(url)).netloc} is not accepted"
        elif name == "HTTPClientError" and "IncompleteRead" in str(error):
            said = wire.BROKEN["IncompleteReadError"]
        return Reply(status=0, message=str(error), broken=said or f"{name}: {error}".rstrip(": "))

    def _is_offered(self, service: str, operation: str, region: str) -> bool:
        if (service, operation) not in SOMEWHERE:
            return True
        # To try what has no address costs all attempts, with the pauses between them.
        control = self._client("s3control", region).meta.endpoint_url
        return is_offered(service, operation, region, control)

    def _method(self, service: str, operation: str, region: str, *, apart: bool = False) -> Any:
        key = (service, operation, region, apart)
        if (method := self._methods.get(key)) is None:
            client = self._client(service, region, operation if apart else "")
            names = {api: name for name, api in client.meta.method_to_api_mapping.items()}
            if operation not in names:
                raise _UnknownCallError(f"{service}:{operation}")
            method = self._methods[key] = getattr(client, names[operation])
        return method

    def _client(self, service: str, region: str, alone: str = "") -> Any:
        """The one for all operations, or that which one of them has for itself alone."""
        from botocore.exceptions import UnknownServiceError

        key = (service, region, alone)
        # To make a client is not safe in several threads at once.
        with self._lock:
            if key not in self._clients:
                try:
                    self._clients[key] = self._core.create_client(
                        service,
                        region_name=region or None,
                        endpoint_url=self._endpoint or None,
                        config=self._config,
                    )
                except UnknownServiceError:
                    raise _UnknownCallError(service) from None
            return self._clients[key]

    def _judge(self, response: Any = None, operation: Any = None, attempts: int = 0, **_: object) -> None:
        """Look at an answer before botocore decides whether it tries again."""
        if response is None:
            return
        http, parsed = response
        status, code = int(parsed.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)), wire.code_of(parsed)
        if parsed.get(wire.CUT):
            # As what the server itself says it could not do.
            http.status_code = 500
        elif http.status_code == 200 and status == 500 and code in ("", "500"):
            # So botocore takes what it can't read.
            parsed[wire.UNREADABLE] = True
        throttle = self._here.throttle
        if throttle is None or operation.name != self._here.operation:
            return
        self._here.tried = attempts
        if is_throttled(status, code):
            throttle.refused()
            if throttle.is_apart and not self._here.apart:
                raise _ApartError
            if attempts >= throttle.attempts or throttle.is_over:
                raise _EnoughError(parsed)
        elif status < 500:
            throttle.answered()

    def _count(
        self,
        response_dict: Mapping[str, Any] | None = None,
        parsed_response: Mapping[str, Any] | None = None,
        event_name: str = "",
        **_: object,
    ) -> None:
        status = 0 if response_dict is None else int(response_dict.get("status_code", 0))
        code = "" if parsed_response is None else wire.code_of(parsed_response)
        with self._lock:
            self.requests += 1
            self.throttled += is_throttled(status, code)
            if parsed_response is not None and (status == 403 or status >= 429):
                self.refusals.append(wire.refusal(event_name, status, parsed_response))


class _UnknownCallError(Exception):
    """This version of boto3 does not have the call."""


class _ApartError(Exception):
    """The call goes on with a client of its own."""


class _EnoughError(Exception):
    """The call was throttled so often that it is not tried again."""

    def __init__(self, response: Mapping[str, Any]) -> None:
        super().__init__()
        self.response = response


class _Here(local):
    """The call that is under way in this thread."""

    throttle: Throttle | None = None
    operation = ""
    apart = False
    """Whether it is made with a client of its own."""
    tried = 1

    def asks(self, throttle: Throttle, operation: str, *, apart: bool) -> None:
        self.throttle, self.operation, self.apart, self.tried = throttle, operation, apart, 1


class _Breaks:
    """Stops asking where nothing answers: ten attempts for each of twenty calls about each bucket would last hours."""

    def __init__(self, rest: float) -> None:
        self._rest = rest
        self._broken: dict[tuple[str, str], tuple[int, str, float]] = {}

    def why(self, service: str, region: str) -> str:
        """Why there is no use in asking now; empty where there is."""
        times, why, since = self._broken.get((service, region), (0, "", 0.0))
        return why if times >= MOST_BROKEN and monotonic() < since + self._rest else ""

    def note(self, service: str, region: str, reply: Reply) -> None:
        if not reply.broken.startswith((_UNREACHED, _SILENT)):
            self._broken.pop((service, region), None)
            return
        times, _, _ = self._broken.get((service, region), (0, "", 0.0))
        self._broken[service, region] = (times + 1, reply.broken, monotonic())
