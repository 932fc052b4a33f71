"""Nothing but what stands in the table of operations leaves this process."""

from typing import Any

from s3audit.collectors.live.operations import TABLE

ALLOWED = frozenset((operation.service, operation.name) for operation in TABLE)


class ReadOnlyError(Exception):
    """A call that is not on the list; it was refused before there was a request."""

    def __init__(self, service: str, name: str) -> None:
        super().__init__(f"{service}:{name} is not among the calls that a scan may make")


def watch(session: Any) -> None:
    """Refuse all other calls of every client that this botocore session will make."""

    def check(model: Any, **_: object) -> None:
        service, name = model.service_model.service_name, model.name
        if (service, name) not in ALLOWED:
            raise ReadOnlyError(service, name)

    # The first of the events of a call: no parameter is looked at and no request made before it.
    for event in ("provide-client-params", "before-parameter-build", "before-call"):
        session.register(event, check)
