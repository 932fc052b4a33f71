"""Which files are read, under which name they are shown, and what is said about those that cannot be."""

import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.discover import Source, discover

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory of each test."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def tree(*paths: str) -> None:
    """Make empty files, and folders (with a slash at the end)."""
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder:
            os.makedirs(folder, exist_ok=True)
        if name:
            Path(path).touch()


def ignore(content: str, path: str = ".gitignore") -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(content, encoding="utf-8")


def shown(*paths: str) -> list[str]:
    """The files of a scan without a problem."""
    sources, problems = discover(paths)
    assert problems == []
    return [source.path for source in sources]


def problem(*paths: str) -> tuple[str, str]:
    """The place and the message of the only problem of a scan that finds no file."""
    sources, problems = discover(paths)
    assert sources == []
    [found] = problems
    assert found.kind == "unreadable"
    assert found.message.endswith(".")
    return str(found.at), found.message


class TestNamed:
    def test_a_file_is_read_whatever_it_is_called(self) -> None:
        tree("notes.txt", "node_modules/a")
        assert discover(["notes.txt", "node_modules/a"]) == (
            [Source("node_modules/a", "node_modules/a", True), Source("notes.txt", "notes.txt", True)],
            [],
        )

    @pytest.mark.parametrize("path", ["x/a.yaml", "./x/a.yaml", "x//a.yaml", "x/./a.yaml", "y/../x/a.yaml"])
    def test_the_report_shows_the_plain_way_from_here(self, path: str) -> None:
        tree("x/a.yaml", "y/")
        assert discover([path]) == ([Source("x/a.yaml", path, True)], [])
        absolute = os.path.abspath("x/a.yaml")
        assert discover([absolute]) == ([Source("x/a.yaml", absolute, True)], [])

    def test_what_lies_outside_is_absolute(self, home: Path) -> None:
        tree("x/a.yaml", "../homely/b.yaml")
        os.chdir("x")
        assert shown("..") == ["a.yaml"]
        assert shown("../../homely/b.yaml", "a.yaml") == [f"{home.parent}/homely/b.yaml", "a.yaml"]
        assert shown("../..") == [f"{home.parent}/homely/b.yaml", "a.yaml"]

    def test_two_dots_lead_back_from_where_a_link_leads(self, home: Path) -> None:
        tree("x/y/", "x/a.yaml", "a.yaml")
        os.symlink("x/y", "link")
        assert shown("link/../a.yaml") == ["x/a.yaml"]
        assert shown("link/..") == ["x/a.yaml"]

    def test_a_link_on_the_way_here_is_no_way_outside(self, home: Path) -> None:
        tree("x/a.yaml")
        os.symlink(home, home.parent / "link")
        assert shown(f"{home.parent}/link/x/a.yaml") == ["x/a.yaml"]
        assert shown(f"{home.parent}/link/x") == ["x/a.yaml"]

    def test_a_dash_is_the_standard_input(self) -> None:
        tree("-", "a.yaml")
        stdin = Source("<stdin>", "-", True)
        assert discover(["-", "-"]) == ([stdin], [])
        assert discover(["./-", "-"]) == ([Source("-", "./-", True), stdin], [])

    def test_the_root_of_the_file_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        tree("a.yaml")
        path = os.path.abspath("a.yaml")
        monkeypatch.chdir("/")
        assert shown(path) == [path.removeprefix("/")]

    @pytest.mark.parametrize(
        ("path", "message"),
        [
            ("missing.yaml", "There is no such file or folder."),
            ("a.yaml/b.yaml", "There is no such file or folder."),
            ("a.yaml/", "There is no such file or folder."),
            ("broken.yaml", "This link leads to nowhere.yaml, and there is nothing."),
            ("loop.yaml", "It cannot be read: "),
            ("pipe.yaml", "This is a pipe, a socket or a device"),
            ("n" * 300, "It cannot be read: "),
        ],
    )
    def test_what_cannot_be_read_is_a_problem(self, path: str, message: str) -> None:
        tree("a.yaml")
        os.symlink("nowhere.yaml", "broken.yaml")
        os.symlink("loop.yaml", "loop.yaml")
        os.mkfifo("pipe.yaml")
        place, said = problem(path)
        assert place == path.rstrip("/")
        assert said.startswith(message)

    def test_a_device_is_not_opened(self) -> None:
        assert problem("/dev/zero")[1].startswith("This is a pipe, a socket or a device")

    def test_an_empty_path_is_no_folder(self) -> None:
        tree("a.yaml")
        assert "`.` is the current folder" in problem("")[1]

    @pytest.mark.parametrize(("path", "place"), [("a\0b", "a\0b"), ("a\ud800", "a\\ud800")])
    def test_what_can_be_no_name(self, path: str, place: str) -> None:
        assert problem(path) == (place, "There is no such file or folder: no name holds such characters.")

    def test_a_problem_is_told_once_and_the_rest_goes_on(self) -> None:
        tree("a.yaml")
        sources, problems = discover(["b", "a.yaml", "./b", "b"])
        assert [source.path for source in sources] == ["a.yaml"]
        assert [str(found.at) for found in problems] == ["b"]

    def test_the_current_directory_may_be_gone(self, home: Path) -> None:
        tree("../a.yaml")
        home.rmdir()
        assert problem("a.yaml")[1].startswith("There is no such file or folder.")
        assert shown(f"{home.parent}/a.yaml") == [f"{home.parent}/a.yaml"]


