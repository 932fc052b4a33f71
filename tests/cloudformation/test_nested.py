"""Nested stacks: what is passed to their templates, and what comes back."""

import pytest

from s3audit.model.bucket import Bucket
from s3audit.setting import Known
from tests.cloudformation.projects import (
    CHILD,
    CHILD_WITH_DEFAULT,
    NESTED,
    Project,
    more,
    nesting,
    only,
    place,
    said,
    statuses,
)


@pytest.mark.parametrize(("status", "expected"), [("Enabled", "pass"), ("Suspended", "fail")])
def test_a_nested_template_is_judged_with_what_is_passed_to_it(
    project: Project, status: str, expected: str
) -> None:
    project.write({"main.yaml": nesting("child.yaml", Status=status), "child.yaml": CHILD})
    report = project.scan()
    assert statuses(report) == {NESTED: expected}
    assert [(one.source, one.resources) for one in report.inputs] == [("child.yaml", 1), ("main.yaml", 0)]
    assert said(report) == []


def test_the_evidence_lies_in_the_nested_template(project: Project) -> None:
    project.write({"main.yaml": nesting("child.yaml", Status="Suspended"), "child.yaml": CHILD})
    finding = only(project.scan())
    assert finding.subject.source == "main.yaml"
    at = finding.evidence[0].at
    assert place(at) == ("child.yaml", 8, 17, 8, 28)
    assert at.address == f"{NESTED}.Properties.VersioningConfiguration.Status"


def test_what_is_not_passed_takes_the_default_of_the_nested_template(project: Project) -> None:
    project.write({"main.yaml": nesting("child.yaml"), "child.yaml": CHILD_WITH_DEFAULT})
    assert only(project.scan()).message == "Versioning is Suspended with the default of Status."


def test_no_value_passes_nothing(project: Project) -> None:
    project.write(
        {"main.yaml": nesting("child.yaml", Status="!Ref AWS::NoValue"), "child.yaml": CHILD_WITH_DEFAULT}
    )
    assert only(project.scan()).message == "Versioning is Suspended with the default of Status."


def test_a_default_of_the_parent_is_told_in_the_child(project: Project) -> None:
    main = "Parameters: {Own: {Type: String, Default: Suspended}}\n" + nesting(
        "child.yaml", Status="!Ref Own"
    )
    project.write({"main.yaml": main, "child.yaml": CHILD})
    assert only(project.scan()).message == "Versioning is Suspended with the default of Own."


def test_values_given_by_hand_are_for_the_outermost_template(project: Project) -> None:
    project.write({"main.yaml": nesting("child.yaml", Status="Suspended"), "child.yaml": CHILD})
    report = project.scan(parameters={"Status": "Enabled"})
    assert statuses(report) == {NESTED: "fail"}
    assert said(report) == [
        ": Only nested stacks have a parameter Status, and they get it from the template around them."
    ]


def test_parameters_that_cannot_be_told_leave_every_one_of_them_open(project: Project) -> None:
    main = nesting("child.yaml") + "      Parameters: !Transform {Name: Own}\n"
    project.write({"main.yaml": main, "child.yaml": CHILD_WITH_DEFAULT})
    assert only(project.scan()).message == "Versioning is not known: a macro rewrites it."


def test_the_region_is_that_of_the_parent_and_the_name_of_a_stack_its_own(project: Project) -> None:
    bucket = """
        Resources:
          Data:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Sub "${AWS::Region}-${AWS::StackName}"
        """
    main = nesting("child.yaml") + more(
        """
        Data:
          Type: AWS::S3::Bucket
          Properties:
            BucketName: !Sub "${AWS::Region}-${AWS::StackName}"
        """
    )
    project.write({"main.yaml": main, "child.yaml": bucket})
    estate = project.estate("main.yaml", {"AWS::Region": "eu-west-1"})
    assert {
        one.address: str(one.name.value) for one in estate.all(Bucket) if isinstance(one.name, Known)
    } == {
        "Resources.Data": "eu-west-1-${AWS::StackName}",
        NESTED: "eu-west-1-${Resources.Inner.AWS::StackName}",
    }


