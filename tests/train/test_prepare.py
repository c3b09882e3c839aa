"""Sets as people hold them, as tiny trees, to clips and splits."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from talkface.rig import CHANNELS
from talkface_train.data import prepare
from talkface_train.data.adapters import ADAPTERS, LayoutError, Options
from talkface_train.data.adapters.acted import parse_ravdess
from talkface_train.data.adapters.base import ALPHABETICAL, read_audio, read_curves
from talkface_train.data.adapters.meshes import read_vertices
from talkface_train.data.adapters.own import made_sources
from talkface_train.data.adapters.tracked import hdtf_identity
from talkface_train.data.clips import Clip, ClipSet
from talkface_train.data.expressions import PEOPLE
from talkface_train.data.splits import read_splits

JAW = CHANNELS.index("jawOpen")


def _sound(path: Path, rate: int = 16000, channels: int = 1, seconds: float = 0.4) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    wave = 0.1 * np.sin(np.arange(int(rate * seconds)) / 20)
    soundfile.write(path, np.repeat(wave[:, None], channels, axis=1), rate)
    return path


def _array(path: Path, *shape: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.random.default_rng(0).random(shape).astype(np.float32))
    return path


def _face_csv(path: Path) -> Path:
    """A clip as the capture command writes it, jawOpen 0.5 throughout."""
    from fractions import Fraction

    from talkface.clip import Clip as FaceClip

    path.parent.mkdir(parents=True, exist_ok=True)
    weights = np.zeros((12, 52), np.float32)
    weights[:, JAW] = 0.5
    rotation = np.tile(np.array([0, 0, 0, 1], np.float32), (12, 1))
    rotation[6:] = [0, 0.0998334, 0, 0.9950042]
    still = np.zeros((12, 3), np.float32)
    empty = np.zeros((12, 0), np.float32)
    times = np.arange(12) / 30
    clip = FaceClip(weights, times, rotation, still, empty, empty, fps=Fraction(30))
    clip.save(path)
    return path


def _run(name: str, root: Path, out: Path, *more: str) -> ClipSet:
    assert prepare.main([name, str(root), "--out", str(out), *more]) == 0
    clips = ClipSet(out)
    read_splits(out, clips)
    for clip in clips:
        assert len(clips.audio(clip)) > 0
        assert (clips.face(clip) is not None) is clip.face
    return clips


def _fails(capsys, *arguments: str) -> str:
    assert prepare.main(list(arguments)) == 1
    return capsys.readouterr().err


@pytest.fixture
def ravdess(tmp_path: Path) -> Path:
    root = tmp_path / "ravdess"
    for actor in (1, 2, 3):
        for statement in (1, 2):
            for emotion, level in ((1, 1), (2, 1), (5, 2)):
                name = f"01-{emotion:02d}-{level:02d}-{statement:02d}-01-{actor:02d}"
                _sound(root / f"Actor_{actor:02d}" / f"03-{name}.wav", 48000)
    _sound(root / "Actor_01" / "03-02-01-01-01-01-01.wav")
    (root / "Actor_01" / "01-01-01-01-01-01-01.mp4").touch()
    (root / "Actor_01" / "02-01-05-02-02-02-01.mp4").touch()
    return root


def test_ravdess(ravdess: Path, tmp_path: Path):
    _face_csv(tmp_path / "faces" / "01-01-05-02-01-01-02.csv")
    clips = _run("ravdess", ravdess, tmp_path / "out", "--faces", str(tmp_path / "faces"))
    assert len(clips) == 18
    clip = clips.named("Actor_02/03-01-05-02-01-01-02")
    assert (clip.identity, clip.emotion, clip.level) == ("ravdess/02", "angry", 1.0)
    assert clip.text == "Kids are talking by the door"
    face = clips.face(clip)
    assert face.curves[0, JAW] == pytest.approx(0.5, abs=1e-3)
    assert face.head.shape == (12, 9)
    np.testing.assert_allclose(face.head[0, :6], [1, 0, 0, 0, 1, 0], atol=1e-3)
    calm = clips.named("Actor_03/03-01-02-01-02-01-03")
    assert (calm.emotion, calm.level, calm.face) == ("neutral", 0.0, False)
    assert len(clips.audio(calm)) == 6400


def test_ravdess_names_have_seven_parts():
    assert parse_ravdess("03-01-06-01-02-01-12") == (3, 1, 6, 1, 2, 1, 12)
    for wrong in ("03-01-06-01-02-01", "03-01-09-01-02-01-12", "03-01-06-01-02-01-25", "a-b"):
        assert parse_ravdess(wrong) is None


def test_crema_d(tmp_path: Path):
    root = tmp_path / "crema"
    for actor in ("1001", "1002"):
        for sentence in ("DFA", "IEO", "TIE"):
            for end in ("ANG_HI", "NEU_XX", "FEA_LO"):
                _sound(root / "AudioWAV" / f"{actor}_{sentence}_{end}.wav")
    clips = _run("crema_d", root, tmp_path / "out")
    assert len(clips) == 18
    clip = clips.named("1001_IEO_FEA_LO")
    assert (clip.emotion, clip.level, clip.text) == ("fearful", 0.0, "It's eleven o'clock")
    assert clips.named("1001_IEO_NEU_XX").level is None


def test_mead(tmp_path: Path):
    root = tmp_path / "mead"
    for person in ("M003", "W011"):
        for part in ("angry/level_3", "neutral/level_1", "surprised/level_2"):
            for number in ("001", "002", "003", "004"):
                _sound(root / person / "audio" / part / f"{number}.wav")
    _face_csv(tmp_path / "faces/M003/video/front/angry/level_3/002.csv")
    clips = _run("mead", root, tmp_path / "out", "--faces", str(tmp_path / "faces"))
    clip = clips.named("M003/angry/level_3/002")
    assert (clip.identity, clip.emotion, clip.level) == ("mead/M003", "angry", 1.0)
    assert clip.face
    assert clips.named("W011/surprised/level_2/001").level == 0.5
    splits = read_splits(tmp_path / "out", clips)
    trained = {name.rsplit("/", 1)[1] for name in splits["train"]}
    tested = {name.rsplit("/", 1)[1] for name in splits["test_seen"] + splits["test_unseen"]}
    assert not trained & tested


def test_biwi(tmp_path: Path):
    root = tmp_path / "biwi"
    for person in ("F1", "M2"):
        for take in ("01", "02", "03", "e01", "e02", "e03"):
            _sound(root / "wav" / f"{person}_{take}.wav", 44100)
            _array(root / "vertices_npy" / f"{person}_{take}.npy", 3, 70110)
    clips = _run("biwi", root, tmp_path / "out", "--metres-per-unit", "0.5")
    plain, felt = clips.named("F1_01"), clips.named("F1_e01")
    assert (plain.emotion, plain.level, felt.emotion, felt.level) == ("neutral", 0.0, None, 1.0)
    assert plain.sentence == felt.sentence
    face = clips.face(plain)
    assert (face.fps, face.vertices.shape) == (25.0, (3, 23370, 3))
    told = np.load(root / "vertices_npy" / "F1_01.npy").reshape(3, 23370, 3) * 0.5
    np.testing.assert_allclose(face.vertices, told)


def test_vocaset(tmp_path: Path):
    root = tmp_path / "vocaset"
    for person in ("FaceTalk_170725_00137_TA", "FaceTalk_170904_00128_TA"):
        for number in ("01", "02", "03"):
            _sound(root / "wav" / f"{person}_sentence{number}.wav", 22050)
            _array(root / "vertices_npy" / f"{person}_sentence{number}.npy", 4, 15069)
    texts = tmp_path / "texts.csv"
    names = sorted(path.stem for path in (root / "wav").iterdir())
    rows = [f"{name},words {index % 4}" for index, name in enumerate(names)]
    texts.write_text("name,text\n" + "\n".join(rows) + "\n")
    clips = _run("vocaset", root, tmp_path / "out", "--fps", "60", "--texts", str(texts))
    assert clips.identities == (
        "vocaset/FaceTalk_170725_00137_TA", "vocaset/FaceTalk_170904_00128_TA",
    )  # fmt: skip
    assert clips[4].sentence == clips[0].sentence == "words 0"
    face = clips.face(clips[0])
    assert (face.fps, face.vertices.shape) == (60.0, (4, 5023, 3))


def test_hdtf(tmp_path: Path):
    root = tmp_path / "hdtf"
    for name in ("RD_Radio1_000", "RD_Radio1_001", "WDA_BarackObama_000", "WRA_JohnDoe_000"):
        _sound(root / f"{name}.wav")
    (root / "RD_Radio1_000.mp4").touch()
    clips = _run("hdtf", root, tmp_path / "out")
    assert len(clips) == 4
    assert hdtf_identity("WDA_BarackObama1_003") == "hdtf/BarackObama"
    assert hdtf_identity("RD_Radio34_003") == "hdtf/RD_Radio34"
    assert clips.named("RD_Radio1_000").emotion is None


def test_3d_etf(tmp_path: Path):
    root = tmp_path / "etf"
    for name in ("RAVDESS/audio/03-01-03-01-0{}-01-04", "HDTF/audio/WDA_Somebody_00{}"):
        for number in (1, 2):
            stem = name.format(number)
            _sound(root / f"{stem}.wav")
            _array(root / f"{stem.replace('audio', 'blendshape')}.npy", 12, 52)
    clips = _run("3d_etf", root, tmp_path / "out")
    clip = clips.named("RAVDESS/03-01-03-01-01-01-04")
    assert (clip.emotion, clip.identity) == ("happy", "ravdess/04")
    table = np.load(root / "RAVDESS/blendshape/03-01-03-01-01-01-04.npy")
    assert ALPHABETICAL.index("jawOpen") == 24
    np.testing.assert_allclose(clips.face(clip).curves[:, JAW], table[:, 24])
    assert clips.named("HDTF/WDA_Somebody_001").identity == "hdtf/Somebody"


def test_beat2(tmp_path: Path):
    root = tmp_path / "beat"
    for name in ("2_scott_0_1_1", "2_scott_0_2_2", "4_lawrence_0_1_1", "4_lawrence_0_2_2"):
        _sound(root / "wave16k" / f"{name}.wav")
    frames = [{"weights": [0.25] * 51, "time": index / 60} for index in range(30)]
    (root / "facial52").mkdir()
    document = {"names": ALPHABETICAL[:51], "frames": frames}
    (root / "facial52" / "2_scott_0_1_1.json").write_text(json.dumps(document))
    clips = _run("beat2", root, tmp_path / "out")
    clip = clips.named("2_scott_0_1_1")
    assert (clip.identity, clip.sentence) == ("beat2/2_scott", "beat2/0_1_1")
    face = clips.face(clip)
    assert (face.fps, face.curves[3, JAW], face.curves[3, 51]) == (25.0, 0.25, 0.0)
    assert not clips.named("4_lawrence_0_1_1").face


def test_the_made_corpus_is_neutral_and_felt_alike(tmp_path: Path, recordings):
    made = recordings(tmp_path, 3)
    sources = list(made_sources(made, Options(takes=2, seed=4)))
    assert len(sources) == 6
    again = list(made_sources(made, Options(takes=2, seed=4)))
    assert [s.clip for s in sources] == [s.clip for s in again]
    writer, skipped = prepare.prepare(sources, tmp_path / "out", "made")
    assert (len(writer.clips), skipped) == (6, [])
    clips = ClipSet(tmp_path / "out")
    assert clips.identities == ("made/made",)
    for clip in clips:
        face = clips.face(clip)
        assert (face.fps, face.curves.shape) == (50.0, face.neutral.shape)
        assert face.head.shape == (len(face), 9)
        moved = np.abs(face.curves - face.neutral).max()
        assert bool(moved < 1e-6) is (clip.emotion == "neutral")
        assert face.neutral[:, JAW].max() > 0.1


def test_takes_of_a_recording_act_and_keep_its_time(tmp_path: Path, recordings):
    made = recordings(tmp_path, 1)
    original = read_audio(made[0].path)
    sources = list(made_sources(made, Options(takes=15)))
    sounds = {(s.clip.emotion, s.clip.level): read_audio(s.audio) for s in sources}
    assert len(sounds) == 15
    assert {len(sound) for sound in sounds.values()} == {len(original)}
    heads = [s.face().head for s in sources if s.clip.emotion in ("neutral", "sad")]
    # Neither raises arousal: the same words move the head alike.
    assert all(np.array_equal(head, heads[0]) for head in heads)
    far = {
        level: np.abs(sounds["surprised", level] - sounds["neutral", 0.0]).mean()
        for level in (0.0, 1.0)
    }
    assert all(value > 0.001 for value in far.values())


def test_emotions_leave_closed_lips_alone(tmp_path: Path, recordings):
    from talkface_train.data.made import FaceMaker

    recording = recordings(tmp_path, 1)[0]
    audio = read_audio(recording.path)
    maker = FaceMaker()
    face = maker.face(audio, recording.segments, "surprised", 1.0, PEOPLE[0])
    closed = maker.articulation.closure_curve(recording.segments, np.arange(len(face)) / 50) > 0.99
    assert closed.any()
    np.testing.assert_allclose(face.curves[closed, JAW], face.neutral[closed, JAW], atol=0.01)
    brow = CHANNELS.index("browInnerUp")
    assert face.curves[:, brow].max() > 0.5


def test_limits_draw_from_all_and_seeds_repeat(ravdess: Path, tmp_path: Path):
    few = _run("ravdess", ravdess, tmp_path / "few", "--limit", "6", "--seed", "3")
    assert len(few) == 6
    assert len(few.identities) > 1
    _run("ravdess", ravdess, tmp_path / "again", "--limit", "6", "--seed", "3")
    for name in ("clips.json", "splits.json"):
        assert (tmp_path / "few" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_broken_clips_stop_or_are_left_out(ravdess: Path, tmp_path: Path, capsys):
    broken = ravdess / "Actor_01" / "03-01-05-02-01-01-01.wav"
    broken.write_bytes(b"no sound")
    out = tmp_path / "out"
    told = _fails(capsys, "ravdess", str(ravdess), "--out", str(out))
    assert "03-01-05-02-01-01-01: cannot read" in told
    assert "--skip" in told
    assert not (out / "clips.json").exists()
    assert len(_run("ravdess", ravdess, out, "--skip")) == 17
    assert "left out Actor_01/" in capsys.readouterr().err
    assert "holds clips already" in _fails(capsys, "ravdess", str(ravdess), "--out", str(out))
    assert len(_run("ravdess", ravdess, out, "--skip", "--replace")) == 17


@pytest.mark.parametrize("name", [n for n in ADAPTERS if n != "made"])
def test_folders_of_another_layout_say_what_is_read(name, tmp_path: Path, capsys):
    told = _fails(capsys, name, str(tmp_path), "--out", str(tmp_path / "out"))
    assert told.startswith("error: ")
    expected = "splits.json" if name in ("grid_s1", "grid_face", "emodb") else "docs/data.md"
    if name != "ravdess":
        assert expected in told
    assert "no such folder" in _fails(capsys, "hdtf", str(tmp_path / "x"), "--out", "y")


def test_wrong_names_and_tables_say_so(tmp_path: Path, capsys):
    out = ["--out", str(tmp_path / "out")]
    _sound(tmp_path / "c" / "AudioWAV" / "1001_XXX_ANG_HI.wav")
    assert "1001_XXX_ANG_HI.wav is not named" in _fails(
        capsys, "crema_d", str(tmp_path / "c"), *out
    )
    _array(tmp_path / "b" / "vertices_npy" / "F1_01.npy", 3, 30)
    assert "has no sound" in _fails(capsys, "biwi", str(tmp_path / "b"), *out)
    _sound(tmp_path / "b" / "wav" / "F1_01.wav")
    assert "not [frames, 23370 * 3]" in _fails(capsys, "biwi", str(tmp_path / "b"), *out)
    _sound(tmp_path / "h" / "WDA_Somebody_000.wav")
    (tmp_path / "t.csv").write_text("name,text\nother,words\n")
    texts = ["--texts", str(tmp_path / "t.csv")]
    told = _fails(capsys, "hdtf", str(tmp_path / "h"), *out, *texts)
    assert "no text for WDA_Somebody_000" in told
    assert "1 sentence(s)" in _fails(capsys, "hdtf", str(tmp_path / "h"), *out)
    told = _fails(capsys, "hdtf", str(tmp_path / "h"), *out, "--faces", str(tmp_path / "none"))
    assert "no such folder of faces" in told


def test_pickles_are_not_read(tmp_path: Path):
    path = tmp_path / "a.npy"
    np.save(path, np.array([{}], object), allow_pickle=True)
    with pytest.raises(LayoutError, match="array of numbers"):
        read_curves(path, 30)


def test_arrays_that_are_no_curves_are_named(tmp_path: Path):
    path = tmp_path / "a.npy"
    np.save(path, np.full((3, 52), 40, np.float32))
    with pytest.raises(LayoutError, match="weights up to 40"):
        read_curves(path, 30)
    np.save(path, np.zeros((0, 15069), np.float32))
    with pytest.raises(ValueError, match="without frames"):
        read_vertices(path, 5023, 30, 1)
    path = path.with_suffix(".json")
    path.write_text('{"names": [], "frames": [{"time": 0}]}')
    with pytest.raises(LayoutError, match="a frame without 'weights'"):
        read_curves(path, 30)


def test_frames_that_end_elsewhere_than_the_sound_are_said(tmp_path: Path, capsys):
    for number in (1, 2, 3):
        name = f"FaceTalk_170725_00137_TA_sentence{number:02d}"
        _array(tmp_path / "v" / "vertices_npy" / f"{name}.npy", 60, 15069)
        _sound(tmp_path / "v" / "wav" / f"{name}.wav", 16000, 1, 2.0)
    given = ["vocaset", str(tmp_path / "v"), "--out"]
    assert prepare.main([*given, str(tmp_path / "right")]) == 0
    assert "--fps" not in capsys.readouterr().err
    assert prepare.main([*given, str(tmp_path / "wrong"), "--fps", "60"]) == 0
    told = capsys.readouterr().err
    assert "3 clips have frames that end elsewhere" in told
    assert "frames to 1.0 s at 60 a second, 2.0 s of sound" in told


def test_films_need_ffmpeg(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(LayoutError, match="needs ffmpeg"):
        read_audio(tmp_path / "a.mp4")


def test_sound_of_any_rate_and_channels_is_mono_16k(tmp_path: Path):
    samples = read_audio(_sound(tmp_path / "a.wav", 44100, 2, 1.0))
    assert samples.shape == (16000,)
    assert samples.dtype == np.float32


@pytest.mark.parametrize(
    "wrong",
    [
        ["--limit", "0"],
        ["--test-sentences", "1"],
        ["--test-sentences", "x"],
        ["--fps", "0"],
        ["--fps", "nan"],
        ["--metres-per-unit", "-1"],
    ],
)
def test_arguments_are_checked(wrong):
    with pytest.raises(SystemExit):
        prepare.main(["hdtf", "x", "--out", "y", *wrong])


def test_help_lists_the_sets(capsys):
    with pytest.raises(SystemExit):
        prepare.main(["--help"])
    told = capsys.readouterr().out
    assert all(name in told for name in ADAPTERS)


@pytest.mark.data
@pytest.mark.parametrize("name", ["grid_s1", "grid_face", "emodb"])
def test_shared_sets_keep_their_tests(name, data_root: Path, tmp_path: Path):
    from talkface_train.data import real

    clips = _run(name, data_root, tmp_path / "out", "--limit", "16")
    splits = read_splits(tmp_path / "out", clips)
    for split in ("train", "dev", "tune"):
        for clip in splits[split]:
            file_name = f"{clip.split('/')[1]}.flac"
            assert real.split_of(data_root, name, file_name) == "train"
    first: Clip = clips[0]
    assert first.phones or name == "emodb"
    if name != "emodb":
        face = clips.face(first)
        assert face.head.shape == (len(face), 9)
        assert face.start == pytest.approx(-0.02)
