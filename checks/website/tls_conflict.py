from s3audit.check import ALL, BUCKETS, DISTRIBUTIONS, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.uses import is_origin
from s3audit.model.website import Website
from s3audit.policy.language import policy_of
from s3audit.policy.proofs import denies_plain_http
from s3audit.setting import when_set
from s3audit.verdict import Status, Verdict, failed, passed, unless


@check(
    severity=MEDIUM,
    severity_rule="medium: nobody can see the site, or nobody needs it to be one",
    needs=(BUCKETS, DISTRIBUTIONS),
    about="website",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # CloudFront reads the bucket by its REST endpoint, over HTTPS; then without the WebsiteConfiguration.
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
            # CloudFront reads the bucket by its REST endpoint, over HTTPS; then without the website configuration.
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
            aws s3api delete-bucket-website --bucket BUCKET
            """,
        note="CloudFront also has to be let in by the bucket policy; the index documents of folders and the redirects"
        " take a CloudFront function.",
    ),
    passes=(
        """
        # A website without such a Deny.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration: {IndexDocument: index.html}
        """,
        """
        # CloudFront reads it over HTTPS, by the REST endpoint; what has no website has no such trouble.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration: {IndexDocument: index.html}
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Site
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Site.Arn, !Sub "${Site.Arn}/*"]
                    Condition:
                      Bool: {"aws:SecureTransport": "false"}
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
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # What only sends visitors elsewhere asks nobody for permission.
        Resources:
          Old:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration:
                RedirectAllRequestsTo: {HostName: shop.example.com, Protocol: https}
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Old
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Old.Arn, !Sub "${Old.Arn}/*"]
                    Condition:
                      Bool: {"aws:SecureTransport": "false"}
          Site:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration: {IndexDocument: index.html}
        """,
    ),
    fails=(
        """
        # Whoever visits the site comes over HTTP, and is turned away.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration: # <-
                IndexDocument: index.html
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Site
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Site.Arn, !Sub "${Site.Arn}/*"]
                    Condition:
                      Bool: {"aws:SecureTransport": "false"}
        """,
    ),
    unsure=(
        """
        # The policy comes from elsewhere.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration: {IndexDocument: index.html}
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Site
              PolicyDocument: # <-
                Fn::Transform:
                  Name: AWS::Include
                  Parameters: {Location: s3://policies/tls.json}
        """,
    ),
)
def tls_conflict(bucket: Bucket, estate: Estate) -> Verdict:
    """A website bucket does not also deny plain HTTP.

    Website endpoints speak nothing but HTTP, so a policy that denies it shuts the site down for everybody. One of
    the two is a mistake.
    """
    return when_set(
        bucket.website, lambda site: _judge(site, bucket, estate), "it is no website", what="website hosting"
    )


def _judge(site: Website, bucket: Bucket, estate: Estate) -> Verdict:
    redirects = site.redirect_all.satisfies(lambda to: to is not None, "every request goes to another host")

    def judged() -> Verdict:
        denied = when_set(
            policy_of(bucket.policy),
            lambda policy: denies_plain_http(policy, bucket.name, bucket.region),
            Verdict(Status.FAIL),
            what="the bucket policy",
        )
        if denied.status is Status.FAIL:
            return passed(site.at, "its policy does not deny plain HTTP altogether")
        shut = ~denied
        if shut.status is Status.FAIL:
            shut &= failed(site.at, "it is a website, to which visitors come over plain HTTP")
        return is_origin(bucket, estate) | shut

    return unless(redirects, "that takes no permission", judged)
