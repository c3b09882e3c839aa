"""A progress bar on standard error, for work that takes a while."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")
_WIDTH = 30
_QUIET_SECONDS = 0.7


def one_line(text: str, rest: str = "") -> str:
    """``text`` cut so that it and ``rest`` fit on one line of the terminal, to be written over."""
    room = shutil.get_terminal_size().columns - 1
    return (text[: max(room - len(rest), 0)] + rest)[:room]


class Progress:
    """Shows nothing for quick work or when standard error is not a terminal."""

    def __init__(self, title: str, enabled: bool = True) -> None:
        self._title = title
        self._enabled = enabled and sys.stderr.isatty()
        self._began = time.monotonic()
        self._shown = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def update(self, done: int, total: int) -> bool:
        """Show ``done`` of ``total``; always True, as progress callbacks want."""
        now = time.monotonic()
        if self._enabled and now - self._began > _QUIET_SECONDS and now - self._shown > 0.1:
            self._shown = now
            share = done / max(total, 1)
            bar = "#" * int(_WIDTH * share)
            left = (now - self._began) * (1 - share) / max(share, 1e-6)
            rest = f" [{bar:<{_WIDTH}}] {share:4.0%}, {left:.0f} s left"
            sys.stderr.write(f"\r{one_line(self._title, rest)}\x1b[K")
            sys.stderr.flush()
        return True

    def over(self, items: Sequence[T] | Iterable[T]) -> Iterator[T]:
        """Go over items with progress."""
        work = list(items)
        for index, item in enumerate(work):
            yield item
            self.update(index + 1, len(work))
