"""What is wrong with the file of a framework is told with its line and column."""

from pathlib import Path

import pytest

from s3audit import catalog
from s3audit.frameworks import library
from s3audit.frameworks.framework import FrameworkError
from s3audit.frameworks.reading import MOST, parsed

KNOWN = {
    "logging-enabled": "logging-enabled",
    "encryption-kms": "encryption-kms",
    "old-name": "encryption-kms",
}
HEAD = "id: acme\ntitle: Acme\nrequirements:\n"
GOOD = f"{HEAD}  - id: 2.10\n    title: Logs are kept\n    checks: [logging-enabled]\n"
TEN = "the requirement '2.10'"


def faults(text: str) -> str:
    with pytest.raises(FrameworkError) as raised:
        parsed(text.encode(), "acme.yaml", KNOWN)
    return str(raised.value)


def test_a_good_one() -> None:
    found = parsed(GOOD.encode(), "acme.yaml", KNOWN)
    [one] = found.requirements
    assert (one.id, one.title, one.checks, one.partial) == (
        "2.10",
        "Logs are kept",
        ("logging-enabled",),
        False,
    )
    assert found.name == "Acme"
    assert found.checks == ("logging-enabled",)


def test_an_earlier_name_of_a_check_will_do() -> None:
    found = parsed(GOOD.replace("logging-enabled", "old-name").encode(), "acme.yaml", KNOWN)
    assert found.requirements[0].checks == ("encryption-kms",)


def test_it_may_be_json() -> None:
    text = '{"id": "a", "title": "A", "requirements": [{"id": "1", "title": "T", "manual": "Look."}]}'
    assert parsed(text.encode(), "a.json", KNOWN).requirements[0].manual == "Look."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "acme.yaml:1:1: it is empty"),
        (
            "- a\n",
            "acme.yaml:1:1: a framework is a mapping with id, title and requirements, not a list",
        ),
        (f"{GOOD}---\n{GOOD}", "acme.yaml:1:1: it holds 2 documents, and one is read"),
        (
            GOOD.replace("checks:", "chekcs:"),
            "acme.yaml:6:5: there is no key 'chekcs', did you mean 'checks'",
        ),
        (
            GOOD.replace("logging-enabled", "loging-enabled"),
            "acme.yaml:6:14: there is no check 'loging-enabled', did you mean 'logging-enabled'",
        ),
        (
            GOOD.replace("[logging-enabled]", "\n      - logging-enabled\n      - nothing-of-the-kind"),
            "acme.yaml:8:9: there is no check 'nothing-of-the-kind'; `s3audit checks` lists them",
        ),
        (
            GOOD.replace("[logging-enabled]", "[encryption-kms, old-name]"),
            "acme.yaml:6:30: encryption-kms stands in this list twice",
        ),
        (GOOD.replace("title: Acme\n", ""), "acme.yaml:1:1: a framework has no title"),
        (GOOD.replace("    title: Logs are kept\n", ""), "acme.yaml:4:5: a requirement has no title"),
        (
            GOOD.replace("Logs are kept", ""),
            "acme.yaml:5:11: title is empty; leave it out, or say what it is",
        ),
        (GOOD.replace("Logs are kept", "[a]"), "acme.yaml:5:12: title takes a text, not a list"),
        (GOOD.replace("Logs are kept", "!Ref a"), "acme.yaml:5:12: title takes a text, not !Ref 'a'"),
        (
            GOOD.replace("[logging-enabled]", "logging-enabled"),
            "acme.yaml:6:13: checks takes a list, not 'logging-enabled'",
        ),
        (
            GOOD.replace("    checks: [logging-enabled]\n", "    partial: true\n"),
            "acme.yaml:4:5: the requirement '2.10' has no checks, so it needs `manual`: what a person has to look at",
        ),
        (f"{GOOD}    partial: perhaps\n", "acme.yaml:7:14: partial is true or false, not 'perhaps'"),
        (
            f"{GOOD}    supporting: [logging-enabled]\n",
            f"acme.yaml:4:5: logging-enabled under supporting of {TEN} stands in checks too, and can't do both",
        ),
        (
            f"{GOOD}    weak: [encryption-kms]\n",
            f"acme.yaml:4:5: encryption-kms under weak of {TEN} does not stand among its checks",
        ),
        (
            GOOD + GOOD.removeprefix(HEAD),
            "acme.yaml:7:9: there is another requirement '2.10' above",
        ),
        (
            GOOD.replace("id: acme", "id: our rules"),
            "acme.yaml:1:5: 'our rules' is no id; it takes letters, digits, '.', '-' and '_'",
        ),
        (
            "id: acme\ntitle: Acme\nrequirements: []\n",
            "acme.yaml:3:15: a framework has at least one requirement",
        ),
        (
            f"{GOOD}not_followed:\n  - peer: someone\n    why: because\n",
            "acme.yaml:8:5: an entry of not_followed has no requirement",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, said: str) -> None:
    assert faults(text) == f"the framework can't be used: {said}"


def test_a_key_that_stands_twice() -> None:
    assert faults(f"{GOOD}title: Other\n").startswith(
        "the framework can't be used: acme.yaml:7:1: The key 'title' stands here and on line 2, column 1 too."
    )


def test_yaml_that_is_none() -> None:
    assert faults(f"{HEAD}  - id: [\n").startswith("the framework can't be used: acme.yaml:5:1: ")


def test_all_faults_are_told_at_once_in_their_order() -> None:
    text = GOOD.replace("title: Acme", "titel: Acme").replace("logging-enabled", "loging-enabled")
    assert faults(text) == (
        "the framework acme.yaml can't be used, 3 things are wrong with it:\n"
        "  acme.yaml:1:1: a framework has no title\n"
        "  acme.yaml:2:1: there is no key 'titel', did you mean 'title'\n"
        "  acme.yaml:6:14: there is no check 'loging-enabled', did you mean 'logging-enabled'"
    )


def test_a_file_full_of_faults_does_not_fill_the_screen() -> None:
    checks = ", ".join(f"no-{number}" for number in range(MOST + 5))
    said = faults(GOOD.replace("[logging-enabled]", f"[{checks}]"))
    assert len(said.splitlines()) == 1 + MOST + 1
    assert said.endswith("\n  and 5 more")


def test_a_name_that_is_none(tmp_path: Path) -> None:
    def said(name: str) -> str:
        with pytest.raises(FrameworkError) as raised:
            library.find(name, catalog.lean())
        return str(raised.value)

    assert said("pci") == "there is no framework 'pci', did you mean 'pci-dss-4.0.1'"
    assert said("cis-aws-5.1") == "there is no framework 'cis-aws-5.1', did you mean 'cis-aws-5.0'"
    assert said("cis").startswith("there is no framework 'cis', did you mean 'cis-aws-3.0', 'cis-aws-4.0'")
    assert said("qqq") == (
        "there is no framework 'qqq'; `s3audit frameworks` lists them, and one of your own is named by the path of"
        " its file"
    )
    assert said("no/such.yaml") == "the framework no/such.yaml can't be read: No such file or directory"
    assert said(str(tmp_path)) == f"the framework {tmp_path} can't be read: Is a directory"


def test_two_with_one_name(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(GOOD.replace("acme", "gdpr"))
    with pytest.raises(FrameworkError) as raised:
        library.found(["gdpr", str(mine)], catalog.lean())
    assert str(raised.value) == f"two frameworks have the id 'gdpr': give the one in {mine} another"
    assert len(library.found([str(mine), str(mine)], catalog.lean())) == 1
