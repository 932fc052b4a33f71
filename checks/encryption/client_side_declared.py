from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, INFO, Fix, check
from s3audit.intent import holds
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.uses import is_website
from s3audit.verdict import Status, Verdict, not_applicable, unknown, unless

from ._readers import feeds_a_function


@check(
    severity=INFO,
    severity_rule="info: no configuration shows how clients encrypt, only what does not go with it",
    needs=(BUCKETS, ACCESS_POINTS, ACCOUNT),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # Or take away what else reads the objects as they are.
            WebsiteConfiguration: !Ref AWS::NoValue
            """,
        terraform="Remove aws_s3_bucket_website_configuration, or what else reads the objects as they are.",
        cli="""
            aws s3api delete-bucket-website --bucket BUCKET
            """,
        note="Where the objects are not encrypted by clients after all, drop it from the configuration instead.",
    ),
    passes=(
        """
        # Nobody reads it who would not know how to decrypt.
        #: [[expect]]
        #: name = "shop-letters"
        #: data = "client-side-encrypted"
        Resources:
          Letters:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-letters
          Site:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-site
              WebsiteConfiguration: {IndexDocument: index.html}
        """,
    ),
    fails=(
        """
        # A browser shows what it gets.
        #: [[expect]]
        #: name = "shop-letters"
        #: data = "client-side-encrypted"
        Resources:
          Letters:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-letters
              WebsiteConfiguration: # <-
                IndexDocument: index.html
        """,
        """
        # A function is to change what it can't read.
        #: [[expect]]
        #: name = "shop-letters"
        #: data = "client-side-encrypted"
        Resources:
          Letters:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-letters
          Point:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Letters
          Lens: # <-
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !GetAtt Point.Arn
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda: {FunctionArn: !Sub "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:lens"}
        """,
        """
        # Everybody may read it, and nobody of them has the key.
        #: [[expect]]
        #: name = "shop-letters"
        #: data = "client-side-encrypted"
        Resources:
          Letters:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-letters
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false} # <-
          LettersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Letters
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Letters.Arn}/*
        """,
    ),
    unsure=(
        """
        # Whether everybody may read it is for another stack to say.
        #: [[expect]]
        #: name = "shop-letters"
        #: data = "client-side-encrypted"
        Resources:
          Letters:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-letters
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false}
          LettersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Letters
              PolicyDocument: # <-
                Fn::Transform:
                  Name: AWS::Include
                  Parameters: {Location: s3://policies/letters.yaml}
        """,
    ),
)
def client_side_declared(bucket: Bucket, estate: Estate) -> Verdict:
    """Buckets declared as client-side encrypted have no reader that needs plain text.

    What clients encrypt themselves is of use to nobody without their keys. A website, a function on the way or the
    public would get data that it can't read, so either they are a mistake or the data is not encrypted.
    """
    declared = holds(bucket, estate, "client-side-encrypted")
    if declared.status is Status.FAIL:
        return not_applicable(bucket.at, "it is not said to hold what clients have encrypted")

    def judged() -> Verdict:
        return ~(is_website(bucket) | feeds_a_function(bucket, estate) | _is_public(bucket, estate))

    verdict = unless(~declared, "it is not said to hold what clients have encrypted", judged)
    if verdict.status is not Status.PASS:
        return verdict
    return verdict.noting("whether the objects are encrypted no configuration tells", bucket.at)


def _is_public(bucket: Bucket, estate: Estate) -> Verdict:
    from s3audit.policy.access import public_read
    from s3audit.policy.sharing import open_partition

    gap = open_partition(bucket)
    return public_read(bucket, estate) if gap is None else unknown(gap.at, gap.why)
