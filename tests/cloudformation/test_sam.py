"""SAM: what its functions and their roles come to, and its nested applications."""

from collections.abc import Callable

import pytest

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.identity import ManagedPolicy, Role
from s3audit.model.target import Function
from tests.cloudformation.projects import CHILD, Project, said, serverless, statuses, told

PARTITION = "arn:${AWS::Partition}:iam::aws:policy/"


Build = Callable[..., Estate]


@pytest.fixture
def built(project: Project) -> Build:
    """Makes the estate of a SAM template."""

    def build(text: str, **parameters: str) -> Estate:
        project.write({"template.yaml": serverless(text)})
        return project.estate("template.yaml", parameters)

    return build


def function(estate: Estate, name: str = "Fn") -> Function:
    found = estate.at(f"Resources.{name}", Function)
    assert found is not None
    return found


def role(estate: Estate, name: str = "FnRole") -> Role:
    found = estate.at(f"Resources.{name}", Role)
    assert found is not None
    return found


GLOBALS = """
    Globals:
      Function:
        KmsKeyArn: arn:aws:kms:eu-west-1:1:key/all
        RecursiveLoop: Allow
        Tags: {team: shop, stage: all}
    Resources:
      Fn:
        Type: AWS::Serverless::Function
        Properties:
          FunctionName: fn
          Tags: {stage: own}
    """
CREATED_BY = {"key": "lambda:createdBy", "value": "SAM"}


def test_globals_lie_under_the_properties_of_a_function(built: Build) -> None:
    fn = told(function(built(GLOBALS)))
    assert (fn["name"], fn["kms_key"], fn["recursive_loop"]) == (
        "fn",
        "arn:aws:kms:eu-west-1:1:key/all",
        "Allow",
    )
    assert fn["tags"] == [
        CREATED_BY,
        {"key": "team", "value": "shop"},
        {"key": "stage", "value": "own"},
    ]
    assert fn["role"] == "${FnRole.Arn}"


@pytest.mark.parametrize(
    ("ignored", "key", "tags"),
    [
        ("'*'", None, [CREATED_BY, {"key": "stage", "value": "own"}]),
        (
            "[KmsKeyArn]",
            None,
            [CREATED_BY, {"key": "team", "value": "shop"}, {"key": "stage", "value": "own"}],
        ),
        ("[Tags]", "arn:aws:kms:eu-west-1:1:key/all", [CREATED_BY, {"key": "stage", "value": "own"}]),
    ],
)
def test_a_function_may_leave_globals_out(built: Build, ignored: str, key: str | None, tags: object) -> None:
    text = GLOBALS.replace(
        "        Properties:\n", f"        IgnoreGlobals: {ignored}\n        Properties:\n"
    )
    fn = told(function(built(text)))
    assert (fn["kms_key"], fn["tags"]) == (key, tags)


def test_what_a_function_says_of_itself_may_be_unknown(built: Build) -> None:
    estate = built(
        """
        Resources:
          Fn:
            Type: AWS::Serverless::Function
            Properties: !Transform {Name: Own}
        """
    )
    assert told(function(estate).role) == "?the properties of Fn can't be told"
    assert estate.all(Role) == ()


STATEMENT = "{Statement: [{Effect: Allow, Action: s3:GetObject, Resource: '*'}]}"
DOCUMENT = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
INLINE = {"name": "FnRolePolicy0", "document": DOCUMENT}


@pytest.mark.parametrize(
    ("policies", "inline", "attached"),
    [
        ("AmazonS3ReadOnlyAccess", [], [f"{PARTITION}AmazonS3ReadOnlyAccess"]),
        ("[arn:aws:iam::1:policy/own]", [], ["arn:aws:iam::1:policy/own"]),
        ("[!Ref Own]", [], ["${Own}"]),
        ("[Rare]", [], ["?the ARN of the managed policy Rare is not written"]),
        (STATEMENT, [INLINE], []),
        (f"[{STATEMENT}]", [INLINE], []),
        (f"[!If [Always, {STATEMENT}, !Ref AWS::NoValue]]", [INLINE], []),
        (f"[!If [Always, !Ref AWS::NoValue, {STATEMENT}]]", [], []),
        ("[!If [Always, AmazonS3FullAccess, Rare]]", [], [f"{PARTITION}AmazonS3FullAccess"]),
        (
            "[S3ReadPolicy: {BucketName: x}]",
            ["?SAM's policy template S3ReadPolicy is not written out"],
            [],
        ),
        (
            f"[!If [Always, {STATEMENT}, AmazonS3FullAccess]]",
            ["?a policy that depends on a condition is not written out"],
            ["?a policy that depends on a condition is not written out"],
        ),
    ],
)
def test_the_policies_of_a_function_are_those_of_the_role_that_sam_makes(
    built: Build, policies: str, inline: list[object], attached: list[str]
) -> None:
    made = role(
        built(
            f"""
            Conditions: {{Always: !Equals [a, a]}}
            Resources:
              Own: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{}}}}}}
              Fn:
                Type: AWS::Serverless::Function
                Properties: {{Policies: {policies}}}
            """
        )
    )
    assert told(made.policies) == inline
    assert told(made.attached_policies) == [f"{PARTITION}service-role/AWSLambdaBasicExecutionRole", *attached]


