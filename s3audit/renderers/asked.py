"""Which requirements of which standards a check answers, in words for formats that have a place for them."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from s3audit.frameworks.library import asking


class Asked(NamedTuple):
    standards: tuple[str, ...] = ()
    """`CIS Amazon Web Services Foundations Benchmark v5.0.0`."""
    requirements: tuple[str, ...] = ()
    """`cis-aws-5.0 2.1.4`."""


NOTHING = Asked()


@cache
def asked() -> Mapping[str, Asked]:
    """By check; what only stands beside a requirement is left out."""
    found: dict[str, Asked] = {}
    for check, those in asking().items():
        deciding = [one for one in those if one.how != "supporting"]
        found[check] = Asked(
            tuple(dict.fromkeys(one.framework.name for one in deciding)),
            tuple(dict.fromkeys(f"{one.framework.id} {one.requirement.id}" for one in deciding)),
        )
    return found
