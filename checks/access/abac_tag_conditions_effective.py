from s3audit.check import ALL, BUCKETS, HIGH, MEDIUM, ROLES, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.model.identity import Role
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Status, Verdict, unless, verdict

from ._tags import tested_by_bucket, tested_by_identities


@check(
    severity=HIGH,
    severity_rule=(
        "high: a Deny that looks as if it protected the data never matches; medium where only an Allow tests tags,"
        " as that lets nobody in"
    ),
    needs=(BUCKETS, ROLES),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # Tags of the bucket count from then on.
            AbacStatus: Enabled
            """,
        terraform="""
            resource "aws_s3_bucket_abac" "example" {
              bucket = aws_s3_bucket.example.id
              abac_status {
                status = "Enabled"
              }
            }
            """,
        cli="""
            aws s3api put-bucket-abac --bucket BUCKET --abac-status Status=Enabled
            """,
        note=(
            "First see who may tag the bucket: from then on tags are permissions, and changed by s3:TagResource and"
            " s3:UntagResource only."
        ),
    ),
    passes=(
        """
        # The tags of the bucket count.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AbacStatus: Enabled
              Tags: [{Key: team, Value: shop}]
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
                    Resource: !Sub "${Orders.Arn}/*"
                    Condition:
                      StringNotEquals: {aws:ResourceTag/team: "${aws:PrincipalTag/team}"}
        """,
        """
        # Tags of objects count in any case, and those of other services are none of S3's.
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
                    Action: s3:GetObject
                    Resource: !Sub "${Orders.Arn}/*"
                    Condition:
                      StringNotEquals: {s3:ExistingObjectTag/scanned: "yes"}
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: machines
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: ec2:StartInstances
                        Resource: "*"
                        Condition:
                          StringEquals: {aws:ResourceTag/team: shop}
        """,
    ),
    fails=(
        """
        # High: other teams are not kept out, as this bucket's tags do not count.
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
            Properties:
              Tags: [{Key: team, Value: shop}]
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
                    Resource: !Sub "${Orders.Arn}/*"
                    Condition:
                      StringEquals:
                        aws:ResourceTag/team: finance # <-
        """,
        """
        # Medium: the role is let in nowhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AbacStatus: Disabled # <-
              Tags: [{Key: team, Value: shop}]
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: shop
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action: [s3:GetObject, s3:PutObject]
                        Resource: "*"
                        Condition:
                          StringEquals:
                            s3:BucketTag/team: shop # <-
        """,
    ),
    unsure=(
        """
        # Whether tags count is for whoever deploys it.
        Parameters:
          Abac: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              AbacStatus: !Ref Abac # <-
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
                    Resource: !Sub "${Orders.Arn}/*"
                    Condition:
                      StringEquals: {aws:ResourceTag/team: finance}
        """,
        """
        # What the policy tests comes from elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Fn::Transform:
                  Name: AWS::Include
                  Parameters: {Location: s3://policies/orders.json}
        """,
    ),
)
def abac_tag_conditions_effective(bucket: Bucket, estate: Estate) -> Verdict:
    """Where policies test the tags of the bucket, these tags count.

    S3 looks at the tags of a bucket only where attribute-based access control (ABAC) is switched on for it. Without
    that a condition on them never matches, and a Deny that rests on it keeps nobody out.
    """

    def judged() -> Verdict:
        enabled = bucket.abac.status.is_in("Enabled", what="ABAC")
        if enabled.status is Status.PASS:
            return enabled
        tests = tested_by_bucket(bucket) | tested_by_identities(bucket, estate)
        found = enabled | ~tests
        if found.status is Status.PASS and _identities_are_unseen(bucket, estate):
            return found.noting(
                "this is said of the bucket policy only: those of roles and users were not read"
            )
        if found.status is not Status.FAIL:
            return found
        gravest = tests.severity or MEDIUM
        return verdict(Status.FAIL, *enabled.evidence, *tests.evidence).at_severity(gravest)

    return unless(~of_type(bucket, "general"), "the tags of other buckets are no condition of theirs", judged)


def _identities_are_unseen(bucket: Bucket, estate: Estate) -> bool:
    match bucket.account:
        case Known(account) | Unset(account):
            return estate.unlisted(Role, account.literal or "") is not None
        case Unknown():
            return False
