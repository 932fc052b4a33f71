"""Where installed modules lie."""

import json

import pytest

from s3audit.collectors.documents.files import File, Options
from s3audit.collectors.terraform.modules.installed import installed

INDEX = {
    "Modules": [
        {"Key": "", "Source": "", "Dir": "."},
        {
            "Key": "logs",
            "Source": "registry.terraform.io/a/b/c",
            "Version": "5.0.0",
            "Dir": ".terraform/modules/logs",
        },
        {"Key": "logs.inner", "Source": "./modules/x", "Dir": ".terraform/modules/logs/modules/x"},
        {"Key": "site", "Source": "../site", "Dir": "../site"},
        {"Key": "win", "Source": "a/b/c", "Dir": ".terraform\\modules\\win"},
    ]
}


def options(files: dict[str, str]) -> Options:
    def fetch(path: str) -> File | None:
        return File(path, files[path].encode(), path) if path in files else None

    return Options({}, False, 1000, fetch)


@pytest.mark.parametrize(
    ("folder", "prefix", "beside"), [("x/y", "x/y/", "x/site"), (".", "", "../site"), ("", "", "../site")]
)
def test_the_folders_by_the_calls_that_lead_to_them(folder: str, prefix: str, beside: str) -> None:
    path = "x/y/.terraform/modules/modules.json"
    files = {path.replace("x/y/", {"x/y": "x/y/", ".": "./", "": ""}[folder]): json.dumps(INDEX)}
    assert installed(folder, options(files)) == {
        "logs": f"{prefix}.terraform/modules/logs",
        "logs.inner": f"{prefix}.terraform/modules/logs/modules/x",
        "site": beside,
        "win": f"{prefix}.terraform/modules/win",
    }


def test_nothing_is_installed_before_init() -> None:
    assert installed("x", options({})) == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"Modules": {}}',
        '{"Modules": [{"Key": "a"}]}',
        '{"Modules": [{"Key": 1, "Dir": "b"}]}',
        '{"Modules": ' + "[" * 100_000,
    ],
)
def test_an_index_that_is_none(text: str) -> None:
    assert installed("x", options({"x/.terraform/modules/modules.json": text})) == {}
