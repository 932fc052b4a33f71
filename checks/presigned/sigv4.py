from s3audit.check import BUCKETS, LIVE, LOW, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.policy.language import Policy
from s3audit.verdict import Status, Verdict, verdict

from ._policies import denied, of_general, takes_version_two


@check(
    severity=LOW,
    severity_rule=(
        "low: only buckets from before 25 June 2020 in the older Regions take such requests, and whoever sends one"
        " has valid keys"
    ),
    needs=(BUCKETS,),
    sources=(LIVE,),
    yields_to=("presigned-max-age",),
    fix=Fix(
        cli="""
            # policy.json denies everybody s3:* on the objects where s3:signatureversion is AWS.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note=(
            "A statement that denies all but AWS4-HMAC-SHA256 also refuses requests without credentials, and may"
            " refuse those by a Multi-Region Access Point."
        ),
    ),
    passes=(
        """
        # The policy refuses them.
        Account:
          Buckets:
            - Name: shop-orders
              CreationDate: 2016-05-04
              PutBucketPolicy:
                Policy:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Deny
                      Principal: "*"
                      Action: s3:*
                      Resource: ["arn:aws:s3:::shop-orders", "arn:aws:s3:::shop-orders/*"]
                      Condition:
                        StringEquals: {"s3:signatureversion": AWS}
        """,
        """
        # The policy takes nothing but Version 4.
        Account:
          Buckets:
            - Name: shop-orders
              CreationDate: 2016-05-04
              PutBucketPolicy:
                Policy:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Deny
                      Principal: {AWS: "*"}
                      Action: s3:*
                      Resource: arn:aws:s3:::shop-orders/*
                      Condition:
                        StringNotEquals: {"s3:signatureversion": AWS4-HMAC-SHA256}
        """,
        """
        # S3 refuses them for what is newer, and in Frankfurt it never took them.
        Account:
          Buckets:
            - Name: shop-photos
              CreationDate: 2020-06-25
            - Name: shop-invoices
              CreationDate: 2016-05-04
              BucketRegion: eu-central-1
        """,
    ),
    fails=(
        """
        # A bucket of 2016 in Ireland, without a policy.
        Account:
          Buckets:
            - Name: shop-orders # <-
              CreationDate: 2016-05-04
        """,
        """
        # The statement is about one user only.
        Account:
          Buckets:
            - Name: shop-orders # <-
              CreationDate: 2020-06-24
              PutBucketPolicy:
                Policy:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Deny
                      Principal: {AWS: "arn:aws:iam::123456789012:user/reports"}
                      Action: s3:*
                      Resource: arn:aws:s3:::shop-orders/*
                      Condition:
                        StringEquals: {"s3:signatureversion": AWS}
        """,
    ),
    unsure=(
        """
        # Nobody may read the policy of the old bucket.
        Account:
          Buckets:
            - Name: shop-orders # <-
              CreationDate: 2016-05-04
          Denied: [s3:GetBucketPolicy]
        """,
    ),
)
def sigv4(bucket: Bucket) -> Verdict:
    """Signature Version 2 is refused.

    Old buckets still take requests that are signed the old way. A URL that is signed so may be valid for years, where
    one of today ends after seven days, and the limits that a policy sets to the age of a signature don't reach it.
    """
    return of_general(bucket, lambda: _judge(bucket))


def _judge(bucket: Bucket) -> Verdict:
    taken = takes_version_two(bucket)
    if taken.status is Status.FAIL:
        return ~taken
    found = denied(bucket, "Signature Version 2", lambda policy: _refused(policy, bucket))
    if found.status is Status.FAIL and taken.status is Status.PASS:
        return verdict(Status.FAIL, *found.evidence, *taken.evidence)
    return found | ~taken


def _refused(policy: Policy, bucket: Bucket) -> Verdict:
    from s3audit.policy.presigned import version_two_denied

    return version_two_denied(policy, bucket)
