from s3audit.check import ALL, BUCKETS, CRITICAL, DNS_RECORDS, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.dns import DnsRecord
from s3audit.model.estate import Estate
from s3audit.model.records import host, leads_to_s3
from s3audit.model.relations import label
from s3audit.setting import Known, Unknown, Unset, when_set
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, failed, passed, unknown, unless


@check(
    severity=CRITICAL,
    severity_rule="critical: whoever makes a bucket of that name shows what they like under your domain",
    needs=(DNS_RECORDS, BUCKETS),
    sources=ALL,
    peers={"checkov": ("CKV2_AWS_23",), "prowler": ("route53_dangling_ip_subdomain_takeover",)},
    fix=Fix(
        cloudformation="Name the one host that there is a bucket for, or leave the record out.",
        terraform="Name the one host that there is a bucket for, or leave the record out.",
        cli="""
            # Keeps the name out of other hands until the record is gone.
            aws s3api create-bucket --bucket NAME_OF_THE_RECORD
            # changes.json deletes the record, as list-resource-record-sets tells it.
            aws route53 change-resource-record-sets --hosted-zone-id ZONE --change-batch file://changes.json
            """,
        note="S3 serves the bucket that is called as the host, whatever bucket the target of the record names.",
    ),
    passes=(
        """
        # The bucket has the name of the record.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: www.example.com
              WebsiteConfiguration: {IndexDocument: index.html}
          Www:
            Type: AWS::Route53::RecordSet
            Properties:
              HostedZoneId: Z111111QQQQQQQ
              Name: www.example.com
              Type: A
              AliasTarget:
                DNSName: s3-website-eu-west-1.amazonaws.com
                HostedZoneId: Z1BKCTXD74EZPE
        """,
        """
        # By the address that the bucket tells of itself. Nothing is asked of records that lead elsewhere.
        resource "aws_s3_bucket" "site" {
          bucket = "www.example.com"
        }
        resource "aws_s3_bucket_website_configuration" "site" {
          bucket = aws_s3_bucket.site.id
          index_document {
            suffix = "index.html"
          }
        }
        resource "aws_route53_record" "www" {
          zone_id = "Z111111QQQQQQQ"
          name    = "www.example.com"
          type    = "A"
          alias {
            name                   = aws_s3_bucket_website_configuration.site.website_domain
            zone_id                = aws_s3_bucket.site.hosted_zone_id
            evaluate_target_health = false
          }
        }
        resource "aws_route53_record" "mail" {
          zone_id = "Z111111QQQQQQQ"
          name    = "mail.example.com"
          type    = "CNAME"
          ttl     = 300
          records = ["mail.example.net"]
        }
        """,
    ),
    fails=(
        """
        # Any host below the domain, also those that have no bucket yet.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: www.example.com
              WebsiteConfiguration: {IndexDocument: index.html}
          All:
            Type: AWS::Route53::RecordSet
            Properties:
              HostedZoneId: Z111111QQQQQQQ
              Name: "*.example.com" # <-
              Type: CNAME
              TTL: "300"
              ResourceRecords: [www.example.com.s3-website-eu-west-1.amazonaws.com]
        """,
    ),
    unsure=(
        """
        # The bucket is declared elsewhere, if there is one.
        Resources:
          Www:
            Type: AWS::Route53::RecordSet
            Properties:
              HostedZoneId: Z111111QQQQQQQ
              Name: www.example.com # <-
              Type: A
              AliasTarget:
                DNSName: s3-website-eu-west-1.amazonaws.com
                HostedZoneId: Z1BKCTXD74EZPE
        """,
        """
        # In dev the record stays when the bucket goes, unless somebody else has it there.
        Parameters:
          Env: {Type: String, AllowedValues: [dev, prod]}
        Conditions:
          IsProd: !Equals [!Ref Env, prod]
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Condition: IsProd
            Properties:
              BucketName: www.example.com
              WebsiteConfiguration: {IndexDocument: index.html}
          Www:
            Type: AWS::Route53::RecordSet
            Properties:
              HostedZoneId: Z111111QQQQQQQ
              Name: www.example.com # <-
              Type: A
              AliasTarget:
                DNSName: s3-website-eu-west-1.amazonaws.com
                HostedZoneId: Z1BKCTXD74EZPE
        """,
    ),
)
def dns_dangling(record: DnsRecord, estate: Estate) -> Verdict:
    """No DNS record points at a website bucket name that does not exist.

    Names of buckets that are gone are free for all. Whoever makes a bucket of that name speaks under your domain, to
    visitors who trust it, and may get their cookies.
    """
    return unless(~leads_to_s3(record), "that is no bucket", lambda: _judge(record, estate))


def _judge(record: DnsRecord, estate: Estate) -> Verdict:
    match host(record):
        case Unknown(why, at):
            return unknown(at, f"the name of the record is not known: {why}")
        case Known(name, at) | Unset(name, at):
            if name.starts_with("*.") is Status.PASS:
                return failed(at, f"{name} leads to S3, and anybody may make a bucket of such a name")
            return when_set(
                estate.bucket_named(name, at),
                lambda bucket: _is_ours(bucket, name, record),
                failed(at, f"{name} leads to S3, and there is no bucket of that name"),
            )


def _is_ours(bucket: Bucket, name: Text, record: DnsRecord) -> Verdict:
    at = record.name.at
    if bucket.is_declared:
        return passed(at, f"{name} leads to {label(bucket)}")
    return unknown(at, f"{name} leads to {label(bucket)}, and whose that is, is not known")
