"""What may go wrong on the way to a store and in it, on demand."""

import hashlib
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from s3audit.demo.answers import Raw, Refused
from s3audit.demo.http import Delivery

Reason = Literal["identity", "resource", "service", "boundary", "plain"]
"""Who denies: nobody allows it, a bucket policy or a service control policy forbids it; `plain` does not say."""

FOR_EVER = 3600.0


class Fault(msgspec.Struct, frozen=True):
    """One thing that goes wrong; the functions below make them."""

    kind: str
    reason: Reason = "identity"
    status: int = 0
    code: str = ""
    message: str = ""
    seconds: float = 0.0
    body: bytes = b""
    content_type: str = "application/xml"
    delivery: Delivery = "whole"


def denied(reason: Reason = "identity") -> Fault:
    """The call may not be made, in the words of AWS."""
    return Fault("denied", reason=reason)


def throttled() -> Fault:
    """Too many calls: SlowDown of S3, and what others say."""
    return Fault("throttled")


def failing(status: int = 500) -> Fault:
    """The service breaks."""
    return Fault("failing", status=status)


def refused(code: str, message: str = "", status: int = 400) -> Fault:
    """Any other error: `ExpiredToken`, `NotImplemented`."""
    return Fault("refused", code=code, message=message or code, status=status)


def gone() -> Fault:
    """What is asked about is no more: NoSuchBucket, and what others say."""
    return Fault("gone")


def silent(seconds: float = FOR_EVER) -> Fault:
    """The request is taken, and nobody answers for so long; then the connection is closed."""
    return Fault("unanswered", seconds=seconds, delivery="none")


def slow(seconds: float) -> Fault:
    """The true answer, later."""
    return Fault("delivered", seconds=seconds)


def cut() -> Fault:
    """Half of the true answer, with the length of the whole."""
    return Fault("delivered", delivery="cut")


def chunked() -> Fault:
    """The true answer without a length, in chunks: no fault at all."""
    return Fault("delivered", delivery="chunked")


def dropped() -> Fault:
    """The connection is closed without a word."""
    return Fault("unanswered", delivery="none")


_LISTING = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    b"<Name>bucket</Name><Prefix></Prefix><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys>"
    b"<IsTruncated>false</IsTruncated></ListBucketResult>"
)
_HTML = b"<!doctype html>\n<html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>\n"


def other_document() -> Fault:
    """200 and a list of objects: so do stores that don't know a sub-resource."""
    return Fault("raw", body=_LISTING)


def html() -> Fault:
    """200 and a web page: so do proxies."""
    return Fault("raw", body=_HTML, content_type="text/html")


def garbage() -> Fault:
    """200 and bytes that are nothing."""
    noise = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(16))
    return Fault("raw", body=b"\x1b\x00\xff" + noise)


def empty() -> Fault:
    """200 and nothing."""
    return Fault("raw")


class _Rule(msgspec.Struct):
    fault: Fault
    operation: str
    about: str
    times: int
    chance: float
    met: int = 0
    done: int = 0


class Faults:
    """Which calls go wrong, and how."""

    def __init__(self, seed: str = "") -> None:
        self.seed = seed
        self._rules: list[_Rule] = []

    def add(
        self, fault: Fault, operation: str = "*", *, about: str = "", times: int = 0, chance: float = 1.0
    ) -> None:
        """Let calls of an operation (`s3:GetBucketAcl`, `s3:*`) go wrong from now on.

        `about` is a bucket, or any other text parameter of the call; `times` is how often, 0 for ever.
        """
        self._rules.append(_Rule(fault, operation, about, times, chance))

    def clear(self) -> None:
        """From now on, nothing goes wrong."""
        self._rules.clear()

    def of(self, operation: str, parameters: Mapping[str, Any]) -> Fault | None:
        """What goes wrong with this call; of several, what was added first."""
        for rule in self._rules:
            if rule.times and rule.done >= rule.times:
                continue
            if not _names(rule.operation, operation):
                continue
            if rule.about and rule.about not in parameters.values():
                continue
            rule.met += 1
            if rule.chance < 1.0 and self._drawn(operation, parameters, rule.met) >= rule.chance:
                continue
            rule.done += 1
            return rule.fault
        return None

    def _drawn(self, operation: str, parameters: Mapping[str, Any], met: int) -> float:
        """The same for the same seed, call and count."""
        about = parameters.get("Bucket") or met
        told = f"{self.seed}/{operation}/{about}/{met}".encode()
        return int.from_bytes(hashlib.sha256(told).digest()[:4]) / 2**32


def _names(pattern: str, operation: str) -> bool:
    if pattern.endswith("*"):
        return operation.startswith(pattern[:-1])
    return pattern == operation


