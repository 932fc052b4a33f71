"""Where code scanning shows a result, and by what it knows it again."""

from pathlib import Path

import pytest

from s3audit.finding import Subject
from s3audit.location import Location
from tests.renderers.samples import AT_LOGS, LOGS, PHOTOS, at, finding, sheet
from tests.renderers.sarif_log import region, results


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("shop.yaml", "shop.yaml"),
        ("./a/../b/shop.yaml", "b/shop.yaml"),
        ("../elsewhere/shop.yaml", "elsewhere/shop.yaml"),
        ("/somewhere/else/shop.yaml", "somewhere/else/shop.yaml"),
        ("a b/c:d/é%?#.yaml", "a%20b/c%3Ad/%C3%A9%25%3F%23.yaml"),
        ("https://example.com/x.yaml", "https%3A/example.com/x.yaml"),
        ("caf\udce9.yaml", "caf%E9.yaml"),
        ("\ud800.yaml", "%5Cud800.yaml"),
        ("arn:aws:s3:::photos", "aws/aws/-/-/s3/photos.json"),
        (
            "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/a",
            "aws/aws-cn/123456789012/cn-north-1/s3/accesspoint/a.json",
        ),
        ("arn:aws:s3:::../..", "aws/aws/-/-/s3/-/-.json"),
        ("arn:broken", "aws/unknown.json"),
        ("-", "-"),
        ("..", "aws/unknown.json"),
        ("", "aws/unknown.json"),
    ],
)
def test_a_uri_is_relative(source: str, uri: str) -> None:
    place = Location(source, "", 1, 1, 1, 2)
    found = finding("logging-loop", "fail", Subject("", "a", "bucket", "a"), "m", (place, "n"))
    [result] = results(found)
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_an_absolute_path_below_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = Location(str(tmp_path / "deep" / "x.yaml"), "", 1, 1, 1, 2)
    [result] = results(finding("logging-loop", "fail", LOGS, "m", (place, "n")))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "deep/x.yaml"


@pytest.mark.parametrize(
    ("place", "columns"),
    [
        (at(1, 4, 9), (5, 11)),
        (at(1, 1, 2), (1, 2)),
        (at(1, 4, 4), (5, 6)),
        (at(1, 4, 0), (5, 19)),
        (Location("x.yaml", "", 1, 4, 2, 3), (5, 19)),
        (Location("x.yaml", "", 1), (1, 19)),
        (at(2, 2, 99), (2, 99)),
        (at(7, 5, 9), (5, 9)),
        (Location("x.yaml"), (1, 2)),
    ],
)
def test_columns_are_utf16_and_regions_narrow(place: Location, columns: tuple[int, int]) -> None:
    text = "a😀: 日😀bcd # more\n  second\n"
    given = Location("x.yaml", "", place.line, place.column, place.end_line, place.end_column)
    [result] = results(finding("logging-loop", "fail", LOGS, "m", (given, "")), on=sheet({"x.yaml": text}))
    assert result["locations"][0]["physicalLocation"]["region"] == region(place.line or 1, *columns)


def test_instances_at_one_place_are_one_result() -> None:
    subjects = [Subject("shop.yaml", f"R.B{n}", "bucket", f"B{n}") for n in (1, 2, 3)]
    found = [finding("logging-loop", "fail", subject, "Loops", (AT_LOGS, "x")) for subject in subjects]
    [result] = results(*found)
    assert result["message"]["text"] == "B1: Loops: x. The same holds for B2, B3."
    assert result["properties"]["instances"] == [f.fingerprint for f in found]
    logical = [place["fullyQualifiedName"] for place in result["locations"][0]["logicalLocations"]]
    assert logical == ["R.B1", "R.B2", "R.B3"]


def test_two_places_on_one_line_stay_two_alerts() -> None:
    first, second = results(
        finding("logging-loop", "fail", LOGS, "m", (at(3, 3, 5), "")),
        finding("logging-loop", "fail", PHOTOS, "m", (at(3, 6, 7), "")),
    )
    assert first["partialFingerprints"]["primaryLocationLineHash"] == "fa292f4284503bf1:1"
    assert second["partialFingerprints"]["primaryLocationLineHash"] == f"{second_fingerprint()}:1"


def second_fingerprint() -> str:
    return finding("logging-loop", "fail", PHOTOS, "").fingerprint[:16]


def test_what_stands_in_no_file_is_told_apart_by_its_subject() -> None:
    subjects = [Subject(f"arn:aws:s3:::{n}", f"arn:aws:s3:::{n}", "bucket", n) for n in "ab"]
    found = results(*(finding("logging-loop", "fail", subject, "Loops") for subject in subjects))
    uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in found]
    assert uris == ["aws/aws/-/-/s3/a.json", "aws/aws/-/-/s3/b.json"]
    assert len({r["partialFingerprints"]["primaryLocationLineHash"] for r in found}) == 2
