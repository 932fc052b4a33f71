"""What the CDK synthesizes: the stacks that an assembly's manifest names, with their account and region."""

import os
from collections.abc import Sequence

import msgspec

from s3audit.collectors.cloudformation.stack import Library, place
from s3audit.collectors.documents.files import File
from s3audit.collectors.documents.tree import Document, Entry, Mapping, Node, Scalar, location
from s3audit.collectors.documents.tree import Sequence as List
from s3audit.problem import Problem

_STACK = "aws:cloudformation:stack"
_ASSEMBLY = "cdk:cloud-assembly"
_ASSETS = "cdk:asset-manifest"
_MANIFEST = "manifest.json"
_ANYWHERE = ("unknown-account", "unknown-region")


class Deployment(msgspec.Struct, frozen=True):
    """A template of an assembly, and the values that go with it."""

    document: Document
    file: File
    given: dict[str, str]
    uploaded: dict[str, str]
    """The paths of the assembly's assets, by the names that they will have in their bucket."""


def deployments(
    manifests: Sequence[tuple[Document, File]], library: Library
) -> tuple[list[Deployment], list[Problem]]:
    """The stacks of these assemblies and of those in them; what is missing keeps no other from being read."""
    reading = _Reading(library)
    for document, file in manifests:
        reading.assembly(document, file)
    return reading.found, reading.problems


class _Reading:
    def __init__(self, library: Library) -> None:
        self.library = library
        self.found: list[Deployment] = []
        self.problems: list[Problem] = []
        self.seen: set[str] = set()

    def say(self, node: Node, file: File, message: str) -> None:
        self.problems.append(Problem(location(node, file.source), "partial", message))

    def assembly(self, document: Document, file: File) -> None:
        """An assembly; one that lies in another is met twice and read once."""
        if place(file) in self.seen:
            return
        self.seen.add(place(file))
        root = document.root
        artifacts = root.get("artifacts") if isinstance(root, Mapping) else None
        if not isinstance(root, Mapping) or not isinstance(artifacts, Mapping):
            if artifacts is not None:
                self.say(
                    artifacts, file, "The artifacts of this manifest are no mapping. Synthesize it again."
                )
            return
        missing = root.entries.get("missing")
        if missing is not None and isinstance(missing.value, List) and missing.value.items:
            said = (
                "This was synthesized without values that are looked up in the account, so its templates hold"
                " placeholders. Run `cdk synth` where the account can be reached."
            )
            self.say(missing.key, file, said)
        uploaded: dict[str, str] = {}
        for entry in artifacts.entries.values():
            if _word(entry.value, "type") == _ASSETS:
                uploaded |= self.assets(entry, file)
        for name, entry in artifacts.entries.items():
            kind = _word(entry.value, "type")
            if kind == _STACK:
                self.stack(name, entry, file, uploaded)
            elif kind == _ASSEMBLY:
                self.nested(name, entry, file)

    def assets(self, entry: Entry, file: File) -> dict[str, str]:
        """Where the files lie that will be uploaded, as nested templates are; templates mostly say it too."""
        found = self.fetched(file, _word(_inner(entry.value, "properties"), "file"))
        documents = [] if found is None else self.library.documents(found)[0]
        files = _inner(documents[0].root, "files") if documents else None
        paths: dict[str, str] = {}
        for asset in files.entries.values() if isinstance(files, Mapping) else ():
            path, targets = _word(_inner(asset.value, "source"), "path"), _inner(asset.value, "destinations")
            for target in targets.entries.values() if isinstance(targets, Mapping) else ():
                paths[_word(target.value, "objectKey").rpartition("/")[2]] = path
        return paths

    def stack(self, name: str, entry: Entry, file: File, uploaded: dict[str, str]) -> None:
        title = _word(entry.value, "displayName") or name
        document = self.document(f"The template of the stack {title}", entry, "templateFile", "", file)
        if document is None:
            return
        if not isinstance(document[0].root, Mapping):
            self.say(entry.key, file, f"The template of the stack {title} is none. Synthesize it again.")
            return
        given = {**_parameters(entry.value), **_environment(entry.value)}
        self.found.append(Deployment(*document, given, uploaded))

    def nested(self, name: str, entry: Entry, file: File) -> None:
        document = self.document(f"The assembly {name}", entry, "directoryName", _MANIFEST, file)
        if document is not None:
            self.assembly(*document)

    def fetched(self, file: File, path: str) -> File | None:
        """The file at a path that starts where another one lies."""
        return self.library.fetch(os.path.dirname(file.path), path) if file.path and path else None

    def document(
        self, what: str, entry: Entry, key: str, within: str, file: File
    ) -> tuple[Document, File] | None:
        """The document at the path that a property of an artifact names."""
        node = _inner(_inner(entry.value, "properties"), key)
        if not isinstance(node, Scalar):
            self.say(entry.key, file, f"{what} is not named by a {key}. Synthesize it again.")
            return None
        found = self.fetched(file, os.path.join(node.value, within))
        if found is None:
            said = f"{what}, {node.value}, is missing or in no scanned folder. Scan the folder of both."
            self.say(node, file, said)
            return None
        documents, troubles = self.library.documents(found)
        self.problems += troubles
        return (documents[0], found) if documents else None


def _inner(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else None


def _word(node: Node | None, key: str) -> str:
    value = _inner(node, key)
    return value.value if isinstance(value, Scalar) else ""


def _environment(artifact: Node) -> dict[str, str]:
    """The account and region of `aws://ACCOUNT/REGION`, where they are decided."""
    scheme, _, rest = _word(artifact, "environment").partition("://")
    account, _, region = rest.partition("/")
    if scheme != "aws":
        return {}
    values = {"AWS::AccountId": account, "AWS::Region": region}
    return {name: value for name, value in values.items() if value and value not in _ANYWHERE}


def _parameters(artifact: Node) -> dict[str, str]:
    """The values of parameters with which the CDK deploys a stack."""
    given = _inner(_inner(artifact, "properties"), "parameters")
    if not isinstance(given, Mapping):
        return {}
    return {
        name: entry.value.value for name, entry in given.entries.items() if isinstance(entry.value, Scalar)
    }
