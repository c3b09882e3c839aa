"""`talkface bench` and `talkface evaluate`: what they print, write and refuse."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from talkface import bench_crowd
from talkface.cli import BAD_INPUT, MISSING, OK, main

ROOT = Path(__file__).resolve().parents[2]
SPEECH = str(ROOT / "examples" / "speech.wav")
TINY = str(ROOT / "tests" / "golden" / "tiny")
EMOTION = str(ROOT / "tests" / "golden" / "tiny_emotion")


def test_bench_reports_numbers(capsys) -> None:
    assert main(["bench", "--bundle", TINY, "--seconds", "1", "--no-crowd", "--json"]) == OK
    report = json.loads(capsys.readouterr().out)
    assert all(row["cpu_ms_per_second"] > 0 for row in report["rows"])
    assert report["sample_us"]["p50"] > 0
    assert report["open_ms"] > 0


def test_bench_loads_crowds_of_several_bundles(capsys, tmp_path: Path, monkeypatch) -> None:
    pytest.importorskip("matplotlib", reason="the [plot] extra is not installed")
    monkeypatch.setattr(bench_crowd, "TICKS", 40)
    monkeypatch.setattr(bench_crowd, "MOST", 12)
    monkeypatch.setattr(bench_crowd, "CONTROL_SECONDS", 0.05)
    picture = tmp_path / "crowd.png"
    args = ["bench", "--bundle", TINY, "--also", EMOTION, "--seconds", "1", "--plot", picture]
    assert main([*map(str, args), "--streams", "1", "9", "--json"]) == OK
    crowd = json.loads(capsys.readouterr().out)["crowd"]
    assert len(crowd["rows"]) == 2 * 2 * 2 * 2
    assert {row["bundle"].split()[0] for row in crowd["rows"]} == {"tiny", "tiny-emotion"}
    for row in crowd["rows"]:
        assert 0 < row["tick_ms"][0] <= row["tick_ms"][2]
        assert row["rtf"] > 0
        assert 1 <= row["mean_batch"] <= row["streams"]
    assert all(1 <= held["streams"] <= 12 for held in crowd["held"])
    assert crowd["control"] > 0
    assert 20 < crowd["stream_kib"] < 1000
    assert all(share > 0 for share in crowd["details"].values())
    assert len(crowd["details"]) == 4
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert "two threads over one" not in bench_crowd.render(bench_crowd.CrowdReport())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--streams", "0"], "at least 1"),
        (["--streams", "5000"], "goes to 4096"),
        (["--seconds", "0"], "0.1 to 3600"),
        (["--seconds", "nan"], "0.1 to 3600"),
        (["--no-crowd", "--plot", "x.png"], "leave --no-crowd out"),
        (["--plot", "x.bmp"], "must end in .png"),
        (["--plot", "nowhere/x.png"], "no such folder: nowhere"),
    ],
)
def test_bench_checks_before_it_measures(given: list[str], said: str, capsys) -> None:
    assert main(["bench", "--bundle", TINY, *given]) == BAD_INPUT
    told = capsys.readouterr().err
    assert said in told
    assert "opening" not in told


def test_evaluate_lists_its_suites(capsys) -> None:
    assert main(["evaluate", "--list-suites"]) == OK
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert names[0] == "english_clean"
    assert {"german", "babble_10", "telephone_band", "silence", "mandarin_timing"} <= set(names)


@pytest.mark.data
def test_evaluate_has_a_row_for_scripts(data_root: Path, capsys) -> None:
    command = ["evaluate", "--data", str(data_root), "--suite", "faces_unseen", "--json"]
    assert main([*command, "--script", "--no-baselines"]) == OK
    table = json.loads(capsys.readouterr().out)["faces_unseen"]
    table.pop("linear fit from true phones")
    (heard_name, heard), (told_name, told) = table.items()
    assert told_name == f"{heard_name} + script"
    assert told["closure_f1"][0] > max(0.98, heard["closure_f1"][0])
    assert told["accuracy"][0] > 0.9 > heard["accuracy"][0]


@pytest.mark.data
def test_evaluate_scores_a_suite(data_root: Path, capsys) -> None:
    command = ["evaluate", "--data", str(data_root), "--suite", "faces_unseen", "--json"]
    assert main(command) == OK
    table = json.loads(capsys.readouterr().out)["faces_unseen"]
    fit = table.pop("linear fit from true phones")
    assert 0.5 < fit["face_r_jawOpen"][0] < 0.8
    assert len(table) == 3
    for row in table.values():
        assert row["files"] == 7
        assert 0 <= row["accuracy"][1] <= row["accuracy"][0] <= row["accuracy"][2] <= 1
        assert row["face_r_jawOpen"][0] < 1
    assert table["loudness jaw"]["face_r_mouthPucker"][0] == 0


@pytest.mark.data
def test_evaluate_writes_one_table_one_json_one_picture(
    data_root: Path, capsys, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib", reason="the [plot] extra is not installed")
    outputs = ["--json", str(tmp_path / "s.json"), "--plot", str(tmp_path / "s.png")]
    chosen = ["--suite", "silence", "--suite", "noise_0", "--split", "dev", "--no-baselines"]
    assert main(["evaluate", "--data", str(data_root), *chosen, *outputs]) == OK
    text = capsys.readouterr().out
    assert len(text.splitlines()) == 4
    tables = json.loads((tmp_path / "s.json").read_text("utf-8"))
    assert list(tables) == ["noise_0", "silence"]
    ((bundle, row),) = tables["silence"].items()
    assert f"| {bundle}" in text
    assert row["silence_opening_p99"][0] < 0.05
    assert (tmp_path / "s.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert main(["evaluate", "--data", str(data_root), *chosen, "--full"]) == OK
    assert "**noise_0** (14 files" in capsys.readouterr().out


@pytest.mark.data
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--json", "no/such/folder/x.json"], BAD_INPUT, "no such folder"),
        (["--plot", "no/such/folder/x.png"], BAD_INPUT, "no such folder"),
        (["--suite", "telephone", "--split", "dev"], BAD_INPUT, "dev split of telephone"),
    ],
)
def test_evaluate_says_what_it_cannot_do(
    data_root: Path, arguments, code, words, capsys, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["evaluate", "--data", str(data_root), *arguments]) == code
    assert words in capsys.readouterr().err


@pytest.mark.data
def test_evaluate_names_the_extra_before_it_scores(data_root, monkeypatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["evaluate", "--data", str(data_root), "--plot", "x.png"]) == MISSING
    assert 'pip install "talkface[plot]"' in capsys.readouterr().err
