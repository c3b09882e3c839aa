"""The `talkface` command: outputs and exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import talkface
from talkface import progress
from talkface.cli import BAD_INPUT, FAILED, MISSING, OK, USAGE, main

ROOT = Path(__file__).resolve().parents[2]
SPEECH = str(ROOT / "examples" / "speech.wav")
TINY = str(ROOT / "tests" / "golden" / "tiny")
EMOTION = str(ROOT / "tests" / "golden" / "tiny_emotion")
CLIP = str(Path(TINY) / "manifest.json")  # by its suffix


def test_animate_writes_what_the_api_gives(tmp_path: Path, default_face, capsys) -> None:
    for suffix in ("csv", "json", "npz"):
        out = tmp_path / f"o.{suffix}"
        assert main(["animate", SPEECH, "-o", str(out), "--fps", "30", "--seed", "3"]) == OK
        clip = talkface.load_clip(out)
        expected = default_face.animate(SPEECH, fps=30, seed=3)
        assert np.allclose(clip.weights, expected.weights, atol=1e-6)
    assert "frames at 30 fps" in capsys.readouterr().err


def test_animate_defaults_to_sixty_for_csv(tmp_path: Path) -> None:
    out = tmp_path / "o.csv"
    assert main(["animate", SPEECH, "-o", str(out), "-q"]) == OK
    assert talkface.load_clip(out).fps == 60


def test_quiet_says_nothing(tmp_path: Path, capsys) -> None:
    assert main(["animate", SPEECH, "-o", str(tmp_path / "o.npz"), "--quiet"]) == OK
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_knobs_reach_the_runtime(tmp_path: Path) -> None:
    out = tmp_path / "o.npz"
    command = ["animate", SPEECH, "-o", str(out), "-q", "--neutral", "--knob", "lower_strength=0"]
    assert main([*command, "--knob", "blink_strength=0"]) == OK
    clip = talkface.load_clip(out)
    assert clip.channel("jawOpen").max() == 0
    assert clip.channel("eyeBlinkLeft").max() == 0


def test_phones_reach_the_runtime(tmp_path: Path, default_face) -> None:
    table = tmp_path / "speech.tsv"
    table.write_text("utt\tstart\tend\tphone\nother\t0\t3\tM\nspeech\t0.5\t1.5\tAA\n", "utf-8")
    out = tmp_path / "o.npz"
    assert main(["animate", SPEECH, "-o", str(out), "-q", "--phones", str(table)]) == OK
    expected = default_face.animate(SPEECH, phones=[(0.5, 1.5, "AA")])
    assert np.array_equal(talkface.load_clip(out).weights, expected.weights)


def test_emotion_and_style_reach_the_runtime(tmp_path: Path, emotion_face) -> None:
    out = tmp_path / "o.npz"
    keys = tmp_path / "keys.json"
    keys.write_text('[[0, "happy"], [1.5, "auto"]]', "utf-8")
    style = tmp_path / "style.json"
    style.write_text('{"talkface_style": 1, "identities": {"ben": 1}}', "utf-8")

    def animate(*options: str):
        command = ["animate", SPEECH, "-o", str(out), "-q", "--bundle", EMOTION, *options]
        assert main(command) == OK
        return talkface.load_clip(out)

    def same(clip, face=emotion_face, **options) -> bool:
        return np.array_equal(clip.weights, face.animate(SPEECH, **options).weights)

    mix = {"happy": 0.7, "surprised": 0.2}
    assert same(animate())
    assert same(animate("--emotion", "happy"), emotion="happy")
    assert same(
        animate("--emotion", "happy:0.7,surprised:0.2", "--emotion-weight", "0.5"),
        emotion=mix,
        emotion_weight=0.5,
    )
    assert same(animate("--emotion", str(keys)), emotion=[(0, "happy"), (1.5, "auto")])
    assert same(animate("--style", str(style)), talkface.TalkFace(EMOTION, style=style))
    assert same(animate("--neutral"), knobs={"expression_strength": 0})
    only = animate("--emotion-only", "--emotion", "happy")
    assert only.channel("mouthPucker").max() == 0
    assert only.channel("mouthSmileRight").max() > 0.2


def test_plot_takes_emotions(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="draws")
    out = tmp_path / "o.png"
    command = ["plot", SPEECH, "-o", str(out), "--bundle", EMOTION, "--emotion", "happy:0.5"]
    assert main(command) == OK
    assert out.stat().st_size > 1000


def test_inspect_lists_identities_expression_and_head(capsys) -> None:
    assert main(["inspect", EMOTION]) == OK
    text = capsys.readouterr().out
    assert "ada, ben, cho" in text
    assert "expression  10: jawOpen" in text
    assert "head        yes" in text
    assert main(["inspect", EMOTION, "--json"]) == OK
    info = json.loads(capsys.readouterr().out)
    assert info["identities"] == ["ada", "ben", "cho"]
    assert info["has_head"] is True
    assert main(["inspect", TINY]) == OK
    assert "expression  none" in capsys.readouterr().out


def test_text_reaches_the_aligner(tmp_path: Path, monkeypatch, capsys) -> None:
    out = ["-o", str(tmp_path / "o.npz"), "-q"]
    said = []

    def align(_audio, text: str) -> list:
        said.append(text)
        return []

    monkeypatch.setattr("talkface.script.align.align", align)
    (tmp_path / "line.txt").write_text("From a file.", "utf-8")
    assert main(["animate", SPEECH, *out, "--text", "Hello."]) == OK
    assert main(["animate", SPEECH, *out, "--text-file", str(tmp_path / "line.txt")]) == OK
    assert said == ["Hello.", "From a file."]
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    assert main(["animate", SPEECH, *out, "--text", "Hello."]) == MISSING
    assert 'pip install "talkface[align]"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["animate", "missing.wav", "-o", "x.csv"], BAD_INPUT, "no such sound file"),
        (["animate", SPEECH, "-o", "x.mp4"], BAD_INPUT, ".csv, .json, .npz"),
        (["animate", SPEECH, "-o", "no/such/folder/x.csv"], BAD_INPUT, "no such folder"),
        (["plot", SPEECH, "-o", "no/such/folder/x.png"], BAD_INPUT, "no such folder"),
        (["animate", CLIP, "-o", "x.csv"], BAD_INPUT, "talkface render"),
        (["plot", CLIP, "-o", "x.png"], BAD_INPUT, "talkface render"),
        (["animate", SPEECH, "-o", "x.csv", "--emotion-weight", "0.5"], BAD_INPUT, "give that too"),
        (["animate", SPEECH, "-o", "x.csv", "--raw", "--neutral"], BAD_INPUT, "--neutral: knobs"),
        (["animate", SPEECH, "-o", "x.csv", "--text-file", SPEECH], BAD_INPUT, "not text in UTF-8"),
        (["animate", SPEECH, "-o", "/proc/x.csv"], BAD_INPUT, "cannot write /proc/x.csv"),
        (["plot", SPEECH, "-o", "x.png", "--phones", CLIP], BAD_INPUT, "utt, start, end, phone"),
        (["view", CLIP, "--no-browser"], BAD_INPUT, "talkface render"),
        (["convert", SPEECH, "x.csv"], BAD_INPUT, "talkface animate"),
        (["animate", SPEECH, "-o", "x.csv", "--knob", "nope=1"], BAD_INPUT, "no knob"),
        (["animate", SPEECH, "-o", "x.csv", "--seed", "-1"], BAD_INPUT, "seed"),
        (["animate", SPEECH, "-o", "x.csv", "--phones", "no.tsv"], BAD_INPUT, "no such file"),
        (["animate", SPEECH, "-o", "x.csv", "--phones", SPEECH], BAD_INPUT, "must end in"),
        (["animate", SPEECH, "-o", "x.csv", "--emotion", "glad"], BAD_INPUT, "no emotion 'glad'"),
        (["animate", SPEECH, "-o", "x.csv", "--emotion", "no.json"], BAD_INPUT, "no.json"),
        (["animate", SPEECH, "-o", "x.csv", "--style", "no.json"], BAD_INPUT, "no.json"),
        (
            ["animate", SPEECH, "-o", "x.csv", "--bundle", TINY, "--emotion", "happy"],
            FAILED,
            "takes no emotion",
        ),
        (["inspect", "no/such/bundle"], BAD_INPUT, "manifest.json"),
        (["evaluate", "--data", "no/such/folder"], BAD_INPUT, "TALKFACE_DATA"),
        (["bench", "--seconds", "-1"], BAD_INPUT, "--seconds must be 0.1 to 3600"),
        (["bench", "--plot", "no/such/folder/x.png"], BAD_INPUT, "no such folder"),
        (["evaluate", "--suite", "klingon"], BAD_INPUT, "no suite 'klingon'"),
    ],
)
def test_failures_have_a_code_and_a_reason(
    arguments, code, words, capsys, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code
    error = capsys.readouterr().err
    assert words in error
    assert error.startswith("talkface: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["convert", CLIP, "x.csv", "--emotion", "happy"],
        ["animate", SPEECH],
        ["animate", SPEECH, "-o", "x.csv", "--fps", "0"],
        ["animate", SPEECH, "-o", "x.csv", "--fps", "many"],
        ["animate", SPEECH, "-o", "x.csv", "--knob", "lower_strength"],
        ["animate", SPEECH, "-o", "x.csv", "--provider", "tpu"],
        ["animate", SPEECH, "-o", "x.csv", "--phones", "x.tsv", "--text", "x"],
        ["animate", SPEECH, "-o", "x.csv", "--neutral", "--emotion-only"],
    ],
)
def test_wrong_usage_has_its_own_code(arguments, capsys) -> None:
    with pytest.raises(SystemExit) as error:
        main(arguments)
    assert error.value.code == USAGE
    said = capsys.readouterr().err
    assert f"usage: talkface {' '.join(arguments[:1]).removeprefix('nonsense')}" in said
    assert "--emotion" not in arguments or "said to animate" in said


def test_a_damaged_bundle_fails_with_a_reason(tmp_path: Path, capsys) -> None:
    for name in ("manifest.json", "model.onnx", "articulation.json"):
        (tmp_path / name).write_bytes((Path(TINY) / name).read_bytes())
    data = bytearray((tmp_path / "model.onnx").read_bytes())
    data[1000] ^= 1
    (tmp_path / "model.onnx").write_bytes(data)
    assert main(["inspect", str(tmp_path)]) == FAILED
    assert "SHA-256" in capsys.readouterr().err


def test_every_command_has_help_with_exit_codes(capsys) -> None:
    for command in ([], ["animate"], ["inspect"], ["doctor"], ["bench"], ["plot"], ["evaluate"]):
        with pytest.raises(SystemExit) as error:
            main([*command, "--help"])
        assert error.value.code == OK
        assert "exit codes" in capsys.readouterr().out


def test_inspect_lists_facts_and_knobs(capsys) -> None:
    assert main(["inspect", TINY]) == OK
    text = capsys.readouterr().out
    assert "tiny 1.0.0" in text
    assert "lower_strength" in text
    assert main(["inspect", TINY, "--json"]) == OK
    facts = json.loads(capsys.readouterr().out)
    assert facts["channels"][0] == "jawOpen"
    assert facts["frame_rate"] == [100, 1]


def test_doctor_finds_a_working_machine(capsys) -> None:
    assert main(["doctor"]) == OK
    assert "all well" in capsys.readouterr().out
    assert main(["doctor", "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["problems"] == []


def test_doctor_names_what_is_missing(monkeypatch, capsys) -> None:
    from talkface import doctor

    monkeypatch.setattr(doctor, "onnxruntime_library", lambda: "")
    wheels = {"onnxruntime": "1.20", "onnxruntime-gpu": "1.20"}
    monkeypatch.setattr(doctor, "installed_wheels", lambda: wheels)
    assert main(["doctor"]) == FAILED
    text = capsys.readouterr().out
    assert "overwrite each other" in text
    assert "pip install onnxruntime" in text


def test_doctor_says_what_a_gpu_needs(monkeypatch) -> None:
    from talkface import doctor, gpu

    def all_but(*absent):
        return lambda names: names not in absent

    ours = ("CPUExecutionProvider",)
    theirs = ("TensorrtExecutionProvider", "CUDAExecutionProvider", *ours)
    assert "driver" in gpu.missing(theirs, all_but(gpu.DRIVER))[0]
    assert "onnxruntime-gpu" in gpu.missing(ours, all_but())[0]
    assert "cuDNN" in gpu.missing(theirs, all_but(gpu.CUDNN))[0]
    assert gpu.missing(theirs, all_but()) == []
    assert "pip install tensorrt" in gpu.missing_tensorrt(theirs, all_but(gpu.TENSORRT))[0]
    assert gpu.missing_tensorrt(theirs, all_but()) == []
    assert gpu.loads(["libc.so.6"])
    assert not gpu.loads(["no such library"])
    monkeypatch.setattr(gpu, "missing", lambda *_: ["no driver: buy one"])
    report = doctor.examine()
    assert report.cuda == "not usable: no driver"
    assert "for CUDA: no driver: buy one" in report.hints
    assert not report.problems


def test_plot_draws_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the [plot] extra is not installed")
    out = tmp_path / "curves.png"
    assert main(["plot", SPEECH, "-o", str(out)]) == OK
    data = out.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(data) > 30000


def test_a_missing_extra_is_named(monkeypatch, tmp_path: Path, capsys) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["plot", SPEECH, "-o", str(tmp_path / "x.png")]) == MISSING
    assert 'pip install "talkface[plot]"' in capsys.readouterr().err


def test_a_missing_runtime_is_explained() -> None:
    environment = {**os.environ, "TALKFACE_ONNXRUNTIME": "/no/such/libonnxruntime.so"}
    done = subprocess.run(
        [sys.executable, "-m", "talkface", "inspect"],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == FAILED
    assert "pip install onnxruntime" in done.stderr


def test_the_runtime_prints_nothing_of_its_own(tmp_path: Path) -> None:
    """ONNX Runtime's warnings go to our log, not to stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "talkface", "animate", SPEECH, "-o", str(tmp_path / "o.npz"), "-q"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == done.stderr == ""


def test_progress_stays_on_one_line(monkeypatch) -> None:
    """However long a file's name: a line that wraps cannot be written over."""
    out = io.StringIO()
    out.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setattr(progress, "_QUIET_SECONDS", -1.0)
    for columns in ("80", "30"):
        monkeypatch.setenv("COLUMNS", columns)
        with progress.Progress(f"animating {'long' * 40}.wav") as bar:
            bar.update(1, 2)
    first, second = [line for line in out.getvalue().replace("\x1b[K", "").split("\r") if line]
    assert len(first) == 79
    assert first.startswith("animating long")
    assert " 50%, " in first
    assert len(second) == 29
