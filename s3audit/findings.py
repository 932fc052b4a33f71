"""The findings of a large account: folded up by what was judged, until somebody reads them."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import accumulate
from typing import overload

import msgspec

from s3audit.finding import Finding, FindingStatus, Kind, Subject
from s3audit.folds import Folds


class ManyFindings(Sequence[Finding]):
    """Takes those of one subject after the other, and gives them back in the order of the subjects."""

    def __init__(self) -> None:
        self.counted: Counter[Kind] = Counter()
        """How many there are of each check, status and severity."""
        self._groups: list[_Group] = []
        self._folds = Folds()

    def extend(self, found: Iterable[Finding]) -> None:
        """Add the findings of one subject."""
        those = sorted(found, key=_place)
        if not those:
            return
        self.counted.update((one.check, one.status, one.severity) for one in those)
        statuses = frozenset(one.status for one in those)
        try:
            self._folds.append(msgspec.msgpack.encode(those))
            group = _Group(those[0].subject, len(self._folds) - 1, len(those), statuses)
        except UnicodeEncodeError:  # the name of a file need not be Unicode
            group = _Group(those[0].subject, 0, len(those), statuses, those)
        self._groups.append(group)
        self.__dict__.pop("_sorted", None)
        self.__dict__.pop("_ends", None)

    def having(self, statuses: Collection[FindingStatus]) -> Iterator[Finding]:
        """Those of some statuses, without a look at the others."""
        for group in self._sorted:
            if not group.statuses.isdisjoint(statuses):
                yield from (one for one in self._of(group) if one.status in statuses)

    def _of(self, group: "_Group") -> Sequence[Finding]:
        return group.as_they_are or _decoder().decode(self._folds[group.place])

    @cached_property
    def _sorted(self) -> list["_Group"]:
        return sorted(self._groups, key=lambda group: group.subject)

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(group.size for group in self._sorted))

    @property
    def subjects(self) -> int:
        return len({group.subject for group in self._groups})

    def __len__(self) -> int:
        return self.counted.total()

    def __iter__(self) -> Iterator[Finding]:
        for group in self._sorted:
            yield from self._of(group)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Sequence) and len(self) == len(other) and all(map(Finding.__eq__, self, other))
        )

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, place: int) -> Finding: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Finding]: ...
    def __getitem__(self, place: int | slice) -> Finding | Sequence[Finding]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        number = bisect_right(self._ends, place)
        group = self._sorted[number]
        return self._of(group)[place - self._ends[number] + group.size]


@cache
def _decoder() -> msgspec.msgpack.Decoder[list[Finding]]:
    return msgspec.msgpack.Decoder(list[Finding])


class _Group(msgspec.Struct, frozen=True, gc=False):
    """Of one subject: where its findings are, and what may be told without a look at them."""

    subject: Subject
    place: int
    size: int
    statuses: frozenset[FindingStatus]
    as_they_are: Sequence[Finding] = ()


def _place(finding: Finding) -> tuple[str, str]:
    return (finding.evidence[0].at.source if finding.evidence else "", finding.check)
