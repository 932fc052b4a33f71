"""What holds for every format: it survives anything, it is the same each time, and it starts at once."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3audit.finding import STATUSES, Accepted, Finding, Input, Report, Subject
from s3audit.location import Location
from s3audit.problem import Problem
from s3audit.renderers import FORMATS, render
from s3audit.verdict import Evidence, Severity
from tests.profile import examples
from tests.renderers.samples import CHECKS, SHOP, finding, report, sheet

ROOT = Path(__file__).parents[2]

MARKS = st.sampled_from("\n\r\t`|<>&\"'[](){}@#*\\\u202e\x1b\ud800")
TEXTS = st.text(st.one_of(st.characters(), MARKS), max_size=20)
ACCOUNT, ARN = "123456789012", "arn:aws:s3:::a"
NAMES = st.one_of(TEXTS, st.sampled_from(["shop.yaml", ARN, ACCOUNT, "a/../b", "/abs/x.yaml", ""]))
NUMBERS = st.one_of(st.integers(0, 20), st.sampled_from([0, 1, 10**9]))
PLACES = st.builds(Location, NAMES, TEXTS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, TEXTS)
SEVERITIES = st.sampled_from(Severity)
FINDINGS = st.builds(
    Finding,
    st.one_of(st.sampled_from([check.id for check in CHECKS]), TEXTS),
    st.sampled_from(STATUSES),
    SEVERITIES,
    st.one_of(
        st.builds(Subject, NAMES, NAMES, TEXTS, TEXTS),
        st.builds(Subject, st.just(ACCOUNT), st.just(ARN), TEXTS, TEXTS, st.just("live"), TEXTS),
    ),
    st.lists(st.builds(Evidence, PLACES, TEXTS), max_size=4).map(tuple),
    st.lists(TEXTS, max_size=2).map(tuple),
    TEXTS,
    accepted=st.one_of(st.none(), st.builds(Accepted, PLACES, TEXTS, TEXTS, TEXTS)),
)
KINDS = st.sampled_from(["unreadable", "partial", "ambiguous", "crash", "empty"])
PROBLEMS = st.builds(Problem, PLACES, KINDS, TEXTS)
REPORTS = st.builds(
    Report,
    tool_version=TEXTS,
    checks=st.sampled_from([CHECKS, CHECKS[:1], ()]),
    inputs=st.lists(st.builds(Input, NAMES, TEXTS, st.integers(0, 3)), max_size=2).map(tuple),
    problems=st.lists(PROBLEMS, max_size=2).map(tuple),
    findings=st.lists(FINDINGS, max_size=4).map(tuple),
    threshold=SEVERITIES,
    show=st.frozensets(st.sampled_from(STATUSES)),
)


@pytest.mark.parametrize("format_name", FORMATS)
@settings(max_examples=examples(40))
@given(given_report=REPORTS, source=TEXTS, width=st.integers(0, 120), color=st.booleans())
def test_it_survives_anything(
    format_name: str, given_report: Report, source: str, width: int, color: bool
) -> None:
    on = sheet({"shop.yaml": SHOP, "": source, "x": source * 50}, color=color, width=width)
    text = render(format_name, given_report, on)
    assert text.encode().endswith(b"\n")
    assert "\u202e" not in text
    assert "\x1b" not in text.replace("\x1b[", "") if color else "\x1b" not in text


@pytest.mark.parametrize("format_name", sorted(FORMATS.keys() - {"asff"}))  # which tells of no file
def test_a_file_name_that_is_no_utf8(format_name: str) -> None:
    name = "caf\udce9.yaml"
    who = Subject(name, "R", "bucket", "B")
    found = finding("logging-loop", "fail", who, "m", (Location(name, "R", 1, 1), "n"))
    text = render(format_name, report([found]), sheet())
    assert ("caf%E9.yaml" if format_name == "sarif" else "udce9.yaml") in text


PROGRAM = """
import sys
from tests.renderers.samples import PROBLEMS, everything, report, sheet
before = set(sys.modules)
from s3audit.renderers import render
text = render(sys.argv[1], everything(report(problems=PROBLEMS)), sheet(color=True))
print(*sorted(set(sys.modules) - before), sep=",", flush=True)
sys.stdout.buffer.write(text.encode())
"""


def run(format_name: str, seed: str) -> tuple[set[str], bytes]:
    """The modules that a format loads, and what it writes."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, format_name],
        cwd=ROOT,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    loaded, _, text = done.stdout.partition(b"\n")
    return set(loaded.decode().split(",")), text


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_same_report_gives_the_same_bytes(format_name: str) -> None:
    assert run(format_name, "1")[1] == run(format_name, "2")[1]


def test_text_and_json_load_next_to_nothing() -> None:
    ours = {f"s3audit.renderers.{name}" for name in ("clean", "frame", "summary", "text")}
    assert run("text", "0")[0] == {"s3audit.renderers", *ours}
    heavy = {"json", "jinja2", "hashlib", "textwrap", "dataclasses", "unicodedata", "urllib.parse"}
    assert not run("json", "0")[0] & (heavy - {"hashlib"})  # which the fingerprint needs
