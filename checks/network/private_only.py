from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.intent import listed, said
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.policy.elements import has_effect
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import Known, Unknown, Unset, some_of, when_set
from s3audit.verdict import Status, Verdict, failed, not_applicable, unknown, unless


@check(
    severity=MEDIUM,
    severity_rule="medium: keys that got into wrong hands work from anywhere",
    needs=(BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # One more statement in the bucket's policy; administrators stand in the configuration, too.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Sid: PrivateObjects
                      Effect: Deny
                      Principal: "*"
                      Action: s3:*
                      Resource: !Sub ${Bucket.Arn}/*
                      Condition:
                        StringNotEqualsIfExists: {"aws:SourceVpce": vpce-0a1b2c3d4e5f60718}
                        BoolIfExists:
                          aws:PrincipalIsAWSService: "false"
                          aws:ViaAWSService: "false"
                    - Sid: PrivateList
                      Effect: Deny
                      Principal: "*"
                      Action: s3:ListBucket*
                      Resource: !GetAtt Bucket.Arn
                      Condition:
                        StringNotEqualsIfExists: {"aws:SourceVpce": vpce-0a1b2c3d4e5f60718}
                        BoolIfExists:
                          aws:PrincipalIsAWSService: "false"
                          aws:ViaAWSService: "false"
            """,
        terraform="""
            # One more statement in the bucket's policy; administrators stand in the configuration, too.
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [
                  for action, resource in {
                    "s3:*"           = "${aws_s3_bucket.example.arn}/*"
                    "s3:ListBucket*" = aws_s3_bucket.example.arn
                    } : {
                    Effect    = "Deny"
                    Principal = "*"
                    Action    = action
                    Resource  = resource
                    Condition = {
                      StringNotEqualsIfExists = { "aws:SourceVpce" = "vpce-0a1b2c3d4e5f60718" }
                      BoolIfExists = {
                        "aws:PrincipalIsAWSService" = "false"
                        "aws:ViaAWSService"         = "false"
                      }
                    }
                  }
                ]
              })
            }
            """,
        cli="""
            # This replaces the policy: put the statements that are there into the file too.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="Whoever works from elsewhere is turned away at once, the pipeline that deploys the policy perhaps, too.",
    ),
    passes=(
        """
        # Nobody but who comes by the endpoint; services, and what they do for somebody, are spared.
        #: [[expect]]
        #: network = "private"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Policy:
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
                      StringNotEquals: {"aws:SourceVpce": vpce-0a1b2c3d4e5f60718}
                      BoolIfExists:
                        aws:PrincipalIsAWSService: "false"
                        aws:ViaAWSService: "false"
        """,
        """
        # Administrators may come from anywhere, if the configuration names them.
        #: [[expect]]
        #: network = "private"
        #: administrators = ["arn:aws:iam::*:role/admin"]
        #: networks = ["203.0.113.0/24"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Policy:
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
                      StringNotEquals: {"aws:SourceVpc": vpc-0a1b2c3d4e5f60718}
                      NotIpAddress: {"aws:SourceIp": 203.0.113.0/24}
                      ArnNotLike: {"aws:PrincipalArn": !Sub "arn:aws:iam::${AWS::AccountId}:role/admin"}
        """,
        """
        # Only by access points that answer their VPC.
        #: [[expect]]
        #: name = "shop-orders"
        #: network = "private"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          Photos:
            Type: AWS::S3::Bucket
          Policy:
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
                      StringNotEquals: {"s3:AccessPointNetworkOrigin": VPC}
        """,
    ),
    fails=(
        """
        # Nothing says where requests have to come from.
        #: [[expect]]
        #: network = "private"
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # Uploads are shut off, and reading is not.
        #: [[expect]]
        #: network = "private"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringNotEquals: {"aws:SourceVpce": vpce-0a1b2c3d4e5f60718}
        """,
    ),
    unsure=(
        """
        # Whom it is for is for whoever deploys it.
        #: [[expect]]
        #: network = "private"
        Parameters:
          Who: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: {AWS: !Ref Who}
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      StringNotEquals: {"aws:SourceVpce": vpce-0a1b2c3d4e5f60718}
        """,
    ),
)
def private_only(bucket: Bucket, estate: Estate) -> Verdict:
    """Buckets tagged private-network are reachable only through named endpoints.

    Then stolen keys are worth nothing outside of the network. It is asked of buckets of which the configuration says
    `network = "private"`.
    """

    def judged() -> Verdict:
        return when_set(
            policy_of(bucket.policy),
            lambda policy: _denied(policy, bucket, estate),
            failed(bucket.policy.at, "there is no bucket policy that denies requests from elsewhere"),
            what="the bucket policy",
        )

    def asked(network: str) -> Verdict:
        if network != "private":
            return not_applicable(bucket.at, f"its network is said to be {network}")
        return unless(~of_type(bucket, "general"), "its policies are not asked", judged)

    return when_set(said(bucket, estate, lambda one: one.network), asked, "nobody says that it is private")


def _denied(policy: Policy, bucket: Bucket, estate: Estate) -> Verdict:
    denying = some_of(policy.statements, lambda one: has_effect(one, "Deny"))
    if denying.status is Status.FAIL:
        return failed(policy.at, "no statement denies requests from elsewhere")

    addresses = listed(bucket, estate, lambda one: one.trust.networks)
    administrators = listed(bucket, estate, lambda one: one.trust.administrators)
    match addresses, administrators:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case ((Known(networks) | Unset(networks)), (Known(spared) | Unset(spared))):
            from s3audit.policy.networks import denies_elsewhere

            return denies_elsewhere(policy, bucket, networks or (), spared or ())
