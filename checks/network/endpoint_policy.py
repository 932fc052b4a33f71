from s3audit.check import ALL, ENDPOINTS, MEDIUM, Fix, check
from s3audit.model.network import VpcEndpoint
from s3audit.policy.elements import has_effect
from s3audit.policy.language import Condition, Policy, Statement, policy_of
from s3audit.setting import Known, Unknown, Unset, every_of, some_of, when_set
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown

_OF_BUCKETS = ("aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "s3:resourceaccount")


@check(
    severity=MEDIUM,
    severity_rule="medium: whoever is in the VPC may copy data to buckets of anybody, with keys of anybody",
    needs=(ENDPOINTS,),
    sources=ALL,
    peers={"prowler": ("vpc_endpoint_connections_trust_boundaries",)},
    fix=Fix(
        cloudformation="""
            PolicyDocument:
              Version: "2012-10-17"
              Statement:
                - Effect: Allow
                  Principal: "*"
                  Action: s3:*
                  Resource: "*"
                  Condition:
                    StringEquals: {"aws:ResourceAccount": !Ref AWS::AccountId}
            """,
        terraform="""
            data "aws_caller_identity" "current" {}

            # In the aws_vpc_endpoint:
            policy = jsonencode({
              Version = "2012-10-17"
              Statement = [{
                Effect    = "Allow"
                Principal = "*"
                Action    = "s3:*"
                Resource  = "*"
                Condition = {
                  StringEquals = { "aws:ResourceAccount" = data.aws_caller_identity.current.account_id }
                }
              }]
            })
            """,
        cli="""
            # policy.json has a condition on aws:ResourceAccount or aws:ResourceOrgID.
            aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --policy-document file://policy.json
            """,
        note="Buckets of AWS that workloads need, such as those of package repositories, take an Allow of their own.",
    ),
    passes=(
        """
        # Own buckets, and one of AWS by its name; another endpoint leads elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          S3:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: vpc-0a1b2c3d4e5f60718
              ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:*
                    Resource: "*"
                    Condition:
                      StringEquals: {"aws:ResourceAccount": !Ref AWS::AccountId}
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: arn:aws:s3:::al2023-repos-eu-west-1-de612dc2/*
        """,
        """
        # A Deny for all that is not the organization's.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          S3:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: vpc-0a1b2c3d4e5f60718
              ServiceName: com.amazonaws.eu-west-1.s3
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: "*", Action: "*", Resource: "*"}
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: "*"
                    Condition:
                      StringNotEqualsIfExists: {"aws:ResourceOrgID": o-a1b2c3d4e5}
        """,
        """
        # Directory buckets of one account; and an endpoint that does not lead to S3.
        resource "aws_vpc_endpoint" "express" {
          vpc_id       = "vpc-0a1b2c3d4e5f60718"
          service_name = "com.amazonaws.eu-west-1.s3express"
          policy = jsonencode({
            Version = "2012-10-17"
            Statement = [{
              Effect    = "Allow"
              Principal = "*"
              Action    = "s3express:CreateSession"
              Resource  = "arn:aws:s3express:eu-west-1:111122223333:bucket/*"
            }]
          })
        }
        resource "aws_vpc_endpoint" "queues" {
          vpc_id            = "vpc-0a1b2c3d4e5f60718"
          service_name      = "com.amazonaws.eu-west-1.sqs"
          vpc_endpoint_type = "Interface"
        }
        """,
    ),
    fails=(
        """
        # Without a policy everything is let through.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          S3: # <-
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: vpc-0a1b2c3d4e5f60718
              ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
        """,
        """
        # Who may pass is limited, and where the data may go is not.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          S3:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: vpc-0a1b2c3d4e5f60718
              ServiceName: com.amazonaws.eu-west-1.s3
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: [s3:GetObject, s3:PutObject]
                    Resource: "*"
                    Condition:
                      StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}
        """,
        """
        # Directory buckets of anybody.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Express:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: vpc-0a1b2c3d4e5f60718
              ServiceName: com.amazonaws.eu-west-1.s3express
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3express:*
                    Resource: "*"
        """,
    ),
    unsure=(
        """
        # Which buckets these are is for whoever deploys it.
        Parameters:
          Buckets: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          S3:
            Type: AWS::EC2::VPCEndpoint
            Properties:
              VpcId: vpc-0a1b2c3d4e5f60718
              ServiceName: com.amazonaws.eu-west-1.s3
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: !Ref Buckets
        """,
    ),
)
def endpoint_policy(endpoint: VpcEndpoint) -> Verdict:
    """S3 endpoint policies are not full access.

    By its default an endpoint lets through whatever is asked of any bucket there is. A program that went wrong, or
    was taken over, then copies the data to a bucket of somebody else, with keys of somebody else.
    """
    match endpoint.service:
        case Known(Text() as service) | Unset(Text() as service):
            pass
        case Unknown(why, at):
            return unknown(at, f"to which service it leads is not known: {why}")
        case _:
            return not_applicable(endpoint.at, "it leads to no service of AWS")
    express = service.ends_with(".s3express")
    leads = (service.ends_with(".s3"), express, service.starts_with("com.amazonaws.s3-global."))
    if Status.PASS not in leads:
        if Status.UNKNOWN in leads:
            return unknown(endpoint.service.at, f"whether {service} is S3 is not known")
        return not_applicable(endpoint.service.at, f"{service} is none of S3")
    return when_set(
        policy_of(endpoint.policy),
        lambda policy: _of_directory_buckets(policy) if express is Status.PASS else _limits(policy, endpoint),
        failed(endpoint.policy.at, "it has no policy, so it lets everything through"),
        what="the policy of the endpoint",
    )


def _limits(policy: Policy, endpoint: VpcEndpoint) -> Verdict:
    from s3audit.policy.endpoints import lets_reach_others

    return ~lets_reach_others(policy, endpoint)


# The policies of directory buckets are not reasoned about: what each statement says has to do.


def _of_directory_buckets(policy: Policy) -> Verdict:
    denied = some_of(policy.statements, _denies_others)
    return denied | every_of(policy.statements, _stays_at_home)


def _denies_others(statement: Statement) -> Verdict:
    """Whether it is a Deny of everything but own buckets."""
    found = has_effect(statement, "Deny") & some_of(statement.resources, lambda one: Verdict(_is_all(one)))
    return found & some_of(statement.conditions, lambda one: _is_of_buckets(one, negated=True))


def _stays_at_home(statement: Statement) -> Verdict:
    named = every_of(statement.resources, _is_named)
    kept = some_of(statement.conditions, lambda one: _is_of_buckets(one, negated=False))
    found = has_effect(statement, "Deny") | named | kept
    if found.status is Status.FAIL:
        return failed(statement.at, "the policy lets directory buckets of any account be reached")
    return passed(statement.at, "it reaches own buckets only") if found.status is Status.PASS else found


def _is_named(resource: Text) -> Verdict:
    return Verdict(Status.FAIL if _is_all(resource) is Status.PASS else Status.PASS)


def _is_all(resource: Text) -> Status:
    parts = resource.split(":", 5)
    everywhere = resource.literal == "*" or (len(parts) > 4 and parts[4].literal in ("*", ""))
    return Status.PASS if everywhere else Status.FAIL


def _is_of_buckets(condition: Condition, *, negated: bool) -> Verdict:
    is_it = condition.is_about(*_OF_BUCKETS) and ("not" in condition.operator.lower()) is negated
    return Verdict(Status.PASS if is_it else Status.FAIL)
