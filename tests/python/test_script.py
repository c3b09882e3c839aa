"""Scripts in streams and in `animate`: who moves the mouth, and what reset, flush and state do."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from scripted import LINE, columns, quiet_noise
from streaming import STILL, feed

from talkface import TalkFace, TalkFaceError
from talkface.rig import CHANNELS
from talkface_train.articulation import load_articulation, sealed
from talkface_train.data.phones import Segment

JAW = CHANNELS.index("jawOpen")
CLOSURES = load_articulation().closures([Segment(*row) for row in LINE])
QUIET = quiet_noise(3.0)


def run(stream, audio, chunk: int = 1600) -> np.ndarray:
    parts = feed(stream, audio, chunk)
    stream.flush()
    stream.process()
    return np.concatenate([p.weights for p in [*parts, stream.read()]])


@pytest.fixture
def bare_face(tmp_path: Path) -> TalkFace:
    """The tiny bundle as it was before bundles had tables."""
    tiny = Path(__file__).resolve().parents[1] / "golden" / "tiny"
    shutil.copy(tiny / "model.onnx", tmp_path)
    manifest = json.loads((tiny / "manifest.json").read_text("utf-8"))
    del manifest["articulation"], manifest["files"]["articulation.json"]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return TalkFace(tmp_path)


def test_phones_move_a_mouth_that_hears_nothing(default_face: TalkFace) -> None:
    silent = default_face.animate(QUIET, knobs=STILL)
    spoken = default_face.animate(QUIET, knobs=STILL, phones=LINE, fps=100)
    assert silent.channel("jawOpen").max() < 0.05
    assert spoken.channel("jawOpen").max() > 0.2
    assert spoken.channel("mouthPucker").max() > 0.2
    curves = {name: spoken.channel(name) for name in spoken.channels}
    shut = sealed(curves)
    for start, end in CLOSURES:
        assert shut[round(100 * (start + 0.02)) : int(100 * (end - 0.01))].all(), start
    open_vowel = round(100 * 0.35)
    assert not shut[open_vowel]


def test_the_script_is_on_time_after_smoothing(default_face: TalkFace) -> None:
    """Whatever the smoothing: the jaw lies best on the rule's jaw without a shift."""
    raw = default_face.animate(QUIET, raw=True, phones=LINE, fps=200).channel("jawOpen")
    for half_life in (0, 10, 40):
        knobs = {**STILL, "lower_smoothing_ms": half_life}
        clip = default_face.animate(QUIET, phones=LINE, fps=200, knobs=knobs)
        jaw = clip.channel("jawOpen")
        lags = list(range(-12, 13))
        fits = [np.corrcoef(np.roll(raw, lag)[20:450], jaw[20:450])[0, 1] for lag in lags]
        assert abs(lags[int(np.argmax(fits))]) <= 2, half_life


def test_short_gaps_do_not_rest_and_long_silences_do(default_face: TalkFace) -> None:
    knobs = {**STILL, "lower_smoothing_ms": 0}
    clip = default_face.animate(QUIET, phones=LINE, knobs=knobs, fps=50)
    jaw = clip.channel("jawOpen")
    assert jaw[round(50 * 0.82)] > 0.08  # between two phones
    assert jaw[round(50 * 1.27)] < 0.005  # in a silence of 250 ms


def test_outside_the_script_the_model_is_heard(default_face: TalkFace, speech) -> None:
    audio = speech[:48000]
    alone = default_face.animate(audio, raw=True)
    told = default_face.animate(audio, raw=True, phones=[(1.0, 1.2, "AA"), (1.2, 1.4, "M")])
    outside = (told.timestamps < 0.939) | (told.timestamps > 1.461)
    inside = (told.timestamps >= 1.0) & (told.timestamps <= 1.4)
    assert np.array_equal(alone.weights[outside], told.weights[outside])
    assert np.array_equal(alone.visemes[outside], told.visemes[outside])
    assert (np.abs(alone.weights[inside] - told.weights[inside]).max(axis=1) > 0.01).all()


