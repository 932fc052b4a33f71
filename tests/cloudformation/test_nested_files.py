"""Nested stacks: where their templates are, that each is judged once, and what is wrong with some."""

import io
import sys
from types import SimpleNamespace

import pytest

from s3audit.finding import Report
from tests.cloudformation.projects import (
    CHILD,
    CHILD_WITH_DEFAULT,
    NESTED,
    Project,
    more,
    nesting,
    said,
    statuses,
)


def left_out(report: Report) -> list[str]:
    """Why nested stacks are not judged, with the place that says which."""
    found = [one.partition(": The nested stack Inner ") for one in said(report)]
    end = "; what it declares is not judged."
    assert all(why.endswith(end) for _, _, why in found)
    return [f"{at} {why.removesuffix(end)}" for at, _, why in found]


@pytest.mark.parametrize(
    ("main", "url"),
    [
        ("main.yaml", "parts/child.yaml"),
        ("main.yaml", "./parts/child.yaml"),
        ("sub/deep/main.yaml", "../../parts/child.yaml"),
        ("parts/main.yaml", "child.yaml"),
        ("main.yaml", "!Sub '${Folder}/child.yaml'"),
        ("main.yaml", "!Join [/, [!Ref Folder, child.yaml]]"),
        ("main.yaml", "!FindInMap [Files, storage, path]"),
    ],
)
def test_a_local_path_starts_from_the_template_that_names_it(project: Project, main: str, url: str) -> None:
    head = """
Parameters: {Folder: {Type: String, Default: parts}}
Mappings: {Files: {storage: {path: parts/child.yaml}}}
"""
    project.write({main: head + nesting(url, Status="Enabled"), "parts/child.yaml": CHILD})
    report = project.scan()
    assert statuses(report) == {NESTED: "pass"}
    assert said(report) == []


def test_the_path_may_come_from_a_value_given_by_hand(project: Project) -> None:
    main = "Parameters: {File: {Type: String}}\n" + nesting("!Ref File", Status="Enabled")
    project.write({"main.yaml": main, "parts/child.yaml": CHILD})
    report = project.scan(parameters={"File": "parts/child.yaml"})
    assert statuses(report) == {NESTED: "pass"}


ELSEWHERE = "where a scan of files can't look"
MISSING = "is missing or in no scanned folder. Scan the folder of both"


@pytest.mark.parametrize(
    ("url", "column", "why"),
    [
        ("https://b.s3.amazonaws.com/x", 7, f"has its template at https://b.s3.amazonaws.com/x, {ELSEWHERE}"),
        ("s3://b/child.yaml", 7, f"has its template at s3://b/child.yaml, {ELSEWHERE}"),
        ("!Sub https://${Bucket}.s3/x", 7, f"has its template at https://${{Bucket}}.s3/x, {ELSEWHERE}"),
        (
            "!Sub ${Bucket}/child.yaml",
            7,
            "has the template ${Bucket}/child.yaml, which is not told. Give it with --parameter KEY=VALUE",
        ),
        ("!If [None, a, b]", 7, "has a template that can't be told: there is no condition None"),
        (
            "nowhere.yaml",
            20,
            f"has the template nowhere.yaml, which {MISSING}",
        ),
        ("[a.yaml]", 7, "has no path as TemplateURL"),
        ("broken.yaml", 20, "has the file broken.yaml for a template, and it can't be read as one"),
        ("list.yaml", 20, "has the file list.yaml for a template, and it can't be read as one"),
    ],
)
def test_a_template_that_is_not_read_is_a_problem(project: Project, url: str, column: int, why: str) -> None:
    main = "Parameters: {Bucket: {Type: String}}\n" + nesting(url)
    project.write({"main.yaml": main, "broken.yaml": "Resources: {", "list.yaml": "- 1\n"})
    report = project.scan("main.yaml")
    (problem,) = (one for one in report.problems if one.at.source == "main.yaml")
    assert (problem.at.line, problem.at.column) == (6, column)
    assert problem.message == f"The nested stack Inner {why}; what it declares is not judged."
    assert report.findings == ()


def test_a_stack_without_a_template_is_a_problem(project: Project) -> None:
    project.write({"main.yaml": "Resources:\n  Inner:\n    Type: AWS::CloudFormation::Stack\n"})
    assert left_out(project.scan()) == ["main.yaml:2:3 has no TemplateURL"]


def test_a_broken_template_is_told_with_its_own_place_too(project: Project) -> None:
    project.write({"main.yaml": nesting("child.yaml"), "child.yaml": "Resources:\n\tData: 1\n"})
    report = project.scan("main.yaml")
    assert [(p.kind, p.at.source, p.at.line) for p in report.problems] == [
        ("unreadable", "child.yaml", 2),
        ("partial", "main.yaml", 5),
    ]


def test_nothing_outside_the_scanned_folders_is_read(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write({"in/main.yaml": nesting("../out/child.yaml", Status="Enabled"), "out/child.yaml": CHILD})
    monkeypatch.chdir(project.folder / "in")
    report = project.scan(".")
    assert report.findings == ()
    assert left_out(report) == [f"main.yaml:5:20 has the template ../out/child.yaml, which {MISSING}"]


def test_what_comes_from_standard_input_has_no_files_beside_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write({"child.yaml": CHILD})
    data = io.BytesIO(nesting("child.yaml", Status="Enabled").encode())
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=data))
    report = project.scan("-")
    assert report.findings == ()
    missing = "which came from no file. Scan it by its path"
    assert left_out(report) == [f"<stdin>:5:20 has the template child.yaml beside this one, {missing}"]


