from s3audit.check import ALL, BUCKETS, HIGH, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.policy.elements import has_effect, known_name
from s3audit.policy.language import Statement
from s3audit.policy.patterns import covers_action, covers_bucket
from s3audit.setting import Known, Listed, Unset
from s3audit.text import Text, text
from s3audit.verdict import Status, Verdict, failed, passed, unknown

from ._statements import is_own, known, of_each, some_of_items

_POLICY = (text("s3:PutBucketPolicy"), text("s3:DeleteBucketPolicy"))


@check(
    severity=HIGH,
    severity_rule="high: others may switch all protection off; medium where they are of the same account",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    yields_to=("policy-cross-account-admin", "access-public-write"),
    peers={
        "kics": (
            "S3 Bucket With All Permissions (terraform a4966c4f-9141-48b8-a564-ffe9959945bc)",
            "S3 Bucket With All Permissions (cloudformation 4ae8af91-5108-42cb-9471-3bdbe596eac9)",
        ),
        "guard": ("S3_BUCKET_POLICY_NO_WILDCARD_ACTION",),
        "cfn_nag": ("F15",),
        "scoutsuite": ("s3-bucket-world-policy-star",),
        "terrascan": ("AC_AWS_0217",),
        "regula": ("FG_R00210",),
    },
    fix=Fix(
        cloudformation="""
            # What is needed, and no more.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}
                      Action: [s3:GetObject, s3:PutObject]
                      Resource: !Sub ${Bucket.Arn}/*
            """,
        terraform="""
            # What is needed, and no more.
            data "aws_caller_identity" "current" {}

            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
                  Action    = ["s3:GetObject", "s3:PutObject"]
                  Resource  = "${aws_s3_bucket.example.arn}/*"
                }]
              })
            }
            """,
        cli="""
            # policy.json names the actions that are needed, such as s3:GetObject.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="CloudTrail data events and IAM's last accessed information tell which actions are used.",
    ),
    passes=(
        """
        # Named actions; every action, but on objects only; and a Deny may be about all.
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
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action: [s3:GetObject, s3:ListBucket]
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action: s3:*
                    Resource: !Sub ${Orders.Arn}/inbox/*
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action: s3:Get*
                    Resource: !GetAtt Orders.Arn
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition: {Bool: {"aws:SecureTransport": "false"}}
        """,
    ),
    fails=(
        """
        # A partner may do everything.
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
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action: s3:* # <-
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
        """,
        """
        # All that begins with Put takes in the policy.
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
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action:
                      - s3:GetBucketPolicy
                      - s3:Put* # <-
                    Resource: !Sub ${Orders.Arn}*
        """,
        """
        # A role of the same account.
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
                    Principal: {AWS: [!Sub "arn:aws:iam::${AWS::AccountId}:role/shop", !Ref AWS::AccountId]}
                    Action: "*" # <-
                    Resource: !GetAtt Orders.Arn
        """,
    ),
    unsure=(
        """
        # Whoever deploys it says which actions.
        Parameters:
          Actions: {Type: String}
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
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action:
                      - !Ref Actions # <-
                    Resource: !GetAtt Orders.Arn
        """,
        """
        # Which bucket it is about is for another stack to say.
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
                    Principal: {AWS: arn:aws:iam::444455556666:root}
                    Action: s3:*
                    Resource: !ImportValue bucket-arn # <-
        """,
    ),
)
def wildcard_action(bucket: Bucket) -> Verdict:
    """No Allow statement grants every S3 action.

    Whoever may do everything may also change the policy, switch versioning and encryption off and delete the
    bucket. Nobody who reads or writes objects needs that, and a stolen key then takes all of it.
    """
    return of_each(bucket, lambda statement: _judged(statement, bucket))


def _judged(statement: Statement, bucket: Bucket) -> Verdict:
    wide = has_effect(statement, "Allow") & some_of_items(statement.actions, _takes_in_the_policy)
    found = ~(wide & _is_about(statement, bucket))
    own = [
        is_own(one.name, bucket) if one.kind == "AWS" else Status.FAIL
        for one in (item.value for item in known(statement.principals))
    ]
    return found.at_severity(MEDIUM) if own and set(own) == {Status.PASS} else found


def _is_about(statement: Statement, bucket: Bucket) -> Verdict:
    """Whether it is about the bucket itself, and not only about what is in it."""
    name = known_name(bucket.name)

    def covered(listed: Listed[Text]) -> Verdict:
        return some_of_items(listed, lambda one: _covers(one, name))

    found = covered(statement.resources)
    if not isinstance(statement.not_resources, Unset):
        found = ~covered(statement.not_resources)
    return Verdict(Status.PASS) if found.status is Status.PASS else found


def _covers(resource: Known[Text], name: Text) -> Verdict:
    match covers_bucket(resource.value, name):
        case Status.PASS:
            return passed(resource.at, f"{resource.value} is about the bucket")
        case Status.FAIL:
            return failed(resource.at, f"{resource.value} is not about the bucket itself")
        case _:
            return unknown(resource.at, f"whether {resource.value} is about the bucket is not known")


def _takes_in_the_policy(item: Known[Text]) -> Verdict:
    """Whether it is a pattern that takes in the right to change the policy."""
    action, at = item.value, item.at
    is_pattern = action.opaque != () or any(sign in str(action) for sign in "*?")
    found = {covers_action(action, one) for one in _POLICY} if is_pattern else {Status.FAIL}
    if Status.PASS in found:
        return passed(at, f"the statement allows {action}, which takes in the right to change the policy")
    if Status.UNKNOWN in found:
        return unknown(at, f"which actions {action} stands for is not known")
    return failed(at, f"{action} does not take in the right to change the policy")
