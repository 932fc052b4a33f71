"""An account, from the answers of all calls about it as a whole."""

from s3audit.collectors.documents.shape import Shape, flag, listed, section, text, word
from s3audit.model.account import Account, AccountPublicAccessBlock

_BLOCK = "GetPublicAccessBlock.PublicAccessBlockConfiguration."

ACCOUNT = Shape(
    Account,
    {
        "name": text("GetAccountInformation.AccountName"),
        "canonical_id": text("ListBuckets.Owner.ID"),
        "organization": text("DescribeOrganization.Organization.Id"),
        "regions": listed("ListRegions.Regions|DescribeRegions.Regions", text("RegionName")),
        "public_access_block": section(
            "",
            Shape(
                AccountPublicAccessBlock,
                {
                    "block_public_acls": flag(_BLOCK + "BlockPublicAcls"),
                    "ignore_public_acls": flag(_BLOCK + "IgnorePublicAcls"),
                    "block_public_policy": flag(_BLOCK + "BlockPublicPolicy"),
                    "restrict_public_buckets": flag(_BLOCK + "RestrictPublicBuckets"),
                    "by_organization": word("DescribeEffectivePolicy.BlockPublicAccess"),
                },
            ),
        ),
    },
)
