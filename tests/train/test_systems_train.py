"""Runs of published systems: batches, training, resuming, runs on disk, the command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from checkpoints import checkpoint
from safetensors.torch import load_file
from toy_clips import TINY, make_clips

from talkface import cli
from talkface_train.data.clips import ClipError
from talkface_train.models.hearing import MelHearing
from talkface_train.models.system import Conditions
from talkface_train.systems import RunError, build_hearing, load_run
from talkface_train.systems_data import SystemSet, encoded, level_of
from talkface_train.systems_train import SystemTrainer, config_of, read_config

PESTALK = {**TINY["model"], "frequency_width": 8, "style_width": 4}


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    return make_clips(tmp_path / "clips")


def config(clips: Path, name: str = "ecoface", **changes):
    model = PESTALK if name == "pestalk" else TINY["model"]
    return config_of({**TINY, "system": name, "data": [str(clips)], "model": model} | changes, "x")


def test_batches_hold_what_the_protocol_says(clips: Path):
    hearing = MelHearing(width=8)
    train = SystemSet([clips], "train", hearing, frames=16, progress=False)
    batch = encoded(hearing, train.batch(4, np.random.default_rng(0), pairs=False))
    assert batch["features"].shape == (4, 16, 8)
    assert batch["curves"].shape == (4, 16, 52)
    assert batch["identity"].sum(dim=1).tolist() == [1, 1, 1, 1]
    felt = batch["emotion"] > 0
    assert torch.equal(batch["level"], felt.float())
    # Only an unfelt face is known without its emotion.
    assert torch.equal(batch["neutral_mask"].amax(dim=1) > 0, ~felt)
    assert batch["mask"][:, :14].all()


def test_pairs_share_words_or_emotion_and_the_speaker(clips: Path):
    train = SystemSet([clips], "train", MelHearing(width=8), frames=12, progress=False)
    takes = train._takes
    assert takes
    generator = np.random.default_rng(1)
    for _ in range(20):
        own, kin, far, other = takes[int(generator.integers(len(takes)))].drawn(generator)
        clips_ = [item.clip for item in (own, kin, far, other)]
        assert len({clip.identity for clip in clips_}) == 1
        assert clips_[0].sentence == clips_[1].sentence != clips_[2].sentence == clips_[3].sentence
        assert clips_[0].emotion == clips_[2].emotion != clips_[1].emotion == clips_[3].emotion


def test_no_pairs_is_said(tmp_path: Path):
    clips = make_clips(tmp_path / "plain", emotions=("neutral",))
    train = SystemSet([clips], "train", MelHearing(width=8), frames=12, progress=False)
    with pytest.raises(ClipError, match="two sentences in the same two emotions"):
        train.batch(2, np.random.default_rng(0), pairs=True)


def test_unlabelled_clips_are_an_error_neutral_or_left_out(tmp_path: Path):
    clips = make_clips(tmp_path / "plain", emotions=(None,))
    hearing = MelHearing(width=8)
    with pytest.raises(ClipError, match="nobody says the emotion"):
        SystemSet([clips], "train", hearing, progress=False)
    found = SystemSet([clips], "train", hearing, unlabelled="neutral", progress=False)
    assert {level_of(item.clip) for item in found.items} == {0.0}
    with pytest.raises(ClipError, match="no clip with a face"):
        SystemSet([clips], "train", hearing, unlabelled="leave out", progress=False)


def test_a_cache_is_used_and_another_front_end_has_another(clips: Path):
    for look_ahead in (1600, 1600, 800):
        SystemSet([clips], "dev", MelHearing(width=8, look_ahead=look_ahead), progress=False)
    assert len(list(clips.glob("hearing-dev-*.npz"))) == 2


def test_strangers_are_everybody_alike(clips: Path):
    known = SystemSet([clips], "train", MelHearing(width=8), progress=False)
    strangers = SystemSet([clips], "test_unseen", known.hearing, known.identities, progress=False)
    row = strangers.batch(1, np.random.default_rng(0), pairs=False)["identity"][0]
    assert row.tolist() == [0.5, 0.5]


@pytest.mark.parametrize("name", ["ecoface", "emotalk", "decoupled", "pestalk"])
def test_vertices_are_learnt_as_offsets_from_a_persons_mean(name: str, tmp_path: Path):
    clips = make_clips(tmp_path / "meshes", vertices=5)
    given = config(clips, name, steps=2)
    if name == "pestalk":
        with pytest.raises(ValueError, match="15 numbers a frame: decoupled, emotalk"):
            SystemTrainer(given, tmp_path / "run", progress=False)
        return
    trainer = SystemTrainer(given, tmp_path / "run", progress=False)
    targets = np.concatenate([i.target for i in trainer.train_set.items if i.clip.identity == "b"])
    assert targets.shape[1] == 15
    assert np.abs(targets.mean(axis=0)).max() < 0.02
    trainer.run()
    assert load_run(tmp_path / "run")[0].outputs == 15


@pytest.mark.parametrize("name", ["pestalk", "ecoface"])
def test_a_run_trains_and_is_read_back(name: str, clips: Path, tmp_path: Path):
    run = tmp_path / "run"
    trainer = SystemTrainer(config(clips, name), run, progress=False)
    best = trainer.run()
    info, system, hearing = load_run(run)
    assert (info.system, info.identities) == (name, trainer.train_set.identities)
    assert np.isfinite(best)
    log = (run / "log.csv").read_text().splitlines()
    assert log[0] == "step,name,value"
    assert any(line.startswith("6,dev,") for line in log)
    with torch.inference_mode():
        parts = hearing(torch.zeros(1, 640 * 8))
        mix = torch.eye(8)[:1]
        noise = torch.zeros(1, max(system.noise_width, 1))
        given = Conditions(torch.eye(2)[:1], mix, torch.zeros(1), noise)
        joined = torch.cat([parts[part] for part in system.parts], dim=2)
        assert system.full(joined, given).curves.shape == (1, 8, 52)


def test_a_stopped_run_goes_on_as_if_it_had_not(clips: Path, tmp_path: Path):
    whole = SystemTrainer(config(clips, "pestalk"), tmp_path / "whole", progress=False)
    whole.run()
    first = SystemTrainer(config(clips, "pestalk"), tmp_path / "part", progress=False)
    first._check = lambda: (SystemTrainer._check(first), True)[1]
    first.run()
    assert first.step == 3
    again = SystemTrainer(config(clips, "pestalk"), tmp_path / "part", progress=False)
    again.run()
    assert again.step == 6
    for name, value in whole.net.state_dict().items():
        torch.testing.assert_close(again.net.state_dict()[name], value, msg=name)


def test_a_library_is_learnt_with_though_dev_is_looked_at_only_at_the_end(
    clips: Path, tmp_path: Path
):
    short = config(clips, "pestalk", steps=8, check_every=8, weight_decay=0.0)
    trainer = SystemTrainer(short, tmp_path / "run", progress=False)
    before = trainer.system.style.weight.detach().clone()
    trainer.run()
    assert not torch.equal(trainer.system.style.weight, before)


def test_another_configuration_does_not_go_on(clips: Path, tmp_path: Path):
    SystemTrainer(config(clips), tmp_path / "run", progress=False).run()
    with pytest.raises(ValueError, match="another seed"):
        SystemTrainer(config(clips, seed=1), tmp_path / "run", progress=False).run()


def test_other_people_and_broken_files_do_not_go_on(clips: Path, tmp_path: Path):
    given = config(clips)
    SystemTrainer(given, tmp_path / "run", progress=False).run()
    other = SystemTrainer(given, tmp_path / "run", progress=False)
    other.train_set.identities = other.train_set.identities[::-1]
    with pytest.raises(ValueError, match="other people"):
        other.resume()
    (tmp_path / "run" / "last.safetensors").write_bytes(b"\x80")
    with pytest.raises(ValueError, match=r"last\.safetensors.* begins anew"):
        SystemTrainer(given, tmp_path / "run", progress=False).resume()


def test_checkpoints_that_stay_are_not_kept_with_a_run(clips: Path, tmp_path: Path):
    content = str(checkpoint(tmp_path / "content"))
    given = config(clips, "decoupled", encoder={"content": content})
    trainer = SystemTrainer(given, tmp_path / "run", progress=False)
    trainer.run()
    kept = load_file(tmp_path / "run" / "last.safetensors")
    assert not [name for name in kept if ".hearing." in name]
    again = SystemTrainer(given, tmp_path / "run", progress=False)
    again.resume()
    assert again.step == 6
    for name, weight in trainer.net.state_dict().items():
        assert torch.equal(weight, again.net.state_dict()[name])


def test_patience_ends_a_run(clips: Path, tmp_path: Path):
    given = config(clips, steps=60, patience=2, learning_rate=0.0)
    trainer = SystemTrainer(given, tmp_path / "run", progress=False)
    trainer.run()
    assert trainer.step == 9


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"system": "other"}, "no system 'other'"),
        ({"stepz": 3}, "no setting 'stepz'"),
        ({"steps": "many"}, "steps must be a whole number"),
        ({"learning_rate": "fast"}, "learning_rate must be a number"),
        ({"without": ["sound"]}, "cannot go without sound"),
        ({"unlabelled": "guess"}, "unlabelled is one of"),
        ({"batch": 0}, "batch must be 1 or more"),
        ({"batch": True}, "batch must be a whole number"),
        ({"frames": 4}, "frames must be 8 or more"),
        ({"seed": -1}, "seed must not be negative"),
        ({"pairs": 2}, "pairs must be 0 to 1"),
        ({"losses": 3}, "losses holds names with values"),
        ({"losses": {"sync": "high"}}, "losses: sync must be a number"),
    ],
)
def test_settings_that_cannot_be_are_named(change: dict, said: str, clips: Path):
    with pytest.raises(ValueError, match=said):
        config(clips, **change)


def test_a_loss_that_is_none_of_the_systems_is_named(clips: Path, tmp_path: Path):
    with pytest.raises(ValueError, match="losses of ecoface are"):
        SystemTrainer(config(clips, losses={"beauty": 1.0}), tmp_path / "run", progress=False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": {"hiden": 8}}, "the model of ecoface has no 'hiden': .*hidden, "),
        ({"model": {"identities": 8}}, "has no 'identities'"),
        ({"model": {"hidden": 18}}, "a width of 18 is not .* of 4 equal heads"),
        ({"model": {"hidden": -4}}, "no ecoface of {'hidden': -4}"),
        ({"model": {"hidden": "wide"}}, "no ecoface of {'hidden': 'wide'}"),
        ({"encoder": {"width": "wide"}}, "no encoder of"),
        ({"encoder": {"widht": 8}}, "an encoder has no 'widht': width, "),
    ],
)
def test_parts_that_no_model_has_are_named(change: dict, said: str, clips: Path, tmp_path: Path):
    with pytest.raises(ValueError, match=said):
        SystemTrainer(config(clips, **change), tmp_path / "run", progress=False)
    assert not (tmp_path / "run").exists()


def test_pairs_are_asked_for_before_the_first_step(tmp_path: Path):
    folder = make_clips(tmp_path / "clips", emotions=("happy",))
    with pytest.raises(ClipError, match="pairs: 0"):
        SystemTrainer(config(folder, "emotalk", pairs=0.1), tmp_path / "run", progress=False)
    SystemTrainer(config(folder, "emotalk", pairs=0), tmp_path / "run", progress=False).run()


def test_settings_of_another_system_are_named(tmp_path: Path):
    path = tmp_path / "run.yaml"
    path.write_text("{system: pestalk, data: x}", encoding="utf-8")
    with pytest.raises(ValueError, match="settings of pestalk, not of emotalk"):
        read_config(path, {"system": "emotalk"})
    with pytest.raises(FileNotFoundError, match="no such settings"):
        read_config(tmp_path / "none.yaml", {})


def test_a_log_holds_each_step_once(clips: Path, tmp_path: Path):
    folder, given = tmp_path / "run", config(clips, log_every=1, steps=5, check_every=3)
    folder.mkdir()
    (folder / "log.csv").write_text("step,name,value\n1,dev,9\n4,dev,9\n", encoding="utf-8")
    SystemTrainer(given, folder, progress=False).run()
    rows = [line.split(",")[:2] for line in (folder / "log.csv").read_text().splitlines()]
    assert len({tuple(row) for row in rows}) == len(rows)
    assert "9" not in [line.split(",")[2] for line in (folder / "log.csv").read_text().split()]


def test_a_cache_knows_when_the_sound_has_changed(clips: Path):
    hearing = MelHearing(width=8)

    def heard() -> np.ndarray:
        return SystemSet([clips], "train", hearing, frames=16, progress=False).items[0].frontend

    before = heard()
    for path in (clips / "audio").rglob("*.flac"):
        samples, rate = soundfile.read(path)
        soundfile.write(path, samples[::-1], rate)
    assert not np.array_equal(heard(), before)


def test_yaml_that_is_none_is_named(tmp_path: Path):
    path = tmp_path / "run.yaml"
    path.write_text("system: [", encoding="utf-8")
    with pytest.raises(ValueError, match="is no YAML"):
        read_config(path, {})
    path.write_text("- 1", encoding="utf-8")
    with pytest.raises(ValueError, match="must hold names with values"):
        read_config(path, {})


def test_the_encoder_of_a_mixture_is_refused():
    with pytest.raises(ValueError, match="hear the last layer"):
        build_hearing({"content": "x", "hear": "mixture"}, ("features",))


def test_broken_runs_are_named(clips: Path, tmp_path: Path):
    run = tmp_path / "run"
    with pytest.raises(FileNotFoundError, match="holds no trained run"):
        load_run(run)
    SystemTrainer(config(clips), run, progress=False).run()
    facts = json.loads((run / "run.json").read_text())
    for change, said in (
        ({"version": 9}, "is not version 1"),
        ({"system": "other"}, "cannot read"),
        ({"identities": ["a"]}, "best.safetensors"),
    ):
        (run / "run.json").write_text(json.dumps(facts | change))
        with pytest.raises(RunError, match=said):
            load_run(run)
    (run / "run.json").write_text(json.dumps(facts))
    (run / "best.safetensors").write_bytes(b"\x80\x04pickle")
    with pytest.raises(RunError, match=r"best\.safetensors"):
        load_run(run)


def test_the_command_trains(clips: Path, tmp_path: Path, capsys):
    given = {**TINY, "system": "ecoface", "data": ["nowhere"]}
    path = tmp_path / "run.yaml"
    path.write_text(json.dumps(given), encoding="utf-8")  # JSON is YAML
    run = str(tmp_path / "run")
    order = ["train", "ecoface", "--config", str(path), "--out", run, "--steps", "3"]
    assert cli.main(order) == 3
    assert "clips.json" in capsys.readouterr().err
    assert cli.main([*order, "--data", str(clips), "--without", "sync"]) == 0
    said = capsys.readouterr().out
    assert "best error on dev" in said
    assert f"talkface_export.systems {run}" in said
    assert cli.main([*order[:-1], "5", "--data", str(clips), "--without", "sync"]) == 0
    assert "5 steps, 3 of them done" in capsys.readouterr().out
    assert json.loads((tmp_path / "run" / "run.json").read_text())["without"] == ["sync"]
    assert cli.main(["train", str(tmp_path), "--seed", "3", "-o", run]) != 0
    assert "--seed is for systems" in capsys.readouterr().err
