# ruff: noqa: E501 - the modules are laid out as people write them
"""What is nested too deeply, too large or blows up: it is said, soon and in little memory; the rest is judged."""

from pathlib import Path

import pytest

from tests.terraform.hostile import ASKED, BUCKET, asked, said, said_within_limits
from tests.terraform.scans import statuses

LEVELS = 5_000
TOO_MUCH = "to work it out takes more than a configuration needs"
TOO_DEEP = "it is nested too deeply"


class TestNesting:
    @pytest.mark.parametrize(
        ("expression", "column"),
        [
            ("(" * LEVELS + "1" + ")" * LEVELS, 112),
            ("[" * LEVELS + "]" * LEVELS, 112),
            ("{a=" * LEVELS + "1" + "}" * LEVELS, 308),
            ("{(" * LEVELS + "1" + ")=1}" * LEVELS, 112),
            ("upper(" * LEVELS + '"x"' + ")" * LEVELS, 607),
            ("[1][" * LEVELS + "0" + "]" * LEVELS, 406),
            ('"${' * LEVELS + "1" + '}"' * LEVELS, 308),
            ('"%{if ' * LEVELS + "true" + '}%{endif}"' * LEVELS, 601),
            ("[for x in " * LEVELS + "[1]" + " : x]" * LEVELS, 993),
            ("!" * LEVELS + "true", 112),
            ("-" * LEVELS + "1", 112),
            ("- " * LEVELS + "1", 209),
            ("1" + "+1" * LEVELS, 217),
            ("true" + "&&true" * LEVELS, 624),
            ("true?1:" * LEVELS + "1", 704),
            ("true?" * LEVELS + "1" + ":1" * LEVELS, 508),
            ("local.x" + "[0]" * LEVELS, 321),
            ("local.x" + "[*]" * LEVELS, 318),
            ("(" * LEVELS, 112),
            ("[" * LEVELS, 112),
        ],
    )
    def test_an_expression(self, expression: str, column: int, tmp_path: Path) -> None:
        assert said(tmp_path, ASKED % expression) == [
            (
                f"partial b.tf:7:{column}-{column}: This expression is nested deeper than 100 levels here;"
                " no configuration needs that. Flatten it."
            ),
            f"unknown aws_s3_bucket.b b.tf:7:14-{column}: Versioning is not known: {TOO_DEEP}.",
        ]

    @pytest.mark.parametrize(
        "expression",
        [
            "local.x" + ".a" * LEVELS,
            '"' + "%{if true}" * LEVELS + "%{endif}" * LEVELS + '"',
            '"' + "%{for x in [1]}" * LEVELS + "%{endfor}" * LEVELS + '"',
        ],
    )
    def test_what_is_seen_at_its_end(self, expression: str, tmp_path: Path) -> None:
        problem, verdict = said(tmp_path, ASKED % expression)
        assert problem.endswith(
            ": This expression is nested deeper than 100 levels here; no configuration needs that. Flatten it."
        )
        assert verdict.endswith(f": Versioning is not known: {TOO_DEEP}.")

    def test_blocks(self, tmp_path: Path) -> None:
        text = 'resource "aws_s3_bucket" "b" {\n' + "a {\n" * LEVELS + "}\n" * LEVELS + "}\n"
        assert said(tmp_path, text) == [
            "partial b.tf:101:1-2: Blocks are nested deeper than 100 levels here.",
            "fail aws_s3_bucket.b b.tf:1:1-29: Versioning is not set, so it is Unversioned.",
        ]

    def test_heredocs_in_heredocs(self, tmp_path: Path) -> None:
        told = said(tmp_path, ASKED % ("<<A\n" + "${<<A\n" * LEVELS + "\nA\n}" * LEVELS + "\nA"))
        assert told[0] == (
            "partial b.tf:105:3-3: This expression is nested deeper than 100 levels here;"
            " no configuration needs that. Flatten it."
        )
        assert told[-1].startswith("unknown aws_s3_bucket.b b.tf:")
        assert len(told) < 110

    def test_local_values_that_need_one_another(self, tmp_path: Path) -> None:
        chain = "".join(f"  a{number} = local.a{number + 1}\n" for number in range(LEVELS))
        before = f'locals {{\n{chain}  a{LEVELS} = "Enabled"\n}}\n'
        assert asked(tmp_path, "local.a0", before) == TOO_DEEP

    @pytest.mark.parametrize("function", ["jsondecode", "yamldecode"])
    def test_documents(self, function: str, tmp_path: Path) -> None:
        told = asked(tmp_path, f'{function}("{"[" * LEVELS}{"]" * LEVELS}")')
        assert told == f"what {function}() makes is too large to be worked out"