def test_script_strength_blends(face: TalkFace, speech) -> None:
    audio = speech[:24000]
    alone = face.animate(audio, seed=2)
    knobs = {"script_strength": 0}
    ignored = face.animate(audio, seed=2, knobs=knobs, phones=LINE)
    assert np.array_equal(alone.weights, ignored.weights)
    full = face.animate(audio, raw=True, phones=LINE)
    heard = face.animate(audio, raw=True)
    half = face.animate(audio, raw=True, phones=LINE, knobs={"script_strength": 0.5})
    assert np.allclose(half.weights, (full.weights + heard.weights) / 2, atol=1e-6)


@pytest.mark.parametrize("chunk", [7, 441, 1600, 48000])
def test_any_chunking_and_animate_give_the_same_frames(face: TalkFace, speech, chunk: int) -> None:
    audio = speech[: 8000 if chunk == 7 else 40000]
    whole = face.animate(audio, seed=3, phones=LINE)
    stream = face.stream(seed=3, ring_ms=3000)
    assert stream.push_phones(*columns(LINE)) == len(LINE)
    assert np.array_equal(run(stream, audio, chunk), whole.weights)


def test_phones_may_come_with_their_audio(face: TalkFace, speech) -> None:
    """Half a second ahead is as good as all at once, in any order."""
    audio = speech[:40000]
    whole = face.animate(audio, phones=LINE[::-1])
    stream = face.stream()
    parts, waiting = [], sorted(LINE)
    for start in range(0, len(audio), 800):
        while waiting and waiting[0][0] < start / 16000 + 1.7:
            assert stream.push_phones(*waiting.pop(0)) == 1
        stream.push(audio[start : start + 800])
        stream.process()
        parts.append(stream.read().weights)
    stream.flush()
    stream.process()
    parts.append(stream.read().weights)
    assert np.array_equal(np.concatenate(parts), whole.weights)


def test_long_scripts_pass_through_bounded_stores(tiny_face: TalkFace) -> None:
    phones = [(i * 0.03, (i + 1) * 0.03, ("AA", "M", "IY")[i % 3]) for i in range(3000)]
    audio = quiet_noise(91.0)
    clip = tiny_face.animate(audio, raw=True, phones=phones)
    tail = [(a - 80, b - 80, s) for a, b, s in phones if a >= 79.99]
    end = tiny_face.animate(audio[80 * 16000 :], raw=True, phones=tail)
    assert np.allclose(clip.weights[8100:8900, JAW], end.weights[100:900, JAW], atol=1e-5)


def test_late_phones_change_nothing_that_is_made(face: TalkFace, speech) -> None:
    stream = face.stream(ring_ms=3000)
    stream.push(speech[:24000])
    stream.process()
    before = stream.read()
    alone = face.animate(speech[:40000]).weights
    assert np.array_equal(before.weights, alone[: len(before)])
    stream.push_phones([0.2, 3000.0], [0.9, 3001.0], ["AA", "M"])
    rest = run(stream, speech[24000:40000])
    assert np.array_equal(rest, alone[len(before) :])


def test_flush_keeps_phones_and_reset_drops_them(face: TalkFace, speech) -> None:
    audio = speech[:24000]
    told = face.animate(audio, phones=LINE).weights
    stream = face.stream(ring_ms=2000)
    stream.push_phones(*columns(LINE))
    stream.flush()
    stream.process()
    assert np.array_equal(run(stream, audio), told)
    for waiting in (True, False):
        stream.push_phones(*columns(LINE))
        if not waiting:
            stream.process()
        stream.reset()
        assert np.array_equal(run(stream, audio), face.animate(audio).weights)
        stream.reset()
    stream.push_phones(*columns(LINE))  # after the request: they count as new
    assert np.array_equal(run(stream, audio), told)


