from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import acls_in_force
from s3audit.model.estate import Estate
from s3audit.setting import Unknown
from s3audit.verdict import Status, Verdict, every, not_applicable, unknown, verdict

_NOBODY = "nobody of another account may upload"


@check(
    severity=MEDIUM,
    severity_rule="medium: the objects are there, but neither the owner of the bucket nor replication can read them",
    needs=(BUCKETS, ACCOUNT, ACCESS_POINTS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            AccessControl: !Ref AWS::NoValue
            OwnershipControls:
              Rules:
                - ObjectOwnership: BucketOwnerEnforced
            """,
        terraform="""
            # And without aws_s3_bucket_acl.
            resource "aws_s3_bucket_ownership_controls" "example" {
              bucket = aws_s3_bucket.example.id
              rule {
                object_ownership = "BucketOwnerEnforced"
              }
            }
            """,
        cli="""
            aws s3api put-bucket-acl --bucket BUCKET --acl private
            aws s3api put-bucket-ownership-controls --bucket BUCKET \\
              --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
            """,
        note="Uploads that ask for another ACL than bucket-owner-full-control are refused from then on.",
    ),
    passes=(
        """
        # Whatever the partner uploads belongs to the owner of the bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "arn:aws:iam::444455556666:root"}
                    Action: s3:PutObject
                    Resource: !Sub "${Orders.Arn}/*"
        """,
        """
        # The partner has to hand each object over.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerPreferred}]}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "arn:aws:iam::444455556666:root"}
                    Action: s3:PutObject
                    Resource: !Sub "${Orders.Arn}/*"
                    Condition:
                      StringEquals: {s3:x-amz-acl: bucket-owner-full-control}
        """,
        """
        # The same by a Deny; and where the others only read, nobody uploads.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerPreferred}]}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "arn:aws:iam::444455556666:root"}
                    Action: s3:*
                    Resource: !Sub "${Orders.Arn}/*"
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub "${Orders.Arn}/*"
                    Condition:
                      StringNotEquals: {s3:x-amz-acl: bucket-owner-full-control}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
          PhotosPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "arn:aws:iam::444455556666:root"}
                    Action: s3:GetObject
                    Resource: !Sub "${Photos.Arn}/*"
        """,
    ),
    fails=(
        """
        # What the partner uploads stays theirs, whatever ACL they send.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: "arn:aws:iam::444455556666:root"}
                    Action: s3:PutObject
                    Resource: !Sub "${Orders.Arn}/*"
                    Condition:
                      StringEquals: {s3:x-amz-acl: bucket-owner-full-control}
        """,
        """
        # They may hand their objects over, and nothing makes them.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: BucketOwnerPreferred # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: "arn:aws:iam::444455556666:root"}
                    Action: s3:PutObject
                    Resource: !Sub "${Orders.Arn}/*"
        """,
    ),
    unsure=(
        """
        # The partner may upload; who owns it then is for whoever deploys it.
        Parameters:
          Ownership: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls:
                Rules:
                  - ObjectOwnership: !Ref Ownership # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "arn:aws:iam::444455556666:root"}
                    Action: s3:PutObject
                    Resource: !Sub "${Orders.Arn}/*"
        """,
        """
        # Who may upload is for another stack to say.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: !ImportValue partner}
                    Action: s3:PutObject
                    Resource: !Sub "${Orders.Arn}/*"
        """,
    ),
)
def uploader_owns_objects(bucket: Bucket, estate: Estate) -> Verdict:
    """Objects that other accounts upload belong to the bucket owner.

    An object belongs to whoever uploads it while ACLs are on. Then the owner of the bucket pays for objects that
    they can neither read nor share, and replication and CloudFront fail on them.
    """
    off = ~acls_in_force(bucket)
    if off.status is not Status.FAIL:
        return off
    if not _may_let_others_write(bucket):
        return not_applicable(bucket.policy.at, _NOBODY)
    from s3audit.policy.access.uploads import foreign_writers, hands_over

    writers = foreign_writers(bucket, estate)
    if writers.status is Status.UNKNOWN:
        return writers
    if writers.status is Status.FAIL:
        return not_applicable(bucket.policy.at, _NOBODY)
    if isinstance(bucket.account, Unknown):
        return unknown(
            bucket.account.at, f"which account the bucket is of is not known: {bucket.account.why}"
        )
    preferred = bucket.ownership.object_ownership.is_in("BucketOwnerPreferred", what="ownership")
    found = preferred if preferred.status is not Status.PASS else hands_over(bucket, estate)
    # Both of it make the finding: that they may upload, and that it stays theirs.
    return (
        verdict(Status.FAIL, *found.evidence, *preferred.evidence, *writers.evidence)
        if found.status is Status.FAIL
        else found
    )


def _may_let_others_write(bucket: Bucket) -> bool:
    """Whether there is a policy or a grant at all."""
    acl = bucket.acl
    nothing = (
        bucket.policy.satisfies(lambda policy: policy is None, ""),
        acl.grants.satisfies(lambda grants: not grants, ""),
        acl.canned.is_in("private", None, what="the ACL"),
    )
    return every(nothing).status is not Status.PASS
