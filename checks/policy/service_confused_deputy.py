from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.policy.elements import has_effect
from s3audit.policy.language import Policy, Principal, Statement
from s3audit.setting import Known, every_of, some_of
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, unknown, unless

from ._sources import CLOUDFRONT, SOURCES, pins
from ._statements import names_one, of_policy, some_of_items

_PINNED_BY_PATH = ("logdelivery.elasticloadbalancing.amazonaws.com", "logdelivery.elb.amazonaws.com")
"""They write below the number of the account that they come for, and their documentation has no condition."""


@check(
    severity=MEDIUM,
    severity_rule="medium: another customer can make the service write here; high where it can make it read objects",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # For CloudFront it is aws:SourceArn with the ARN of the distribution.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {Service: cloudtrail.amazonaws.com}
                      Action: s3:PutObject
                      Resource: !Sub ${Bucket.Arn}/*
                      Condition:
                        StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}
            """,
        terraform="""
            # For CloudFront it is aws:SourceArn with the ARN of the distribution.
            data "aws_caller_identity" "current" {}

            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { Service = "cloudtrail.amazonaws.com" }
                  Action    = "s3:PutObject"
                  Resource  = "${aws_s3_bucket.example.arn}/*"
                  Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
                }]
              })
            }
            """,
        cli="""
            # policy.json has StringEquals on aws:SourceAccount, or ArnLike on aws:SourceArn.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
    ),
    passes=(
        """
        # The account, the bucket, the distribution; the logs of load balancers have no such key.
        Resources:
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: cloudtrail.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition: {StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}
                  - Effect: Allow
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition: {ArnLike: {"aws:SourceArn": arn:aws:s3:::shop-orders}}
                  - Effect: Allow
                    Principal: {Service: cloudfront.amazonaws.com}
                    Action: s3:GetObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition:
                      StringEquals: {"AWS:SourceArn": arn:aws:cloudfront::111122223333:distribution/E1A2B3C4D5}
                  - Effect: Allow
                    Principal: {Service: logdelivery.elasticloadbalancing.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/AWSLogs/${AWS::AccountId}/*
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # A Deny keeps the services away that come for others.
        Resources:
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: cloudtrail.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Logs.Arn, !Sub "${Logs.Arn}/*"]
                    Condition:
                      StringNotEqualsIfExists: {"aws:SourceOrgID": o-a1b2c3d4e5}
                      Bool: {"aws:PrincipalIsAWSService": "true"}
        """,
    ),
    fails=(
        """
        # CloudTrail, for whomever.
        Resources:
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: cloudtrail.amazonaws.com} # <-
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
        """,
        """
        # Every distribution of every customer may read.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
          PhotosPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal:
                      Service: cloudfront.amazonaws.com # <-
                    Action: s3:GetObject
                    Resource: !Sub ${Photos.Arn}/*
        """,
        """
        # Patterns that any account fits, and an account that CloudFront does not tell.
        Resources:
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal:
                      Service: logging.s3.amazonaws.com # <-
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition: {ArnLike: {"aws:SourceArn": "arn:aws:s3:::*"}}
                  - Effect: Allow
                    Principal:
                      Service: cloudfront.amazonaws.com # <-
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition: {StringEquals: {"aws:SourceAccount": "111122223333"}}
        """,
    ),
    unsure=(
        """
        # Which source it is, is for whoever deploys it to say.
        Parameters:
          Trail: {Type: String}
        Resources:
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {Service: cloudtrail.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition: {ArnLike: {"aws:SourceArn": !Ref Trail}}
        """,
    ),
)
def service_confused_deputy(bucket: Bucket) -> Verdict:
    """Statements for AWS service principals pin the source account or ARN.

    A service works for every customer of AWS. Where the statement does not say for which account or resource it may
    come, somebody else can point the service at your bucket, and it will write or read there for them.
    """

    def asked() -> Verdict:
        return of_policy(bucket, lambda policy: _judged(policy, bucket))

    return unless(~of_type(bucket, "general"), "no service is let in by its policy", asked)


def _judged(policy: Policy, bucket: Bucket) -> Verdict:
    services = some_of(
        policy.statements, lambda one: has_effect(one, "Allow") & some_of_items(one.principals, _is_asked)
    )
    found = every_of(policy.statements, lambda one: _is_pinned(one, policy, bucket))
    return unless(~services, "it lets no service in", found)


def _is_asked(item: Known[Principal]) -> Verdict:
    one = item.value
    if one.kind == "*" and one.name.literal is None and not names_one(one.name):
        return unknown(item.at, f"whom {one.name} names is not known")
    return Verdict(
        Status.PASS if one.kind == "Service" and one.name.literal not in _PINNED_BY_PATH else Status.FAIL
    )


def _is_pinned(statement: Statement, policy: Policy, bucket: Bucket) -> Verdict:
    allows = has_effect(statement, "Allow")
    if allows.status is Status.FAIL:
        return Verdict(Status.PASS)
    open_ = some_of_items(
        statement.principals,
        lambda item: (
            _is_asked(item) & ~some_of(statement.conditions, lambda one: pins(one, _keys(item.value.name)))
        ),
    )
    if open_.status is Status.FAIL:
        return Verdict(Status.PASS)
    from ._deputies import comes_for_anyone

    return ~(allows & comes_for_anyone(statement, policy, bucket, open_, _PINNED_BY_PATH))


def _keys(service: Text) -> tuple[str, ...]:
    return SOURCES[:1] if service.literal == CLOUDFRONT else SOURCES
