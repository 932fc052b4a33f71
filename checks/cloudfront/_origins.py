"""What stands behind a distribution: which origins are buckets, and what signs the requests to them."""

from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Origin, OriginAccessControl
from s3audit.model.estate import Estate
from s3audit.model.load_balancer import LoadBalancer
from s3audit.model.lookup import first_by_name
from s3audit.model.names import bucket_in_domain, is_website_domain
from s3audit.model.uses import filled
from s3audit.setting import Known, Setting, Unknown, Unset, when_set
from s3audit.text import Opaque, Text
from s3audit.verdict import Status, Verdict, passed, unknown

_SUFFIXES = (".amazonaws.com", ".amazonaws.com.cn")
_PATH_STYLE = ("s3.", "s3-")
_OTHER_SERVICES = (".execute-api.", ".elb.", ".lambda-url.", ".mediapackage", ".mediastore")


def name_of(origin: Origin) -> str:
    """What to call an origin in a sentence."""
    match origin.id:
        case Known(name) | Unset(name):
            return str(name)
        case _:
            return "without a known name"


def is_other(origin: Origin, estate: Estate) -> Verdict:
    """Whether it is none of S3: a web server, a website endpoint or what stands in a VPC."""
    who = f"the origin {name_of(origin)}"
    return when_set(
        origin.custom,
        lambda custom: ~is_s3(origin.domain_name, estate) & passed(custom.at, f"{who} is a custom one"),
        Verdict(Status.FAIL),
    ) | filled(origin.vpc_origin, f"{who} is in a VPC")


def is_s3(setting: Setting[Text], estate: Estate) -> Verdict:
    """Whether a domain name is one of S3's, other than that of a website, as far as its known parts tell."""
    match setting:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(domain, at) | Unset(domain, at):
            found = _is_s3_domain(domain, estate)
            if found is Status.UNKNOWN:
                return unknown(at, f"whether {domain} is a domain of S3 is not known")
            return Verdict(found)


def _is_s3_domain(domain: Text, estate: Estate) -> Status:
    ends = [domain.ends_with(suffix) for suffix in _SUFFIXES]
    if is_website_domain(domain) or all(end is Status.FAIL for end in ends):
        return Status.FAIL
    known = [part for part in domain.parts if isinstance(part, str)]
    if any(service in part for part in known for service in _OTHER_SERVICES):
        return Status.FAIL
    path_style = any(domain.starts_with(host) is Status.PASS for host in _PATH_STYLE)
    if bucket_in_domain(domain) is not None or path_style:
        last = domain.parts[-1]
        sure = not isinstance(last, Opaque) or last.origin == "AWS::URLSuffix"
        return Status.PASS if sure else Status.UNKNOWN
    if domain.literal is not None or _is_of_another_resource(domain, estate):
        return Status.FAIL
    return Status.UNKNOWN


def _is_of_another_resource(domain: Text, estate: Estate) -> bool:
    """Whether it is the domain name of something declared here that is no bucket, such as a load balancer."""
    match domain.parts:
        case (Opaque(resource=resource),) if resource:
            return estate.at(resource, Bucket) is None
        case (Opaque(origin=origin, given=False),):
            return origin in estate.once(_names_of_balancers)
        case _:
            return False


def _names_of_balancers(estate: Estate) -> frozenset[str]:
    return frozenset(f"{one.address.rpartition('.')[2]}.DNSName" for one in estate.all(LoadBalancer))


def control_named(name: Text, estate: Estate) -> OriginAccessControl | None:
    return estate.named_by(name, OriginAccessControl) or estate.once(_controls_by_id).get(name)


def _controls_by_id(estate: Estate) -> dict[Text, OriginAccessControl]:
    return first_by_name((one, (one.id,)) for one in estate.all(OriginAccessControl))


def bucket_behind(origin: Origin, estate: Estate) -> Setting[Bucket | None]:
    """The bucket that an origin leads to; None for one that is known not to exist."""
    match origin.domain_name:
        case Unknown() as gap:
            return gap
        case Known(domain, at) | Unset(domain, at):
            name = bucket_in_domain(domain)
            if name is None:
                return Unknown(f"which bucket {domain} leads to is not known", at)
            return estate.bucket_named(name, at)


def bucket_name(origin: Origin) -> Text | None:
    """The name of the bucket that an origin leads to, as far as it is known."""
    match origin.domain_name:
        case Known(domain) | Unset(domain):
            return bucket_in_domain(domain)
        case Unknown():
            return None


def is_website(origin: Origin) -> bool:
    """Whether it is known for the website endpoint of a bucket."""
    match origin.domain_name:
        case Known(domain) | Unset(domain):
            return is_website_domain(domain)
        case Unknown():
            return False
