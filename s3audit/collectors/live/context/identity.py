"""IAM: one role that something refers to, and one managed policy."""

from typing import Any

from s3audit.collectors.live.answers import Absent, Answer, Gone, Told
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.context.found import existence, missing
from s3audit.collectors.live.nodes import Call, node
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.operations import identity as operations
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import filled
from s3audit.collectors.live.tables.identity import MANAGED_POLICY, ROLE
from s3audit.model.base import Resource
from s3audit.model.identity import ManagedPolicy, Role
from s3audit.setting import Known
from s3audit.text import Text


def read_role(asker: Asker, place: Place, arn: str) -> Resource:
    """The role of an ARN, with its own policies."""
    name = arn.rpartition("/")[2]
    asked = {"RoleName": name}
    role = asker.ask(operations.ROLE, arn, asked, place.home)
    if isinstance(role, Absent):
        return missing(Role, arn, operations.ROLE)
    listed = asker.ask(operations.ROLE_POLICIES, arn, asked, place.home)
    if isinstance(listed, Told):
        own = [_own_policy(asker, place, arn, name, one) for one in listed.document["PolicyNames"]]
        listed = Told({"Policies": [one for one in own if one is not None]})
    attached = asker.ask(operations.ATTACHED_POLICIES, arn, asked, place.home)
    answers: list[tuple[Operation, Answer]] = [
        (operations.ROLE, role),
        (operations.ROLE_POLICIES, listed),
        (operations.ATTACHED_POLICIES, attached),
    ]
    if any(isinstance(answer, Gone) for _, answer in answers):
        return missing(Role, arn, operations.ROLE)
    exists = existence(arn, answers)
    return filled(ROLE, arn, {}, operations.ROLE, answers, place, "", title=name, exists=exists)


def _own_policy(asker: Asker, place: Place, arn: str, role: str, name: str) -> Any:
    """A policy of the role itself; None where it is no more."""
    operation = operations.ROLE_POLICY
    answer = asker.ask(operation, arn, {"RoleName": role, "PolicyName": name}, place.home)
    if isinstance(answer, Gone):
        return None
    says = answer.document["PolicyDocument"] if isinstance(answer, Told) else answer
    return {"PolicyName": name, "PolicyDocument": node(says, Call(operation.id))}


def read_managed_policy(asker: Asker, place: Place, arn: str) -> Resource:
    """A managed policy, as its default version has it."""
    policy = asker.ask(operations.MANAGED_POLICY, arn, {"PolicyArn": arn}, place.home)
    if isinstance(policy, Absent):
        return missing(ManagedPolicy, arn, operations.MANAGED_POLICY)
    version: Answer = policy
    if isinstance(policy, Told):
        asked = {"PolicyArn": arn, "VersionId": policy.document["Policy"]["DefaultVersionId"]}
        version = asker.ask(operations.POLICY_VERSION, arn, asked, place.home)
    if isinstance(version, Gone):
        return missing(ManagedPolicy, arn, operations.POLICY_VERSION)
    answers: list[tuple[Operation, Answer]] = [
        (operations.MANAGED_POLICY, policy),
        (operations.POLICY_VERSION, version),
    ]
    exists = existence(arn, answers)
    return filled(
        MANAGED_POLICY,
        arn,
        {},
        operations.MANAGED_POLICY,
        answers,
        place,
        "",
        title=arn.rpartition("/")[2],
        # Those of AWS are `aws`.
        account=Known(Text((arn.split(":")[4],)), exists.at),
        exists=exists,
    )
