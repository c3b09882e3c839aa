"""Speed and memory of crowds on this machine, beside a control that only computes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from talkface.face import TalkFace

STREAMS = (1, 4, 16, 64, 256)
THREADS = (1, 2)
CHUNKS_MS = (20, 40)
TICKS = 250
MEMORY_RATE = 48000
CONTROL_SECONDS = 1.5
ROUNDS = 3
MOST = 4096


@dataclass(frozen=True)
class Row:
    """One load. ``tick_ms``: p50, p90 and p99 of a process call; ``rtf``: of push, process and
    sample together, over game time; ``mean_batch``: streams of a graph run."""

    bundle: str
    precision: str
    provider: str
    threads: int
    sample_rate: int
    chunk_ms: int
    streams: int
    tick_ms: tuple[float, float, float]
    rtf: float
    mean_batch: float


@dataclass(frozen=True)
class Held:
    """The most streams that kept up: the load took less time than it stood for."""

    bundle: str
    provider: str
    threads: int
    sample_rate: int
    streams: int
    tick_p99_ms: float
    rtf: float


@dataclass
class CrowdReport:
    """What :func:`run` measured. ``control``: arithmetic in two threads over that in one, while
    streams at 16 kHz were counted;
    ``details``: cost of a crowd at fewer poses and in silence, over all poses and speech."""

    rows: list[Row] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    control: float = 0.0
    stream_kib: float = 0.0
    details: dict[str, float] = field(default_factory=dict)

    @property
    def scaling(self) -> float:
        """Streams held by two threads over those held by one, at 16 kHz."""
        of = {held.threads: held.streams for held in self.held if held.sample_rate == 16000}
        return of[2] / of[1] if {1, 2} <= of.keys() else float("nan")


def load(face: TalkFace, streams: int, threads: int, **options: Any) -> dict[str, Any]:
    """One load of ``talkface._core.crowd_load``, in C++."""
    from talkface import _core

    how = {
        "sample_rate": 16000, "chunk_ms": 20, "ticks": TICKS, "stride": 1, "sleep_ms": 0,
        "silent_share": 0.0,
    }  # fmt: skip
    return _core.crowd_load(face._model, streams=streams, threads=threads, **{**how, **options})


def row_of(
    face: TalkFace, streams: int, threads: int, chunk_ms: int = 20, rate: int = 16000
) -> Row:
    """Measure one row of the matrix."""
    ticks = TICKS * 20 // chunk_ms
    found = load(face, streams, threads, chunk_ms=chunk_ms, sample_rate=rate, ticks=ticks)
    p50, p90, p99 = np.percentile(np.array(found["process"]) * 1e3, [50, 90, 99])
    info = face.info
    return Row(
        f"{info['name']} {info['version']}",
        info["precision"],
        info["provider"],
        threads,
        rate,
        chunk_ms,
        streams,
        (float(p50), float(p90), float(p99)),
        found["wall"] / (ticks * chunk_ms * 1e-3),
        found["steps"] / max(found["runs"], 1),
    )


def most_held(face: TalkFace, threads: int, rate: int, guess: Row) -> Held:
    """Try ever fewer streams, from a little more than ``guess`` promises, until they keep up."""
    streams = min(int(1.05 * guess.streams / guess.rtf), MOST)
    while True:
        row = row_of(face, streams, threads, rate=rate)
        if row.rtf <= 1.0 or streams <= 1:
            break
        streams = max(min(int(0.97 * streams / row.rtf), streams - 1), 1)
    return Held(row.bundle, row.provider, threads, rate, streams, row.tick_ms[2], row.rtf)


def hold(
    face: TalkFace, threads: Sequence[int], rate: int, streams: int, rounds: int = ROUNDS
) -> tuple[list[Held], float]:
    """The middle of ``rounds`` measurements for each number of threads, and of the control.

    They take turns, so that a machine that is slower for a while is so for all of them.
    """
    guesses = {count: row_of(face, streams, count, rate=rate) for count in threads}
    found: dict[int, list[Held]] = {count: [] for count in threads}
    control = []
    for _ in range(rounds):
        for count in threads:
            found[count].append(most_held(face, count, rate, guesses[count]))
        control.append(scaling_control())
    middle = [sorted(held, key=lambda h: h.streams)[rounds // 2] for held in found.values()]
    return middle, sorted(control)[rounds // 2]


def scaling_control() -> float:
    """What two threads of arithmetic do over what one does."""
    from talkface import _core

    one, two = (_core.rounds_per_second(threads, CONTROL_SECONDS) for threads in (1, 2))
    return two / one


def stream_memory(bundle: str, provider: str = "cpu", warm: int = 128, count: int = 384) -> float:
    """Resident KiB of one more member at 48 kHz with the default buffers, each in use.

    To be called in a process that has done nothing else: memory that was freed before is used
    again and does not show.
    """
    from talkface.bench import resident

    face = TalkFace(bundle, provider)
    crowd = face.crowd(sample_rate=MEMORY_RATE, max_streams=warm + count, sampling=True)
    chunk = np.full(MEMORY_RATE // 4, 0.01, np.float32)

    def join(more: int) -> None:
        for _ in range(more):
            stream = crowd.join()
            for _ in range(3):
                stream.push(chunk)
                crowd.process()
            # A full ring touches all of its pages.
            stream.push(chunk)

    join(warm)
    gc.collect()
    before = resident()
    join(count)
    return max(resident() - before, 0) / count / 1024


def run(
    faces: Sequence[TalkFace],
    streams: Sequence[int] = STREAMS,
    threads: Sequence[int] = THREADS,
    progress: Callable[[str], None] = lambda _: None,
) -> CrowdReport:
    """Measure the first face in full, the others (variants, other providers) on the matrix."""
    report = CrowdReport()
    for face in faces:
        info = face.info
        name = f"{info['name']} {info['version']} on {info['provider']}"
        for count in threads:
            for chunk_ms in CHUNKS_MS:
                for n in streams:
                    progress(f"crowd: {name}, {count} thread(s), {n} streams, {chunk_ms} ms")
                    report.rows.append(row_of(face, n, count, chunk_ms))
    face = faces[0]
    for rate in (16000, MEMORY_RATE):
        progress(f"crowd: how many hold at {rate} Hz, beside a control that only computes")
        held, control = hold(face, threads, rate, max(streams))
        report.held.extend(held)
        report.control = report.control or control
    progress("crowd: fewer poses, silence")
    costs = {
        "all poses": load(face, 64, 1),
        "half the poses": load(face, 64, 1, stride=2),
        "a quarter of the poses": load(face, 64, 1, stride=4),
        "all silent, asleep": load(face, 64, 1, sleep_ms=500, silent_share=1.0),
    }
    report.details = {k: v["cpu"] / costs["all poses"]["cpu"] for k, v in costs.items()}
    progress("crowd: memory")
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
        job = fresh.submit(stream_memory, str(face.path), face.info["provider"])
        report.stream_kib = job.result()
    return report


def render(report: CrowdReport) -> str:
    """The report for people."""
    lines = [
        "crowds (20 ms game ticks, every stream with its own phase):",
        "bundle                  provider  threads  chunk  streams   tick ms p50    p90    p99"
        "    RTF  mean batch",
    ]
    for row in report.rows:
        p50, p90, p99 = row.tick_ms
        lines.append(
            f"{row.bundle + ' ' + row.precision:<23} {row.provider:<9} {row.threads:>7} "
            f"{row.chunk_ms:>3} ms  {row.streams:>7}   {p50:11.2f} {p90:6.2f} {p99:6.2f} "
            f"{row.rtf:6.3f} {row.mean_batch:11.1f}"
        )
    lines += ["", "most streams that keep up:"]
    for held in report.held:
        lines.append(
            f"  {held.streams:>5} at {held.sample_rate} Hz on {held.threads} thread(s) "
            f"(p99 tick {held.tick_p99_ms:.1f} ms)"
        )
    if np.isfinite(report.scaling):
        lines.append(
            f"two threads over one: {report.scaling:.2f} times the streams; arithmetic alone: "
            f"{report.control:.2f}"
        )
    lines += [
        f"memory: {report.stream_kib:.0f} KiB a stream at 48 kHz, ring of 0.25 s",
        "cost of 64 streams: "
        + ", ".join(f"{name} {share:.2f}" for name, share in report.details.items()),
    ]
    return "\n".join(lines)


def plot(report: CrowdReport, path: Path) -> Path:
    """Draw p99 ticks and real-time factors over the number of streams. Needs the [plot] extra."""
    from talkface.plots import plot_lines

    kinds = sorted({(r.bundle, r.precision, r.provider, r.threads) for r in report.rows})
    rows = [r for r in report.rows if r.chunk_ms == CHUNKS_MS[0]]
    panels: dict[str, dict[str, list[tuple[float, float]]]] = {"p99 of a tick, ms": {}, "RTF": {}}
    for kind in kinds:
        mine = [r for r in rows if (r.bundle, r.precision, r.provider, r.threads) == kind]
        label = f"{kind[0]} {kind[1]}, {kind[2]}, {kind[3]} thread(s)"
        panels["p99 of a tick, ms"][label] = [(r.streams, r.tick_ms[2]) for r in mine]
        panels["RTF"][label] = [(r.streams, r.rtf) for r in mine]
    return plot_lines(panels, "streams", path)
