from s3audit.check import ACCESS_GRANTS, HIGH, LIVE, TERRAFORM, Fix, check
from s3audit.model.access_grants import AccessGrant, AccessGrantsInstance
from s3audit.model.estate import Estate
from s3audit.model.uses import if_there
from s3audit.setting import Known
from s3audit.verdict import Severity, Status, Verdict, every, unknown, verdict

from ._trust import Trusted, grants_of, of_grant, of_policy


@check(
    severity=HIGH,
    severity_rule=(
        "high: a way to the data that no bucket policy shows; one step higher where the policy of the instance"
        " names everybody"
    ),
    needs=(ACCESS_GRANTS,),
    sources=(TERRAFORM, LIVE),
    fix=Fix(
        terraform="""
            # Every grant names somebody of a trusted account.
            resource "aws_s3control_access_grant" "analysts" {
              access_grants_location_id = aws_s3control_access_grants_location.data.access_grants_location_id
              permission                = "READ"
              grantee {
                grantee_type       = "IAM"
                grantee_identifier = "arn:aws:iam::222233334444:role/analysts"
              }
            }
            """,
        cli="""
            aws s3control delete-access-grant --account-id ACCOUNT_ID --access-grant-id GRANT_ID
            # Names accounts, or demands aws:PrincipalOrgID.
            aws s3control put-access-grants-instance-resource-policy --account-id ACCOUNT_ID \\
              --policy file://policy.json
            """,
        note="If the account is one of yours, add it to trusted_accounts.",
    ),
    passes=(
        """
        # A role of the same account, and one of an account that is trusted.
        #: [[expect]]
        #: trusted_accounts = ["222233334444"]
        resource "aws_iam_role" "reports" {
          assume_role_policy = jsonencode({
            Version = "2012-10-17"
            Statement = [
              { Effect = "Allow", Principal = { Service = "glue.amazonaws.com" }, Action = "sts:AssumeRole" }
            ]
          })
        }
        resource "aws_s3control_access_grants_instance" "main" {}
        resource "aws_s3control_access_grants_location" "data" {
          depends_on     = [aws_s3control_access_grants_instance.main]
          iam_role_arn   = "arn:aws:iam::111122223333:role/access-grants"
          location_scope = "s3://"
        }
        resource "aws_s3control_access_grant" "reports" {
          access_grants_location_id = aws_s3control_access_grants_location.data.access_grants_location_id
          permission                = "READ"
          grantee {
            grantee_type       = "IAM"
            grantee_identifier = aws_iam_role.reports.arn
          }
        }
        resource "aws_s3control_access_grant" "analysts" {
          access_grants_location_id = aws_s3control_access_grants_location.data.access_grants_location_id
          permission                = "READ"
          grantee {
            grantee_type       = "IAM"
            grantee_identifier = "arn:aws:iam::222233334444:role/analysts"
          }
        }
        """,
        """
        # People of the company's directory are nobody's account.
        #: [[expect]]
        #: trusted_accounts = []
        resource "aws_s3control_access_grants_instance" "main" {
          identity_center_arn = "arn:aws:sso:::instance/ssoins-1111222233334444"
        }
        resource "aws_s3control_access_grants_location" "data" {
          depends_on     = [aws_s3control_access_grants_instance.main]
          iam_role_arn   = "arn:aws:iam::111122223333:role/access-grants"
          location_scope = "s3://"
        }
        resource "aws_s3control_access_grant" "analysts" {
          access_grants_location_id = aws_s3control_access_grants_location.data.access_grants_location_id
          permission                = "READ"
          grantee {
            grantee_type       = "DIRECTORY_GROUP"
            grantee_identifier = "83d43802-00b1-7054-db02-f1d683aacba5"
          }
        }
        """,
    ),
    fails=(
        """
        # One grant is for a role of an account that nobody knows.
        #: [[expect]]
        #: trusted_accounts = ["222233334444"]
        resource "aws_s3control_access_grants_instance" "main" {}
        resource "aws_s3control_access_grants_location" "data" {
          depends_on     = [aws_s3control_access_grants_instance.main]
          iam_role_arn   = "arn:aws:iam::111122223333:role/access-grants"
          location_scope = "s3://"
        }
        resource "aws_s3control_access_grant" "analysts" {
          access_grants_location_id = aws_s3control_access_grants_location.data.access_grants_location_id
          permission                = "READ"
          grantee {
            grantee_type       = "IAM"
            grantee_identifier = "arn:aws:iam::444455556666:role/analysts" # <-
          }
        }
        """,
    ),
    unsure=(
        """
        # Who gets it is for whoever deploys it.
        #: [[expect]]
        #: trusted_accounts = ["222233334444"]
        variable "partner" {
          type = string
        }
        resource "aws_s3control_access_grants_instance" "main" {}
        resource "aws_s3control_access_grants_location" "data" {
          depends_on     = [aws_s3control_access_grants_instance.main]
          iam_role_arn   = "arn:aws:iam::111122223333:role/access-grants"
          location_scope = "s3://"
        }
        resource "aws_s3control_access_grant" "partner" {
          access_grants_location_id = aws_s3control_access_grants_location.data.access_grants_location_id
          permission                = "READ"
          grantee {
            grantee_type       = "IAM"
            grantee_identifier = "arn:aws:iam::${var.partner}:role/reader" # <-
          }
        }
        """,
    ),
)
def grants_cross_account(instance: AccessGrantsInstance, estate: Estate) -> Verdict:
    """Access Grants and the policy of their instance let in trusted accounts only.

    Access Grants gives access beside the policies of the buckets. Whoever looks at these alone does not see that
    another account reads the data.
    """
    trusted = Trusted(instance, estate)
    found = every(
        (
            of_policy(instance, trusted),
            *(if_there(grant, of_grant(grant, trusted)) for grant in grants_of(instance, estate)),
            _unseen(instance, estate),
        )
    )
    if found.status is not Status.FAIL or trusted.is_said or found.severity is Severity.CRITICAL:
        return found
    # Without a list of those who are trusted nobody is a stranger; they are told all the same.
    return verdict(Status.NOT_APPLICABLE, *found.evidence)


def _unseen(instance: AccessGrantsInstance, estate: Estate) -> Verdict:
    match instance.account, instance.region:
        case Known(account), Known(region):
            gap = estate.unlisted(AccessGrant, account.literal or "", region.literal or "")
        case _:
            gap = None
    if gap is None:
        return Verdict(Status.PASS)
    return unknown(instance.at, f"which grants there are is not known: {gap.why}")
