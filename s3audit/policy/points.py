"""Addresses, numbers and moments that ranges and bounds tell apart: one in each piece, and each bound."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from s3audit.policy.operators import moment, network

_FIRST_V4 = 203 << 24 | 113 << 8 | 7
_FIRST_V6 = 0x2001_0DB8 << 96 | 7
"""203.0.113.7 and 2001:db8::7."""


def addresses(ranges: Sequence[str]) -> list[str]:
    """One of each piece that the ends of these ranges cut the addresses into, of both versions."""
    found = []
    for version, first, bits in ((4, _FIRST_V4, 32), (6, _FIRST_V6, 128)):
        cuts = {0, first}
        for text in ranges:
            known = network(text)
            if known is not None and known.version == version:
                cuts.add(known.first)
                cuts.add(known.last + 1)
        usual = sorted((cut for cut in cuts if cut < 1 << bits), key=lambda cut: (cut != first, cut))
        found += [_address(version, cut) for cut in usual]
    return found


def _address(version: int, number: int) -> str:
    if version == 4:
        return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    return _address_v6(number)


@lru_cache(maxsize=256)
def _address_v6(number: int) -> str:
    from ipaddress import IPv6Address

    return str(IPv6Address(number))


def numbers(bounds: Sequence[str], *, are_counts: bool) -> list[str]:
    """Each bound, the numbers beside it and one between any two; of counts those that there are."""
    from math import ceil, floor

    known = sorted({value for text in bounds if (value := moment(text)) is not None})
    found = _around(known)
    if are_counts:
        found = sorted({whole for value in found for whole in (floor(value), ceil(value)) if whole >= 0})
    return [_written(value) for value in found] or ["1"]


def moments(bounds: Sequence[str]) -> list[str]:
    """The same of dates, which are whole seconds."""
    from datetime import UTC, datetime
    from math import floor

    known = sorted({value for text in bounds if (value := moment(text)) is not None})
    found = []
    for value in _around(known):
        try:
            found.append(datetime.fromtimestamp(floor(value), UTC).isoformat().replace("+00:00", "Z"))
        except (ValueError, OverflowError, OSError):  # there is no such year
            continue
    return list(dict.fromkeys(found)) or ["2026-01-01T00:00:00Z"]


def _around(known: Sequence[float]) -> list[float]:
    found = {beside for value in known for beside in (_beside(value, -1), value, _beside(value, 1))}
    found |= {one / 2 + other / 2 for one, other in pairwise(known)}
    return sorted(found)


def _beside(value: float, step: int) -> float:
    """Where the numbers are too large to count, the next that there is."""
    from math import inf, nextafter

    return value + step if value + step != value else nextafter(value, step * inf)


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