class TestFolders:
    def test_the_files_with_an_extension_of_ours(self) -> None:
        tree(
            "a.yaml",
            "b.YML",
            "c.json",
            "d.template",
            "e.txt",
            "f",
            "yaml",
            ".g.yaml",
            ".github/h.yml",
            "i.yaml.bak",
        )
        assert shown(".") == [".g.yaml", ".github/h.yml", "a.yaml", "b.YML", "c.json", "d.template"]

    def test_the_files_of_terraform(self) -> None:
        kept = ["a.tf", "a.tf.json", "a.tofu", "a.tofu.json", "b.tfvars.json", "terraform.tfstate", "x/b.tf"]
        tree(
            *kept,
            "b.tfvars",
            "terraform.tfstate.backup",
            "x/.terraform.lock.hcl",
            "x/b.tf~",
            "x/a.tftest.hcl",
        )
        assert shown(".") == kept
        assert shown("b.tfvars") == ["b.tfvars"]

    def test_a_state_that_git_ignores_is_left_out(self) -> None:
        ignore("*.tfstate\n")
        tree("a.tf", "terraform.tfstate", "terraform.tfstate.d/prod/terraform.tfstate")
        assert shown(".") == ["a.tf"]
        assert shown("terraform.tfstate") == ["terraform.tfstate"]

    def test_a_folder_that_is_named(self) -> None:
        tree(".github/h.yml", "a.yaml")
        assert discover([".github"]) == ([Source(".github/h.yml", ".github/h.yml", False)], [])

    @pytest.mark.parametrize(
        "folder",
        [
            ".git",
            ".terraform",
            ".terragrunt-cache",
            "__pycache__",
            "node_modules",
            ".aws-sam/build",
            "cdk.out/asset.1f",
            ".venv",
            "py3",
        ],
    )
    def test_what_tools_keep_is_left_out_unless_it_is_named(self, folder: str) -> None:
        tree(f"x/{folder}/y/a.yaml", "x/b.yaml")
        if folder in (".venv", "py3"):
            tree(f"x/{folder}/pyvenv.cfg")
        assert shown(".") == shown("x") == ["x/b.yaml"]
        assert shown(f"x/{folder}") == [f"x/{folder}/y/a.yaml"]

    def test_other_folders_are_read(self) -> None:
        kept = [
            "build/a.yaml",
            "cdk.out/a.template.json",
            "cdk.out/assembly-x/a.json",
            "asset.1f/a.yaml",
            "venv/a.yaml",
        ]
        tree(*kept)
        assert shown(".") == sorted(kept)

    def test_cdk_out_is_known_when_it_is_here(self, monkeypatch: pytest.MonkeyPatch) -> None:
        tree("cdk.out/asset.1f/a.yaml", "cdk.out/b.json")
        monkeypatch.chdir("cdk.out")
        assert shown(".") == ["b.json"]

    def test_a_link_to_a_folder_is_followed_only_when_named(self) -> None:
        tree("x/a.yaml")
        os.symlink("..", "x/up")
        os.symlink("x", "link.yaml")
        assert shown(".") == ["x/a.yaml"]
        assert shown("link.yaml") == ["link.yaml/a.yaml"]
        assert shown("link.yaml", "x") == shown("x", "link.yaml") == ["x/a.yaml"]

    def test_a_folder_called_like_a_file(self) -> None:
        tree("x.yaml/a.yaml")
        assert shown(".") == ["x.yaml/a.yaml"]

    def test_a_link_to_a_file_is_read_under_its_own_name(self) -> None:
        tree("secret", "../outside/a.json")
        os.symlink("secret", "a.yaml")
        os.symlink("../outside/a.json", "b.json")
        assert shown(".") == ["a.yaml", "b.json"]

    def test_what_is_no_file_is_a_problem(self) -> None:
        tree("x/")
        os.mkfifo("x/pipe.yaml")
        assert problem(".")[0] == "x/pipe.yaml"
        os.unlink("x/pipe.yaml")
        os.symlink("gone", "x/link.yaml")
        assert problem(".") == problem("x")
        assert problem(".")[1].startswith("This link leads to gone")

    def test_what_is_no_file_and_of_no_interest_is_none(self) -> None:
        tree("x/")
        os.mkfifo("x/pipe")
        os.symlink("gone", "link")
        os.symlink("me@here.1", ".#a.yaml")  # Emacs is editing a.yaml
        assert shown(".") == []

    def test_a_name_that_is_no_text(self) -> None:
        name = os.fsdecode(b"caf\xe9.yaml")
        tree(name, "straße.yaml")
        assert shown(".") == ["caf\\udce9.yaml", "straße.yaml"]
        [source] = discover([name])[0]
        assert source == Source("caf\\udce9.yaml", name, True)
        assert os.path.exists(source.file)

    def test_a_deep_tree(self, home: Path) -> None:
        for _ in range(200):
            os.mkdir("d")
            os.chdir("d")
        tree("a.yaml")
        os.chdir(home)
        assert shown(".") == ["d/" * 200 + "a.yaml"]


