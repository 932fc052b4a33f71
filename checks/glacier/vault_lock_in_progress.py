from s3audit.check import HIGH, LIVE, TERRAFORM, VAULTS, Fix, check
from s3audit.model.vault import Vault
from s3audit.setting import Known, Unset, when_set
from s3audit.verdict import Verdict, failed, passed

from ._locks import IN_PROGRESS


@check(
    severity=HIGH,
    severity_rule="high: after 24 hours it is dropped, and the vault is open while people believe that it is locked",
    needs=(VAULTS,),
    about="lock_state",
    sources=(LIVE, TERRAFORM),
    fix=Fix(
        terraform="""
            resource "aws_glacier_vault_lock" "example" {
              vault_name    = aws_glacier_vault.example.name
              complete_lock = true
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Deny"
                  Principal = "*"
                  Action    = "glacier:DeleteArchive"
                  Resource  = aws_glacier_vault.example.arn
                  Condition = { NumericLessThan = { "glacier:ArchiveAgeInDays" = "365" } }
                }]
              })
            }
            """,
        cli="""
            # The second gives it up; without the id of the lock it is the only way.
            aws glacier complete-vault-lock --account-id ACCOUNT --vault-name VAULT --lock-id LOCK
            aws glacier abort-vault-lock --account-id ACCOUNT --vault-name VAULT
            """,
        note="A lock that is complete can't be undone.",
    ),
    passes=(
        """
        # One lock is complete, the other vault has none.
        resource "aws_glacier_vault" "records" {
          name = "records"
        }
        resource "aws_glacier_vault_lock" "records" {
          vault_name    = aws_glacier_vault.records.name
          complete_lock = true
          policy        = jsonencode({ Version = "2012-10-17", Statement = [] })
        }
        resource "aws_glacier_vault" "photos" {
          name = "photos"
        }
        """,
    ),
    fails=(
        """
        # The lock is begun, and nothing completes it.
        resource "aws_glacier_vault" "records" {
          name = "records"
        }
        resource "aws_glacier_vault_lock" "records" {
          vault_name    = aws_glacier_vault.records.name
          complete_lock = false # <-
          policy = jsonencode({
            Version = "2012-10-17"
            Statement = [{
              Effect    = "Deny"
              Principal = "*"
              Action    = "glacier:DeleteArchive"
              Resource  = aws_glacier_vault.records.arn
              Condition = { NumericLessThan = { "glacier:ArchiveAgeInDays" = "365" } }
            }]
          })
        }
        """,
    ),
    unsure=(
        """
        # Which vault is locked is for the caller to say.
        variable "vault" {
          type = string
        }
        resource "aws_glacier_vault" "records" {
          name = "records"
        }
        resource "aws_glacier_vault_lock" "records" { # <-
          vault_name    = var.vault
          complete_lock = true
          policy        = jsonencode({ Version = "2012-10-17", Statement = [] })
        }
        """,
    ),
)
def vault_lock_in_progress(vault: Vault) -> Verdict:
    """No vault lock is left in progress.

    A lock has to be completed within 24 hours; then it is dropped without a word. Until that it can be tried, and
    whoever sees the policy takes the vault for locked.
    """
    return when_set(
        vault.lock_state, lambda state: _complete(vault, state), "it has no vault lock", what="the vault lock"
    )


def _complete(vault: Vault, state: str) -> Verdict:
    at = vault.lock_state.at
    if state != IN_PROGRESS:
        return passed(at, f"the vault lock is {state}")
    match vault.lock_expires:
        case Known(until) | Unset(until) if until is not None:
            return failed(at, f"the vault lock is {state}, and is dropped at {until}")
        case _:
            return failed(at, f"the vault lock is {state}, and is dropped after 24 hours")
