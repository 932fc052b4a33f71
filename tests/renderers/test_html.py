"""The page: what it says, that it is inert, and that it can be read by everyone."""

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from s3audit.check import Fix
from s3audit.finding import STATUSES, Input, Report, Subject
from s3audit.location import NOWHERE, Location
from s3audit.problem import Problem
from s3audit.renderers import render
from s3audit.verdict import Severity
from tests.renderers.samples import (
    AT_LOGS,
    FINDINGS,
    LOGS,
    PROBLEMS,
    at,
    check,
    everything,
    finding,
    report,
    sheet,
)

VOID = {"br", "meta", "path", "circle", "rect", "use"}
BLOCKS = {"h1", "h2", "h3", "h4", "p", "li", "tr", "caption", "pre", "summary", "footer"}
EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'` {{ 7 * 7 }}\u202e\u2028<!--"


class Page(HTMLParser):
    """The tags of a page, their attributes, and its text, a line for each block."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag in BLOCKS:
            self.text += "\n"
        elif tag in ("td", "th") and not self.text.endswith("\n"):
            self.text += " | "
        elif tag == "br":
            self.text += " "

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.text += "\n" if tag in BLOCKS else ""

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data if "pre" in self.open else data.strip("\n").replace("\n", " ")

    @property
    def lines(self) -> list[str]:
        return [row.rstrip() for row in self.text.split("\n") if row.strip()]


def page(given: Report) -> Page:
    return Page(render("html", given, sheet()))


def test_what_it_says() -> None:
    given = report(problems=PROBLEMS, inputs=[Input("shop.yaml", "cloudformation", 2)])
    lines = page(given).lines
    start = lines.index("3 findings in 2 resources")
    assert (
        lines[start:]
        == """\
3 findings in 2 resources
Read from 1 file, judged by 4 checks. Severity medium and above counts as a finding; 1 below that is left out.
Summary
All answers: 1 critical, 1 high, 1 medium, 1 low, 1 unknown, 1 passed, 1 not applicable
1  critical
1  high
1  medium
0  error
1  unknown
0  suppressed
1  passed
1  not applicable
Add unknown to --show to read why 1 could not be decided.
What could not be seen
unreadable broken.yaml:9:1: no YAML: a tab where spaces are expected
partial: ap-south-2 was not asked: it is not enabled
Findings
What is not as it should be, by what was judged.
What was judged, the worst first
Subject | Input |  critical |  high |  medium
Bucket Photos (Resources.Photos) | shop.yaml | 1 | 0 | 0
Bucket Logs (Resources.Logs) | shop.yaml | 0 | 1 | 1
Bucket Photos (Resources.Photos)
 critical access-public-read
Everyone may read the objects of Photos
Only when Env is dev.
shop.yaml:10:22: grants READ to AllUsers
    Properties:
      AccessControl: PublicRead
      VersioningConfiguration:
Why it matters, and how to fix it
No stranger can read the bucket.
What is in a public bucket is found within hours.
Fix in CloudFormation
Remove AccessControl.
Bucket Logs (Resources.Logs)
 high logging-loop
The access logs of Logs are written to Logs
shop.yaml:6:7: no DestinationBucketName: S3 logs to the bucket itself
    Properties:
      LoggingConfiguration: {}
  Photos:
shop.yaml:3:3: the bucket that is logged
Resources:
  Logs:
    Type: AWS::S3::Bucket
Why it matters, and how to fix it
Access logs do not come back to the bucket they describe.
Each delivery is itself a request.
So the bucket grows for ever, and the bill with it.
Fix in CloudFormation
LoggingConfiguration:
  DestinationBucketName: !Ref AccessLogs
The other bucket must not log here.
 medium versioning-enabled
Versioning was never enabled
shop.yaml:3:3: no versioning
Resources:
  Logs:
    Type: AWS::S3::Bucket
Why it matters, and how to fix it
Versioning is enabled.
Without it nothing brings an object back.
Fix in CloudFormation
VersioningConfiguration:
  Status: Enabled
