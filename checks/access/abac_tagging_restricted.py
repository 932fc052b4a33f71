from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, HIGH, ROLES, Fix, check
from s3audit.intent import listed
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status, Verdict, not_applicable, unknown, unless

_NOT_SAID = "the configuration does not say who may administer it"


@check(
    severity=HIGH,
    severity_rule="high: where tags decide who gets in, whoever changes them lets themselves in",
    needs=(BUCKETS, ACCOUNT, ACCESS_POINTS, ROLES),
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
                      Action: [s3:TagResource, s3:UntagResource]
                      Resource: !GetAtt Bucket.Arn
                      Condition:
                        ArnNotLike: {aws:PrincipalArn: "arn:aws:iam::*:role/admin"}
            """,
        terraform="""
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Deny"
                  Principal = "*"
                  Action    = ["s3:TagResource", "s3:UntagResource"]
                  Resource  = aws_s3_bucket.example.arn
                  Condition = { ArnNotLike = { "aws:PrincipalArn" = "arn:aws:iam::*:role/admin" } }
                }]
              })
            }
            """,
        cli="""
            # With a Deny of s3:TagResource and s3:UntagResource for all but named roles.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="Name the roles that deploy the bucket, too, as they set its tags.",
    ),
    passes=(
        """
        # All but the administrators are kept from its tags.
        #: [[expect]]
        #: name = "shop-orders"
        #: administrators = ["arn:aws:iam::*:role/admin"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              AbacStatus: Enabled
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: [s3:TagResource, s3:UntagResource]
                    Resource: !GetAtt Orders.Arn
                    Condition:
                      ArnNotLike: {aws:PrincipalArn: "arn:aws:iam::*:role/admin"}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: all
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: s3:*, Resource: "*"}
        """,
        """
        # Where tags do not count, it does not matter who sets them.
        #: [[expect]]
        #: administrators = ["arn:aws:iam::*:role/admin"]
        Resources:
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              AbacStatus: Enabled
          PhotosPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Photos
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: [s3:TagResource, s3:UntagResource]
                    Resource: !GetAtt Photos.Arn
                    Condition:
                      ArnNotLike: {aws:PrincipalArn: "arn:aws:iam::*:role/admin"}
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "arn:aws:iam::444455556666:role/partner"}
                    Action: s3:TagResource
                    Resource: !GetAtt Orders.Arn
        """,
    ),
    fails=(
        """
        # A role of another account may tag the bucket, and so let itself in.
        #: [[expect]]
        #: name = "shop-orders"
        #: administrators = ["arn:aws:iam::111122223333:role/admin"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              AbacStatus: Enabled
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: "arn:aws:iam::444455556666:role/partner"}
                    Action: [s3:GetObject, s3:TagResource]
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
        """,
        """
        # The role of an application may, by a policy of its own.
        #: [[expect]]
        #: name = "shop-orders"
        #: administrators = ["arn:aws:iam::*:role/admin"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              AbacStatus: Enabled
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: all
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: s3:*, Resource: "*"} # <-
        """,
    ),
    unsure=(
        """
        # Whether tags count is for whoever deploys it.
        #: [[expect]]
        #: name = "shop-orders"
        #: administrators = ["arn:aws:iam::*:role/admin"]
        Parameters:
          Abac: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              AbacStatus: !Ref Abac # <-
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: "arn:aws:iam::444455556666:role/partner"}
                    Action: s3:TagResource
                    Resource: !GetAtt Orders.Arn
        """,
    ),
)
def abac_tagging_restricted(bucket: Bucket, estate: Estate) -> Verdict:
    """With ABAC on, only administrators can change the tags of the bucket.

    Where tags decide who gets in, the right to set them is the right to give access. It looks harmless, and many
    roles have it.
    """
    enabled = bucket.abac.status.is_in("Enabled", what="ABAC")
    return unless(
        ~of_type(bucket, "general"),
        "the tags of other buckets are no condition of theirs",
        lambda: unless(~enabled, "its tags let nobody in", lambda: _judge(bucket, estate)),
    )


def _judge(bucket: Bucket, estate: Estate) -> Verdict:
    from s3audit.policy.access.tagging import tagged_by_few

    match listed(bucket, estate, lambda one: one.trust.administrators):
        case Unknown(why, at):
            return unknown(at, why)
        case Known(administrators) | Unset(administrators):
            if administrators is not None:
                return tagged_by_few(bucket, estate, sorted(administrators))
    outsiders = tagged_by_few(bucket, estate, None)
    if outsiders.status is Status.PASS:
        return not_applicable(bucket.abac.status.at, _NOT_SAID)
    return outsiders
