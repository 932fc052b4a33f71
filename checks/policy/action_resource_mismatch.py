from s3audit.check import BUCKETS, CLOUDFORMATION, MEDIUM, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.names import arn_parts
from s3audit.policy.elements import known_name
from s3audit.policy.language import Statement
from s3audit.policy.patterns import touches_bucket
from s3audit.setting import Known, Unset
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, every, failed, passed, unknown, unless

from ._statements import names_one, of_each, some_of_items


@check(
    severity=MEDIUM,
    severity_rule="medium: S3 refuses the policy, and the deployment stops",
    needs=(BUCKETS,),
    about="policy",
    sources=(CLOUDFORMATION, TERRAFORM),
    fix=Fix(
        cloudformation="""
            # Both the bucket and its objects.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                      Action: [s3:GetObject, s3:ListBucket]
                      Resource: [!GetAtt Bucket.Arn, !Sub "${Bucket.Arn}/*"]
            """,
        terraform="""
            # Both the bucket and its objects.
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { AWS = "arn:aws:iam::111122223333:role/shop" }
                  Action    = ["s3:GetObject", "s3:ListBucket"]
                  Resource  = [aws_s3_bucket.example.arn, "${aws_s3_bucket.example.arn}/*"]
                }]
              })
            }
            """,
        note="Where a statement is to be about one of both only, take the other actions out of it.",
    ),
    passes=(
        """
        # Both levels together, each by itself, and every action on one of them.
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
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: [s3:GetObject, s3:ListBucket]
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/inbox/${!aws:PrincipalAccount}
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: [s3:ListBucket, s3:DeleteObject]
                    Resource: !Sub ${Orders.Arn}*
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: !Sub ${Orders.Arn}/*
                    Condition: {Bool: {"aws:SecureTransport": "false"}}
          Invoices:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Reading objects, of the bucket itself; and listing, of its objects.
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
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject # <-
                    Resource: !GetAtt Orders.Arn
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action:
                      - s3:PutObject
                      - s3:ListBucket # <-
                    Resource: !Sub ${Orders.Arn}/*
        """,
        """
        # Another bucket, and everything there is.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource:
                      - !Sub ${Orders.Arn}/*
                      - arn:aws:s3:::shop-invoices/* # <-
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: "*" # <-
                    Condition: {Bool: {"aws:SecureTransport": "false"}}
        """,
    ),
    unsure=(
        """
        # Whether there is a key behind the name is for whoever deploys it to say.
        Parameters:
          Arn: {Type: String}
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
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Ref Arn # <-
        """,
    ),
)
def action_resource_mismatch(bucket: Bucket) -> Verdict:
    """Every statement pairs bucket actions with the bucket and object actions with objects.

    S3 refuses a policy in which an action can meet none of the resources beside it, or which names another bucket.
    The deployment stops there, often after other resources have been changed.
    """
    others = "its policies are about other resources"
    return unless(
        ~of_type(bucket, "general"), others, lambda: of_each(bucket, lambda one: _fits(one, bucket))
    )


def _fits(statement: Statement, bucket: Bucket) -> Verdict:
    name = known_name(bucket.name)
    named = ~some_of_items(statement.resources, lambda item: _is_strange(item, name))
    if not isinstance(statement.not_resources, Unset) or not isinstance(statement.not_actions, Unset):
        return named
    return named & ~some_of_items(statement.actions, lambda item: _is_lost(item, statement, name))


def _is_strange(item: Known[Text], name: Text) -> Verdict:
    """Whether S3 refuses the resource, as it is about something else."""
    if item.value.literal == "*":
        return passed(item.at, "a Resource is *, which S3 refuses in the policy of a bucket")
    body = _body(item.value)
    if body is None:
        is_told = item.value.literal is not None or names_one(item.value)
        return (
            Verdict(Status.FAIL)
            if is_told
            else unknown(item.at, f"which resource {item.value} is is not known")
        )
    match touches_bucket(item.value, name):
        case Status.FAIL:
            return passed(item.at, f"the Resource {item.value} is of another bucket")
        case Status.UNKNOWN if not _is_pattern(body.split("/", 1)[0]):
            return unknown(item.at, f"whether {item.value} is of this bucket is not known")
        case _:
            return Verdict(Status.FAIL)


def _is_lost(item: Known[Text], statement: Statement, name: Text) -> Verdict:
    """Whether no resource of the statement is one that the action is about."""
    action = item.value.literal
    if action is None:
        found = every(
            (_some_fit(statement, name, of_objects=True), _some_fit(statement, name, of_objects=False))
        )
        why = unknown(item.at, f"whether {item.value} is about buckets or objects is not known")
        return Verdict(Status.FAIL) if found.status is Status.PASS else why
    kinds = of_objects()
    if action.lower() not in kinds:
        return Verdict(Status.FAIL)
    about = kinds[action.lower()]
    fits = _some_fit(statement, name, of_objects=about)
    if fits.status is Status.UNKNOWN:
        return fits
    what = "objects" if about else "buckets"
    if fits.status is Status.PASS:
        return failed(item.at, f"{action} is about {what}, and so is a Resource of the statement")
    return passed(item.at, f"{action} is about {what}, and no Resource of the statement is one")


def of_objects() -> dict[str, bool]:
    """By action: whether it is about objects, and not about buckets."""
    from s3audit.policy.actions import ACTIONS

    return {one.name.lower(): one.of_objects for one in ACTIONS}


def _some_fit(statement: Statement, name: Text, *, of_objects: bool) -> Verdict:
    def fits(item: Known[Text]) -> Verdict:
        note = f"whether {item.value} is a bucket or objects is not known"
        return item.satisfies(lambda one: _may_be(one, name, of_objects=of_objects), note)

    return some_of_items(statement.resources, fits)


def _may_be(resource: Text, name: Text, *, of_objects: bool) -> Status:
    """Whether it may be the ARN of an object, or of a bucket."""
    body = _body(resource)
    if body is None:
        return Status.PASS if resource.literal is not None else Status.UNKNOWN
    own, *key = body.split("/", 1)
    if _is_pattern(own):
        return Status.FAIL if key and not of_objects else Status.PASS
    if key:
        return Status.PASS if of_objects else Status.FAIL
    # What stands for the name of a bucket has no slash in it.
    is_name = all(part.resource != "" or part in name.parts for part in own.opaque)
    return Status.UNKNOWN if not is_name else (Status.FAIL if of_objects else Status.PASS)


def _body(resource: Text) -> Text | None:
    """What follows `arn:aws:s3:::`; None where it is another ARN or none."""
    parts = arn_parts(resource)
    if parts is None or parts[1].literal != "s3" or parts[2].parts or parts[3].parts:
        return None
    return parts[4]


def _is_pattern(part: Text) -> bool:
    return any(isinstance(one, str) and ("*" in one or "?" in one) for one in part.parts)
