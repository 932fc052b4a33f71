from s3audit.check import ACCESS_POINTS, ALL, HIGH, Fix, check
from s3audit.model.access_point import AccessPoint, ObjectLambdaAccessPoint
from s3audit.model.estate import Estate
from s3audit.model.names import arn_parts
from s3audit.model.points import supporting
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, failed, passed, unknown


@check(
    severity=HIGH,
    severity_rule="high: without it every request fails",
    needs=(ACCESS_POINTS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            ObjectLambdaConfiguration:
              SupportingAccessPoint: !GetAtt Support.Arn
            Support:
              Type: AWS::S3::AccessPoint
              Properties:
                Bucket: !Ref Logs
            """,
        terraform="""
            resource "aws_s3_access_point" "support" {
              name   = "support"
              bucket = aws_s3_bucket.logs.id
            }
            resource "aws_s3control_object_lambda_access_point" "example" {
              name = "orders"
              configuration {
                supporting_access_point = aws_s3_access_point.support.arn
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
            aws s3control create-access-point --account-id ACCOUNT_ID --name ACCESS_POINT --bucket BUCKET
            # configuration.json has its ARN as SupportingAccessPoint.
            aws s3control put-access-point-configuration-for-object-lambda --account-id ACCOUNT_ID --name NAME \\
              --configuration file://configuration.json
            """,
    ),
    passes=(
        """
        # The access point is declared beside it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
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
        # A multi-Region access point can't stand behind it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
              ObjectLambdaConfiguration:
                SupportingAccessPoint: arn:aws:s3::111122223333:accesspoint/m1a2b3c4d5e6f.mrap # <-
                TransformationConfigurations:
                  - Actions: [GetObject]
                    ContentTransformation:
                      AwsLambda:
                        FunctionArn: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:redact
        """,
    ),
    unsure=(
        """
        # The access point is declared elsewhere.
        Parameters:
          Support: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Redacted:
            Type: AWS::S3ObjectLambda::AccessPoint
            Properties:
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
def supporting_access_point(point: ObjectLambdaAccessPoint, estate: Estate) -> Verdict:
    """Each Object Lambda access point has an existing supporting access point.

    It has no data of its own: every object comes through an access point of a bucket in the same Region. Where that
    is gone, or was never one, every request fails.
    """
    match point.supporting_access_point:
        case Unknown(why, at):
            return unknown(at, f"the supporting access point is not known: {why}")
        case Known(arn, at) | Unset(arn, at):
            wrong = _why_wrong(arn, point)
            return failed(at, wrong) if wrong else _is_there(point, estate)


def _is_there(point: ObjectLambdaAccessPoint, estate: Estate) -> Verdict:
    at = point.supporting_access_point.at
    match supporting(point, estate):
        case Unknown(why):
            return unknown(at, why)
        case Known(AccessPoint() as found) | Unset(AccessPoint() as found):
            if found.type != "general":
                return failed(at, "the supporting access point is not of a general purpose bucket")
            return passed(at, f"the supporting access point {found.title or found.address} is there")
        case _:
            return failed(at, "the supporting access point does not exist")


def _why_wrong(arn: Text, point: ObjectLambdaAccessPoint) -> str:
    """Why an ARN can't be that of a supporting access point, as far as it tells itself."""
    parts = arn_parts(arn)
    if parts is None:
        return f"{arn} is no ARN" if arn.literal is not None else ""
    _, service, region, _, resource = parts
    is_point = service.literal in (None, "s3") and region.parts and resource.starts_with("accesspoint/")
    if is_point is Status.FAIL or not is_point:
        return f"{arn} is no access point of a bucket"
    match point.region:
        case Known(own) | Unset(own) if same(region, own) is Status.FAIL:
            return f"{arn} is in another Region"
        case _:
            return ""