class TestOnce:
    @pytest.mark.parametrize(
        ("paths", "expected"),
        [
            (["x/a.yaml", "./x/a.yaml", "x", "."], ("x/a.yaml", True)),
            (["x", "./x", "x/../x", "."], ("x/a.yaml", False)),
            ([".", "x/link.yaml"], ("x/link.yaml", True)),
            ([".", "x/a.yaml", "x/link.yaml"], ("x/a.yaml", True)),
            (["folder", "x"], ("x/a.yaml", False)),
            (["folder/a.yaml", "x"], ("folder/a.yaml", True)),
        ],
    )
    def test_whatever_the_order(self, paths: list[str], expected: tuple[str, bool]) -> None:
        tree("x/a.yaml")
        os.symlink("a.yaml", "x/link.yaml")
        os.symlink("x", "folder")
        for order in itertools.permutations(paths):
            [source], problems = discover(order)
            assert (source.path, source.named) == expected
            assert problems == []
            assert os.path.samefile(source.file, "x/a.yaml")

    def test_the_order_of_naming_does_not_count(self) -> None:
        tree("x/b.yaml", "x/a.yaml", "c.yaml", "x.yaml")
        expected = ["c.yaml", "x.yaml", "x/a.yaml", "x/b.yaml"]
        assert shown("x", "x.yaml", "c.yaml") == shown("c.yaml", "x.yaml", "x") == expected


