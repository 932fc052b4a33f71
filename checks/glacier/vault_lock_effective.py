from s3audit.check import HIGH, LIVE, TERRAFORM, VAULTS, Fix, check
from s3audit.model.names import arn_parts
from s3audit.model.vault import Vault
from s3audit.policy.elements import EVERYONE, acts, has_effect, one_of, speaks_of
from s3audit.policy.language import Condition, Policy, Statement, policy_of
from s3audit.policy.patterns import covers
from s3audit.setting import Known, Unknown, Unset, every_of, some_of, when_set
from s3audit.text import Text, text
from s3audit.verdict import Status, Verdict, failed, passed, unknown

_DELETING = text("glacier:DeleteArchive")
_AGE = "glacier:archiveageindays"
_TAG = "glacier:resourcetag/"
_YOUNGER = ("numericlessthan", "numericlessthanequals")
_TAGGED = ("stringequals", "stringlike", "stringequalsignorecase")
_VAULTS = "vaults/"


@check(
    severity=HIGH,
    severity_rule="high: a policy that nobody can ever change, and that does not protect, is worse than none",
    needs=(VAULTS,),
    about="lock_policy",
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
            # Only while the lock is in progress; policy.json denies glacier:DeleteArchive to everybody.
            aws glacier abort-vault-lock --account-id ACCOUNT --vault-name VAULT
            aws glacier initiate-vault-lock --account-id ACCOUNT --vault-name VAULT --policy file://policy.json
            """,
        note=(
            "The policy of a complete lock stays as it is; what it does not protect goes to a new vault, or to S3 with"
            " Object Lock."
        ),
    ),
    passes=(
        """
        # Nobody deletes what is younger than ten years.
        resource "aws_glacier_vault" "records" {
          name = "records"
        }
        resource "aws_glacier_vault_lock" "records" {
          vault_name    = aws_glacier_vault.records.name
          complete_lock = true
          policy = jsonencode({
            Version = "2012-10-17"
            Statement = [
              {
                Effect    = "Allow"
                Principal = { AWS = "arn:aws:iam::111122223333:role/archivist" }
                Action    = "glacier:DeleteArchive"
                Resource  = aws_glacier_vault.records.arn
              },
              {
                Effect    = "Deny"
                Principal = { AWS = "*" }
                Action    = ["glacier:Delete*"]
                Resource  = "arn:aws:glacier:*:111122223333:vaults/records"
                Condition = { NumericLessThanEquals = { "glacier:ArchiveAgeInDays" = "3650" } }
              },
            ]
          })
        }
        """,
        """
        # Nothing at all is deleted; or nothing as long as the vault has a tag; and one has no lock.
        resource "aws_glacier_vault" "records" {
          name = "records"
        }
        resource "aws_glacier_vault_lock" "records" {
          vault_name    = aws_glacier_vault.records.name
          complete_lock = true
          policy = jsonencode({
            Statement = [{ Effect = "Deny", Principal = "*", Action = "glacier:*", Resource = "*" }]
          })
        }
        resource "aws_glacier_vault" "trial" {
          name = "trial"
        }
        resource "aws_glacier_vault_lock" "trial" {
          vault_name    = "trial"
          complete_lock = true
          policy = jsonencode({
            Statement = [{
              Effect    = "Deny"
              Principal = "*"
              Action    = "glacier:DeleteArchive"
              Resource  = aws_glacier_vault.trial.arn
              Condition = { StringLike = { "glacier:ResourceTag/LegalHold" = ["true", ""] } }
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
        # What is older stays, and what is younger can be deleted: the wrong way round.
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
              Condition = {
                NumericGreaterThan = { "glacier:ArchiveAgeInDays" = "365" } # <-
              }
            }]
          })
        }
        """,
        """
        # It only allows: whoever has the right by a policy of their own is not kept from it.
        resource "aws_glacier_vault" "records" {
          name = "records"
        }
        resource "aws_glacier_vault_lock" "records" {
          vault_name    = aws_glacier_vault.records.name
          complete_lock = true
          policy = jsonencode({ # <-
            Version = "2012-10-17"
            Statement = [{
              Effect    = "Allow"
              Principal = { AWS = "arn:aws:iam::111122223333:role/archivist" }
              Action    = "glacier:UploadArchive"
              Resource  = aws_glacier_vault.records.arn
            }]
          })
        }
        """,
        """
        # The administrators are spared, and one role is named.
        resource "aws_glacier_vault" "records" {
          name = "records"
        }
        resource "aws_glacier_vault_lock" "records" {
          vault_name    = aws_glacier_vault.records.name
          complete_lock = true
          policy = jsonencode({
            Version = "2012-10-17"
            Statement = [
              {
                Effect    = "Deny"
                Principal = "*"
                Action    = "glacier:DeleteArchive"
                Resource  = aws_glacier_vault.records.arn
                Condition = {
                  ArnNotLike = { "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/admin" } # <-
                }
              },
              {
                Effect    = "Deny"
                Principal = { AWS = "arn:aws:iam::111122223333:role/archivist" } # <-
                Action    = "glacier:DeleteArchive"
                Resource  = aws_glacier_vault.records.arn
              },
            ]
          })
        }
        """,
    ),
    unsure=(
        """
        # For how long, is for the caller to say.
        variable "days" {
          type = string
        }
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
              Condition = {
                NumericLessThan = { "glacier:ArchiveAgeInDays" = var.days } # <-
              }
            }]
          })
        }
        """,
    ),
)
def vault_lock_effective(vault: Vault) -> Verdict:
    """The vault lock policy really denies deletion.

    A lock protects archives only if its policy denies everybody to delete them, always or until they are old enough.
    Once it is complete, a mistake in it stays for ever.
    """
    return when_set(
        policy_of(vault.lock_policy),
        lambda policy: _denies(policy, vault),
        "it has no vault lock",
        what="the policy of the vault lock",
    )


def _denies(policy: Policy, vault: Vault) -> Verdict:
    found = some_of(policy.statements, lambda one: _protects(one, vault))
    return (
        found
        if found.evidence
        else failed(policy.at, "no statement denies glacier:DeleteArchive to everybody")
    )


def _protects(statement: Statement, vault: Vault) -> Verdict:
    """Whether a statement alone keeps everybody from deleting; one that is about something else says nothing."""
    about = has_effect(statement, "Deny") & acts(statement, _DELETING) & _is_of(statement, vault)
    if about.status is Status.FAIL:
        return Verdict(Status.FAIL)
    found = about & speaks_of(statement, *EVERYONE) & every_of(statement.conditions, _keeps)
    return (
        passed(statement.at, "it denies everybody to delete archives")
        if found.status is Status.PASS
        else found
    )


def _is_of(statement: Statement, vault: Vault) -> Verdict:
    if not isinstance(statement.not_resources, Unset):
        return unknown(statement.at, "whether the statement's NotResource leaves this vault is not known")
    return one_of(statement.resources, lambda one: _covers(one, vault), lambda _: "")


def _covers(resource: Text, vault: Vault) -> Status:
    """Whether a Resource takes in this vault, in whatever account and Region it is written for."""
    parts = arn_parts(resource)
    if parts is None:
        named = [part.resource for part in resource.opaque if part.resource]
        if named or not resource.opaque:
            return Status.PASS if resource.literal == "*" or named == [vault.address] else Status.FAIL
        return Status.UNKNOWN
    match vault.name:
        case Unknown():
            return Status.UNKNOWN
        case Known(own) | Unset(own):
            return covers(parts[4], text(_VAULTS, *own.parts))


def _keeps(condition: Condition) -> Verdict:
    """Whether a condition leaves the archives protected: until an age, or as long as the vault has a tag."""
    operator, key = condition.operator.lower(), condition.key.lower()
    if key == _AGE and operator in _YOUNGER:
        return every_of(condition.values, lambda value: _is_long(value, condition))
    if key.startswith(_TAG) and operator in _TAGGED:
        return passed(condition.at, "it lasts as long as the tag of the vault does")
    return failed(
        condition.at, f"the statement's condition {condition.operator} on {condition.key} leaves some out"
    )


def _is_long(value: Text, condition: Condition) -> Verdict:
    known = value.literal
    if known is None:
        return unknown(condition.at, f"until which age it denies is not known: {value}")
    try:
        days = float(known)
    except ValueError:
        return failed(condition.at, f"{known} is no number of days")
    return (
        passed(condition.at, f"until {known} days")
        if days > 0
        else failed(condition.at, f"nothing is {known} days")
    )
