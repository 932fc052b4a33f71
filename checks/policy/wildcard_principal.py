from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.verdict import Verdict

from ._wildcards import no_open_statement


@check(
    severity=HIGH,
    severity_rule="high: only a block, or a Deny elsewhere, stands between everybody and what it allows",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    yields_to=("access-public-read", "access-public-write"),
    peers={
        "checkov": ("CKV_AWS_70",),
        "kics": (
            "S3 Bucket Access to Any Principal (terraform 7af43613-6bb9-4a0e-8c4d-1314b799425e)",
            "S3 Bucket Access to Any Principal (cloudformation 7772bb8c-c0f3-42d4-8e4e-f1b8939ad085)",
        ),
        "guard": ("S3_BUCKET_POLICY_NO_WILDCARD_PRINCIPAL",),
        "cfn_nag": ("F16",),
        "scoutsuite": ("s3-bucket-world-policy-star",),
        "terrascan": ("AC_AWS_0217",),
        "custodian": ("has-statement",),
        "regula": ("FG_R00210",),
    },
    fix=Fix(
        cloudformation="""
            # Whoever of the organization may read; or name accounts and roles.
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
            # Whoever of the organization may read; or name accounts and roles.
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
            # policy.json names accounts or roles, or has a condition on aws:PrincipalOrgID.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="Whoever reads it today from elsewhere needs a statement of their own first.",
    ),
    passes=(
        """
        # One role, the whole organization, and whoever comes through one VPC endpoint.
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
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition: {StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}
                  - Effect: Allow
                    Principal: {AWS: "*"}
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition: {StringEquals: {"aws:SourceVpce": vpce-1a2b3c4d}}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition: {Bool: {"aws:SecureTransport": "false"}}
        """,
        """
        # A limit that keeps nobody out is for policy-weak-condition to tell.
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
                    Condition: {StringLike: {"aws:Referer": "https://shop.example.com/*"}}
        """,
        """
        # Everybody may read the photos, says the owner; the orders have no policy.
        #: [[expect]]
        #: name = "shop-photos"
        #: public = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties: {BucketName: shop-orders}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:root}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
          Photos:
            Type: AWS::S3::Bucket
            Properties: {BucketName: shop-photos}
          PhotosPolicy:
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
        """,
    ),
    fails=(
        """
        # Everybody, if it were not for Block Public Access.
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
                    Principal: "*" # <-
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # A tag on the objects limits what they read, and not who reads.
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
                    Principal:
                      AWS:
                        - arn:aws:iam::111122223333:role/shop
                        - "*" # <-
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition: {StringEquals: {"s3:ExistingObjectTag/shown": "yes"}}
        """,
        """
        # Everybody may read the photos, says the owner; nobody said that they may replace them.
        #: [[expect]]
        #: name = "shop-photos"
        #: public = true
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*" # <-
                    Action: [s3:GetObject, s3:PutObject]
                    Resource: !Sub ${Photos.Arn}/*
        """,
    ),
    unsure=(
        """
        # Whoever deploys it says who may read.
        Parameters:
          Reader: {Type: String}
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
                    Principal:
                      AWS: !Ref Reader # <-
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # What limits everybody is for another stack to say.
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
                    Condition: !ImportValue reader-condition # <-
        """,
    ),
)
def wildcard_principal(bucket: Bucket, estate: Estate) -> Verdict:
    """No Allow statement names every principal without an effective restriction.

    What everybody is allowed, strangers do too, without signing in. Today a block or a Deny may stop them; the
    day somebody lifts that for another reason, the data is out.
    """
    return no_open_statement(bucket, estate, weak=False)
