"""Dominance-function coarticulation after Cohen and Massaro, with laws applied afterwards.

A phone holds its target between two shares of its length and its dominance falls off
exponentially outside; a channel is the dominance-weighted mean of all phones' targets
(papers-and-metrics.md 6.3). Closures of bilabials, the lower lip of labiodentals and rest in
silence are laws: they are enforced after smoothing, so nothing averages them away.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.rig import CHANNEL_INDEX, CHANNELS
from talkface_train.data.phones import BILABIALS, LABIODENTALS, SILENCE, UNKNOWN, Segment

LATEST = "v2"
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Unit:
    """A phone, or half a diphthong, in seconds."""

    start: float
    end: float
    phone: str


def _plateau(times: Array, start: float, end: float, ramp_in: float, ramp_out: float) -> Array:
    """1 inside [start, end] with raised-cosine ramps outside of it."""
    tiny = 1e-6
    rise = np.clip((times - (start - ramp_in)) / max(ramp_in, tiny), 0.0, 1.0)
    fall = np.clip(((end + ramp_out) - times) / max(ramp_out, tiny), 0.0, 1.0)
    if ramp_in <= 0:
        rise = (times >= start - tiny).astype(np.float64)
    if ramp_out <= 0:
        fall = (times <= end + tiny).astype(np.float64)
    return 0.5 - 0.5 * np.cos(np.pi * np.minimum(rise, fall))


class Articulation:
    """The articulation model of one table version.

    ``channels`` names the modelled articulators: ARKit channels, with left/right pairs
    under their common name (``mouthPress``).
    """

    def __init__(self, table: dict[str, Any]) -> None:
        self.version: str = table["version"]
        self.channels: tuple[str, ...] = tuple(table["channels"])
        self.table = table
        index = {name: i for i, name in enumerate(self.channels)}
        self._index = index
        self._targets: dict[str, Array] = {}
        self._dominance: dict[str, Array] = {}
        self._rate_in = np.ones(len(index))
        self._rate_out = np.ones(len(index))
        for group in table["groups"].values():
            members = [index[c] for c in group["channels"]]
            self._rate_in[members] = group["rate_in"]
            self._rate_out[members] = group["rate_out"]
        for phone, row in table["phones"].items():
            target = np.zeros(len(index))
            for channel, value in row["targets"].items():
                target[index[channel]] = value
            dominance = np.ones(len(index))
            for name, value in row.get("dominance", {}).items():
                dominance[[index[c] for c in table["groups"][name]["channels"]]] = value
            self._targets[phone] = target
            self._dominance[phone] = dominance

    def curves(
        self,
        segments: Sequence[Segment],
        frames: int,
        fps: float,
        strength: float | Array = 1.0,
    ) -> NDArray[np.float32]:
        """Curves of the articulators for timed phones.

        ``segments`` are in seconds, sorted; gaps count as silence. Frame ``i`` lies at
        ``i / fps``. Returns float32 ``[frames, len(self.channels)]`` in [0, 1]; ``strength``,
        a number or [frames, 1], scales everything but the seal of closures.
        """
        times = np.arange(frames) / fps
        segments = self.with_silence(segments, frames / fps)
        values = self._smooth(self._blend(self.units(segments), times), fps) * strength
        self.rest_law(values, segments, times)
        self._labiodental_law(values, segments, times)
        self._closure_law(values, segments, times)
        return np.clip(values, 0.0, 1.0).astype(np.float32)

    def target(self, phone: str) -> NDArray[np.float32]:
        """The target of one phone [articulators]; a diphthong's is the mean of its halves."""
        halves = self.table["diphthongs"].get(phone, (phone,))
        mean: Array = np.mean([self._targets[half] for half in halves], axis=0)
        return mean.astype(np.float32)

    def closures(self, segments: Sequence[Segment]) -> list[tuple[float, float]]:
        """Oral closure intervals (start, end) in seconds of the bilabials.

        Hand-labelled closures win; otherwise a share of the phone, from the measured 8 to 75 %
        of /p b/ and nearly all of /m/ (feasibility.md, "Do the timings line up"). Neighbours
        that touch are merged.
        """
        rule = self.table["closure"]
        found: list[tuple[float, float]] = []
        for segment in segments:
            if segment.phone not in BILABIALS:
                continue
            low, high = rule["nasal" if segment.phone == "M" else "stop"]
            length = segment.end - segment.start
            start, end = segment.closed or (
                segment.start + low * length,
                segment.start + high * length,
            )
            end = max(end, start + rule["min_seconds"])
            if found and start - found[-1][1] < rule["min_seconds"]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return found

    def closure_curve(self, segments: Sequence[Segment], times: Array) -> Array:
        """Closure gain per time: 1 in each closure, raised-cosine ramps around it."""
        ramp = self.table["closure"]["ramp_seconds"]
        gain = np.zeros(len(times))
        for start, end in self.closures(segments):
            gain = np.maximum(gain, _plateau(times, start, end, ramp, ramp))
        return gain

    def with_silence(self, segments: Sequence[Segment], duration: float) -> list[Segment]:
        """``segments`` with gaps until ``duration`` filled, and neighbouring silences joined."""
        filled: list[Segment] = []
        clock = 0.0
        for segment in segments:
            if segment.start - clock > 1e-3:
                filled.append(Segment(clock, segment.start, SILENCE))
            filled.append(segment)
            clock = max(clock, segment.end)
        if duration - clock > 1e-3:
            filled.append(Segment(clock, duration, SILENCE))
        merged: list[Segment] = []
        for segment in filled:
            last = merged[-1] if merged else None
            if last and last.phone == segment.phone == SILENCE:
                merged[-1] = Segment(last.start, segment.end, SILENCE)
            else:
                merged.append(segment)
        return merged

    def units(self, segments: Sequence[Segment]) -> list[Unit]:
        """What the blend sees: diphthongs cut in two, short silences left out."""
        absorb = self.table["silence_absorb_seconds"]
        cut = self.table["diphthong_cut"]
        units: list[Unit] = []
        for position, segment in enumerate(segments):
            inside = 0 < position < len(segments) - 1
            if segment.phone == UNKNOWN:
                units.append(Unit(segment.start, segment.end, "AH"))
            elif segment.phone == SILENCE and inside and segment.end - segment.start < absorb:
                continue
            elif segment.phone in self.table["diphthongs"]:
                first, second = self.table["diphthongs"][segment.phone]
                middle = segment.start + cut * (segment.end - segment.start)
                units.append(Unit(segment.start, middle, first))
                units.append(Unit(middle, segment.end, second))
            else:
                units.append(Unit(segment.start, segment.end, segment.phone))
        return units

    def _blend(self, units: Sequence[Unit], times: Array) -> Array:
        low, high = self.table["hold"]
        reference = self.table["reference_seconds"]
        weighted = np.zeros((len(times), len(self.channels)))
        total = np.full((len(times), len(self.channels)), 1e-9)
        for unit in units:
            length = max(unit.end - unit.start, 0.02)
            if unit.phone == SILENCE:
                hold_start, hold_end, speed = unit.start, unit.end, 1.0
            else:
                hold_start, hold_end = unit.start + low * length, unit.start + high * length
                speed = float(np.sqrt(reference / length))
            reach = 0.6
            first, last = np.searchsorted(times, (hold_start - reach, hold_end + reach))
            near = times[first:last, None]
            before = np.maximum(hold_start - near, 0.0) * self._rate_in * speed
            after = np.maximum(near - hold_end, 0.0) * self._rate_out * speed
            dominance = self._dominance[unit.phone] * np.exp(-before - after)
            weighted[first:last] += dominance * self._targets[unit.phone]
            total[first:last] += dominance
        return weighted / total

    def _smooth(self, values: Array, fps: float) -> Array:
        sigma = self.table["smoothing_seconds"] * fps
        radius = max(int(3 * sigma + 0.5), 1)
        offsets = np.arange(-radius, radius + 1)
        kernel = np.exp(-0.5 * (offsets / max(sigma, 1e-3)) ** 2)
        kernel /= kernel.sum()
        padded = np.pad(values, ((radius, radius), (0, 0)), mode="edge")
        return np.stack([np.convolve(column, kernel, mode="valid") for column in padded.T], axis=1)

    def rest_law(self, values: Array, segments: Sequence[Segment], times: Array) -> None:
        """Bring ``values`` [times, n] to rest in long silences, in place."""
        rule = self.table["rest"]
        for position, segment in enumerate(segments):
            length = segment.end - segment.start
            if segment.phone != SILENCE or length < rule["min_seconds"]:
                continue
            close = rule["close_seconds"] if position else 0.0
            opening = rule["open_seconds"] if position < len(segments) - 1 else 0.0
            start, end = segment.start + close, segment.end - opening
            values *= (1.0 - _plateau(times, start, end, close, opening))[:, None]

    def _labiodental_law(self, values: Array, segments: Sequence[Segment], times: Array) -> None:
        rule = self.table["labiodental"]
        low, high = rule["span"]
        jaw, roll = self._index["jawOpen"], self._index["mouthRollLower"]
        for segment in segments:
            if segment.phone not in LABIODENTALS:
                continue
            length = segment.end - segment.start
            start, end = segment.start + low * length, segment.start + high * length
            gain = _plateau(times, start, end, rule["ramp_seconds"], rule["ramp_seconds"])
            cap = rule["jaw_cap"]
            over = np.maximum(values[:, jaw] - cap, 0.0)
            values[:, jaw] -= gain * over
            values[:, roll] = np.maximum(values[:, roll], gain * rule["roll"])

    def _closure_law(self, values: Array, segments: Sequence[Segment], times: Array) -> None:
        rule = self.table["closure"]
        gain = self.closure_curve(segments, times)
        jaw = self._index["jawOpen"]
        values[:, jaw] *= 1.0 - (1.0 - rule["jaw_keep"]) * gain
        for name in ("mouthLowerDown", "mouthUpperUp"):
            values[:, self._index[name]] *= 1.0 - gain
        values[:, self._index["mouthClose"]] = gain * values[:, jaw]
        for name, floor in (
            ("mouthPress", rule["press"]),
            ("mouthRollLower", rule["roll"]),
            ("mouthRollUpper", rule["roll"]),
        ):
            column = self._index[name]
            values[:, column] = np.maximum(values[:, column], gain * floor)


@cache
def load_articulation(version: str = LATEST) -> Articulation:
    """The articulation model of a table version (``v1``, ``v2``); versions never change."""
    source = resources.files("talkface_train.articulation") / f"{version}.json"
    return Articulation(json.loads(source.read_text(encoding="utf-8")))


def expansion(channels: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """ARKit channels driven by articulators, and the 0/1 matrix [articulators, channels].

    ``mouthPress`` drives ``mouthPressLeft`` and ``mouthPressRight``; the order of the result
    is canonical.
    """
    source = {}
    for row, name in enumerate(channels):
        for target in (name,) if name in CHANNEL_INDEX else (f"{name}Left", f"{name}Right"):
            source[target] = row
    names = tuple(name for name in CHANNELS if name in source)
    matrix = np.zeros((len(channels), len(names)), dtype=np.float32)
    for column, name in enumerate(names):
        matrix[source[name], column] = 1.0
    return names, matrix
