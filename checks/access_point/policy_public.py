from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint
from s3audit.model.estate import Estate
from s3audit.model.points import is_always_blocked
from s3audit.policy.language import Policy
from s3audit.verdict import Status, Verdict, not_applicable, passed, unless

from ._policies import Point, may_name_everybody, of_policy


@check(
    severity=HIGH,
    severity_rule=(
        "high: nothing but Block Public Access stops it; where that does not, the bucket is public, and the check of"
        " the bucket says so"
    ),
    needs=(ACCESS_POINTS, BUCKETS, ACCOUNT),
    about="policy",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # orders is the name of the access point.
            Policy:
              Version: "2012-10-17"
              Statement:
                - Effect: Allow
                  Principal:
                    AWS: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root
                  Action: s3:GetObject
                  Resource: !Sub arn:${AWS::Partition}:s3:${AWS::Region}:${AWS::AccountId}:accesspoint/orders/object/*
            """,
        terraform="""
            resource "aws_s3_access_point" "example" {
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect    = "Allow"
                    Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
                    Action    = "s3:GetObject"
                    Resource  = "arn:aws:s3:*:*:accesspoint/orders/object/*"
                  }
                ]
              })
            }
            data "aws_caller_identity" "current" {}
            """,
        cli="""
            # Names those who are meant, and no "*".
            aws s3control put-access-point-policy --account-id ACCOUNT_ID --name ACCESS_POINT --policy file://policy.json
            """,
        note="Of a multi-Region access point it is put-multi-region-access-point-policy.",
    ),
    passes=(
        """
        # One role is named; and whoever is named besides is of one organization.
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
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: false
                RestrictPublicBuckets: false
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::444455556666:role/reports}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
                    Condition:
                      StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
        """,
        """
        # Everybody is named, and can only come from one VPC; and the bucket policy of the other one lets nobody in.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Photos:
            Type: AWS::S3::Bucket
          Vpc:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: 10.0.0.0/16}
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
              VpcConfiguration: {VpcId: !Ref Vpc}
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
          PhotosPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: photos
              Bucket: !Ref Photos
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/photos/object/*
        """,
    ),
    fails=(
        """
        # Any AWS account is let in by both policies; only the block of the access point stops it.
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
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
        """,
        """
        # The same of a multi-Region access point.
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
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {s3:DataAccessPointAccount: !Ref AWS::AccountId}
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Name: world
              Regions: [{Bucket: !Ref Orders}]
          WorldPolicy:
            Type: AWS::S3::MultiRegionAccessPointPolicy
            Properties:
              MrapName: !Ref World
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3::${AWS::AccountId}:accesspoint/${World.Alias}/object/*
        """,
    ),
    unsure=(
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
                    Principal: !ImportValue readers
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
        """,
        """
        # The access point lets everybody in; the bucket is declared elsewhere.
        Resources:
          Photos:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: shop-orders # <-
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
        """,
    ),
)
def policy_public(point: AccessPoint | MultiRegionAccessPoint, estate: Estate) -> Verdict:
    """No access point or Multi-Region Access Point policy is public.

    Requests through an access point are signed, so nobody without an AWS account gets in; but anybody can have one.
    Once Block Public Access is switched off, such a policy gives the data to all of them.
    """

    def judged() -> Verdict:
        return of_policy(point, lambda policy: _judged(policy, point, estate))

    if isinstance(point, MultiRegionAccessPoint):
        return judged()
    return unless(is_always_blocked(point), "all public access is blocked there always", judged)


def _judged(policy: Policy, point: Point, estate: Estate) -> Verdict:
    if not may_name_everybody(policy):
        return passed(policy.at, "its policy names nobody but those whom it means")
    from s3audit.policy.access import public_through

    dormant = public_through(point, estate, blocks=False)
    if dormant.status is not Status.PASS:
        return ~dormant
    effective = public_through(point, estate)
    match effective.status:
        case Status.PASS:
            return not_applicable(policy.at, "the bucket is public by it: see access-public-read or -write")
        case Status.FAIL:
            return (~dormant).noting("nothing but Block Public Access stops it")
        case _:
            return effective
