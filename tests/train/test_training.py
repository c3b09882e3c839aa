"""Data, tapes, losses and the trainer, on a few made recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from talkface_train.data import augment, batches, corpus, tapes
from talkface_train.data.batches import TapeSet
from talkface_train.data.phones import PHONE_INDEX, Segment
from talkface_train.data.real import Recording
from talkface_train.data.text import sentences
from talkface_train.data.voices import VOICES
from talkface_train.losses import closure_loss, curve_loss, label_loss
from talkface_train.losses.speech import curve_weights, overlap_loss
from talkface_train.models.frontend import band_positions, mel_matrix
from talkface_train.models.streaming import StreamingConfig
from talkface_train.train import TrainConfig, Trainer

SMALL = StreamingConfig(width=24, layers=1, hidden=16, context=8)


@pytest.fixture(scope="module")
def tape_folder(tmp_path_factory, recordings) -> Path:
    folder = tmp_path_factory.mktemp("tapes")
    plan = tapes.TapePlan(6, 4.0, {"made": 1.0}, seed=3)
    return tapes.build(folder / "t", recordings(folder), [], plan, workers=1)


def test_tapes_line_up_features_and_labels(tape_folder: Path) -> None:
    data = TapeSet(tape_folder, SMALL)
    batch = next(data.batches(3, 40, 4, np.random.default_rng(0)))
    assert batch["features"].shape == (3, 160, 51)
    assert batch["phones"].shape == (3, 80)
    assert batch["curves"].shape == (3, 80, 15)
    assert batch["closure"].shape == batch["weight"].shape == (3, 80)
    assert torch.isfinite(batch["features"]).all()
    assert batch["closure"].max() <= 1
    assert (batch["weight"] == 0).any()


def test_tapes_are_reproducible_and_cached(tape_folder: Path, tmp_path: Path, recordings) -> None:
    plan = tapes.TapePlan(6, 4.0, {"made": 1.0}, seed=3)
    before = (tape_folder / "features.bin").stat().st_mtime_ns
    tapes.build(tape_folder, recordings(tmp_path), [], plan, workers=1)
    assert (tape_folder / "features.bin").stat().st_mtime_ns == before
    again = tapes.build(tmp_path / "t", recordings(tmp_path), [], plan, workers=1)
    for name in ("features.bin", "phones.bin", "curves.bin", "closure.bin"):
        assert (again / name).read_bytes() == (tape_folder / name).read_bytes()


def test_speed_moves_labels_with_the_sound() -> None:
    tone = np.sin(np.arange(16000) / 8).astype(np.float32)
    assert len(augment.speed(tone, 1.25)) == 12800
    moved = tapes._shift(Segment(0.5, 1.0, "P", (0.5, 0.75)), 2.0, 1.25)
    assert (moved.start, moved.end) == (2.4, 2.8)
    assert moved.closed == (pytest.approx(2.4), pytest.approx(2.6))


@pytest.mark.parametrize("clean", [True, False])
def test_degraded_audio_stays_audio(clean: bool) -> None:
    speech = augment.set_level(np.random.default_rng(0).normal(0, 1, 32000).astype(np.float32), -20)
    for seed in range(12):
        generator = np.random.default_rng(seed)
        out = augment.degrade(speech, lambda: speech, [speech], generator, clean)
        assert out.shape == speech.shape
        assert out.dtype == np.float32
        assert np.isfinite(out).all()
        assert np.abs(out).max() <= 1


def test_every_kind_of_noise_is_audio() -> None:
    speech = np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32)
    heard = [
        augment.noise(32000, lambda: speech, [speech], np.random.default_rng(seed))
        for seed in range(20)
    ]
    for audio in heard:
        assert audio.shape == (32000,)
        assert np.isfinite(audio).all()
        assert audio.std() > 0


def test_a_corpus_of_another_size_is_spoken_anew(tmp_path: Path) -> None:
    (tmp_path / "done.json").write_text('{"asked": 0.5, "seed": 3}')
    assert corpus._spoken(tmp_path, VOICES[0], 0.5, 3)
    assert not corpus._spoken(tmp_path, VOICES[0], 1.0, 3)
    assert not corpus._spoken(tmp_path / "none", VOICES[0], 0.5, 3)


def test_band_limits_and_levels_do_what_they_say() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 64000).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(augment.band_limit(noise, 300, 3400)))
    hertz = np.fft.rfftfreq(64000, 1 / 16000)
    assert spectrum[hertz > 5000].mean() < 0.02 * spectrum[(hertz > 800) & (hertz < 2500)].mean()
    assert 20 * np.log10(augment.rms(augment.set_level(noise, -33))) == pytest.approx(-33, abs=0.1)


def test_a_telephone_line_is_narrow_and_coarse() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 64000).astype(np.float32)
    line = augment.telephone(noise, np.random.default_rng(1))
    assert line.shape == noise.shape
    spectrum = np.abs(np.fft.rfft(line))
    hertz = np.fft.rfftfreq(64000, 1 / 16000)
    inside = spectrum[(hertz > 800) & (hertz < 2500)].mean()
    assert spectrum[hertz > 5500].mean() < 0.03 * inside
    assert spectrum[hertz < 80].mean() < 0.2 * inside


def test_a_breath_is_one_soft_burst() -> None:
    for seed in range(8):
        pause = augment.breath(16000, np.random.default_rng(seed))
        assert pause.shape == (16000,)
        loud = np.flatnonzero(np.abs(pause) > 0)
        assert 0.15 * 16000 < loud[-1] - loud[0] < 1.01 * 16000
        assert augment.rms(pause[loud[0] : loud[-1] + 1]) < 10 ** (-28 / 20)


def test_speechless_tapes_rest(tmp_path: Path, recordings) -> None:
    plan = tapes.TapePlan(4, 2.0, {"made": 1.0}, speechless_share=1.0)
    folder = tapes.build(tmp_path / "t", recordings(tmp_path), [], plan, workers=1)
    assert set(np.fromfile(folder / "phones.bin", np.uint8)) == {PHONE_INDEX["SIL"]}
    assert np.fromfile(folder / "curves.bin", np.float16).max() == 0
    assert np.fromfile(folder / "spectrum.bin", np.float16).astype(np.float32).std() > 0.1


def test_masks_hide_bands_and_moments_from_the_network_only(tape_folder: Path) -> None:
    data = TapeSet(tape_folder, SMALL)
    plain = next(data.batches(4, 40, 4, np.random.default_rng(3)))
    masked = next(data.batches(4, 40, 4, np.random.default_rng(3), masks=4))
    same = plain["features"] == masked["features"]
    assert 0.5 < same[..., :48].float().mean() < 0.98
    assert same[..., 48:].all()
    assert torch.equal(plain["curves"], masked["curves"])


def test_a_stretched_crop_reads_between_the_bands(tape_folder: Path) -> None:
    data = TapeSet(tape_folder, SMALL)
    plain = next(data.batches(4, 40, 4, np.random.default_rng(3)))["features"]
    stretched = next(data.batches(4, 40, 4, np.random.default_rng(3), stretch=0.05))["features"]
    assert torch.equal(plain[0, :, 48:], stretched[0, :, 48:])
    assert (plain[0, :, :48] - stretched[0, :, :48]).abs().mean() > 0.01

    ramp = np.tile(np.arange(51, dtype=np.float32), (3, 1))
    batches._stretch(ramp, 1.05)
    assert ramp[0, :48] == pytest.approx(band_positions(1.05), abs=1e-4)
    warped = mel_matrix(1.05)[:, 20] @ np.arange(189)
    low, high = (mel_matrix()[:, 20 + k] @ np.arange(189) for k in (0, 1))
    assert low < warped < high
    assert (warped - low) / (high - low) == pytest.approx(ramp[0, 20] - 20, abs=0.1)


def test_filters_keep_an_odd_length() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 9375).astype(np.float32)
    assert augment.band_limit(noise, 300, 3400).shape == (9375,)
    assert augment._coloured(9375, np.random.default_rng(0)).shape == (9375,)


def test_sentences_are_reproducible_and_rich_in_labials() -> None:
    import itertools

    first = list(itertools.islice(sentences(1), 200))
    assert first == list(itertools.islice(sentences(1), 200))
    assert first != list(itertools.islice(sentences(2), 200))
    text = " ".join(first).lower()
    assert "{" not in text
    share = sum(text.count(letter) for letter in "pbmfvw") / sum(c.isalpha() for c in text)
    assert share > 0.15


def test_losses_have_their_minimum_at_the_target() -> None:
    target = torch.rand(2, 10, 3)
    mask = torch.ones(2, 10)
    scale = target.reshape(-1, 3).std(dim=0)
    assert curve_loss(target, target, scale, mask, 1.0) == 0
    assert curve_loss(target + 0.1, target, scale, mask, 1.0) > 0
    jumpy = target.clone()
    jumpy[:, ::2] += 0.1
    assert curve_loss(jumpy, target, scale, mask, 5.0) > curve_loss(jumpy, target, scale, mask, 0.0)
    assert curve_loss(jumpy, target, scale, mask, 0.0, 5.0) > curve_loss(
        jumpy, target, scale, mask, 0.0
    )
    masked = mask.clone()
    masked[:, 5:] = 0
    off = target.clone()
    off[:, 5:] = 9
    assert curve_loss(off, target, scale, masked, 0.0) == 0
    labels = torch.tensor([[0, 1, 255]])
    logits = torch.full((1, 3, 2), -9.0)
    logits[0, 0, 0] = logits[0, 1, 1] = 9
    assert label_loss(logits, labels, torch.ones(1, 3)) < 1e-3
    closed = torch.tensor([[1.0, 0.0]])
    right, wrong = torch.tensor([[9.0, -9.0]]), torch.tensor([[-9.0, 9.0]])
    weight = torch.ones(1, 2)
    assert (
        closure_loss(right, closed, weight, 2.0) < 1e-3 < closure_loss(wrong, closed, weight, 2.0)
    )


def test_overlap_asks_for_the_best_f1_of_every_crop() -> None:
    target = torch.zeros(1, 100)
    target[0, 20:30] = 1
    mask = torch.ones(1, 100)

    def of(closed: slice) -> float:
        logits = torch.full((1, 100), -9.0)
        logits[0, closed] = 9.0
        return float(overlap_loss(logits, target, mask, floor=0.0))

    assert of(slice(20, 30)) < 0.02
    assert of(slice(20, 40)) == pytest.approx(1 - 20 / 30, abs=0.02)
    assert of(slice(50, 60)) > 0.97
    # Where closures can't be told from the rest, a doubtful yes is better than a no.
    doubt = torch.full((1, 100), -2.0, requires_grad=True)
    overlap_loss(doubt, torch.full((1, 100), 0.4), mask).backward()
    assert doubt.grad is not None
    assert (doubt.grad < 0).all()
    mask[0, 20:30] = 0
    assert float(overlap_loss(torch.full((1, 100), -20.0), target, mask)) < 1e-6


def test_the_jaw_counts_most_and_may_move_freely() -> None:
    target = torch.rand(200, 3) * torch.tensor([1.0, 1.0, 0.001])
    scale, steady = curve_weights(["jawOpen", "mouthPress", "mouthClose"], target)
    assert steady.tolist() == [0.0, 1.0, 1.0]
    assert scale[0] < 0.7 * scale[1]
    assert scale[2] == pytest.approx(0.02)
    still = torch.zeros(1, 10, 3)
    mask = torch.ones(1, 10)
    jumpy = still.clone()
    jumpy[:, ::2, 0] = 0.1
    plain, calm = (curve_loss(jumpy, still, scale, mask, 0.0, x * steady) for x in (0.0, 5.0))
    assert plain == calm
    jumpy[:, ::2, 1] = 0.1
    plain, calm = (curve_loss(jumpy, still, scale, mask, 0.0, x * steady) for x in (0.0, 5.0))
    assert calm > plain


def test_training_learns_and_resumes(tape_folder: Path, tmp_path: Path) -> None:
    data = TapeSet(tape_folder, SMALL)
    config = TrainConfig(
        model=SMALL, steps=40, batch=4, crop_steps=40, log_every=10, check_every=20, threads=1
    )
    Trainer(tmp_path / "run", data, data, config).run()
    rows = [line.split(",") for line in (tmp_path / "run/log.csv").read_text().splitlines()]
    losses = [float(row[3]) for row in rows if row[1:3] == ["train", "total"]]
    assert losses[-1] < losses[0]
    assert any(row[1:3] == ["dev", "accuracy"] for row in rows)
    more = TrainConfig(**{**config.__dict__, "steps": 60})
    resumed = Trainer(tmp_path / "run", data, data, more)
    resumed.resume()
    assert resumed.step == 40
    resumed.run(until=45)
    assert resumed.step == 45
    net = resumed.run()
    assert resumed.step == 60
    assert not net.training
    assert not list((tmp_path / "run").glob("*.pt"))


def test_weights_are_compared_without_what_acceleration_counts(
    tape_folder: Path, tmp_path: Path
) -> None:
    """Its weight changes halfway: the same weights must score the same before and after."""
    data = TapeSet(tape_folder, SMALL)
    best = []
    for acceleration in (0.0, 50.0):
        config = TrainConfig(
            model=SMALL, steps=1, batch=2, crop_steps=40, threads=1, learning_rate=0.0,
            acceleration=acceleration,
        )  # fmt: skip
        trainer = Trainer(tmp_path / str(acceleration), data, data, config)
        trainer.run()
        best.append(trainer.best)
    assert best[0] == pytest.approx(best[1], abs=1e-6)


def test_a_teacher_sees_ahead_and_is_followed(tape_folder: Path, tmp_path: Path) -> None:
    data = TapeSet(tape_folder, SMALL)
    lesson = TrainConfig(
        model=SMALL, steps=20, batch=4, crop_steps=40, check_every=20, threads=1, teacher=True
    )
    teacher = Trainer(tmp_path / "teacher", data, data, lesson).run()
    batch = next(data.batches(2, 40, 4, np.random.default_rng(0)))
    later = batch["features"].clone()
    later[:, 100:] += 1.0
    with torch.no_grad():
        heard, changed = (teacher(x)["visemes"][:, :40] for x in (batch["features"], later))
    assert not torch.allclose(heard, changed, atol=1e-6)

    alone = TrainConfig(model=SMALL, steps=30, batch=4, crop_steps=40, check_every=30, threads=1)
    taught = TrainConfig(**{**alone.__dict__, "distil": 1.0})
    with torch.no_grad():
        wanted = teacher(batch["features"])["curves"].sigmoid()

    def distance(config: TrainConfig, guide) -> float:
        net = Trainer(tmp_path / str(config.distil), data, data, config, guide).run()
        with torch.no_grad():
            return float((net(batch["features"])["curves"].sigmoid() - wanted).abs().mean())

    assert distance(taught, teacher) < distance(alone, None)


def test_labels_outside_the_inventory_are_masked(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 48000), 16000)
    recording = Recording("a", "made", "one", path, (Segment(0, 3.0, "UNK"),))
    plan = tapes.TapePlan(1, 2.0, {"made": 1.0})
    folder = tapes.build(tmp_path / "t", [recording], [], plan, workers=1)
    phones = np.fromfile(folder / "phones.bin", np.uint8)
    assert set(phones) <= {255, PHONE_INDEX["SIL"]}
    assert (phones == 255).any()


@pytest.mark.parametrize("index", range(len(VOICES)))
def test_installed_voices_speak_with_timings(index: int) -> None:
    from talkface_train.data.voices import VoiceError, synthesise

    voice = VOICES[index]
    try:
        [utterance] = synthesise(voice, ["My mother bought five blue boats."], seed=1)
    except VoiceError as error:
        pytest.skip(str(error))
    phones = [s.phone for s in utterance.segments]
    assert phones.count("M") >= 2
    assert abs(utterance.segments[-1].end - len(utterance.audio) / 16000) < 0.05
    assert all(s.end > s.start - 1e-9 for s in utterance.segments)
    level = np.abs(utterance.audio)
    speech = [
        s for s in utterance.segments if s.phone in ("AA", "AY", "AO", "OW", "UW", "EY", "AH")
    ]
    loud = np.mean([level[int(s.start * 16000) : int(s.end * 16000)].mean() for s in speech])
    assert loud > level.mean()
