"""What emotion is heard by, what it does to a face, and both in the graph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_speech import tiny_speech

from talkface import TalkFace
from talkface.rig import CHANNELS, EMOTIONS
from talkface_export.bundle import BundleFacts, write_bundle
from talkface_export.restore import restore
from talkface_export.verify import verify_bundle
from talkface_train import listen, train_expression
from talkface_train.articulation import load_articulation
from talkface_train.articulation.model import expansion
from talkface_train.data import expressions
from talkface_train.data.emotion import ActedClip, acted_clips
from talkface_train.data.expressions import PEOPLE, Person
from talkface_train.metrics import emotion as metric
from talkface_train.metrics import expression as shown_metric
from talkface_train.models.emotion import BORED, LEARNT, SUMS, TOLD_APART, Listener
from talkface_train.models.expression import ExpressionNet
from talkface_train.models.feeling import Conditions, Feeling, shown
from talkface_train.models.frontend import FEATURES, MELS
from talkface_train.models.head import LATENT, HeadNet
from talkface_train.models.streaming import StreamingConfig, StreamingNet
from talkface_train.models.whole import Member, StreamingModel

CONFIG = StreamingConfig(width=24, layers=2, hidden=16, context=8, look_ahead=1600)


def features(frames: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (frames, FEATURES)).astype(np.float32)


@pytest.fixture(scope="module")
def feeling() -> Feeling:
    torch.manual_seed(4)
    names = [person.name for person in PEOPLE]
    spoken, _ = expansion(load_articulation("v1").channels)
    gains = np.stack([expressions.articulation_gains(p, tuple(spoken)) for p in PEOPLE])
    channels = expressions.channels()
    made = Feeling(
        Listener(), ExpressionNet(len(channels), len(names)), HeadNet(), names, channels,
        torch.from_numpy(gains),
    )  # fmt: skip
    made.listener.prior[:, 0] = 20.0
    return made.eval()


@pytest.fixture(scope="module")
def model(feeling: Feeling) -> StreamingModel:
    torch.manual_seed(3)
    members = [Member(StreamingNet(CONFIG).eval())]
    return StreamingModel(members, torch.full((MELS,), -2.0), feeling=feeling).eval()


def test_a_listener_steps_as_it_runs_over_a_clip() -> None:
    heard = features(80)
    whole = listen.running_sums(heard)
    listener = Listener().eval()
    sums = torch.zeros(1, SUMS)
    padded = torch.from_numpy(np.concatenate([np.zeros((1, FEATURES), np.float32), heard]))[None]
    for step in range(20):
        with torch.inference_mode():
            answers, sums = listener(padded[:, 4 * step : 4 * step + 5], sums)
        assert sums[0].numpy() == pytest.approx(whole[4 * step + 3], rel=1e-4, abs=1e-3)
    assert float(answers[0, : len(EMOTIONS)].sum()) == pytest.approx(1.0, abs=1e-5)


def test_who_was_never_trained_says_neutral() -> None:
    answers, _ = Listener.deaf()(torch.from_numpy(features(5))[None], torch.zeros(1, SUMS))
    assert answers[0, 0] > 0.9
    assert answers[0, len(EMOTIONS) :].abs().max() < 0.02


def test_bored_speech_is_neutral_and_calmer() -> None:
    listener = Listener().eval()
    with torch.no_grad():
        listener.classes.weight.zero_()
        listener.classes.bias.zero_()
        listener.classes.bias[TOLD_APART.index(BORED)] = 20.0
    answers = listener.answers(torch.zeros(1, 3 * (MELS + 1)))[0]
    assert answers[0] > 0.95
    assert answers[len(EMOTIONS) :].tolist() == pytest.approx([-0.637, -0.608], abs=2e-3)


def test_silence_leaves_the_prior(feeling: Feeling) -> None:
    quiet = torch.zeros(1, 5, FEATURES)
    quiet[:, :, MELS] = -7.0
    sums = torch.zeros(1, SUMS)
    first, sums = feeling.listener(quiet, sums)
    for _ in range(500):
        answers, sums = feeling.listener(quiet, sums)
    assert bool(torch.isfinite(answers).all())
    assert (answers - first).abs().max() < 0.05


def test_classes_that_differ_are_told_apart() -> None:
    """Two emotions, one with more movement of every band."""
    generator = np.random.default_rng(1)
    heard = []
    for index in range(60):
        lively = index % 2
        frames = generator.normal(0, 0.3 + lively, (200, FEATURES)).astype(np.float32)
        sums = torch.from_numpy(listen.running_sums(frames)).float()
        clip = ActedClip(Path("x"), str(index % 3), ("sad", "angry")[lively])
        heard.append(listen.Heard(clip, sums[[120, 199]], sums[-1:]))
    calm = ActedClip(Path("x"), "n", "neutral")
    neutral = [listen.Heard(calm, item.moments * 0 + 1, item.end) for item in heard[:3]]
    answers = listen.answers_of(listen.fit(heard[:40], neutral), heard[40:])
    assert metric.unweighted_recall(answers) > 0.95
    assert answers.acted[:2] == ("sad", "angry")


def test_recall_counts_every_emotion_alike() -> None:
    answers = metric.Answers(
        ("a",) * 5, ("sad", "sad", "sad", "sad", "angry"), ("sad", "sad", "sad", "sad", "happy")
    )
    assert metric.unweighted_recall(answers) == pytest.approx(0.5)
    table = metric.confusion(answers, LEARNT)
    assert table.sum() == 5
    assert table[LEARNT.index("angry"), LEARNT.index("happy")] == 1
    assert "| angry | 0 | 1 | 0 | 0 | 0 | 0 | 0.00 |" in metric.render(answers, LEARNT)


def test_no_emotion_no_expression(feeling: Feeling) -> None:
    memory = torch.randn(6, 24, generator=torch.Generator().manual_seed(0))
    none = feeling.expression(shown({}).expand(6, -1), torch.eye(6), memory)
    assert none.abs().max() == 0
    happy = feeling.expression(shown({"happy": 0.5}).expand(6, -1), torch.eye(6), memory)
    assert happy.abs().max() > 0


def test_targets_leave_speech_to_the_lips() -> None:
    names = expressions.channels()
    mix = np.repeat(shown({"surprised": 1.0}).numpy(), 2, axis=0)
    voice = np.array([0.0, 1.0], np.float32)
    quiet, spoken = expressions.targets(mix, voice, voice * 0, Person("x"))
    jaw, brow = names.index("jawOpen"), names.index("browInnerUp")
    assert quiet[jaw] > 0.2
    assert spoken[jaw] == 0
    assert spoken[brow] > 0.8 * quiet[brow]
    smile = names.index("mouthSmileLeft")
    happy = np.repeat(shown({"happy": 1.0}).numpy(), 2, axis=0)
    quiet, spoken = expressions.targets(happy, voice, voice * 0, Person("x"))
    assert spoken[smile] == pytest.approx(0.5 * quiet[smile])
    lean = expressions.targets(happy, voice, voice * 0, Person("x", lean=0.2))[0]
    assert lean[smile] > 1.3 * lean[names.index("mouthSmileRight")]


def test_expressions_grow_with_intensity_and_are_never_pinned() -> None:
    still = np.zeros(1, np.float32)
    for emotion in EMOTIONS[1:]:
        levels = [
            expressions.targets(shown({emotion: x}).numpy(), still, still, Person("x"))[0]
            for x in np.linspace(0, 1, 9)
        ]
        assert (np.diff(levels, axis=0) >= 0).all()
        assert np.max(levels) < 0.9
        assert not levels[0].any()


def test_stress_is_where_a_syllable_stands_out() -> None:
    time = np.arange(200) / 50
    loud = (2.5 * np.exp(-(((time - 2.0) / 0.06) ** 2))).astype(np.float32)
    stress = train_expression.stress_of(loud, np.ones(200, np.float32))
    assert np.flatnonzero(stress > 0.99 * stress.max()).mean() == pytest.approx(100, abs=2)
    assert stress.max() > 0.5
    assert stress[:80].max() < 0.05
    assert train_expression.stress_of(loud, np.zeros(200, np.float32)).max() == 0


def test_a_course_of_emotions_is_one_whole() -> None:
    generator = np.random.default_rng(0)
    for _ in range(50):
        mix = train_expression.course_of(60, generator)
        assert mix.min() >= -1e-6
        assert mix.sum(axis=1) == pytest.approx(np.ones(60), abs=1e-5)


def test_metrics_of_expression() -> None:
    weights = np.zeros((10, 52), np.float32)
    weights[3:8, CHANNELS.index("browInnerUp")] = 1.0
    assert shown_metric.longest_pin(weights) == 5
    assert shown_metric.upper_energy(weights) == pytest.approx(0.5)
    other = weights.copy()
    other[:, CHANNELS.index("mouthClose")] = 0.2
    closed = np.arange(10) < 4
    upper, lips = shown_metric.differences(weights, other, closed)
    assert upper == 0
    assert lips == pytest.approx(0.2 / len(shown_metric.LIPS))
    assert shown_metric.spearman([0, 1, 2], [0.1, 0.2, 0.9]) == pytest.approx(1.0)


def test_the_graph_keeps_the_neutral_face_and_adds(model: StreamingModel) -> None:
    audio = torch.from_numpy(tiny_speech().astype(np.float32) / 32768)
    happy = model.feeling.defaults()._replace(emotion=shown({"happy": 1.0}))
    with torch.inference_mode():
        plain, told = model.full(audio), model.full(audio, happy)
    for name in ("curves", "visemes", "closure", "emotion"):
        assert torch.equal(plain[name], told[name])
    assert plain["expression"].abs().max() == 0
    assert told["expression"].abs().max() > 0
    assert not torch.equal(plain["head"], told["head"])  # arousal


def test_a_feeling_goes_through_a_bundle_and_back(model: StreamingModel, tmp_path: Path) -> None:
    facts = BundleFacts("small", "0.0.1", "Apache-2.0", "v1", {})
    write_bundle(model, tiny_speech(), facts, tmp_path / "small")
    assert verify_bundle(tmp_path / "small").within(1e-4)
    face = TalkFace(tmp_path / "small")
    assert face.identities == tuple(person.name for person in PEOPLE)
    assert face.emotions == EMOTIONS
    assert face.expression_channels == expressions.channels()
    back = restore(tmp_path / "small")
    audio = torch.from_numpy(tiny_speech().astype(np.float32) / 32768)
    generator = torch.Generator().manual_seed(1)
    given = Conditions(
        shown({"angry": 0.7}), torch.softmax(torch.randn(1, 6, generator=generator), dim=1),
        torch.randn(1, LATENT, generator=generator),
    )  # fmt: skip
    with torch.inference_mode():
        before, again = model.full(audio, given), back.full(audio, given)
    assert list(before) == list(again)
    for name, value in before.items():
        assert torch.allclose(value, again[name], atol=1e-5), name


def test_an_identity_speaks_by_its_gains(model: StreamingModel, tmp_path: Path) -> None:
    facts = BundleFacts("small", "0.0.1", "Apache-2.0", "v1", {})
    write_bundle(model, tiny_speech(), facts, tmp_path / "small")

    def jaw(**shares: float) -> np.ndarray:
        style = {"talkface_style": 1, "identities": shares}
        return TalkFace(tmp_path / "small", style=style).animate(
            tiny_speech(), 16000, raw=True, emotion="neutral"
        ).channel("jawOpen")  # fmt: skip

    average = jaw(average=1.0)
    assert jaw(reserved=1.0) == pytest.approx(0.7 * average, abs=1e-5)
    assert jaw(reserved=0.5, average=0.5) == pytest.approx(0.85 * average, abs=1e-5)


def test_emodb_is_split_by_speaker(data_root: Path) -> None:
    by_split = {split: acted_clips(data_root, split) for split in ("train", "dev", "test")}
    speakers = [{clip.speaker for clip in clips} for clips in by_split.values()]
    assert speakers[1] == {"08"}
    assert speakers[2] == {"10", "14"}
    assert not speakers[0] & (speakers[1] | speakers[2])
    assert {clip.emotion for clip in by_split["train"]} == set(LEARNT)
    bored = acted_clips(data_root, "test", bored=True)
    assert {clip.emotion for clip in bored} - set(LEARNT) == {BORED}


def test_the_default_bundle_hears_emotions_of_unseen_speakers(data_root: Path) -> None:
    from talkface_train.feelings import heard_emotions

    answers = heard_emotions(TalkFace(), data_root, "dev")
    assert metric.unweighted_recall(answers) > 0.5


def test_emotions_are_measured_on_what_a_user_gets(
    data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from talkface_train import feelings

    monkeypatch.setattr(feelings, "CLIPS", 2)
    monkeypatch.setattr(feelings, "LEVELS", (0.0, 0.5, 1.0))
    shown_rows, ratios = feelings.sweeps(TalkFace(), data_root, "dev")
    assert [row.emotion for row in shown_rows] == list(EMOTIONS[1:])
    assert len(ratios) == 21
    for row in shown_rows:
        assert row.rank == pytest.approx(1.0)
        assert row.energy[0] < 0.01 < row.energy[-1]
        assert row.pinned == 0
        assert row.drop < 0.15
    assert min(ratio for _, _, ratio in ratios) > 3


def test_heads_are_measured_beside_captured_still_and_random_ones(
    data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from talkface_train import feelings
    from talkface_train.data import head_captured

    load = head_captured.load
    monkeypatch.setattr(feelings.head_captured, "load", lambda *which: load(*which)[:3])
    rows = feelings.heads(TalkFace(), data_root, "dev", seeds=3)
    assert list(rows) == ["captured", "neutral", "happy", "angry", "still", "random"]
    assert rows["neutral"]["least diverse"] > 0
    assert rows["angry"]["speed"] > 1.2 * rows["neutral"]["speed"]
    assert rows["angry"]["furthest"] < 20
    assert rows["angry"]["jerk max"] < 50_000
    assert rows["neutral"]["quiescence"] > 0
    assert rows["still"]["speed"] == 0


def test_upper_faces_are_measured_above_rest(
    data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from talkface_train import feelings

    weights = np.zeros((20, 52), np.float32)
    weights[:, CHANNELS.index("eyeSquintLeft")] = 0.4
    weights[10:, CHANNELS.index("browInnerUp")] = 0.5
    assert shown_metric.upper_energy(shown_metric.above_rest(weights)) == pytest.approx(0.25)
    speed = shown_metric.upper_speed(weights, 25)
    assert speed == pytest.approx(0.5 * 25 / 19 / len(shown_metric.UPPER))
    load = feelings.real.load
    monkeypatch.setattr(feelings.real, "load", lambda *which: load(*which)[:2])
    rows = feelings.faces(TalkFace(), data_root, "dev")
    assert list(rows) == ["captured", "auto", "neutral", "happy", "angry"]
    assert all(energy > 0 and speed > 0 for energy, speed, _ in rows.values())
    assert "| captured | " in feelings.render_faces(rows)


def test_a_bundle_without_emotions_has_none_to_measure(
    data_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from talkface.cli import main

    tiny = Path(__file__).resolve().parents[1] / "golden" / "tiny"
    code = main(["evaluate", "--feelings", "--bundle", str(tiny), "--data", str(data_root)])
    assert code == 3
    assert "no emotions to measure" in capsys.readouterr().err
