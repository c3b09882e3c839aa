"""C# of docs/unity.md: programs run, the rest compiles against the engine's signatures."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pages
import pytest

from talkface import TalkFace

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/unity"), str(ROOT / "tests/unity/loop")]
import assemblies  # noqa: E402
import csharp  # noqa: E402

BLOCKS = [block for block in pages.blocks("docs/unity.md") if block.language == "csharp"]
PROGRAMS = [block for block in BLOCKS if " Main(" in block.code]
SCRIPTS = [block for block in BLOCKS if " Main(" not in block.code]


@pytest.mark.parametrize("block", PROGRAMS, ids=lambda block: block.where)
def test_programs_run(
    block: pages.Block,
    core: tuple[Path, Path],
    mono: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    source = core[0].parent / "Page.cs"
    source.write_text(block.code, "utf-8")
    program = csharp.compile_cs([source], source.with_suffix(".exe"), core)
    done = mono(program, str(TalkFace().path))
    assert done.returncode == 0, done.stderr
    assert "curves over 1.0 s" in done.stdout


def test_scripts_compile(tmp_path: Path) -> None:
    """With what a project's scripts see without an asmdef: assemblies that are auto-referenced."""
    if shutil.which("mcs") is None:
        pytest.skip("mcs is not installed: Debian's mono-mcs, by `make test-unity`")
    assert len(SCRIPTS) >= 2
    runtime = {"TalkFace.Native", "TalkFace.Core", "TalkFace.Runtime"}
    above = [one for one in assemblies.package() if one.name in runtime]
    below = [one for one in assemblies.engine() if one.name in {"UnityEngine", "Unity.Timeline"}]
    made = [assemblies.compile_one(one, tmp_path) for one in [*below, *above]]
    seen = [path for path in made if path.stem != "TalkFace.Native"]
    for index, block in enumerate(SCRIPTS):
        source = tmp_path / f"Page{index}.cs"
        source.write_text(block.code, "utf-8")
        csharp.compile_cs([source], source.with_suffix(".dll"), seen)