class TestPermissions:
    @pytest.fixture
    def unprivileged(self, tmp_path: Path) -> Iterator[Callable[[], None]]:
        """What gives up the rights of root, to whom nothing is denied."""
        os.chmod(tmp_path / "home", 0o755)
        if os.geteuid() != 0:
            yield lambda: None
            return
        yield lambda: os.seteuid(65534)
        os.seteuid(0)

    def test_a_file(self, unprivileged: Callable[[], None]) -> None:
        tree("a.yaml")
        os.chmod("a.yaml", 0)
        unprivileged()
        assert problem("a.yaml")[0] == "a.yaml"
        assert problem("a.yaml")[1].startswith("Permission denied")

    def test_a_folder(self, unprivileged: Callable[[], None]) -> None:
        tree("x/y/a.yaml", "x/b.yaml")
        os.chmod("x/y", 0)
        unprivileged()
        for path in (".", "x", "x/y"):
            sources, problems = discover([path])
            assert [source.path for source in sources] == ["x/b.yaml"][: path != "x/y"]
            assert [(str(found.at), found.message[:17]) for found in problems] == [
                ("x/y", "Permission denied")
            ]
        assert problem("x/y/a.yaml")[1].startswith("Permission denied")

    def test_the_folder_where_we_are(self, home: Path, unprivileged: Callable[[], None]) -> None:
        os.chmod(home, 0o111)
        unprivileged()
        assert problem(".")[0] == "."

    def test_what_says_which_files_are_ignored(self, unprivileged: Callable[[], None]) -> None:
        tree("x/a.yaml")
        ignore("a.yaml", "x/.gitignore")
        os.chmod("x/.gitignore", 0)
        unprivileged()
        sources, problems = discover(["."])
        assert [source.path for source in sources] == ["x/a.yaml"]
        assert [str(found.at) for found in problems] == ["x/.gitignore"]


