from s3audit.check import ACCESS_POINTS, ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.intent import said_of
from s3audit.model.access_point import AccessPoint
from s3audit.model.estate import Estate
from s3audit.model.points import buckets_of
from s3audit.setting import Unknown, when_set
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown


@check(
    severity=MEDIUM,
    severity_rule="medium: the network is a second limit beside the policies; asked only where it is wanted",
    needs=(ACCESS_POINTS, BUCKETS),
    sources=ALL,
    peers={"config": ("s3-access-point-in-vpc-only",)},
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
        note="The access point is made anew, as where it is reached from can't be changed later.",
    ),
    passes=(
        """
        # It can be reached from one VPC only.
        #: [[expect]]
        #: name = "orders-point"
        #: kind = "access-point"
        #: network = "private"
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
              Name: orders-point
              Bucket: !Ref Orders
              VpcConfiguration: {VpcId: !Ref Vpc}
        """,
    ),
    fails=(
        """
        # What is said of the bucket holds for its access points, too.
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
          OrdersPoint: # <-
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
          PhotosPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Photos
        """,
        """
        # The access point itself is meant.
        #: [[expect]]
        #: name = "orders-point"
        #: kind = "access-point"
        #: network = "private"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint: # <-
            Type: AWS::S3::AccessPoint
            Properties:
              Name: orders-point
              Bucket: !Ref Orders
        """,
    ),
    unsure=(
        """
        # Whether the bucket is the one that is meant is for whoever deploys it.
        #: [[expect]]
        #: name = "shop-orders"
        #: network = "private"
        Parameters:
          Bucket: {Type: String}
        Resources:
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Bucket # <-
        """,
    ),
)
def vpc_origin(point: AccessPoint, estate: Estate) -> Verdict:
    """Access points are reachable only from a VPC where that is required.

    One that is made without a VPC answers requests from the whole internet, if they are signed. Stolen credentials
    then work from anywhere. It is asked once the configuration says `network = "private"`.
    """
    match said_of((point, *buckets_of(point, estate)), estate, lambda one: one.network):
        case Unknown(why):
            return unknown(point.bucket.at, why)
        case wanted if wanted.satisfies(lambda word: word == "private", "").status is not Status.PASS:
            return not_applicable(point.at, "nobody says that it has to be in a VPC")
    return when_set(
        point.vpc,
        lambda vpc: passed(point.vpc.at, f"it can be reached from the VPC {vpc} only"),
        failed(point.vpc.at, "it can be reached from the internet"),
        what="where it can be reached from",
    )
