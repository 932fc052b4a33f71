from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.verdict import Verdict

from ._wildcards import no_open_statement


@check(
    severity=HIGH,
    severity_rule="high: it is all that stands between everybody and the data; medium where it keeps strangers out,"
    " but S3 calls the policy public for its pattern, so that a block would cut it off",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    yields_to=("access-public-read", "access-public-write"),
    peers={"checkov": ("CKV_AWS_70",)},
    fix=Fix(
        cloudformation="""
            # Or the ARN of a distribution, an account, a VPC endpoint.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: "*"
                      Action: s3:GetObject
                      Resource: !Sub ${Bucket.Arn}/*
                      Condition:
                        StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}
            """,
        terraform="""
            # Or the ARN of a distribution, an account, a VPC endpoint.
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = "*"
                  Action    = "s3:GetObject"
                  Resource  = "${aws_s3_bucket.example.arn}/*"
                  Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }
                }]
              })
            }
            """,
        cli="""
            # policy.json has StringEquals on aws:PrincipalOrgID, aws:PrincipalAccount or aws:SourceVpce.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="To show pictures on your own website only, serve them through CloudFront; a Referer stops nobody.",
    ),
    passes=(
        """
        # A fixed organization; addresses of one company; and nobody but one role in a third statement.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition: {StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      IpAddress: {"aws:SourceIp": 203.0.113.0/24}
                      Bool: {"aws:SecureTransport": "true"}
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:ListBucket
                    Resource: !GetAtt Orders.Arn
                    Condition: {StringLike: {"s3:prefix": "open/*"}}
        """,
        """
        # Without any condition it is for policy-wildcard-principal to tell.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
    fails=(
        """
        # Whoever asks writes the Referer.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Photos.Arn}/*
                    Condition:
                      StringLike:
                        aws:Referer: https://shop.example.com/* # <-
        """,
        """
        # Half of all addresses; all but one organization; whoever belongs to none.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      IpAddress:
                        aws:SourceIp: 0.0.0.0/1 # <-
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringNotEquals:
                        aws:PrincipalOrgID: o-a1b2c3d4e5 # <-
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEqualsIfExists:
                        aws:PrincipalOrgID: o-a1b2c3d4e5 # <-
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      ForAllValues:StringEquals:
                        aws:PrincipalOrgPaths: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ # <-
        """,
        """
        # The account is told, but in a pattern, which S3 takes for anybody.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      ArnLike:
                        aws:PrincipalArn: arn:aws:iam::444455556666:role/shop-* # <-
        """,
    ),
    unsure=(
        """
        # Whoever deploys it says which addresses.
        Parameters:
          Office: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      IpAddress:
                        aws:SourceIp: !Ref Office
        """,
    ),
)
def weak_condition(bucket: Bucket, estate: Estate) -> Verdict:
    """Access control does not rest on spoofable or vacuous conditions.

    A header that the caller writes, HTTPS, half of the internet, or everybody but somebody: whoever wants the
    data meets such a condition. The statement looks restricted, and is open.
    """
    return no_open_statement(bucket, estate, weak=True)
