"""Speed and memory of a bundle on this machine. Quote ratios from one run: machines are noisy."""

from __future__ import annotations

import gc
import platform
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface import bench_crowd
from talkface.bench_crowd import CrowdReport
from talkface.errors import require
from talkface.face import TalkFace
from talkface.stream import Stream

MODEL_RATE = 16000


@dataclass
class Timing:
    """Percentiles of one repeated measurement, in the unit its name says."""

    p50: float
    p95: float
    p99: float
    runs: int


@dataclass
class BenchReport:
    """What :func:`run` measured."""

    bundle: str
    provider: str
    threads: int
    onnxruntime: str
    machine: str
    latency_ms: float
    open_ms: float = 0.0
    first_pose_ms: float = 0.0
    rows: list[dict[str, Any]] = field(default_factory=list)
    step_ms: Timing | None = None
    sample_us: Timing | None = None
    push_us: Timing | None = None
    stream_kib: float = 0.0
    state_kib: float = 0.0
    crowd: CrowdReport | None = None
    encoders: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def speech_like(seconds: float, rate: int = MODEL_RATE) -> NDArray[np.float32]:
    """Noise with a syllable rhythm, so that nothing idles: float32 mono."""
    generator = np.random.default_rng(0)
    time_axis = np.arange(int(seconds * rate)) / rate
    rhythm = 0.5 - 0.5 * np.cos(2 * np.pi * 4.0 * time_axis)
    noise = generator.normal(0, 0.08, len(time_axis))
    return (noise * rhythm).astype(np.float32)


def _percentiles(values: Sequence[float], scale: float) -> Timing:
    p50, p95, p99 = np.percentile(np.array(values) * scale, [50, 95, 99])
    return Timing(float(p50), float(p95), float(p99), len(values))


def _drain(stream: Stream) -> None:
    stream.process()
    stream.read()


def cost(face: TalkFace, rate: int, fps: float | None, chunk: int, seconds: float) -> float:
    """CPU milliseconds for each second of audio, streamed in chunks."""
    audio = speech_like(seconds, rate)
    stream = face.stream(rate, fps=fps)
    began = time.process_time()
    for start in range(0, len(audio), chunk):
        stream.push(audio[start : start + chunk])
        _drain(stream)
    return 1000 * (time.process_time() - began) / seconds


def _times(body: Callable[[int], Any], count: int) -> list[float]:
    values = []
    clock = time.perf_counter
    for index in range(count):
        began = clock()
        body(index)
        values.append(clock() - began)
    return values


def run(
    bundle: str | Path | None = None,
    provider: str = "cpu",
    threads: int = 1,
    seconds: float = 20.0,
    progress: Callable[[str], None] = lambda _: None,
) -> BenchReport:
    """Measure a bundle. ``seconds``: of audio for each row."""
    from talkface import _core

    progress("opening")
    began = time.perf_counter()
    face = TalkFace(bundle, provider, threads=threads)
    opened = time.perf_counter()
    stream = face.stream()
    stream.push(speech_like(0.5))
    stream.process()
    first = time.perf_counter()
    info = face.info
    report = BenchReport(
        bundle=f"{info['name']} {info['version']}",
        provider=info["provider"],
        threads=threads,
        onnxruntime=info["onnxruntime"],
        machine=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        latency_ms=1000 * stream.latency,
        open_ms=1000 * (opened - began),
        first_pose_ms=1000 * (first - began),
    )
    for rate, fps, chunk_ms in (
        (16000, None, 40),
        (48000, 60, 20),
        (44100, 60, 10),
        (16000, None, 1000),
    ):
        progress(f"{rate} Hz, chunks of {chunk_ms} ms")
        spent = cost(face, rate, fps, rate * chunk_ms // 1000, seconds)
        row = {"sample_rate": rate, "fps": fps, "chunk_ms": chunk_ms, "cpu_ms_per_second": spent}
        report.rows.append({**row, "rtf": spent / 1000})
    progress("single calls")
    hop = info["hop"]
    audio = speech_like(8.0)
    stream = face.stream(sampling=True)
    chunks = [audio[i : i + hop] for i in range(0, len(audio) - hop, hop)]
    report.push_us = _percentiles(_times(lambda i: stream.push(chunks[i]), 20), 1e6)
    stream.process()
    steps = []
    for chunk in chunks[20:]:
        stream.push(chunk)
        began = time.perf_counter()
        stream.process()
        steps.append(time.perf_counter() - began)
    report.step_ms = _percentiles(steps, 1e3)
    report.sample_us = _percentiles(_core.time_sample(stream._core, 7 * MODEL_RATE, 20000), 1e6)
    report.state_kib = len(stream.save()) / 1024
    progress("memory")
    report.stream_kib = _stream_memory(face)
    return report


def _stream_memory(face: TalkFace, warm: int = 256, count: int = 768) -> float:
    """Resident KiB that one more stream with default buffers costs, each in use.

    The first ``warm`` streams fill what earlier work left free in the heap.
    """

    def used() -> Stream:
        stream = face.stream()
        stream.push(np.full(4000, 0.01, np.float32))
        stream.process()
        return stream

    gc.collect()
    streams = [used() for _ in range(warm)]
    before = resident()
    streams += [used() for _ in range(count)]
    return max(resident() - before, 0) / count / 1024


def resident() -> int:
    """Resident bytes of this process."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def encoders(progress: Callable[[str], None] = lambda _: None) -> list[dict[str, Any]]:
    """What large encoders cost, as ``python -m talkface_export.windows_speed`` measures it.

    Raises MissingExtraError without the [train] and [ssl] extras.
    """
    require("torch", "train", "encoders")
    require("transformers", "ssl", "encoders")
    from talkface_export.windows_speed import measure

    return [asdict(row) for row in measure(progress=progress)]


def render(report: BenchReport) -> str:
    """The report for people."""
    lines = [
        f"{report.bundle} on {report.provider}, {report.threads} thread(s), ONNX Runtime "
        f"{report.onnxruntime}, {report.machine}",
        f"latency (audio in to pose out, algorithmic): {report.latency_ms:.0f} ms",
        f"open: {report.open_ms:.0f} ms; open to first pose: {report.first_pose_ms:.0f} ms",
        f"memory: {report.stream_kib:.0f} KiB a stream; saved state {report.state_kib:.0f} KiB",
        "",
        "one stream:        rate      fps    chunk   CPU ms per second of audio",
    ]
    for row in report.rows:
        fps = row["fps"] or "graph"
        lines.append(
            f"              {row['sample_rate']:>7} Hz  {fps!s:>5}  {row['chunk_ms']:>4} ms   "
            f"{row['cpu_ms_per_second']:6.2f}"
        )
    lines += ["", "single calls:                 p50      p95      p99"]
    for name, timing, unit in (
        ("process, one hop", report.step_ms, "ms"),
        ("push, one hop (Python)", report.push_us, "us"),
        ("sample (C call)", report.sample_us, "us"),
    ):
        if timing is not None:
            cells = "".join(f"{value:9.2f}" for value in (timing.p50, timing.p95, timing.p99))
            lines.append(f"{name:<24}{cells} {unit}")
    if report.crowd is not None:
        lines += ["", bench_crowd.render(report.crowd)]
    if report.encoders:
        lines += ["", "encoders of wav2vec 2.0 base's size, random weights, one thread:"]
    for row in report.encoders:
        lines.append(
            f"  {row['way']:<46} {row['cpu_ms_per_second']:8.0f} ms a second of audio, "
            f"{row['ratio']:6.2f} times the first"
        )
    return "\n".join(lines)
