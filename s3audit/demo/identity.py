"""Who calls, and who one may become."""

from s3audit.demo.answers import Document, Refused
from s3audit.demo.call import Call, Handler
from s3audit.demo.world import REGION

_EXPIRES = "2099-01-01T00:00:00Z"


def _caller(call: Call) -> Document:
    return {"Account": call.who.account, "Arn": call.who.arn, "UserId": "AIDADEMODEMODEMODEMO"}


def _assume(call: Call) -> Document:
    arn, session = call.parameters["RoleArn"], call.parameters["RoleSessionName"]
    account, _, role = arn.partition(":iam::")[2].partition(":role/")
    roles = call.world.accounts[account].roles if account in call.world.accounts else {}
    name = role.rpartition("/")[2]
    if name not in roles or (roles[name] and call.parameters.get("ExternalId") != roles[name]):
        raise Refused(
            "AccessDenied",
            f"User: {call.who.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}",
            403,
        )
    became = f"arn:aws:sts::{account}:assumed-role/{name}/{session}"
    key = call.world.assumed(became, account)
    return {
        "Credentials": {
            "AccessKeyId": key,
            "SecretAccessKey": "demo",
            "SessionToken": call.world.keys[key].token,
            "Expiration": _EXPIRES,
        },
        "AssumedRoleUser": {"AssumedRoleId": f"AROADEMODEMODEMODEMO:{session}", "Arn": became},
    }


def _information(call: Call) -> Document:
    return {"AccountId": call.who.account, "AccountName": f"account {call.who.account}"}


def _list_regions(call: Call) -> Document:
    return {
        "Regions": [{"RegionName": name, "RegionOptStatus": "ENABLED_BY_DEFAULT"} for name in _regions(call)]
    }


def _describe_regions(call: Call) -> Document:
    return {
        "Regions": [{"RegionName": name, "OptInStatus": "opt-in-not-required"} for name in _regions(call)]
    }


def _regions(call: Call) -> list[str]:
    """Those that one of the two calls was told, or else those in use and the one where a world is at home."""
    for operation in ("account:ListRegions", "ec2:DescribeRegions"):
        for told in call.world.told.get(operation, ()):
            if told.is_about({}, call.who.account, call.region) and not told.code:
                return [str(one["RegionName"]) for one in told.document["Regions"]]
    return sorted({REGION, *(bucket.region for bucket in call.world.buckets.values())})


def handlers() -> dict[str, Handler]:
    """By operation."""
    return {"AssumeRole": _assume, "GetCallerIdentity": _caller}


def of_account() -> dict[str, Handler]:
    """By operation, of the service `account`."""
    return {"GetAccountInformation": _information, "ListRegions": _list_regions}


def of_ec2() -> dict[str, Handler]:
    """By operation."""
    return {"DescribeRegions": _describe_regions}
