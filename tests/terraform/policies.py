"""Policies of a configuration as the checks read them."""

import json
from typing import NamedTuple, TypeVar

from s3audit.collectors.documents.json_reader import read_json
from s3audit.collectors.documents.policy import PolicyReader
from s3audit.collectors.documents.resolved import Encoded, Resolved
from s3audit.collectors.documents.tree import Node, Scalar
from s3audit.collectors.terraform.language.values import Value, undecided
from s3audit.collectors.terraform.policies.document import document
from s3audit.location import Location
from s3audit.model import document as model
from s3audit.policy import language
from s3audit.policy.language import Policy, Statement
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text
from tests.terraform.folder import Folder

T = TypeVar("T")

JSON = "data.aws_iam_policy_document.it.json"
UNKNOWN = 'variable "names" { type = list(string) }\nvariable "word" { type = string }\n'
NAMES = "variable `names` has no default; pass --var-file"
GAP = "(unknown)"


class Literal:
    """Resolves nothing: the arguments are literal, or gaps."""

    def resolve(self, node: Node) -> Resolved:
        is_gap = isinstance(node, Scalar) and node.value == GAP
        return Resolved(undecided(node, "it is left out here") if is_gap else node)


def made(arguments: object, *, minified: bool = False) -> Value:
    """The document of arguments that are plain JSON."""
    (read,), problems = read_json(json.dumps(arguments), "x.json")
    assert read.root is not None
    assert problems == []
    return document(read.root, read.root, Literal(), "it.json", minified=minified)


def text_of(value: Value) -> str:
    assert isinstance(value, Encoded), getattr(value, "why", value)
    return str(value.text)


def folder(block: str, before: str = "", **files: str) -> Folder:
    """A module with the data source of this block."""
    return Folder({"main.tf": f'{before}data "aws_iam_policy_document" "it" {{\n{block}\n}}\n', **files})


class Place(NamedTuple):
    """Where something stands, and what is written there."""

    line: int
    column: int
    written: str
    source: str = "main.tf"


def document_of(found: Folder, expression: str) -> model.Value:
    """The document that an expression of the root module comes to."""
    node = found.evaluator.resolve(found.value(expression)).node
    return PolicyReader("main.tf", found.evaluator).read(node, Location("main.tf", "policy"))


def policy_of(found: Folder, expression: str) -> Policy:
    return language.read(document_of(found, expression))


def statements_of(policy: Policy) -> list[Statement | str]:
    """Its statements, or why one of them is not known."""
    if isinstance(policy.statements, Unset):
        return []
    return [one.why if isinstance(one, Unknown) else value_of(one) for one in value_of(policy.statements)]


def only(found: Folder, expression: str) -> Statement:
    """The one statement of a policy."""
    (statement,) = statements_of(policy_of(found, expression))
    assert isinstance(statement, Statement), statement
    return statement


def value_of(setting: Setting[T]) -> T:
    assert isinstance(setting, Known), setting
    return setting.value


def place(found: Folder, at: Location) -> Place:
    """A location with what it points to in its file."""
    rows = found.texts[at.source].split("\n")
    end = at.end_column - 1 if at.line == at.end_line else None
    return Place(at.line, at.column, rows[at.line - 1][at.column - 1 : end], at.source)


def words(listed: Setting[tuple[Setting[Text], ...]]) -> list[str]:
    """The texts of a list, with `?` for one that is not known."""
    match listed:
        case Unknown(why):
            return [f"? {why}"]
        case Unset():
            return []
        case Known(items):
            return [f"? {one.why}" if isinstance(one, Unknown) else str(value_of(one)) for one in items]
