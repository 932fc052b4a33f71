"""The account: what is declared of it stands for it, since a configuration declares no account itself."""

from s3audit.collectors.documents.shape import Shape, absent, section, text
from s3audit.collectors.terraform.tables.common import PUBLIC_ACCESS_BLOCK
from s3audit.model.account import Account, AccountPublicAccessBlock

TABLES = {
    "aws_s3_account_public_access_block": Shape(
        Account,
        {
            "account": text("account_id"),
            "public_access_block": section(
                "", Shape(AccountPublicAccessBlock, PUBLIC_ACCESS_BLOCK | {"by_organization": absent()})
            ),
        },
    )
}
