"""Asks a store, page by page, and keeps count of what it answered."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import Any

from s3audit.collectors.live.answers import Absent, Answer, Gone, NotApplicable, Told, Unseen
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
            self.tally[f"{operation.id} {_class(answer)}"] += 1
            if isinstance(answer, Unseen):
                self.unseen.append((operation, about, answer))

    def _paged(self, operation: Operation, parameters: Mapping[str, Any], region: str) -> Answer:
        pages = operation.pages
        if pages is None:
            return self._once(operation, parameters, region)
        asked = dict(parameters)
        if pages.size is not None:
            asked[pages.size[0]] = pages.size[1]
        gathered: dict[str, list[Any]] = {item: [] for item in pages.items}
        seen: set[str] = set()
        for _ in range(MOST_PAGES):
            answer = self._once(operation, asked, region)
            if not isinstance(answer, Told):
                return answer
            for item, found in gathered.items():
                found.extend(answer.document.get(item) or ())
            token = answer.document.get(pages.token)
            if not token:
                return Told({**answer.document, **gathered})
            if token in seen:
                break
            seen.add(token)
            asked[pages.parameter] = token
        return Unseen("unexpected", f"{operation.id} lists without end")

    def _once(self, operation: Operation, parameters: Mapping[str, Any], region: str) -> Answer:
        reply = self._transport.call(operation.service, operation.name, parameters, region)
        return meaning(operation, reply)


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
