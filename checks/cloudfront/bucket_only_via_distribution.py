from s3audit.check import (
    ACCESS_POINTS,
    ACCOUNT,
    ALL,
    BUCKETS,
    CRITICAL,
    DISTRIBUTIONS,
    MEDIUM,
    ROLES,
    Fix,
    check,
)
from s3audit.intent import is_for, listed, said
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.model.expectation import Trust
from s3audit.model.uses import is_origin
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status, Verdict, failed, passed, unknown, unless


@check(
    severity=MEDIUM,
    severity_rule="medium: whoever else reads passes by signed addresses, WAF, country limits and logs; critical"
    " where that is everybody",
    needs=(ACCESS_POINTS, ACCOUNT, BUCKETS, DISTRIBUTIONS, ROLES),
    sources=ALL,
    yields_to=("access-public-read",),
    fix=Fix(
        cloudformation="""
            PublicAccessBlockConfiguration:
              BlockPublicAcls: true
              BlockPublicPolicy: true
              IgnorePublicAcls: true
              RestrictPublicBuckets: true

            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {Service: cloudfront.amazonaws.com}
                      Action: s3:GetObject
                      Resource: !Sub ${Bucket.Arn}/*
                      Condition:
                        StringEquals:
                          aws:SourceArn: !Sub arn:aws:cloudfront::${AWS::AccountId}:distribution/${Cdn}
            """,
        terraform="""
            resource "aws_s3_bucket_public_access_block" "example" {
              bucket                  = aws_s3_bucket.example.id
              block_public_acls       = true
              block_public_policy     = true
              ignore_public_acls      = true
              restrict_public_buckets = true
            }

            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { Service = "cloudfront.amazonaws.com" }
                  Action    = "s3:GetObject"
                  Resource  = "${aws_s3_bucket.example.arn}/*"
                  Condition = { StringEquals = { "aws:SourceArn" = aws_cloudfront_distribution.cdn.arn } }
                }]
              })
            }
            """,
        cli="""
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration \\
              BlockPublicAcls=true,BlockPublicPolicy=true,IgnorePublicAcls=true,RestrictPublicBuckets=true
            """,
        note="Cdn is the distribution in front of the bucket, and its origin needs an origin access control.",
    ),
    passes=(
        """
        # Only the distribution reads.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
          PhotosPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: cloudfront.amazonaws.com}
                    Action: s3:GetObject
                    Resource: !Sub ${Photos.Arn}/*
                    Condition:
                      StringEquals:
                        aws:SourceArn: !Sub arn:aws:cloudfront::${AWS::AccountId}:distribution/${Cdn}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: !GetAtt Photos.RegionalDomainName
                    OriginAccessControlId: E2QWRUHAPOMQZL
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
        """
        # So does its identity; a role that only writes, and the administrators, are no other readers.
        #: [[expect]]
        #: administrators = "arn:aws:iam::*:role/admin"
        Resources:
          Photos:
            Type: AWS::S3::Bucket
          PhotosPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal:
                      AWS: !Sub "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity ${Identity}"
                    Action: s3:GetObject
                    Resource: !Sub ${Photos.Arn}/*
                  - Effect: Allow
                    Principal: {AWS: !GetAtt Upload.Arn}
                    Action: s3:PutObject
                    Resource: !Sub ${Photos.Arn}/*
                  - Effect: Allow
                    Principal: {AWS: !GetAtt Admin.Arn}
                    Action: s3:*
                    Resource: !Sub ${Photos.Arn}/*
          Identity:
            Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
            Properties:
              CloudFrontOriginAccessIdentityConfig: {Comment: reads the photos}
          Admin:
            Type: AWS::IAM::Role
            Properties:
              RoleName: admin
              AssumeRolePolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !Ref AWS::AccountId}
                    Action: sts:AssumeRole
          Upload:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: lambda.amazonaws.com}
                    Action: sts:AssumeRole
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: !GetAtt Photos.RegionalDomainName
                    S3OriginConfig:
                      OriginAccessIdentity: !Sub origin-access-identity/cloudfront/${Identity}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # Nothing is asked of a bucket that is said to be public.
        #: [[expect]]
        #: name = "shop-site"
        #: public = true
        Resources:
          Photos:
            Type: AWS::S3::Bucket
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-site
              PublicAccessBlockConfiguration: {BlockPublicPolicy: false, RestrictPublicBuckets: false}
          SitePolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Site
              PolicyDocument:
                Statement:
                  - {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Site.Arn}/*"}
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: !GetAtt Photos.RegionalDomainName
                    OriginAccessControlId: E2QWRUHAPOMQZL
                    S3OriginConfig: {OriginAccessIdentity: ""}
                  - Id: site
                    DomainName: shop-site.s3.eu-west-1.amazonaws.com
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
    ),
    fails=(
        """
        # A role reads, too.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
          PhotosPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: cloudfront.amazonaws.com}
                    Action: s3:GetObject
                    Resource: !Sub ${Photos.Arn}/*
                  - Effect: Allow # <-
                    Principal: {AWS: !GetAtt Resize.Arn}
                    Action: s3:Get*
                    Resource: !Sub ${Photos.Arn}/*
          Resize:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: lambda.amazonaws.com}
                    Action: sts:AssumeRole
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: !GetAtt Photos.RegionalDomainName
                    OriginAccessControlId: E2QWRUHAPOMQZL
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
        """
        # Critical: everybody reads, by the address of the bucket.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                BlockPublicPolicy: false
                RestrictPublicBuckets: false # <-
          PhotosPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Photos.Arn}/*
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: !GetAtt Photos.RegionalDomainName
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
    ),
    unsure=(
        """
        # Who reads is for whoever deploys it.
        Parameters:
          Reader:
            Type: String
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {BlockPublicPolicy: true, RestrictPublicBuckets: true}
          PhotosPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: !Ref Reader}
                    Action: s3:GetObject
                    Resource: !Sub ${Photos.Arn}/*
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: !GetAtt Photos.RegionalDomainName
                    OriginAccessControlId: E2QWRUHAPOMQZL
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
    ),
)
def bucket_only_via_distribution(bucket: Bucket, estate: Estate) -> Verdict:
    """A bucket behind CloudFront cannot be reached by its S3 URL.

    Whoever reads the bucket itself passes by all that stands at the distribution: signed addresses, the firewall,
    limits to countries, and the logs. Policies of roles and users of the own account are not looked at.
    """

    def asked() -> Verdict:
        return unless(
            _is_public(bucket, estate), "it is said to be public", lambda: behind(is_origin(bucket, estate))
        )

    def behind(origin: Verdict) -> Verdict:
        if origin.status is Status.UNKNOWN:
            return origin
        return unless(~origin, "no distribution reads it", lambda: _judge(bucket, estate))

    return unless(of_type(bucket, "directory", "outposts"), "CloudFront reads no such bucket", asked)


def _is_public(bucket: Bucket, estate: Estate) -> Verdict:
    match said(bucket, estate, lambda one: one.public):
        case Known(bool() as public, at):
            return passed(at, "public = true") if public else failed(at, "public = false")
        case Unknown(why, at):
            return unknown(at, why)
        case _:
            return is_for(bucket, estate, "website", "public-data")


def _judge(bucket: Bucket, estate: Estate) -> Verdict:
    from s3audit.policy.access import public_read

    public = public_read(bucket, estate)
    if public.status is Status.PASS:
        return (~public).at_severity(CRITICAL)
    match bucket.policy:
        case Known(None) | Unset(None):
            return ~public & passed(bucket.policy.at, "there is no bucket policy that lets anybody read")
        case Unknown(why, at):
            return ~public & unknown(at, f"the bucket policy is not known: {why}")
        case _:
            return ~public & _others(bucket, estate)


def _others(bucket: Bucket, estate: Estate) -> Verdict:
    from s3audit.policy.access.around import read_by_nobody_else

    trusted = listed(bucket, estate, lambda one: _arns(one.trust))
    match trusted:
        case Known(frozenset() as arns) | Unset(frozenset() as arns):
            return read_by_nobody_else(bucket, estate, sorted(arns))
        case Unknown(why, at):
            found = read_by_nobody_else(bucket, estate, ())
            return found if found.status is Status.PASS else unknown(at, why)
        case _:
            return read_by_nobody_else(bucket, estate, ())


def _arns(trust: Trust) -> tuple[str, ...] | None:
    """Of those who may read beside CloudFront."""
    if trust.administrators is None and trust.readers is None:
        return None
    return (*(trust.administrators or ()), *(trust.readers or ()))
