"""Which origins and methods a CORS rule admits."""

import re
from collections.abc import Callable
from typing import TypeVar

from s3audit.model.bucket import CorsRule
from s3audit.setting import Known, Listed, Setting, Unknown, Unset
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, some, unknown

T = TypeVar("T", str, Text)

_HTTP = "http://"
_SCHEMES = (_HTTP, "https://")
_LOOPBACK = r"http://(([^*/:]+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])(:[\d*]+)?"

# Below these anyone can have a name, as below a top-level domain; the best known of them.
_SUFFIXES = """
    co.uk org.uk ac.uk me.uk gov.uk ltd.uk plc.uk net.uk
    com.au net.au org.au co.nz co.za co.in co.il co.jp ne.jp or.jp co.kr
    com.br com.mx com.ar com.co com.tr com.cn com.hk com.tw com.sg com.my com.pl com.ua
    amazonaws.com amazonaws.com.cn s3.amazonaws.com s3-accelerate.amazonaws.com elb.amazonaws.com
    compute.amazonaws.com compute-1.amazonaws.com on.aws cloudfront.net amplifyapp.com
    elasticbeanstalk.com awsapprunner.com awsapps.com amazoncognito.com
    run.app a.run.app web.app firebaseapp.com appspot.com cloudfunctions.net googleapis.com
    storage.googleapis.com blogspot.com
    azurewebsites.net azurestaticapps.net azure-api.net azureedge.net azurefd.net trafficmanager.net
    cloudapp.net cloudapp.azure.com azurecontainerapps.io blob.core.windows.net web.core.windows.net
    github.io githubusercontent.com github.dev githubpreview.dev gitlab.io bitbucket.io
    pages.dev workers.dev r2.dev trycloudflare.com netlify.app vercel.app now.sh deno.dev fly.dev
    herokuapp.com onrender.com railway.app up.railway.app ondigitalocean.app digitaloceanspaces.com
    surge.sh glitch.me repl.co replit.app replit.dev codesandbox.io csb.app stackblitz.io
    ngrok.io ngrok.app ngrok.dev ngrok-free.app ngrok-free.dev loca.lt
    myshopify.com webflow.io wixsite.com wordpress.com
"""
_PUBLIC = frozenset(f".{suffix}" for suffix in _SUFFIXES.split())

# So they can in each region of a cloud: below its services, and below what these have in common.
_AWS_REGION = r"[a-z]{2,}(-[a-z]+)+-\d+"
_REGIONAL = rf"""\.(
        ((s3([.-][a-z-]+)?|execute-api|elb|vpce)\.)?{_AWS_REGION}\.amazonaws\.com(\.cn)?
        |s3(-website)?-{_AWS_REGION}\.amazonaws\.com
        |{_AWS_REGION}\.(elb|compute|elasticmapreduce)\.amazonaws\.com(\.cn)?
        |(lambda-url\.|vpc-lattice-svcs\.)?{_AWS_REGION}\.on\.aws
        |{_AWS_REGION}\.(elasticbeanstalk|awsapprunner)\.com
        |(auth\.)?{_AWS_REGION}\.amazoncognito\.com
        |[a-z]+-[a-z]+\d+\.run\.app
        |[a-z]+\d?\.(cloudapp\.azure\.com|azurestaticapps\.net|azurecontainerapps\.io)
        |z\d+\.web\.core\.windows\.net
        |[a-z]{{3}}\d\.digitaloceanspaces\.com
    )"""
_CLOUDS = (".amazonaws.com", ".amazonaws.com.cn", ".on.aws", ".run.app")
_NOT_PUBLIC = frozenset((".localhost", ".local", ".test", ".internal", ".example", ".invalid"))


def admits_a_read(rule: CorsRule) -> Verdict:
    """Whether a rule admits a method that reads."""
    return _some(rule.allowed_methods, lambda method: method in ("GET", "HEAD"), "the method")


def admits_a_write(rule: CorsRule) -> Verdict:
    """Whether a rule admits a method that writes or deletes."""
    return _some(rule.allowed_methods, lambda method: method in ("PUT", "POST", "DELETE"), "the method")


def admits_everyone(rule: CorsRule) -> Verdict:
    """Whether a rule admits an origin that anyone can have."""
    return _some(rule.allowed_origins, _is_anyone, "the origin")


