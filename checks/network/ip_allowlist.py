import ipaddress

from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.policy.elements import has_effect
from s3audit.policy.language import Condition, Policy, Statement, policy_of
from s3audit.setting import every_of, some_of, when_set
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown

_ADDRESS = "aws:sourceip"
_ENDPOINTS = ("aws:sourcevpce", "aws:sourcevpc", "aws:sourcevpcarn", "aws:vpcsourceip")
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
_NONE = "no condition is about the address that a request comes from"


@check(
    severity=LOW,
    severity_rule="low: what an Allow means to open stays shut; medium where a Deny shuts out everybody, or all who"
    " come by an endpoint",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # aws:SourceIp takes addresses of the internet; those of a VPC stand in aws:VpcSourceIp.
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
                        IpAddress: {"aws:VpcSourceIp": 10.0.0.0/16}
                        StringEquals: {"aws:SourceVpc": vpc-0a1b2c3d4e5f60718}
            """,
        terraform="""
            # aws:SourceIp takes addresses of the internet; those of a VPC stand in aws:VpcSourceIp.
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { AWS = "arn:aws:iam::111122223333:role/shop" }
                  Action    = "s3:GetObject"
                  Resource  = "${aws_s3_bucket.example.arn}/*"
                  Condition = {
                    IpAddress    = { "aws:VpcSourceIp" = "10.0.0.0/16" }
                    StringEquals = { "aws:SourceVpc" = "vpc-0a1b2c3d4e5f60718" }
                  }
                }]
              })
            }
            """,
        cli="""
            # policy.json has aws:VpcSourceIp or aws:SourceVpce where requests come from a VPC.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="Addresses of several VPCs may be the same, so name the VPC beside them.",
    ),
    passes=(
        """
        # Addresses of the internet; and those of a VPC under the key that has them.
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
                      IpAddress: {"aws:SourceIp": [203.0.113.0/24, 10.0.0.0/8]}
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      IpAddress: {"aws:VpcSourceIp": 10.0.0.0/16}
                      StringEquals: {"aws:SourceVpc": vpc-0a1b2c3d4e5f60718}
          Photos:
            Type: AWS::S3::Bucket
        """,
        """
        # The Deny spares who comes by the endpoint.
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
                      NotIpAddress: {"aws:SourceIp": 203.0.113.0/24}
                      StringNotEquals: {"aws:SourceVpce": vpce-0a1b2c3d4e5f60718}
        """,
    ),
    fails=(
        """
        # No request comes from such an address over the internet.
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
                      IpAddress:
                        aws:SourceIp: [10.0.0.0/16, "fd12:3456::/32"] # <-
        """,
        """
        # So this Deny is for everybody.
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
                      NotIpAddress:
                        aws:SourceIp: 192.168.10.0/24 # <-
        """,
        """
        # Who comes by the endpoint has no such address, and is turned away.
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
                      NotIpAddress:
                        aws:SourceIp: 203.0.113.0/24 # <-
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/shop}
                    Action: s3:GetObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringEquals: {"aws:SourceVpce": vpce-0a1b2c3d4e5f60718}
        """,
    ),
    unsure=(
        """
        # Which addresses is for whoever deploys it.
        Parameters:
          Office: {Type: String}
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
                      IpAddress:
                        aws:SourceIp: !Ref Office # <-
        """,
    ),
)
def ip_allowlist(bucket: Bucket) -> Verdict:
    """IP conditions hold real, narrow public ranges.

    A request over the internet has an address of the internet, and one by a VPC endpoint has no aws:SourceIp at all.
    A condition that forgets this opens nothing, or shuts out everybody.
    """
    return when_set(policy_of(bucket.policy), _judge, "there is no bucket policy", what="the bucket policy")


def _judge(policy: Policy) -> Verdict:
    by_endpoint = some_of(policy.statements, _names_endpoints)
    none = not_applicable(policy.at, _NONE)
    return every_of(policy.statements, lambda one: _of_statement(one, by_endpoint, none), empty=none)


def _names_endpoints(statement: Statement) -> Verdict:
    return some_of(statement.conditions, _is_of_endpoints)


def _is_of_endpoints(condition: Condition) -> Verdict:
    return Verdict(Status.PASS if condition.is_about(*_ENDPOINTS) else Status.FAIL)


def _of_statement(statement: Statement, by_endpoint: Verdict, none: Verdict) -> Verdict:
    def of_condition(condition: Condition) -> Verdict:
        if not condition.is_about(_ADDRESS):
            return none
        return _is_real(statement, condition) & _spares_endpoints(statement, condition, by_endpoint)

    return every_of(statement.conditions, of_condition, empty=none)


def _is_real(statement: Statement, condition: Condition) -> Verdict:
    """Whether any of the addresses is one that a request may come from."""
    found = some_of(condition.values, _is_public)
    if found.status is Status.PASS:
        return passed(condition.at, "the addresses are such of the internet")
    if found.status is Status.UNKNOWN:
        return found if found.evidence else unknown(condition.at, "which addresses these are is not known")
    shut = has_effect(statement, "Deny").status is Status.PASS and _is_negated(condition)
    note = "all of these addresses are private: no request over the internet comes from them"
    return failed(condition.at, note, MEDIUM if shut else LOW)


def _is_public(address: Text) -> Verdict:
    if address.literal is None:
        return Verdict(Status.UNKNOWN)
    try:
        found = ipaddress.ip_network(address.literal.strip(), strict=False)
    except ValueError:
        return Verdict(Status.UNKNOWN)
    return Verdict(Status.FAIL if any(_lies_in(found, one) for one in _PRIVATE) else Status.PASS)


def _lies_in(one: ipaddress.IPv4Network | ipaddress.IPv6Network, private: str) -> bool:
    outer = ipaddress.ip_network(private)
    return (
        one.version == outer.version
        and int(outer.network_address) <= int(one.network_address)
        and int(one.broadcast_address) <= int(outer.broadcast_address)
    )


def _spares_endpoints(statement: Statement, condition: Condition, by_endpoint: Verdict) -> Verdict:
    """Whether the statement leaves alone those who come by an endpoint, which the policy speaks of."""
    operator = condition.operator.lower()
    spares = Verdict(
        Status.PASS if not _is_negated(condition) or operator.startswith("foranyvalue") else Status.FAIL
    )
    found = spares | ~has_effect(statement, "Deny") | _names_endpoints(statement) | ~by_endpoint
    if found.status is Status.FAIL:
        note = "whoever comes by a VPC endpoint has no aws:SourceIp, so this Deny is for them, too"
        return failed(condition.at, note, MEDIUM)
    if found.status is Status.UNKNOWN and not found.evidence:
        return unknown(condition.at, "whether it spares those who come by a VPC endpoint is not known")
    return Verdict(Status.PASS) if found.status is Status.PASS else found


def _is_negated(condition: Condition) -> bool:
    return "notipaddress" in condition.operator.lower()
