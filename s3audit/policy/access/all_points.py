"""All access points of a bucket, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from s3audit.policy.access.delegation import delegated, doubtful, unread
from s3audit.policy.access.lambdas import by_lambda
from s3audit.policy.access.place import Place
from s3audit.policy.access.points import by_point, entrances
from s3audit.policy.access.ways import Wanted
from s3audit.policy.access.words import Access


def by_points(place: Place, direct: Sequence[Access], to: Wanted | None = None) -> Iterator[Access]:
    """What they let in; `direct` is what the bucket policy does by itself."""
    yield from unread(place, direct, to)
    for entrance in entrances(place):
        found = [*by_point(place, entrance, to), *by_lambda(place, entrance, to)]
        yield from found
        known = {(one.who, one.can) for one in found}
        for other in doubtful(place, entrance):
            yield from (one for one in by_point(place, other, to) if (one.who, one.can) not in known)
    yield from delegated(place, direct, to)
