"""What the shape of statements leaves open is put to the reasoner."""

from s3audit.policy import shapes
from s3audit.policy.language import Policy
from s3audit.setting import NOT_COLLECTED, Known, Setting, Unset
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, failed, passed


def denies_plain_http(policy: Policy, name: Setting[Text], region: Setting[Text] = NOT_COLLECTED) -> Verdict:
    """Whether every request without TLS is denied, to the bucket and to its objects."""
    found = shapes.denies_plain_http(policy, name, region)
    if found.status is not Status.UNKNOWN:
        return found
    # Most policies need no proof, and most scans none of this.
    from s3audit.policy.placed import placed
    from s3audit.policy.questions import tls_only
    from s3audit.policy.reason import PROVEN, WITNESS

    here = placed(policy, name, region)
    if here is None:
        return found
    answer = tls_only(here.rules, here.context)
    if answer.verdict == PROVEN:
        return passed(policy.at, "its statements together deny all plain HTTP")
    if answer.verdict == WITNESS and answer.request is not None:
        request = answer.request
        shown = request.resource.replace(
            here.context.arn, f"arn:{here.context.partition}:s3:::{_shown(name)}"
        )
        return failed(
            policy.at, f"{request.action} on {shown} is not denied over plain HTTP for {request.caller}"
        )
    return found


def _shown(name: Setting[Text]) -> str:
    return (
        str(name.value if isinstance(name, Known) else name.default)
        if isinstance(name, Known | Unset)
        else ""
    )
