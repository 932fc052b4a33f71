"""What a file may be, from its bytes alone: most files of a repository are not for us and are never parsed."""

import re

from s3audit.collectors.documents.reader import encoding

# Source code and prose that hold templates are none. With no name, the content alone decides.
_OTHER_FILES = tuple(
    ".bash .c .cfg .cpp .cs .css .csv .dart .ex .go .graphql .groovy .h .hcl .html .ini .ipynb .java .js .jsx .kt"
    " .less .lock .lua .map .md .mdx .php .pl .ps1 .py .pyi .r .rb .rs .rst .scala .scss .sh .sql .svg .swift .tf"
    " .tfvars .toml .ts .tsx .vue .xml .zsh".split()
)

# What stands above the first key or bracket of the first document.
_PREAMBLE = rb"(?:[ \t]*+(?:#[^\n]*+|%[^\n]*+|---[ \t]*+(?:#[^\n]*+)?|\r)?\n)*+(?:---[ \t]++)?"
# A template has one of these at its root; `<<` may bring them in.
_ROOT = rb"(?:Resources|AWSTemplateFormatVersion|Transform|Fn::Transform|<<)"
_FLOW_KEY = rb"[{,\s](['\"]?)" + _ROOT + rb"\1\s*+:"

# Bytes without which a template neither declares, holds up nor brings in anything about S3: the names themselves,
# the services whose resources a check reads, and all that may put a type into a template that it does not show.
_RELEVANT = (
    rb"S3|s3|[Bb]ucket|Transform|Fn::ForEach|::MODULE"
    rb"|AWS::(?:Backup|CloudFormation|CloudFront|CloudTrail|EC2::VPCEndpoint|IAM|Include|KMS|Organizations|Serverless)"
)


def sniff(data: bytes, name: str = "") -> str | None:
    """ "cloudformation" when it may be a template with anything for us, "cdk" for the manifest of a cloud assembly."""
    if name.lower().endswith(_OTHER_FILES):
        return None
    used, skipped = encoding(data)
    if used != "utf-8":
        data, skipped = data[skipped:].decode(used, "replace").encode("utf-8", "replace"), 0
    if b"Resources" in data or b"AWSTemplateFormatVersion" in data:
        return "cloudformation" if _is_template(data, skipped) else _assembly(data)
    return _assembly(data)


def _is_template(data: bytes, skipped: int) -> bool:
    preamble = re.compile(_PREAMBLE).match(data, skipped)
    start = skipped if preamble is None else preamble.end()
    first = re.compile(rb"\s*+(.?)").match(data, start)
    opening = b"" if first is None else first[1]
    if opening == b"[":
        return False
    if opening in (b"{", b"!", b"&"):
        root = re.compile(_FLOW_KEY).search(data, start)
    else:
        line = data.rfind(b"\n", 0, start if first is None else first.start(1)) + 1
        indent = re.compile(rb"[ ]*+").match(data, max(line, skipped))
        root = re.compile(_block_key(b"" if indent is None else indent[0]), re.MULTILINE).search(data)
    return root is not None and re.search(_RELEVANT, data) is not None


def _block_key(indent: bytes) -> bytes:
    return rb"^(?:\xef\xbb\xbf|---[ \t]++)?" + indent + rb"(?:\?[ \t]++)?(['\"]?)" + _ROOT + rb"\1\s*+(?::|$)"


def _assembly(data: bytes) -> str | None:
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    stacks = b"aws:cloudformation:stack" in data or b"cdk:cloud-assembly" in data
    return "cdk" if stacks and b'"artifacts"' in data and b'"version"' in data else None
