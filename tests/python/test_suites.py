"""Suites: the same sound every time, nobody babbles who should not, no train recording."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from talkface_train import evaluate, suites
from talkface_train.data import real

HEARD = [name for name in suites.SUITES if name.startswith(("babble", "noise"))]
HEARD += ["telephone_band", "far_microphone", "quiet"]


@pytest.fixture(scope="module")
def small_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder: 2 dev readers of librispeech, 8 dev speakers of speechocean762, some train."""
    root = tmp_path_factory.mktemp("data")
    generator = np.random.default_rng(0)
    splits: dict = {"dev": {}, "test": {}, "eval_only": {}, "suites": {
        "english_clean": ["librispeech"], "english_wide": ["speechocean762"]}}  # fmt: skip
    for dataset in {*suites.BABBLE_SETS, "librispeech", "speechocean762"}:
        (root / dataset / "audio").mkdir(parents=True)
        names = {"librispeech": 4, "speechocean762": 12}.get(dataset, 0)
        phones, speakers = ["utt\tstart\tend\tphone"], ["file,speaker"]
        for index in range(names):
            name = f"{dataset}{index}"
            audio = 0.1 * generator.normal(0, 1, 16000)
            soundfile.write(root / dataset / "audio" / f"{name}.flac", audio, 16000)
            phones += [f"{name}\t0.2\t0.5\tB", f"{name}\t0.5\t0.9\tAA"]
            speakers.append(f"{name}.flac,s{index // 2}")
        (root / dataset / "phones.tsv").write_text("\n".join(phones), encoding="utf-8")
        (root / dataset / "transcripts.csv").write_text("\n".join(speakers), encoding="utf-8")
        held = [f"{dataset}{index}.flac" for index in range(names * 2 // 3)]
        splits["dev"][dataset] = held
    (root / "splits.json").write_text(json.dumps(splits), encoding="utf-8")
    return root


@pytest.mark.parametrize("name", HEARD)
def test_a_degradation_repeats_and_changes_the_sound(small_root: Path, name: str) -> None:
    first = suites.SUITES[name].takes(small_root, "dev")
    again = suites.SUITES[name].takes(small_root, "dev")
    clean = suites.SUITES["english_clean"].takes(small_root, "dev")
    assert len(first) == len(clean) == 2
    for take, twin, plain in zip(first, again, clean, strict=True):
        audio = take.audio()
        assert audio.dtype == np.float32
        assert take.recording == plain.recording
        assert np.array_equal(audio, twin.audio())
        assert audio.shape == plain.audio().shape
        assert not np.allclose(audio, plain.audio(), atol=1e-3)


def test_the_noise_is_the_same_at_every_level(small_root: Path) -> None:
    for kind in ("babble", "noise"):
        clean = suites.SUITES["english_clean"].takes(small_root, "dev")[0].audio()
        added = [
            suites.SUITES[f"{kind}_{snr}"].takes(small_root, "dev")[0].audio() - clean
            for snr in (20, 10)
        ]
        assert np.corrcoef(added[0], added[1])[0, 1] > 0.999
        ratio = np.sqrt((added[1] ** 2).mean() / (added[0] ** 2).mean())
        assert ratio == pytest.approx(10**0.5, rel=0.01)


def test_company_is_never_the_speaker_nor_trained_on(small_root: Path) -> None:
    sources = suites.babble_sources(small_root, "dev")
    assert {real.split_of(small_root, s.dataset, s.path.name) for s in sources} == {"dev"}
    for recording in sources:
        others = suites.company(recording, sources)
        assert len({other.path for other in others}) == suites.VOICES
        assert recording.speaker not in {other.speaker for other in others}
        assert others == suites.company(recording, sources[::-1])


@pytest.mark.parametrize("name", ["silence", "music", "breaths", "coughs", "laughter", "keys"])
def test_nobody_speaks_in_what_is_not_speech(name: str) -> None:
    dev, again, test = (
        suites.SUITES[name].takes(Path("none"), split) for split in ("dev", "dev", "test")
    )
    assert all(not take.recording.segments for take in dev + test)
    heard = [take.audio() for take in dev]
    assert all(np.isfinite(audio).all() for audio in heard)
    assert max(float(np.abs(audio).max()) for audio in heard) <= 1
    assert all(np.array_equal(a, b.audio()) for a, b in zip(heard, again, strict=True))
    if name != "silence":
        assert min(float(np.abs(audio).max()) for audio in heard) > 1e-4
        others = [take.audio() for take in test]
        assert not any(np.array_equal(a, b) for a, b in zip(heard, others, strict=True))


def test_names_are_patterns() -> None:
    assert [suite.name for suite in suites.named()] == list(suites.SUITES)
    assert [s.name for s in suites.named(["noise_*", "german"])] == [
        "german", "noise_20", "noise_10", "noise_5", "noise_0",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="no suite 'klingon'"):
        suites.named(["german", "klingon"])


def test_columns_are_those_that_apply() -> None:
    for suite in suites.SUITES.values():
        assert set(suite.columns) <= set(evaluate.STATISTICS)
    assert suites.SUITES["music"].columns == ("silence_opening_p99",)
    assert "share_of_phone_fit" in suites.SUITES["faces_unseen"].columns
    assert "accuracy" not in suites.SUITES["mandarin_timing"].columns


@pytest.mark.data
@pytest.mark.parametrize("split", ["dev", "test"])
def test_no_suite_plays_a_training_recording(data_root: Path, split: str) -> None:
    sources = suites.babble_sources(data_root, split)
    heard = [*sources]
    for suite in suites.named():
        heard += [take.recording for take in suite.takes(data_root, split)]
    for recording in heard:
        if recording.dataset == "unspoken":
            continue
        found = real.split_of(data_root, recording.dataset, recording.path.name)
        assert found in (split, "eval_only"), recording
    clean = evaluate.suite_recordings(data_root, "english_clean", split)
    for recording in clean:
        others = suites.company(recording, sources)
        assert recording.speaker not in {other.speaker for other in others}


@pytest.mark.data
def test_rooms_of_dev_and_test_are_others_and_held_out(data_root: Path) -> None:
    names = {
        split: {take.recording.name for take in suites.SUITES["room_noise"].takes(data_root, split)}
        for split in ("dev", "test")
    }
    assert len(names["dev"]) > 30
    assert len(names["test"]) > 30
    assert not names["dev"] & names["test"]
    for name in names["dev"] | names["test"]:
        assert real.split_of(data_root, "picovoice_commands", f"{name}.flac") == "eval_only"


@pytest.mark.data
def test_sets_for_reporting_have_no_dev_part(data_root: Path) -> None:
    for name, files in (("telephone", 72), ("faces_unseen", 7), ("mandarin_timing", 3)):
        assert suites.SUITES[name].takes(data_root, "dev") == []
        assert len(suites.SUITES[name].takes(data_root, "test")) == files


@pytest.mark.data
def test_the_fit_reaches_what_was_measured(data_root: Path) -> None:
    fits = [take.fit for take in suites.SUITES["faces_unseen"].takes(data_root, "test")]
    assert np.mean([fit["jawOpen"] for fit in fits]) == pytest.approx(0.64, abs=0.03)
    assert np.mean([fit["mouthPucker"] for fit in fits]) == pytest.approx(0.52, abs=0.05)
