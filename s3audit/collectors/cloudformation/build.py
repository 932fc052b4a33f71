"""Builds the estate of a stack: each resource we read, under one assignment of its parameters."""

from functools import partial
from typing import Any

import msgspec

from s3audit.collectors.cloudformation.evaluate import Evaluator
from s3audit.collectors.cloudformation.physical import name_of
from s3audit.collectors.cloudformation.stack import NESTED, Evaluation
from s3audit.collectors.cloudformation.tables import shape_for
from s3audit.collectors.cloudformation.template import ResourceNode
from s3audit.collectors.cloudformation.unseen import (
    Unseen,
    hidden,
    unread_declarations,
    unread_stack,
    with_gaps,
)
from s3audit.collectors.documents import tree
from s3audit.collectors.documents.attach import IDENTITIES, Attached, attach
from s3audit.collectors.documents.fill import NOT_WRITTEN, Filler
from s3audit.collectors.documents.resolved import Missing, Undecided
from s3audit.collectors.documents.shape import Shape, absent, flag, word
from s3audit.collectors.documents.spots import Absent, Gap, Spot
from s3audit.collectors.documents.tree import Scalar, location
from s3audit.location import NOWHERE, Location
from s3audit.model.base import Resource, kind_of
from s3audit.model.bucket import Bucket, Logging, Removal
from s3audit.model.estate import Estate, Group
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Opaque, Text
from s3audit.verdict import Status

ORIGIN = "cloudformation"

_THERE = Known(True, NOWHERE)
_LOCK = flag("ObjectLockConfiguration.ObjectLockEnabled")
_REMOVAL = Shape(
    Removal,
    {
        "force_destroy": absent(),
        "deletion_policy": word("DeletionPolicy"),
        "update_replace_policy": word("UpdateReplacePolicy"),
        "prevent_destroy": absent(),
    },
)


class _Declared(msgspec.Struct, frozen=True):
    """A resource that is there, or may be, as it is written."""

    evaluator: Evaluator
    node: ResourceNode
    shape: Shape
    exists: Setting[bool]


class _Group:
    """What is declared of one kind: the resources themselves, and what is attached to them from elsewhere."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.own: list[_Declared] = []
        self.attached: list[_Declared] = []

    def make(self) -> list[Resource]:
        own = [_resource(one) for one in self.own]
        attached = (
            Attached(one.node.address, one.node.logical_id, one.exists, _section(one))
            for one in self.attached
        )
        return attach(self.kind, own, attached, ORIGIN)


class _Plan:
    """What a stack and the stacks in it declare, by kind and not yet evaluated."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.groups: dict[str, _Group] = {}
        self.evaluators: list[Evaluator] = []
        self.unseen: list[Unseen] = []
        self.gaps: dict[str, Unknown] = {}
        self._sort(evaluation, _THERE)

    def _sort(self, evaluation: Evaluation, around: Setting[bool]) -> None:
        evaluator = evaluation.evaluator
        self.evaluators.append(evaluator)
        template = evaluation.stack.template
        self.unseen.extend(hidden(evaluator))
        for node in template.resources.values():
            child = evaluation.child(node.logical_id)
            shape = None if child else shape_for(node.type)
            if child is None and shape is None and node.type not in NESTED:
                if node.type.endswith("::MODULE") or node.type == "AWS::CloudFormation::StackSet":
                    self.unseen.extend(unread_declarations(evaluator, node))
                continue
            exists = _existence(evaluator, node, template.source, around)
            if isinstance(exists, Known) and exists.value is False:
                continue
            if child is not None:
                self._sort(child, exists)
            elif shape is None:
                self.unseen.append(unread_stack(evaluator, node))
            else:
                self._declare(_Declared(evaluator, node, shape, exists))

    def _declare(self, declared: _Declared) -> None:
        is_own = issubclass(declared.shape.section, Resource)
        for kind in _kinds(declared.shape):
            group = self.groups.setdefault(kind, _Group(kind))
            (group.own if is_own else group.attached).append(declared)

    def make(self, group: _Group) -> list[Resource]:
        made = group.make()
        return with_gaps(made, self.unseen, self.gaps) if self.unseen else made


def estate_of(evaluation: Evaluation) -> Estate:
    """All that a stack and the stacks in it declare; each kind is evaluated when it is asked for."""
    plan = _Plan(evaluation)
    sources = dict.fromkeys((evaluator.template.source for evaluator in plan.evaluators), 0)
    for group in plan.groups.values():
        for one in group.own:
            sources[one.evaluator.template.source] += 1
    return Estate(
        groups={kind: Group(len(one.own), partial(plan.make, one)) for kind, one in plan.groups.items()},
        sources=sources,
        gaps=plan.gaps,
        problems=lambda: (problem for evaluator in plan.evaluators for problem in evaluator.problems),
    )


def _kinds(shape: Shape) -> tuple[str, ...]:
    """The kinds of resource that a declaration makes or adds to."""
    if issubclass(shape.section, Resource):
        return (kind_of(shape.section),)
    kind = shape.constants.get("kind")
    return IDENTITIES if kind is None else (str(kind),)


