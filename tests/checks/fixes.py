"""The fixes of the checks, done to their failing examples. How a fix is written stands in CONTRIBUTING.md.

`python -m tests.checks.fixes` prints for each check what of its fix is proven.
"""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import s3audit
from s3audit.check import CLOUDFORMATION, LIVE, TERRAFORM, Check
from s3audit.explain import intent, is_account
from s3audit.finding import Finding
from s3audit.model.estate import Estate
from s3audit.renderers.summary import LANGUAGES, fix_in, is_code
from tests.checks import commands, fixes_cloudformation, fixes_terraform
from tests.checks.examples import CHECKS, CONFIG, examples_of, told
from tests.checks.fixes_cloudformation import FixError
from tests.terraform.emit.estate import emitted
from tests.terraform.emit.hcl import Hcl
from tests.terraform.emit.names import UnexpressedError
from tests.terraform.emit.scenes import scenes_in

FILES = {CLOUDFORMATION: "example.yaml", TERRAFORM: "example.tf"}


class Failing(NamedTuple):
    """A failing example, and the address of what fails in it."""

    text: str
    subject: str
    intent: str
    """The configuration that it is judged with."""


class _First(random.Random):
    """Always the same choice: of the ways to write something, the one that stands first."""

    def random(self) -> float:
        return 0.999

    def choice(self, seq: Any) -> Any:
        return seq[0]

    def shuffle(self, x: Any) -> None:
        pass


def to_prove() -> list[tuple[str, str]]:
    """The check and the language of each fix that can be done to an example."""
    return [
        (check.id, language)
        for check in CHECKS.values()
        for language in FILES
        if language in check.sources and is_code(fix_in(check.fix, language))
    ]


def judged(check: Check, language: str, text: str, folder: Path, configuration: str) -> list[Finding]:
    """What the check says of a text."""
    file = folder / FILES[language]
    file.write_text(text, encoding="utf-8")
    config = folder / CONFIG
    config.write_text(configuration, encoding="utf-8")
    report = s3audit.scan([file], select=[check.id], severity="info", config=config)
    if report.problems:
        raise FixError(f"{report.problems[0].message} ({report.problems[0].at})")
    return list(report.findings)


def failing(check: Check, language: str, folder: Path) -> Failing:
    """The first failing example in this language, written anew in Terraform's if it is in another."""
    for example in examples_of(check):
        if example.kind != "fails":
            continue
        said = intent(example.text)
        for text in _forms(example.file, example.text, language):
            for finding in judged(check, language, text, folder, said):
                if finding.status == "fail":
                    return Failing(text, finding.subject.address, said)
    raise FixError(
        f"{check.id} has no failing example that {LANGUAGES[language]} can express: add one, or leave this"
        " language out of `sources`"
    )


def _forms(file: str, text: str, language: str) -> list[str]:
    """The text in this language, for each of its scenarios where it has to be translated."""
    if file == FILES[language]:
        return [text]
    if language == CLOUDFORMATION or is_account(text):
        return []
    try:
        return [_in_terraform(scene.estate) for scene in scenes_in("example", text)]
    except UnexpressedError:
        return []


def _in_terraform(estate: Estate) -> str:
    chance = _First()
    files = Hcl(chance).module(emitted(estate, chance).blocks)
    return "\n".join(files.values())


def mended(check: Check, language: str, example: Failing) -> str:
    """The example with the fix in it."""
    fix = fix_in(check.fix, language)
    if language == TERRAFORM:
        return fixes_terraform.mend(example.text, fix, example.subject)
    title = check.subject.__name__.removeprefix("Kms")
    return fixes_cloudformation.mend(example.text, fix, title, example.subject.removeprefix("Resources."))


def objection(check: Check, language: str, folder: Path) -> str:
    """Why the fix does not make the example pass; nothing if it does."""
    try:
        example = failing(check, language, folder)
        text = mended(check, language, example)
    except FixError as error:
        return f"{check.id}, {LANGUAGES[language]}: {error}\n\nThe fix:\n{fix_in(check.fix, language)}"
    try:
        findings = judged(check, language, text, folder, example.intent)
    except FixError as error:
        return f"{check.id}, {LANGUAGES[language]}: {error}\n\n{text}"
    own = [finding for finding in findings if finding.subject.address == example.subject]
    # Where what was asked about is gone, the note says what goes with it.
    enough = {"pass", "not_applicable"} if check.fix.note else {"pass"}
    if own and {finding.status for finding in own} <= enough:
        return ""
    said = told(own) or f"nothing is said of {example.subject}"
    return f"{check.id}: with the fix for {LANGUAGES[language]} it does not pass:\n{said}\n\n{text}"


def refusal(check: Check) -> str:
    """Why the AWS CLI would not take the commands of a fix; nothing if it does."""
    text = fix_in(check.fix, LIVE)
    try:
        for words in commands.commands(text) if is_code(text) else ():
            commands.verify(words)
    except commands.CommandError as error:
        return f"{check.id}: {error}\n\n{text}"
    return ""


def hidden_code(text: str, language: str) -> bool:
    """Whether it is one line of code, which is shown as a sentence because nothing stands above it."""
    if is_code(text):
        return False
    code = r"[A-Z]\w+:(\s|$)" if language == CLOUDFORMATION else r"\w+\s*(=[^=]|\{)"
    return language in FILES and re.match(code, text) is not None


def prose() -> Iterator[str]:
    """The fixes that are a sentence, or that the language has no way for."""
    for check in CHECKS.values():
        for language in (*FILES, LIVE):
            if language in check.sources and not is_code(text := fix_in(check.fix, language)):
                yield f"{check.id}, {LANGUAGES[language]}: {text or f'no way; {check.fix.note}'}"


def main() -> None:
    with TemporaryDirectory() as folder:
        for name, language in to_prove():
            wrong = objection(CHECKS[name], language, Path(folder))
            print(f"not proven: {wrong}\n" if wrong else f"proven: {name}, {LANGUAGES[language]}")
    for check in CHECKS.values():
        if wrong := refusal(check):
            print(f"not proven: {wrong}\n")
    print("".join(f"in words only: {one}\n" for one in prose()), end="")


if __name__ == "__main__":
    main()
