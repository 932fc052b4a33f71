"""botocore's models of the services: which operation a request asks for, by what its protocol says."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from typing import Any

import msgspec

from s3audit.demo.http import Request

_SIGNED_AS = {
    "access-analyzer": "accessanalyzer",
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "s3express": "s3",
    "tagging": "resourcegroupstaggingapi",
}
"""boto3's names of services that sign with another one."""
_CONTROL = "/v20180820/"
_CLASSIC = b"Version=2012-06-01"
_SCOPE = re.compile(r"Credential=([^/,]+)/\d+/([^/]*)/([^/]*)/aws4_request")
_LABEL = re.compile(r"\{([^}+]+)(\+?)\}")
_NOT = -100
_EXPRESS = "/s3express/aws4_request"


class Signed(msgspec.Struct, frozen=True):
    """What the signature of a request says."""

    key: str
    region: str
    service: str


def signed(request: Request) -> Signed | None:
    """Who signed it and for what; None for a request that nobody has."""
    found = _SCOPE.search(request.headers.get("authorization", ""))
    if found is None:
        return None
    key, region, name = found.groups()
    # The control plane of S3 signs as S3 itself.
    if name in ("s3", "s3express") and request.path.startswith(_CONTROL):
        return Signed(key, region, "s3control")
    if name == "elasticloadbalancing" and _CLASSIC in request.body:
        return Signed(key, region, "elb")
    return Signed(key, region, _SIGNED_AS.get(name, name))


class Route(msgspec.Struct, frozen=True):
    """Method, path and parameters by which a request asks for an operation."""

    operation: Any
    path: re.Pattern[str]
    labels: tuple[str, ...]
    query: Mapping[str, str]
    wanted: frozenset[str]
    """Parameters of the query that it can't do without."""
    headers: frozenset[str]
    is_deprecated: bool

    def weight(self, request: Request) -> int:
        """How well the query fits."""
        for name, value in self.query.items():
            given = request.query.get(name)
            # Only some clients send `x-id`, which names the operation.
            if given is None and name == "x-id":
                continue
            if given is None or (value and value not in given):
                return _NOT
        if not all(map(request.query.__contains__, self.wanted)):
            return _NOT
        if not all(map(request.headers.__contains__, self.headers)):
            return _NOT
        told = sum(name in request.query for name in self.query)
        return 4 * (told + len(self.wanted) + len(self.headers)) - self.is_deprecated


class Service:
    """One service of botocore, its routes made when they are first asked for."""

    def __init__(self, name: str, model: Any) -> None:
        self.name = name
        self.model = model
        self.protocol: str = getattr(model, "resolved_protocol", model.metadata["protocol"])

    def operation(self, name: str) -> Any:
        """The model of an operation."""
        return self.model.operation_model(name)

    def asked(self, request: Request, form: Mapping[str, list[str]]) -> tuple[Any, Mapping[str, str]] | None:
        """The operation that a request asks for, and the labels in its path."""
        name = ""
        if "x-amz-target" in request.headers:
            name = request.headers["x-amz-target"].rpartition(".")[2]
        elif "Action" in form:
            name = form["Action"][0]
        if name:
            return (self.operation(name), {}) if name in self.model.operation_names else None
        if self.protocol not in ("rest-xml", "rest-json"):
            return None
        return self._routed(request)

    def _routed(self, request: Request) -> tuple[Any, Mapping[str, str]] | None:
        best, most = None, _NOT
        for route in self.routes.get(request.method, ()):
            found = route.path.fullmatch(request.path)
            if found is not None and (weight := route.weight(request)) > most:
                best, most = (route, found), weight
        if best is None:
            return None
        route, found = best
        if route.operation.name == "ListBuckets" and _EXPRESS in request.headers.get("authorization", ""):
            # One path for both: only the signature tells them apart.
            return self.operation("ListDirectoryBuckets"), {}
        return route.operation, dict(zip(route.labels, found.groups(), strict=True))

    @cached_property
    def routes(self) -> dict[str, list[Route]]:
        """By method; the narrower paths first."""
        made: dict[str, list[Route]] = {}
        for name in self.model.operation_names:
            operation = self.operation(name)
            made.setdefault(operation.http["method"], []).append(_route(operation))
        for routes in made.values():
            routes.sort(
                key=lambda route: ("(.+)" in route.path.pattern, len(route.labels), -len(route.path.pattern))
            )
        return made


def _route(operation: Any) -> Route:
    path, _, query = operation.http["requestUri"].partition("?")
    labels = tuple(found.group(1) for found in _LABEL.finditer(path))
    pieces = _LABEL.split(path)
    pattern = "".join(
        re.escape(piece) if at % 3 == 0 else ("" if at % 3 == 1 else ("(.+)" if piece else "([^/]+)"))
        for at, piece in enumerate(pieces)
    )
    constants = dict(piece.partition("=")[::2] for piece in query.split("&") if piece)
    members = _wanted(operation.input_shape)
    return Route(
        operation,
        re.compile(pattern.removesuffix("/") + "/?"),
        labels,
        constants,
        frozenset(wire for place, wire in members if place == "querystring"),
        frozenset(wire.lower() for place, wire in members if place == "header"),
        bool(operation.deprecated),
    )


def _wanted(shape: Any) -> Iterable[tuple[str, str]]:
    """Where each member stands that a request must have, and how it is called there."""
    for name in shape.required_members if shape is not None else ():
        told = shape.members[name].serialization
        yield told.get("location", ""), told.get("name", name)


class Services:
    """The services that were asked for so far."""

    def __init__(self) -> None:
        import botocore.session

        # A session of its own: a client changes the paths in the models that it has loaded.
        # Of no profile: AWS_PROFILE may name one that is not there.
        self._session = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
        self._loader = self._session.get_component("data_loader")
        self._known = frozenset(self._session.get_available_services())
        self._made: dict[str, Service] = {}
        self._pages: dict[str, Mapping[str, Any]] = {}

    def get(self, name: str) -> Service | None:
        """The service of this name, if botocore has it."""
        if name not in self._known:
            return None
        if name not in self._made:
            self._made[name] = Service(name, self._session.get_service_model(name))
        return self._made[name]

    def pages(self, service: str) -> Mapping[str, Any]:
        """By operation: how its listing goes on."""
        from botocore.exceptions import DataNotFoundError

        if service not in self._pages:
            try:
                told = self._loader.load_service_model(service, "paginators-1")["pagination"]
            except DataNotFoundError:
                told = {}
            self._pages[service] = told
        return self._pages[service]


@cache
def services() -> Services:
    """Those of this process: to read the models takes longer than most tests."""
    return Services()