def test_a_list_is_passed_as_text(project: Project) -> None:
    child = """
        Parameters:
          Statuses: {Type: CommaDelimitedList}
        Resources:
          Data:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: !Select [1, !Ref Statuses]}
        """
    main = nesting("child.yaml", Statuses="!Join [',', [Enabled, Suspended]]")
    project.write({"main.yaml": main, "child.yaml": child})
    assert only(project.scan()).message == "Versioning is Suspended."


def test_a_loop_of_the_child_runs_over_what_is_passed(project: Project) -> None:
    child = """
        Transform: AWS::LanguageExtensions
        Parameters:
          Names: {Type: CommaDelimitedList, Default: One}
        Resources:
          Fn::ForEach::Buckets:
            - Name
            - !Ref Names
            - Bucket${Name}: {Type: AWS::S3::Bucket}
        """
    project.write({"main.yaml": nesting("child.yaml", Names="A,B"), "child.yaml": child})
    assert statuses(project.scan()) == {
        "Resources.Inner.Resources.BucketA": "fail",
        "Resources.Inner.Resources.BucketB": "fail",
    }


LOGS = """
    Parameters:
      Status: {Type: String, Default: Enabled}
    Resources:
      Logs:
        Type: AWS::S3::Bucket
        Properties:
          VersioningConfiguration: {Status: !Ref Status}
    Outputs:
      Name: {Value: !Ref Logs}
      Arn: {Value: !GetAtt Logs.Arn}
      Word: {Value: Suspended}
      Passed: {Value: !Ref Status}
    """


@pytest.mark.parametrize(
    ("expression", "status"),
    [
        ("!GetAtt Inner.Outputs.Word", "fail"),
        ("{Fn::GetAtt: [Inner, Outputs.Word]}", "fail"),
        ("!Sub '${Inner.Outputs.Word}'", "fail"),
        ("!GetAtt Inner.Outputs.Passed", "pass"),
        ("!GetAtt Inner.Outputs.Nothing", "unknown"),
        ("!GetAtt Inner.Outputs.Name", "unknown"),
    ],
)
def test_an_output_is_read_in_the_parent(project: Project, expression: str, status: str) -> None:
    main = nesting("logs.yaml") + more(
        f"""
        Own:
          Type: AWS::S3::Bucket
          Properties: {{VersioningConfiguration: {{Status: {expression}}}}}
        """
    )
    project.write({"main.yaml": main, "logs.yaml": LOGS})
    assert statuses(project.scan())["Resources.Own"] == status


def test_a_policy_of_the_parent_belongs_to_a_bucket_of_the_child(project: Project) -> None:
    main = nesting("logs.yaml") + more(
        """
        Tls:
          Type: AWS::S3::BucketPolicy
          Properties:
            Bucket: !GetAtt Inner.Outputs.Name
            PolicyDocument:
              Statement:
                - Effect: Deny
                  Principal: '*'
                  Action: s3:*
                  Resource: [!GetAtt Inner.Outputs.Arn, !Sub "${Inner.Outputs.Arn}/*"]
                  Condition: {Bool: {aws:SecureTransport: 'false'}}
        """
    )
    project.write({"main.yaml": main, "logs.yaml": LOGS})
    report = project.scan(select=("transport-tls-required",))
    assert statuses(report) == {"Resources.Inner.Resources.Logs": "pass"}


def test_a_policy_of_the_child_belongs_to_a_bucket_of_the_parent(project: Project) -> None:
    child = """
        Parameters: {Bucket: {Type: String}}
        Resources:
          Tls:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Bucket
              PolicyDocument:
                Statement:
                  - Effect: Deny
                    Principal: '*'
                    Action: s3:*
                    Resource: [!Sub "arn:aws:s3:::${Bucket}", !Sub "arn:aws:s3:::${Bucket}/*"]
                    Condition: {Bool: {aws:SecureTransport: 'false'}}
        """
    main = nesting("child.yaml", Bucket="!Ref Data") + "  Data: {Type: AWS::S3::Bucket}\n"
    project.write({"main.yaml": main, "child.yaml": child})
    report = project.scan(select=("transport-tls-required",))
    assert statuses(report) == {"Resources.Data": "pass"}