def test_the_role_that_sam_makes(built: Build) -> None:
    made = told(
        role(
            built(
                """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties:
                      RolePath: /shop/
                      PermissionsBoundary: arn:aws:iam::1:policy/edge
                      Tracing: Active
                      VpcConfig: {SubnetIds: [a]}
                      DeadLetterQueue: {Type: SQS, TargetArn: arn}
                """
            )
        )
    )
    assert (made["path"], made["permissions_boundary"]) == ("/shop/", "arn:aws:iam::1:policy/edge")
    assert made["attached_policies"] == [
        f"{PARTITION}service-role/AWSLambdaBasicExecutionRole",
        f"{PARTITION}AWSXrayWriteOnlyAccess",
        f"{PARTITION}service-role/AWSLambdaVPCAccessExecutionRole",
    ]
    assert made["policies"] == ["?the policy that SAM adds for DeadLetterQueue is not written out"]
    assert made["assume_role_policy"]["Statement"][0]["Principal"] == {"Service": ["lambda.amazonaws.com"]}


@pytest.mark.parametrize(
    ("written", "exists"),
    [
        ("arn:aws:iam::1:role/x", None),
        ("!If [Always, arn, !Ref AWS::NoValue]", "?whether SAM makes the role FnRole depends on a condition"),
    ],
)
def test_a_role_that_is_written_is_not_made(built: Build, written: str, exists: str | None) -> None:
    estate = built(
        f"""
        Conditions: {{Always: !Equals [a, a]}}
        Resources:
          Fn:
            Type: AWS::Serverless::Function
            Properties: {{Role: {written}}}
        """
    )
    assert [told(one.exists) for one in estate.all(Role)] == ([] if exists is None else [exists])


def test_the_role_of_a_state_machine(built: Build) -> None:
    estate = built(
        f"""
        Resources:
          Steps:
            Type: AWS::Serverless::StateMachine
            Properties: {{Policies: [{STATEMENT}]}}
        """
    )
    made = told(role(estate, "StepsRole"))
    assert made["policies"] == [{"name": "StepsRolePolicy0", "document": DOCUMENT}]
    assert made["attached_policies"] == []
    assert made["assume_role_policy"]["Statement"][0]["Principal"] == {"Service": ["states.amazonaws.com"]}


def test_what_a_connector_allows_is_not_told(built: Build) -> None:
    estate = built(
        """
        Resources:
          Uploads: {Type: AWS::S3::Bucket}
          Link:
            Type: AWS::Serverless::Connector
            Properties: {Source: {Id: Fn}, Destination: {Id: Uploads}, Permissions: [Read]}
        """
    )
    (policy,) = estate.all(ManagedPolicy)
    assert told(policy.document) == "?what the connectors of Link allow is not written out"


def test_a_local_application_is_a_nested_stack(project: Project) -> None:
    main = """
Resources:
  Store:
    Type: AWS::Serverless::Application
    Properties:
      Location: ./child.yaml
      Parameters: {Status: Enabled}
"""
    project.write({"template.yaml": serverless(main), "child.yaml": CHILD})
    report = project.scan()
    assert statuses(report) == {"Resources.Store.Resources.Data": "pass"}
    assert said(report) == []


def test_an_application_of_the_repository_is_a_problem(project: Project) -> None:
    main = """
Resources:
  Store:
    Type: AWS::Serverless::Application
    Properties:
      Location: {ApplicationId: arn:aws:serverlessrepo:us-east-1:1:applications/x, SemanticVersion: 1.0.0}
"""
    project.write({"template.yaml": serverless(main)})
    (problem,) = project.scan().problems
    assert (problem.at.line, problem.at.column) == (6, 7)
    assert problem.message == (
        "The nested stack Store is an application of a repository, where a scan of files can't look; "
        "what it declares is not judged."
    )


EVENT = """
    Resources:
      Uploads: {Type: AWS::S3::Bucket}
      Fn:
        Type: AWS::Serverless::Function
        Properties:
          Events: {Up: {Type: S3, Properties: {Bucket: !Ref Uploads, Events: 's3:ObjectCreated:*'}}}
    """


def test_functions_of_a_nested_application_are_read(project: Project) -> None:
    main = "Resources:\n  In: {Type: AWS::Serverless::Application, Properties: {Location: child.yaml}}\n"
    project.write({"template.yaml": serverless(main), "child.yaml": serverless(EVENT)})
    estate = project.estate("template.yaml")
    (bucket,) = estate.all(Bucket)
    (rule,) = told(bucket.notification)["functions"]
    assert rule["target"] == "${Fn.Arn}"
    assert [one.address for one in estate.all(Role)] == ["Resources.In.Resources.FnRole"]
