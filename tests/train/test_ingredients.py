"""What goes into training besides sentences: other languages, whisper, coughs, a teacher."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from talkface_train.articulation import load_articulation
from talkface_train.data import augment, foreign, tapes, taught
from talkface_train.data.batches import START_FRAMES, TapeSet
from talkface_train.data.phones import PHONE_INDEX, SILENCE, UNKNOWN, Segment
from talkface_train.losses.speech import closure_loss, curve_weights, forecast_loss, preview_loss
from talkface_train.models.answers import answers, pack, unpack
from talkface_train.models.streaming import FORECAST, StreamingConfig, StreamingNet, TeacherNet
from talkface_train.train import TrainConfig, Trainer, total_loss

SMALL = StreamingConfig(width=24, layers=1, hidden=16, context=8)


@pytest.mark.parametrize("language", foreign.LANGUAGES)
def test_foreign_sentences_are_reproducible_and_labial(language: str) -> None:
    first = list(itertools.islice(foreign.sentences(language, 1), 50))
    assert first == list(itertools.islice(foreign.sentences(language, 1), 50))
    assert first != list(itertools.islice(foreign.sentences(language, 2), 50))
    letters = "мпбфв" if language == "ru" else "mpbfv"
    text = " ".join(first)
    assert sum(text.count(letter) for letter in letters) / len(text) > 0.08


def test_foreign_symbols_reach_the_inventory() -> None:
    assert [foreign.phone_of("ru", s) for s in ("mm", "aa", "yy", "sch")] == ["M", "AA", "IH", "SH"]
    assert [foreign.phone_of("ca", s) for s in ("e1", "ax", "J", "L")] == ["EY", "AH", "N", "L"]
    assert [foreign.phone_of("fi", s) for s in ("a:", "y", "oe", "#")] == [
        "AA", "UE", "OE", SILENCE,
    ]  # fmt: skip
    assert foreign.phone_of("fi", "qq") == UNKNOWN
    for table in foreign._PHONES.values():
        assert set(table.values()) <= set(PHONE_INDEX)


def test_a_whisper_has_no_pitch_and_keeps_its_envelope() -> None:
    time = np.arange(32000) / 16000
    pulses = (np.mod(time * 120, 1) < 0.05).astype(np.float32)
    voiced = pulses * (0.2 + np.repeat([0, 1, 0, 1], 8000)).astype(np.float32)
    hushed = augment.whisper(voiced, np.random.default_rng(0))
    assert hushed.shape == voiced.shape

    def at_pitch(audio: np.ndarray) -> float:
        spectrum = np.abs(np.fft.rfft(audio[8000:16000] * np.hanning(8000))) ** 2
        lines = [round(120 * k * 8000 / 16000) for k in range(5, 30)]
        return float(spectrum[lines].sum() / spectrum[300:1800].sum())

    assert at_pitch(voiced) > 10 * at_pitch(hushed)
    halves = [float(np.std(hushed[i + 1000 : i + 7000])) for i in (0, 8000)]
    assert halves[1] > 3 * halves[0]


def test_coughs_breaths_and_ambience_are_sound_at_every_seed() -> None:
    room = np.random.default_rng(0).normal(0, 0.01, 20000).astype(np.float32)
    for seed in range(24):
        generator = np.random.default_rng(seed)
        for audio in (
            augment._coughs(48000, generator),
            augment._breathing(48000, generator),
            augment.ambience(48000, [room], generator),
        ):
            assert audio.shape == (48000,)
            assert np.isfinite(audio).all()
            assert audio.std() > 0


def test_a_room_is_what_speech_leaves() -> None:
    generator = np.random.default_rng(0)
    audio = generator.normal(0, 0.001, 64000).astype(np.float32)
    audio[24000:32000] += generator.normal(0, 0.3, 8000).astype(np.float32)
    room = augment.room_of(audio)
    assert np.abs(room).max() < 0.01
    assert 64000 - 8000 - 2 * 0.4 * 16000 < len(room) < 64000 - 8000 - 2 * 0.25 * 16000


def test_effort_scales_movement_but_not_the_seal() -> None:
    model = load_articulation("v2")
    segments = [Segment(0.3, 0.5, "AA"), Segment(0.5, 0.6, "M"), Segment(0.6, 0.8, "AA")]
    plain = model.curves(segments, 60, 50)
    loud = np.ones((60, 1))
    loud[25:] = 1.25
    louder = model.curves(segments, 60, 50, loud)
    jaw = model.channels.index("jawOpen")
    assert louder[35, jaw] == pytest.approx(1.25 * plain[35, jaw], rel=1e-3)
    assert np.array_equal(louder[:20], plain[:20])
    times = np.arange(60) / 50
    sealed = model.closure_curve(segments, times) > 0.99
    aperture = (louder[:, jaw] - louder[:, model.channels.index("mouthClose")])[sealed]
    assert np.abs(aperture).max() < 0.02


def test_whispered_tapes_move_more(tmp_path: Path, recordings) -> None:
    made = recordings(tmp_path)
    peaks = []
    for name, share in (("plain", 0.0), ("whispered", 1.0)):
        plan = tapes.TapePlan(3, 4.0, {"made": 1.0}, 5, 1.0, whispered_share=share)
        folder = tapes.build(tmp_path / name, made, [], plan, workers=1)
        curves = np.fromfile(folder / "curves.bin", np.float16).reshape(-1, 15)
        peaks.append(float(curves[:, 0].max()))
    assert peaks[1] == pytest.approx(tapes.WHISPERED_EFFORT * peaks[0], rel=0.02)


def test_a_prompt_tape_begins_at_its_first_phone(tmp_path: Path, recordings) -> None:
    late = []
    for made in recordings(tmp_path):
        first = next(i for i, s in enumerate(made.segments) if s.phone != SILENCE)
        spoken = [replace(s, start=s.start + 0.4, end=s.end + 0.4) for s in made.segments[first:]]
        late.append(replace(made, segments=(Segment(0.0, spoken[0].start, SILENCE), *spoken)))
    begins = {}
    for share in (0.0, 1.0):
        plan = tapes.TapePlan(12, 1.0, {"made": 1.0}, 5, 1.0, prompt_share=share)
        folder = tapes.build(tmp_path / str(share), late, [], plan, workers=1)
        phones = np.fromfile(folder / "phones.bin", np.uint8).reshape(12, -1)
        begins[share] = (phones != PHONE_INDEX[SILENCE]).argmax(axis=1) / tapes.LABEL_RATE
    assert begins[1.0].max() <= 0.08
    assert np.median(begins[0.0]) > 0.2


def test_the_forecast_is_of_frames_behind_each_step() -> None:
    closure = torch.zeros(1, 12)
    closure[0, 6:8] = 1.0
    mask = torch.ones(1, 12)
    logits = torch.full((1, 6, FORECAST), -9.0)
    logits[0, 1, 2:4] = logits[0, 2, 0:2] = 9.0
    assert forecast_loss(logits, closure, mask, 1.0) < 0.01
    assert forecast_loss(logits.flip(1), closure, mask, 1.0) > 1.0
    whole = closure_loss(torch.full((1, 12), -9.0), torch.zeros(1, 12), mask, 1.0)
    assert forecast_loss(torch.full((1, 6, FORECAST), -9.0), torch.zeros(1, 12), mask, 1.0) == (
        pytest.approx(float(whole), rel=1e-4)
    )


@pytest.fixture(scope="module")
def lesson(tmp_path_factory, recordings) -> tuple[Path, TeacherNet]:
    folder = tmp_path_factory.mktemp("lesson")
    plan = tapes.TapePlan(5, 4.0, {"made": 1.0}, seed=3)
    torch.manual_seed(0)
    config = StreamingConfig(look_ahead=640, width=24, layers=1, hidden=16, context=8)
    teacher = TeacherNet(config)
    torch.nn.init.normal_(teacher.curves.bias, -1.0, 0.7)
    return tapes.build(folder / "t", recordings(folder), [], plan, workers=1), teacher


def test_a_teacher_answers_once_for_every_label_frame(
    lesson: tuple[Path, TeacherNet], tmp_path: Path
) -> None:
    folder, teacher = lesson
    data = TapeSet(folder, teacher.config)
    path = taught.record(teacher.eval(), data, tmp_path / "taught.bin", "one")
    rows = np.fromfile(path, np.float16).reshape(-1, 74)
    assert len(rows) == sum(data.labels(tape) for tape in range(len(data)))
    stamp = path.stat().st_mtime_ns
    assert taught.record(teacher, data, path, "one").stat().st_mtime_ns == stamp
    assert taught.record(teacher, data, path, "two").stat().st_mtime_ns != stamp

    with torch.inference_mode():
        alone = pack(answers(teacher(data.whole(0)[None])))[0].numpy()
    assert np.abs(rows[: len(alone)] - alone).max() < 0.02
    given = unpack(torch.from_numpy(rows[None].astype(np.float32)), teacher.config)
    assert given["phones"].sum(dim=2).sub(1).abs().max() < 0.02
    assert given["closure"].shape == (1, len(rows), 1)


@pytest.mark.parametrize("look_ahead", [480, 640, 1600, 1920])
def test_taught_rows_line_up_with_labels_at_any_look_ahead(
    lesson: tuple[Path, TeacherNet], tmp_path: Path, look_ahead: int
) -> None:
    folder, _ = lesson
    config = StreamingConfig(look_ahead=look_ahead, width=24, layers=1, hidden=16, context=8)
    phones = np.fromfile(folder / "phones.bin", np.uint8)
    path = tmp_path / "taught.bin"
    np.repeat(phones[:, None], 74, axis=1).astype(np.float16).tofile(path)
    batch = next(TapeSet(folder, config, path).batches(6, 30, 4, np.random.default_rng(0)))
    heard = batch["weight"] > 0
    assert torch.equal(batch["taught"][..., 0][heard], batch["phones"].float()[heard])


@pytest.fixture
def told(lesson: tuple[Path, TeacherNet], tmp_path: Path) -> TapeSet:
    folder, teacher = lesson
    path = taught.record(teacher.eval(), TapeSet(folder, teacher.config), tmp_path / "t.bin", "x")
    return TapeSet(folder, SMALL, path)


def test_a_taught_student_comes_closer_to_its_teacher(told: TapeSet, tmp_path: Path) -> None:
    run = TrainConfig(
        model=SMALL, steps=150, batch=4, crop_steps=30, warm_up=4, distil=1.0, average=0.5,
        check_every=150, learning_rate=1e-2, threads=1,
    )  # fmt: skip
    batch = next(told.batches(6, 30, 4, np.random.default_rng(9)))
    wanted = unpack(batch["taught"], SMALL)["curves"]

    def distance(net: StreamingNet) -> float:
        with torch.inference_mode():
            return float((answers(net(batch["features"]))["curves"] - wanted).square().mean())

    trainer = Trainer(tmp_path / "run", told, told, run)
    before = distance(trainer.net.eval())
    assert distance(trainer.run()) < 0.5 * before


def test_where_a_tape_starts_counts_more_and_is_learned_from_labels(told: TapeSet) -> None:
    batch = next(told.batches(8, 30, 4, np.random.default_rng(9), start_weight=8.0))
    weight = batch["weight"]
    starts = (weight.amax(dim=1) > 1).nonzero().flatten()
    assert 0 < len(starts) < 8
    heavy = weight[starts]
    assert heavy.amax(dim=1) == pytest.approx(8.0)
    assert ((heavy > 1).sum(dim=1) == START_FRAMES - 1).all()
    run = TrainConfig(model=SMALL, distil=0.5, distil_closure=0.5)
    weights = curve_weights(told.channels, told.curve_sample())
    outputs = StreamingNet(SMALL).eval()(batch["features"])

    def loss(where: torch.Tensor) -> float:
        rows = batch["taught"].clone()
        rows[where] = 1.0 - rows[where]
        answered = unpack(rows, SMALL)
        return float(total_loss(outputs, batch, weights, run, answered)["total"].detach())

    plain = loss(torch.zeros_like(weight, dtype=torch.bool))
    assert loss(weight > 1) == pytest.approx(plain)
    assert loss(weight == 1) > 1.01 * plain


def test_the_preview_is_of_the_frame_behind_each_step() -> None:
    target = torch.rand(2, 8, 3)
    mask, scale = torch.ones(2, 8), torch.ones(3)
    last, behind = target[:, 1::2], torch.cat([target[:, 2::2], torch.zeros(2, 1, 3)], dim=1)
    assert preview_loss(behind, last, target, scale, mask, 2.0) == 0
    assert preview_loss(behind + 0.1, last, target, scale, mask, 0.0) == pytest.approx(0.01)
    steadier = preview_loss(behind + 0.1, last + 0.1, target, scale, mask, 2.0)
    assert steadier == pytest.approx(0.01)
    assert preview_loss(behind + 0.1, last, target, scale, mask, 2.0) > steadier
