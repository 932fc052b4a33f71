from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, LIVE, LOW, MEDIUM, Fix, check
from s3audit.model.account import Account
from s3audit.model.bucket import Bucket
from s3audit.model.effective import acls_in_force, blocked
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import same
from s3audit.verdict import Severity, Status, Verdict, passed, some, unless

from ._public import is_meant_public, lets_nobody_in


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: one call stands between the data and the world; low where only the organization can make that"
        " call, or the configuration says that the bucket is public"
    ),
    needs=(BUCKETS, ACCOUNT, ACCESS_POINTS),
    sources=ALL,
    yields_to=(
        "policy-wildcard-principal",
        "policy-weak-condition",
        "policy-allow-notprincipal",
        "acl-everyone",
        "acl-authenticated-users",
    ),
    peers={
        "kics": (
            (
                "S3 Bucket Public ACL Overridden By Public Access Block"
                " (terraform bf878b1a-7418-4de3-b13c-3a86cf894920)"
            ),
        ),
    },
    fix=Fix(
        cloudformation="""
            # And without the statement that lets everybody in.
            AccessControl: !Ref AWS::NoValue
            OwnershipControls:
              Rules:
                - ObjectOwnership: BucketOwnerEnforced
            """,
        terraform="""
            # And without the statement that lets everybody in.
            removed {
              from = aws_s3_bucket_acl.example
            }
            resource "aws_s3_bucket_ownership_controls" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                object_ownership = "BucketOwnerEnforced"
              }
            }
            """,
        cli="""
            # Without the statement that lets everybody in; and without ACLs.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            aws s3api put-bucket-ownership-controls --bucket BUCKET \\
              --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
            """,
        note="Whoever else has access by the ACL needs a statement in the bucket policy first.",
    ),
    passes=(
        """
        # Nobody of the public is let in, whatever is blocked.
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
                    Principal: {AWS: "arn:aws:iam::444455556666:root"}
                    Action: s3:GetObject
                    Resource: !Sub "${Orders.Arn}/*"
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: PublicRead
              OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}
        """,
        """
        # What is public now is for access-public-read to tell.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
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
    ),
    fails=(
        """
        # Medium: a public ACL waits for the day on which it is not ignored any more.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: PublicRead # <-
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter
              PublicAccessBlockConfiguration:
                IgnorePublicAcls: true
                RestrictPublicBuckets: true
        """,
        """
        # So does a policy, which all four settings stop.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: true
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
        # A new bucket has them on without a word, and only that stops it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: "*"}
                    Action: s3:*
                    Resource: !Sub "${Orders.Arn}/*"
        """,
        """
        # Low: it is said to be public, and is not.
        #: [[expect]]
        #: name = "shop-photos"
        #: role = "public-data"
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              PublicAccessBlockConfiguration:
                RestrictPublicBuckets: true
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
        # Who may read is for another stack to say.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}
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
        # Whether it is blocked, or public already, is for whoever deploys it.
        Parameters:
          Restrict: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                RestrictPublicBuckets: !Ref Restrict # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Orders.Arn}/*"}
        """,
    ),
)
def latent_public(bucket: Bucket, estate: Estate) -> Verdict:
    """Nothing would become public if Block Public Access were switched off.

    Block Public Access stops what a policy or an ACL gives away, and does not take it out of them. So one switch,
    turned for another reason, opens data that nobody meant to open.
    """
    if lets_nobody_in(bucket):
        verdict = passed(bucket.at, "neither a policy nor an ACL lets the public in")
        return _but_unseen(verdict, bucket, estate)
    from s3audit.policy import access

    dormant = access.public_but_for_blocks(bucket, estate)
    if dormant.status is not Status.PASS:
        return _but_unseen(~dormant, bucket, estate)
    asleep = (
        (~dormant).noting("nothing but Block Public Access stops it").at_severity(_severity(bucket, estate))
    )
    match bucket.public_access_block.restrict_public_buckets:
        case Unset(default=True):
            # By default all four are on, and nobody says that they are off.
            return asleep
        case _:
            pass
    ways = (access.public_read, access.public_list, access.public_write, access.public_permissions)
    public = some(is_public(bucket, estate) for is_public in ways)
    return unless(public, "it is public already", public if public.status is Status.UNKNOWN else asleep)


def _but_unseen(verdict: Verdict, bucket: Bucket, estate: Estate) -> Verdict:
    """A live ACL shows what is in force, so none of the grants that are ignored."""
    hidden = bucket.origin == LIVE and blocked(bucket, estate, "ignore_public_acls").status is Status.PASS
    if not hidden or verdict.status is not Status.PASS or acls_in_force(bucket).status is Status.FAIL:
        return verdict
    return verdict.noting(
        "this is said of the policy only: grants that are ignored are not shown", bucket.acl.at
    )


def _severity(bucket: Bucket, estate: Estate) -> Severity:
    by_organization = any(
        one.public_access_block.by_organization.is_in("all", what="").status is Status.PASS
        and _is_of(bucket, one)
        for one in estate.all(Account)
    )
    return LOW if by_organization or is_meant_public(bucket, estate).status is Status.PASS else MEDIUM


def _is_of(bucket: Bucket, account: Account) -> bool:
    match bucket.account, account.account:
        case (Unknown(), _) | (_, Unknown()):
            return False
        case ((Known(one) | Unset(one)), (Known(other) | Unset(other))):
            return same(one, other) is Status.PASS
