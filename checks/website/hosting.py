from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, HIGH, LOW, MEDIUM, Fix, check
from s3audit.intent import is_for
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.model.website import Website
from s3audit.setting import when_set
from s3audit.verdict import Severity, Status, Verdict, failed, passed, unless


@check(
    severity=MEDIUM,
    severity_rule="medium: it is plain HTTP, and mostly means a public bucket; high where the bucket is public; low"
    " where nobody of the public can read it",
    needs=(BUCKETS, ACCOUNT, ACCESS_POINTS),
    sources=ALL,
    yields_to=("website-tls-conflict",),
    peers={
        "kics": (
            "S3 Static Website Host Enabled (terraform 42bb6b7f-6d54-4428-b707-666f669d94fb)",
            "S3 Static Website Host Enabled (cloudformation 90501b1b-cded-4cc1-9e8b-206b85cda317)",
        ),
        "terrascan": ("AC_AWS_0208",),
        "steampipe": ("s3_bucket_static_website_hosting_disabled",),
    },
    fix=Fix(
        cloudformation="Leave out the WebsiteConfiguration.",
        terraform="Leave out the aws_s3_bucket_website_configuration.",
        cli="""
            aws s3api delete-bucket-website --bucket BUCKET
            """,
        note="A site that is wanted is better served by CloudFront, which reads a private bucket by its origin access"
        ' control; otherwise say role = "website" of it in the configuration.',
    ),
    passes=(
        """
        # No website.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # A website that is meant to be one.
        #: [[expect]]
        #: name = "shop-site"
        #: role = "website"
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-site
              WebsiteConfiguration: {IndexDocument: index.html}
        """,
    ),
    fails=(
        """
        # Low: there is a website, and nobody of the public can read it.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration: # <-
                IndexDocument: index.html
        """,
        """
        # High: everybody reads it.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {BlockPublicPolicy: false, RestrictPublicBuckets: false}
              WebsiteConfiguration: # <-
                IndexDocument: index.html
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Site
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Site.Arn}/*"}
        """,
        """
        # Medium: whether everybody reads it is for whoever deploys it.
        Parameters:
          Restrict: {Type: String}
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                RestrictPublicBuckets: !Ref Restrict
              WebsiteConfiguration: # <-
                IndexDocument: index.html
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Site
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Site.Arn}/*"}
        """,
    ),
    unsure=(
        """
        # Whoever deploys it chooses the name, by which the configuration would know it.
        #: [[expect]]
        #: name = "shop-site"
        #: role = "website"
        variable "name" {
          type = string
        }
        resource "aws_s3_bucket" "home" {
          bucket = var.name # <-
        }
        resource "aws_s3_bucket_website_configuration" "home" {
          bucket = aws_s3_bucket.home.id
          index_document {
            suffix = "index.html"
          }
        }
        """,
    ),
)
def hosting(bucket: Bucket, estate: Estate) -> Verdict:
    """Static website hosting is off unless declared.

    A website endpoint speaks plain HTTP and shows what is in the bucket to everybody who may read it. Nobody should
    find out by accident that a bucket of theirs is a website.
    """

    def hosted(site: Website) -> Verdict:
        meant = is_for(bucket, estate, "website")
        if meant.status is not Status.FAIL:
            return meant
        return failed(
            site.at, "it is a website, and the configuration does not say so", _severity(bucket, estate)
        )

    return unless(
        of_type(bucket, "directory", "outposts"),
        "there are no websites of those",
        lambda: when_set(
            bucket.website, hosted, passed(bucket.website.at, "it is no website"), "website hosting"
        ),
    )


def _severity(bucket: Bucket, estate: Estate) -> Severity:
    from s3audit.policy.access import public_read

    return {Status.PASS: HIGH, Status.FAIL: LOW}.get(public_read(bucket, estate).status, MEDIUM)