What was checked
Every check, and how often it gave which answer, listed above or not
Check | Severity | Failed | Unknown | Passed | Not applicable
access-public-read No stranger can read the bucket |  critical | 1 | 0 | 1 | 0
encryption-kms Objects are encrypted with a key of yours |  low | 1 | 0 | 0 | 0
logging-loop Access logs do not come back to the bucket they describe |  high | 1 | 0 | 0 | 1
versioning-enabled Versioning is enabled |  medium | 1 | 1 | 0 | 0
What was read
Each input, and how many resources were found in it
Input | Kind | Resources
shop.yaml | cloudformation | 2
Made by s3audit 0.1.0. This page has no script and loads nothing. s3audit explain ID tells more about a check.
""".splitlines()
    )


PAGES = [
    report(problems=PROBLEMS),
    everything(report(problems=PROBLEMS)),
    report([], inputs=[], checks=[]),
    everything(report([finding("no-such-check", "fail", Subject("", "", "", ""), "")])),
]


@pytest.mark.parametrize("given", PAGES)
def test_nothing_runs_and_nothing_is_loaded(given: Report) -> None:
    text = render("html", given, sheet())
    shown = Page(text)
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    [policy] = [a["content"] for _, a in shown.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert text.index("Content-Security-Policy") < text.index("<style>")
    assert not re.search(r"url\(|@import|https?:", text)
    for tag, attributes in shown.tags:
        assert tag not in {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "src")]
        assert attributes.get("href", "#").startswith("#")


@pytest.mark.parametrize("given", PAGES)
def test_it_can_be_read_by_everyone(given: Report) -> None:
    shown = page(given)
    tags = shown.tags
    assert ("html", {"lang": "en"}) in tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = Counter(attributes["id"] for _, attributes in tags if "id" in attributes)
    assert set(ids.values()) == {1}
    for _, attributes in tags:
        for target in (attributes.get("href", "")[1:], attributes.get("aria-labelledby", "")):
            assert not target or target in ids
    count = Counter(tag for tag, _ in tags)
    assert count["table"] == count["caption"] == count["thead"]
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")
    [skip] = [attributes for tag, attributes in tags if tag == "a" and attributes.get("class") == "skip"]
    assert skip["href"] == "#main"


def test_hostile_names_are_inert() -> None:
    who = Subject(EVIL, EVIL, EVIL, EVIL)
    bad = check("logging", "loop", EVIL, Severity.HIGH, EVIL, Fix(EVIL, EVIL, EVIL, EVIL))
    found = [
        finding(name, status, who, EVIL, (Location(EVIL, EVIL, 1, 1, 1, 9), EVIL), when=(EVIL,))
        for name in ("logging-loop", EVIL)
        for status in STATUSES
    ]
    given = everything(
        report(
            found,
            [Problem(NOWHERE, "partial", EVIL), Problem(Location(EVIL), "unreadable", EVIL)],
            [Input(EVIL, EVIL, 1)],
            checks=[bad],
        )
    )
    text = render("html", given, sheet({EVIL: f"{EVIL}\n{EVIL}"}))
    plain = render("html", everything(report(FINDINGS)), sheet())
    shown, known = Page(text), Page(plain)
    assert {tag for tag, _ in shown.tags} <= {tag for tag, _ in known.tags}
    assert {name for _, a in shown.tags for name in a} <= {name for _, a in known.tags for name in a}
    assert "\u202e" not in text
    assert "\u2028" not in text
    assert r"\u202e\u2028" in shown.text
    assert "{{ 7 * 7 }}" in shown.text


def test_the_place_is_marked_and_long_lines_are_cut() -> None:
    code = "\ta: '<b>'\n" + "x" * 1000 + "HERE" + "y" * 1_000_000
    places = [(at(1, 2, 3, source="x.yaml"), "one"), (at(2, 1001, 1005, source="x.yaml"), "two")]
    found = finding("logging-loop", "fail", LOGS, "m", *places)
    text = render("html", report([found]), sheet({"x.yaml": code}))
    rows = re.findall(r'data-line="([0-9]+)">(.*?)\n</span>', text)
    assert rows == [
        ("1", "    <mark>a</mark>: &#39;&lt;b&gt;&#39;"),
        ("2", "x" * 160 + "…"),
        ("1", "    a: &#39;&lt;b&gt;&#39;"),
        ("2", f"…{'x' * 160}<mark>HERE</mark>{'y' * 160}…"),
    ]


def test_several_lines_are_marked_each_without_its_indentation() -> None:
    place = Location("shop.yaml", "", 4, 5, 6, 27)
    text = render("html", report([finding("logging-loop", "fail", LOGS, "m", (place, "all of it"))]), sheet())
    assert re.findall(r'data-line="([0-9]+)">(.*?)\n</span>', text) == [
        ("3", "  Logs:"),
        ("4", "    <mark>Type: AWS::S3::Bucket</mark>"),
        ("5", "    <mark>Properties:</mark>"),
        ("6", "      <mark>LoggingConfiguration</mark>: {}"),
        ("7", "  Photos:"),
    ]


def test_backticks_are_code() -> None:
    found = finding("logging-loop", "fail", LOGS, "Set `<Status>`", (AT_LOGS, "a ` alone"))
    text = render("html", report([found]), sheet())
    assert "<h4>Set <code>&lt;Status&gt;</code></h4>" in text
    assert "a ` alone" in text


def test_the_worst_subject_stands_first() -> None:
    one, two, three = (Subject("shop.yaml", name, "bucket", name) for name in ("one", "two", "three"))
    found = [
        finding("versioning-enabled", "fail", one, "m"),
        finding("versioning-enabled", "fail", two, "m"),
        finding("versioning-enabled", "fail", two, "n"),
        finding("logging-loop", "fail", three, "m"),
    ]
    text = render("html", report(found), sheet())
    assert re.findall(r'<h3 id="subject-[0-9]+">(.*?)</h3>', text) == [
        "Bucket three",
        "Bucket two",
        "Bucket one",
    ]


def test_a_place_that_tells_several_things_is_shown_once() -> None:
    call = Location("arn:aws:s3:::logs", call="s3:GetPublicAccessBlock")
    found = finding(
        "logging-loop", "fail", LOGS, "One is off; two is off", (call, "one is off"), (call, "two is off")
    )
    assert page(report([found])).text.count("(s3:GetPublicAccessBlock)") == 1
    noted = finding("logging-loop", "fail", LOGS, "m", (call, "one"), (call, "other"))
    assert page(report([noted])).text.count("(s3:GetPublicAccessBlock)") == 2
