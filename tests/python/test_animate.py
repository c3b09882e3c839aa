"""`animate`: what goes in, what comes out, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
from streaming import STILL

import talkface
from talkface import TalkFace
from talkface.rig import CHANNELS, EMOTIONS


def test_a_clip_has_the_promised_shape(default_face: TalkFace, speech) -> None:
    clip = default_face.animate(speech, 16000, fps=60)
    frames = int(np.ceil(len(speech) * 60 / 16000))
    assert len(clip) == frames
    assert clip.weights.shape == (frames, 52)
    assert clip.weights.dtype == np.float32
    assert clip.channels == CHANNELS
    assert clip.timestamps.dtype == np.float64
    assert np.allclose(clip.timestamps, np.arange(frames) / 60, atol=1e-12)
    assert clip.head_rotation.shape == (frames, 4)
    assert np.allclose(np.linalg.norm(clip.head_rotation, axis=1), 1, atol=1e-6)
    assert clip.head_translation.shape == (frames, 3)
    assert clip.emotion.shape == (frames, len(clip.emotions))
    assert clip.visemes.shape == (frames, 15)
    assert clip.fps == 60
    assert clip.weights.min() >= 0
    assert clip.weights.max() <= 1
    assert f"{frames} frames, 60 fps" in repr(clip)


def test_speech_opens_the_mouth_and_closes_the_lips(default_face: TalkFace, speech) -> None:
    clip = default_face.animate(speech)
    assert clip.channel("jawOpen").max() > 0.15
    assert clip.channel("mouthPressLeft").max() > 0.3
    assert clip.channel("mouthPucker").max() > 0.15


def test_the_end_of_a_clip_is_a_closed_mouth(default_face: TalkFace, speech) -> None:
    jaw = default_face.animate(speech, 16000, fps=50).channel("jawOpen")
    frame = int(np.argmax(jaw))
    cut = speech[: (frame + 1) * 320]
    clip = default_face.animate(cut, 16000, fps=50, emotion="neutral")
    lower = [name for name in CHANNELS if name.startswith(("jaw", "mouth", "tongue"))]
    assert clip.channel("jawOpen").max() > 0.15
    assert max(float(clip.channel(name)[-1]) for name in lower) < 1e-6
    fall = np.diff(clip.channel("jawOpen")[-5:])
    assert fall.min() > -0.5 * jaw[frame]
    held = default_face.animate(cut, 16000, fps=50, knobs={"silence_rest": 0})
    assert held.channel("jawOpen")[-1] > 0.05


@pytest.mark.parametrize("loudness", [0.02, 0.3, 1.0])
def test_clicks_do_not_pop_the_jaw(default_face: TalkFace, loudness: float) -> None:
    audio = np.zeros(48000, np.float32)
    for start in range(4000, 44000, 5333):
        audio[start : start + 24] = loudness * np.array([1, -1] * 12, np.float32)
    assert default_face.animate(audio, 16000).channel("jawOpen").max() < 0.05


def test_the_tiny_bundle_gives_emotions(tiny_face: TalkFace, bursts) -> None:
    clip = tiny_face.animate(bursts, 16000)
    assert clip.emotions == EMOTIONS
    assert clip.emotion.shape[1] == 8
    assert np.allclose(clip.emotion.sum(axis=1), 1, atol=1e-4)
    assert clip.visemes.shape[1] == 0


def test_every_form_of_the_same_audio_gives_the_same_clip(face: TalkFace, speech, tmp_path) -> None:
    pcm = (speech[:16000] * 32768).astype(np.int16)
    path = tmp_path / "line.wav"
    soundfile.write(path, pcm, 16000, subtype="PCM_16")
    expected = face.animate(pcm).weights
    forms = {
        "float32": pcm.astype(np.float32) / 32768,
        "float64": pcm.astype(np.float64) / 32768,
        "bytes": pcm.tobytes(),
        "memoryview": memoryview(pcm.tobytes()),
        "path": path,
        "text path": str(path),
        "one column": pcm[:, None],
        "not contiguous": np.repeat(pcm, 2)[::2],
        "two equal channels": np.stack([pcm, pcm], axis=1),
    }
    for name, form in forms.items():
        rate = None if "path" in name else 16000
        assert np.array_equal(face.animate(form, rate).weights, expected), name


def test_flac_and_ogg_are_read(face: TalkFace, speech, tmp_path) -> None:
    for suffix in ("flac", "ogg"):
        path = tmp_path / f"line.{suffix}"
        soundfile.write(path, speech[:16000], 16000)
        assert len(face.animate(path)) == len(face.animate(speech[:16000]))


def test_input_arrays_are_left_alone(face: TalkFace, speech) -> None:
    audio = speech[:8000].copy()
    audio.setflags(write=False)
    face.animate(audio)
    assert np.array_equal(audio, speech[:8000])


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000, 96000, 192000])
def test_rates_agree_about_the_mouth(default_face: TalkFace, speech, rate: int) -> None:
    soxr = pytest.importorskip("soxr", reason="resamples the test signal")
    reference = default_face.animate(speech[:64000], fps=50).channel("jawOpen")
    again = default_face.animate(soxr.resample(speech[:64000], 16000, rate), rate, fps=50)
    assert abs(len(again) - len(reference)) <= 1
    count = min(len(again), len(reference))
    r = np.corrcoef(again.channel("jawOpen")[:count], reference[:count])[0, 1]
    assert r > (0.9 if rate == 8000 else 0.99)


@pytest.mark.parametrize("fps", [1, 24, 25, 30, 50, 59.94, 60, 100, 120, Fraction(30000, 1001)])
def test_frames_lie_on_the_grid(face: TalkFace, bursts, fps) -> None:
    clip = face.animate(bursts, 16000, fps=fps)
    exact = fps if isinstance(fps, Fraction) else Fraction(fps).limit_denominator(1001)
    assert clip.fps == exact
    times = [float(i / exact) for i in range(len(clip))]
    assert np.allclose(clip.timestamps, times, atol=1e-9)
    assert times[-1] < len(bursts) / 16000
    assert float(len(clip) / exact) >= len(bursts) / 16000


def test_frame_rates_agree_at_common_times(face: TalkFace, bursts) -> None:
    """Smoothing does not depend on the output rate (30, 60 and 90 fps)."""
    by_rate = {fps: face.animate(bursts, 16000, fps=fps).weights for fps in (30, 60, 90)}
    count = len(by_rate[30])
    assert np.allclose(by_rate[30], by_rate[60][::2][:count], atol=1e-6)
    assert np.allclose(by_rate[30], by_rate[90][::3][:count], atol=1e-6)


def test_a_short_clip_still_has_its_frames(face: TalkFace) -> None:
    for samples in (1, 100, 640):
        clip = face.animate(np.full(samples, 0.1, np.float32), fps=50)
        assert len(clip) == int(np.ceil(samples * 50 / 16000))


def test_seeds_move_idle_life_and_not_the_mouth(default_face: TalkFace, speech) -> None:
    a = default_face.animate(speech, seed=1)
    b = default_face.animate(speech, seed=2)
    assert np.array_equal(a.channel("jawOpen"), b.channel("jawOpen"))
    assert not np.array_equal(a.channel("eyeBlinkLeft"), b.channel("eyeBlinkLeft"))
    assert not np.array_equal(a.head_rotation, b.head_rotation)
    again = default_face.animate(speech, seed=1)
    assert np.array_equal(a.weights, again.weights)


def test_raw_is_the_graphs_own_output(default_face: TalkFace, speech) -> None:
    raw = default_face.animate(speech, raw=True)
    assert raw.channel("eyeBlinkLeft").max() == 0
    other = default_face.animate(speech, raw=True, knobs={"lower_strength": 0, "head_strength": 0})
    assert np.array_equal(raw.weights, other.weights)
    assert np.array_equal(raw.head_rotation, other.head_rotation)


def test_nan_and_infinity_never_come_out(face: TalkFace, speech) -> None:
    audio = speech[:16000].copy()
    audio[4000:4100] = np.nan
    audio[5000] = np.inf
    audio[6000] = -np.inf
    clip = face.animate(audio)
    for values in (clip.weights, clip.head_rotation, clip.emotion, clip.visemes):
        assert np.isfinite(values).all()
    cleaned = np.nan_to_num(audio, nan=0, posinf=0, neginf=0)
    assert np.array_equal(clip.weights, face.animate(cleaned).weights)


@pytest.mark.parametrize("level", [1e-20, 1e-7, 30.0, 1e6, 1e30])
def test_any_level_gives_a_finite_face(face: TalkFace, speech, level: float) -> None:
    clip = face.animate((speech[:16000] * np.float32(level)).astype(np.float32))
    assert np.isfinite(clip.weights).all()
    assert clip.weights.min() >= 0
    assert clip.weights.max() <= 1


def test_digital_silence_keeps_the_mouth_shut(default_face: TalkFace, speech) -> None:
    silence = np.zeros(48000, np.float32)
    alone = default_face.animate(silence, fps=100)
    assert alone.channel("jawOpen")[20:].max() < 0.02
    after = default_face.animate(np.concatenate([speech, silence]), fps=100)
    start = int(len(speech) / 160) + 20
    assert after.channel("jawOpen")[start:].max() < 0.02


def test_strength_scales_the_mouth_and_zero_stills_it(default_face: TalkFace, speech) -> None:
    def jaw(strength: float) -> np.ndarray:
        knobs = {"lower_strength": strength}
        return default_face.animate(speech, emotion="neutral", knobs=knobs).channel("jawOpen")

    normal, double, none = jaw(1), jaw(2), jaw(0)
    assert double.mean() > 1.5 * normal.mean()
    assert none.max() == 0


def test_lips_stay_sealed_under_smoothing(default_face: TalkFace, speech) -> None:
    """Closures survive smoothing, and our own mouthClose never exceeds jawOpen."""
    sharp = default_face.animate(speech, fps=100, knobs={"lower_smoothing_ms": 0})
    smooth = default_face.animate(speech, fps=100, knobs={"lower_smoothing_ms": 100})
    sealed_sharp = sharp.channel("mouthPressLeft") >= 0.3
    sealed_smooth = smooth.channel("mouthPressLeft") >= 0.2
    assert sealed_sharp.sum() > 10
    assert sealed_smooth[sealed_sharp].mean() > 0.95
    for clip in (sharp, smooth):
        assert (clip.channel("mouthClose") <= clip.channel("jawOpen") + 1e-6).all()
    jitter = [np.abs(np.diff(c.channel("jawOpen"), n=2)).mean() for c in (sharp, smooth)]
    assert jitter[1] < jitter[0]


def test_mouth_close_can_be_turned_off(default_face: TalkFace, speech) -> None:
    closed = default_face.animate(speech).channel("mouthPressLeft")
    open_ = default_face.animate(speech, knobs={"mouth_close": 0}).channel("mouthPressLeft")
    assert (closed >= 0.3).sum() > (open_ >= 0.3).sum()


def test_idle_knobs_turn_idle_life_off(default_face: TalkFace, speech) -> None:
    still = {**STILL, "head_strength": 0}
    clip = default_face.animate(speech, emotion="neutral", knobs=still)
    upper = [i for i, name in enumerate(CHANNELS) if name.startswith(("eye", "brow"))]
    assert clip.weights[:, upper].max() == 0
    assert not clip.head_translation.any()
    assert np.array_equal(clip.head_rotation, np.tile(np.float32([0, 0, 0, 1]), (len(clip), 1)))


def test_progress_is_reported_and_can_stop(face: TalkFace) -> None:
    audio = np.zeros(16000 * 8, np.float32)
    seen = []

    def progress(done: int, total: int) -> bool:
        seen.append((done, total))
        return len(seen) < 3

    clip = face.animate(audio, progress=progress)
    assert len(seen) == 3
    assert all(total == len(audio) for _, total in seen)
    assert len(clip) < 8 * float(face.frame_rate)


def test_the_module_shortcut_is_the_default_face(default_face: TalkFace, speech) -> None:
    clip = talkface.animate(speech[:8000], 16000, fps=30)
    assert np.array_equal(clip.weights, default_face.animate(speech[:8000], fps=30).weights)


@pytest.mark.parametrize(
    ("audio", "rate", "error", "words"),
    [
        (np.zeros(0, np.float32), None, ValueError, "empty"),
        (b"", None, ValueError, "empty"),
        (b"abc", None, ValueError, "even number"),
        (np.zeros(100, np.int32), None, TypeError, "float32"),
        (np.zeros(100, bool), None, TypeError, "float32"),
        (["a"], None, TypeError, "float32"),
        (np.zeros((2, 2, 2), np.float32), None, ValueError, "3-D"),
        (np.zeros((2, 16000), np.float32), None, ValueError, "transpose"),
        (np.zeros((100, 9), np.float32), None, ValueError, "channels"),
        (np.zeros(100, np.float32), 7999, ValueError, "8000"),
        (np.zeros(100, np.float32), 192001, ValueError, "192000"),
        (np.zeros(100, np.float32), 16000.5, ValueError, "whole number"),
    ],
)
def test_bad_audio_is_refused_with_a_reason(face: TalkFace, audio, rate, error, words) -> None:
    with pytest.raises(error, match=words):
        face.animate(audio, rate)


def test_bad_files_are_refused_with_a_reason(face: TalkFace, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no such sound file"):
        face.animate(tmp_path / "missing.wav")
    text = tmp_path / "text.wav"
    text.write_text("not sound")
    with pytest.raises(ValueError, match="as sound"):
        face.animate(text)
    empty = tmp_path / "empty.wav"
    soundfile.write(empty, np.zeros(0), 16000)
    with pytest.raises(ValueError, match="empty"):
        face.animate(empty)
    good = tmp_path / "good.wav"
    soundfile.write(good, np.zeros(1600), 16000)
    with pytest.raises(ValueError, match="sample rate of 16000"):
        face.animate(good, 48000)
    slow = tmp_path / "slow.wav"
    soundfile.write(slow, np.zeros(1600), 4000)
    with pytest.raises(ValueError, match="8000"):
        face.animate(slow)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"fps": 0}, "fps"),
        ({"fps": 1001}, "fps"),
        ({"emotion": "glad"}, "no emotion 'glad'"),
        ({"seed": -1}, "seed"),
        ({"knobs": {"nonsense": 1}}, "no knob .*lower_strength"),
        ({"knobs": {"lower_strength": 3}}, "out of range"),
        ({"knobs": {"lower_strength": float("nan")}}, "out of range"),
    ],
)
def test_bad_options_are_refused_with_a_reason(face: TalkFace, options, words) -> None:
    with pytest.raises(ValueError, match=words):
        face.animate(np.zeros(1600, np.float32), **options)


def test_a_truncated_file_gives_what_it_holds(face: TalkFace, speech, tmp_path: Path) -> None:
    whole = tmp_path / "whole.wav"
    soundfile.write(whole, speech[:16000], 16000, subtype="PCM_16")
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole.read_bytes()[: 44 + 16000])
    assert len(face.animate(cut, fps=50)) == len(face.animate(speech[:8000], fps=50))
