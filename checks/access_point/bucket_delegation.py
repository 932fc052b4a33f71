from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, LOW, Fix, check
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint
from s3audit.model.estate import Estate
from s3audit.model.points import targets
from s3audit.policy.language import Policy
from s3audit.verdict import Status, Verdict, every, not_applicable, passed

from ._policies import Point, but_for_volumes, may_name_others, of_policy


@check(
    severity=LOW,
    severity_rule="low: what the access point grants to others does nothing; nothing is exposed",
    needs=(ACCESS_POINTS, BUCKETS, ACCOUNT),
    about="policy",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # orders is the bucket behind the access point.
            BucketPolicy:
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
                        StringEquals: {"s3:DataAccessPointAccount": !Ref AWS::AccountId}
            """,
        terraform="""
            # orders is the bucket behind the access point.
            resource "aws_s3_bucket_policy" "orders" {
              bucket = aws_s3_bucket.orders.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect    = "Allow"
                    Principal = "*"
                    Action    = "s3:GetObject"
                    Resource  = "${aws_s3_bucket.orders.arn}/*"
                    Condition = {
                      StringEquals = { "s3:DataAccessPointAccount" = data.aws_caller_identity.current.account_id }
                    }
                  }
                ]
              })
            }
            data "aws_caller_identity" "current" {}
            """,
        cli="""
            # Allows it to "*", with StringEquals on s3:DataAccessPointAccount and the account of the access point.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="It goes beside the statements that the bucket policy has already.",
    ),
    passes=(
        """
        # The bucket policy leaves it to the access points of the account.
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
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::222233334444:role/reports}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
        """,
        """
        # A role of the same input is nobody from outside, and needs no more than the access point.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Reports:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: glue.amazonaws.com}, Action: sts:AssumeRole}
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !GetAtt Reports.Arn}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
        """,
    ),
    fails=(
        """
        # Another account is let in, and no bucket policy does so.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: arn:aws:iam::222233334444:role/reports}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
        """,
        """
        # The bucket policy leaves uploads to it, and nothing else.
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
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: arn:aws:iam::444455556666:role/reports}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
        """,
    ),
    unsure=(
        """
        # The bucket and its policy are declared elsewhere.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: shop-orders
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: arn:aws:iam::222233334444:role/reports}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
        """,
    ),
)
def bucket_delegation(point: AccessPoint | MultiRegionAccessPoint, estate: Estate) -> Verdict:
    """The bucket policy really delegates to its access points.

    What an access point gives to other accounts has effect only where the bucket policy allows it, too. Without that
    they are refused, and whoever looks for the reason finds a policy that seems to let them in.
    """
    return but_for_volumes(
        point,
        "there is no bucket policy behind it",
        lambda: of_policy(point, lambda policy: _judged(policy, point, estate)),
    )


def _judged(policy: Policy, point: Point, estate: Estate) -> Verdict:
    nobody = passed(policy.at, "its policy lets in nobody but those of the account of the bucket")
    if isinstance(point, AccessPoint) and point.type != "general":
        return not_applicable(
            policy.at, "policies of directory buckets and on Outposts are not reasoned about"
        )
    is_of_others = any(
        target.account.satisfies(lambda one: one is None, "").status is not Status.PASS
        for target in targets(point)
    )
    if not is_of_others and not may_name_others(policy, point):
        return nobody
    from s3audit.policy.access.foreign import foreigners

    return every(
        (
            one.through if one.own.status is Status.PASS else ~one.own | one.through
            for one in foreigners(point, estate, everybody=True)
        ),
        nobody,
    )
