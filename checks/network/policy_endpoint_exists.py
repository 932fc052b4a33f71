from s3audit.check import ALL, BUCKETS, ENDPOINTS, MEDIUM, Fix, check
from s3audit.intent import listed
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.network import Vpc, VpcEndpoint
from s3audit.model.uses import if_there
from s3audit.policy.language import Condition, Statement, policy_of
from s3audit.setting import Known, Setting, Unknown, Unset, every_of, when_set
from s3audit.text import Text
from s3audit.verdict import Verdict, failed, not_applicable, passed, unknown

_ENDPOINT, _VPC = "aws:sourcevpce", "aws:sourcevpc"
_DELETED = ("deleting", "deleted", "Deleting", "Deleted")
Trusted = Setting[frozenset[str] | None]


@check(
    severity=MEDIUM,
    severity_rule="medium: a Deny for all but an endpoint that is gone is for everybody, and an Allow is for nobody",
    needs=(BUCKETS, ENDPOINTS),
    about="policy",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # The id of an endpoint that is there, or a reference to the one of this template.
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/shop"}
                      Action: s3:GetObject
                      Resource: !Sub ${Bucket.Arn}/*
                      Condition:
                        StringEquals: {"aws:SourceVpce": vpce-0a1b2c3d4e5f60718}
            """,
        terraform="""
            # The id of an endpoint that is there, or a reference to the one of this module.
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { AWS = "arn:aws:iam::111122223333:role/shop" }
                  Action    = "s3:GetObject"
                  Resource  = "${aws_s3_bucket.example.arn}/*"
                  Condition = { StringEquals = { "aws:SourceVpce" = "vpce-0a1b2c3d4e5f60718" } }
                }]
              })
            }
            """,
        cli="""
            aws ec2 describe-vpc-endpoints --filters Name=service-name,Values=com.amazonaws.REGION.s3
            # policy.json has the ids that this tells.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="An endpoint of another account stands in vpc_endpoints of the configuration, and a VPC in vpcs.",
    ),
    passes=(
        """
        # The endpoint is made here; another one stands in the configuration.
        #: [[expect]]
        #: vpc_endpoints = ["vpce-0a1b2c3d4e5f60718"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Private:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: vpc-0a1b2c3d4e5f60718
              ServiceName: com.amazonaws.eu-west-1.s3
          Policy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals:
                        aws:SourceVpce: [!Ref Private, vpce-0a1b2c3d4e5f60718]
          Photos:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Neither the configuration nor the template has the endpoint and the VPC.
        #: [[expect]]
        #: vpc_endpoints = ["vpce-0a1b2c3d4e5f60718"]
        #: vpcs = ["vpc-0a1b2c3d4e5f60718"]
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
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals:
                        aws:SourceVpce: vpce-0fedcba9876543210 # <-
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals:
                        aws:SourceVpc: vpc-0fedcba9876543210 # <-
        """,
    ),
    unsure=(
        """
        # It may be one of a network account.
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
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals:
                        aws:SourceVpce: vpce-0a1b2c3d4e5f60718 # <-
        """,
    ),
)
def policy_endpoint_exists(bucket: Bucket, estate: Estate) -> Verdict:
    """Endpoints and VPCs named in a bucket policy exist.

    An endpoint that is made anew has another id. A Deny for all who do not come by the old one then shuts out
    everybody, and an Allow for it opens nothing.
    """
    match bucket.policy:
        case Known(None) | Unset(None):
            return not_applicable(bucket.policy.at, "there is no bucket policy")
        case _:
            endpoints = listed(bucket, estate, lambda one: one.trust.vpc_endpoints)
            vpcs = listed(bucket, estate, lambda one: one.trust.vpcs)
    none = not_applicable(bucket.policy.at, "no condition names an endpoint or a VPC")

    def of_condition(condition: Condition) -> Verdict:
        if condition.operator.lower() == "null":
            return none
        if condition.is_about(_ENDPOINT):
            return every_of(
                condition.values, lambda name: _is_there(name, condition, VpcEndpoint, endpoints, estate)
            )
        if condition.is_about(_VPC):
            return every_of(condition.values, lambda name: _is_there(name, condition, Vpc, vpcs, estate))
        return none

    def of_statement(statement: Statement) -> Verdict:
        return every_of(statement.conditions, of_condition, empty=none)

    return when_set(
        policy_of(bucket.policy),
        lambda policy: every_of(policy.statements, of_statement, empty=none),
        none,
        what="the bucket policy",
    )


def _is_there(
    name: Text,
    condition: Condition,
    kind: type[VpcEndpoint] | type[Vpc],
    trusted: Trusted,
    estate: Estate,
) -> Verdict:
    at = condition.at
    if any(sign in part for part in name.parts if isinstance(part, str) for sign in "*?"):
        return not_applicable(at, f"{name} is a pattern")
    own = estate.named_by(name, kind) or _by_its_id(name, kind, estate)
    if own is not None:
        return if_there(own, _in_use(own, name, condition))
    match trusted:
        case Unknown(why):
            return unknown(at, why)
        case Known(None) | Unset(None):
            return unknown(at, f"whether {name} exists is not known: it may be in another account")
        case Known(names) | Unset(names):
            if name.literal is None:
                return unknown(at, f"what {name} is is not known")
            if name.literal in (names or ()):
                return passed(at, f"{name} is one that the configuration lists")
            return failed(at, f"{name} is neither here nor in the configuration")


def _in_use(own: Resource, name: Text, condition: Condition) -> Verdict:
    there = passed(condition.at, f"{own.title or name} is there")
    if not isinstance(own, VpcEndpoint):
        return there
    match own.state:
        case Known(str() as state) if state in _DELETED:
            return failed(condition.at, f"{name} is {state.lower()}")
        case _:
            return there


def _by_its_id(name: Text, kind: type[VpcEndpoint] | type[Vpc], estate: Estate) -> VpcEndpoint | Vpc | None:
    address = estate.once(_endpoints if kind is VpcEndpoint else _vpcs).get(name)
    return None if address is None else estate.at(address, kind)


def _endpoints(estate: Estate) -> dict[Text, str]:
    return {
        one.id.value: one.address
        for one in estate.all(VpcEndpoint)
        if isinstance(one.id, Known) and one.id.value
    }


def _vpcs(estate: Estate) -> dict[Text, str]:
    return {
        one.id.value: one.address for one in estate.all(Vpc) if isinstance(one.id, Known) and one.id.value
    }
