"""Metrics against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from talkface_train.articulation import load_articulation
from talkface_train.data.phones import Segment
from talkface_train.metrics.bootstrap import interval
from talkface_train.metrics.closure import ClosureScore, runs, score_closures
from talkface_train.metrics.curves import correlation, inside_silence, jitter_ratio
from talkface_train.metrics.labiodental import contacts, tucked
from talkface_train.metrics.statistics import Median, Pooled, Ratio

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


def test_a_mouth_shut_at_the_end_is_no_false_alarm() -> None:
    assert score_closures(mask((2.95, 3.0)), FPS, [], []).false_alarms == 0
    assert score_closures(mask((2.85, 3.0)), FPS, [], []).false_alarms == 1
    assert score_closures(mask((2.95, 3.0)), FPS, [(2.9, 2.96)], []).hits == 1


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


def test_recall_is_counted_by_phone() -> None:
    closures = [(0.5, 0.6), (1.0, 1.1), (1.5, 1.6)]
    score = score_closures(mask(closures[0], closures[2]), FPS, closures, [])
    assert score.recalled([(0.45, 0.65), (0.95, 1.15)]) == (1, 2)
    assert score.recalled([(1.45, 1.65)]) == (1, 1)
    assert score.recalled([(0.6, 1.0)]) == (0, 0)
    unlabelled = score_closures(mask(), FPS, closures, [], [(0.9, 1.2)])
    assert unlabelled.recalled([(0.0, 3.0)]) == (0, 2)


def lips(lower: float, upper: float, jaw: float, close: float = 0.0) -> bool:
    values = {"mouthRollLower": lower, "mouthRollUpper": upper, "jawOpen": jaw, "mouthClose": close}
    return bool(tucked({name: np.array([value]) for name, value in values.items()})[0])


def test_a_tucked_lower_lip_is_one_alone_under_a_small_opening() -> None:
    assert lips(0.2, 0.0, 0.1)
    assert lips(0.2, 0.0, 0.3, close=0.2)
    assert not lips(0.2, 0.2, 0.05)
    assert not lips(0.2, 0.0, 0.3)
    assert not lips(0.05, 0.0, 0.1)


def test_contacts_of_labiodentals() -> None:
    segments = [Segment(0.0, 0.1, "F"), Segment(0.1, 0.2, "AA"), Segment(0.2, 0.3, "V")]
    assert contacts(segments) == [pytest.approx((0.01, 0.085)), pytest.approx((0.21, 0.285))]
    touching = [Segment(0.0, 0.1, "V"), Segment(0.1, 0.2, "F")]
    assert contacts(touching) == [pytest.approx((0.01, 0.185))]
    assert contacts([Segment(0.0, 0.1, "B")]) == []


def test_rules_tuck_where_f_and_v_are_and_nowhere_else() -> None:
    words = ["SIL", "F", "AY", "V", "SIL", "B", "IY", "M", "AE", "F", "T", "P", "UW", "SIL"]
    segments = [Segment(i * 0.12, (i + 1) * 0.12, phone) for i, phone in enumerate(words)]
    model = load_articulation("v1")
    table = model.curves(segments, int(len(words) * 0.12 * FPS), FPS)
    curves = dict(zip(model.channels, table.T, strict=True))
    score = score_closures(tucked(curves), FPS, contacts(segments), [])
    assert (score.hits, score.misses, score.false_alarms) == (3, 0, 0)
    always = np.ones(len(table), bool)
    assert score_closures(always, FPS, contacts(segments), []).hits == 1
    chatter = np.arange(len(table)) % 8 < 4
    assert score_closures(chatter, FPS, contacts(segments), []).precision < 0.2


@pytest.mark.parametrize(
    "statistic",
    [
        Median(lambda item: item[0]),
        Ratio(lambda item: (item[0], 10.0)),
        Pooled(lambda item: item, lambda pool: float(np.percentile(pool, 90))),
    ],
)
def test_quick_statistics_resample_as_slow_ones_do(statistic) -> None:
    generator = np.random.default_rng(1)
    files = [tuple(generator.normal(5, 1, 3)) for _ in range(13)]
    quick = interval(files, statistic)
    assert quick == pytest.approx(interval(files, statistic.__call__))
    assert quick[1] < quick[0] < quick[2]


def test_statistics_of_nothing_are_undefined() -> None:
    median = Median(lambda item: item)
    assert median([1.0, math.nan, 3.0, 100.0]) == 3.0
    assert median([1.0, math.nan, 4.0]) == 2.5
    assert math.isnan(median([math.nan]))
    assert math.isnan(Ratio(lambda item: item)([(0, 0)]))
    assert Ratio(lambda item: item, least=1)([(0, 0)]) == 0
    assert Ratio(lambda item: item)([(1, 2), (2, 2)]) == 0.75
    assert math.isnan(Pooled(lambda item: item, np.median)([[], []]))
    assert Pooled(lambda item: item, np.median)([[], [1.0, 2.0, 9.0]]) == 2.0
