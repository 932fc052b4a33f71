"""Policies of a configuration as the checks read them."""

from typing import NamedTuple, TypeVar

from s3audit.collectors.documents.policy import PolicyReader
from s3audit.location import Location
from s3audit.model.document import Value
from s3audit.policy import language
from s3audit.policy.language import Policy, Statement
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text
from tests.terraform.folder import Folder

T = TypeVar("T")


class Place(NamedTuple):
    """Where something stands, and what is written there."""

    line: int
    column: int
    written: str
    source: str = "main.tf"


def document_of(folder: Folder, expression: str) -> Value:
    """The document that an expression of the root module comes to."""
    node = folder.evaluator.resolve(folder.value(expression)).node
    return PolicyReader("main.tf", folder.evaluator).read(node, Location("main.tf", "policy"))


def policy_of(folder: Folder, expression: str) -> Policy:
    return language.read(document_of(folder, expression))


def statements_of(policy: Policy) -> list[Statement | str]:
    """Its statements, or why one of them is not known."""
    if isinstance(policy.statements, Unset):
        return []
    return [one.why if isinstance(one, Unknown) else value_of(one) for one in value_of(policy.statements)]


def only(folder: Folder, expression: str) -> Statement:
    """The one statement of a policy."""
    (statement,) = statements_of(policy_of(folder, expression))
    assert isinstance(statement, Statement), statement
    return statement


def value_of(setting: Setting[T]) -> T:
    assert isinstance(setting, Known), setting
    return setting.value


def place(folder: Folder, at: Location) -> Place:
    """A location with what it points to in its file."""
    rows = folder.texts[at.source].split("\n")
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
