from s3audit.check import ALL, BUCKETS, LOW, Fix, check
from s3audit.model.bucket import Bucket, CorsRule
from s3audit.setting import every_of, when_set
from s3audit.verdict import Verdict, unless

from ._origins import admits_a_read, admits_everyone


@check(
    severity=LOW,
    severity_rule="low: CORS is no access control; a wildcard shows no more than the address already gives",
    needs=(BUCKETS,),
    about="cors",
    sources=ALL,
    yields_to=("cors-write-methods",),
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
                - AllowedMethods: [GET]
                  AllowedOrigins: ["https://www.example.com"]
            """,
        terraform="""
            resource "aws_s3_bucket_cors_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              cors_rule {
                allowed_methods = ["GET"]
                allowed_origins = ["https://www.example.com"]
              }
            }
            """,
        cli="""
            aws s3api put-bucket-cors --bucket BUCKET --cors-configuration \\
              '{"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://www.example.com"]}]}'
            """,
    ),
    passes=(
        """
        # Every origin is named.
        Resources:
          Assets:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET, HEAD]
                    AllowedOrigins: ["https://www.example.com", "https://*.shop.example.com"]
        """,
        """
        # Who owns the domain is known, whatever stands before it.
        Parameters:
          Stage:
            Type: String
        Resources:
          Assets:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins: [!Sub "https://${Stage}.example.com", "http://localhost:*"]
        """,
        """
        # Nothing is asked without CORS, nor of a rule that admits no reading.
        Resources:
          Assets:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins: ["https://www.example.com"]
          Uploads:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [PUT, POST]
                    AllowedOrigins: ["*"]
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Every origin there is.
        Resources:
          Assets:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins:
                      - https://www.example.com
                      - "*" # <-
        """,
        """
        # The same in other words, in the second of two rules.
        Resources:
          Assets:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins: ["https://www.example.com"]
                  - AllowedMethods: [HEAD]
                    AllowedOrigins:
                      - http* # <-
                      - "https://*" # <-
                      - "http://*:8080" # <-
        """,
        """
        # A rule that admits writing admits reading all the same.
        Resources:
          Uploads:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET, PUT]
                    AllowedOrigins: ["*"] # <-
        """,
        """
        # Anyone can have a name below these.
        Resources:
          Assets:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins:
                      - "https://*.com" # <-
                      - "https://*.github.io" # <-
                      - "*.co.uk" # <-
                      - "https://*.s3.eu-west-1.amazonaws.com" # <-
                      - "http://*.s3-website-eu-west-1.amazonaws.com" # <-
                      - "https://*.execute-api.eu-west-1.amazonaws.com" # <-
        """,
    ),
    unsure=(
        """
        # The origins are for whoever deploys this.
        Parameters:
          Origins:
            Type: CommaDelimitedList
        Resources:
          Assets:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins: !Ref Origins # <-
        """,
        """
        # The domain may be a wildcard.
        Parameters:
          Domain:
            Type: String
        Resources:
          Assets:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins:
                      - !Sub https://${Domain} # <-
        """,
        """
        # What follows the wildcard may be nothing, or a domain of everyone.
        Parameters:
          Domain:
            Type: String
        Resources:
          Assets:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins:
                      - !Sub "*${Domain}" # <-
                      - !Sub "https://*${Domain}" # <-
                      - !Sub "https://*.${Domain}" # <-
        """,
        """
        # If the method is one that writes, nothing is asked of the rule.
        Parameters:
          Method:
            Type: String
        Resources:
          Assets:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods:
                      - PUT
                      - !Ref Method # <-
                    AllowedOrigins: ["*"]
        """,
    ),
)
def wildcard_origin(bucket: Bucket) -> Verdict:
    """CORS does not admit every origin.

    CORS tells browsers which web pages may read from the bucket on behalf of a visitor. A wildcard admits
    pages that nobody has thought of, among them those that want the visitor's data.
    """
    return when_set(
        bucket.cors,
        lambda cors: every_of(cors.rules, _reads),
        "it has no CORS configuration",
        what="the CORS configuration",
    )


def _reads(rule: CorsRule) -> Verdict:
    return unless(
        ~admits_a_read(rule), "only rules that admit reading are asked about", ~admits_everyone(rule)
    )
