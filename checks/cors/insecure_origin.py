from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket, CorsRule
from s3audit.setting import every_of, when_set
from s3audit.verdict import Verdict

from ._origins import admits_http, admits_http_of_here


@check(
    severity=MEDIUM,
    severity_rule="medium: whoever sits on the way can put a script into an http page; low for a server on the"
    " visitor's own machine, such as localhost",
    needs=(BUCKETS,),
    about="cors",
    sources=ALL,
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
        note="The site itself has to be served over HTTPS first.",
    ),
    passes=(
        """
        # Only pages that came over HTTPS.
        Parameters:
          Stage:
            Type: String
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins: ["https://www.example.com", !Sub "https://${Stage}.example.com"]
        """,
        """
        # Every origin is no matter of the scheme, and without CORS there is none.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins: ["*"]
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # A page that came over plain HTTP.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins:
                      - https://www.example.com
                      - http://www.example.com # <-
        """,
        """
        # Where the scheme is left open, http will do, too.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins:
                      - "*.example.com" # <-
                      - "*://www.example.com" # <-
                      - "http://*" # <-
        """,
        """
        # So says a sandboxed frame of any site, and a file on somebody's disk.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins:
                      - "null" # <-
        """,
        """
        # Low: what runs on one's own machine, while it is developed.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins:
                      - http://localhost:3000 # <-
                      - http://127.0.0.1:* # <-
        """,
    ),
    unsure=(
        """
        # The origin is for whoever deploys this.
        Parameters:
          Site:
            Type: String
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins:
                      - !Ref Site # <-
        """,
        """
        # A public suffix or a domain of one's own may follow.
        Parameters:
          Domain:
            Type: String
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - AllowedMethods: [GET]
                    AllowedOrigins:
                      - !Sub "*.${Domain}" # <-
        """,
    ),
)
def insecure_origin(bucket: Bucket) -> Verdict:
    """CORS origins use https.

    What comes over plain HTTP can be changed on the way. Whoever puts a script into such a page reads and
    writes the bucket as the page does. The origin "null" is that of many pages that nobody knows.
    """
    return when_set(
        bucket.cors,
        lambda cors: every_of(cors.rules, _https),
        "it has no CORS configuration",
        what="the CORS configuration",
    )


def _https(rule: CorsRule) -> Verdict:
    return (~admits_http(rule)).at_severity(MEDIUM) & (~admits_http_of_here(rule)).at_severity(LOW)
