from typing import TYPE_CHECKING

from s3audit.check import BUCKETS, HIGH, LIVE, ROLES, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import Role
from s3audit.model.owner import belongs_to, is_one_of
from s3audit.model.relations import label
from s3audit.model.replicas import destination_of, is_latest
from s3audit.model.replication import Replication, ReplicationRule
from s3audit.model.roles import role_of
from s3audit.setting import Known, Unknown, Unset, every_of, when_set
from s3audit.verdict import Status, Verdict, every, failed, not_applicable, passed, unknown, unless

from ._rights import changes_owner, names, texts, unless_needed
from ._roles import GONE
from ._rules import if_on, of_replication

if TYPE_CHECKING:
    from s3audit.policy.access.roles import Copier
    from s3audit.policy.rules import Rule

_ACTIONS = ("s3:ReplicateObject", "s3:ReplicateDelete", "s3:ObjectOwnerOverrideToBucketOwner")


@check(
    severity=HIGH,
    severity_rule=(
        "high: the other account turns every object away; or, of a policy that lets everybody in, strangers write"
        " what will be restored one day"
    ),
    needs=(BUCKETS, ROLES),
    about="replication",
    sources=(TERRAFORM, LIVE),
    yields_to=("replication-role-trust", "replication-destination-exists"),
    fix=Fix(
        terraform="""
            resource "aws_s3_bucket_policy" "copy" {
              provider = aws.backup
              bucket   = aws_s3_bucket.copy.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { AWS = aws_iam_role.replication.arn }
                  Action    = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
                  Resource  = "${aws_s3_bucket.copy.arn}/*"
                }]
              })
            }
            """,
        cli="""
            # As the owner of the destination; with s3:ReplicateObject and s3:ReplicateDelete for the role alone.
            aws s3api put-bucket-policy --bucket DESTINATION --policy file://policy.json
            """,
        note="A rule that changes the owner of the copies takes s3:ObjectOwnerOverrideToBucketOwner as well.",
    ),
    passes=(
        """
        # The policy of the other account lets the role in.
        provider "aws" {
          alias = "shop"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        provider "aws" {
          alias = "backup"
          assume_role {
            role_arn = "arn:aws:iam::444455556666:role/deploy"
          }
        }
        resource "aws_iam_role" "replication" {
          provider           = aws.shop
          name               = "replication"
          assume_role_policy = jsonencode({
            Version   = "2012-10-17"
            Statement = [{ Effect = "Allow", Principal = { Service = "s3.amazonaws.com" }, Action = "sts:AssumeRole" }]
          })
        }
        resource "aws_s3_bucket" "orders" {
          provider = aws.shop
          bucket   = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          provider = aws.backup
          bucket   = "shop-copy"
        }
        resource "aws_s3_bucket_policy" "copy" {
          provider = aws.backup
          bucket   = aws_s3_bucket.copy.id
          policy   = jsonencode({
            Version   = "2012-10-17"
            Statement = [{
              Effect    = "Allow"
              Principal = { AWS = aws_iam_role.replication.arn }
              Action    = ["s3:ReplicateObject", "s3:ReplicateDelete"]
              Resource  = "${aws_s3_bucket.copy.arn}/*"
            }]
          })
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = aws_iam_role.replication.arn
          rule {
            status = "Enabled"
            destination {
              bucket  = aws_s3_bucket.copy.arn
              account = "444455556666"
            }
          }
        }
        """,
        """
        # It lets in the whole account, which is wider than needed; the role is named by its ARN.
        provider "aws" {
          alias = "shop"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        provider "aws" {
          alias = "backup"
          assume_role {
            role_arn = "arn:aws:iam::444455556666:role/deploy"
          }
        }
        resource "aws_s3_bucket" "orders" {
          provider = aws.shop
          bucket   = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          provider = aws.backup
          bucket   = "shop-copy"
        }
        resource "aws_s3_bucket_policy" "copy" {
          provider = aws.backup
          bucket   = aws_s3_bucket.copy.id
          policy   = jsonencode({
            Version   = "2012-10-17"
            Statement = [{
              Effect    = "Allow"
              Principal = { AWS = "arn:aws:iam::111122223333:root" }
              Action    = "s3:ReplicateObject"
              Resource  = "arn:aws:s3:::shop-copy/*"
            }]
          })
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            filter {}
            delete_marker_replication {
              status = "Disabled"
            }
            destination {
              bucket  = aws_s3_bucket.copy.arn
              account = "444455556666"
            }
          }
        }
        """,
        """
        # A destination of the same account needs no policy.
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          bucket = "shop-copy"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = aws_s3_bucket.copy.arn
            }
          }
        }
        resource "aws_s3_bucket" "invoices" {
          provider = aws.shop
          bucket   = "shop-invoices"
        }
        resource "aws_s3_bucket" "invoices_copy" {
          provider = aws.backup
          bucket   = "shop-invoices-copy"
        }
        resource "aws_s3_bucket_policy" "invoices_copy" {
          provider = aws.backup
          bucket   = aws_s3_bucket.invoices_copy.id
          policy   = jsonencode({
            Version   = "2012-10-17"
            Statement = [{
              Effect    = "Allow"
              Principal = { AWS = "arn:aws:iam::111122223333:role/replication" }
              Action    = "s3:Replicate*"
              Resource  = "arn:aws:s3:::shop-invoices-copy/*"
            }]
          })
        }
        resource "aws_s3_bucket_replication_configuration" "invoices" {
          provider = aws.shop
          bucket   = aws_s3_bucket.invoices.id
          role     = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = aws_s3_bucket.invoices_copy.arn
            }
          }
        }
        provider "aws" {
          alias = "shop"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        provider "aws" {
          alias = "backup"
          assume_role {
            role_arn = "arn:aws:iam::444455556666:role/deploy"
          }
        }
        """,
    ),
    fails=(
        """
        # The policy of the other account lets in another role.
        provider "aws" {
          alias = "shop"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        provider "aws" {
          alias = "backup"
          assume_role {
            role_arn = "arn:aws:iam::444455556666:role/deploy"
          }
        }
        resource "aws_iam_role" "replication" {
          provider           = aws.shop
          name               = "replication"
          assume_role_policy = jsonencode({
            Version   = "2012-10-17"
            Statement = [{ Effect = "Allow", Principal = { Service = "s3.amazonaws.com" }, Action = "sts:AssumeRole" }]
          })
        }
        resource "aws_s3_bucket" "orders" {
          provider = aws.shop
          bucket   = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          provider = aws.backup
          bucket   = "shop-copy"
        }
        resource "aws_s3_bucket_policy" "copy" {
          provider = aws.backup
          bucket   = aws_s3_bucket.copy.id
          policy   = jsonencode({ # <-
            Version   = "2012-10-17"
            Statement = [{
              Effect    = "Allow"
              Principal = { AWS = "arn:aws:iam::111122223333:role/backup" }
              Action    = "s3:Replicate*"
              Resource  = "arn:aws:s3:::shop-copy/*"
            }]
          })
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = aws_iam_role.replication.arn
          rule {
            status = "Enabled"
            destination {
              bucket  = aws_s3_bucket.copy.arn
              account = "444455556666"
            }
          }
        }
        """,
        """
        # Without a policy no other account may write.
        provider "aws" {
          alias = "shop"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        provider "aws" {
          alias = "backup"
          assume_role {
            role_arn = "arn:aws:iam::444455556666:role/deploy"
          }
        }
        resource "aws_s3_bucket" "orders" {
          provider = aws.shop
          bucket   = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" { # <-
          provider = aws.backup
          bucket   = "shop-copy"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = aws_s3_bucket.copy.arn
            }
          }
        }
        """,
        """
        # Whoever likes may write to the destination.
        provider "aws" {
          alias = "shop"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        provider "aws" {
          alias = "backup"
          assume_role {
            role_arn = "arn:aws:iam::444455556666:role/deploy"
          }
        }
        resource "aws_s3_bucket" "orders" {
          provider = aws.shop
          bucket   = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          provider = aws.backup
          bucket   = "shop-copy"
        }
        resource "aws_s3_bucket_policy" "copy" {
          provider = aws.backup
          bucket   = aws_s3_bucket.copy.id
          policy   = jsonencode({
            Version   = "2012-10-17"
            Statement = [{
              Effect    = "Allow" # <-
              Principal = "*"
              Action    = "s3:Replicate*"
              Resource  = "arn:aws:s3:::shop-copy/*"
            }]
          })
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = aws_s3_bucket.copy.arn
            }
          }
        }
        """,
    ),
    unsure=(
        """
        # The destination of the other account is declared elsewhere.
        provider "aws" {
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          bucket = aws_s3_bucket.orders.id
          role   = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket  = "arn:aws:s3:::company-copy" # <-
              account = "444455556666" # <-
            }
          }
        }
        """,
        """
        # Whose role is let in depends on who deploys it.
        variable "role" {
          type = string
        }
        provider "aws" {
          alias = "shop"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
          }
        }
        provider "aws" {
          alias = "backup"
          assume_role {
            role_arn = "arn:aws:iam::444455556666:role/deploy"
          }
        }
        resource "aws_s3_bucket" "orders" {
          provider = aws.shop
          bucket   = "shop-orders"
        }
        resource "aws_s3_bucket" "copy" {
          provider = aws.backup
          bucket   = "shop-copy"
        }
        resource "aws_s3_bucket_policy" "copy" {
          provider = aws.backup
          bucket   = aws_s3_bucket.copy.id
          policy   = jsonencode({ # <-
            Version   = "2012-10-17"
            Statement = [{
              Effect    = "Allow"
              Principal = { AWS = var.role }
              Action    = "s3:Replicate*"
              Resource  = "arn:aws:s3:::shop-copy/*"
            }]
          })
        }
        resource "aws_s3_bucket_replication_configuration" "orders" {
          provider = aws.shop
          bucket   = aws_s3_bucket.orders.id
          role     = "arn:aws:iam::111122223333:role/replication"
          rule {
            status = "Enabled"
            destination {
              bucket = aws_s3_bucket.copy.arn
            }
          }
        }
        """,
    ),
)
def destination_policy(bucket: Bucket, estate: Estate) -> Verdict:
    """A cross-account destination policy admits the replication role.

    A bucket of another account takes copies only from those whom its own policy names, whatever the role may do at
    home. A policy that lets in everybody works as well, and strangers can then put in what will be restored one day.
    """
    return of_replication(
        bucket,
        lambda replication: every_of(
            replication.rules,
            lambda rule: if_on(rule, lambda: _judge(rule, replication, bucket, estate)),
            empty=not_applicable(replication.at, "it has no replication rule"),
        ),
    )


