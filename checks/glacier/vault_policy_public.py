from s3audit.check import CRITICAL, LIVE, TERRAFORM, VAULTS, Fix, check
from s3audit.model.estate import Estate
from s3audit.model.vault import Vault
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import when_set
from s3audit.verdict import Verdict

from ._policies import ACTIONS, STAND_IN


@check(
    severity=CRITICAL,
    severity_rule="critical: anybody with an AWS account can read archives, or delete them",
    needs=(VAULTS,),
    about="policy",
    sources=(LIVE, TERRAFORM),
    peers={
        "checkov": ("CKV_AWS_167",),
        "prowler": ("glacier_vaults_policy_public_access",),
        "custodian": ("cross-account",),
    },
    fix=Fix(
        terraform="""
            resource "aws_glacier_vault" "example" {
              access_policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { AWS = "arn:aws:iam::111122223333:role/archivist" }
                  Action    = ["glacier:InitiateJob", "glacier:GetJobOutput"]
                  Resource  = "arn:aws:glacier:eu-west-1:111122223333:vaults/records"
                }]
              })
            }
            """,
        cli="""
            # policy.json names those who may, in the Principal of each statement.
            aws glacier set-vault-access-policy --account-id ACCOUNT --vault-name VAULT --policy file://policy.json
            """,
        note="Vaults have no Block Public Access; who takes the policy away leaves it to identities of the account.",
    ),
    passes=(
        """
        # Roles are named, or everybody of the organization.
        resource "aws_glacier_vault" "records" {
          name = "records"
          access_policy = jsonencode({
            Version = "2012-10-17"
            Statement = [
              {
                Effect    = "Allow"
                Principal = { AWS = "arn:aws:iam::444455556666:role/archivist" }
                Action    = "glacier:*"
                Resource  = "arn:aws:glacier:eu-west-1:111122223333:vaults/records"
              },
              {
                Effect    = "Allow"
                Principal = "*"
                Action    = "glacier:InitiateJob"
                Resource  = "arn:aws:glacier:eu-west-1:111122223333:vaults/records"
                Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }
              },
            ]
          })
        }
        resource "aws_glacier_vault" "photos" {
          name = "photos"
        }
        """,
        """
        # What is allowed to everybody is denied to all but an account.
        resource "aws_glacier_vault" "records" {
          name = "records"
          access_policy = jsonencode({
            Version = "2012-10-17"
            Statement = [
              {
                Effect    = "Allow"
                Principal = { AWS = "*" }
                Action    = "glacier:InitiateJob"
                Resource  = "arn:aws:glacier:eu-west-1:111122223333:vaults/records"
              },
              {
                Effect    = "Deny"
                Principal = "*"
                Action    = "glacier:*"
                Resource  = "arn:aws:glacier:eu-west-1:111122223333:vaults/records"
                Condition = { StringNotEquals = { "aws:PrincipalAccount" = "111122223333" } }
              },
            ]
          })
        }
        """,
    ),
    fails=(
        """
        # Everybody may read and delete archives.
        resource "aws_glacier_vault" "records" {
          name = "records"
          access_policy = jsonencode({
            Version = "2012-10-17"
            Statement = [{
              Effect    = "Allow" # <-
              Principal = "*"
              Action    = "glacier:*"
              Resource  = "arn:aws:glacier:eu-west-1:111122223333:vaults/records"
            }]
          })
        }
        """,
        """
        # A region is nothing that keeps anybody out.
        resource "aws_glacier_vault" "records" {
          name = "records"
          access_policy = jsonencode({
            Statement = [{
              Effect    = "Allow" # <-
              Principal = { AWS = "*" }
              Action    = ["glacier:InitiateJob", "glacier:GetJobOutput"]
              Resource  = "*"
              Condition = { StringEquals = { "aws:RequestedRegion" = "eu-west-1" } }
            }]
          })
        }
        """,
    ),
    unsure=(
        """
        # Whoever calls it says who is let in.
        variable "readers" {
          type = string
        }
        resource "aws_glacier_vault" "records" {
          name          = "records"
          access_policy = jsonencode({ # <-
            Version = "2012-10-17"
            Statement = [{
              Effect    = "Allow"
              Principal = { AWS = var.readers }
              Action    = "glacier:InitiateJob"
              Resource  = "arn:aws:glacier:eu-west-1:111122223333:vaults/records"
            }]
          })
        }
        """,
    ),
)
def vault_policy_public(vault: Vault, estate: Estate) -> Verdict:
    """No vault access policy is public.

    Nothing else stands before a vault: there is no Block Public Access for it. Whoever its policy lets in can fetch
    archives from the account's own money, or delete them.
    """
    return when_set(
        policy_of(vault.policy),
        lambda policy: _closed(policy, vault, estate),
        "it has no access policy",
        what="the access policy",
    )


def _closed(policy: Policy, vault: Vault, estate: Estate) -> Verdict:
    from s3audit.policy.own_policies import Asked, lets_in_anybody

    return ~lets_in_anybody(Asked(policy, vault, STAND_IN, ACTIONS), estate)
