from s3audit.check import ALL, BUCKETS, MEDIUM, ROLES, Fix, check
from s3audit.intent import listed
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Verdict, not_applicable, unknown

from ._policies import of_general


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: a URL carries the rights of its signer; high where that is a user with lasting keys, or may do"
        " everything"
    ),
    needs=(BUCKETS, ROLES),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                RoleName: signer
                AssumeRolePolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {Service: lambda.amazonaws.com}
                      Action: sts:AssumeRole
                Policies:
                  - PolicyName: sign
                    PolicyDocument:
                      Version: "2012-10-17"
                      Statement:
                        - Effect: Allow
                          Action: s3:GetObject
                          Resource: !Sub ${Bucket.Arn}/downloads/*
            """,
        terraform="""
            resource "aws_iam_role_policy" "role" {
              role = aws_iam_role.role.id
              name = "sign"
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = "s3:GetObject"
                  Resource = "${aws_s3_bucket.example.arn}/downloads/*"
                }]
              })
            }
            """,
        note="Give those who sign a role of their own: what else they do is then no business of their URLs.",
    ),
    passes=(
        """
        # The role reads and writes objects below one prefix, and nothing else.
        #: [[expect]]
        #: name = "shop-orders"
        #: signers = ["arn:aws:iam::*:role/signer"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          Photos:
            Type: AWS::S3::Bucket
          Role:
            Type: AWS::IAM::Role
            Properties:
              RoleName: signer
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: lambda.amazonaws.com}
                    Action: sts:AssumeRole
              Policies:
                - PolicyName: sign
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: [s3:GetObject, s3:PutObject]
                        Resource: arn:aws:s3:::shop-orders/shared/*
        """,
    ),
    fails=(
        """
        # Whoever gets its URLs can list and delete, too.
        #: [[expect]]
        #: name = "shop-orders"
        #: signers = ["arn:aws:iam::*:role/signer"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          Role:
            Type: AWS::IAM::Role
            Properties:
              RoleName: signer
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: lambda.amazonaws.com}
                    Action: sts:AssumeRole
              Policies:
                - PolicyName: sign
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow # <-
                        Action: [s3:GetObject, s3:DeleteObject]
                        Resource: arn:aws:s3:::shop-orders/*
        """,
        """
        # A user with an access key that nobody ends.
        #: [[expect]]
        #: name = "shop-orders"
        #: signers = ["arn:aws:iam::*:user/signer"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          User:
            Type: AWS::IAM::User
            Properties:
              UserName: signer
              Policies:
                - PolicyName: sign
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: s3:GetObject
                        Resource: arn:aws:s3:::shop-orders/*
          Key: # <-
            Type: AWS::IAM::AccessKey
            Properties:
              UserName: !Ref User
        """,
        """
        # It may do everything, everywhere.
        #: [[expect]]
        #: name = "shop-orders"
        #: signers = ["arn:aws:iam::*:role/signer"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          Role:
            Type: AWS::IAM::Role
            Properties:
              RoleName: signer
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: lambda.amazonaws.com}
                    Action: sts:AssumeRole
              Policies:
                - PolicyName: sign
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow # <-
                        Action: s3:*
                        Resource: "*"
        """,
    ),
    unsure=(
        """
        # One of its policies is declared elsewhere.
        #: [[expect]]
        #: name = "shop-orders"
        #: signers = ["arn:aws:iam::*:role/signer"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          Role: # <-
            Type: AWS::IAM::Role
            Properties:
              RoleName: signer
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {Service: lambda.amazonaws.com}
                    Action: sts:AssumeRole
              ManagedPolicyArns: [!ImportValue signing-policy]
        """,
    ),
)
def signer_scope(bucket: Bucket, estate: Estate) -> Verdict:
    """Declared URL signers hold only the rights they sign.

    A presigned URL is as powerful as whoever signed it, and for as long as those credentials last. A program that can
    be tricked into signing something else hands out all the rights that it has. It is asked once the configuration
    names those who sign.
    """
    match listed(bucket, estate, lambda one: one.trust.signers):
        case Unknown(why, at):
            return unknown(at, why)
        case Known(signers, at) | Unset(signers, at):
            if not signers:
                return not_applicable(bucket.at, "nobody said who presigns requests")
            from s3audit.policy.access.signing import signers_are_narrow

            return of_general(bucket, lambda: signers_are_narrow(bucket, estate, signers, at))
