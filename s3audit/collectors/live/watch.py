"""What whoever waits for a scan can see of it, and how they end it early."""

from threading import Event, Lock


class Watch:
    """Shared by all units that run in this process; those elsewhere are seen when they come back."""

    def __init__(self) -> None:
        self._stop = Event()
        self._lock = Lock()
        self.accounts = self.all_accounts = 0
        """How many were entered or could not be, and how many there are."""
        self.buckets = self.all_buckets = 0
        self.stage = ""
        """What is going on, in words."""
        self.traffic: tuple[int, int] | None = None
        """How many requests there were and how many of them were throttled, once the scan has ended."""

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stop.set()

    def account_done(self) -> None:
        with self._lock:
            self.accounts += 1

    def buckets_done(self, count: int = 1) -> None:
        with self._lock:
            self.buckets += count
