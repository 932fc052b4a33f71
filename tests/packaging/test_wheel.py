"""What lands in an environment, from a wheel, from a source archive and from an editable install."""

import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.xdist_group("packaging")


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(kind: str, source: Path, into: Path) -> Path:
    """A `wheel`, an `editable` wheel or an `sdist` of the source tree, without a network."""
    into.mkdir()
    backend = f"import hatchling.build as b, sys; b.build_{kind}(sys.argv[1])"
    run(sys.executable, "-c", backend, str(into), cwd=source)
    [built] = into.iterdir()
    return built


def files_of(wheel: Path) -> set[str]:
    return {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")}


def sources(folder: str) -> set[str]:
    """The files under a top-level folder, by their paths in it."""
    return {
        str(path.relative_to(ROOT / folder).as_posix())
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def under(prefix: str, names: set[str]) -> set[str]:
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}


class Environment:
    """A new environment with one wheel in it, which sees our dependencies."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=ROOT)
        scripts = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python, self.command = scripts / "python", scripts / "s3audit"
        where = "import sysconfig; print(sysconfig.get_path('purelib'))"
        self.packages = Path(run(self.python, "-c", where, cwd=folder).strip())
        before = {path.name for path in self.packages.iterdir()}
        install: list[str | Path] = [
            "pip",
            "--python",
            self.python,
            "--isolated",
            "--disable-pip-version-check",
            "install",
            "--no-index",
            "--no-deps",
            "-q",
        ]
        run(sys.executable, "-m", *install, wheel, cwd=folder)
        self.added = {path.name for path in self.packages.iterdir()} - before
        # Read after what is installed here, so the s3audit of the running environment stays hidden.
        dependencies = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
        (self.packages / "dependencies.pth").write_text("\n".join(dependencies), encoding="utf-8")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("build") / "wheel")


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("installed") / "env", wheel)


@pytest.fixture(scope="session")
def editable(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    folder = tmp_path_factory.mktemp("editable")
    return Environment(folder / "env", build("editable", ROOT, folder / "wheel"))


def checks_listed(*command: str | Path, cwd: Path) -> list[str]:
    return [check["id"] for check in json.loads(run(*command, "checks", "-f", "json", cwd=cwd))["checks"]]


def place_of_checks(environment: Environment, cwd: Path) -> Path:
    where = "import s3audit.checks; print(s3audit.checks.__path__[-1])"
    return Path(run(environment.python, "-c", where, cwd=cwd).strip())


def test_only_our_package_is_installed(installed: Environment) -> None:
    [metadata] = installed.added - {"s3audit"}
    assert metadata.startswith("s3audit-")
    assert metadata.endswith(".dist-info")


def test_the_wheel_holds_every_check_and_template(installed: Environment, wheel: Path) -> None:
    names = files_of(wheel)
    assert sources("checks")
    assert under("s3audit/checks/", names) == sources("checks") | {"__init__.py"}
    assert under("s3audit/reports/", names) == sources("reports") | {"__init__.py"}
    assert "s3audit/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    on_disk = {path.relative_to(installed.packages).as_posix() for path in installed.packages.rglob("*")}
    assert names - on_disk == set()


def test_installed_modules_are_compiled(installed: Environment) -> None:
    package = installed.packages / "s3audit"
    assert list(package.glob("__pycache__/__main__.*.pyc"))
    for topic in {path.parent for path in (package / "checks").glob("*/*.py")}:
        assert list(topic.glob("__pycache__/*.pyc")), topic


def test_a_source_archive_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    archive = build("sdist", ROOT, tmp_path / "archive")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    rebuilt = build("wheel", tmp_path / archive.name.removesuffix(".tar.gz"), tmp_path / "wheel")
    assert files_of(rebuilt) == files_of(wheel)


def test_a_wheel_and_the_source_tree_list_the_same_checks(installed: Environment, tmp_path: Path) -> None:
    from_wheel = checks_listed(installed.command, cwd=tmp_path)
    assert from_wheel == checks_listed(sys.executable, "-m", "s3audit", cwd=ROOT)
    assert len(from_wheel) > 1
    assert place_of_checks(installed, tmp_path) == installed.packages / "s3audit" / "checks"


def test_frameworks_are_found_in_both_layouts(
    installed: Environment, editable: Environment, tmp_path: Path
) -> None:
    there = {name for name in sources("checks") if name.startswith("frameworks/")}
    for environment in (installed, editable):
        told = json.loads(run(environment.command, "frameworks", "-f", "json", cwd=tmp_path))
        assert {f"frameworks/{one['id']}.yaml" for one in told["frameworks"]} == there


def test_the_module_and_the_command_are_one(installed: Environment, tmp_path: Path) -> None:
    from_command = run(installed.command, "--version", cwd=tmp_path)
    assert from_command == run(installed.python, "-m", "s3audit", "--version", cwd=tmp_path)


def test_templates_are_found_in_both_layouts(
    installed: Environment, editable: Environment, tmp_path: Path
) -> None:
    where = "import os, s3audit.reports as r; print(*sorted(os.listdir(r.templates())), sep='\\n')"
    templates = {
        name.removeprefix("templates/") for name in sources("reports") if name.startswith("templates/")
    }
    for environment in (installed, editable):
        assert set(run(environment.python, "-c", where, cwd=tmp_path).splitlines()) - {"__pycache__"} == {
            name.partition("/")[0] for name in templates
        }


def test_other_folders_named_checks_are_left_alone(installed: Environment, tmp_path: Path) -> None:
    stranger, project = installed.packages / "checks", installed.packages / "pyproject.toml"
    stranger.mkdir()
    project.write_text('[project]\nname = "stranger"\n', encoding="utf-8")
    try:
        assert place_of_checks(installed, tmp_path) == installed.packages / "s3audit" / "checks"
    finally:
        stranger.rmdir()
        project.unlink()


def test_an_editable_install_copies_nothing(editable: Environment, tmp_path: Path) -> None:
    assert not [path for path in editable.packages.rglob("*") if path.match("s3audit/**/*.py")]
    assert "s3audit" not in editable.added
    assert place_of_checks(editable, tmp_path) == ROOT / "checks"


def test_an_editable_install_lists_the_checks_of_the_tree(editable: Environment, tmp_path: Path) -> None:
    assert checks_listed(editable.command, cwd=tmp_path) == checks_listed(
        sys.executable, "-m", "s3audit", cwd=ROOT
    )


def test_the_version_stands_in_one_place(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        lines = io.TextIOWrapper(archive.open(name), encoding="utf-8").read().splitlines()
    where = "import s3audit; print(s3audit.__version__)"
    assert f"Version: {run(sys.executable, '-c', where, cwd=ROOT).strip()}" in lines
