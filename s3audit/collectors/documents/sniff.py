"""What a file may be, from its bytes alone: most files of a repository are not for us, and never parsed."""

import re

from s3audit.collectors.documents.reader import decode, encoding

# Source code and prose that hold templates are none. With no name, the content alone decides.
# fmt: off
_OTHER_FILES = (
    ".cs", ".css", ".go", ".hcl", ".html", ".ipynb", ".java", ".js", ".jsx", ".kt", ".md", ".mdx", ".php",
    ".py", ".rb", ".rs", ".rst", ".scala", ".sh", ".sql", ".svg", ".tf", ".toml", ".ts", ".tsx", ".xml",
)
# fmt: on

# What stands above the first key or bracket of the first document.
_PREAMBLE = rb"(?:[ \t]*+(?:#[^\n]*+|%[^\n]*+|---[ \t]*+(?:#[^\n]*+)?)?\n)*+(?:---[ \t]++)?"
# A template has one of these at its root; `<<` may bring them in.
_ROOT = rb"(?:Resources|AWSTemplateFormatVersion|Transform|Fn::Transform|<<)"
_BLOCK_KEY = rb"(?:[?&!]\S*+[ \t]++)*+(['\"]?)" + _ROOT + rb"\1\s*+(?::|$)"
_LATER_FLOW = rb"^---\s*+[{!&]"
_FLOW_KEY = rb"[{,\s](['\"]?)" + _ROOT + rb"\1\s*+:"

# A template with none of these neither declares nor brings in anything about S3: the names themselves,
# the services whose resources a check reads, and all that may put a type into a template unseen.
_RELEVANT = (
    b"S3",
    b"s3",
    b"ucket",
    b"Transform",
    b"ForEach",
    b"::MODULE",
    b"AWS::Backup",
    b"AWS::CloudFormation",
    b"AWS::CloudFront",
    b"AWS::CloudTrail",
    b"AWS::EC2::VPCEndpoint",
    b"AWS::IAM",
    b"AWS::Include",
    b"AWS::KMS",
    b"AWS::Organizations",
    b"AWS::Serverless",
)


def sniff(data: bytes, name: str = "") -> str | None:
    """What the file may be: "cloudformation", a template with anything for us, or "cdk", a manifest."""
    if name.lower().endswith(_OTHER_FILES):
        return None
    used, mark = encoding(data)
    if used != "utf-8":
        data, mark = decode(data).encode("utf-8", "replace"), 0
    # Without resources of its own a template is small, and at most its transform is of interest.
    may_be_template = b"Resources" in data or b"AWSTemplateFormatVersion" in data[:16_384]
    if may_be_template and _is_template(data[mark:].replace(b"\r", b"\n")):
        return "cloudformation"
    return "cdk" if _is_assembly(data[mark:]) else None


def _is_template(data: bytes) -> bool:
    preamble = re.compile(_PREAMBLE).match(data)
    start = 0 if preamble is None else preamble.end()
    indented = re.compile(rb"([ \t]*+)(.?)").match(data, start)
    indent, opening = (b"", b"") if indented is None else indented.groups()
    if opening == b"[":
        return False
    if not any(word in data for word in _RELEVANT):
        return False
    in_line = opening in (b"{", b"!", b"&") or re.search(_LATER_FLOW, data, re.MULTILINE)
    return re.search(_FLOW_KEY if in_line else rb"^" + indent + _BLOCK_KEY, data, re.MULTILINE) is not None


def _is_assembly(data: bytes) -> bool:
    # The CDK writes the version and then the artifacts.
    head = data[:4096]
    if b'"artifacts"' not in head or not head.lstrip().startswith(b"{") or b'"version"' not in data:
        return False
    return b"aws:cloudformation:stack" in data or b"cdk:cloud-assembly" in data
