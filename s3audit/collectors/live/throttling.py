"""What a store throttles: how long it is asked for all the same, and that nothing else waits for it."""

from threading import BoundedSemaphore, Lock

MOST_THROTTLED = 3
"""So many times in a row a call was throttled to the last, and the rest of them are not made in this round."""
FEW = 3
"""How often one is tried at a time once that has happened."""
AT_ONCE = 2
"""How many of them are made at the same time once the store throttles them."""
APART = 5
"""So many requests in a row throttled, and these calls have a client of their own, whose pauses are theirs alone."""
CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)


def is_throttled(status: int, code: str) -> bool:
    """Whether it was refused because there was too much of it."""
    return status in (429, 503) or code in CODES


class Throttles:
    """Of each operation in each Region, how it is throttled."""

    def __init__(self, attempts: int) -> None:
        self._attempts = attempts
        self._lock = Lock()
        self._kept: dict[tuple[str, str, str], Throttle] = {}
        self._places: dict[tuple[str, str], _Place] = {}
        self._round = ""

    def of(self, service: str, operation: str, region: str) -> "Throttle":
        with self._lock:
            key = (service, operation, region)
            if key not in self._kept:
                place = self._places.setdefault((service, region), _Place())
                self._kept[key] = Throttle(self._attempts, place)
            return self._kept[key]

    def begin(self, name: str) -> None:
        """In a new round everything is asked again."""
        with self._lock:
            if name != self._round:
                self._round = name
                for throttle in self._kept.values():
                    throttle.begin()
                for place in self._places.values():
                    place.is_silent = False


class _Place:
    """A service in a Region."""

    is_silent = False
    """Whether there was no answer since one of its operations was given up."""


class Throttle:
    """One operation in one Region."""

    def __init__(self, attempts: int, place: _Place) -> None:
        self._attempts = attempts
        self._place = place
        self._lock = Lock()
        self._row = 0
        """Requests that were throttled since the last answer."""
        self._lost = 0
        """How often since then they were as many as a call is tried."""
        self._was_over = False
        """Whether it was so in the round before."""
        self.is_apart = False
        self.turns = BoundedSemaphore(AT_ONCE)
        """For whoever makes one of these calls once they are apart."""

    @property
    def is_over(self) -> bool:
        """Whether no more of these calls are made."""
        most = 1 if self._place.is_silent else MOST_THROTTLED
        return self._lost >= most and self._row >= most * FEW

    @property
    def attempts(self) -> int:
        """How often such a call is tried before it is looked at whether there is any use in it."""
        return min(FEW, self._attempts) if self._is_doubtful else self._attempts

    @property
    def _is_doubtful(self) -> bool:
        return self._lost > 0 or self._was_over or self._place.is_silent

    def begin(self) -> None:
        """Ask again, but with less patience than before."""
        with self._lock:
            self._was_over = self.is_over
            self._row = self._lost = 0

    def answered(self) -> None:
        if self._row or self._is_doubtful:
            with self._lock:
                self._row = self._lost = 0
                self._was_over = self._place.is_silent = False

    def refused(self) -> None:
        """A request was throttled."""
        with self._lock:
            self._row += 1
            # Who tries once has no pauses.
            if self._attempts > 1 and (self._row >= APART or self._is_doubtful):
                self.is_apart = True

    def lost(self) -> None:
        """A call was throttled as often as it was tried."""
        with self._lock:
            self._lost += 1
            if self.is_over:
                self._place.is_silent = True
