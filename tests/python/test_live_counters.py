"""Counters of live faces, the status line, and the measurement of jitter."""

from __future__ import annotations

import io
import json
from fractions import Fraction

import numpy as np
import pytest

from talkface.live.counters import Counters, Histogram, StatusLine, render
from talkface.live.measure import jitter, measure
from talkface.live.measure import render as render_report

NTSC = Fraction(60000, 1001)


def test_quantiles_of_a_histogram() -> None:
    values = np.random.default_rng(0).exponential(0.002, 5000)
    histogram = Histogram()
    assert histogram.quantile(0.5) == 0
    for value in values:
        histogram.add(value)
    for share in (0.1, 0.5, 0.9, 0.99):
        assert histogram.quantile(share) == pytest.approx(np.quantile(values, share), abs=3e-5)
    assert histogram.quantile(1) == histogram.longest == values.max()
    assert histogram.count == 5000
    found = histogram.as_dict()
    assert found["p50"] <= found["p90"] <= found["p99"] <= found["max"]
    assert found["max"] == pytest.approx(1000 * values.max(), abs=0.01)


def test_durations_beyond_a_second_still_count() -> None:
    histogram = Histogram()
    histogram.add(7.5)
    assert histogram.longest == 7.5
    assert 0.99 < histogram.quantile(0.5) <= 7.5


def test_the_status_line_says_what_happened() -> None:
    counters = Counters(sent=600, held=3, skipped=2, underruns=1, silence=0.25)
    for _ in range(100):
        counters.late.add(0.0015)
        counters.ahead.add(0.2)
    text = render(12.5, 59.9, counters, None)
    for part in ("12.5 s", "59.9/s", "late 1.5", "ahead 200 ms", "underruns 1", "held 3"):
        assert part in text
    assert "silence 250 ms" in text
    assert "latency 187 ms" in render(12.5, 59.9, counters, 0.187)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_status_line_needs_a_terminal_and_fits_into_it(monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    out, plain = Terminal(), io.StringIO()
    counters = Counters()
    for line in (StatusLine(out), StatusLine(plain), StatusLine(out, enabled=False)):
        for index in range(11):
            counters.sent = 6 * index
            line.update(5 + index / 10, index / 10, counters)
        line.close()
    assert not plain.getvalue()
    shown = out.getvalue().split("\r")[1:]
    assert len(shown) == 4  # every quarter of a second
    assert "0.9 s 60.0/s" in shown[3]
    assert max(len(text.removesuffix("\n")) for text in shown) <= 40 + len("\x1b[K")
    assert out.getvalue().endswith("\n")


def test_jitter_of_an_exact_series_is_nothing() -> None:
    numbers = np.arange(600)
    row = jitter(numbers, 7.25 + numbers * float(1 / NTSC), NTSC)
    assert row["rate"] == pytest.approx(float(NTSC), rel=1e-9)
    assert row["max_ms"] < 1e-6
    assert abs(row["drift_ms"]) < 1e-6
    assert (row["packets"], row["missing"]) == (600, 0)


def test_jitter_finds_late_packets_gaps_and_drift() -> None:
    numbers = np.delete(np.arange(1200), [300, 301])
    arrivals = numbers / 60 * (1 + 1e-4)
    arrivals[600] += 0.02
    row = jitter(numbers, arrivals, Fraction(60))
    assert row["missing"] == 2
    assert row["drift_ms"] == pytest.approx(20 * 0.9 * 0.1, abs=0.05)
    assert row["max_ms"] == pytest.approx(20, abs=1.1)
    assert row["p50_ms"] < 0.6
    assert row["rate"] == pytest.approx(60 / (1 + 1e-4), rel=1e-5)
    with pytest.raises(ValueError, match="nothing to measure"):
        jitter(numbers[:5], arrivals[:5], Fraction(60))


def test_the_measurement_counts_every_packet_of_the_command() -> None:
    report = measure(1.0)
    assert report["live"]["packets"] == report["command"]["sent"]
    assert report["control"]["packets"] == 60
    assert json.loads(json.dumps(report)) == report
    text = render_report(report)
    assert "talkface live" in text
    assert "sleep only" in text
