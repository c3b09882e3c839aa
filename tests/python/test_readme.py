"""The programs that readers see run: README's blocks and examples/."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from talkface import TalkFace, runtime

ROOT = Path(__file__).resolve().parents[2]
SPEECH = ROOT / "examples" / "speech.wav"


def block(language: str, page: str = "README.md") -> str:
    text = (ROOT / page).read_text("utf-8")
    [code] = re.findall(rf"```{language}\n(.*?)```", text, flags=re.S)
    return str(code)


def run(command: list[str], folder: Path) -> str:
    environment = {**os.environ, "TALKFACE_ONNXRUNTIME": runtime.onnxruntime_library()}
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def compile_and_link(source: Path, out: Path) -> None:
    """Against the library that the package brought."""
    from talkface import _core

    compiler = "g++" if source.suffix == ".cpp" else "gcc"
    library = Path(_core.__file__).parent / "libtalkface.so"
    if shutil.which(compiler) is None or not library.is_file():
        pytest.skip(f"{compiler} or libtalkface.so beside _core is missing")
    flags = ["-std=c++17"] if source.suffix == ".cpp" else ["-std=c11"]
    command = [compiler, *flags, "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'cpp' / 'include'}"]
    bundle = f'-DBUNDLE="{TalkFace().path}"'
    command += [bundle, str(source), "-o", str(out), str(library), f"-Wl,-rpath,{library.parent}"]
    subprocess.run([*command, "-lm"], check=True)


def test_readmes_python_runs(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "readme.py").write_text(block("python"), "utf-8")
    out = run([sys.executable, "readme.py"], tmp_path)
    assert "52)" in out
    assert (tmp_path / "line.csv").is_file()


def test_readmes_c_runs(tmp_path: Path) -> None:
    source = tmp_path / "readme.c"
    source.write_text(block("c"), "utf-8")
    compile_and_link(source, tmp_path / "readme")
    out = run([str(tmp_path / "readme"), str(TalkFace().path)], tmp_path)
    assert out.startswith("jawOpen ")


def test_the_programs_of_the_page_on_scripts_run(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "script.py").write_text(block("python", "docs/script.md"), "utf-8")
    run([sys.executable, "script.py"], tmp_path)
    source = tmp_path / "script.c"
    source.write_text(block("c", "docs/script.md"), "utf-8")
    compile_and_link(source, tmp_path / "script")
    assert run([str(tmp_path / "script"), str(TalkFace().path)], tmp_path) == "1 taken\n"


def test_the_programs_of_the_page_on_emotion_run(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "emotion.py").write_text(block("python", "docs/emotion.md"), "utf-8")
    run([sys.executable, "emotion.py"], tmp_path)
    source = tmp_path / "emotion.c"
    source.write_text(block("c", "docs/emotion.md"), "utf-8")
    compile_and_link(source, tmp_path / "emotion")
    assert run([str(tmp_path / "emotion"), str(TalkFace().path)], tmp_path) == "1 taken\n"


def test_the_page_on_emotion_shows_a_good_style(default_face: TalkFace) -> None:
    default_face.stream().set_style(block("json", "docs/emotion.md"))


@pytest.mark.parametrize("page", ["crowds", "gpu"])
def test_the_programs_of_other_pages_run(page: str, tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text(block("python", f"docs/{page}.md"), "utf-8")
    run([sys.executable, "page.py"], tmp_path)


@pytest.mark.parametrize("name", ["animate.py", "stream.py"])
def test_python_examples_run(name: str, tmp_path: Path) -> None:
    assert run([sys.executable, str(ROOT / "examples" / name), str(SPEECH)], tmp_path)


@pytest.mark.parametrize(
    ("name", "argument"),
    [("animate.cpp", str(SPEECH)), ("stream.c", None), ("crowd.cpp", None)],
)
def test_compiled_examples_run(name: str, argument: str | None, tmp_path: Path) -> None:
    compile_and_link(ROOT / "examples" / name, tmp_path / "example")
    out = run([str(tmp_path / "example"), argument or str(TalkFace().path)], tmp_path)
    assert "jawOpen" in out


def test_readmes_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"
