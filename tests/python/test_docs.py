"""Every block of code in the documentation runs, or says why not (conventions: pages.py)."""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pages
import pytest
from building import compile_and_link, run
from clips import make_clip
from pages import ROOT, Block

from talkface import TalkFace, cli
from talkface.rigs import load_map

LANGUAGES = {
    *pages.SHELL, *pages.COMPILED, "python", "json", "html", "cmake", "csharp", "text",
}  # fmt: skip


def pages_with(*languages: str, note: str | None = None) -> list[str]:
    """Pages with a block that is run, in one of the languages."""
    found = [block for block in pages.of(*languages) if block.reason is None]
    return sorted({block.page for block in found if note is None or note in block.notes})


def named(block: Block) -> str:
    return block.where


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a page's blocks run: examples/, and what pages take for the reader's own files."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "line.wav").symlink_to(ROOT / "examples" / "speech.wav")
    (tmp_path / "mine.glb").symlink_to(ROOT / "python" / "talkface" / "viewer" / "head.glb")
    return tmp_path


def test_every_block_runs_or_says_why_not() -> None:
    for page in pages.PAGES:
        fences = re.findall(r"^ *```", (ROOT / page).read_text("utf-8"), flags=re.M)
        assert len(fences) == 2 * len(pages.blocks(page)), f"{page}: a fence is indented or open"
        for block in pages.blocks(page):
            assert block.language in LANGUAGES, f"{block.where}: no test knows {block.language}"
            if "not run" in block.notes:
                assert len(block.reason or "") > 8, f"{block.where}: say why it is not run"
                print(f"{block.where} is not run: {block.reason}")
            elif block.language in pages.COMPILED:
                assert block.is_program, f"{block.where}: neither a main nor a reason"


def _runner(block: Block) -> str:
    """Runs a block in one scope with those before it; tracebacks name the page's lines."""
    padded = "\n" * block.line + block.code
    return f"exec(compile({padded!r}, {str(ROOT / block.page)!r}, 'exec'), scope)\n"


@pytest.mark.parametrize(
    "page", sorted({*pages_with("python"), *pages_with(*pages.SHELL, note="run")})
)
def test_python_and_marked_commands_of_a_page_run_in_order(page: str, folder: Path) -> None:
    done = [block for block in pages.blocks(page) if block.reason is None]
    program, expected = "import talkface.cli, shlex\nscope = {'__name__': '__main__'}\n", []
    for block in done:
        if block.language == "python":
            program += _runner(block)
        elif block.language in pages.SHELL and "run" in block.notes:
            for line in block.commands:
                words = shlex.split(line, comments=True)
                assert words[0] == "talkface", f"{block.where}: only talkface can be run"
                program += f"assert talkface.cli.main({words[1:]!r}) == 0, {line!r}\n"
        else:
            continue
        expected += [(block, block.notes["prints"])] if "prints" in block.notes else []
    (folder / "page.py").write_text(program, "utf-8")
    out = run([sys.executable, "page.py"], folder)
    for block, text in expected:
        assert text in out, f"{block.where}: {text!r} is not in\n{out}"


@pytest.mark.parametrize(
    "block", [b for b in pages.of(*pages.COMPILED) if b.is_program and b.reason is None], ids=named
)
def test_compiled_programs_run(block: Block, folder: Path) -> None:
    source = folder / f"page.{pages.COMPILED[block.language]}"
    source.write_text(block.code, "utf-8")
    compile_and_link(source, folder / "page")
    out = run([str(folder / "page"), str(TalkFace().path)], folder)
    assert block.notes.get("prints", "") in out, f"{block.where}: it prints\n{out}"


@pytest.mark.parametrize("block", [b for b in pages.of("json") if b.reason is None], ids=named)
def test_json_is_what_the_page_says(block: Block, folder: Path, default_face: TalkFace) -> None:
    told = json.loads(block.code)
    (folder / "page.json").write_text(block.code, "utf-8")
    if "talkface_style" in told:
        default_face.stream().set_style(block.code)
    elif told.get("format") == "talkface-rig-map":
        made = load_map(folder / "page.json").apply(make_clip(3))
        assert made.channels == tuple(row["to"] for row in told["rows"])


