"""The hash of a line is the one that GitHub's upload computes.

The expected numbers were computed by `Sarif.Multitool rewrite --insert RollingHashPartialFingerprints` 5.7.0.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3audit.renderers.linehash import LineHashes

TEMPLATE = "Resources:\n  Logs:\n    Type: AWS::S3::Bucket\n  Same:\n    Type: AWS::S3::Bucket\n"


def rolled(text: str) -> list[str]:
    """The hash of each line as the window rolls over the whole text, one unit after the other."""
    units = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-16-be")
    pairs = [int.from_bytes(units[i : i + 2]) for i in range(0, len(units), 2)]
    kept = [unit for unit in pairs if unit not in (ord(" "), ord("\t"))]
    kept.append(65535)
    starts = [place for place in range(len(kept)) if place == 0 or kept[place - 1] == ord("\n")]
    kept += [0] * 100
    value, hashes, seen = 0, {}, dict[int, int]()
    for place, unit in enumerate(kept):
        value = value * 37 + unit
        if place >= 100:
            value -= kept[place - 100] * 37**100
        value %= 2**64
        if place - 99 in starts:
            seen[value] = seen.get(value, 0) + 1
            hashes[place - 99] = f"{value:x}:{seen[value]}"
    return [hashes[start] for start in starts]


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            TEMPLATE,
            [
                "279d1f496a365b07:1",
                "881cfc790d856268:1",
                "f7fa67982d287beb:1",
                "1677c6545b343006:1",
                "ea3c9d90efb5d3d4:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
        (
            TEMPLATE.replace("\n", "\r\n"),
            [
                "279d1f496a365b07:1",
                "881cfc790d856268:1",
                "f7fa67982d287beb:1",
                "1677c6545b343006:1",
                "ea3c9d90efb5d3d4:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
        (
            "é😀x\ry\t z\n\n" * 3,
            [
                "b188f8b442906a04:1",
                "16b34649996bd530:1",
                "4c045a2ed7a9e003:1",
                "480e2bf2c6cce05:1",
                "8dd89df3dc152405:1",
                "e3b70d76ad7cd6e4:1",
                "f154cc2113ea7c8a:1",
                "a67c73577d0adaae:1",
                "3c5bef55b72b93c9:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
        (
            "a: 1\n" * 27,
            [
                "42a9af0436f14616:1",
                "42a9af0436f14616:2",
                "42a9af0436f14616:3",
                "42a9af04fc814a33:1",
                "42bfc0cc28d6275d:1",
                "63dd98e778a34be7:1",
                "ec42fc6f658ca1d1:1",
                "69ac4d955dd1731b:1",
                "e2276543d6f669c5:1",
                "fb2d887ccfcf8fcf:1",
                "919bca02bea4f39:1",
                "1749e386b2577203:1",
                "4aee164bd9d5222d:1",
                "f4374317ec58e9b7:1",
                "ab05a09d6bf9b2a1:1",
                "856ce4a80339c6eb:1",
                "e232c770aab0d095:1",
                "8516baca0e15d99f:1",
                "d3f2c4019aa94c09:1",
                "b8a3cce500fef1d3:1",
                "197361195427f4fd:1",
                "b2961038503cdf87:1",
                "9b9ae459b2479b71:1",
                "ac12329eb8d72bb:1",
                "41d42ad4da390f65:1",
                "3dfdfb3a91647b6f:1",
                "4037987d9a8320d9:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
    ],
)
def test_the_numbers_of_another_implementation(text: str, hashes: list[str]) -> None:
    lines = LineHashes(text.split("\n"))
    assert [lines.of(line) for line in range(1, len(hashes) + 1)] == hashes
    assert lines.of(0) is None
    assert lines.of(len(hashes) + 1) is None


@given(st.text(st.sampled_from("ab \t\n\ré😀"), max_size=300))
def test_it_equals_the_window_that_rolls(text: str) -> None:
    lines = LineHashes(text.split("\n"))
    expected = rolled(text)
    assert [lines.of(line) for line in range(1, len(expected) + 1)] == expected
    assert lines.of(len(expected) + 1) is None
