"""Much that is alike, kept small: of each line what sets it apart from the first."""

import zlib
from collections.abc import Iterable

_LEVEL = 3
"""Twice as fast as the usual one, and a fifth larger."""


class Folds:
    def __init__(self, lines: Iterable[bytes] = ()) -> None:
        self._like = b""
        self._folds: list[bytes] = []
        for line in lines:
            self.append(line)

    def append(self, line: bytes) -> None:
        self._like = self._like or line
        machine = zlib.compressobj(level=_LEVEL, zdict=self._like)
        self._folds.append(machine.compress(line) + machine.flush())

    def __len__(self) -> int:
        return len(self._folds)

    def __getitem__(self, place: int) -> bytes:
        return zlib.decompressobj(zdict=self._like).decompress(self._folds[place])
