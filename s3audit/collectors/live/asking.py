"""Asks a store, page by page, and keeps count of what it answered."""

from collections import Counter
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any

from s3audit.collectors.live.answers import Absent, Answer, Document, Gone, NotApplicable, Told, Unseen
from s3audit.collectors.live.meaning import meaning
from s3audit.collectors.live.operations import Operation
from s3audit.collectors.live.transport import Transport

MOST_PAGES = 10_000
"""Of one listing; a store whose tokens lead round in a circle ends here."""


class Asker:
    """Makes the calls of one unit, in any number of threads."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._lock = Lock()
        self.tally: Counter[str] = Counter()
        """How many answers there were, by operation and class: `s3:GetBucketPolicy denied`."""
        self._about: dict[str, Counter[str]] = {}
        self.unseen: list[tuple[Operation, str, Unseen]] = []
        """What could not be told, and about what it was asked."""

    def ask(
        self, operation: Operation, about: str, parameters: Mapping[str, Any], region: str = ""
    ) -> Answer:
        """What a store says about one thing; all pages of it, or none."""
        answer = self._paged(operation, parameters, region)
        self.note(operation, about, answer)
        return answer

    def note(self, operation: Operation, about: str, answer: Answer) -> None:
        """Count an answer, asked for or derived."""
        with self._lock:
            said = f"{operation.id} {_class(answer)}"
            self.tally[said] += 1
            self._about.setdefault(about, Counter())[said] += 1
            if isinstance(answer, Unseen):
                self.unseen.append((operation, about, answer))

    def tally_about(self, abouts: Iterable[str]) -> Counter[str]:
        """Of the answers, those about some things."""
        return sum((self._about.get(about, Counter()) for about in set(abouts)), Counter())

    def _paged(self, operation: Operation, parameters: Mapping[str, Any], region: str) -> Answer:
        pages = operation.pages
        if pages is None:
            return self._once(operation, parameters, region)
        asked = dict(parameters)
        if pages.size is not None:
            asked[pages.size[0]] = pages.size[1]
        gathered: dict[str, list[Any]] = {item: [] for item in pages.items}
        seen: set[tuple[str, ...]] = set()
        for _ in range(MOST_PAGES):
            answer = self._once(operation, asked, region)
            if not isinstance(answer, Told):
                return answer
            for item, found in gathered.items():
                found.extend(_at(answer.document, item) or ())
            token = _at(answer.document, pages.token)
            if not token:
                return Told(_with(answer.document, gathered))
            more = {name: str(_at(answer.document, where) or "") for where, name in pages.more}
            if (token, *more.values()) in seen:
                break
            seen.add((token, *more.values()))
            asked |= {pages.parameter: token, **more}
        return Unseen("unexpected", f"{operation.id} lists without end")

    def _once(self, operation: Operation, parameters: Mapping[str, Any], region: str) -> Answer:
        reply = self._transport.call(operation.service, operation.name, parameters, region)
        return meaning(operation, reply)


def _at(document: Document, path: str) -> Any:
    """What stands at `DistributionList.NextMarker`."""
    value: Any = document
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _with(document: Document, lists: Mapping[str, list[Any]]) -> Document:
    """The last page with the items of all."""
    whole = dict(document)
    for path, items in lists.items():
        *above, name = path.split(".")
        at = whole
        for key in above:
            at[key] = dict(at.get(key) or {})
            at = at[key]
        at[name] = items
    return whole


def _class(answer: Answer) -> str:
    match answer:
        case Told(derived=why) | Absent(derived=why) if why:
            return "derived"
        case Told():
            return "told"
        case Absent():
            return "absent"
        case Unseen(reason):
            return reason
        case NotApplicable():
            return "not_applicable"
        case Gone():
            return "gone"
