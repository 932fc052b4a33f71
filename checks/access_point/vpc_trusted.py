from s3audit.check import ACCESS_POINTS, ALL, BUCKETS, ENDPOINTS, LIVE, MEDIUM, Fix, check
from s3audit.intent import listed_of
from s3audit.model.access_point import AccessPoint
from s3audit.model.estate import Estate
from s3audit.model.network import Vpc
from s3audit.model.points import buckets_of
from s3audit.model.uses import if_there
from s3audit.setting import Known, Unknown, Unset, when_set
from s3audit.text import Text
from s3audit.verdict import Severity, Verdict, failed, not_applicable, passed, unknown


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: whoever owns that VPC decides who gets to the access point; one step lower where nobody says which"
        " VPCs to trust, as another account may be meant"
    ),
    needs=(ACCESS_POINTS, BUCKETS, ENDPOINTS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            VpcConfiguration:
              VpcId: !Ref Vpc
            Vpc:
              Type: AWS::EC2::VPC
              Properties:
                CidrBlock: 10.0.0.0/16
            """,
        terraform="""
            resource "aws_s3_access_point" "example" {
              vpc_configuration {
                vpc_id = aws_vpc.main.id
              }
            }
            resource "aws_vpc" "main" {
              cidr_block = "10.0.0.0/16"
            }
            """,
        cli="""
            aws s3control delete-access-point --account-id ACCOUNT_ID --name ACCESS_POINT
            aws s3control create-access-point --account-id ACCOUNT_ID --name ACCESS_POINT --bucket BUCKET \\
              --vpc-configuration VpcId=VPC_ID
            """,
        note="If the VPC is one of yours, add it to vpcs; the access point is made anew, as its VPC can't be changed.",
    ),
    passes=(
        """
        # One VPC is in the list, another one is declared beside the access point.
        #: [[expect]]
        #: vpcs = ["vpc-0a1b2c3d4e5f60718"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Vpc:
            Type: AWS::EC2::VPC
            Properties:
              CidrBlock: 10.0.0.0/16
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
              VpcConfiguration: {VpcId: vpc-0a1b2c3d4e5f60718}
          NearPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
              VpcConfiguration: {VpcId: !Ref Vpc}
        """,
    ),
    fails=(
        """
        # The VPC is none of those that are trusted.
        #: [[expect]]
        #: vpcs = ["vpc-0a1b2c3d4e5f60718"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
              VpcConfiguration:
                VpcId: vpc-0f9e8d7c6b5a40312 # <-
        """,
    ),
    unsure=(
        """
        # Which VPC it is is for whoever deploys it.
        #: [[expect]]
        #: vpcs = ["vpc-0a1b2c3d4e5f60718"]
        Parameters:
          VpcId: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
              VpcConfiguration:
                VpcId: !Ref VpcId # <-
        """,
    ),
)
def vpc_trusted(point: AccessPoint, estate: Estate) -> Verdict:
    """The VPC of an access point exists and is trusted.

    An access point that belongs to a VPC answers everybody in it. One that names a VPC of somebody else lets in
    strangers, and one that names a VPC which is gone answers nobody at all.
    """
    return when_set(
        point.vpc,
        lambda vpc: _judged(vpc, point, estate),
        "it can be reached from the internet",
        what="where it can be reached from",
    )


def _judged(vpc: Text, point: AccessPoint, estate: Estate) -> Verdict:
    at = point.vpc.at
    vpcs = listed_of((point, *buckets_of(point, estate)), estate, lambda one: one.trust.vpcs)
    if isinstance(vpcs, Unknown):
        return unknown(at, vpcs.why)
    trusted = vpcs.value if isinstance(vpcs, Known) else vpcs.default
    if trusted is not None and vpc.literal in trusted:
        return passed(at, f"{vpc} is a VPC to trust")
    here = _declared(vpc, estate)
    if here is not None:
        return if_there(here, passed(at, f"the VPC {here.title or vpc} is here"))
    if trusted is None and point.origin != LIVE:
        return not_applicable(at, "nobody says which VPCs to trust")
    if vpc.literal is None:
        return unknown(at, f"which VPC {vpc} is is not known")
    severity = Severity.LOW if trusted is None else None
    if point.origin == LIVE:
        gap = estate.unlisted(Vpc, _literal(point.account), _literal(point.region))
        if gap is not None:
            return unknown(at, f"whether {vpc} is a VPC of the account is not known: {gap.why}")
        return failed(at, f"{vpc} is no VPC that the account has or shares", severity)
    return failed(at, f"{vpc} is no VPC to trust", severity)


def _declared(vpc: Text, estate: Estate) -> Vpc | None:
    own = estate.named_by(vpc, Vpc)
    if own is not None:
        return own
    address = estate.once(_by_id).get(vpc)
    return None if address is None else estate.at(address, Vpc)


def _by_id(estate: Estate) -> dict[Text, str]:
    return {
        one.id.value: one.address
        for one in estate.all(Vpc)
        if isinstance(one.id, Known) and one.id.value is not None
    }


def _literal(setting: Known[Text] | Unset[Text] | Unknown) -> str:
    match setting:
        case Known(told) | Unset(told):
            return told.literal or ""
        case Unknown():
            return ""