def admits_every_site(rule: CorsRule) -> Verdict:
    """Whether a rule admits every origin there is, or every one with a certain scheme or port."""
    return _some(rule.allowed_origins, _is_every_site, "the origin")


def admits_http(rule: CorsRule) -> Verdict:
    """Whether a rule admits an origin of somebody's that is reached over plain HTTP, or that of no site at all."""
    return _some(rule.allowed_origins, _is_insecure, "the origin")


def admits_http_of_here(rule: CorsRule) -> Verdict:
    """Whether a rule admits a server on the visitor's own machine, to which no network lies between."""
    return _some(rule.allowed_origins, _is_loopback, "the origin")


def _some(listed: Listed[T], admits: Callable[[T], bool | Status], what: str) -> Verdict:
    """Whether one of them will do, each with its own place."""
    match listed:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items) | Unset(items):
            return some(_admitted(item, admits, what) for item in items)


def _admitted(item: Setting[T], admits: Callable[[T], bool | Status], what: str) -> Verdict:
    match item:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(value, at) | Unset(value, at):
            found = item.satisfies(admits, f"{what} {value} is admitted")
            if found.status is Status.UNKNOWN:
                return unknown(at, f"what {what} {value} comes to is not known")
            return found


def _is_anyone(origin: Text) -> Status:
    """Whether anyone can have an origin that fits, as far as the known parts tell."""
    literal = origin.literal
    if literal is not None:
        return Status.PASS if _is_wide(literal.lower()) else Status.FAIL
    head, tail = origin.parts[0], origin.parts[-1]
    named = (isinstance(head, str) and not _begins_a_scheme(head.lower().partition("*")[0])) or (
        isinstance(tail, str) and not _may_be_public(tail.lower().rpartition("*")[2])
    )
    return Status.FAIL if named else Status.UNKNOWN


def _is_every_site(origin: Text) -> bool:
    literal = (origin.literal or "").lower().replace("*://", "*", 1)
    before, wildcard, after = literal.partition("*")
    return bool(wildcard) and _begins_a_scheme(before) and not _host(after)


def _is_insecure(origin: Text) -> Status:
    """Where the wildcard stands for the scheme, too, what admits everyone is no matter of the scheme."""
    head = origin.parts[0] if origin.parts else ""
    start, wildcard, _ = (head.lower() if isinstance(head, str) else "").partition("*")
    if start.startswith(_HTTP) or origin.literal == "null":
        return Status.FAIL if _is_loopback(origin) else Status.PASS
    if wildcard and _HTTP.startswith(start):
        return (~Verdict(_is_anyone(origin))).status
    is_open = origin.literal is None and not wildcard
    return (
        Status.UNKNOWN if is_open and (_HTTP.startswith(start) or "null".startswith(start)) else Status.FAIL
    )


def _is_loopback(origin: Text) -> bool:
    return re.fullmatch(_LOOPBACK, (origin.literal or "").lower()) is not None


def _is_wide(origin: str) -> bool:
    """Whether a wildcard stands where the name of a host would begin, with nothing of one's own behind it."""
    before, wildcard, after = origin.partition("*")
    if after.startswith("://"):
        return _is_wide(_HTTP + after.removeprefix("://"))
    return bool(wildcard) and _begins_a_scheme(before) and _is_public(after)


def _begins_a_scheme(text: str) -> bool:
    return any(scheme.startswith(text) for scheme in _SCHEMES)


def _is_public(tail: str) -> bool:
    """Whether the end of an origin belongs to nobody in particular: nothing, or a public suffix."""
    suffix = "." + _host(tail).removeprefix(".")
    if suffix == "." or suffix in _PUBLIC or re.fullmatch(_REGIONAL, suffix, re.VERBOSE) is not None:
        return True
    return suffix.count(".") == 1 and suffix not in _NOT_PUBLIC


def _may_be_public(tail: str) -> bool:
    """The same for an end before which more may stand that is not known."""
    host = _host(tail)
    return (
        _is_public(tail)
        or "." not in host
        or host.endswith(_CLOUDS)
        or any(suffix.endswith(host) for suffix in _PUBLIC)
    )


def _host(tail: str) -> str:
    """The end of an origin without its port."""
    return tail.partition(":")[0]
