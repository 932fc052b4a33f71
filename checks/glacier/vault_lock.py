from s3audit.check import HIGH, LIVE, MEDIUM, TERRAFORM, VAULTS, Fix, check
from s3audit.intent import is_for, said
from s3audit.model.estate import Estate
from s3audit.model.vault import Vault
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown, unless

from ._locks import IN_PROGRESS, LOCKED


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: whoever has the rights can delete records before their time; high where nobody may, as the"
        " configuration has it (worm, or a retention in COMPLIANCE mode)"
    ),
    needs=(VAULTS,),
    sources=(LIVE, TERRAFORM),
    fix=Fix(
        terraform="""
            # With complete_lock nobody can change the policy any more, nor remove it.
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
                  Condition = { NumericLessThan = { "glacier:ArchiveAgeInDays" = "3650" } }
                }]
              })
            }
            """,
        cli="""
            # It answers the id of the lock, which takes effect for good with the second.
            aws glacier initiate-vault-lock --account-id ACCOUNT --vault-name VAULT --policy file://policy.json
            aws glacier complete-vault-lock --account-id ACCOUNT --vault-name VAULT --lock-id LOCK
            """,
        note="A lock that is complete can't be undone, so try the policy within the 24 hours before that.",
    ),
    passes=(
        """
        # Records are locked; of the photos nobody said anything.
        #: [[expect]]
        #: kind = "vault"
        #: name = "records"
        #: role = "records"
        resource "aws_glacier_vault" "records" {
          name = "records"
        }
        resource "aws_glacier_vault_lock" "records" {
          vault_name    = aws_glacier_vault.records.name
          complete_lock = true
          policy = jsonencode({
            Version = "2012-10-17"
            Statement = [{
              Effect    = "Deny"
              Principal = "*"
              Action    = "glacier:DeleteArchive"
              Resource  = aws_glacier_vault.records.arn
              Condition = { NumericLessThan = { "glacier:ArchiveAgeInDays" = "3650" } }
            }]
          })
        }
        resource "aws_glacier_vault" "photos" {
          name = "photos"
        }
        """,
    ),
    fails=(
        """
        # Records without a lock.
        #: [[expect]]
        #: kind = "vault"
        #: role = "records"
        resource "aws_glacier_vault" "records" { # <-
          name = "records"
        }
        """,
        """
        # High: they have to stay, whoever asks.
        #: [[expect]]
        #: kind = "vault"
        #: role = ["records", "worm"]
        resource "aws_glacier_vault" "records" { # <-
          name = "records"
        }
        """,
    ),
    unsure=(
        """
        # Whether the lock is completed is read from elsewhere.
        #: [[expect]]
        #: kind = "vault"
        #: role = "records"
        data "aws_ssm_parameter" "done" {
          name = "tested"
        }
        resource "aws_glacier_vault" "records" {
          name = "records"
        }
        resource "aws_glacier_vault_lock" "records" {
          vault_name    = aws_glacier_vault.records.name
          complete_lock = data.aws_ssm_parameter.done.value # <-
          policy        = "{}"
        }
        """,
    ),
)
def vault_lock(vault: Vault, estate: Estate) -> Verdict:
    """Vaults for records have a completed vault lock.

    Without one the rules of a vault are a policy that an administrator can change in a minute. A lock that is complete
    stays, for everybody and for good.
    """
    selected = is_for(vault, estate, "records", "worm")

    def judged() -> Verdict:
        found = _locked(vault)
        return found.at_severity(HIGH) if _must_stay(vault, estate) else found

    return unless(~selected, "nobody said that it keeps records", judged)


def _locked(vault: Vault) -> Verdict:
    match vault.lock_state:
        case Unknown(why, at):
            return unknown(at, f"whether it is locked is not known: {why}")
        case Known(state, at) | Unset(state, at):
            if state == IN_PROGRESS:
                return not_applicable(at, "its lock is in progress, see glacier-vault-lock-in-progress")
            return (
                passed(at, "its lock is complete") if state == LOCKED else failed(at, "it has no vault lock")
            )


def _must_stay(vault: Vault, estate: Estate) -> bool:
    retention = said(vault, estate, lambda one: one.retention)
    is_strict = (
        isinstance(retention, Known) and retention.value is not None and retention.value.mode == "COMPLIANCE"
    )
    return is_strict or is_for(vault, estate, "worm").status is Status.PASS
