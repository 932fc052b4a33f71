"""Whatever stands in a file: reading its suppressions never breaks, and their lines are in the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.collectors.documents.files import File
from s3audit.suppress.page import Page
from s3audit.suppress.read import written

PIECES = st.sampled_from(
    [
        *(
            "# s3audit: ignore[logging-enabled] why",
            "#trivy:ignore:AVD-AWS-0089",
            "# kics-scan ignore-block",
            "// s3audit",
        ),
        *(
            "/* s3audit: ignore[acl-disabled] x */",
            "/*",
            "*/",
            "#checkov:skip=CKV_AWS_18:x",
            "# kics-scan ignore",
        ),
        *(
            'resource "aws_s3_bucket" "a" {',
            "}",
            "{",
            "[",
            "]",
            "(",
            ")",
            '"',
            '\\"',
            "${",
            "%{",
            "$${",
            "<<EOT\n",
            "EOT",
        ),
        *(
            "Resources:",
            "  Logs:",
            "    Type: AWS::S3::Bucket",
            "    Metadata: {s3audit: {ignore: [",
            "]}}",
            "- a",
            "|",
            ">-",
        ),
        *(
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            " ",
            "  ",
            "\t",
            ":",
            "&a",
            "*a",
            "'",
            "---",
            "\ufeff",
            "\u2028",
            "\x85",
            "x",
        ),
        *(
            '{"Resources": {"A": {"Metadata": {"s3audit": {"ignore": ',
            "}}}}}",
            "s3audit:\n  ignore: [a]",
            "Metadata:\n  ",
        ),
    ]
)


@pytest.mark.parametrize("name", ["main.tf", "t.yaml", "t.json"])
@given(pieces=st.lists(PIECES, max_size=30))
def test_reading_it_never_breaks(name: str, pieces: list[str]) -> None:
    text = "s3audit\n" + "".join(pieces) if name == "main.tf" else "".join(pieces) + "\n# s3audit"
    found = written(File(name, text.encode()), honor_foreign=True)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for span in found.spans:
        assert 0 <= span.first <= span.last <= lines + 1
        assert 1 <= span.mark.at.line <= lines


@pytest.mark.parametrize("name", ["main.tf", "t.yaml"])
@given(pieces=st.lists(PIECES, max_size=30))
def test_blocks_lie_one_behind_the_other(name: str, pieces: list[str]) -> None:
    page = written(File(name, ("".join(pieces) + "\n# s3audit").encode()), honor_foreign=False).page
    if page is not None:
        assert_apart(page)


def assert_apart(page: Page) -> None:
    for one, other in zip(page.blocks, page.blocks[1:], strict=False):
        assert one.first <= one.last
        assert one.first < other.first