@pytest.mark.parametrize("paths", [(".",), ("main.yaml", "child.yaml"), ("main.yaml",)])
def test_a_nested_template_is_judged_through_its_parents_only(
    project: Project, paths: tuple[str, ...]
) -> None:
    project.write({"main.yaml": nesting("child.yaml", Status="Enabled"), "child.yaml": CHILD_WITH_DEFAULT})
    report = project.scan(*paths)
    assert statuses(report) == {NESTED: "pass"}
    assert [one.source for one in report.inputs] == ["child.yaml", "main.yaml"]


def test_a_nested_template_whose_parent_is_not_scanned_is_judged_by_itself(project: Project) -> None:
    project.write({"main.yaml": nesting("child.yaml", Status="Enabled"), "child.yaml": CHILD_WITH_DEFAULT})
    assert statuses(project.scan("child.yaml")) == {"Resources.Data": "fail"}


def test_a_link_to_a_nested_template_is_the_same_template(project: Project) -> None:
    project.write({"main.yaml": nesting("link.yaml", Status="Enabled"), "child.yaml": CHILD_WITH_DEFAULT})
    (project.folder / "link.yaml").symlink_to("child.yaml")
    assert statuses(project.scan()) == {NESTED: "pass"}


def test_two_stacks_of_one_template_are_two_subjects(project: Project) -> None:
    main = nesting("child.yaml", name="One", Status="Enabled") + more(
        """
        Two:
          Type: AWS::CloudFormation::Stack
          Properties: {TemplateURL: child.yaml, Parameters: {Status: Suspended}}
        """
    )
    project.write({"main.yaml": main, "child.yaml": CHILD})
    report = project.scan()
    assert statuses(report) == {
        "Resources.One.Resources.Data": "pass",
        "Resources.Two.Resources.Data": "fail",
    }
    assert len({finding.fingerprint for finding in report.findings}) == 2


def test_two_parents_of_one_template_are_two_inputs(project: Project) -> None:
    project.write(
        {
            "one.yaml": nesting("child.yaml", Status="Enabled"),
            "two.yaml": nesting("child.yaml", Status="Suspended"),
            "child.yaml": CHILD,
        }
    )
    report = project.scan()
    assert [one.source for one in report.inputs] == ["child.yaml", "one.yaml", "two.yaml"]
    assert sorted(finding.status for finding in report.findings) == ["fail", "pass"]
    assert len({finding.fingerprint for finding in report.findings}) == 2


def test_of_several_documents_the_first_is_the_nested_template(project: Project) -> None:
    child = "Resources:\n  Data: {Type: AWS::S3::Bucket}\n---\nResources:\n  Other: {Type: AWS::S3::Bucket}\n"
    project.write({"main.yaml": nesting("child.yaml"), "child.yaml": child})
    assert statuses(project.scan()) == {NESTED: "fail", "Resources.Other": "fail"}


def test_every_document_of_a_file_is_a_template(project: Project) -> None:
    documents = [
        "Resources:\n  One: {Type: AWS::S3::Bucket}\n",
        "# nothing\n",
        "Resources:\n  Two: {Type: AWS::S3::Bucket}\n",
    ]
    project.write({"all.yaml": "---\n".join(documents)})
    report = project.scan()
    assert statuses(report) == {"Resources.One": "fail", "Resources.Two": "fail"}
    assert said(report) == []


def test_a_template_that_nests_itself_is_a_problem(project: Project) -> None:
    main = nesting("main.yaml") + "  Data: {Type: AWS::S3::Bucket}\n"
    project.write({"main.yaml": main})
    report = project.scan()
    assert statuses(report) == {"Resources.Data": "fail"}
    circle = "(main.yaml in main.yaml). Break the circle"
    assert left_out(report) == [f"main.yaml:5:20 has a template that is nested in itself {circle}"]


def test_a_circle_of_templates_is_entered_once(project: Project) -> None:
    bucket = "  Data: {Type: AWS::S3::Bucket}\n"
    project.write(
        {
            "a.yaml": nesting("b.yaml") + bucket,
            "b.yaml": nesting("c.yaml") + bucket,
            "c.yaml": nesting("a.yaml") + bucket,
        }
    )
    report = project.scan()
    assert statuses(report) == {
        "Resources.Data": "fail",
        "Resources.Inner.Resources.Data": "fail",
        "Resources.Inner.Resources.Inner.Resources.Data": "fail",
    }
    circle = "(a.yaml in c.yaml in b.yaml in a.yaml). Break the circle"
    assert left_out(report) == [f"c.yaml:5:20 has a template that is nested in itself {circle}"]


def test_there_are_no_more_levels_than_are_read(project: Project) -> None:
    bucket = "  Data: {Type: AWS::S3::Bucket}\n"
    project.write({f"{level:02}.yaml": nesting(f"{level + 1:02}.yaml") + bucket for level in range(12)})
    report = project.scan("00.yaml")
    assert len(report.findings) == 11
    assert left_out(report) == ["10.yaml:5:20 is too deep: no more than 10 levels are read"]


def test_stacks_that_multiply_come_to_an_end(project: Project) -> None:
    def many(child: str) -> str:
        lines = (
            f"  S{index}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {child}}}}}\n"
            for index in range(30)
        )
        return "Resources:\n" + "".join(lines)

    project.write(
        {
            "a.yaml": many("b.yaml"),
            "b.yaml": many("c.yaml"),
            "c.yaml": many("d.yaml"),
            "d.yaml": "Resources:\n  Data: {Type: AWS::S3::Bucket}\n",
        }
    )
    report = project.scan()
    assert 400 < len(report.findings) < 500
    assert all("is one too many: no more than 500 in a stack are read" in one for one in said(report))