def _judge(rule: ReplicationRule, replication: Replication, bucket: Bucket, estate: Estate) -> Verdict:
    at = rule.destination.bucket.at
    match destination_of(rule, estate):
        case Known(None) | Unset(None):
            return not_applicable(at, "the destination does not exist")
        case Known(Bucket() as target) | Unset(Bucket() as target):
            return unless(
                belongs_to(target, bucket.account, at),
                "so the role needs nobody else's leave",
                lambda: _admits(rule, replication, bucket, target, estate),
            )
        case Unknown(why, where):
            named = rule.destination.account
            at_home = when_set(
                named,
                lambda _: is_one_of(named, bucket, frozenset()),
                unknown(at, "to which account the destination belongs is not known"),
            )
            return unless(at_home, "so the role needs nobody else's leave", unknown(where, why))
        case _:
            return unknown(at, "which bucket is the destination is not known")


def _admits(
    rule: ReplicationRule, replication: Replication, bucket: Bucket, target: Bucket, estate: Estate
) -> Verdict:
    """Whether the policy of the destination lets the role in, and not everybody."""
    from s3audit.policy.access.roles import by_name, lets_strangers, rules_for, taker

    found, named = role_of(replication.role, estate), replication.role
    match found, named:
        case ((Known(None, at) | Unset(None, at)), _):
            return not_applicable(at, GONE)
        case (_, (Known(arn) | Unset(arn))) if (arn.literal or "").startswith("arn:"):
            role = by_name(str(arn), bucket, named.at)
        case ((Known(Role() as role) | Unset(Role() as role)), _):
            pass
        case _:
            return unknown(named.at, found.why if isinstance(found, Unknown) else GONE)
    by = taker(role, bucket, estate, names(rule), texts(rule, abroad=True))
    if isinstance(by, Unknown):
        return unknown(by.at, by.why)
    at = target.policy.at
    rules = rules_for(target.policy, by)
    if isinstance(rules, Unknown):
        return unknown(at, f"the policy of {label(target)} is not known: {rules.why}")
    if rules is None:
        return failed(at, f"{label(target)} has no policy, so that no other account may write to it")
    to = rule.destination.bucket
    if isinstance(to, Unknown):
        return unknown(to.at, to.why)
    arn_of_target = by.here.filled(to.value if isinstance(to, Known) else to.default)
    wide = every(~lets_strangers(by, rules, target, arn_of_target, action) for action in _ACTIONS)
    return wide & _rights(by, rule, rules, target, arn_of_target)


def _rights(
    by: "Copier", rule: ReplicationRule, rules: tuple["Rule", ...], target: Bucket, arn: str
) -> Verdict:
    from s3audit.policy.access.roles import direct, lets
    from s3audit.policy.replication import Need

    at = target.policy.at
    alone = tuple(direct(rules))

    def right(action: str) -> Verdict:
        need = Need(actions=(action,), at=arn, of_objects=True)
        found = lets(by, rules, need, at)
        if found.status is Status.PASS and lets(by, alone, need, at).status is Status.FAIL:
            return passed(at, f"the policy allows {action} to the whole account, which is wider than needed")
        return found

    markers = ~is_latest(rule) | rule.delete_markers.is_in("Enabled", what="DeleteMarkerReplication")
    return every(
        (
            right("s3:ReplicateObject"),
            unless_needed(markers, right("s3:ReplicateDelete")),
            unless_needed(changes_owner(rule, target), right("s3:ObjectOwnerOverrideToBucketOwner")),
        )
    )