def test_logs_go_to_a_bucket_of_another_nested_stack(project: Project) -> None:
    source = """
        Parameters: {Target: {Type: String}}
        Resources:
          Data:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Target}
        """
    main = nesting("logs.yaml", name="Store") + more(
        """
        Source:
          Type: AWS::CloudFormation::Stack
          Properties:
            TemplateURL: source.yaml
            Parameters: {Target: !GetAtt Store.Outputs.Name}
        """
    )
    project.write({"main.yaml": main, "logs.yaml": LOGS, "source.yaml": source})
    report = project.scan(select=("logging-target-encryption", "logging-enabled"))
    found = {(f.check, f.subject.address): (f.status, f.message) for f in report.findings}
    assert found["logging-target-encryption", "Resources.Source.Resources.Data"] == (
        "pass",
        "Data logs to Logs; default encryption of Logs is not set, so it is AES256.",
    )
    assert found["logging-enabled", "Resources.Store.Resources.Logs"][0] == "not_applicable"


def test_values_go_through_several_levels(project: Project) -> None:
    middle = "Parameters: {Given: {Type: String}}\n" + nesting("child.yaml", Status="!Ref Given")
    project.write(
        {
            "main.yaml": nesting("middle.yaml", Given="Suspended"),
            "middle.yaml": middle,
            "child.yaml": CHILD,
        }
    )
    report = project.scan()
    assert statuses(report) == {"Resources.Inner.Resources.Inner.Resources.Data": "fail"}


def test_outputs_come_back_through_several_levels(project: Project) -> None:
    middle = nesting("logs.yaml") + "Outputs:\n  Up: {Value: !GetAtt Inner.Outputs.Word}\n"
    main = nesting("middle.yaml") + more(
        """
        Own:
          Type: AWS::S3::Bucket
          Properties: {VersioningConfiguration: {Status: !GetAtt Inner.Outputs.Up}}
        """
    )
    project.write({"main.yaml": main, "middle.yaml": middle, "logs.yaml": LOGS})
    assert statuses(project.scan())["Resources.Own"] == "fail"


def test_stacks_that_pass_to_each_other_in_a_circle_are_left_open(project: Project) -> None:
    child = """
        Parameters: {Status: {Type: String}}
        Resources:
          Data:
            Type: AWS::S3::Bucket
            Properties: {VersioningConfiguration: {Status: !Ref Status}}
        Outputs: {Status: {Value: !Ref Status}}
        """
    main = nesting("child.yaml", name="One", Status="!GetAtt Two.Outputs.Status") + more(
        """
        Two:
          Type: AWS::CloudFormation::Stack
          Properties: {TemplateURL: child.yaml, Parameters: {Status: !GetAtt One.Outputs.Status}}
        """
    )
    project.write({"main.yaml": main, "child.yaml": child})
    assert set(statuses(project.scan()).values()) == {"unknown"}


def test_a_long_chain_of_stacks_comes_to_an_end(project: Project) -> None:
    child = """
        Parameters: {Status: {Type: String, Default: Enabled}}
        Resources:
          Data:
            Type: AWS::S3::Bucket
            Properties: {VersioningConfiguration: {Status: !Ref Status}}
        Outputs: {Status: {Value: !Ref Status}}
        """
    lines = [
        f"  S{index}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: child.yaml, "
        f"Parameters: {{Status: !GetAtt S{index + 1}.Outputs.Status}}}}}}"
        for index in range(400)
    ]
    last = "  S400: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}"
    project.write({"main.yaml": "\n".join(["Resources:", *lines, last]), "child.yaml": child})
    report = project.scan()
    assert len(report.findings) == 401
    assert {finding.status for finding in report.findings} <= {"pass", "unknown"}
