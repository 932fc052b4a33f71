from s3audit.check import ALL, BUCKETS, DISTRIBUTIONS, LIVE, MEDIUM, Fix, check
from s3audit.intent import is_for
from s3audit.model.bucket import Bucket
from s3audit.model.dns import DnsRecord
from s3audit.model.estate import Estate
from s3audit.model.lookup import Named
from s3audit.model.records import host, leads_to_s3
from s3audit.model.uses import if_there, is_origin
from s3audit.model.website import RedirectAll, Website
from s3audit.setting import Known, Unset, when_set
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, failed, not_applicable, some, unknown, unless


@check(
    severity=MEDIUM,
    severity_rule="medium: visitors get no HTTPS, and there is no firewall and no log of their requests",
    needs=(BUCKETS, DISTRIBUTIONS),
    about="website",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # The record of the domain then leads to the distribution, which needs a certificate for it.
            Control:
              Type: AWS::CloudFront::OriginAccessControl
              Properties:
                OriginAccessControlConfig:
                  Name: site
                  OriginAccessControlOriginType: s3
                  SigningBehavior: always
                  SigningProtocol: sigv4
            Cdn:
              Type: AWS::CloudFront::Distribution
              Properties:
                DistributionConfig:
                  Enabled: true
                  DefaultRootObject: index.html
                  Origins:
                    - Id: site
                      DomainName: !GetAtt Bucket.RegionalDomainName
                      OriginAccessControlId: !GetAtt Control.Id
                      S3OriginConfig: {OriginAccessIdentity: ""}
                  DefaultCacheBehavior:
                    TargetOriginId: site
                    ViewerProtocolPolicy: redirect-to-https
                    CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
            """,
        terraform="""
            # The record of the domain then leads to the distribution, which needs a certificate for it.
            resource "aws_cloudfront_origin_access_control" "example" {
              name                              = "site"
              origin_access_control_origin_type = "s3"
              signing_behavior                  = "always"
              signing_protocol                  = "sigv4"
            }

            resource "aws_cloudfront_distribution" "example" {
              enabled             = true
              default_root_object = "index.html"
              origin {
                origin_id                = "site"
                domain_name              = aws_s3_bucket.example.bucket_regional_domain_name
                origin_access_control_id = aws_cloudfront_origin_access_control.example.id
              }
              default_cache_behavior {
                target_origin_id       = "site"
                viewer_protocol_policy = "redirect-to-https"
                allowed_methods        = ["GET", "HEAD"]
                cached_methods         = ["GET", "HEAD"]
                cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
              }
              restrictions {
                geo_restriction {
                  restriction_type = "none"
                }
              }
              viewer_certificate {
                cloudfront_default_certificate = true
              }
            }
            """,
        cli="""
            aws cloudfront create-distribution --distribution-config file://distribution.json
            """,
        note="With the REST endpoint as the origin the bucket need not be public any more.",
    ),
    passes=(
        """
        # CloudFront stands before the one, and the other only sends visitors on.
        #: [[expect]]
        #: role = "website"
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration: {IndexDocument: index.html}
          Old:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration:
                RedirectAllRequestsTo: {HostName: shop.example.com, Protocol: https}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: site
                    DomainName: !GetAtt Site.RegionalDomainName
                    OriginAccessControlId: E2QWRUHAPOMQZL
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: https-only}
        """,
        """
        # By the website endpoint; nothing is asked of what is not meant to be a website.
        #: [[expect]]
        #: name = "shop-site"
        #: role = "website"
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-site
              WebsiteConfiguration: {IndexDocument: index.html}
          Other:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-other
              WebsiteConfiguration: {IndexDocument: index.html}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: site
                    DomainName: shop-site.s3-website.eu-central-1.amazonaws.com
                    CustomOriginConfig: {OriginProtocolPolicy: http-only}
                DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: https-only}
        """,
    ),
    fails=(
        """
        # The record of the domain leads visitors straight to the bucket.
        #: [[expect]]
        #: name = "www.example.com"
        #: role = "website"
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: www.example.com
              WebsiteConfiguration: # <-
                IndexDocument: index.html
          Www:
            Type: AWS::Route53::RecordSet
            Properties:
              HostedZoneId: Z111111QQQQQQQ
              Name: www.example.com
              Type: A
              AliasTarget:
                DNSName: s3-website-eu-west-1.amazonaws.com # <-
                HostedZoneId: Z1BKCTXD74EZPE
        """,
    ),
    unsure=(
        """
        # There may be a distribution in another template.
        #: [[expect]]
        #: name = "shop-site"
        #: role = "website"
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-site
              WebsiteConfiguration: # <-
                IndexDocument: index.html
        """,
    ),
)
def without_cdn(bucket: Bucket, estate: Estate) -> Verdict:
    """A declared website is served through CloudFront.

    A website endpoint speaks plain HTTP: whoever sits on the way reads and changes what visitors see. CloudFront
    speaks HTTPS under your own domain, and the bucket behind it may be private.
    """
    return when_set(
        bucket.website, lambda site: _judge(site, bucket, estate), "it is no website", what="website hosting"
    )


def _judge(site: Website, bucket: Bucket, estate: Estate) -> Verdict:
    def asked() -> Verdict:
        only_sends_on = when_set(site.redirect_all, _sends_on, Verdict(Status.FAIL))
        return unless(only_sends_on, "there is nothing to serve", lambda: _served(site, bucket, estate))

    meant = is_for(bucket, estate, "website")
    if meant.status is Status.FAIL:
        return not_applicable(site.at, "the configuration does not say that it is a website")
    return unless(~meant, "it is none", asked)


def _sends_on(to: RedirectAll) -> Verdict:
    return to.protocol.is_in("https", what="the protocol of the redirect")


def _served(site: Website, bucket: Bucket, estate: Estate) -> Verdict:
    found = is_origin(bucket, estate, or_website=True)
    if found.status is not Status.FAIL:
        return found
    missing = failed(site.at, "it is a website, and no distribution reads it")
    if bucket.origin == LIVE:
        return missing
    direct = _comes_straight(bucket, estate)
    if direct.status is Status.PASS:
        return missing & ~direct
    return unknown(site.at, "whether a distribution reads it is not known: that may be declared elsewhere")


def _comes_straight(bucket: Bucket, estate: Estate) -> Verdict:
    """Whether a record leads visitors to the bucket, and not to what may stand before it."""
    match bucket.name:
        case Known(name) | Unset(name):
            records = (estate.at(one, DnsRecord) for one in estate.once(_by_host).meant_by(name))
            return some(
                if_there(one, leads_to_s3(one) & Verdict(_is(one, name)))
                for one in records
                if one is not None
            )
        case _:
            return Verdict(Status.UNKNOWN)


def _is(record: DnsRecord, name: Text) -> Status:
    match host(record):
        case Known(own) | Unset(own):
            return same(own, name)
        case _:
            return Status.UNKNOWN


def _by_host(estate: Estate) -> Named[str]:
    return Named((one.address, (_name(one),)) for one in estate.all(DnsRecord))


def _name(record: DnsRecord) -> Text | None:
    match host(record):
        case Known(name) | Unset(name):
            return name
        case _:
            return None
