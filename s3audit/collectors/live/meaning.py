"""What a reply means, by the entry of the operation in the table and by nothing else."""

from collections.abc import Mapping
from typing import Any

from s3audit.collectors.live.answers import (
    Absent,
    Answer,
    Document,
    Gone,
    NotApplicable,
    Reason,
    Reply,
    Told,
    Unseen,
)
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.operations.buckets import POLICY
from s3audit.collectors.live.throttling import is_throttled
from s3audit.collectors.live.transport import (
    NO_CREDENTIALS,
    NOT_KNOWN_HERE,
    ROLE_REFUSED,
    THROTTLED_OUT,
    WEB_PAGE,
)

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
        ROLE_REFUSED,
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
        "UnrecognizedClientException",
        *NO_CREDENTIALS,
    }
)
_UNSUPPORTED = frozenset(
    {"InvalidAction", "NotImplemented", "UnsupportedOperation", "XNotImplemented", NOT_KNOWN_HERE}
)
_PASSING = frozenset({408, 500, 502, 503, 504})
_PASSING_CODES = frozenset({"InternalError", "InternalFailure", "RequestTimeout", "ServiceUnavailable"})
_EXPLICIT = "explicit deny"


def meaning(operation: Operation, reply: Reply) -> Answer:
    """One of the five answers."""
    if reply.broken:
        return Unseen("failed", f"{operation.id} failed, {reply.broken}", "", reply.message, passing=True)
    if reply.code:
        return _of_error(operation, reply)
    if reply.root == WEB_PAGE:
        return Unseen("unexpected", f"{operation.id} was answered with {WEB_PAGE}", "", "")
    if operation.root and not operation.answers(reply.root):
        another = f"another document, {reply.root}" if reply.root else "nothing that can be read"
        return Unseen("unexpected", f"{operation.id} was answered with {another}", "", "")
    if missing := next((path for path in operation.has if not _has(reply.document, path)), ""):
        return Unseen("unexpected", f"{operation.id} was answered without {missing}", "", "")
    if operation.in_json and not str(reply.document.get(operation.in_json, "")).lstrip().startswith("{"):
        return Unseen("unexpected", f"{operation.id} was answered with nothing that can be read", "", "")
    if operation.empty_is_absent and not reply.document:
        return Absent()
    return Told(reply.document)


def _has(document: Document, path: str) -> bool:
    value: Any = document
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return False
        value = value[key]
    return True


def _of_error(operation: Operation, reply: Reply) -> Answer:
    code = reply.code
    if code in operation.absent and operation.says in reply.message:
        return Absent(code)
    if code in operation.gone:
        return Gone()
    if code in operation.no_such or _says(reply, operation.no_such_says):
        return NotApplicable(f"{operation.id} says {code}", reply.region)
    reason = _reason(operation, reply)
    passing = reason == "throttled" or reply.status in _PASSING or code in _PASSING_CODES
    return Unseen(reason, _why(operation, reason, reply), code, reply.message, passing)


def _says(reply: Reply, words: str) -> bool:
    return bool(words) and words in reply.message.lower()


def _reason(operation: Operation, reply: Reply) -> Reason:
    code, status = reply.code, reply.status
    # A HEAD has no body: then the status is all there is.
    if code in _DENIED or code == "403" or _is_of_another(operation, reply):
        return "denied"
    if code in _CREDENTIALS:
        return "credentials"
    if code == THROTTLED_OUT or is_throttled(status, code):
        return "throttled"
    if code in _UNSUPPORTED or status == 501:
        return "unsupported"
    return "denied" if status in (401, 403) else "failed"


def _is_of_another(operation: Operation, reply: Reply) -> bool:
    """So S3 refuses the policy of a bucket to those who may read it and are of another account; no other call does."""
    return operation.id == POLICY.id and reply.code == "MethodNotAllowed"


def _why(operation: Operation, reason: Reason, reply: Reply) -> str:
    match reason:
        case "denied":
            return f"{operation.id} was denied, {_permission(operation, reply)}"
        case "credentials" if reply.code == ROLE_REFUSED:
            return f"{operation.id} could not be asked, the role for it can't be assumed ({reply.message.rstrip('.')})"
        case "credentials":
            return f"{operation.id} was refused, these credentials are not accepted ({reply.code})"
        case "throttled" if reply.code == THROTTLED_OUT:
            return f"{operation.id} was not asked, the last requests before had all been throttled"
        case "throttled":
            return f"{operation.id} was throttled each time it was tried ({reply.code})"
        case "unsupported" if reply.code == NOT_KNOWN_HERE:
            return f"the boto3 that is installed does not have {operation.id}, a newer one does"
        case "unsupported":
            return f"the store does not know {operation.id} ({reply.code})"
        case _:
            return f"{operation.id} failed ({reply.code})"


def _permission(operation: Operation, reply: Reply) -> str:
    """What is missing, as far as the refusal tells."""
    if _is_of_another(operation, reply):
        return "by which S3 says that the bucket belongs to another account (MethodNotAllowed)"
    wanted = operation.action or operation.id
    if _EXPLICIT in reply.message:
        _, _, of = reply.message.partition(_EXPLICIT)
        where = of.removeprefix(" in ").strip(" .") or "a policy"
        return f"an explicit deny in {where} forbids {wanted}"
    return f"it needs the permission {wanted}"
