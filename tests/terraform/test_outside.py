"""Nothing outside of the scanned tree is read, whichever way leads there, and nothing that is no file is opened."""

import os
from contextlib import chdir
from pathlib import Path

import pytest

from tests.terraform.hostile import ASKED, BESIDE, BUCKET, why
from tests.terraform.scans import VERSIONING, lines, problems, report, write

# What is found there would decide the verdict, and be shown with it.
SECRET = "Enabled"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The folder to scan; beside it lie a secret and a module."""
    write(tmp_path, {"secret": SECRET, "module/main.tf": BUCKET, "tree/a.tf": BESIDE, "tree/own/x": SECRET})
    return tmp_path / "tree"


def said(tree: Path, text: str) -> list[str]:
    """What is said beside the verdict of `a.tf`."""
    found = report(tree, {"b.tf": text}, VERSIONING)
    told = [*problems(found), *lines(found)]
    beside = "pass aws_s3_bucket.beside a.tf:7:14-23: Versioning is Enabled."
    assert told.count(beside) == 1
    return [one for one in told if one != beside]


READING = {
    "file": ("file(%s)", "the file {} is in no scanned folder"),
    "templatefile": ("templatefile(%s, {})", "the file {} is in no scanned folder"),
    "filebase64": ("base64decode(filebase64(%s))", "the file {} is in no scanned folder"),
    "filemd5": ("filemd5(%s)", "the file {} is in no scanned folder"),
    "filesha256": ("filesha256(%s)", "the file {} is in no scanned folder"),
    "fileexists": ('fileexists(%s) ? "Enabled" : null', "the file {} is in no scanned folder"),
}


@pytest.mark.parametrize("function", READING)
class TestFunctions:
    @pytest.mark.parametrize(
        "path",
        [
            "../secret",
            "own/../../secret",
            "./../tree/../secret",
            "../../../../../../../../etc/passwd",
            "/etc/passwd",
        ],
    )
    def test_a_way_out(self, function: str, path: str, tree: Path) -> None:
        call, reason = READING[function]
        assert why(said(tree, ASKED % (call % f'"{path}"'))) == reason.format(path)

    def test_an_absolute_path(self, function: str, tree: Path) -> None:
        call, reason = READING[function]
        path = str(tree.parent / "secret")
        assert why(said(tree, ASKED % (call % f'"{path}"'))) == reason.format(path)

    def test_a_link_to_a_file(self, function: str, tree: Path) -> None:
        call, reason = READING[function]
        os.symlink("../secret", tree / "link")
        assert why(said(tree, ASKED % (call % '"link"'))) == reason.format("link")

    def test_a_link_to_a_folder(self, function: str, tree: Path) -> None:
        call, reason = READING[function]
        os.symlink("..", tree / "up")
        assert why(said(tree, ASKED % (call % '"up/secret"'))) == reason.format("up/secret")

    def test_a_link_that_leads_nowhere(self, function: str, tree: Path) -> None:
        call, reason = READING[function]
        os.symlink("loop", tree / "loop")
        assert why(said(tree, ASKED % (call % '"loop"'))) == reason.format("loop")

    def test_a_pipe(self, function: str, tree: Path) -> None:
        call, reason = READING[function]
        os.mkfifo(tree / "pipe")
        assert why(said(tree, ASKED % (call % '"pipe"'))) == reason.format("pipe")

    def test_a_link_to_a_device(self, function: str, tree: Path) -> None:
        call, reason = READING[function]
        os.symlink("/dev/zero", tree / "zero")
        assert why(said(tree, ASKED % (call % '"zero"'))) == reason.format("zero")

    def test_what_is_inside_is_read(self, function: str, tree: Path) -> None:
        call, _ = READING[function]
        [verdict] = said(tree, ASKED % (call % '"own/x"'))
        assert verdict.startswith(("pass", "fail"))


@pytest.mark.parametrize("folder", ["..", "own/../..", "/etc", "up"])
def test_a_folder_outside_is_not_listed(folder: str, tree: Path) -> None:
    os.symlink("..", tree / "up")
    told = why(said(tree, ASKED % f'tolist(fileset("{folder}", "*"))[0]'))
    assert told == f"the folder {folder}/ is not scanned, or there is none"


def test_a_pattern_that_leads_out_finds_nothing(tree: Path) -> None:
    text = ASKED % 'length(fileset(".", "../*")) == 0 ? "Enabled" : "Suspended"'
    [verdict] = said(tree, text)
    assert "secret" not in verdict
    assert verdict.startswith(("pass", "unknown"))


class TestModules:
    @pytest.mark.parametrize("source", ["../module", "./../module", "./own/../../module"])
    def test_a_source_that_leads_out(self, source: str, tree: Path) -> None:
        assert said(tree, f'module "m" {{\n  source = "{source}"\n}}\n') == [
            (
                f"partial b.tf:2:12-{14 + len(source)}: The module m lies in ../module, where the scanned tree has no"
                " files of a module. Scan the folder of both; what it declares is not judged."
            )
        ]

    def test_an_absolute_source(self, tree: Path) -> None:
        source = str(tree.parent / "module")
        assert said(tree, f'module "m" {{\n  source = "{source}"\n}}\n') == [
            (
                f"partial b.tf:2:12-{14 + len(source)}: The module m lies in {source}, where the scanned tree has no"
                " files of a module. Scan the folder of both; what it declares is not judged."
            )
        ]

    def test_a_source_that_is_a_link_out(self, tree: Path) -> None:
        os.symlink("../module", tree / "m")
        assert said(tree, 'module "m" {\n  source = "./m"\n}\n') == [
            (
                "partial b.tf:2:12-17: The module m lies in m, where the scanned tree has no files of a module."
                " Scan the folder of both; what it declares is not judged."
            )
        ]

    def test_a_source_that_is_a_link_back_is_a_circle(self, tree: Path) -> None:
        os.symlink(".", tree / "m")
        assert said(tree, 'module "m" {\n  source = "./m"\n}\n') == [
            (
                "partial b.tf:2:12-17: The module m calls itself in the end. Break the circle;"
                " what it declares is not judged."
            )
        ]

    def test_a_source_that_is_a_link_within_is_followed(self, tree: Path) -> None:
        write(tree, {"real/main.tf": BUCKET})
        os.symlink("real", tree / "m")
        assert said(tree, 'module "m" {\n  source = "./m"\n}\n') == [
            "fail module.m.aws_s3_bucket.b real/main.tf:1:1-29: Versioning is not set, so it is Unversioned."
        ]

    def test_a_file_of_a_module_that_is_a_link_out_is_not_read_for_it(self, tree: Path) -> None:
        write(tree, {".terraform/modules/m/none": ""})
        os.symlink("../../../../module/main.tf", tree / ".terraform/modules/m/main.tf")
        index = '{"Modules": [{"Key": "m", "Source": "x", "Dir": ".terraform/modules/m"}]}'
        write(tree, {".terraform/modules/modules.json": index})
        assert said(tree, 'module "m" {\n  source = "x/y/z"\n}\n') == [
            (
                "partial b.tf:2:12-19: The module m lies in .terraform/modules/m, where the scanned tree has no files"
                " of a module. Scan the folder of both; what it declares is not judged."
            )
        ]

    def test_an_index_of_modules_may_not_lead_out(self, tree: Path) -> None:
        index = '{"Modules": [{"Key": "m", "Source": "x", "Dir": "../module"}]}'
        write(tree, {".terraform/modules/modules.json": index})
        assert said(tree, 'module "m" {\n  source = "x/y/z"\n}\n') == [
            (
                "partial b.tf:2:12-19: The module m lies in ../module, where the scanned tree has no files of a module."
                " Scan the folder of both; what it declares is not judged."
            )
        ]

    def test_a_pipe_in_its_folder_is_not_waited_for(self, tree: Path) -> None:
        write(tree, {"m/main.tf": BUCKET})
        os.mkfifo(tree / "m/pipe.tf")
        assert said(tree, 'module "m" {\n  source = "./m"\n}\n') == [
            (
                "unreadable m/pipe.tf: This is a pipe, a socket or a device, and only files and folders are opened."
                " To read what another command writes, pipe it in and name `-`."
            ),
            "fail module.m.aws_s3_bucket.b m/main.tf:1:1-29: Versioning is not set, so it is Unversioned.",
        ]


@pytest.mark.parametrize("name", ["terraform.tfvars", "x.auto.tfvars"])
@pytest.mark.parametrize("target", ["../values", "/dev/zero", "pipe", "nowhere"])
def test_values_that_lie_outside_are_not_known(name: str, target: str, tree: Path) -> None:
    write(tree.parent, {"values": 'on = "Enabled"\n'})
    os.mkfifo(tree / "pipe")
    os.symlink(target, tree / name)
    before = 'variable "on" {\n  default = "Suspended"\n}\n'
    problem, verdict = said(tree, before + ASKED % "var.on")
    assert problem == (
        f"unreadable {name}: Terraform takes values from this file, and it can't be read: it is no file, or one outside"
        " of the scanned tree. Put it there, or give the values by --var-file."
    )
    assert why([verdict], before) == f"{name} can't be read, and it may give a value"


def test_the_repository_around_is_a_part_of_the_tree(tree: Path) -> None:
    (tree.parent / ".git").mkdir()
    with chdir(tree):
        assert said(tree, ASKED % 'file("../secret")') == [
            "pass aws_s3_bucket.b b.tf:7:14-31: Versioning is Enabled."
        ]