_ACTIONS = {
    "DeleteBucketCors": "PutBucketCORS",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketMetadataConfiguration": "GetBucketMetadataTableConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "ListBucketAnalyticsConfigurations": "GetAnalyticsConfiguration",
    "ListBucketIntelligentTieringConfigurations": "GetIntelligentTieringConfiguration",
    "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
    "ListBucketMetricsConfigurations": "GetMetricsConfiguration",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
}
"""Actions of S3 that are not called as their operations are."""

_BECAUSE: Mapping[Reason, str] = {
    "identity": "because no identity-based policy allows the {action} action",
    "resource": "with an explicit deny in a resource-based policy",
    "service": "with an explicit deny in a service control policy",
    "boundary": "because no permissions boundary allows the {action} action",
}


def refusal(fault: Fault, service: str, protocol: str, operation: Any, who: str, bucket: str) -> Refused:
    """The error of a fault, as this very service puts it."""
    match fault.kind:
        case "denied":
            return _denied(fault.reason, service, protocol, operation.name, who, bucket)
        case "throttled":
            return _throttled(service, protocol)
        case "gone":
            return missing(service, operation, bucket)
        case "failing":
            code = "InternalError" if service.startswith("s3") else "InternalFailure"
            return Refused(code, "We encountered an internal error. Please try again.", fault.status)
        case _:
            return Refused(fault.code, fault.message, fault.status)


def raw(fault: Fault) -> Raw:
    """The answer of a fault that is none."""
    return Raw(fault.body, fault.content_type)


def _denied(reason: Reason, service: str, protocol: str, operation: str, who: str, bucket: str) -> Refused:
    prefix = {"s3control": "s3", "macie2": "macie2", "accessanalyzer": "access-analyzer"}.get(
        service, service
    )
    name = _ACTIONS.get(operation, operation) if service == "s3" else operation
    action = f"{prefix}:{name}"
    message = "Access Denied"
    if reason != "plain":
        on = f' on resource: "arn:aws:s3:::{bucket}"' if bucket else ""
        because = _BECAUSE[reason].format(action=action)
        message = f"User: {who} is not authorized to perform: {action}{on} {because}"
    code, status = "AccessDenied", 403
    match protocol:
        case "ec2":
            code = "UnauthorizedOperation"
        case "json":
            code, status = "AccessDeniedException", 400
        case "rest-json":
            code = "AccessDeniedException"
        case _ if service == "sns":
            code = "AuthorizationError"
    return Refused(code, message, status)


def _throttled(service: str, protocol: str) -> Refused:
    if service in ("s3", "s3control"):
        return Refused("SlowDown", "Please reduce your request rate.", 503)
    match protocol:
        case "ec2":
            return Refused("RequestLimitExceeded", "Request limit exceeded.", 503)
        case "json":
            return Refused("ThrottlingException", "Rate exceeded", 400)
        case "rest-json":
            return Refused("TooManyRequestsException", "Too Many Requests", 429)
        case _:
            return Refused("Throttling", "Rate exceeded", 400)


_MISSING = {
    "iam": ("NoSuchEntity", 404),
    "s3": ("NoSuchBucket", 404),
    "glacier": ("ResourceNotFoundException", 404),
    "organizations": ("AWSOrganizationsNotInUseException", 400),
    "sns": ("NotFound", 404),
}
_MISSING_CALLS = {
    "GetAccessPoint": "NoSuchAccessPoint",
    "GetAccessPointPolicy": "NoSuchAccessPointPolicy",
    "GetAccessPointPolicyStatus": "NoSuchAccessPointPolicy",
    "GetMultiRegionAccessPointPolicy": "NoSuchMultiRegionAccessPoint",
    "GetPublicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
}


def missing(service: str, operation: Any, bucket: str = "") -> Refused:
    """What a service says of something that is not there."""
    if service == "s3":
        fields = {"BucketName": bucket} if bucket else {}
        return Refused("NoSuchBucket", "The specified bucket does not exist", 404, fields=fields)
    if service == "s3control" and operation.name in _MISSING_CALLS:
        return Refused(_MISSING_CALLS[operation.name], "The specified resource does not exist", 404)
    if operation.name == "GetMacieSession":
        return Refused("AccessDeniedException", "Macie is not enabled.", 403)
    code, status = _MISSING.get(service, ("", 404))
    for shape in operation.error_shapes if not code else ():
        if any(word in shape.name for word in ("NotFound", "NoSuch", "DoesNotExist", "NotConfigured")):
            error = shape.metadata.get("error", {})
            code = error.get("code", shape.name)
            status = error.get(
                "httpStatusCode", 400 if operation.service_model.metadata["protocol"] == "json" else 404
            )
            break
    return Refused(code or "ResourceNotFoundException", "The specified resource does not exist", status)
