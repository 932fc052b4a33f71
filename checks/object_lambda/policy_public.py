from s3audit.check import ACCESS_POINTS, ALL, HIGH, MEDIUM, Fix, check
from s3audit.model.access_point import ObjectLambdaAccessPoint
from s3audit.model.estate import Estate
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import Unknown, when_set
from s3audit.verdict import Status, Verdict, passed, unknown

from ._intent import trusted_by

_ACTIONS = tuple(
    f"s3-object-lambda:{name}"
    for name in (
        "GetObject",
        "GetObjectVersion",
        "HeadObject",
        "ListBucket",
        "ListBucketVersions",
        "PutObject",
        "DeleteObject",
        "DeleteObjectVersion",
        "PutObjectAcl",
    )
)


@check(
    severity=HIGH,
    severity_rule=(
        "high: an account that nobody expects reads by it; medium where it names everybody, as Block Public Access,"
        " which is always on there, refuses such a policy"
    ),
    needs=(ACCESS_POINTS,),
    about="policy",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            AccessPointPolicy:
              Type: AWS::S3ObjectLambda::AccessPointPolicy
              Properties:
                ObjectLambdaAccessPoint: !Ref ObjectLambdaAccessPoint
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: !Ref AWS::AccountId}
                      Action: s3-object-lambda:GetObject
                      Resource: !GetAtt ObjectLambdaAccessPoint.Arn
            """,
        terraform="""
            resource "aws_s3control_object_lambda_access_point_policy" "example" {
              name = aws_s3control_object_lambda_access_point.example.name
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  {
                    Effect    = "Allow"
                    Principal = { AWS = data.aws_caller_identity.current.account_id }
                    Action    = "s3-object-lambda:GetObject"
                    Resource  = aws_s3control_object_lambda_access_point.example.arn
                  }
                ]
              })
            }
            data "aws_caller_identity" "current" {}
            """,
        cli="""
            # Names those who are meant, and no "*".
            aws s3control put-access-point-policy-for-object-lambda --account-id ACCOUNT_ID --name NAME \\
              --policy file://policy.json
            """,
        note="An account that is meant to have access goes to trusted_accounts in .s3audit.toml.",
    ),
    passes=(
        """
        # Its own account, and one that is trusted; everybody else has to be of the organization.
        #: [[expect]]
        #: kind = "object-lambda-access-point"
        #: trusted_accounts = ["222233334444"]
        #: organization = "o-a1b2c3d4e5"
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
          RedactedPolicy:
            Type: AWS::S3ObjectLambda::AccessPointPolicy
            Properties:
              ObjectLambdaAccessPoint: !Ref Redacted
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: [!Ref AWS::AccountId, "222233334444"]}
                    Action: s3-object-lambda:GetObject
                    Resource: !GetAtt Redacted.Arn
                  - Effect: Allow
                    Principal: "*"
                    Action: s3-object-lambda:GetObject
                    Resource: !GetAtt Redacted.Arn
                    Condition:
                      StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
        """,
    ),
    fails=(
        """
        # An account that nobody trusts.
        #: [[expect]]
        #: trusted_accounts = ["222233334444"]
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
          RedactedPolicy:
            Type: AWS::S3ObjectLambda::AccessPointPolicy
            Properties:
              ObjectLambdaAccessPoint: !Ref Redacted
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: {AWS: "444455556666"}
                    Action: s3-object-lambda:GetObject
                    Resource: !GetAtt Redacted.Arn
        """,
        """
        # Medium: it names everybody.
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
          RedactedPolicy:
            Type: AWS::S3ObjectLambda::AccessPointPolicy
            Properties:
              ObjectLambdaAccessPoint: !Ref Redacted
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3-object-lambda:*
                    Resource: !GetAtt Redacted.Arn
        """,
    ),
    unsure=(
        """
        # Who may read is for another stack to say.
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
          RedactedPolicy:
            Type: AWS::S3ObjectLambda::AccessPointPolicy
            Properties:
              ObjectLambdaAccessPoint: !Ref Redacted
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: !ImportValue readers
                    Action: s3-object-lambda:GetObject
                    Resource: !GetAtt Redacted.Arn
        """,
    ),
)
def policy_public(point: ObjectLambdaAccessPoint, estate: Estate) -> Verdict:
    """Object Lambda access point policies are not public or for unknown accounts.

    Whoever reads through the function needs this policy to let them in. An account that nobody knows has no business
    there, and a policy for everybody is refused when it is deployed.
    """
    return when_set(
        policy_of(point.policy),
        lambda policy: _judged(policy, point, estate),
        "it has no policy",
        what="its policy",
    )


def _judged(policy: Policy, point: ObjectLambdaAccessPoint, estate: Estate) -> Verdict:
    from s3audit.policy.access.standalone import lets_in_others, lets_in_strangers

    public = (~lets_in_strangers(policy, point, _ACTIONS, signed=True)).at_severity(MEDIUM)
    trust = trusted_by(point, estate)
    if isinstance(trust, Unknown):
        return public & unknown(policy.at, trust.why)
    if not trust.is_said:
        return public
    known = ~lets_in_others(policy, point, _ACTIONS, trust.accounts or (), trust.organizations or ())
    found = public & known
    if found.status is Status.PASS:
        return passed(policy.at, "whoever its policy lets in is to be trusted")
    return found
