"""What names in AWS tell by their form."""

import re

_ACCOUNT = re.compile(r"[0-9]{12}")


def is_account(text: str) -> bool:
    return _ACCOUNT.fullmatch(text) is not None


def partition_of(arn: str) -> str:
    """`aws`, `aws-cn`; empty where it is no ARN."""
    fields = arn.split(":", 5)
    return fields[1] if len(fields) == 6 and fields[0] == "arn" else ""


def region_of(arn: str) -> str:
    fields = arn.split(":", 5)
    return fields[3] if len(fields) == 6 and fields[0] == "arn" else ""
