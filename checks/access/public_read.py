from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, CRITICAL, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.verdict import Status, Verdict, passed

from ._public import is_meant_public, lets_nobody_in


@check(
    severity=CRITICAL,
    severity_rule=(
        "critical: whoever finds the name of the bucket has the data; medium where the configuration says that"
        " the bucket is public"
    ),
    needs=(BUCKETS, ACCOUNT, ACCESS_POINTS),
    sources=ALL,
    yields_to=("logging-target-private",),
    peers={
        "checkov": ("CKV_AWS_20", "CKV_AWS_70"),
        "trivy": ("AVD-AWS-0092",),
        "prowler": ("s3_bucket_public_access", "s3_bucket_public_list_acl"),
        "kics": (
            "S3 Bucket Allows Get Action From All Principals (terraform 1df37f4b-7197-45ce-83f8-9994d2fcf885)",
            (
                "S3 Bucket Allows Get Action From All Principals"
                " (cloudformation f97b7d23-568f-4bcc-9ac9-02df0d57fbba)"
            ),
            "S3 Bucket Allows List Action From All Principals (terraform 66c6f96f-2d9e-417e-a998-9058aeeecd44)",
            (
                "S3 Bucket Allows List Action From All Principals"
                " (cloudformation faa8fddf-c0aa-4b2d-84ff-e993e233ebe9)"
            ),
        ),
        "guard": ("S3_BUCKET_PUBLIC_READ_PROHIBITED", "S3_BUCKET_PUBLIC_READ_ACL"),
        "cfn_nag": ("W31", "F16"),
        "scoutsuite": ("s3-bucket-world-acl", "s3-bucket-world-policy-arg", "s3-bucket-world-policy-star"),
        "terrascan": ("AC_AWS_0210", "AC_AWS_0219", "AC_AWS_0220"),
        "config": ("s3-bucket-public-read-prohibited",),
        "securityhub": ("S3.2",),
        "custodian": ("global-grants", "cross-account"),
        "regula": ("FG_R00277", "FG_R00279", "FG_R00211"),
        "steampipe": ("s3_bucket_restrict_public_read_access", "s3_bucket_policy_restrict_public_access"),
    },
    fix=Fix(
        cloudformation="""
            # And without the statement or the ACL that lets everybody in.
            PublicAccessBlockConfiguration:
              BlockPublicAcls: true
              IgnorePublicAcls: true
              BlockPublicPolicy: true
              RestrictPublicBuckets: true
            """,
        terraform="""
            # And without the statement or the ACL that lets everybody in.
            resource "aws_s3_bucket_public_access_block" "example" {
              bucket                  = aws_s3_bucket.example.id
              block_public_acls       = true
              ignore_public_acls      = true
              block_public_policy     = true
              restrict_public_buckets = true
            }
            """,
        cli="""
            aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration \\
              BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
            """,
        note="What is meant for everybody is better served by CloudFront, which reads the bucket by itself.",
    ),
    passes=(
        """
        # Nobody is let in, and where everybody is it has no effect.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: true
          PhotosPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Photos.Arn}/*"}
        """,
        """
        # Everybody is named, but only those of one organization get in.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub "${Orders.Arn}/*"
                    Condition:
                      StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
        """,
        """
        # A Deny takes back what the first statement gives.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Orders.Arn}/*"}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: !Sub "${Orders.Arn}/*"
                    Condition:
                      StringNotEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
        """,
    ),
    fails=(
        """
        # Critical: everybody can read every object, without signing in.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: false
                RestrictPublicBuckets: false # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub "${Orders.Arn}/*"
        """,
        """
        # Everybody can see what is in it, by an ACL.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: PublicRead # <-
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter
              PublicAccessBlockConfiguration:
                BlockPublicAcls: false
                IgnorePublicAcls: false
        """,
        """
        # Whoever has an AWS account can, and anybody can open one.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: AuthenticatedRead # <-
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerPreferred
              PublicAccessBlockConfiguration:
                IgnorePublicAcls: false
        """,
        """
        # A condition that everybody can meet keeps nobody out.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                RestrictPublicBuckets: false # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:ListBucket
                    Resource: !GetAtt Orders.Arn
                    Condition:
                      StringLike: {aws:Referer: "https://shop.example.com/*"}
        """,
        """
        # Medium: it is said to be public.
        #: [[expect]]
        #: name = "shop-photos"
        #: public = true
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              PublicAccessBlockConfiguration:
                RestrictPublicBuckets: false # <-
          PhotosPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub "${Photos.Arn}/*"
        """,
    ),
    unsure=(
        """
        # A new bucket blocks this statement; one from before April 2023 may not.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Orders.Arn}/*"}
        """,
        """
        # Who may read is for another stack to say.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: !ImportValue readers
                    Action: s3:GetObject
                    Resource: !Sub "${Orders.Arn}/*"
        """,
        """
        # Whoever deploys it decides whether the ACL is ignored.
        Parameters:
          Ignore: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: PublicRead # <-
              OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
              PublicAccessBlockConfiguration:
                IgnorePublicAcls: !Ref Ignore
        """,
    ),
)
def public_read(bucket: Bucket, estate: Estate) -> Verdict:
    """Nobody of the public can read or list what is in the bucket.

    Policies, ACLs and Block Public Access are taken together, the way S3 does it. Where this fails, whoever knows
    the name of the bucket can read the data or see what there is, and names are found out by trying.
    """
    if lets_nobody_in(bucket):
        return passed(bucket.at, "neither a policy nor an ACL lets the public in")
    from s3audit.policy.access import public_list
    from s3audit.policy.access import public_read as read

    public = read(bucket, estate)
    if public.status is not Status.PASS:
        public = public | public_list(bucket, estate)
    if public.status is Status.PASS and is_meant_public(bucket, estate).status is Status.PASS:
        return (~public).at_severity(MEDIUM)
    return ~public
