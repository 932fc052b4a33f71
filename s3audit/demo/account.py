"""The account of `s3audit demo`: a small shop, with the faults that small shops have."""

from s3audit.demo.account_buckets import ACCOUNT, BUCKETS, MAIN, SECOND
from s3audit.demo.account_neighbours import ACCESS_POINT, ACCESS_POINT_POLICY, ACCOUNT_BLOCK, ANSWERS
from s3audit.demo.faults import denied
from s3audit.demo.putting import put
from s3audit.demo.world import World

DENIED = "hazelwick-payroll"
"""The bucket whose policy keeps auditors from two of its configurations."""


def world() -> World:
    """All of it."""
    made = World(ACCOUNT)
    for name, one in BUCKETS.items():
        made.bucket(name, one.region, ACCOUNT, is_old=one.is_old, created=one.created)
        for call, parameters in one.puts.items():
            put(made, f"s3:{call}", {"Bucket": name, **parameters})
    put(made, "s3control:PutPublicAccessBlock", {"AccountId": ACCOUNT, **ACCOUNT_BLOCK}, MAIN)
    put(made, "s3control:CreateAccessPoint", {"AccountId": ACCOUNT, **ACCESS_POINT}, MAIN)
    policy = {"Name": ACCESS_POINT["Name"], "Policy": ACCESS_POINT_POLICY}
    put(made, "s3control:PutAccessPointPolicy", {"AccountId": ACCOUNT, **policy}, MAIN)
    for answer in ANSWERS:
        made.tell(answer.operation, answer.document, answer.when, region=answer.region)
    for operation in ("s3:GetBucketPolicy", "s3:GetBucketEncryption"):
        made.faults.add(denied("resource"), operation, about=DENIED)
    return made


REGIONS = (MAIN, SECOND)
