from s3audit.check import ACCESS_POINTS, BUCKETS, CLOUDFORMATION, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.access_point import AccessPoint
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.table_bucket import TableBucket
from s3audit.model.vector_bucket import VectorBucket
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text, same, text
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown

from ._names import is_own_alone, judged
from ._rules import DIRECTORY, DIRECTORY_POINT, POINT, TABLES, VECTORS, Form, judge, zone_in

Named = Bucket | AccessPoint | TableBucket | VectorBucket


@check(
    severity=MEDIUM,
    severity_rule="medium: the deployment fails, and it may be half done by then",
    needs=(BUCKETS, ACCESS_POINTS),
    sources=(CLOUDFORMATION, TERRAFORM),
    fix=Fix(
        cloudformation="""
            # Of a directory bucket: the end tells the zone that it lies in.
            BucketName: orders--usw2-az1--x-s3
            """,
        terraform="""
            # Of a directory bucket: the end tells the zone that it lies in.
            resource "aws_s3_directory_bucket" "example" {
              bucket = "orders--usw2-az1--x-s3"
            }
            """,
        note="None of these can be renamed: another name makes another one.",
    ),
    passes=(
        """
        # The zone stands at the end; and a name that is made up.
        Resources:
          Orders:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: orders--usw2-az1--x-s3
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
          Photos:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
        """,
        """
        # An access point of a directory bucket tells the zone, too.
        resource "aws_s3_directory_bucket" "orders" {
          bucket = "orders--usw2-az1--x-s3"
          location {
            name = "usw2-az1"
          }
        }
        resource "aws_s3_access_point" "shop" {
          name   = "shop--usw2-az1--xa-s3"
          bucket = aws_s3_directory_bucket.orders.bucket
        }
        """,
        """
        # Hyphens between words, and nothing that is kept for others.
        Resources:
          Invoices:
            Type: AWS::S3::Bucket
          Shop:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: !Sub shop-invoices-${AWS::AccountId}
              Bucket: !Ref Invoices
        """,
        """
        # The same for tables and for vectors.
        data "aws_caller_identity" "current" {}
        resource "aws_s3tables_table_bucket" "sales" {
          name = "shop-sales"
        }
        resource "aws_s3vectors_vector_bucket" "texts" {
          vector_bucket_name = "shop-texts-${data.aws_caller_identity.current.account_id}"
        }
        """,
    ),
    fails=(
        """
        # No zone.
        Resources:
          Orders:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: shop-orders # <-
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
        """,
        """
        # Another zone than the one that the bucket is made in.
        Resources:
          Orders:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: orders--usw2-az1--x-s3 # <-
              LocationName: usw2-az2
              DataRedundancy: SingleAvailabilityZone
        """,
        """
        # An underscore, and an end that is kept for aliases.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
          Shop:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: shop_photos # <-
              Bucket: !Ref Photos
          Partner:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: partner-s3alias # <-
              Bucket: !Ref Photos
        """,
        """
        # The access point of a directory bucket without the zone.
        resource "aws_s3_directory_bucket" "orders" {
          bucket = "orders--usw2-az1--x-s3"
          location {
            name = "usw2-az1"
          }
        }
        resource "aws_s3_access_point" "shop" {
          name   = "shop-orders" # <-
          bucket = aws_s3_directory_bucket.orders.bucket
        }
        """,
        """
        # What begins with aws is AWS's own; a dot; and two letters are too few.
        resource "aws_s3tables_table_bucket" "sales" {
          name = "aws-sales" # <-
        }
        resource "aws_s3tables_table_bucket" "returns" {
          name = "returns.shop" # <-
        }
        resource "aws_s3vectors_vector_bucket" "texts" {
          vector_bucket_name = "tx" # <-
        }
        """,
    ),
    unsure=(
        """
        # Whoever deploys it chooses the zone.
        Parameters:
          Zone: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: !Sub orders--${Zone}--x-s3 # <-
              LocationName: !Ref Zone
              DataRedundancy: SingleAvailabilityZone
        """,
        """
        # Whoever deploys it chooses a part of the name.
        variable "team" {
          type = string
        }
        resource "aws_s3tables_table_bucket" "sales" {
          name = "${var.team}-sales" # <-
        }
        """,
    ),
)
def directory(resource: Bucket | AccessPoint | TableBucket | VectorBucket, estate: Estate) -> Verdict:
    """Directory bucket, access point and table bucket names follow their own rules.

    S3 refuses any other name. The deployment stops there, which is better known before it begins.
    """
    forms = _forms(resource, estate)
    if not forms:
        return not_applicable(resource.at, "naming-valid tells of the names of general purpose buckets")
    match resource.name:
        case Known(name) | Unset(name) if is_own_alone(name, resource.address):
            return passed(resource.at, "the name is made up when it is created")
        case _:
            first, *others = (_judged(resource, form) for form in forms)
    if any(other.status is not first.status for other in others):
        return unknown(resource.name.at, "whether it is of a directory bucket is not known")
    if isinstance(resource, Bucket) and first.status is Status.PASS:
        return first & _in_its_zone(resource)
    return first


def _judged(resource: Named, form: Form) -> Verdict:
    return judged(resource.name, lambda name: judge(name, form))


def _forms(resource: Named, estate: Estate) -> tuple[Form, ...]:
    """What its name has to be like; several where it is not known what it is."""
    match resource:
        case Bucket():
            return (DIRECTORY,) if resource.type == "directory" and resource.is_declared else ()
        case AccessPoint():
            of_directory = _is_of_directory_bucket(resource, estate)
            if of_directory is Status.UNKNOWN:
                return (POINT, DIRECTORY_POINT)
            return (DIRECTORY_POINT,) if of_directory is Status.PASS else (POINT,)
        case TableBucket():
            return (TABLES,)
        case VectorBucket():
            return (VECTORS,)


def _is_of_directory_bucket(point: AccessPoint, estate: Estate) -> Status:
    """Terraform has one type of resource for both."""
    if point.type == "directory":
        return Status.PASS
    if point.type != "general" or point.origin != TERRAFORM:
        return Status.FAIL
    match point.bucket:
        case Known(name, at) | Unset(name, at):
            match estate.bucket_named(name, at):
                case Known(Bucket() as bucket):
                    return Status.PASS if bucket.type == "directory" else Status.FAIL
                case _:
                    return name.ends_with("--x-s3")
        case Unknown():
            return Status.UNKNOWN


def _in_its_zone(bucket: Bucket) -> Verdict:
    """Whether the zone in the name is the one that the bucket is made in."""
    match bucket.name, bucket.location_name:
        case Known(Text(literal=str() as name), at), Known(Text() as place):
            zone = zone_in(name, DIRECTORY)
            note = f"the name says {zone}, and the bucket is made in {place}"
            match same(text(zone), place):
                case Status.PASS:
                    return passed(at, f"the name says {zone}")
                case Status.FAIL:
                    return failed(at, note)
                case _:
                    return unknown(at, f"whether {zone} is {place} is not known")
        case Known(Text(literal=str()), at), Unknown(why):
            return unknown(at, f"whether the name says the right zone is not known: {why}")
        case _:
            return not_applicable(bucket.at, "which zone the bucket is made in is not said")
