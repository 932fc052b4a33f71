"""Nothing but what stands in the table of operations leaves this process."""

from collections.abc import Collection
from typing import Any

from s3audit.collectors.live.operations import TABLE

OPTIONS = frozenset(operation.optional for operation in TABLE if operation.optional)
"""What calls are made for that nobody makes unasked: `objects`, `uploads`, `roles`, `organization`."""


class ReadOnlyError(Exception):
    """A call that is not on the list; it was refused before there was a request."""

    def __init__(self, service: str, name: str) -> None:
        super().__init__(f"{service}:{name} is not among the calls that a scan may make")


def allowed(options: Collection[str] = OPTIONS) -> frozenset[tuple[str, str]]:
    """The calls of a scan that was asked for these: service and name."""
    return frozenset((one.service, one.name) for one in TABLE if not one.optional or one.optional in options)


def watch(session: Any, options: Collection[str] = OPTIONS) -> None:
    """Refuse all other calls of every client that this botocore session will make."""
    only(session, allowed(options))


def only(session: Any, calls: Collection[tuple[str, str]]) -> None:
    """Let through these calls, by service and name, and no other."""

    def check(model: Any, **_: object) -> None:
        service, name = model.service_model.service_name, model.name
        if (service, name) not in calls:
            raise ReadOnlyError(service, name)

    # The first of the events of a call: no parameter is looked at and no request made before it.
    for event in ("provide-client-params", "before-parameter-build", "before-call"):
        session.register(event, check)
