"""The organization above the account: its members with their places in it, and the policies that bind them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from s3audit.collectors.live.answers import Answer, Gone, Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.nodes import Call, node
from s3audit.collectors.live.operations import entry
from s3audit.collectors.live.operations import organization as operations
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Read, Scope, filled
from s3audit.collectors.live.tables.organization import ORGANIZATION
from s3audit.model.estate import Listing, Unlisted

_TYPES = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "S3_POLICY")
_UNIT = ("r-", "ou-")


class Organizations(msgspec.Struct, frozen=True):
    need: str = "organization"
    scope: Scope = "account"

    def read(self, asker: Asker, place: Place, region: str) -> Read:
        listing = Listing("organization", place.account, "")
        match asker.ask(operations.ORGANIZATION, place.account, {}, place.home):
            case Told(document):
                item = document["Organization"]
            case Unseen(why=why):
                return Read(unlisted=(Unlisted("organization", place.account, "", why),))
            case _:
                return Read(listings=(listing,))
        arn = str(item["Arn"])
        delegates = asker.ask(operations.DELEGATES, arn, {}, place.home)
        answers = [
            (operations.DELEGATES, delegates),
            (entry.ACCOUNTS, _members(asker, place, arn)),
            (operations.POLICIES, _policies(asker, place, arn)),
        ]
        made = filled(
            ORGANIZATION, arn, item, operations.ORGANIZATION, answers, place, "", title=str(item["Id"])
        )
        return Read((made,), (listing,))


ORGANIZATION_READER = Organizations()


def _members(asker: Asker, place: Place, arn: str) -> Answer:
    """The accounts, each with its path: as the listing tells it, or else found on the way down from the root."""
    listed = asker.ask(entry.ACCOUNTS, arn, {}, place.home)
    if not isinstance(listed, Told):
        return listed
    accounts = listed.document.get("Accounts") or ()
    if all(len(one.get("Paths") or ()) == 1 for one in accounts):
        told = [{**one, "Path": _units(one["Paths"][0])} for one in accounts]
        return Told({"Accounts": told})
    paths, gap = _tree(asker, place, arn)
    call = Call(operations.ACCOUNTS_OF_PARENT.id)
    lost = gap or Unseen("unexpected", f"{operations.ACCOUNTS_OF_PARENT.id} did not show the account")
    told = [{**one, "Path": node(paths.get(str(one["Id"]), lost), call)} for one in accounts]
    return Told({"Accounts": told})


def _units(path: str) -> list[str]:
    """`o-1/r-1/ou-1/123456789012/` without what is no unit."""
    return [piece for piece in path.split("/") if piece.startswith(_UNIT)]


def _tree(asker: Asker, place: Place, arn: str) -> tuple[dict[str, list[str]], Unseen | None]:
    """The way down to each account, and why there may be accounts that were not found."""
    paths: dict[str, list[str]] = {}
    gap: Unseen | None = None

    def ask(operation: Any, parameters: Mapping[str, str], items: str) -> list[Mapping[str, Any]]:
        nonlocal gap
        answer = asker.ask(operation, arn, parameters, place.home)
        if isinstance(answer, Unseen):
            gap = gap or answer
        return list(answer.document[items]) if isinstance(answer, Told) else []

    ways = [[str(root["Id"])] for root in ask(operations.ROOTS, {}, "Roots")]
    while ways:
        way = ways.pop()
        parent = {"ParentId": way[-1]}
        for account in ask(operations.ACCOUNTS_OF_PARENT, parent, "Accounts"):
            paths[str(account["Id"])] = way
        units = ask(operations.UNITS, parent, "OrganizationalUnits")
        ways.extend([*way, str(unit["Id"])] for unit in units)
    return paths, gap


def _policies(asker: Asker, place: Place, arn: str) -> Answer:
    """Those of every type that bears on S3; where one type is not told, there may be more."""
    found: list[Any] = []
    gaps: list[Unseen] = []
    for kind in _TYPES:
        answer = asker.ask(operations.POLICIES, f"{arn} {kind}", {"Filter": kind}, place.home)
        match answer:
            case Told(document):
                made = [_policy(asker, place, item) for item in document["Policies"]]
                found.extend(one for one in made if one is not None)
            case Unseen():
                gaps.append(answer)
            case _:
                continue
    return gaps[0] if len(gaps) == len(_TYPES) else Told({"Policies": [*found, *gaps]})


def _policy(asker: Asker, place: Place, item: Mapping[str, Any]) -> Mapping[str, Any] | None:
    about, asked = str(item["Arn"]), {"PolicyId": item["Id"]}
    policy = asker.ask(operations.POLICY, about, asked, place.home)
    targets = asker.ask(operations.POLICY_TARGETS, about, asked, place.home)
    if isinstance(policy, Gone) or isinstance(targets, Gone):
        return None
    says = policy.document["Policy"].get("Content") if isinstance(policy, Told) else policy
    bound = [one["TargetId"] for one in targets.document["Targets"]] if isinstance(targets, Told) else targets
    return {
        **item,
        "Document": node(says, Call(operations.POLICY.id)),
        "Targets": node(bound, Call(operations.POLICY_TARGETS.id)),
    }