class TestIgnored:
    def test_the_nearest_file_decides(self) -> None:
        tree(".git/", "a.yaml", "b.yaml", "x/a.yaml", "x/b.yaml", "x/y/a.yaml", "x/y/b.yaml")
        ignore("a.yaml\n/x/y/b.yaml\n")
        ignore("!a.yaml\nb.yaml\n", "x/.gitignore")
        ignore("a.yaml\n", "x/y/.gitignore")
        assert shown(".") == ["b.yaml", "x/a.yaml"]

    def test_what_is_in_an_ignored_folder_stays_out(self) -> None:
        tree("x/a.yaml", "y/x/a.yaml")
        ignore("x/\n!x/a.yaml\n")
        ignore("!*\n", "x/.gitignore")
        assert shown(".") == []

    def test_a_folder_below_hears_the_repository(self, monkeypatch: pytest.MonkeyPatch) -> None:
        tree(".git/", "x/y/a.yaml", "x/y/b.yaml", "x/y/c.yaml", "x/y/d.yaml")
        ignore("a.yaml\n!d.yaml\n")
        ignore("/y/b.yaml\n", "x/.gitignore")
        ignore("d.yaml\nx/y/c.yaml\n", ".git/info/exclude")
        assert shown(".") == shown("x") == shown("x/y") == ["x/y/d.yaml"]
        monkeypatch.chdir("x/y")
        assert shown(".") == shown("..") == ["d.yaml"]

    def test_without_a_repository_only_what_is_in_the_named_folder_counts(self) -> None:
        tree("x/a.yaml", "x/b.yaml")
        ignore("a.yaml\n")
        ignore("b.yaml\n", "x/.gitignore")
        assert shown(".") == []
        assert shown("x") == ["x/a.yaml"]

    def test_a_repository_in_a_repository_hears_only_itself(self) -> None:
        tree(".git/", "x/.git", "x/a.yaml", "x/b.yaml", "x/y/a.yaml")
        ignore("a.yaml\n")
        ignore("b.yaml\n", "x/.gitignore")
        assert shown(".") == shown("x") == ["x/a.yaml", "x/y/a.yaml"]
        assert shown("x/y") == ["x/y/a.yaml"]

    @pytest.mark.parametrize(
        "link", ["gitdir: ../main/.git/worktrees/x\n", "gitdir: {home}/main/.git/worktrees/x"]
    )
    def test_the_excludes_of_a_worktree_are_in_the_main_one(self, link: str, home: Path) -> None:
        tree("main/.git/worktrees/x/", "x/a.yaml", "x/b.yaml")
        ignore(link.format(home=home), "x/.git")
        ignore("../..\n", "main/.git/worktrees/x/commondir")
        ignore("a.yaml\n", "main/.git/info/exclude")
        assert shown("x") == ["x/b.yaml"]

    def test_a_named_file_is_read(self) -> None:
        tree(".git/", "x/a.yaml")
        ignore("x/\n*.yaml\n")
        assert shown("x/a.yaml") == ["x/a.yaml"]
        assert discover([".", "x/a.yaml"]) == ([Source("x/a.yaml", "x/a.yaml", True)], [])

    @pytest.mark.parametrize(
        "patterns", ["x/", "/x", "x/y", "x/*", "x/**", "*", "x/y/*\n!x/y/.keep", "**/y/**"]
    )
    def test_a_named_folder_is_read(self, patterns: str) -> None:
        tree(".git/", "x/y/a.yaml", "x/y/z/b.yaml", "x/y/z/c.yaml")
        ignore(patterns)
        ignore("c.yaml\n", "x/y/z/.gitignore")
        assert shown(".") == []
        assert shown("x/y") == ["x/y/a.yaml", "x/y/z/b.yaml"]

    def test_a_named_folder_that_ignores_itself_is_read(self) -> None:
        tree(".git/", "x/a.yaml", "x/y/b.yaml")
        ignore("*\n!.gitignore\n", "x/.gitignore")
        assert shown(".") == []
        assert shown("x") == ["x/a.yaml", "x/y/b.yaml"]

    def test_an_exception_to_what_is_ignored_holds_in_a_named_folder(self) -> None:
        tree(".git/", "x/a.yaml", "x/y/b.yaml")
        ignore("x/*\n!x/y/\n")
        assert shown(".") == shown("x") == ["x/y/b.yaml"]
        ignore("*.yaml\n!.json\n")
        assert shown("x") == []

    def test_a_named_folder_is_read_without_what_is_ignored_in_it(self) -> None:
        tree(".git/", "x/a.yaml", "x/b.json", "x/y/c.yaml")
        ignore("*.json\n/x/y/\n")
        assert shown("x") == ["x/a.yaml"]

    def test_only_what_is_allowed(self) -> None:
        tree(".git/", "a.yaml", "b.json", "x/a.yaml", "x/b.json")
        ignore("*\n!*/\n!*.yaml\n")
        assert shown(".") == ["a.yaml", "x/a.yaml"]
        assert shown("x") == ["x/a.yaml"]

    @pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("patterns", path)])
    def test_what_is_no_file_says_nothing(self, make: Callable[[str], None]) -> None:
        tree(".git/", "x/a.yaml")
        ignore("a.yaml\n", "x/patterns")
        make("x/.gitignore")
        make(".gitignore")
        assert shown(".") == shown("x") == ["x/a.yaml"]

    def test_a_pipe_in_place_of_git_is_not_opened(self) -> None:
        tree("x/y/a.yaml")
        os.mkfifo("x/.git")
        assert shown(".") == shown("x/y") == ["x/y/a.yaml"]
        os.unlink("x/.git")
        ignore("gitdir: y", "x/.git")
        os.mkfifo("x/y/commondir")
        assert shown(".") == ["x/y/a.yaml"]

    def test_a_huge_list_is_read_in_part(self) -> None:
        tree("a.yaml", "b.yaml")
        ignore("b.yaml\n" + "#" * (256 * 1024 - len("b.yaml\n\n*.yaml")) + "\n*.yaml.bak\n")
        assert shown(".") == ["a.yaml"]


