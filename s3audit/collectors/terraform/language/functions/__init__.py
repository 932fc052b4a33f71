"""The functions of Terraform and OpenTofu, by topic; what a topic needs is loaded when one of its own is called."""

from functools import cache
from importlib import import_module
from typing import Protocol

from s3audit.collectors.documents.resolved import Undecided
from s3audit.collectors.documents.tree import BudgetError, Node
from s3audit.collectors.terraform.language.convert import NotKnown
from s3audit.collectors.terraform.language.functions.common import (
    NO_NULLS,
    Call,
    Function,
    Refused,
    TooLarge,
)
from s3audit.collectors.terraform.language.values import Failed, Primitive, Value, failed, undecided

TOPICS = {
    "cidr": "cidrcontains cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "collections": "chunklist concat distinct element flatten index length matchkeys range reverse slice sort",
    "conversion": "tobool tolist tomap tonumber toset tostring",
    "encoding": "base64decode base64encode base64gunzip base64gzip csvdecode textdecodebase64 textencodebase64"
    " urldecode urlencode",
    "files": "abspath basename dirname file filebase64 filebase64sha256 filebase64sha512 fileexists filemd5"
    " fileset filesha1 filesha256 filesha512 pathexpand templatefile templatestring",
    "formatting": "format formatlist",
    "hashes": "base64sha256 base64sha512 md5 sha1 sha256 sha512 uuidv5",
    "json": "jsondecode jsonencode",
    "maps": "keys lookup merge transpose values zipmap",
    "numeric": "abs ceil floor log max min parseint pow signum sum",
    "patterns": "regex regexall replace",
    "providers": "provider::aws::arn_build provider::aws::arn_parse provider::aws::trim_iam_role_path"
    " provider::terraform::decode_tfvars provider::terraform::encode_expr provider::terraform::encode_tfvars",
    "selection": "alltrue anytrue can coalesce coalescelist compact contains one try",
    "sets": "setintersection setproduct setsubtract setunion",
    "special": "bcrypt ephemeralasnull issensitive nonsensitive plantimestamp rsadecrypt sensitive timestamp uuid",
    "strings": "chomp endswith indent join lower split startswith strcontains strrev substr title trim"
    " trimprefix trimspace trimsuffix upper",
    "times": "formatdate timeadd timecmp",
    "yaml": "yamldecode yamlencode",
}


class Context(Protocol):
    """What functions may ask of the module that calls them."""

    def read(self, path: str, at: Node) -> bytes | Undecided: ...

    def shown(self, path: str) -> str:
        """How reports name a file."""
        ...

    def exists(self, path: str) -> bool | Undecided: ...

    def names(self, folder: str, pattern: str) -> list[str] | Undecided:
        """The files below a folder that a pattern of `fileset` fits."""
        ...

    def render(self, text: str, source: str, variables: dict[str, Value], at: Node) -> Value:
        """A template with these variables and no others."""
        ...


@cache
def _function(name: str) -> Function | None:
    is_core = name.startswith("core::")
    bare = name[len("core::") :] if is_core else name
    for topic, names in TOPICS.items():
        if bare in names.split() and not (is_core and "::" in bare):
            found: Function = import_module(f"{__name__}.{topic}").FUNCTIONS[bare]
            return found
    return None


def call(name: str, arguments: list[Value], at: Node, context: Context) -> Value:
    """The outcome of `name(arguments)`; what is computed gets the place of the call."""
    function = _function(name)
    if function is None:
        what = "is not worked out here" if name.startswith("provider::") else "is not known here"
        return undecided(at, f"the function {name} {what}")
    if not function.least <= len(arguments) <= function.most:
        return _miscounted(name, arguments, at, function)
    nulls = function.nulls
    if nulls >= 0:  # else it has a say in what is refused
        for index, argument in enumerate(arguments):
            if isinstance(argument, Failed):
                return argument
            if index < nulls and isinstance(argument, Primitive) and argument.data is None:
                return failed(at, f"{name}() does not take null here")
    try:
        return function.run(Call(name, arguments, at, context))
    except NotKnown as gap:
        return undecided(at, gap.why)
    except Refused as refusal:
        return failed(at, f"{name}(): {refusal}")
    except (TooLarge, BudgetError, RecursionError):
        return undecided(at, f"what {name}() makes is too large to be worked out")


def _miscounted(name: str, arguments: list[Value], at: Node, function: Function) -> Value:
    least, most = function.least, function.most
    takes = f"{least}"
    if most > least:
        takes += " or more" if most >= NO_NULLS else f" to {most}"
    return failed(at, f"{name}() takes {takes} arguments, not {len(arguments)}")
