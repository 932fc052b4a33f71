from collections.abc import Iterator

from s3audit.check import ALL, BUCKETS, ENDPOINTS, LOW, MEDIUM, Fix, check
from s3audit.model.base import Resource
from s3audit.model.bucket import Bucket
from s3audit.model.document import Array, Object, Value
from s3audit.model.estate import Estate
from s3audit.model.network import Route, RouteTable, Vpc, VpcEndpoint
from s3audit.model.uses import if_there
from s3audit.setting import Known, Setting, Unknown, Unset, some_of
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, every, failed, not_applicable, passed, some, unknown, unless

_EVERYWHERE = ("0.0.0.0/0", "::/0")


@check(
    severity=LOW,
    severity_rule="low: it costs money, and the data leaves the private network; medium where policies rely on the"
    " endpoint that requests come by",
    needs=(ENDPOINTS, BUCKETS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            S3Endpoint:
              Type: AWS::EC2::VPCEndpoint
              Properties:
                VpcId: !Ref Vpc
                ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
                RouteTableIds: [!Ref PrivateRoutes]
            """,
        terraform="""
            data "aws_region" "current" {}

            resource "aws_vpc_endpoint" "s3" {
              vpc_id          = aws_vpc.example.id
              service_name    = "com.amazonaws.${data.aws_region.current.name}.s3"
              route_table_ids = [aws_route_table.private_routes.id]
            }
            """,
        cli="""
            aws ec2 create-vpc-endpoint --vpc-id VPC --service-name com.amazonaws.REGION.s3 \\
              --route-table-ids ROUTE_TABLE
            """,
        note="A gateway endpoint costs nothing; requests that are on their way when it comes break off once.",
    ),
    passes=(
        """
        # The route table of the private subnets leads to S3 by an endpoint; that of the public ones need not.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Vpc:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: 10.0.0.0/16}
          PrivateRoutes:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref Vpc}
          PrivateDefault:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PrivateRoutes
              DestinationCidrBlock: 0.0.0.0/0
              NatGatewayId: nat-0a1b2c3d4e5f60718
          PublicRoutes:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref Vpc}
          PublicDefault:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PublicRoutes
              DestinationCidrBlock: 0.0.0.0/0
              GatewayId: igw-0a1b2c3d4e5f60718
          S3:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: !Ref Vpc
              ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
              RouteTableIds: [!Ref PrivateRoutes]
        """,
        """
        # An interface endpoint with private DNS does it, too; from the other VPC nothing gets out.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Vpc:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: 10.0.0.0/16}
          PrivateRoutes:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref Vpc}
          PrivateDefault:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PrivateRoutes
              DestinationCidrBlock: 0.0.0.0/0
              NatGatewayId: nat-0a1b2c3d4e5f60718
          S3:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: !Ref Vpc
              ServiceName: com.amazonaws.eu-west-1.s3
              VpcEndpointType: Interface
              PrivateDnsEnabled: true
              SubnetIds: [subnet-0a1b2c3d4e5f60718]
          Closed:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: 10.1.0.0/16}
          ClosedRoutes:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref Closed}
        """,
    ),
    fails=(
        """
        # What is for S3 takes the way through NAT.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Vpc:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: 10.0.0.0/16}
          PrivateRoutes: # <-
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref Vpc}
          PrivateDefault:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PrivateRoutes
              DestinationCidrBlock: 0.0.0.0/0
              NatGatewayId: nat-0a1b2c3d4e5f60718
        """,
        """
        # Medium: the endpoint is for another table, and a bucket answers nobody who does not come by it.
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
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringNotEquals: {"aws:SourceVpce": !Ref S3}
          Vpc:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: 10.0.0.0/16}
          PrivateRoutes: # <-
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref Vpc}
          PrivateDefault:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PrivateRoutes
              DestinationCidrBlock: 0.0.0.0/0
              NatGatewayId: nat-0a1b2c3d4e5f60718
          ClosedRoutes:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref Vpc}
          S3:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: !Ref Vpc
              ServiceName: com.amazonaws.eu-west-1.s3
              RouteTableIds: [!Ref ClosedRoutes]
        """,
    ),
    unsure=(
        """
        # Whoever deploys it says for which tables the endpoint is.
        Parameters:
          Tables: {Type: List<String>}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Vpc:
            Type: AWS::EC2::VPC
            Properties: {CidrBlock: 10.0.0.0/16}
          PrivateRoutes:
            Type: AWS::EC2::RouteTable
            Properties: {VpcId: !Ref Vpc}
          PrivateDefault:
            Type: AWS::EC2::Route
            Properties:
              RouteTableId: !Ref PrivateRoutes
              DestinationCidrBlock: 0.0.0.0/0
              NatGatewayId: nat-0a1b2c3d4e5f60718
          S3:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: !Ref Vpc
              ServiceName: com.amazonaws.eu-west-1.s3
              RouteTableIds: !Ref Tables # <-
        """,
    ),
)
def gateway_endpoint(vpc: Vpc, estate: Estate) -> Verdict:
    """VPCs that use S3 have a gateway endpoint.

    Without one, what private subnets exchange with S3 leaves the network through NAT, which is paid for by the
    gigabyte. Policies can't tell such requests from those of anybody else.
    """
    found = every(_tables(vpc, estate), not_applicable(vpc.at, "it has no route table that leads out by NAT"))
    if found.status is not Status.FAIL:
        return found
    return found.at_severity(MEDIUM) if estate.once(_is_relied_on) else found


def _tables(vpc: Vpc, estate: Estate) -> Iterator[Verdict]:
    for table, is_here in _of_vpc(vpc, estate, RouteTable):
        if isinstance(table, RouteTable):
            yield unless(
                ~(is_here & _leads_out(table)),
                "it leads nowhere by NAT",
                lambda table=table: _is_served(table, vpc, estate),  # type: ignore[misc]
            )
    gap = estate.unlisted(RouteTable, _literal(vpc.account), _literal(vpc.region))
    if gap is not None:
        yield unknown(vpc.at, f"what routes there are is not known: {gap.why}")


def _leads_out(table: RouteTable) -> Verdict:
    """Whether it sends what is for the internet somewhere else than to a gateway to the internet."""
    leads = some_of(table.routes, lambda route: _is_default(route) & ~_is_public(route))
    return leads & ~some_of(table.routes, lambda route: _is_default(route) & _is_public(route))


def _is_default(route: Route) -> Verdict:
    match route.destination:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(Text() as name) | Unset(Text() as name):
            return Verdict(Status.PASS if name.literal in _EVERYWHERE else Status.FAIL)
        case _:
            return Verdict(Status.FAIL)


def _is_public(route: Route) -> Verdict:
    """Whether it leads to a gateway to the internet; in a template no other gateway is told by its id."""
    match route.gateway:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(Text() as name) | Unset(Text() as name):
            public = name.literal is None or name.literal.startswith("igw-")
            return Verdict(Status.PASS if public else Status.FAIL)
        case _:
            return Verdict(Status.FAIL)


def _is_served(table: RouteTable, vpc: Vpc, estate: Estate) -> Verdict:
    found = some(
        if_there(one, is_here & _serves(one, table, estate))
        for one, is_here in _of_vpc(vpc, estate, VpcEndpoint)
        if isinstance(one, VpcEndpoint)
    )
    if found.status is Status.PASS:
        return passed(table.at, f"an endpoint of S3 serves {table.title or table.address}")
    gap = estate.unlisted(VpcEndpoint, _literal(vpc.account), _literal(vpc.region))
    if gap is not None:
        return unknown(vpc.at, f"what endpoints there are is not known: {gap.why}")
    if found.status is Status.UNKNOWN:
        return found
    return failed(
        table.at, f"no endpoint of S3 serves {table.title or table.address}, which leads out by NAT"
    )


def _serves(endpoint: VpcEndpoint, table: RouteTable, estate: Estate) -> Verdict:
    match endpoint.service:
        case Known(Text() as service) | Unset(Text() as service):
            leads = Verdict(service.ends_with(".s3"))
        case Unknown(why, at):
            leads = unknown(at, why)
        case _:
            return Verdict(Status.FAIL)
    gateway = endpoint.type.is_in("Gateway", what="the type of the endpoint") & some_of(
        endpoint.route_tables, lambda name: _names(name, table, endpoint, estate)
    )
    interface = endpoint.type.is_in(
        "Interface", what="the type of the endpoint"
    ) & endpoint.private_dns.is_in(True, what="private DNS of the endpoint")
    return leads & (gateway | interface)


def _names(name: Text, table: RouteTable, endpoint: VpcEndpoint, estate: Estate) -> Verdict:
    found = _is(name, table, estate.named_by(name, RouteTable))
    if found is Status.UNKNOWN:
        return unknown(
            endpoint.route_tables.at, f"whether {name} is {table.title or table.address} is not known"
        )
    return Verdict(found)


def _is(name: Text, one: Vpc | RouteTable, named: Resource | None) -> Status:
    """Whether a text is the id of this one."""
    if named is not None:
        return Status.PASS if named.address == one.address else Status.FAIL
    match one.id:
        case Known(Text() as own) | Unset(Text() as own):
            return same(name, own)
        case (
            _
        ):  # in a template each is known by a reference to it; an id that is written out is one that is there
            return Status.FAIL if name.literal is not None else Status.UNKNOWN


def _of_vpc(
    vpc: Vpc, estate: Estate, kind: type[RouteTable] | type[VpcEndpoint]
) -> Iterator[tuple[Resource, Verdict]]:
    """The route tables, or the endpoints, that are in a VPC, or may be."""
    placed = estate.once(_tables_placed if kind is RouteTable else _endpoints_placed)
    for address in (*placed.get(vpc.address, ()), *placed.get("", ())):
        one = estate.at(address, kind)
        if one is not None:
            is_here = _in(one.vpc, vpc, estate)
            if is_here.status is not Status.FAIL:
                yield one, is_here


def _in(place: Setting[Text], vpc: Vpc, estate: Estate) -> Verdict:
    match place:
        case Unknown(why, at):
            return unknown(at, f"in which VPC it is is not known: {why}")
        case Known(name, at) | Unset(name, at):
            found = _is(name, vpc, estate.named_by(name, Vpc))
            return (
                unknown(at, f"whether {name} is this VPC is not known")
                if found is Status.UNKNOWN
                else Verdict(found)
            )


def _tables_placed(estate: Estate) -> dict[str, list[str]]:
    return _placed(estate, RouteTable)


def _endpoints_placed(estate: Estate) -> dict[str, list[str]]:
    return _placed(estate, VpcEndpoint)


def _placed(estate: Estate, kind: type[RouteTable] | type[VpcEndpoint]) -> dict[str, list[str]]:
    """By VPC the addresses of those that are in it; below an empty one those of which that is not known."""
    by_id = {
        one.id.value: one.address for one in estate.all(Vpc) if isinstance(one.id, Known) and one.id.value
    }
    found: dict[str, list[str]] = {}
    for one in estate.all(kind):
        match one.vpc:
            case Known(name) | Unset(name):
                named = estate.named_by(name, Vpc)
                found.setdefault(by_id.get(name, "") if named is None else named.address, []).append(
                    one.address
                )
            case Unknown():
                found.setdefault("", []).append(one.address)
    return found


def _literal(setting: Setting[Text]) -> str:
    match setting:
        case Known(name) | Unset(name):
            return name.literal or ""
        case Unknown():
            return ""


def _is_relied_on(estate: Estate) -> bool:
    """Whether the policy of a bucket asks by which endpoint a request comes."""
    return any(
        isinstance(one.policy, Known) and one.policy.value is not None and _asks(one.policy.value)
        for one in estate.all(Bucket)
    )


def _asks(value: Value) -> bool:
    match value:
        case Object(members):
            return any(one.name.lower() == "aws:sourcevpce" or _asks(one.value) for one in members)
        case Array(items):
            return any(map(_asks, items))
        case _:
            return False