def test_interrupt_drops_what_was_pushed_before_it(default_face: TalkFace) -> None:
    """The face goes on as if only the reply's phones had ever been there."""

    def play(processed, waiting) -> np.ndarray:
        stream = default_face.stream(knobs=STILL)
        stream.push_phones(*columns(processed))
        stream.process()
        stream.push_phones(*columns(waiting))
        stream.push(QUIET[:8000])
        stream.process()
        stream.sample(0.02)
        stream.interrupt(0)
        stream.push_phones(0.9, 1.2, "AA")
        for start in range(8000, 40000, 800):
            stream.push(QUIET[start : start + 800])
            stream.process()
        return np.stack([stream.sample(time).weights for time in np.arange(0.1, 2.2, 0.05)])

    dropped = play(LINE[:6], LINE[6:])
    never = play([(0.0, 0.05, "SIL")], [(0.05, 0.1, "SIL")])
    assert np.array_equal(dropped, never)
    assert dropped[18, JAW] > 0.2  # at 1.0 s


def test_interrupt_before_any_audio_drops_phones_too(default_face: TalkFace) -> None:
    stream = default_face.stream(ring_ms=3000)
    stream.push_phones(*columns(LINE))
    stream.interrupt()
    stream.process()
    alone = default_face.animate(QUIET).weights
    assert np.array_equal(run(stream, QUIET), alone)


def test_a_reply_pushed_while_process_runs_keeps_its_phones(default_face, speech) -> None:
    stream = default_face.stream(ring_ms=30000, store_ms=30000, knobs=STILL)
    long = np.tile(speech, 3)
    stream.push(long)
    start = stream.next_sample / 16000
    stream.push_phones(start - 1, start + 2, "UW")
    worker = threading.Thread(target=stream.process)
    worker.start()
    time.sleep(0.01)
    assert worker.is_alive(), "process was too quick for this test"
    stream.interrupt(60)
    stream.push_phones([start + 0.3, start + 0.6], [start + 0.6, start + 0.7], ["AA", "M"])
    stream.push(QUIET)
    worker.join()
    stream.flush()
    while stream.process() or stream.full:
        stream.read()
    pucker = CHANNELS.index("mouthPucker")
    assert stream.sample(start + 0.45).weights[JAW] > 0.3
    assert stream.sample(start + 1.5).weights[[JAW, pucker]].max() < 0.05


def test_state_carries_the_script(face: TalkFace, speech) -> None:
    def rest(target) -> np.ndarray:
        return run(target, speech[12000:40000])

    stream = face.stream(seed=4)
    stream.push_phones(*columns(LINE[:10]))
    stream.push(speech[:12000])
    stream.process()
    stream.push_phones(*columns(LINE[10:]))  # waits in the queue
    blob = stream.save()
    first = rest(stream)
    whole = face.animate(speech[:40000], seed=4, phones=LINE).weights
    assert np.array_equal(first[-50:], whole[-50:])
    stream.load(blob)
    assert stream.save() == blob
    assert np.array_equal(first, rest(stream))
    other = face.stream(seed=4)
    other.push_phones(0.5, 0.9, "UW")
    other.load(blob)
    assert np.array_equal(first, rest(other))


def test_a_full_queue_takes_what_fits(tiny_face: TalkFace) -> None:
    starts = np.arange(2000) * 0.05
    phones = (starts, starts + 0.05, ["AA"] * 2000)
    stream = tiny_face.stream()
    assert stream.push_phones(*phones) == 512
    assert stream.push_phones(200.0, 201.0, "M") == 0
    stream.process()
    assert stream.push_phones(*(column[512:] for column in phones)) == 512
    stream.process()
    assert stream.push_phones(*(column[1024:] for column in phones)) == 512
    stream.process()  # the timeline is full until time goes by
    assert stream.push_phones(200.0, 201.0, "M") == 0


