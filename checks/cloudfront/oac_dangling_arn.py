import re
from collections.abc import Callable
from typing import TypeVar

from s3audit.check import ALL, BUCKETS, DISTRIBUTIONS, LIVE, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.distribution import Distribution, OriginAccessIdentity
from s3audit.model.estate import Estate
from s3audit.model.lookup import first_by_name
from s3audit.model.names import arn_parts
from s3audit.model.uses import if_there
from s3audit.policy.elements import has_effect, speaks_of
from s3audit.policy.language import Condition, Policy, Principal, Statement, policy_of
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, every_of, when_set
from s3audit.text import Text
from s3audit.verdict import Verdict, every, failed, not_applicable, passed, unknown, unless

T = TypeVar("T")

_SERVICE = "cloudfront.amazonaws.com"
_IDENTITY = ":iam::cloudfront:user/CloudFront Origin Access Identity "
_ID = r"[A-Z0-9]+"
_NO_PATTERN = "it names no distribution, but a pattern"


@check(
    severity=MEDIUM,
    severity_rule="medium: viewers get nothing, or access is left over that nobody needs",
    needs=(BUCKETS, DISTRIBUTIONS),
    about="policy",
    sources=ALL,
    fix=Fix(
        cloudformation="""
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
            # Tells the ARNs that there are, for the policy.
            aws cloudfront list-distributions --query "DistributionList.Items[].ARN"
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="Cdn is the distribution in front of the bucket; where there is none any more, remove the statement.",
    ),
    passes=(
        """
        # The distribution is there.
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
        # So is the identity; and nothing is asked of other statements, or of patterns.
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
          Identity:
            Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
            Properties:
              CloudFrontOriginAccessIdentityConfig: {Comment: reads the photos}
          Videos:
            Type: AWS::S3::Bucket
          VideosPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Videos
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: cloudfront.amazonaws.com}
                    Action: s3:GetObject
                    Resource: !Sub ${Videos.Arn}/*
                    Condition:
                      ArnLike: {aws:SourceArn: "arn:aws:cloudfront::111122223333:distribution/*"}
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # The ARN of a distribution has no Region.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
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
                        aws:SourceArn: arn:aws:cloudfront:us-east-1:111122223333:distribution/E1A2B3C4D5E6F7 # <-
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins:
                  - Id: photos
                    DomainName: shop-photos.s3.eu-west-1.amazonaws.com
                    OriginAccessControlId: E2QWRUHAPOMQZL
                    S3OriginConfig: {OriginAccessIdentity: ""}
                DefaultCacheBehavior: {TargetOriginId: photos, ViewerProtocolPolicy: https-only}
        """,
        """
        # Its end is an id, and neither a domain name nor missing.
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
                        aws:SourceArn:
                          - arn:aws:cloudfront::111122223333:distribution/d111111abcdef8.cloudfront.net # <-
                          - E1A2B3C4D5E6F7 # <-
        """,
    ),
    unsure=(
        """
        # The distribution is declared elsewhere.
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
                        aws:SourceArn: arn:aws:cloudfront::111122223333:distribution/E1A2B3C4D5E6F7 # <-
        """,
        """
        # The identity may be one of another account.
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
                      AWS: arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1A2B3C4D5E6F7 # <-
                    Action: s3:GetObject
                    Resource: !Sub ${Photos.Arn}/*
        """,
    ),
)
def oac_dangling_arn(bucket: Bucket, estate: Estate) -> Verdict:
    """The distribution named in the bucket policy exists.

    A statement for a distribution that is not there lets in nobody: viewers see errors, or the statement is left
    over from something that is gone, and hides what the policy is for.
    """
    return when_set(
        policy_of(bucket.policy),
        lambda policy: _judge(policy, bucket, estate),
        "there is no bucket policy",
        what="the bucket policy",
    )


def _judge(policy: Policy, bucket: Bucket, estate: Estate) -> Verdict:
    empty = not_applicable(policy.at, "it names no distribution")
    return every_of(
        policy.statements,
        lambda statement: unless(
            ~has_effect(statement, "Allow"),
            "it lets nobody in",
            lambda: _sources(statement, bucket, estate) & _identities(statement, estate),
        ),
        empty,
    )


def _sources(statement: Statement, bucket: Bucket, estate: Estate) -> Verdict:
    """The distributions that CloudFront may ask for."""
    nobody = not_applicable(statement.at, "it is not for CloudFront")
    return unless(
        ~speaks_of(statement, ("Service",), _SERVICE),
        "it is not for CloudFront",
        lambda: every_of(statement.conditions, lambda one: _of_condition(one, bucket, estate), nobody),
    )


def _of_condition(condition: Condition, bucket: Bucket, estate: Estate) -> Verdict:
    operator = condition.operator.lower()
    if not condition.is_about("aws:sourcearn") or "not" in operator or operator == "null":
        return not_applicable(condition.at, "it names no distribution")
    return _each(condition.values, lambda arn, item: _is_there(arn, item, bucket, estate))


def _identities(statement: Statement, estate: Estate) -> Verdict:
    return _each(statement.principals, lambda one, item: _is_identity(one, item, estate))


def _each(listed: Listed[T], judge: Callable[[T, Setting[T]], Verdict]) -> Verdict:
    """That it holds for each of them, with its own place."""
    match listed:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items, at) | Unset(items, at):
            return every((_one(item, judge) for item in items), not_applicable(at, "nothing is named"))


def _one(item: Setting[T], judge: Callable[[T, Setting[T]], Verdict]) -> Verdict:
    match item:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(value) | Unset(value):
            return judge(value, item)


def _is_there(arn: Text, near: Setting[Text], bucket: Bucket, estate: Estate) -> Verdict:
    own = estate.named_by(arn, Distribution)
    if own is not None:
        return if_there(own, passed(near.at, f"it is the ARN of {own.title or own.address}"))
    if any(sign in part for part in arn.parts if isinstance(part, str) for sign in "*?"):
        return not_applicable(near.at, _NO_PATTERN)
    parts = arn_parts(arn)
    if parts is None:
        return (
            unknown(near.at, f"of what {arn} is the ARN is not known") if arn.opaque else _no_arn(arn, near)
        )
    _, service, region, account, resource = parts
    id_ = resource.without_prefix("distribution/")
    if _cannot_be(service, "cloudfront") or region.literal or (id_ is None and resource.literal is not None):
        return _no_arn(arn, near)
    if id_ is None:
        return unknown(near.at, f"which distribution {arn} is, is not known")
    if id_.literal is not None and not re.fullmatch(_ID, id_.literal):
        return _no_arn(arn, near)
    found = estate.named_by(id_, Distribution) or _by_id(id_, estate)
    if found is not None:
        return if_there(found, passed(near.at, f"it is the ARN of {found.title or found.address}"))
    return _elsewhere(arn, account, near, bucket, estate)


def _elsewhere(arn: Text, account: Text, near: Setting[Text], bucket: Bucket, estate: Estate) -> Verdict:
    """What is not here: gone, if all that its account has was seen."""
    if bucket.origin != LIVE or arn.literal is None:
        return unknown(near.at, f"the distribution {arn} is declared elsewhere")
    gap = estate.unlisted(Distribution, account.literal or "")
    if gap is not None:
        return unknown(near.at, f"whether the distribution {arn} exists is not known: {gap.why}")
    return failed(near.at, f"there is no distribution {arn}")


def _no_arn(arn: Text, near: Setting[Text]) -> Verdict:
    return failed(near.at, f"{arn} is the ARN of no distribution")


def _cannot_be(piece: Text, word: str) -> bool:
    return piece.literal is not None and piece.literal != word


def _is_identity(principal: Principal, near: Setting[Principal], estate: Estate) -> Verdict:
    """Whether an origin access identity exists; its ARN does not tell of which account it is."""
    id_ = _identity_in(principal.name)
    if id_ is None:
        return not_applicable(near.at, "it is no origin access identity")
    own = estate.named_by(id_, OriginAccessIdentity) or _identity_by_id(id_, estate)
    if own is not None:
        return if_there(own, passed(near.at, f"it is the identity {own.title or own.address}"))
    return unknown(
        near.at, f"the origin access identity {id_} is of another account, declared elsewhere, or gone"
    )


def _identity_in(name: Text) -> Text | None:
    """The id in the ARN of an origin access identity."""
    before, *after = name.split(_IDENTITY, 1)
    return after[0] if before.parts and after else None


def _by_id(id_: Text, estate: Estate) -> Distribution | None:
    return estate.once(_distributions).get(id_)


def _distributions(estate: Estate) -> dict[Text, Distribution]:
    return first_by_name((one, (one.id,)) for one in estate.all(Distribution))


def _identity_by_id(id_: Text, estate: Estate) -> OriginAccessIdentity | None:
    return estate.once(_known_identities).get(id_)


def _known_identities(estate: Estate) -> dict[Text, OriginAccessIdentity]:
    return first_by_name((one, (one.id,)) for one in estate.all(OriginAccessIdentity))
