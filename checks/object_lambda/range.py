from s3audit.check import ACCESS_POINTS, ALL, MEDIUM, Fix, check
from s3audit.model.access_point import ObjectLambdaAccessPoint
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status, Verdict, every, passed, unknown

from ._intent import if_protective, is_range_safe

_PARTIAL = ("GetObject-Range", "GetObject-PartNumber", "HeadObject-Range", "HeadObject-PartNumber")


@check(
    severity=MEDIUM,
    severity_rule="medium: a part of an object can slip past a filter that expects all of it",
    needs=(ACCESS_POINTS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            ObjectLambdaConfiguration:
              AllowedFeatures: []
            """,
        terraform="""
            # Without allowed_features.
            resource "aws_s3control_object_lambda_access_point" "example" {
              name = "redacted"
              configuration {
                supporting_access_point = aws_s3_access_point.orders_point.arn
                transformation_configuration {
                  actions = ["GetObject"]
                  content_transformation {
                    aws_lambda {
                      function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:redact"
                    }
                  }
                }
              }
            }
            """,
        cli="""
            # configuration.json has no AllowedFeatures.
            aws s3control put-access-point-configuration-for-object-lambda --account-id ACCOUNT_ID --name NAME \\
              --configuration file://configuration.json
            """,
        note="If the function copes with parts of objects, say range_safe = true.",
    ),
    passes=(
        """
        # It hides something, and takes whole objects only; the other one hides nothing.
        #: [[expect]]
        #: name = "redacted"
        #: kind = "object-lambda-access-point"
        #: protective = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
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
          Small:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              Name: small
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !GetAtt OrdersPoint.Arn
                AllowedFeatures: [GetObject-Range]
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda:
                        FunctionArn: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:resize
        """,
        """
        # The function copes with parts of objects.
        #: [[expect]]
        #: name = "redacted"
        #: kind = "object-lambda-access-point"
        #: protective = true
        #: range_safe = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              Name: redacted
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !GetAtt OrdersPoint.Arn
                AllowedFeatures:
                  - GetObject-Range
                  - HeadObject-Range
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda:
                        FunctionArn: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:redact
        """,
    ),
    fails=(
        """
        # Readers may ask for a part, which the function may not know from a whole object.
        #: [[expect]]
        #: name = "redacted"
        #: kind = "object-lambda-access-point"
        #: protective = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              Name: redacted
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !GetAtt OrdersPoint.Arn
                AllowedFeatures:
                  - GetObject-Range # <-
                  - HeadObject-Range # <-
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda:
                        FunctionArn: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:redact
        """,
    ),
    unsure=(
        """
        # What is allowed is for whoever deploys it.
        #: [[expect]]
        #: name = "redacted"
        #: kind = "object-lambda-access-point"
        #: protective = true
        Parameters:
          Features: {Type: CommaDelimitedList}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders
              Bucket: !Ref Orders
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              Name: redacted
              ObjectLambdaConfiguration:
                SupportingAccessPoint: !GetAtt OrdersPoint.Arn
                AllowedFeatures: !Ref Features # <-
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda:
                        FunctionArn: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:redact
        """,
    ),
)
def range(point: ObjectLambdaAccessPoint, estate: Estate) -> Verdict:  # noqa: A001 - it is called as its file is
    """Range and part-number features are allowed only when the function handles them.

    A function that hides something has to see all of an object. Where readers may ask for a part of it, what should
    be hidden may lie on the border, and get through in two halves.
    """

    def judged() -> Verdict:
        allowed = _allows_parts(point)
        if allowed.status is not Status.FAIL:
            return allowed
        safe = is_range_safe(point, estate)
        return safe if safe.status is Status.PASS else allowed & ~safe if safe.status is Status.FAIL else safe

    return if_protective(point, estate, judged)


def _allows_parts(point: ObjectLambdaAccessPoint) -> Verdict:
    match point.allowed_features:
        case Unknown(why, at):
            return unknown(at, f"the allowed features are not known: {why}")
        case Known(items, at) | Unset(items, at):
            return every(
                (
                    unknown(item.at, item.why)
                    if isinstance(item, Unknown)
                    else ~item.is_in(*_PARTIAL, what="an allowed feature")
                    for item in items
                ),
                passed(at, "readers can ask for whole objects only"),
            )