@pytest.mark.parametrize(
    ("phones", "words"),
    [
        ((0.1, 0.2, "QX"), "no phone 'QX'"),
        ((0.1, 0.2, "hello"), "no phone"),
        ((float("nan"), 0.2, "AA"), "finite"),
        ((0.1, float("inf"), "AA"), "finite"),
        ((-0.1, 0.2, "AA"), "start at 0 or later"),
        ((0.2, 0.2, "AA"), "end past its start"),
        ((0.3, 0.2, "AA"), "end past its start"),
        ((0.3, 1e300, "AA"), "end past its start"),
        (("soon", 0.2, "AA"), "must be a number"),
        ((None, 0.2, "AA"), "must be a number"),
        (([0.1], [0.2, 0.3], ["AA"]), "one length"),
        (([0.1, 0.2], [0.2, 0.3], ["AA", "ZZ9"]), "no phone"),
    ],
)
def test_what_cannot_be_is_refused_whole(tiny_face: TalkFace, phones, words: str) -> None:
    stream = tiny_face.stream()
    blob = stream.save()
    with pytest.raises(ValueError, match=words):
        stream.push_phones(*phones)
    assert stream.save() == blob
    if not isinstance(phones[0], list):
        with pytest.raises(ValueError, match=words):
            tiny_face.animate(QUIET, phones=[phones])


def test_the_newer_of_overlapping_phones_wins(tiny_face: TalkFace) -> None:
    cut = [(0.2, 0.5, "AA"), (0.5, 0.7, "UW"), (0.7, 1.0, "IY")]
    clean = tiny_face.animate(QUIET, raw=True, phones=cut).weights
    stream = tiny_face.stream(raw=True, ring_ms=4000)
    stream.push_phones([0.2, 0.6], [0.6, 1.0], ["AA", "IY"])
    stream.push_phones(0.5, 0.7, "UW")
    assert np.array_equal(run(stream, QUIET), clean)


def test_other_alphabets_say_the_same(tiny_face: TalkFace) -> None:
    times = ([0.2, 0.3, 0.4, 0.5, 0.6], [0.3, 0.4, 0.5, 0.6, 0.7])
    spoken = []
    for symbols in (
        ["SH", "AY1", "UW0", "sil", "DH"],
        ["sh", "ay", "uw", "pau", "dh"],
        ["\u0283", "\u02c8a\u026a", "u\u02d0", "", "\u00f0"],
    ):
        stream = tiny_face.stream(raw=True, ring_ms=4000)
        stream.push_phones(*times, symbols)
        spoken.append(run(stream, QUIET))
    assert np.array_equal(spoken[0], spoken[1])
    assert np.array_equal(spoken[0], spoken[2])


def test_a_bundle_without_a_table_takes_no_phones(bare_face: TalkFace) -> None:
    with pytest.raises(TalkFaceError, match="no articulation table"):
        bare_face.stream().push_phones(0.1, 0.2, "AA")
    with pytest.raises(TalkFaceError, match="no articulation table"):
        bare_face.animate(QUIET, phones=LINE)
    stream = bare_face.stream()
    stream.push(QUIET[:8000])
    stream.process()
    stream.load(stream.save())
    assert len(bare_face.animate(QUIET)) == 300


def test_scripts_come_in_many_shapes(tiny_face: TalkFace, tmp_path: Path) -> None:
    table = tmp_path / "line.tsv"
    table.write_text("".join(f"{a}\t{b}\t{s}\n" for a, b, s in LINE), "utf-8")
    expected = tiny_face.animate(QUIET, phones=LINE).weights
    for script in (table, str(table), [Segment(*row) for row in LINE], iter(LINE)):
        assert np.array_equal(tiny_face.animate(QUIET, phones=script).weights, expected)
    assert np.array_equal(
        tiny_face.animate(QUIET, phones=[]).weights, tiny_face.animate(QUIET).weights
    )
    with pytest.raises(ValueError, match="not both"):
        tiny_face.animate(QUIET, phones=LINE, text="Hello.")
    with pytest.raises(ValueError, match="must be"):
        tiny_face.animate(QUIET, phones=[(0.1, 0.2)])
