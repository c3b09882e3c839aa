"""A live face: audio in, frames out at their exact times.

The **program** is one sequence of samples: what the source gave, with silence where it had nothing
in time. The stream hears it, and the loudspeaker, if there is one, plays it; a clock says when each
of its samples is heard. Frame k belongs to k / fps seconds of the program and goes out when that is
heard: its time is computed from k, never added up, so that nothing drifts.

A microphone's clock is the program's, so what it brings after silence took its place is left out:
the face never lags more than before. With a loudspeaker the clock is the loudspeaker's, and sound
that comes late is heard late.

**Catching up.** A frame that is late goes out at once, also several in a row, in order, as long as
they are no more than ``CATCH_UP`` late; older ones are left out and counted, and the frame numbers
show the gap. The clock never waits for anyone.

A frame that has not been made when its time comes is replaced by the pose of that time as the
stream's own rules give it (held for 100 ms, then eased to neutral), and counted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip
from talkface.live.clocks import Clock, Time
from talkface.live.counters import Counters
from talkface.live.senders import LiveFrame, Sender
from talkface.live.sources import Source
from talkface.rig import CHANNELS
from talkface.stream import Stream

CATCH_UP = 0.25
"""Seconds by which a frame may be late and still be sent."""
GUARD = 0.03
"""Seconds before a moment is heard by which its audio, and the look-ahead, must be there."""
MARGIN = 0.25
"""Seconds of audio that are fetched beyond that, where the source has them already."""
SLACK = 0.3
"""Seconds by which a live source may run ahead before audio is left out."""
_CHUNK = 0.02
_FEED_EVERY = 0.02
"""Frames are made right after one was sent, when the next is farthest, and at least this often."""


class Speaker(Protocol):
    """Plays the program."""

    def write(self, samples: NDArray[np.float32]) -> None: ...

    def silence(self) -> None:
        """Play silence in place of what has been written and not been played."""

    def end(self) -> None:
        """There is no more: play what there is."""


def delay_of(stream: Stream) -> float:
    """Seconds by which a live source must be delayed for its face to be there in time."""
    return stream.latency + GUARD + 2 * _CHUNK


class Session:
    """One face with its source, clock and senders. :meth:`run` in one thread does it all.

    ``stream``: with the source's sample rate and channels. ``clock``: when the program is heard.
    ``time``: of the system, replaced in tests. ``threaded``: audio is turned into frames in a
    thread beside :meth:`run`; otherwise between the frames.
    """

    def __init__(
        self,
        stream: Stream,
        source: Source,
        senders: Sequence[Sender],
        clock: Clock,
        time: Time,
        *,
        speaker: Speaker | None = None,
        threaded: bool = True,
    ) -> None:
        self.counters = Counters()
        self._stream = stream
        self._source = source
        self._senders = senders
        self._clock = clock
        self._time = time
        self._speaker = speaker
        self._threaded = threaded
        self._stop = threading.Event()
        self._turn = threading.Event()
        self._work = threading.Lock()
        self._waiting: NDArray[np.float32] | None = None
        self._pushed = 0
        self._owed = 0
        self._starving = True
        self._ended = False
        self._error: BaseException | None = None
        self._next = 0
        self._unread = 0

    # ---- audio to frames

    @property
    def _rate(self) -> int:
        return self._stream.sample_rate

    def feed(self) -> None:
        """Take what the source has, fill up with silence what is due, and make frames."""
        with self._work:
            ready = self._clock.ready
            heard = self._clock.position(self._time.now()) if ready else 0.0
            due = round((heard + self._stream.latency + GUARD) * self._rate)
            self._take(due)
            if self._source.ended and self._waiting is None:
                self._end()
            elif self._pushed < due and (ready or not self._source.live):
                self._fill(due)
            self._stream.process()

    def _take(self, due: int) -> None:
        margin = SLACK if self._source.live else MARGIN
        until = due + round(margin * self._rate)
        while not self._ended:
            if self._waiting is None:
                limit = round(_CHUNK * self._rate)
                if not self._source.live:
                    limit = min(limit, until - self._pushed)
                data = self._source.read(limit) if limit > 0 else None
                if data is None or not len(data):
                    return
                late = min(self._owed, len(data))
                if self._pushed >= until and self._clock.ready:
                    late = len(data)
                self._owed = max(self._owed - late, 0)
                self.counters.dropped += late / self._rate
                data = data[late:]
                if not len(data):
                    continue
                self._waiting = data
                self._starving = False
            if not self._push():
                return

    def _push(self) -> bool:
        """Push what waits; whether the stream took it all."""
        assert self._waiting is not None
        data = self._waiting
        taken = self._stream.push(data if self._stream.channels > 1 else data[:, 0])
        if self._speaker is not None:
            self._speaker.write(data[:taken])
        self._pushed += taken
        self._waiting = data[taken:] if taken < len(data) else None
        return self._waiting is None

    def _fill(self, due: int) -> None:
        if self._waiting is not None:  # The stream is full: there is no lack of audio.
            return
        missing = due - self._pushed
        if not self._starving:
            self._starving = True
            self.counters.underruns += 1
        while missing > 0:
            size = min(round(_CHUNK * self._rate), missing)
            missing -= size
            self.counters.silence += size / self._rate
            if self._source.live and self._speaker is None:
                self._owed += size
            self._waiting = np.zeros((size, self._stream.channels), np.float32)
            if not self._push():
                return

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._stream.flush()
            if self._speaker is not None:
                self._speaker.end()

    def interrupt(self, ease_ms: int = 120) -> None:
        """Barge-in: forget audio that has not been heard, ease to neutral. From any thread."""
        with self._work:
            self._source.drop()
            if not self._source.live:
                self._waiting = None
            if self._source.ended:  # Time to come to rest in.
                self._waiting = np.zeros(
                    (round(0.1 * self._rate), self._stream.channels), np.float32
                )
            if self._speaker is not None:
                self._speaker.silence()
            self._stream.interrupt(ease_ms)
            self.counters.interrupts += 1

    # ---- frames to senders

    @property
    def frames(self) -> int | None:
        """Frames before the end of the audio; None as long as that is not known."""
        return ceil(self._pushed * self._stream.fps / self._rate) if self._ended else None

    @property
    def seconds(self) -> float:
        """Time of the next frame."""
        return float(self._next / self._stream.fps)

    def run(
        self, seconds: float | None = None, tick: Callable[[], None] = lambda: None
    ) -> Counters:
        """Send frames until the source ends, :meth:`stop`, or ``seconds`` of audio are over.

        ``tick`` is called now and then, from the thread that makes frames. Raises what a sender,
        the source or the stream raised.
        """
        last = None if seconds is None else ceil(seconds * self._stream.fps)
        with self._feeding(tick):
            while not self._stop.is_set() and not self._over(last):
                if not self._threaded:
                    self.feed()
                    tick()
                if not self._clock.ready:
                    self._time.sleep_until(self._time.now() + 0.005)
                    continue
                due = self._clock.when(self.seconds)
                now = self._time.sleep_until(min(due, self._time.now() + _FEED_EVERY))
                if now < due:
                    continue
                if now - due > CATCH_UP:
                    self._skip(now)
                    continue
                self._send(now - due)
        if self._error is not None:
            raise self._error
        return self.counters

    def _over(self, last: int | None) -> bool:
        if last is not None and self._next >= last:
            return True
        frames = self.frames
        if frames is None or self._next < frames:
            return False
        return self._unread + self._stream.frames_ready <= self._next  # no mouth is still closing

    def _skip(self, now: float) -> None:
        fps = self._stream.fps
        oldest = ceil(Fraction(self._clock.position(now - CATCH_UP)) * fps)
        self.counters.skipped += max(oldest - self._next, 1)
        self._next = max(oldest, self._next + 1)

    def _send(self, late: float) -> None:
        pose = self._pose(self._next)
        held = pose is None
        frame = LiveFrame(
            self._next, self._stream.fps, self._held() if pose is None else pose, held
        )
        for sender in self._senders:
            sender.send(frame)
        counters = self.counters
        counters.sent += 1
        counters.held += frame.held
        counters.late.add(late)
        counters.ahead.add(max(0.0, self._pushed / self._rate - self.seconds))
        self._next += 1
        self._turn.set()

    def _pose(self, index: int) -> Clip | None:
        """Frame ``index`` of the stream; None when it is not there."""
        while True:
            clip = self._stream.read(1)
            if not len(clip):
                return None
            at = round(float(clip.timestamps[0]) * self._stream.fps)
            self._unread = at + 1
            if at >= index:
                return clip

    def _held(self) -> Clip:
        pose = self._stream.sample(self.seconds)
        return replace(
            self._neutral(),
            weights=pose.weights[None],
            head_rotation=pose.head_rotation[None],
            head_translation=pose.head_translation[None],
            emotion=pose.emotion[None],
            visemes=pose.visemes[None],
        )

    def _neutral(self) -> Clip:
        emotions = self._stream.emotions
        return Clip(
            weights=np.zeros((1, len(CHANNELS)), np.float32),
            timestamps=np.array([self.seconds]),
            head_rotation=np.array([[0, 0, 0, 1]], np.float32),
            head_translation=np.zeros((1, 3), np.float32),
            emotion=np.zeros((1, len(emotions)), np.float32),
            visemes=np.zeros((1, 0), np.float32),
            emotions=emotions,
            fps=self._stream.fps,
        )

    def stop(self) -> None:
        """End :meth:`run` before its next frame. From any thread."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def rest(self) -> None:
        """Send a neutral face, so that one who was cut off does not stay with an open mouth."""
        for sender in self._senders:
            sender.send(LiveFrame(self._next, self._stream.fps, self._neutral(), held=True))
        self._next += 1

    @contextmanager
    def _feeding(self, tick: Callable[[], None]) -> Iterator[None]:
        if not self._threaded:
            yield
            return
        done = threading.Event()

        def work() -> None:
            try:
                while not done.is_set():
                    self.feed()
                    tick()
                    self._turn.wait(_FEED_EVERY)
                    self._turn.clear()
            except BaseException as error:
                self._error = error
                self.stop()

        thread = threading.Thread(target=work, name="talkface live")
        thread.start()
        try:
            yield
        finally:
            done.set()
            self._turn.set()
            thread.join()
