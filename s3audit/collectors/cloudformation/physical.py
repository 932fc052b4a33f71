"""What references to resources come to: the names of buckets as far as they are written."""

from typing import TYPE_CHECKING

from s3audit.collectors.cloudformation.template import ResourceNode
from s3audit.collectors.documents.resolved import Missing, Partial
from s3audit.collectors.documents.tree import Scalar, is_null
from s3audit.text import Opaque, Part, Text, text

if TYPE_CHECKING:
    from s3audit.collectors.cloudformation.evaluate import Evaluator

# Every second piece is a value that must be looked up: the name, or a pseudo parameter.
_GENERAL = {
    "": ("", "name", ""),
    "Arn": ("arn:", "AWS::Partition", ":s3:::", "name", ""),
    "DomainName": ("", "name", ".s3.", "AWS::URLSuffix", ""),
    "DualStackDomainName": ("", "name", ".s3.dualstack.", "AWS::Region", ".", "AWS::URLSuffix", ""),
    "RegionalDomainName": ("", "name", ".s3.", "AWS::Region", ".", "AWS::URLSuffix", ""),
}


def _regional(service: str) -> tuple[str, ...]:
    return (
        "arn:",
        "AWS::Partition",
        f":{service}:",
        "AWS::Region",
        ":",
        "AWS::AccountId",
        ":bucket/",
        "name",
        "",
    )


BUCKETS = {
    "AWS::S3::Bucket": ("BucketName", _GENERAL),
    "AWS::S3Express::DirectoryBucket": ("BucketName", {"": ("", "name", ""), "Arn": _regional("s3express")}),
    "AWS::S3Tables::TableBucket": (
        "TableBucketName",
        {"": _regional("s3tables"), "TableBucketARN": _regional("s3tables")},
    ),
    "AWS::S3Vectors::VectorBucket": (
        "VectorBucketName",
        {"": _regional("s3vectors"), "VectorBucketArn": _regional("s3vectors")},
    ),
}
"""The types whose name is one of their properties: that property, and what Ref ("") and GetAtt give."""

# Elsewhere a dot stands between `s3-website` and the region.
_DASHED = frozenset(
    {
        "ap-northeast-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "eu-west-1",
        "sa-east-1",
        "us-east-1",
        "us-gov-west-1",
        "us-west-1",
        "us-west-2",
    }
)

_IDENTITIES = frozenset({"arn", "dnsname", "domainname", "id", "name"})


def reference(evaluator: "Evaluator", resource: ResourceNode, attribute: str) -> tuple[Text, str]:
    """What `Ref` (the attribute "") or `Fn::GetAtt` of a resource gives, and how it came about."""
    known = BUCKETS.get(resource.type)
    if known is None:
        return Text((_opaque(evaluator, resource, attribute),)), ""
    naming, forms = known
    form = forms.get(attribute)
    if form is None and not (attribute == "WebsiteURL" and forms is _GENERAL):
        return Text((_opaque(evaluator, resource, attribute),)), ""
    name, via = _name(evaluator, resource, naming)
    if form is None:
        return text("http://", *name.parts, ".s3-website", *_website(evaluator, resource)), via
    return _composed(evaluator, form, name), via


def name_of(evaluator: "Evaluator", resource: ResourceNode) -> tuple[Text, str] | None:
    """The name of a bucket, partly known or opaque; None for what is no bucket of these types."""
    known = BUCKETS.get(resource.type)
    return None if known is None else _name(evaluator, resource, known[0])


def _name(evaluator: "Evaluator", resource: ResourceNode, naming: str) -> tuple[Text, str]:
    resolved = evaluator.property(resource, naming)
    head, via = resolved.node, resolved.via
    if isinstance(head, Partial):
        return head.text, via
    if isinstance(head, Scalar) and not is_null(head):
        written = evaluator.as_text(head)[0]
        if isinstance(written, Text):
            return written, via
    if not isinstance(head, Missing) or resource.type != "AWS::S3::Bucket":
        return Text((Opaque(resource.logical_id, resource.address),)), via
    return _generated(evaluator, resource), via


def _generated(evaluator: "Evaluator", resource: ResourceNode) -> Text:
    """A name made up by CloudFormation; with a prefix or a namespace of its own it has another form."""
    prefix = evaluator.property(resource, "BucketNamePrefix").node
    namespace = evaluator.property(resource, "BucketNamespace").node
    plain = isinstance(prefix, Missing) and isinstance(namespace, Missing)
    made = Opaque(resource.logical_id, resource.address, generated=plain)
    written = evaluator.as_text(prefix)[0]
    return text(*written.parts, "-", made) if isinstance(written, Text) else Text((made,))


def _composed(evaluator: "Evaluator", form: tuple[str, ...], name: Text) -> Text:
    parts: list[Part] = list(form[:1])
    for place in range(1, len(form), 2):
        value = name if form[place] == "name" else evaluator.pseudo(form[place])
        parts += value.parts
        parts.append(form[place + 1])
    return text(*parts)


def _website(evaluator: "Evaluator", resource: ResourceNode) -> tuple[Part, ...]:
    region = evaluator.pseudo("AWS::Region").literal
    if region is None:  # it also decides on what stands before it
        return (Opaque(f"{evaluator.template.prefix}{resource.logical_id}.WebsiteURL"),)
    return ("-" if region in _DASHED else ".", region, ".", *evaluator.pseudo("AWS::URLSuffix").parts)


def _opaque(evaluator: "Evaluator", resource: ResourceNode, attribute: str) -> Opaque:
    if not attribute:
        return Opaque(resource.logical_id, resource.address if _is_own(resource.type) else "")
    origin = f"{resource.logical_id}.{attribute}"
    if _identifies(resource.type, attribute):
        return Opaque(origin, resource.address)
    return Opaque(evaluator.template.prefix + origin)


def _identifies(kind: str, attribute: str) -> bool:
    """Whether an attribute names this one resource, and not, as SnsTopicArn of a trail does, another one."""
    if not _is_own(kind):
        return False
    lowered = attribute.lower()
    return (
        lowered in _IDENTITIES
        or lowered in {kind.rpartition("::")[2].lower() + suffix for suffix in _IDENTITIES}
        or attribute == "S3CanonicalUserId"
        or (kind == "AWS::EC2::SecurityGroup" and attribute == "GroupId")
    )


def _is_own(kind: str) -> bool:
    """Whether Ref gives a name of the resource itself: that of a bucket policy is the bucket's."""
    if kind.startswith("AWS::S3") and kind.endswith("Policy"):
        return False
    return not kind.startswith("Custom::") and kind != "AWS::CloudFormation::CustomResource"