class TestLargeFiles:
    def test_very_many_resources_of_others(self, tmp_path: Path) -> None:
        one = 'resource "other_thing" "b%06d" {\n  name = "b-${local.name}"\n}\n'
        text = "".join(map(one.__mod__, range(156_000)))
        assert 9_900_000 < len(text) < 10_000_000
        assert said_within_limits(tmp_path, BUCKET + text) == [
            "fail aws_s3_bucket.b b.tf:1:1-29: Versioning is not set, so it is Unversioned."
        ]

    def test_one_heredoc(self, tmp_path: Path) -> None:
        line = "a line of text\n"
        [verdict] = said_within_limits(tmp_path, ASKED % f"<<EOT\n{line * 660_000}EOT")
        shown = (line * 40)[:500]
        assert verdict == (
            f"fail aws_s3_bucket.b b.tf:7:14-4: Versioning is {shown}... and 9,899,500 characters more."
        )

    def test_a_list_of_very_many(self, tmp_path: Path) -> None:
        text = 'resource "aws_s3_bucket" "b" {\n  for_each = toset([%s])\n}\n'
        keys = ",".join(f'"{number}"' for number in range(1_000_000))
        assert said_within_limits(tmp_path, text % keys) == [
            "fail aws_s3_bucket.b[each.key] b.tf:1:1-29: Versioning is not set, so it is Unversioned."
        ]

    def test_one_byte_too_many(self, tmp_path: Path) -> None:
        assert said(tmp_path, BUCKET + "#" * (10_000_001 - len(BUCKET))) == [
            (
                "unreadable b.tf: The file has 10,000,001 bytes, more than the 10,000,000 that are read."
                " To read it: --max-size 10000001."
            )
        ]

    @pytest.mark.parametrize("what", ["{", '"', "(", "a = <<E\n", "a {\n", "/*", "\xff"])
    def test_nothing_but_beginnings(self, what: str, tmp_path: Path) -> None:
        told = said(tmp_path, what * (500_000 // len(what)))
        assert told[0].startswith(("partial b.tf:", "unreadable b.tf:"))
        assert len(told) <= 102


class TestRepetition:
    REPEATED = 'resource "aws_s3_bucket" "b" {\n  %s\n  bucket = "b-${%s}"\n}\n'

    @pytest.mark.parametrize(
        "keys",
        [
            "toset([for i in range(1000000) : tostring(i)])",
            "[for i in range(1000000) : tostring(i)]",
            "{for i in range(1000000) : i => i}",
            "setproduct(range(1000), range(1000), range(1000))",
        ],
    )
    def test_for_each_over_a_million(self, keys: str, tmp_path: Path) -> None:
        assert said(tmp_path, self.REPEATED % (f"for_each = {keys}", "each.key")) == [
            "fail aws_s3_bucket.b[each.key] b.tf:1:1-29: Versioning is not set, so it is Unversioned."
        ]

    def test_for_each_over_a_million_that_terraform_takes(self, tmp_path: Path) -> None:
        inner = '[for b in range(1000) : [for c in range(1000) : "${a}-${b}-${c}"]]'
        keys = f"toset(flatten([for a in range(1000) : {inner}]))"
        assert said_within_limits(tmp_path, self.REPEATED % (f"for_each = {keys}", "each.key")) == [
            "fail aws_s3_bucket.b[each.key] b.tf:1:1-29: Versioning is not set, so it is Unversioned."
        ]

    def test_a_count_of_a_million(self, tmp_path: Path) -> None:
        problem, *verdicts = said(tmp_path, self.REPEATED % ("count = 1000000", "count.index"))
        assert problem == (
            "partial b.tf:1:1-29: aws_s3_bucket.b has 1,000,000 instances, and only 1,000 are looked at: no more than"
            " 1,000 of one block are."
        )
        assert len(verdicts) == 1_000
        assert verdicts[0].startswith("fail aws_s3_bucket.b[0] b.tf:1:1-29: ")

    @pytest.mark.parametrize("count", ["-1", "1.5"])
    def test_a_count_that_is_none(self, count: str, tmp_path: Path) -> None:
        assert said(tmp_path, self.REPEATED % (f"count = {count}", "count.index")) == [
            "fail aws_s3_bucket.b[count.index] b.tf:1:1-29: Versioning is not set, so it is Unversioned."
        ]

    def test_a_million_nested_blocks(self, tmp_path: Path) -> None:
        dynamic = 'dynamic "versioning" {\n    for_each = setproduct(range(1000), range(1000))\n'
        text = BUCKET.replace("}", f"  {dynamic}    content {{\n      enabled = true\n    }}\n  }}\n}}")
        assert said(tmp_path, text) == [
            (
                "unknown aws_s3_bucket.b b.tf:3:3-23: Versioning is not known: how many versioning blocks there are"
                " can't be told: what setproduct() makes is too large to be worked out."
            )
        ]

    @pytest.mark.parametrize(
        ("count", "many"), [("1000000", "1,000,000"), ("1e300", "more than 1,000,000,000")]
    )
    def test_a_million_modules(self, count: str, many: str, tmp_path: Path) -> None:
        call = f'module "m" {{\n  source = "./m"\n  count  = {count}\n}}\n'
        assert said(tmp_path, call) == [
            (
                f"partial b.tf:1:1-11: module.m has {many} instances, and only 1,000 are looked at: no more than 1,000 of"
                " one block are."
            ),
            (
                "partial b.tf:2:12-17: The module m lies in m, where the scanned tree has no files of a module."
                " Scan the folder of both; what it declares is not judged."
            ),
        ]

    def test_ten_levels_of_ten_modules(self, tmp_path: Path) -> None:
        def calls(folder: str) -> str:
            return "".join(f'module "m{one}" {{\n  source = "{folder}"\n}}\n' for one in range(10))

        levels = {f"l{level}/main.tf": calls(f"../l{level + 1}") for level in range(10)}
        told = said(tmp_path, calls("./l0"), {**levels, "l10/main.tf": BUCKET})
        assert told[0] == (
            "partial b.tf:5:12-18: The module m1 is one too many: no more than 2,000 in a configuration are read;"
            " what it declares is not judged."
        )
        assert sum(one.startswith("fail module.m0.module.m0.") for one in told) > 1_000


class TestBlowUps:
    @pytest.mark.parametrize(
        ("expression", "reason"),
        [
            ('format("%1000000000s", "")', "what format() makes is too large to be worked out"),
            ('format("%.1000000000f", 1.5)', "what format() makes is too large to be worked out"),
            ('indent(1000000000, "a\\nb")', "what indent() makes is too large to be worked out"),
            (
                'join("", formatlist("%1000000s", range(1000)))',
                "what formatlist() makes is too large to be worked out",
            ),
            ("range(1000000)[0]", "range(): more than 1024 values would be made"),
            ("max(range(1000000)...)", "range(): more than 1024 values would be made"),
            ("pow(10, pow(10, 9))", "it is infinite"),
            (
                "setproduct([for i in range(4) : range(100)]...)[0]",
                "what setproduct() makes is too large to be worked out",
            ),
            ('regex("(x{1000}){1000}", "x")', "the regular expression is too large to be worked out"),
            (
                f'regexall("{"(.*)" * 9}=", "{"x" * 3000}")',
                "the regular expression takes too long to be worked out",
            ),
            (f'regex("^(a+)+$", "{"a" * 4000}b")', "regex(): the pattern does not fit the text"),
            ('replace(replace(format("%100000s", ""), " ", format("%1000s", "")), " ", "  ")', TOO_MUCH),
            ('base64sha256(format("%10000000s", ""))', "what format() makes is too large to be worked out"),
            (
                f'parseint("{"z" * 100_000}", 36)',
                "a number with so many digits is too large to be worked out",
            ),
        ],
    )
    def test_functions(self, expression: str, reason: str, tmp_path: Path) -> None:
        assert asked(tmp_path, expression) == reason

    def test_references_within_a_document(self, tmp_path: Path) -> None:
        rows = "".join(
            f"{one}: &{one} [{', '.join([f'*{before}'] * 9)}]\\n"
            for before, one in zip("abcdefgh", "bcdefghi", strict=True)
        )
        assert (
            asked(tmp_path, f'yamldecode("a: &a [x, x]\\n{rows}").i')
            == "what yamldecode() makes is too large to be worked out"
        )

    @pytest.mark.parametrize(
        ("first", "twice", "ask", "reason"),
        [
            ('"x"', '"${%s}${%s}"', "%s", "its text is too large to be worked out"),
            ("var.x", '"${%s}${%s}"', "%s", "its text is too large to be worked out"),
            ('["x"]', "concat(%s, %s)", "%s[0]", "what concat() makes is too large to be worked out"),
            ('["x"]', "[%s, %s]", "jsonencode(%s)", TOO_MUCH),
            ('["x"]', "[%s, %s]", '%s == [] ? "Enabled" : "Suspended"', TOO_MUCH),
            ('["x"]', "{ a = %s, b = %s }", "flatten(values(%s))[0]", TOO_MUCH),
        ],
    )
    def test_sixty_doublings(self, first: str, twice: str, ask: str, reason: str, tmp_path: Path) -> None:
        rows = "".join(
            f"  l{number + 1} = {twice.replace('%s', f'local.l{number}')}\n" for number in range(60)
        )
        before = f'variable "x" {{\n  type = string\n}}\nlocals {{\n  l0 = {first}\n{rows}}}\n'
        assert asked(tmp_path, ask % "local.l60", before) == reason

    def test_one_that_takes_all_leaves_the_others_something(self, tmp_path: Path) -> None:
        doublings = "".join(f"  l{number + 1} = [local.l{number}, local.l{number}]\n" for number in range(60))
        files = {
            "a.tf": f'locals {{\n  l0 = ["x"]\n{doublings}  on = "Enabled"\n}}\n',
            "b.tf": ASKED.replace('"b"', '"a"').replace(".b.", ".a.") % "jsonencode(local.l60)",
            "c.tf": ASKED % '"${local.on}"',
        }
        assert statuses(tmp_path, files) == {"aws_s3_bucket.a": "unknown", "aws_s3_bucket.b": "pass"}
