"""The organization, from the answers about it."""

from s3audit.collectors.documents.shape import Shape, document, listed, text, word
from s3audit.model.account import Organization, OrganizationMember, OrganizationPolicy

ORGANIZATION = Shape(
    Organization,
    {
        "account": text("item.MasterAccountId"),
        "id": text("item.Id"),
        "management_account": text("item.MasterAccountId"),
        "delegated_administrators": listed("ListDelegatedAdministrators.DelegatedAdministrators", text("Id")),
        "members": listed(
            "ListAccounts.Accounts",
            Shape(
                OrganizationMember,
                {
                    "id": text("Id"),
                    "name": text("Name"),
                    "status": word("State|Status"),
                    "path": listed("Path", text("")),
                },
            ),
        ),
        "policies": listed(
            "ListPolicies.Policies",
            Shape(
                OrganizationPolicy,
                {
                    "id": text("Id"),
                    "type": word("Type"),
                    "name": text("Name"),
                    "document": document("Document"),
                    "targets": listed("Targets", text("")),
                },
            ),
        ),
    },
)
