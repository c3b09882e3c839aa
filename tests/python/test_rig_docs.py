"""The blocks of docs/rigs.md and docs/formats.md run as they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from clips import make_clip

from talkface import cli, load_clip
from talkface.rigs import RIGS, load_map, rig
from talkface.sinks import FORMATS

pytest.importorskip("yaml", reason="PyYAML reads .anim")

ROOT = Path(__file__).resolve().parents[2]


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def blocks(name: str, language: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", page(name), flags=re.S | re.M)
    return [text for kind, text in fenced if kind == language]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("name", "made"), [("rigs.md", 4), ("formats.md", 3)])
def test_the_python_of_the_pages_runs(folder: Path, name: str, made: int) -> None:
    scope: dict[str, object] = {}
    for code in blocks(name, "python"):
        exec(compile(code, name, "exec"), scope)
    files = [path for path in folder.iterdir() if path.is_file()]
    assert len(files) == made
    if name == "rigs.md":
        found = scope["found"]
        assert found.matched == {"BS_jawOpen": "jawOpen", "BS_eyeBlink_L": "eyeBlinkLeft"}
        assert found.unmatched == ("Hat",)
        assert len(found.missing) == 50


def commands(name: str) -> list[str]:
    lines = [line for block in blocks(name, "") for line in block.splitlines()]
    inline = re.findall(r"`(talkface convert (?!a b)[^`]*-[^`]*)`", page(name))
    return [line for line in (*lines, *inline) if line.startswith("talkface convert ")]


@pytest.mark.parametrize("name", ["rigs.md", "formats.md"])
def test_the_commands_of_the_pages_run(folder: Path, name: str) -> None:
    clip = make_clip(6)
    clip.save("take.csv")
    clip.save("line.npz")
    rig("cc4").apply(clip).save("hero.anim")
    (folder / "names.txt").write_text("BS_jawOpen\n")
    whole = [line for line in commands(name) if line.split()[2] in {"take.csv", "line.npz",
                                                                    "hero.anim"}]  # fmt: skip
    assert len(whole) == 3
    for line in whole:
        assert cli.main(shlex.split(line)[1:]) == cli.OK, line
        assert len(load_clip(line.split()[3])) > 0


def test_the_map_of_the_page_loads(folder: Path) -> None:
    (block,) = blocks("rigs.md", "json")
    path = folder / "map.json"
    path.write_text(block, "utf-8")
    made = load_map(path).apply(make_clip(3))
    assert made.channels == ("Jaw_Drop", "Lips_Round", "Ear_Wiggle")


def test_the_pages_list_what_there_is() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (\d+) \|", page("rigs.md"), flags=re.M)
    assert {name: int(count) for name, count in rows} == {n: len(rig(n).targets) for n in RIGS}
    sections = re.findall(r"^## (.+)$", page("formats.md"), flags=re.M)
    linked = re.findall(r"^\| \[([\w-]+)\]\(#\1\) \| (\.\w+) \|", page("formats.md"), flags=re.M)
    assert dict(linked) == {entry.name: entry.suffix for entry in FORMATS}
    assert set(sections) == set(dict(linked))


def test_metahumans_counts_are_those_of_the_page() -> None:
    driven = sum(bool(row.sources) for row in rig("metahuman").rows)
    assert f"{driven} of the 251 controls are driven, the other {251 - driven} rest" in page(
        "rigs.md"
    )