class TestCost:
    @pytest.mark.parametrize("patterns", ["", "name/\n*.ext\n/a/path\n"])
    def test_little_is_imported(self, patterns: str) -> None:
        tree("a.yaml", "x/b.yaml", "name")
        ignore(patterns)
        heavy = ("dataclasses", "fnmatch", "glob", "pathlib", "subprocess")
        code = (
            "import sys, msgspec; sys.modules.pop('re', None); before = set(sys.modules)\n"
            "from s3audit.discover import discover\n"
            "sources, problems = discover(['.'])\n"
            "assert len(sources) == 2 and not problems\n"
            f"print(sorted(({{*sys.modules}} - before) & {{*{heavy}, 're', 'typing_extensions'}}))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
        assert done.stdout == b"[]\n"

    def test_many_files_take_little_more_than_to_list_them(self) -> None:
        for number in range(200):
            tree(*(f"team{number % 20}/service{number}/template{count}.yaml" for count in range(25)))
        ignore(
            "".join(f"name{number}/\n*.ext{number}\n" for number in range(20)) + "*.py[cod]\n/docs/**/out\n"
        )

        def cost(function: Callable[[], object]) -> float:
            start = time.process_time()
            function()
            return time.process_time() - start

        pairs = [(cost(lambda: discover(["."])), cost(lambda: list(os.walk(".")))) for _ in range(5)]
        assert min(ours / theirs for ours, theirs in pairs) < 12  # it is about 5
        assert len(shown(".")) == 5000


FOLDERS = ["", "a/", "a/b/", "b/", "b/a/", "a/b/c/"]
FILES = [folder + name for folder in FOLDERS for name in ("a.yaml", "b.yaml", "ab.json", "é.yaml")]
PIECES = st.sampled_from(
    ["a", "b", "c", ".yaml", ".json", "*", "**", "/", "/", "?", "[ab]", "[!a]", "\\", " ", "é"]
)
WHOLE = st.sampled_from(
    ["a/", "/a", "b", "*", "*/", "a/*", "a/**", "**/a", "*.yaml", "a.yaml", "/b/", "a/b/", "*b*"]
)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "!"]), st.one_of(WHOLE, st.lists(PIECES, min_size=1, max_size=5).map("".join))
    ).map("".join),
    max_size=4,
).map("\n".join)


def git(*arguments: str) -> str:
    """What git answers without any setting of the person or machine that runs the tests."""
    found = shutil.which("git")
    if not found:
        pytest.skip("git is not installed, and what it ignores is what ours is compared with")
    environment = {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "HOME": os.getcwd(),
        "LC_ALL": "C",
    }
    return subprocess.run(
        [found, *arguments], capture_output=True, env=environment, check=True, encoding="utf-8"
    ).stdout


def test_git_agrees(home: Path) -> None:
    git("init", "--quiet")
    git("config", "core.ignorecase", "false")
    tree(*FILES)

    @given(st.dictionaries(st.sampled_from([*FOLDERS, ".git/info/"]), LINES, min_size=1))
    @settings(max_examples=settings().max_examples)
    def agree(patterns: dict[str, str]) -> None:
        for folder in FOLDERS:
            ignore(patterns.get(folder, ""), f"{folder}.gitignore")
        ignore(patterns.get(".git/info/", ""), ".git/info/exclude")
        listed = git("ls-files", "--others", "--exclude-standard", "-z").split("\0")
        theirs = sorted(set(listed) & set(FILES))
        assert shown(".") == theirs
        for folder in FOLDERS[1:]:
            # A folder in which git sees nothing is read when it is named.
            if inside := [path for path in theirs if path.startswith(folder)]:
                assert shown(folder) == inside

    agree()
