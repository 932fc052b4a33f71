from s3audit.check import ALL, BUCKETS, LOW, Fix, check
from s3audit.intent import holds, is_for
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.policy.elements import acts, has_effect
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import some_of, when_set
from s3audit.text import text
from s3audit.verdict import Status, Verdict, failed, not_applicable, some, unless

_DELETING = (text("s3:DeleteBucket"), text("s3:DeleteObjectVersion"))


@check(
    severity=LOW,
    severity_rule="low: who can delete it is decided by other policies too, and a copy elsewhere helps more",
    needs=(BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Deny
                      Principal: "*"
                      Action: [s3:DeleteBucket, s3:DeleteObjectVersion]
                      Resource: [!GetAtt Bucket.Arn, !Sub "${Bucket.Arn}/*"]
                      Condition:
                        ArnNotLike: {"aws:PrincipalArn": !Sub "arn:aws:iam::${AWS::AccountId}:role/breakglass"}
            """,
        terraform="""
            data "aws_caller_identity" "current" {}

            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Deny"
                  Principal = "*"
                  Action    = ["s3:DeleteBucket", "s3:DeleteObjectVersion"]
                  Resource  = [aws_s3_bucket.example.arn, "${aws_s3_bucket.example.arn}/*"]
                  Condition = {
                    ArnNotLike = {
                      "aws:PrincipalArn" = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/breakglass"
                    }
                  }
                }]
              })
            }
            """,
        cli="""
            # policy.json has a Deny of both actions with ArnNotLike on aws:PrincipalArn.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="Lifecycle rules still delete, as no policy holds for them.",
    ),
    passes=(
        """
        # Nobody but one role; and nobody calls the photos critical.
        #: [[expect]]
        #: name = "shop-orders"
        #: role = "critical"
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
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: [s3:DeleteBucket, s3:DeleteObjectVersion]
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition: {ArnNotLike: {"aws:PrincipalArn": arn:aws:iam::111122223333:role/breakglass}}
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # Object Lock keeps the versions.
        #: [[expect]]
        #: name = "shop-orders"
        #: role = "critical"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              ObjectLockEnabled: true
        """,
    ),
    fails=(
        """
        # No policy at all.
        #: [[expect]]
        #: name = "shop-orders"
        #: role = "critical"
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties: {BucketName: shop-orders}
        """,
        """
        # The whole account is spared.
        #: [[expect]]
        #: name = "shop-orders"
        #: role = "critical"
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: [s3:DeleteBucket, s3:DeleteObjectVersion]
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition: {StringNotEquals: {"aws:PrincipalAccount": !Ref AWS::AccountId}}
        """,
    ),
    unsure=(
        """
        # Whom the Deny is for is for whoever deploys it to say.
        #: [[expect]]
        #: name = "shop-orders"
        #: role = "critical"
        Parameters:
          Everybody: {Type: String}
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
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny # <-
                    Principal: !Ref Everybody
                    Action: [s3:DeleteBucket, s3:DeleteObjectVersion]
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
        """,
    ),
)
def delete_guard(bucket: Bucket, estate: Estate) -> Verdict:
    """Bulk deletion is guarded on buckets marked critical.

    Whoever gets hold of an administrator's keys can delete every version within minutes. A Deny for all but one role,
    Object Lock or MFA delete stands in the way; it is asked of buckets that the configuration calls critical.
    """
    is_critical = is_for(bucket, estate, "critical") | holds(bucket, estate, "critical")
    if is_critical.status is Status.FAIL:
        return not_applicable(bucket.at, "nobody says that it is critical")
    found = bucket.object_lock.enabled.is_in(True, what="Object Lock") | bucket.versioning.mfa_delete.is_in(
        "Enabled", what="MFA delete"
    )
    if found.status is not Status.PASS:
        found |= when_set(
            policy_of(bucket.policy),
            lambda policy: _denied(policy, bucket),
            failed(bucket.policy.at, "there is no bucket policy that denies deletion"),
            what="the bucket policy",
        )
    of_another_kind = ~of_type(bucket, "general")
    judged = unless(~is_critical, "nobody says that it is critical", found)
    return unless(of_another_kind, "it has no versions to guard", judged)


def _denied(policy: Policy, bucket: Bucket) -> Verdict:
    denying = some_of(
        policy.statements, lambda one: has_effect(one, "Deny") & some(acts(one, name) for name in _DELETING)
    )
    if denying.status is Status.FAIL:
        return failed(policy.at, "no statement denies deletion")
    from ._claims import denies_deletion

    return denies_deletion(policy, bucket)
