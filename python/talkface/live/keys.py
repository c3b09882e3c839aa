"""Keys of a terminal, without waiting for Return."""

from __future__ import annotations

import contextlib
import os
import select
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def keys(pressed: Callable[[str], None]) -> Iterator[bool]:
    """Calls ``pressed`` with each key, from a thread of its own; gives whether there are keys.

    They come from the terminal that this process belongs to, also when standard input is a pipe.
    Without a terminal, or on a system without terminals of this kind, there are none.
    """
    try:
        import termios
        import tty

        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except (ImportError, OSError):
        yield False
        return
    if os.tcgetpgrp(terminal) != os.getpgrp():  # In the background its keys are another's.
        os.close(terminal)
        yield False
        return
    before = termios.tcgetattr(terminal)
    done = threading.Event()

    def listen() -> None:
        while not done.is_set():
            ready, _, _ = select.select([terminal], [], [], 0.1)
            if ready:
                for key in os.read(terminal, 16).decode("utf-8", "ignore"):
                    pressed(key)

    thread = threading.Thread(target=listen, daemon=True)
    try:
        tty.setcbreak(terminal)
        thread.start()
        yield True
    finally:
        done.set()
        thread.join()
        with contextlib.suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        os.close(terminal)
