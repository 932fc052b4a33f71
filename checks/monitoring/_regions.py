"""What an account has once in each Region: of what is there each is judged, of what is missing the account."""

from collections.abc import Callable

from s3audit.check import LIVE
from s3audit.model.account import Account
from s3audit.model.base import Resource, kind_of
from s3audit.model.estate import Estate
from s3audit.setting import Known, Setting, Unset
from s3audit.text import Text
from s3audit.verdict import Verdict, every, failed, not_applicable, unknown


def missing(
    account: Account, estate: Estate, kind: type[Resource], say: Callable[[str], str], what: str
) -> Verdict:
    """Whether there is one in each Region with buckets; `say` says of a Region that there is none."""
    if account.origin != LIVE:
        return not_applicable(account.at, "what else is in the account is not told")
    number, tag = literal(account.account), kind_of(kind)
    there = {literal(one.region) for one in estate.all(kind) if literal(one.account) == number}
    seen = {one.region for one in estate.listings if (one.kind, one.account) == (tag, number)}
    gaps = [
        unknown(account.at, f"whether {what} in {one.region} is not known: {one.why}")
        for one in estate.not_listed
        if (one.kind, one.account) == (tag, number) and one.region not in seen | there
    ]
    lacking = [failed(account.at, say(region)) for region in sorted(seen - there)]
    return every(
        (*lacking, *gaps), empty=not_applicable(account.at, "what each Region has is judged by itself")
    )


def account_of(resource: Resource, estate: Estate) -> Account | None:
    """The account that a live resource is in, where that was read."""
    number = literal(resource.account)
    return next((one for one in estate.all(Account) if number and literal(one.account) == number), None)


def literal(setting: Setting[Text] | Setting[Text | None]) -> str:
    match setting:
        case Known(Text() as found) | Unset(Text() as found):
            return found.literal or ""
        case _:
            return ""