def _existence(evaluator: Evaluator, node: ResourceNode, source: str, around: Setting[bool]) -> Setting[bool]:
    """Whether a resource is created, given whether the stack around it is."""
    if node.condition is None:
        return around
    answer = evaluator.exists(node)
    at = location(node.key, source, node.address)
    if answer.status is Status.FAIL:
        return Known(False, at, answer.via)
    if isinstance(around, Unknown):
        return around
    if answer.status is Status.UNKNOWN:
        return Unknown(answer.why, at)
    return Known(True, at, answer.via or (around.via if isinstance(around, Known) else ""))


def _section(one: _Declared, **given: object) -> Any:
    at = location(one.node.key, one.evaluator.template.source, one.node.address)
    filler = Filler(at.source, one.evaluator)
    return filler.section(one.shape, _properties(one.evaluator, one.node, at), at, **given)


def _resource(one: _Declared) -> Resource:
    node = one.node
    made: Resource = _section(
        one, address=node.address, origin=ORIGIN, exists=one.exists, title=title_of(node)
    )
    if kind_of(type(made)) in _AT_HOME:
        made = _at_home(made, one.evaluator)
    if isinstance(made, Bucket):
        return _bucket(made, node, one.evaluator)
    match getattr(made, "name", None):
        case Unknown(why, at) if why == NOT_WRITTEN:
            return msgspec.structs.replace(made, name=Known(_generated(node), at))
        case _:
            return made


_AT_HOME = frozenset(
    {
        *("access-point", "multi-region-access-point", "object-lambda-access-point"),
        *("bucket", "event-data-store", "function", "kms-key", "storage-lens", "trail"),
    }
)
"""Kinds of which the account and the Region matter."""


def _at_home(made: Resource, evaluator: Evaluator) -> Any:
    """What is in the Region and the account of its stack."""
    region, account = (Known(evaluator.pseudo(f"AWS::{name}"), made.at) for name in ("Region", "AccountId"))
    return msgspec.structs.replace(made, region=region, account=account)


def _generated(node: ResourceNode) -> Text:
    """A name that CloudFormation makes up."""
    return Text((Opaque(node.logical_id, resource=node.address, generated=True),))


def _properties(evaluator: Evaluator, node: ResourceNode, at: Location) -> Spot | Absent | Gap:
    """What stands under a resource's Properties; its header stands for what is not written."""
    if evaluator.template.macros:
        names = ", ".join(evaluator.template.macros)
        return Gap(f"the macro {names} may rewrite it", at)
    if node.properties is None:
        return Spot(tree.Mapping(node.key.start, node.key.end, node.key.lines, "", {}), at)
    known = evaluator.resolve(node.properties)
    resolved, via = known.node, known.via
    if isinstance(resolved, Undecided):
        return Gap(resolved.why, at)
    if isinstance(resolved, Missing):
        resolved = tree.Mapping(node.key.start, node.key.end, node.key.lines, "", {})
    where = msgspec.structs.replace(at, address=f"{node.address}.Properties")
    return Spot(resolved, where, via)


def title_of(node: ResourceNode) -> str:
    """What its author calls a resource: the CDK construct path where there is one, else the logical id."""
    if isinstance(node.metadata, tree.Mapping):
        path = node.metadata.get("aws:cdk:path")
        if isinstance(path, Scalar):
            return path.value.removesuffix("/Resource")
    return node.logical_id


def _bucket(bucket: Bucket, node: ResourceNode, evaluator: Evaluator) -> Bucket:
    """What no table can say of CloudFormation's buckets: names that are made up, and logs without a target."""
    filler = Filler(bucket.at.source, evaluator)
    bucket = _locked(filler, bucket, node)
    removal = filler.section(_REMOVAL, Spot(node.node, bucket.at), bucket.at)
    bucket = msgspec.structs.replace(bucket, removal=removal)
    if (named := name_of(evaluator, node)) is not None:
        at = bucket.name.at if isinstance(bucket.name, Known) else bucket.at
        bucket = msgspec.structs.replace(bucket, name=Known(named[0], at, named[1]))
    match bucket.logging:
        case Known(Logging() as logging, at, via) if isinstance(bucket.name, Known):
            if not _logs_elsewhere(evaluator, node):
                to_itself = msgspec.structs.replace(logging, target=Known(bucket.name.value, at, via))
                bucket = msgspec.structs.replace(bucket, logging=Known(to_itself, at, via))
        case _:
            pass
    return bucket


def _locked(filler: Filler, bucket: Bucket, node: ResourceNode) -> Bucket:
    """Object Lock is on when either of the two places that may say so does."""
    match bucket.object_lock.enabled, node.properties:
        case Known(False), tree.Mapping() as properties:
            spot = Spot(properties, bucket.object_lock.at)
            if isinstance(filler.find(spot, _LOCK.path)[0], Absent):
                return bucket
            enabled = filler.field(_LOCK, spot, None)
            lock = msgspec.structs.replace(bucket.object_lock, enabled=enabled, at_creation=enabled)
            return msgspec.structs.replace(bucket, object_lock=lock)
        case _:
            return bucket


def _logs_elsewhere(evaluator: Evaluator, node: ResourceNode) -> bool:
    """Whether a destination is written; without one, CloudFormation stores the logs in the bucket itself."""
    body = evaluator.property(node, "LoggingConfiguration").node
    entry = body.entries.get("DestinationBucketName") if isinstance(body, tree.Mapping) else None
    return entry is not None and not isinstance(evaluator.resolve(entry.value).node, Missing)
