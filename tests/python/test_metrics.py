"""Metrics against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from talkface_train.metrics.bootstrap import interval
from talkface_train.metrics.closure import ClosureScore, runs, score_closures
from talkface_train.metrics.curves import correlation, inside_silence, jitter_ratio

FPS = 100


def mask(*spans: tuple[float, float], seconds: float = 3.0) -> np.ndarray:
    sealed = np.zeros(int(seconds * FPS), dtype=bool)
    for start, end in spans:
        sealed[round(start * FPS) : round(end * FPS)] = True
    return sealed


def test_runs_are_intervals_between_frames() -> None:
    assert runs(mask((1.0, 1.1)), FPS) == [(pytest.approx(0.995), pytest.approx(1.095))]
    assert runs(np.zeros(5, bool), FPS) == []
    assert len(runs(np.ones(5, bool), FPS)) == 1


def test_a_perfect_mouth_scores_one() -> None:
    closures = [(1.0, 1.08), (2.0, 2.06)]
    score = score_closures(mask(*closures), FPS, closures, [])
    assert (score.hits, score.misses, score.false_alarms) == (2, 0, 0)
    assert score.f1 == 1
    assert max(abs(x) for x in score.lateness) < 0.01


def test_tolerance_is_forty_milliseconds() -> None:
    closures = [(1.0, 1.05)]
    assert score_closures(mask((1.08, 1.10)), FPS, closures, []).hits == 1
    late = score_closures(mask((1.11, 1.13)), FPS, closures, [])
    assert (late.hits, late.misses, late.false_alarms) == (0, 1, 1)


def test_lateness_is_signed() -> None:
    closures = [(1.0, 1.1)]
    late = score_closures(mask((1.03, 1.13)), FPS, closures, [])
    early = score_closures(mask((0.97, 1.07)), FPS, closures, [])
    assert late.lateness[0] == pytest.approx(0.025)
    assert early.lateness[0] == pytest.approx(-0.035)


def test_one_long_seal_hits_one_closure() -> None:
    """A mouth that never opens finds one closure and misses the others."""
    closures = [(0.5, 0.6), (1.0, 1.1), (1.5, 1.6)]
    score = score_closures(mask((0.0, 3.0)), FPS, closures, [])
    assert (score.hits, score.misses) == (1, 2)


def test_silence_cuts_a_seal_in_two() -> None:
    closures = [(0.9, 1.0), (1.5, 1.6)]
    score = score_closures(mask((0.9, 1.6)), FPS, closures, [(1.0, 1.5)])
    assert (score.hits, score.misses, score.false_alarms) == (2, 0, 0)
    assert score.lateness == ()


def test_a_mouth_shut_in_silence_is_no_false_alarm() -> None:
    silences = [(0.0, 1.0), (2.0, 3.0)]
    resting = mask((0.0, 1.05), (1.95, 3.0))
    assert score_closures(resting, FPS, [], silences).false_alarms == 0
    too_long = mask((0.0, 1.15), (2.0, 3.0))
    assert score_closures(too_long, FPS, [], silences).false_alarms == 1


def test_short_silences_count_as_speech() -> None:
    score = score_closures(mask((1.0, 1.05)), FPS, [], [(1.0, 1.05)])
    assert score.false_alarms == 1


def test_unknown_spans_are_ignored() -> None:
    score = score_closures(mask((1.0, 1.1)), FPS, [(1.02, 1.08)], [], [(0.9, 1.2)])
    assert (score.hits, score.misses, score.false_alarms) == (0, 0, 0)


def test_scores_add_up() -> None:
    total = ClosureScore(3, 1, 2, (0.01,)) + ClosureScore(1, 1, 0, (0.02,))
    assert (total.precision, total.recall) == (4 / 6, 4 / 6)
    assert total.f1 == pytest.approx(2 / 3)
    assert total.lateness == (0.01, 0.02)
    assert ClosureScore().f1 == 0


def test_correlation_knows_flat_curves() -> None:
    wave = np.sin(np.arange(100) / 5)
    assert correlation(wave, wave) == pytest.approx(1)
    assert correlation(-wave, wave) == pytest.approx(-1)
    assert correlation(np.zeros(100), wave) == 0
    assert math.isnan(correlation(wave, np.zeros(100)))
    chosen = np.arange(100) < 50
    broken = np.where(chosen, wave, 9.0)
    assert correlation(broken, wave, chosen) == pytest.approx(1)


def test_jitter_is_a_ratio_of_second_differences() -> None:
    reference = np.array([[0.0], [1.0], [0.0], [1.0]])
    assert jitter_ratio(reference * 2, reference) == pytest.approx(2)
    assert jitter_ratio(np.linspace(0, 1, 4)[:, None], reference) == pytest.approx(0)


def test_silence_is_eroded() -> None:
    times = np.arange(100) / 100
    inside = inside_silence(times, [(0.2, 0.6), (0.7, 0.85)])
    assert times[inside].min() == pytest.approx(0.3)
    assert times[inside].max() == pytest.approx(0.5)


def test_bootstrap_intervals_hold_the_value() -> None:
    values = list(np.random.default_rng(0).normal(5, 1, 60))
    value, low, high = interval(values, lambda items: float(np.mean(items)))
    assert low < value < high
    assert high - low == pytest.approx(2 * 1.96 / math.sqrt(60), rel=0.35)
    assert interval([3.0], lambda items: items[0]) == (3.0, 3.0, 3.0)
