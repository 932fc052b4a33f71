"""samconfig.toml: the values with which a SAM template is deployed."""

import pytest

from tests.cloudformation.projects import CHILD, Project, only, place, said, serverless

TEMPLATE = serverless(
    """
    Parameters:
      Status: {Type: String, Default: Disabled, AllowedValues: [Enabled, Suspended, Disabled, a b]}
      Other: {Type: String, Default: x}
    Resources:
      Data:
        Type: AWS::S3::Bucket
        Properties:
          VersioningConfiguration: {Status: !Ref Status}
    """
)
SUSPENDED = "Versioning is Suspended with the default of Status in samconfig.{}."
ITS_OWN = "Versioning is Disabled with the default of Status."


def toml(overrides: str, table: str = "default.deploy.parameters") -> str:
    return f"version = 0.1\n[{table}]\nparameter_overrides = {overrides}\n"


def message(project: Project, config: str, name: str = "samconfig.toml", template: str = TEMPLATE) -> str:
    project.write({"template.yaml": template, name: config})
    report = project.scan()
    assert said(report) == []
    return only(report).message


# --- Forms --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "overrides",
    [
        '"Status=Suspended"',
        '"Status=\\"Suspended\\""',
        "\"Status='Suspended' Other=y\"",
        '"Other=y  Status=Suspended"',
        '"Other=\\"a Status=Enabled\\" Status=Suspended"',
        '"Other=a\\\\ b Status=Suspended"',
        '"ParameterKey=Status,ParameterValue=Suspended"',
        '"ParameterKey=Other,ParameterValue=y ParameterKey=Status,ParameterValue=\\"Suspended\\""',
        '["Status=Suspended"]',
        '["Other=y", "Status=Suspended"]',
        '["Status=Enabled", "Status=Suspended"]',
        '[["ParameterKey=Status,ParameterValue=Suspended"]]',
        '{ Status = "Suspended", Other = 3 }',
    ],
)
def test_the_forms_of_overrides_in_toml(project: Project, overrides: str) -> None:
    assert message(project, toml(overrides)) == SUSPENDED.format("toml")


@pytest.mark.parametrize("name", ["yaml", "yml"])
@pytest.mark.parametrize(
    "overrides",
    [
        "Status=Suspended Other=y",
        '"ParameterKey=Status,ParameterValue=Suspended"',
        "[Status=Suspended, Other=y]",
        "{Status: Suspended, Other: 3}",
        "[{Status: Suspended}, {Other: null}]",
    ],
)
def test_the_forms_of_overrides_in_yaml(project: Project, name: str, overrides: str) -> None:
    config = f"version: 0.1\ndefault:\n  deploy:\n    parameters:\n      parameter_overrides: {overrides}\n"
    assert message(project, config, f"samconfig.{name}") == SUSPENDED.format(name)


def test_a_list_of_values_is_joined(project: Project) -> None:
    template = TEMPLATE.replace("{Status: !Ref Status}", "{Status: !Select [1, !Ref Statuses]}").replace(
        "Parameters:\n", "Parameters:\n  Statuses: {Type: CommaDelimitedList}\n"
    )
    config = toml('{ Statuses = ["Enabled", " Suspended "] }')
    assert message(project, config, template=template) == (
        "Versioning is Suspended with the default of Statuses in samconfig.toml."
    )


def test_a_value_may_be_empty_or_hold_spaces(project: Project) -> None:
    template = TEMPLATE.replace("Status: !Ref Status", "Status: !If [Fits, Enabled, Suspended]").replace(
        "Resources:",
        'Conditions: {Fits: !And [!Equals [!Ref Status, a b], !Equals [!Ref Other, ""]]}\nResources:',
    )
    config = toml('\'Status="a b" Other=""\'')
    assert message(project, config, template=template) == (
        "Versioning is Enabled with the defaults of Other in samconfig.toml and Status in samconfig.toml."
    )


@pytest.mark.parametrize(
    "include", ['"file://values.yaml"', '{ "$include" = "values.yaml" }', '["file://more.toml"]']
)
def test_values_may_stand_in_another_file(project: Project, include: str) -> None:
    project.write({"values.yaml": "Status: Suspended\n", "more.toml": '"$include" = "values.yaml"\n'})
    assert message(project, toml(include)) == SUSPENDED.format("toml")


# --- Which table counts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"default.global.parameters": "Suspended"}, SUSPENDED.format("toml")),
        (
            {"default.global.parameters": "Enabled", "default.deploy.parameters": "Suspended"},
            SUSPENDED.format("toml"),
        ),
        ({"default.build.parameters": "Suspended"}, ITS_OWN),
        ({"default.validate.parameters": "Suspended"}, ITS_OWN),
        ({"prod.deploy.parameters": "Suspended"}, ITS_OWN),
        ({"default.deploy": "Suspended"}, ITS_OWN),
    ],
)
def test_the_values_of_a_deployment_count(project: Project, tables: dict[str, str], expected: str) -> None:
    config = "".join(f'[{name}]\nparameter_overrides = "Status={value}"\n' for name, value in tables.items())
    assert message(project, config) == expected


def test_overrides_of_a_command_replace_the_global_ones_altogether(project: Project) -> None:
    config = toml('"Status=Suspended"', "default.global.parameters") + (
        '[default.deploy.parameters]\nparameter_overrides = "Other=y"\n'
    )
    assert message(project, config) == ITS_OWN


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("template.yaml", SUSPENDED.format("toml")),
        ("./template.yaml", SUSPENDED.format("toml")),
        (".aws-sam/build/template.yaml", SUSPENDED.format("toml")),
        ("other.yaml", ITS_OWN),
    ],
)
def test_a_configuration_may_be_for_another_template(project: Project, named: str, expected: str) -> None:
    assert message(project, toml('"Status=Suspended"') + f'template_file = "{named}"\n') == expected


