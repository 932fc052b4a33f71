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


# Terraform takes these names as they are; `MAIN.TF` is none of its files.
_MODULE_FILES = (".tf", ".tofu", ".tf.json", ".tofu.json")
_VARIABLE_FILES = (".tfvars", ".tfvars.json")
# It reads these by itself, wherever it runs.
_OWN_VARIABLES = r"(?:^|/)terraform\.tfvars(?:\.json)?$|\.auto\.tfvars(?:\.json)?$"

# With this as the first key, all files of a snapshot begin.
_SNAPSHOT = b'"s3audit_snapshot'

# `terraform plan -out` writes a zip archive, and this first.
_ZIP = b"PK\x03\x04"
_PLAN_IN_ZIP = b"tfplan"

# The keys at the root of a plan and of a state, as some tool may have sorted them.
_FIRST_KEY = (
    rb'\s*+\{\s*+"(?:applyable|backend|check_results|checks|complete|configuration|encrypted_data|encryption_version'
    rb"|errored|format_version|lineage|meta|modules|output_changes|outputs|planned_values|prior_state|provider_config"
    rb"|relevant_attributes|resource_changes|resource_drift|resources|root_module"
    rb'|serial|terraform_version|timestamp|values|variables|version)"\s*+:'
)
_PROVIDER = b"aws_"
# What only the source, as `tofu show -json -config` and `-module=DIR` print it, says of itself.
_CONFIGURATION = (b'"module_calls"', b'"provider_config"', b'"provider_config_key"')
# OpenTofu leaves these readable of what it encrypts.
_ENCRYPTED = (b'"encrypted_data"', b'"encryption_version"')

# `terraform plan -json` prints what it does, an object a line.
_LOG = (
    rb'\s*+\{\s*+"@level"\s*+:[^\n]*?"(?:@module"\s*+:\s*+"(?:terraform|tofu)\.ui"'
    rb'|type"\s*+:\s*+"planned_change"|ui"\s*+:\s*+"\d)'
)

# What a file whose name says nothing needs to count as a module: a block with something for us, at the start of a line.
_HCL = rb'^(?:(?:resource|data)[ \t]++"?aws_\w++"?[ \t]++"?[\w-]++"?|module[ \t]++"[\w-]++")[ \t]*+\{'
_HCL_AS_JSON = rb'[{,]\s*+"(?:resource|data)"\s*+:\s*+[{\[][{\s]*+"aws_\w++"\s*+:'


def sniff(data: bytes, name: str = "", *, named: bool = False) -> str | None:
    """What the file may be.

    - "cloudformation", a template with anything for us, or "cdk", a manifest;
    - "terraform", a file of a module; "terraform-values", one that gives values to the module beside it;
      "terraform-plan" and "terraform-state", as JSON with anything for us;
    - "snapshot", what a live scan has kept;
    - "terraform-variables", "terraform-binary", "terraform-configuration" and "terraform-log", values, a saved plan,
      an outline of the source and what is printed while a plan is made, which can't be judged by themselves.

    Of a file that the user named the content decides, but for the names that Terraform gives a meaning.
    """
    if name.endswith(_MODULE_FILES):
        return "terraform"
    if name.endswith(_VARIABLE_FILES):
        return "terraform-values" if re.search(_OWN_VARIABLES, name) else "terraform-variables"
    other = name.lower().endswith(_OTHER_FILES)
    if other and not named:
        return None
    if _SNAPSHOT in data[:32]:
        return "snapshot"
    if data.startswith(_ZIP):
        return "terraform-binary" if data.startswith(_PLAN_IN_ZIP, 30) else None
    used, mark = encoding(data)
    if used != "utf-8":
        data, mark = decode(data).encode("utf-8", "replace"), 0
    if kind := _terraform_json(data, mark, named=named):
        return kind
    # Without resources of its own a template is small, and at most its transform is of interest.
    may_be_template = b"Resources" in data or b"AWSTemplateFormatVersion" in data[:16_384]
    if may_be_template and _is_template(data[mark:].replace(b"\r", b"\n")):
        return "cloudformation"
    if _is_assembly(data[mark:]):
        return "cdk"
    if not other and (named or not name) and _is_module(data[mark:]):
        return "terraform"
    return None


def _terraform_json(data: bytes, start: int, *, named: bool) -> str | None:
    """Whether it is a plan, a state or a log; searched for its keys, as it may be as large as they get.

    One that is named is read whatever it holds, as it may be spoilt.
    """
    first = re.compile(_FIRST_KEY).match(data, start)
    if first is None:
        return "terraform-log" if re.compile(_LOG).match(data, start) else None
    # A plan has these near its beginning, so that not all of it is searched.
    # No text of the file holds a quote that is not escaped, so these are keys.
    is_plan = b'"format_version"' in data and (b'"planned_values"' in data or b'"resource_changes"' in data)
    is_ours = named or _PROVIDER in data
    if is_plan and is_ours:
        return "terraform-plan"
    if all(key in data for key in _ENCRYPTED):
        return "terraform-state"
    if not is_ours:
        return None
    if (
        b'"root_module"' in data
        and b'"sensitive_values"' not in data
        and any(key in data for key in _CONFIGURATION)
    ):
        return "terraform-configuration"
    if b'"format_version"' in data and b'"terraform_version"' in data:
        return "terraform-state" if b'"values"' in data else None
    if (
        b'"terraform_version"' in data
        and b'"resources"' in data
        and (b'"lineage"' in data or b'"serial"' in data)
    ):
        return "terraform-state"
    return None


def _is_module(data: bytes) -> bool:
    if _PROVIDER not in data and b"module" not in data:
        return False
    pattern = _HCL_AS_JSON if data.lstrip().startswith(b"{") else _HCL
    return re.search(pattern, data, re.MULTILINE) is not None


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
