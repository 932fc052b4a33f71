from s3audit.check import ALL, BUCKETS, DISTRIBUTIONS, LOW, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import acls_in_force, of_type
from s3audit.model.estate import Estate
from s3audit.model.uses import receives_distribution_logs
from s3audit.setting import Unset
from s3audit.verdict import Verdict, unless


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium where ownership leaves ACLs on; low where a template says nothing about ownership but sets an"
        " ACL that only counts where they are on"
    ),
    needs=(BUCKETS, DISTRIBUTIONS),
    sources=ALL,
    yields_to=("acl-conflicts-with-enforced-ownership", "acl-uploader-owns-objects"),
    peers={
        "checkov": ("CKV2_AWS_65",),
        "prowler": ("s3_bucket_acl_prohibited",),
        "config": ("s3-bucket-acl-prohibited",),
        "securityhub": ("S3.12",),
        "custodian": ("ownership",),
        "steampipe": ("s3_bucket_acls_should_prohibit_user_access",),
        "cfn_lint": ("W3045",),
    },
    fix=Fix(
        cloudformation="""
            # And without AccessControl.
            OwnershipControls:
              Rules:
                - ObjectOwnership: BucketOwnerEnforced
            """,
        terraform="""
            resource "aws_s3_bucket_ownership_controls" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                object_ownership = "BucketOwnerEnforced"
              }
            }
            """,
        cli="""
            aws s3api put-bucket-ownership-controls --bucket BUCKET \\
              --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
            """,
        note="Whoever has access by an ACL today needs a statement in the bucket policy first.",
    ),
    passes=(
        """
        # ACLs are off, said aloud.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerEnforced
        """,
        """
        # Nothing is said, so a new bucket has them off; Private gives nothing away.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Invoices:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: Private
        """,
        """
        # CloudFront writes its standard logs (legacy) by ACL, so their bucket has to have them on.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerPreferred
          Cdn:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Logging: {Bucket: !GetAtt Logs.DomainName}
                Origins:
                  - Id: api
                    DomainName: api.example.com
                    CustomOriginConfig: {OriginProtocolPolicy: https-only}
                DefaultCacheBehavior: {TargetOriginId: api, ViewerProtocolPolicy: https-only}
        """,
    ),
    fails=(
        """
        # Objects belong to whoever writes them, and carry ACLs.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter # <-
        """,
        """
        # The bucket owner is preferred, but ACLs count all the same.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerPreferred # <-
        """,
        """
        # Low: such an ACL is refused by a new bucket, so this is meant for one that has them on.
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: LogDeliveryWrite # <-
        """,
    ),
    unsure=(
        """
        # Whether there is a distribution that writes its logs depends on what can't be decided.
        Parameters:
          Stack: {Type: String}
          Home: {Type: String}
        Conditions:
          IsHome: !Equals [!Ref Stack, !Ref Home]
        Resources:
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerPreferred
          Cdn: # <-
            Type: AWS::CloudFront::Distribution
            Condition: IsHome
            Properties:
              DistributionConfig:
                Enabled: true
                Logging: {Bucket: !GetAtt Logs.DomainName}
                Origins:
                  - Id: api
                    DomainName: api.example.com
                    CustomOriginConfig: {OriginProtocolPolicy: https-only}
                DefaultCacheBehavior: {TargetOriginId: api, ViewerProtocolPolicy: https-only}
        """,
        """
        # Whoever deploys it decides about ownership.
        Parameters:
          Ownership: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: !Ref Ownership # <-
        """,
        """
        # Nothing is said about ownership, and the ACL is for another stack to say.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: !ImportValue bucket-acl # <-
        """,
    ),
)
def disabled(bucket: Bucket, estate: Estate) -> Verdict:
    """ACLs are disabled.

    ACLs are permissions outside of every policy, on the bucket and on each of its objects. With them off
    (BucketOwnerEnforced) the owner owns every object, and policies alone say who gets in.
    """
    verdict = ~acls_in_force(bucket)
    if isinstance(bucket.ownership.object_ownership, Unset):
        verdict = verdict.at_severity(LOW)
    verdict = unless(receives_distribution_logs(bucket, estate), "these are written by ACL", verdict)
    return unless(of_type(bucket, "directory", "outposts"), "it has no ACLs", verdict)