def _words(command: str) -> list[str]:
    """The command alone: without its comment and what stands behind a pipe or an arrow."""
    words = shlex.split(command.replace("[", " ").replace("]", " "), comments=True)
    ends = [i for i, word in enumerate(words) if word in {"|", "||", "&&", ">", "&", ";"}]
    return words[: ends[0]] if ends else words


def _options(words: list[str]) -> set[str]:
    return {word.split("=")[0] for word in words if re.match(r"--?[a-zA-Z]", word)}


def _commands() -> list[tuple[str, str]]:
    """Where it stands, and the command: lines of shell blocks and commands inside sentences."""
    lines = [
        (block.where, line)
        for block in pages.of(*pages.SHELL)
        for line in block.commands
    ]  # fmt: skip
    return lines + [(page, span) for page in pages.PAGES for span in pages.spans(page)]


def test_commands_of_the_pages_exist() -> None:
    parser = cli._parser()
    (subparsers,) = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    seen = 0
    for where, command in _commands():
        words = _words(command)
        if words[0] != "talkface" or words[1].startswith("-"):
            continue
        assert words[1] in subparsers.choices, f"{where}: no command {words[1]}: {command}"
        known = set(subparsers.choices[words[1]]._option_string_actions)
        unknown = _options(words[2:]) - known
        assert not unknown, f"{where}: {words[1]} has no {', '.join(unknown)}: {command}"
        seen += 1
    assert seen > 20


def _source(module: str) -> str:
    """A module's text and that of the modules of ours that it imports; nothing is run."""
    spec = find_spec(module)
    assert spec is not None, f"no module {module}"
    assert spec.origin is not None
    text = Path(spec.origin).read_text("utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("talkface"):
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for path in {_file(str(name)) for name in names} - {None}:
                text += Path(str(path)).read_text("utf-8")
    return text


def _file(module: str) -> str | None:
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        return None
    return None if spec is None else spec.origin


def test_modules_of_the_pages_exist() -> None:
    ours = [(where, _words(line)) for where, line in _commands() if line.startswith("python")]
    ours = [(where, words) for where, words in ours if words[2].startswith("talkface")]
    assert len(ours) > 10
    for where, words in ours:
        text = _source(words[2])
        assert '__name__ == "__main__"' in text, f"{where}: {words[2]} is no program"
        options = set(re.findall(r'"(--?[a-z][\w-]*)"', text))
        if 'f"--{' in text:  # options made of a plan's fields
            made = re.findall(r"^    (\w+): \w+", text, flags=re.M)
            options |= {f"--{name.replace('_', '-')}" for name in made}
        unknown = _options(words[3:]) - options
        assert not unknown, f"{where}: {words[2]} has no {', '.join(unknown)}"


def test_make_targets_of_the_pages_exist() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.M)
    for block in pages.of(*pages.SHELL):
        for target in re.findall(r"^make ([a-z-]+)", block.code, flags=re.M):
            assert target in targets, f"{block.where}: no make {target}"


def test_links_lead_somewhere() -> None:
    for name in pages.PAGES:
        page = ROOT / name
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{name}: {target}"


def test_the_site_is_built_without_the_network(tmp_path: Path) -> None:
    pytest.importorskip("material", reason='the site needs pip install "talkface[docs]"')
    site = tmp_path / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    command += ["-f", str(ROOT / "docs" / "site" / "mkdocs.yml"), "-d", str(site)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    made = {str(path.relative_to(site)) for path in site.rglob("*.html")}
    for page in pages.PAGES:
        if page.startswith("docs/"):
            address = page.removeprefix("docs/").removesuffix(".md") + ".html"
            assert address.replace("README", "index") in made, page
    for path in site.rglob("*.html"):
        loaded = re.findall(
            r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"?((?:https?:)?//[^\"\s>]+)",
            path.read_text("utf-8"),
        )
        assert loaded == [], f"{path.name} loads {loaded}"
