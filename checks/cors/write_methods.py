from s3audit.check import ALL, BUCKETS, HIGH, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket, CorsRule
from s3audit.setting import every_of, when_set
from s3audit.verdict import Status, Verdict

from ._origins import admits_a_write, admits_every_site, admits_everyone


@check(
    severity=MEDIUM,
    severity_rule="medium for a domain below which anyone can have a name; high for every site there is",
    needs=(BUCKETS,),
    about="cors",
    sources=ALL,
    peers={
        "kics": (
            "S3 Bucket with Unsecured CORS Rule (terraform 98a8f708-121b-455b-ae2f-da3fb59d17e1)",
            "S3 Bucket With Unsecured CORS Rule (cloudformation 3609d27c-3698-483a-9402-13af6ae80583)",
        ),
    },
    fix=Fix(
        cloudformation="""
            CorsConfiguration:
              CorsRules:
                - AllowedMethods: [PUT, POST]
                  AllowedOrigins: ["https://upload.example.com"]
                  AllowedHeaders: ["*"]
                - AllowedMethods: [GET]
                  AllowedOrigins: ["https://www.example.com"]
            """,
        terraform="""
            resource "aws_s3_bucket_cors_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              cors_rule {
                allowed_methods = ["PUT", "POST"]
                allowed_origins = ["https://upload.example.com"]
                allowed_headers = ["*"]
              }
              cors_rule {
                allowed_methods = ["GET"]
                allowed_origins = ["https://www.example.com"]
              }
            }
            """,
        cli="""
            aws s3api put-bucket-cors --bucket BUCKET --cors-configuration \\
              '{"CORSRules": [{"AllowedMethods": ["PUT", "POST"], "AllowedOrigins": ["https://upload.example.com"]}]}'
            """,
        note="Name every site that uploads from a browser: those that are left out stop working.",
    ),
    passes=(
        """
        # Whoever uploads is named; anyone may read.
        Resources:
          Uploads:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [PUT, POST]
                    AllowedOrigins: ["https://upload.example.com", "https://*.shop.example.com"]
                  - AllowedMethods: [GET, HEAD]
                    AllowedOrigins: ["*"]
        """,
        """
        # Whoever reads may come from wherever the parameter says; nobody writes.
        Parameters:
          Origin:
            Type: String
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins: [!Ref Origin]
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Every site may upload.
        Resources:
          Uploads:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods:
                      - GET
                      - PUT # <-
                    AllowedOrigins:
                      - https://upload.example.com
                      - "*" # <-
        """,
        """
        # The same in other words, in the second of two rules.
        Resources:
          Uploads:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins: ["*"]
                  - AllowedMethods: [DELETE] # <-
                    AllowedOrigins:
                      - "https://*" # <-
        """,
        """
        # Medium: anyone can have a name below this one.
        Resources:
          Uploads:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [POST] # <-
                    AllowedOrigins:
                      - "https://*.github.io" # <-
        """,
    ),
    unsure=(
        """
        # The origins are for whoever deploys this.
        Parameters:
          Origins:
            Type: CommaDelimitedList
        Resources:
          Uploads:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [PUT]
                    AllowedOrigins: !Ref Origins # <-
        """,
        """
        # The method may be one that writes.
        Parameters:
          Method:
            Type: String
        Resources:
          Uploads:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods:
                      - !Ref Method # <-
                    AllowedOrigins: ["*"]
        """,
    ),
)
def write_methods(bucket: Bucket) -> Verdict:
    """CORS write methods are limited to named origins.

    A rule with PUT, POST or DELETE lets web pages write to the bucket with what the visitor's browser holds: a
    signed address, or credentials. Only the pages that upload need that, and they have a name.
    """
    return when_set(
        bucket.cors,
        lambda cors: every_of(cors.rules, _writes),
        "it has no CORS configuration",
        what="the CORS configuration",
    )


def _writes(rule: CorsRule) -> Verdict:
    found = ~(admits_a_write(rule) & admits_everyone(rule))
    every_site = admits_every_site(rule).status is Status.PASS
    return found.at_severity(HIGH if every_site else MEDIUM)
