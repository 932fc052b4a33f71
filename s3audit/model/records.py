"""Which bucket a name on the internet leads to."""

from s3audit.model.dns import DnsRecord
from s3audit.model.names import is_s3_host
from s3audit.setting import Known, Setting, Unknown, Unset, some_of, when_set
from s3audit.text import Opaque, Text, text
from s3audit.verdict import Status, Verdict, failed, passed, unknown

_ADDRESSES = ("A", "AAAA", "CNAME")
_OF_WEBSITES = (".WebsiteURL", ".website_domain", ".website_endpoint")


def leads_to_s3(record: DnsRecord) -> Verdict:
    """Whether a host of this name is one that S3 serves: then the bucket of the same name answers."""
    nobody = Verdict(Status.FAIL)
    leads = when_set(record.alias, lambda domain: _is_s3(Known(domain, record.alias.at)), nobody) | some_of(
        record.values, lambda domain: _is_s3(Known(domain, record.values.at)), nobody
    )
    of_address = record.type.is_in(*_ADDRESSES, what="the type of the record")
    return leads if of_address.status is Status.PASS else of_address & leads


def host(record: DnsRecord) -> Setting[Text]:
    """The name without the dot that may stand at its end."""
    return record.name.map(_without_dot)


def _without_dot(name: Text) -> Text:
    last = name.parts[-1] if name.parts else ""
    return text(*name.parts[:-1], last.rstrip(".")) if isinstance(last, str) and last.endswith(".") else name


def _is_s3(domain: Setting[Text]) -> Verdict:
    match domain:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(known, at) | Unset(known, at):
            note = f"it leads to {known}"
            if is_s3_host(known) or any(part.origin.endswith(_OF_WEBSITES) for part in known.opaque):
                return passed(at, note)
            return unknown(at, f"whether {known} is S3 is not known") if _may_be(known) else failed(at, note)


def _may_be(domain: Text) -> bool:
    """Whether it is all for somebody else to say; an attribute of a resource is no domain of a bucket but for those."""
    match domain.parts:
        case (Opaque() as part,):
            return part.given or "." not in part.origin
        case _:
            return False
