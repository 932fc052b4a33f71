"""Nested stacks: the scenarios of the outermost template reach every template in it."""

from tests.cloudformation.projects import Project, more, nesting, only

ENV = "Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}\n"
COMPARING = """
    Parameters: {Tier: {Type: String}}
    Conditions: {IsProd: !Equals [!Ref Tier, prod]}
    Resources:
      Data:
        Type: AWS::S3::Bucket
        Properties:
          VersioningConfiguration: {Status: !If [IsProd, Enabled, Suspended]}
    Outputs:
      Status: {Value: !If [IsProd, Enabled, Suspended]}
    """


def test_a_parameter_of_the_root_that_only_the_child_compares_is_varied(project: Project) -> None:
    project.write({"main.yaml": ENV + nesting("child.yaml", Tier="!Ref Env"), "child.yaml": COMPARING})
    finding = only(project.scan())
    assert (finding.status, finding.when) == ("fail", ("Env is dev",))


def test_and_through_several_levels(project: Project) -> None:
    middle = "Parameters: {Stage: {Type: String}}\n" + nesting("child.yaml", Tier="!Ref Stage")
    project.write(
        {
            "main.yaml": ENV + nesting("middle.yaml", Stage="!Ref Env"),
            "middle.yaml": middle,
            "child.yaml": COMPARING,
        }
    )
    finding = only(project.scan())
    assert (finding.status, finding.when) == ("fail", ("Env is dev",))


def test_a_parameter_without_allowed_values_takes_those_that_the_child_compares(project: Project) -> None:
    main = "Parameters: {Env: {Type: String}}\n" + nesting("child.yaml", Tier="!Ref Env")
    project.write({"main.yaml": main, "child.yaml": COMPARING})
    finding = only(project.scan())
    assert (finding.status, finding.when) == ("fail", ("Env is not prod",))


def test_what_is_put_together_from_a_parameter_is_varied_too(project: Project) -> None:
    child = COMPARING.replace("prod]", "eu-prod]")
    main = ENV + nesting("child.yaml", Tier="!Sub 'eu-${Env}'")
    project.write({"main.yaml": main, "child.yaml": child})
    finding = only(project.scan())
    assert (finding.status, finding.when) == ("fail", ("Env is dev",))


def test_a_value_passed_literally_is_no_scenario(project: Project) -> None:
    project.write({"main.yaml": ENV + nesting("child.yaml", Tier="prod"), "child.yaml": COMPARING})
    finding = only(project.scan())
    assert (finding.status, finding.when) == ("pass", ())


def test_the_region_that_only_the_child_compares_is_varied(project: Project) -> None:
    child = COMPARING.replace("!Ref Tier, prod", "!Ref AWS::Region, eu-west-1")
    project.write({"main.yaml": nesting("child.yaml", Tier="x"), "child.yaml": child})
    finding = only(project.scan())
    assert (finding.status, finding.when) == ("fail", ("AWS::Region is not eu-west-1",))


def test_an_output_depends_on_the_scenario(project: Project) -> None:
    main = (
        ENV
        + nesting("child.yaml", Tier="!Ref Env")
        + more(
            """
        Own:
          Type: AWS::S3::Bucket
          Properties: {VersioningConfiguration: {Status: !GetAtt Inner.Outputs.Status}}
        """
        )
    )
    project.write({"main.yaml": main, "child.yaml": COMPARING})
    own = next(f for f in project.scan().findings if f.subject.address == "Resources.Own")
    assert (own.status, own.when) == ("fail", ("Env is dev",))


CONDITIONAL = """
    Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
    Conditions: {IsProd: !Equals [!Ref Env, prod]}
    Resources:
      Inner:
        Type: AWS::CloudFormation::Stack
        Condition: IsProd
        Properties:
          TemplateURL: child.yaml
          Parameters: {Tier: !Ref Env}
    """


def test_a_nested_stack_is_judged_where_its_condition_holds(project: Project) -> None:
    project.write({"main.yaml": CONDITIONAL, "child.yaml": COMPARING})
    finding = only(project.scan())
    assert (finding.status, finding.when) == ("pass", ())


def test_a_nested_stack_whose_condition_fails_is_not_there(project: Project) -> None:
    project.write({"main.yaml": CONDITIONAL, "child.yaml": COMPARING})
    report = project.scan(parameters={"Env": "dev"})
    assert report.findings == ()
    assert [(one.source, one.resources) for one in report.inputs] == [("main.yaml", 0)]


def test_all_scenarios_reach_the_child(project: Project) -> None:
    main = ENV.replace("[dev, prod]", "[dev, prod], Default: prod") + nesting("child.yaml", Tier="!Ref Env")
    project.write({"main.yaml": main, "child.yaml": COMPARING})
    assert only(project.scan()).status == "pass"
    finding = only(project.scan(all_scenarios=True))
    assert (finding.status, finding.when) == ("fail", ("Env is dev",))


def test_a_parameter_of_one_stack_does_not_vary_its_sibling(project: Project) -> None:
    main = (
        ENV
        + nesting("child.yaml", Tier="!Ref Env")
        + more(
            """
        Sibling:
          Type: AWS::CloudFormation::Stack
          Properties: {TemplateURL: child.yaml, Parameters: {Tier: prod}}
        """
        )
    )
    project.write({"main.yaml": main, "child.yaml": COMPARING})
    found = {f.subject.address: (f.status, f.when) for f in project.scan().findings}
    assert found == {
        "Resources.Inner.Resources.Data": ("fail", ("Env is dev",)),
        "Resources.Sibling.Resources.Data": ("pass", ()),
    }
