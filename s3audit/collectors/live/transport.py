"""How calls reach a store: one seam, behind which boto3 stands."""

import re
from collections.abc import Mapping
from threading import Lock
from typing import Any, Protocol

from s3audit.collectors.live import guard
from s3audit.collectors.live.answers import Document, Reply

ATTEMPTS = 10
"""How often a call is tried while the store throttles it or breaks."""
CONNECT_SECONDS = 10
READ_SECONDS = 60
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

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
_ROOT_KEY = "RootElement"


class Transport(Protocol):
    """Makes one call and says what came back; it never raises for what a store or a network may do."""

    def call(
        self, service: str, operation: str, parameters: Mapping[str, Any], region: str = ""
    ) -> Reply: ...


class BotoTransport:
    """Through boto3: one session, a client for each service and region, and botocore's adaptive retries."""

    def __init__(
        self, session: Any, *, endpoint_url: str = "", region: str = "", workers: int = MOST_CONNECTIONS
    ) -> None:
        from botocore.config import Config

        self._session = session
        self._core = session._session  # noqa: SLF001 - boto3 has no other way to it
        self._endpoint = endpoint_url
        self._region = region
        self._clients: dict[tuple[str, str], Any] = {}
        self._methods: dict[tuple[str, str, str], Any] = {}
        self._lock = Lock()
        self._config = Config(
            # One host for each region, so that its connections serve all buckets.
            s3={"addressing_style": "path"},
            retries={"mode": "adaptive", "max_attempts": ATTEMPTS},
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            max_pool_connections=max(workers, 10),
            user_agent_extra="s3audit",
        )
        guard.watch(self._core)
        self._core.register("before-parse.s3.*", _note_root)

    def call(self, service: str, operation: str, parameters: Mapping[str, Any], region: str = "") -> Reply:
        from botocore.exceptions import ClientError

        try:
            answer = self._method(service, operation, region or self._region)(**parameters)
        except ClientError as error:
            return _refused(error.response)
        except guard.ReadOnlyError:
            raise
        except Exception as error:  # noqa: BLE001 - a parser, a proxy, a credential helper: each has errors of its own
            name = type(error).__name__
            return Reply(
                status=0,
                code=name,
                message=str(error),
                broken="" if name in NO_CREDENTIALS else _broken(error),
            )
        meta = answer.pop("ResponseMetadata", {})
        root = answer.pop(_ROOT_KEY, "")
        return Reply(
            _read(answer),
            root,
            meta.get("HTTPStatusCode", 200),
            region=_headers(meta).get("x-amz-bucket-region", ""),
        )

    def _method(self, service: str, operation: str, region: str) -> Any:
        key = (service, operation, region)
        if (method := self._methods.get(key)) is None:
            client = self._client(service, region)
            names = {api: name for name, api in client.meta.method_to_api_mapping.items()}
            if operation not in names:
                raise LookupError(f"this version of boto3 does not know {service}:{operation}")
            method = self._methods[key] = getattr(client, names[operation])
        return method

    def _client(self, service: str, region: str) -> Any:
        # To make a client is not safe in several threads at once.
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._session.client(
                    service,
                    region_name=region or None,
                    endpoint_url=self._endpoint or None,
                    config=self._config,
                )
            return self._clients[service, region]


def _note_root(
    response_dict: Mapping[str, Any], customized_response_dict: dict[str, Any], **_: object
) -> None:
    """Keep the name of the root element, which botocore does not look at."""
    body = response_dict.get("body")
    if isinstance(body, bytes) and response_dict.get("status_code", 0) < 300:
        found = _ROOT.search(body[:4096])
        customized_response_dict[_ROOT_KEY] = found.group(1).decode("ascii") if found else ""


def _refused(response: Mapping[str, Any]) -> Reply:
    error = response.get("Error", {})
    meta = response.get("ResponseMetadata", {})
    return Reply(
        status=meta.get("HTTPStatusCode", 0),
        code=str(error.get("Code", "")) or str(meta.get("HTTPStatusCode", "")),
        message=str(error.get("Message", "")),
        region=_headers(meta).get("x-amz-bucket-region", "") or str(error.get("Region", "")),
    )


def _headers(meta: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = meta.get("HTTPHeaders", {})
    return found


def _read(answer: Document) -> Document:
    """The answer, with streams read: none of those that a scan asks for is large."""
    return {key: value.read() if hasattr(value, "read") else value for key, value in answer.items()}


def _broken(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
