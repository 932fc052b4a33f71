from s3audit.check import ALL, BUCKETS, HIGH, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.policy.conditions import met_by
from s3audit.policy.elements import acts, has_effect
from s3audit.policy.language import Condition, Policy
from s3audit.setting import every_of, some_of
from s3audit.text import text
from s3audit.verdict import Status, Verdict, passed, some, unless

from ._statements import of_policy

_CHANGING = (text("s3:PutBucketPolicy"), text("s3:DeleteBucketPolicy"))


@check(
    severity=HIGH,
    severity_rule="high: only root can repair it; medium where administrators can from one network, or with MFA",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    peers={"checkov": ("CKV_AWS_93",)},
    fix=Fix(
        cloudformation="""
            # One more condition spares the role of the administrators.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Deny
                      Principal: "*"
                      Action: s3:*
                      Resource: [!GetAtt Bucket.Arn, !Sub "${Bucket.Arn}/*"]
                      Condition:
                        StringNotEquals: {"aws:SourceVpce": vpce-1a2b3c4d}
                        ArnNotLike: {"aws:PrincipalArn": !Sub "arn:aws:iam::${AWS::AccountId}:role/admin"}
            """,
        terraform="""
            # One more condition spares the role of the administrators.
            data "aws_caller_identity" "current" {}

            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Deny"
                  Principal = "*"
                  Action    = "s3:*"
                  Resource  = [aws_s3_bucket.example.arn, "${aws_s3_bucket.example.arn}/*"]
                  Condition = {
                    StringNotEquals = { "aws:SourceVpce" = "vpce-1a2b3c4d" }
                    ArnNotLike = {
                      "aws:PrincipalArn" = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/admin"
                    }
                  }
                }]
              })
            }
            """,
        cli="""
            # Where nobody is let in any more, the root user of the account still may.
            aws s3api delete-bucket-policy --bucket BUCKET
            """,
    ),
    passes=(
        """
        # An administrator is spared; plain HTTP and another organization can always be avoided.
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
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      StringNotEquals: {"aws:SourceVpce": vpce-1a2b3c4d}
                      ArnNotLike: {"aws:PrincipalArn": !Sub "arn:aws:iam::${AWS::AccountId}:role/admin"}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition: {Bool: {"aws:SecureTransport": "false"}}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition: {StringNotEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}
          Invoices:
            Type: AWS::S3::Bucket
        """,
        """
        # It is about objects only.
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
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: !Sub ${Orders.Arn}/*
        """,
    ),
    fails=(
        """
        # Nobody can do anything but through one endpoint.
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
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition: {StringNotEquals: {"aws:SourceVpce": vpce-1a2b3c4d}}
        """,
        """
        # Nobody at all; services are no administrators.
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
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: [s3:PutBucketPolicy, s3:DeleteBucketPolicy]
                    Resource: !GetAtt Orders.Arn
                    Condition: {Bool: {"aws:PrincipalIsAWSService": "false"}}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: !GetAtt Orders.Arn
                    Condition: {Bool: {"aws:SecureTransport": "false"}}
        """,
        """
        # From the office, and with a second factor.
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
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition: {NotIpAddress: {"aws:SourceIp": 203.0.113.0/24}}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:Put*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:DeleteBucketPolicy
                    Resource: !GetAtt Orders.Arn
                    Condition: {Bool: {"aws:SecureTransport": "false"}}
        """,
    ),
    unsure=(
        """
        # Whom it spares is for whoever deploys it to say.
        Parameters:
          Admin: {Type: String}
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
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition: {ArnNotLike: {"aws:PrincipalArn": !Ref Admin}}
        """,
    ),
)
def lockout(bucket: Bucket) -> Verdict:
    """A Deny does not lock out everyone but root.

    A Deny also holds for administrators. Where it takes the right to change the policy from all of them, the next
    change, and the repair, needs the root user of the account.
    """
    return unless(
        ~of_type(bucket, "general"),
        "its policies are not asked",
        lambda: of_policy(bucket, lambda one: _judged(one, bucket)),
    )


def _judged(policy: Policy, bucket: Bucket) -> Verdict:
    denying = some_of(
        policy.statements,
        lambda one: (
            has_effect(one, "Deny")
            & some(acts(one, name) for name in _CHANGING)
            & every_of(one.conditions, _holds_over_tls)
        ),
    )
    if denying.status is Status.FAIL:
        return passed(policy.at, "no statement denies administrators changes of the policy")
    from ._claims import leaves_a_way

    return leaves_a_way(policy, bucket)


def _holds_over_tls(condition: Condition) -> Verdict:
    return met_by(condition, "true") if condition.is_about("aws:securetransport") else Verdict(Status.PASS)
