"""What is drawn on a terminal while a scan goes on, and how many requests are told of at its end."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios

import pytest

from s3audit.cli.live_progress import shown
from s3audit.collectors.live import access
from s3audit.collectors.live.run import look
from s3audit.collectors.live.watch import Watch
from s3audit.demo import faults
from s3audit.demo.server import Server
from tests.live.run.seen import wanted


class Terminal:
    """One of so many columns, and what was written to it."""

    def __init__(self, columns: int) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.stream = os.fdopen(slave, "w")

    def shows(self, words: str) -> bool:
        """Whether it comes to show this."""
        found = b""
        while words.encode() not in found and select.select([self._master], [], [], 20)[0]:
            found += os.read(self._master, 65536)
        return words.encode() in found

    def text(self) -> str:
        """All that is left of it; nothing more can come."""
        self.stream.close()
        found = b""
        try:
            while chunk := os.read(self._master, 65536):
                found += chunk
        except OSError:  # so Linux says that the other end is closed
            pass
        os.close(self._master)
        return found.decode()


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Of a scan that is in the middle of it."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    going = Watch()
    going.accounts, going.all_accounts = 2, 3
    going.buckets, going.all_buckets = 400, 1_000
    going.traffic = (12_345, 67)
    return going


@pytest.mark.parametrize("columns", [80, 160])
def test_a_terminal_shows_how_far_it_is(watch: Watch, columns: int) -> None:
    terminal = Terminal(columns)
    with shown(watch, terminal.stream):
        pass
    text = terminal.text()
    assert "\x1b[" in text
    assert "accounts 2/3 · buckets 400/1,000 · calls 12,345 · throttled 67 · 1 s left" in text


def test_the_last_state_is_drawn(watch: Watch) -> None:
    terminal = Terminal(120)
    with shown(watch, terminal.stream):
        assert terminal.shows("buckets 400/1,000")
        watch.stage = "reading again"
        watch.buckets = 1_000
    assert "buckets 1,000/1,000 · calls 12,345 · throttled 67 · a second try" in terminal.text()


def test_a_file_gets_no_more_than_plain_lines(watch: Watch, capsys: pytest.CaptureFixture[str]) -> None:
    with shown(watch, sys.stdout):
        pass
    said = "s3audit: accounts 2/3 · buckets 400/1,000 · calls 12,345 · throttled 67 · 1 s left\n"
    assert capsys.readouterr().out == said


def test_at_the_end_all_requests_are_told_though_the_clients_are_gone(
    own: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("s3audit.collectors.live.run.forget", access.forget)
    for name in ("a", "b"):
        own.world.bucket(f"orders-{name}")
    own.world.faults.add(faults.throttled(), "s3:GetBucketPolicy", times=3)
    watch = Watch()
    look(wanted(), watch=watch)
    assert watch.traffic == (own.world.requests.total(), 3)
    assert access.traffic() == (0, 0)
