"""What stands in a step summary or a pull request."""

import re

from s3audit.check import Fix
from s3audit.finding import Input, Subject
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


def test_a_report() -> None:
    assert (
        render("markdown", report(problems=PROBLEMS), sheet())
        == """\
## s3audit: 3 findings (1 critical, 1 high, 1 medium)

1 below medium hidden · 1 unknown · 1 passed · 1 not applicable · 0 suppressed · 0 errors in 1 file, \
2 resources

Add `unknown` to `--show` to read why 1 could not be decided.

| Severity | Check | Subject | Place | Message |
| --- | --- | --- | --- | --- |
| critical | `access-public-read` | bucket Photos | `shop.yaml:10:22` | Everyone may read the objects of \
Photos (when Env is dev) |
| high | `logging-loop` | bucket Logs | `shop.yaml:6:7` | The access logs of Logs are written to Logs |
| medium | `versioning-enabled` | bucket Logs | `shop.yaml:3:3` | Versioning was never enabled |

### What could not be seen

- unreadable in `broken.yaml:9:1`: no YAML: a tab where spaces are expected
- partial: ap-south-2 was not asked: it is not enabled

### How to fix

<details>
<summary>access-public-read: No stranger can read the bucket</summary>

What is in a public bucket is found within hours.

**CloudFormation**

Remove AccessControl.

</details>

<details>
<summary>logging-loop: Access logs do not come back to the bucket they describe</summary>

Each delivery is itself a request.

So the bucket grows for ever, and the bill with it.

**CloudFormation**

```yaml
LoggingConfiguration:
  DestinationBucketName: !Ref AccessLogs
```

The other bucket must not log here.

</details>

<details>
<summary>versioning-enabled: Versioning is enabled</summary>

Without it nothing brings an object back.

**CloudFormation**

```yaml
VersioningConfiguration:
  Status: Enabled
```

</details>
"""
    )


def test_nothing_to_say() -> None:
    inputs = [Input("a.yaml", "cloudformation", 0)]
    assert render("markdown", report([], inputs=inputs), sheet()) == (
        "## s3audit: 0 findings\n\n**No S3 resources found** in 1 file.\n"
    )


def test_the_worst_stands_on_top_and_the_rest_is_counted() -> None:
    low = [finding("encryption-kms", "fail", LOGS, f"m{n}", (at(n, 1, 2), "")) for n in range(1, 120)]
    text = render("markdown", everything(report([*low, *FINDINGS])), sheet())
    rows = re.findall(r"^\| (\w+) \| `", text, re.MULTILINE)
    assert rows == ["critical", "high", "medium", *["low"] * 97]
    assert "\n**26 more are not in this table**; the text and JSON reports have them all.\n" in text
    assert "<summary>encryption-kms (120 times): " in text


def test_hostile_names_are_inert() -> None:
    evil = "a|b`c`<img src=x onerror=a(1)>[x](https://evil.example) *b* @octocat www.evil.example\n# h\u202e"
    bad = check("logging", "loop", evil, Severity.HIGH, evil, Fix(f"```\n{evil}\n````", note=evil))
    who = Subject(evil, evil, evil, evil)
    place = Location(evil, evil, 1, 1)
    given = report(
        [finding("logging-loop", "fail", who, evil, (place, evil), when=(f"{evil} is 1",))],
        [Problem(NOWHERE, "partial", evil), Problem(Location(evil), "crash", evil)],
        [Input(evil, "cloudformation", 1)],
        checks=[bad],
    )
    text = render("markdown", given, sheet())
    inert = (
        "a&#124;b`c`&#60;img src=x onerror=a(1)&#62;&#91;x&#93;(https&#58;//evil.example) &#42;b&#42;"
        r" &#64;&#8203;octocat www&#46;evil.example &#35; h&#92;u202e"
    )
    in_code = inert.replace("`", "&#96;")
    where = f"<code>{in_code}&#58;1&#58;1</code>"
    assert f"| high | `logging-loop` | {inert} {inert} | {where} | {inert} (when" in text
    assert f"- crash in <code>{in_code}</code>: {inert}\n" in text
    start = text.index("`````yaml")
    assert text[start : text.index("\n`````\n")].splitlines()[::3] == ["`````yaml", "# h\\u202e"]
    tags = set(re.findall(r"</?[a-z]+>", text[:start]))
    assert tags == {"<code>", "</code>", "<details>", "<summary>", "</summary>"}
    for row in (line for line in text.splitlines() if line.startswith("| ")):
        assert row.count("|") == 6


def test_a_file_name_is_code_and_stays_whole() -> None:
    found = finding("logging-loop", "fail", LOGS, "Set `a*b*`, not ` alone", (AT_LOGS, ""))
    text = render("markdown", report([found]), sheet())
    assert "| Set &#96;a&#42;b&#42;&#96;, not &#96; alone |" in text
