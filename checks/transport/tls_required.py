from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.uses import is_website
from s3audit.policy.language import policy_of
from s3audit.policy.proofs import denies_plain_http
from s3audit.setting import when_set
from s3audit.verdict import Verdict, failed, unless


@check(
    severity=MEDIUM,
    severity_rule="medium: it takes a place in the network between the two, and a client that speaks HTTP",
    needs=(BUCKETS,),
    sources=ALL,
    peers={
        "checkov": ("CKV_AWS_379",),
        "prowler": ("s3_bucket_secure_transport_policy",),
        "kics": (
            "S3 Bucket Policy Accepts HTTP Requests (terraform 4bc4dd4c-7d8d-405e-a0fb-57fa4c31b4d9)",
            "S3 Bucket Without SSL In Write Actions (cloudformation 38c64e76-c71e-4d92-a337-60174d1de1c9)",
            "S3 Bucket Should Have Bucket Policy (cloudformation 37fa8188-738b-42c8-bf82-6334ea567738)",
        ),
        "guard": ("S3_BUCKET_SSL_REQUESTS_ONLY",),
        "scoutsuite": ("s3-bucket-allowing-cleartext",),
        "config": ("s3-bucket-ssl-requests-only",),
        "securityhub": ("S3.5",),
        "custodian": ("missing-policy-statement",),
        "regula": ("FG_R00100",),
        "steampipe": ("s3_bucket_enforces_ssl",),
        "cfn_nag": ("W51",),
    },
    fix=Fix(
        cloudformation="""
            # A resource of its own, or one more statement in the bucket's policy.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Sid: TlsOnly
                      Effect: Deny
                      Principal: "*"
                      Action: s3:*
                      Resource:
                        - !GetAtt Bucket.Arn
                        - !Sub ${Bucket.Arn}/*
                      Condition:
                        Bool: {"aws:SecureTransport": "false"}
            """,
        terraform="""
            data "aws_iam_policy_document" "tls_only" {
              statement {
                sid       = "TlsOnly"
                effect    = "Deny"
                actions   = ["s3:*"]
                resources = [aws_s3_bucket.example.arn, "${aws_s3_bucket.example.arn}/*"]
                principals {
                  type        = "*"
                  identifiers = ["*"]
                }
                condition {
                  test     = "Bool"
                  variable = "aws:SecureTransport"
                  values   = ["false"]
                }
              }
            }

            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = data.aws_iam_policy_document.tls_only.json
            }
            """,
        cli="""
            # This replaces the policy: put the statements that are there into the file too.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
    ),
    passes=(
        """
        # One statement for the bucket and its objects.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      Bool: {aws:SecureTransport: false}
        """,
        """
        # Two statements share the work, in other words and beside an Allow.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: shop-orders
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: arn:aws:s3:::shop-orders/*
                  - Effect: Deny
                    Principal: {AWS: "*"}
                    Action: "*"
                    Resource: arn:aws:s3:::shop-orders
                    Condition:
                      BoolIfExists: {AWS:securetransport: [FALSE]}
                  - Effect: Deny
                    Principal: {AWS: ["*"]}
                    NotAction: sts:AssumeRole
                    Resource: !Sub arn:${AWS::Partition}:s3:::shop-*/*
                    Condition:
                      Bool: {aws:SecureTransport: ["false"]}
        """,
        """
        # As JSON: a part that can't be told does not matter beside one that covers all.
        {
          "Parameters": {"Partner": {"Type": "String"}},
          "Resources": {
            "Orders": {"Type": "AWS::S3::Bucket"},
            "OrdersPolicy": {
              "Type": "AWS::S3::BucketPolicy",
              "Properties": {
                "Bucket": {"Ref": "Orders"},
                "PolicyDocument": {
                  "Statement": [
                    {
                      "Effect": "Deny",
                      "Principal": "*",
                      "Action": ["s3:*", "kms:*"],
                      "Resource": ["*", {"Fn::Sub": "arn:aws:s3:::${Partner}/*"}],
                      "Condition": {"Bool": {"aws:SecureTransport": "false"}}
                    },
                    {
                      "Effect": "Allow",
                      "Principal": {"AWS": {"Ref": "Partner"}},
                      "Action": "s3:GetObject",
                      "Resource": {"Fn::Sub": "${Orders.Arn}/*"}
                    }
                  ]
                }
              }
            }
          }
        }
        """,
        """
        # A website speaks nothing but HTTP, so nothing is asked of its bucket.
        Resources:
          Site:
            Type: AWS::S3::Bucket
            Properties:
              WebsiteConfiguration: {IndexDocument: index.html}
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  Effect: Deny
                  Principal: "*"
                  Action: s3:*
                  Resource: !Sub arn:aws:s3:::${Orders}*
                  Condition: {Bool: {aws:SecureTransport: "false"}}
        """,
        """
        # Together they deny it from everywhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      Bool: {aws:SecureTransport: false}
                      NotIpAddress: {aws:SourceIp: 10.0.0.0/8}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      Bool: {aws:SecureTransport: false}
                      IpAddress: {aws:SourceIp: 10.0.0.0/8}
        """,
    ),
    fails=(
        """
        # No policy at all.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # A policy that is about something else.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # A request without TLS has no version of TLS that could be too low.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      NumericLessThan: {s3:TlsVersion: 1.2} # <-
        """,
        """
        # Only the objects: listing the bucket over HTTP is allowed.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: !Sub ${Orders.Arn}/* # <-
                    Condition:
                      Bool: {aws:SecureTransport: false}
        """,
        """
        # Only some actions, and only some principals.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop} # <-
                    Action: [s3:PutObject, s3:DeleteObject] # <-
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      Bool: {aws:SecureTransport: false}
        """,
        """
        # A second condition spares every address in the network.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      Bool: {aws:SecureTransport: false}
                      NotIpAddress:
                        aws:SourceIp: 10.0.0.0/8 # <-
        """,
        """
        # An Allow for HTTPS denies nothing.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      Bool:
                        aws:SecureTransport: true # <-
        """,
        """
        # The wrong way round: HTTPS is denied, plain HTTP is not.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      Bool:
                        aws:SecureTransport: true # <-
        """,
        """
        # A part of the bucket is spared.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    NotResource: !Sub "${Orders.Arn}/public/*" # <-
                    Condition:
                      Bool: {aws:SecureTransport: false}
        """,
        """
        # Another partition has no bucket of this Region.
        provider "aws" {
          region = "eu-west-1"
        }
        resource "aws_s3_bucket" "orders" {
          bucket = "shop-orders"
        }
        resource "aws_s3_bucket_policy" "orders" {
          bucket = aws_s3_bucket.orders.id
          policy = jsonencode({
            Version = "2012-10-17"
            Statement = [{
              Effect    = "Deny"
              Principal = "*"
              Action    = "s3:*"
              Resource  = ["arn:aws-cn:s3:::shop-orders", "arn:aws-cn:s3:::shop-orders/*"] # <-
              Condition = { Bool = { "aws:SecureTransport" = "false" } }
            }]
          })
        }
        """,
    ),
    unsure=(
        """
        # It is the right policy if this is deployed to China.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [arn:aws-cn:s3:::shop-orders, arn:aws-cn:s3:::shop-orders/*] # <-
                    Condition:
                      Bool: {aws:SecureTransport: false}
        """,
        """
        # The document comes from elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Fn::Transform:
                  Name: AWS::Include
                  Parameters: {Location: s3://policies/tls.json}
        """,
        """
        # Whether these are the ARNs of this bucket is for another stack to say.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: # <-
                      - !ImportValue orders-arn
                      - Fn::Sub: ["${Arn}/*", {Arn: !ImportValue orders-arn}]
                    Condition:
                      Bool: {aws:SecureTransport: false}
        """,
    ),
)
def tls_required(bucket: Bucket) -> Verdict:
    """Plain HTTP requests are denied for the whole bucket.

    S3 answers over plain HTTP too, and then whoever sits on the way reads the data and can change it. Only a
    Deny in the bucket policy stops that for everyone, whatever other permissions say.
    """

    def denied() -> Verdict:
        return when_set(
            policy_of(bucket.policy),
            lambda policy: denies_plain_http(policy, bucket.name, bucket.region),
            failed(bucket.policy.at, "there is no bucket policy that denies plain HTTP"),
            what="the bucket policy",
        )

    def asked() -> Verdict:
        return unless(is_website(bucket), "website endpoints speak plain HTTP only", denied)

    return unless(of_type(bucket, "directory"), "it is reached over HTTPS only", asked)
