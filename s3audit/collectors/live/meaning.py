"""What a reply means, by the entry of the operation in the table and by nothing else."""

from s3audit.collectors.live.answers import Absent, Answer, Gone, NotApplicable, Reason, Reply, Told, Unseen
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.transport import NO_CREDENTIALS

_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AccessDeniedForDependencyException",
        "AccountProblem",
        "AllAccessDisabled",
        "AuthorizationError",
        "Client.UnauthorizedOperation",
        "ForbiddenException",
        "MethodNotAllowed",
        "NotAuthorized",
        "UnauthorizedOperation",
    }
)
_CREDENTIALS = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "InvalidToken",
        "MissingAuthenticationToken",
        "NotSignedUp",
        "OptInRequired",
        "RequestExpired",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
        "UnrecognizedClientException",
        *NO_CREDENTIALS,
    }
)
_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
_UNSUPPORTED = frozenset({"NotImplemented", "UnsupportedOperation", "XNotImplemented", "InvalidAction"})
_EXPLICIT = "explicit deny"


def meaning(operation: Operation, reply: Reply) -> Answer:
    """One of the five answers."""
    if reply.broken:
        return Unseen("failed", f"{operation.id} got no answer: {reply.broken}", "", reply.broken)
    if reply.code:
        return _of_error(operation, reply)
    if reply.root and not operation.answers(reply.root):
        why = f"{operation.id} was answered with another document, {reply.root}"
        return Unseen("unexpected", why, "", "")
    if operation.empty_is_absent and not reply.document:
        return Absent()
    return Told(reply.document)


def _of_error(operation: Operation, reply: Reply) -> Answer:
    code = reply.code
    if code in operation.absent:
        return Absent(code)
    if code in operation.gone:
        return Gone()
    if code in operation.no_such:
        return NotApplicable(f"{operation.id} says {code}")
    reason = _reason(reply)
    return Unseen(reason, _why(operation, reason, reply), code, reply.message)


def _reason(reply: Reply) -> Reason:
    code, status = reply.code, reply.status
    # A HEAD has no body: then the status is all there is.
    if code in _DENIED or code == "403":
        return "denied"
    if code in _CREDENTIALS:
        return "credentials"
    if code in _THROTTLED or status in (429, 503):
        return "throttled"
    if code in _UNSUPPORTED or status == 501:
        return "unsupported"
    return "denied" if status in (401, 403) else "failed"


def _why(operation: Operation, reason: Reason, reply: Reply) -> str:
    match reason:
        case "denied":
            return f"{operation.id} was denied, {_permission(operation, reply)}"
        case "credentials":
            return f"{operation.id} was refused, these credentials are not accepted ({reply.code})"
        case "throttled":
            return f"{operation.id} was throttled each time it was tried ({reply.code})"
        case "unsupported":
            return f"the store does not know {operation.id} ({reply.code})"
        case _:
            return f"{operation.id} failed ({reply.code})"


def _permission(operation: Operation, reply: Reply) -> str:
    """What is missing, as far as the refusal tells."""
    if reply.code == "MethodNotAllowed":
        return "which an account that does not own the bucket can't be given"
    wanted = operation.action or operation.id
    if _EXPLICIT in reply.message:
        _, _, of = reply.message.partition(_EXPLICIT)
        where = of.removeprefix(" in ").strip(" .") or "a policy"
        return f"an explicit deny in {where} forbids {wanted}"
    return f"it needs the permission {wanted}"
