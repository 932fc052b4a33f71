from s3audit.check import ACCESS_POINTS, ACCOUNT, ALL, BUCKETS, HIGH, ROLES, Fix, check
from s3audit.model.access_point import AccessPoint, ObjectLambdaAccessPoint
from s3audit.model.estate import Estate
from s3audit.model.points import is_of_volume, supporting
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status, Verdict, failed, unknown

from ._intent import if_protective


@check(
    severity=HIGH,
    severity_rule="high: what the function hides is read from the access point or the bucket behind it",
    needs=(ACCESS_POINTS, BUCKETS, ACCOUNT, ROLES),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # orders is the name of the supporting access point, of the bucket Orders.
            OrdersPoint:
              Type: AWS::S3::AccessPoint
              Properties:
                Name: orders
                Bucket: !Ref Orders
                Policy:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/reports"}
                      Action: s3:GetObject
                      Resource: !Sub arn:${AWS::Partition}:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
                      Condition:
                        ForAnyValue:StringEquals: {"aws:CalledVia": s3-object-lambda.amazonaws.com}
            """,
        terraform="""
            # orders is the name of the supporting access point, of the bucket orders.
            resource "aws_s3_access_point" "orders_point" {
              name   = "orders"
              bucket = aws_s3_bucket.orders.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect    = "Allow"
                    Principal = { AWS = "arn:aws:iam::111122223333:role/reports" }
                    Action    = "s3:GetObject"
                    Resource  = "arn:aws:s3:*:*:accesspoint/orders/object/*"
                    Condition = {
                      "ForAnyValue:StringEquals" = { "aws:CalledVia" = "s3-object-lambda.amazonaws.com" }
                    }
                  }
                ]
              })
            }
            """,
        cli="""
            # Each Allow has ForAnyValue:StringEquals on aws:CalledVia with s3-object-lambda.amazonaws.com.
            aws s3control put-access-point-policy --account-id ACCOUNT_ID --name ACCESS_POINT --policy file://policy.json
            """,
        note="The readers themselves have the same condition in their own policies, or a Deny in the bucket policy.",
    ),
    passes=(
        """
        # The access point answers the function only.
        #: [[expect]]
        #: name = "redacted"
        #: kind = "object-lambda-access-point"
        #: protective = true
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
                    Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/reports"}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
                    Condition:
                      ForAnyValue:StringEquals: {aws:CalledVia: s3-object-lambda.amazonaws.com}
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              Name: redacted
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !GetAtt OrdersPoint.Arn
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda:
                        FunctionArn: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:redact
        """,
        """
        # The bucket policy denies whatever does not come through the function.
        #: [[expect]]
        #: name = "redacted"
        #: kind = "object-lambda-access-point"
        #: protective = true
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
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:GetObject*
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      ForAllValues:StringNotEquals: {aws:CalledVia: s3-object-lambda.amazonaws.com}
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/reports"}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              Name: redacted
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !GetAtt OrdersPoint.Arn
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda:
                        FunctionArn: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:redact
        """,
    ),
    fails=(
        """
        # The role may read from the access point, past the function.
        #: [[expect]]
        #: name = "redacted"
        #: kind = "object-lambda-access-point"
        #: protective = true
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
                  - Effect: Allow # <-
                    Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/reports"}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              Name: redacted
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !GetAtt OrdersPoint.Arn
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda:
                        FunctionArn: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:redact
        """,
        """
        # The bucket answers directly.
        #: [[expect]]
        #: name = "redacted"
        #: kind = "object-lambda-access-point"
        #: protective = true
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
                  - Effect: Allow # <-
                    Principal: {AWS: arn:aws:iam::444455556666:role/partner}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
              Policy:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/reports"}
                    Action: s3:GetObject
                    Resource: !Sub arn:aws:s3:*:${AWS::AccountId}:accesspoint/orders/object/*
                    Condition:
                      ForAnyValue:StringEquals: {aws:CalledVia: s3-object-lambda.amazonaws.com}
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              Name: redacted
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !GetAtt OrdersPoint.Arn
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda:
                        FunctionArn: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:redact
        """,
    ),
    unsure=(
        """
        # Through which access point it reads is for whoever deploys it.
        #: [[expect]]
        #: name = "redacted"
        #: kind = "object-lambda-access-point"
        #: protective = true
        Parameters:
          Support: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              Name: redacted
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !Ref Support # <-
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda:
                        FunctionArn: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:redact
        """,
    ),
)
def bypass(point: ObjectLambdaAccessPoint, estate: Estate) -> Verdict:
    """Readers cannot go round the transformation.

    A function that hides something protects nothing as long as the same readers may ask the access point behind it, or
    the bucket. It is asked of those that are said to be protective.
    """
    return if_protective(point, estate, lambda: _judged(point, estate))


def _judged(point: ObjectLambdaAccessPoint, estate: Estate) -> Verdict:
    at = point.supporting_access_point.at
    match supporting(point, estate):
        case Unknown(why):
            return unknown(at, why)
        case Known(AccessPoint() as found) | Unset(AccessPoint() as found):
            if is_of_volume(found).status is not Status.FAIL:
                return unknown(at, "who reads from an FSx volume is not looked at")
            from s3audit.policy.access.past_function import only_by_function

            return only_by_function(found, estate)
        case _:
            return failed(at, "the supporting access point does not exist")
