"""The calls about an account as a whole, and those that list its buckets."""

from msgspec.structs import replace

from s3audit.collectors.live.offered import NOT_OFFERED
from s3audit.collectors.live.operations.base import Operation, Pages

_MOST_BUCKETS = 1_000
"""Of one page; without a number in the request S3 does not say where a bucket is."""

LIST_BUCKETS = Operation(
    service="s3",
    name="ListBuckets",
    action="s3:ListAllMyBuckets",
    tells="the buckets and their Regions",
    root=("ListAllMyBucketsResult",),
    pages=Pages(("Buckets",), "ContinuationToken", "ContinuationToken", ("MaxBuckets", _MOST_BUCKETS)),
)
OWNER = replace(LIST_BUCKETS, tells="the canonical id of the account", pages=None)
LIST_DIRECTORY_BUCKETS = Operation(
    service="s3",
    name="ListDirectoryBuckets",
    action="s3express:ListAllMyDirectoryBuckets",
    tells="the directory buckets",
    root=("ListAllMyDirectoryBucketsResult",),
    no_such=(NOT_OFFERED,),
    pages=Pages(
        ("Buckets",), "ContinuationToken", "ContinuationToken", ("MaxDirectoryBuckets", _MOST_BUCKETS)
    ),
)
HEAD_BUCKET = Operation(
    service="s3",
    name="HeadBucket",
    action="s3:ListBucket",
    tells="whether a bucket that is named and not listed is there, and where",
    resource="arn:{partition}:s3:::*",
    # There is no body, so the status is the code.
    gone=("404", "NoSuchBucket"),
)
# The buckets of others refuse, or are elsewhere: either says that there is one.
PREDICTABLE = replace(HEAD_BUCKET, no_such=("301", "403", "AccessDenied", "PermanentRedirect"))
ACCOUNT_PUBLIC_ACCESS_BLOCK = Operation(
    service="s3control",
    name="GetPublicAccessBlock",
    action="s3:GetAccountPublicAccessBlock",
    tells="Block Public Access of the account, as it is in force",
    root=("PublicAccessBlockConfiguration",),
    absent=("NoSuchPublicAccessBlockConfiguration",),
    means={
        "PublicAccessBlockConfiguration": dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
        )
    },
)
NAME = Operation(
    service="account",
    name="GetAccountInformation",
    action="account:GetAccountInformation",
    tells="the name of the account",
    has=("AccountId",),
)
REGIONS = Operation(
    service="account",
    name="ListRegions",
    action="account:ListRegions",
    tells="the Regions that the account has enabled",
    has=("Regions",),
    pages=Pages(("Regions",), "NextToken", "NextToken", ("MaxResults", 50)),
)
EC2_REGIONS = Operation(
    service="ec2",
    name="DescribeRegions",
    action="ec2:DescribeRegions",
    tells="the Regions that the account has enabled, where account:ListRegions does not say",
    has=("Regions",),
)
S3_POLICY = Operation(
    service="organizations",
    name="DescribeEffectivePolicy",
    action="organizations:DescribeEffectivePolicy",
    tells="whether the organization sets Block Public Access",
    has=("EffectivePolicy",),
    absent=("AWSOrganizationsNotInUseException", "EffectivePolicyNotFoundException"),
)

OF_ACCOUNT: tuple[Operation, ...] = (
    LIST_BUCKETS,
    LIST_DIRECTORY_BUCKETS,
    HEAD_BUCKET,
    ACCOUNT_PUBLIC_ACCESS_BLOCK,
    NAME,
    REGIONS,
    EC2_REGIONS,
    S3_POLICY,
)