def test_toml_goes_before_yaml(project: Project) -> None:
    config = "default: {deploy: {parameters: {parameter_overrides: Status=Enabled}}}\n"
    project.write({"samconfig.yaml": config})
    assert message(project, toml('"Status=Suspended"')) == SUSPENDED.format("toml")


# --- Where and when it is read ------------------------------------------------------------------------------


def test_a_value_given_by_hand_goes_before_it(project: Project) -> None:
    project.write({"template.yaml": TEMPLATE, "samconfig.toml": toml('"Status=Suspended"')})
    finding = only(project.scan(parameters={"Status": "Enabled"}))
    assert (finding.status, finding.message) == ("pass", "Versioning is Enabled.")


def test_it_lies_beside_the_template(project: Project) -> None:
    project.write({"app/template.yaml": TEMPLATE, "samconfig.toml": toml('"Status=Suspended"')})
    assert only(project.scan()).message == ITS_OWN
    project.write({"app/samconfig.toml": toml('"Status=Suspended"')})
    assert only(project.scan()).message == SUSPENDED.format("toml")


def test_a_template_that_is_not_sams_does_not_take_it(project: Project) -> None:
    assert message(project, toml('"Status=Suspended"'), template=TEMPLATE.partition("\n")[2]) == ITS_OWN


def test_a_nested_template_does_not_take_it(project: Project) -> None:
    main = "Resources:\n  In: {Type: AWS::Serverless::Application, Properties: {Location: child.yaml}}\n"
    child = serverless(CHILD.replace("{Type: String}", "{Type: String, Default: Disabled}"))
    project.write({"child.yaml": child})
    assert message(project, toml('"Status=Suspended"'), template=serverless(main)) == ITS_OWN


def test_all_scenarios_pass_over_it(project: Project) -> None:
    project.write({"template.yaml": TEMPLATE, "samconfig.toml": toml('"Status=Enabled"')})
    finding = only(project.scan(all_scenarios=True))
    assert finding.status == "fail"
    assert len(finding.when) > 1


def test_a_parameter_without_a_default_takes_it_too(project: Project) -> None:
    template = TEMPLATE.replace(", Default: Disabled", "")
    assert message(project, toml('"Status=Suspended"'), template=template) == SUSPENDED.format("toml")


def test_a_secret_is_never_shown(project: Project) -> None:
    template = TEMPLATE.replace("Default: Disabled", "NoEcho: true, Default: Disabled")
    project.write({"template.yaml": template, "samconfig.toml": toml('"Status=hush"')})
    report = project.scan()
    assert only(report).status == "unknown"
    assert "hush" not in " ".join(said(report))
    assert said(report) == [
        "samconfig.toml:3:1: The value for Status is not one that template.yaml accepts.",
    ]


# --- What is wrong with it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            '"Status=Gone"',
            "The value 'Gone' for Status is not one that template.yaml accepts.",
        ),
        (
            '"Status"',
            "'Status' is no parameter and value: write Name=Value, several with a space between.",
        ),
        (
            "3",
            "The values of parameters are a text, a list of texts or a table, and this is none.",
        ),
        (
            '"file://gone.yaml"',
            "The values in gone.yaml are not read: it is not there or not in a scanned folder.",
        ),
    ],
)
def test_values_that_cannot_be_read_are_a_problem(project: Project, overrides: str, message: str) -> None:
    project.write({"template.yaml": TEMPLATE, "samconfig.toml": toml(overrides)})
    report = project.scan()
    (problem,) = report.problems
    assert (place(problem.at), problem.kind) == (("samconfig.toml", 3, 1, 3, 20), "partial")
    assert problem.message == message
    assert len(report.findings) == 1


def test_broken_toml_is_a_problem_with_its_place(project: Project) -> None:
    project.write({"template.yaml": TEMPLATE, "samconfig.toml": "version = 0.1\n[default\n"})
    report = project.scan()
    (problem,) = report.problems
    assert (place(problem.at), problem.kind) == (("samconfig.toml", 2, 9, 2, 9), "unreadable")
    assert problem.message.startswith("This is no TOML that can be read, so it gives no values: ")
    assert "line" not in problem.message
    assert only(report).message == ITS_OWN


def test_files_that_include_each_other_come_to_an_end(project: Project) -> None:
    project.write(
        {
            "template.yaml": TEMPLATE,
            "samconfig.toml": toml('"file://a.yaml"'),
            "a.yaml": '["file://a.yaml", {Status: Suspended}]',
        }
    )
    report = project.scan()
    assert only(report).message == SUSPENDED.format("toml")
    assert said(report) == [
        "samconfig.toml:3:1: The values in a.yaml are not read: it is not there or not in a scanned folder."
    ]


@pytest.mark.parametrize(
    "config",
    [
        b"\xff\xfe\x00",
        b"version = 0.1\n\x80",
        b"default = 1",
        b"default.deploy = 1",
        b"[default.deploy]\nparameters = 1",
        b"[default.deploy.parameters]\nparameter_overrides = [[[1979-05-27]]]",
        b'[default.deploy.parameters]\nparameter_overrides = "' + b'a=\\\\\\"' * 2000 + b'"',
        b"a = " + b"[" * 2000,
    ],
)
def test_whatever_stands_there_the_template_is_judged(project: Project, config: bytes) -> None:
    project.write({"template.yaml": TEMPLATE})
    (project.folder / "samconfig.toml").write_bytes(config)
    assert only(project.scan()).message == ITS_OWN
