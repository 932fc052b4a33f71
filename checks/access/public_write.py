from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, CRITICAL, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.verdict import Status, Verdict, passed

from ._public import lets_nobody_in


@check(
    severity=CRITICAL,
    severity_rule=(
        "critical: data is lost or held to ransom, the account pays for what strangers store, and its name stands"
        " for it; nothing that is meant to be public needs it"
    ),
    needs=(BUCKETS, ACCOUNT, ACCESS_POINTS),
    sources=ALL,
    yields_to=("logging-target-private",),
    peers={
        "checkov": ("CKV_AWS_57",),
        "trivy": ("AVD-AWS-0092",),
        "prowler": ("s3_bucket_policy_public_write_access", "s3_bucket_public_write_acl"),
        "kics": (
            "S3 Bucket Allows Put Action From All Principals (terraform d24c0755-c028-44b1-b503-8e719c898832)",
            (
                "S3 Bucket Allows Put Action From All Principals"
                " (cloudformation f6397a20-4cf1-4540-a997-1d363c25ef58)"
            ),
            "S3 Bucket Allows Delete Action From All Principals (terraform ffdf4b37-7703-4dfe-a682-9d2e99bc6c09)",
            (
                "S3 Bucket Allows Delete Action From All Principals"
                " (cloudformation acc78859-765e-4011-a229-a65ea57db252)"
            ),
            (
                "S3 Bucket Allows Restore Actions From All Principals"
                " (cloudformation 456b00a3-1072-4149-9740-6b8bb60251b0)"
            ),
            (
                "S3 Bucket ACL Allows Read Or Write to All Users"
                " (terraform 38c5ee0d-7f22-4260-ab72-5073048df100)"
            ),
        ),
        "guard": ("S3_BUCKET_PUBLIC_WRITE_PROHIBITED", "S3_BUCKET_NO_PUBLIC_RW_ACL"),
        "cfn_nag": ("F14",),
        "scoutsuite": ("s3-bucket-world-acl", "s3-bucket-world-policy-arg"),
        "terrascan": ("AC_AWS_0212", "AC_AWS_0213", "AC_AWS_0218", "AC_AWS_0221", "AC_AWS_0224"),
        "config": ("s3-bucket-public-write-prohibited",),
        "securityhub": ("S3.3",),
        "custodian": ("global-grants",),
        "steampipe": ("s3_bucket_restrict_public_write_access",),
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
        note="Uploads from strangers are better taken by presigned requests, each for one object.",
    ),
    passes=(
        """
        # Everybody may read, and nobody write.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false}
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
        # Everybody may write, but it has no effect; and one other account may.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: "*", Action: s3:PutObject, Resource: !Sub "${Orders.Arn}/*"}
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false}
          InvoicesPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Invoices
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "arn:aws:iam::444455556666:root"}
                    Action: s3:PutObject
                    Resource: !Sub "${Invoices.Arn}/*"
        """,
    ),
    fails=(
        """
        # Everybody can upload and overwrite.
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
                    Action: s3:PutObject
                    Resource: !Sub "${Orders.Arn}/*"
        """,
        """
        # The same by an ACL.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: PublicReadWrite # <-
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter
              PublicAccessBlockConfiguration:
                IgnorePublicAcls: false
        """,
        """
        # Whoever has an AWS account can write a policy of their own, also where it is meant to be public.
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
                    Principal: {AWS: "*"}
                    Action: s3:PutBucketPolicy
                    Resource: !GetAtt Photos.Arn
                    Condition:
                      StringEquals: {aws:PrincipalType: AssumedRole}
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
                  - {Effect: Allow, Principal: "*", Action: s3:DeleteObject, Resource: !Sub "${Orders.Arn}/*"}
        """,
        """
        # What is allowed is for whoever deploys it.
        Parameters:
          Action: {Type: String}
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
                  - {Effect: Allow, Principal: "*", Action: !Ref Action, Resource: !Sub "${Orders.Arn}/*"}
        """,
    ),
)
def public_write(bucket: Bucket, estate: Estate) -> Verdict:
    """Nobody of the public can write, delete or change who has access.

    Policies, ACLs and Block Public Access are taken together, the way S3 does it. Where this fails, strangers can
    delete the data, store their own at the cost of the account, or hand out what is there.
    """
    if lets_nobody_in(bucket):
        return passed(bucket.at, "neither a policy nor an ACL lets the public in")
    from s3audit.policy.access import public_permissions
    from s3audit.policy.access import public_write as write

    public = write(bucket, estate)
    if public.status is not Status.PASS:
        public = public | public_permissions(bucket, estate)
    return ~public
