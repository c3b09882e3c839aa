"""The C ABI: exported names, headers that stand alone, ONNX Runtime's slots, the install."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import talkface
from talkface import runtime

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "cpp" / "include"


def need(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path


def library() -> Path:
    """The shared library of the installed package."""
    from talkface import _core

    found = sorted(Path(_core.__file__).parent.glob("libtalkface.*"))
    if not found:
        pytest.skip("libtalkface does not lie beside _core: a development build")
    return found[0]


def test_exports_are_the_committed_list() -> None:
    out = subprocess.run(
        [need("nm"), "-D", "--defined-only", str(library())],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = sorted(line.split()[-1].split("@")[0] for line in out.splitlines())
    committed = (ROOT / "tests/abi/exports.txt").read_text().split()
    assert names == committed


def test_no_function_is_bound_inside_a_real_time_call() -> None:
    """A lazy binding takes the loader's lock at the first call."""
    command = [need("readelf"), "-d", str(library())]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "BIND_NOW" in out


def test_the_header_declares_what_is_exported() -> None:
    text = (INCLUDE / "talkface/talkface.h").read_text()
    declared = set(re.findall(r"TALKFACE_API[^;]*?\b(talkface_\w+)\(", text))
    assert declared == set((ROOT / "tests/abi/exports.txt").read_text().split())


def test_every_function_says_its_thread() -> None:
    text = (INCLUDE / "talkface/talkface.h").read_text()
    parts = re.findall(r"/\*((?:(?!\*/).)*)\*/\s*TALKFACE_API", text, flags=re.S)
    assert len(parts) == len((ROOT / "tests/abi/exports.txt").read_text().split())
    for comment in parts:
        assert re.search(r"\[(main|audio|worker|game|any)\]", comment), comment


WARNINGS = (
    "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wundef",
    "-Wcast-qual", "-Werror",
)  # fmt: skip


@pytest.mark.parametrize(
    ("compiler", "standard", "header"),
    [
        ("gcc", "c99", "talkface.h"),
        ("gcc", "c11", "talkface.h"),
        ("gcc", "c17", "talkface.h"),
        ("clang", "c99", "talkface.h"),
        ("g++", "c++11", "talkface.h"),
        ("g++", "c++17", "talkface.hpp"),
        ("g++", "c++17", "crowd.hpp"),
        ("g++", "c++20", "crowd.hpp"),
        ("clang++", "c++17", "crowd.hpp"),
        ("x86_64-w64-mingw32-g++", "c++17", "crowd.hpp"),
        ("gcc", "c11", "version.h"),
    ],
)
def test_headers_compile_alone(compiler: str, standard: str, header: str, tmp_path: Path) -> None:
    cxx = compiler.endswith("++")
    source = tmp_path / ("x.cpp" if cxx else "x.c")
    windows = "#include <windows.h>\n" if "mingw" in compiler else ""  # with its min and max
    source.write_text(
        f'{windows}#include "talkface/{header}"\n#include "talkface/{header}"\nint x;\n'
    )
    strict = [*WARNINGS, "-Wold-style-cast"] if cxx else WARNINGS
    command = [need(compiler), f"-std={standard}", *strict, "-fno-rtti" if cxx else "-O0"]
    subprocess.run([*command, "-fsyntax-only", f"-I{INCLUDE}", str(source)], check=True)


def test_without_exceptions_there_is_c(tmp_path: Path) -> None:
    def compile_(header: str) -> subprocess.CompletedProcess[str]:
        source = tmp_path / "x.cpp"
        source.write_text(f'#include "talkface/{header}"\n')
        command = [need("g++"), "-std=c++17", "-fno-exceptions", "-fno-rtti", "-fsyntax-only"]
        return subprocess.run(
            [*command, f"-I{INCLUDE}", str(source)], capture_output=True, text=True, check=False
        )

    assert compile_("talkface.h").returncode == 0
    refused = compile_("talkface.hpp")
    assert refused.returncode != 0
    assert "call talkface.h" in refused.stderr


def test_versions_agree() -> None:
    from talkface import _core

    text = (INCLUDE / "talkface/version.h").read_text()
    typed = re.search(r'TALKFACE_VERSION "([^"]+)"', text)
    assert typed is not None
    assert _core.version == typed[1]
    assert talkface.__version__ in (typed[1], "0+uninstalled")
    assert (ROOT / "CHANGELOG.md").read_text().count(f"## [{typed[1]}]") == 1


def test_onnxruntime_slots_match_the_official_header(tmp_path: Path) -> None:
    """Debian 13's libonnxruntime-dev has the header; TALKFACE_ORT_HEADER names it."""
    header = os.environ.get("TALKFACE_ORT_HEADER")
    if not header:
        pytest.skip("TALKFACE_ORT_HEADER does not name onnxruntime_c_api.h")
    text = (ROOT / "cpp/src/model/ort_api.h").read_text()
    slots = re.findall(r"X\((\d+), (\w+),", text)
    assert len(slots) > 30
    lines = [f'#include "{Path(header).resolve()}"', "#include <cstddef>"]
    lines += [
        f'static_assert(offsetof(OrtApi, {name}) / sizeof(void*) == {slot}, "{name}");'
        for slot, name in slots
    ]
    values = {
        "ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT": "kFloat",
        "ORT_ENABLE_ALL": "kOptimizeAll",
        "OrtArenaAllocator": "kArenaAllocator",
        "OrtMemTypeDefault": "kDefaultMemory",
        "ORT_LOGGING_LEVEL_WARNING": "kLogWarning",
    }
    for official, ours in values.items():
        number = re.search(rf"{ours} = (\d+);", text)
        assert number is not None
        lines.append(f'static_assert({official} == {number[1]}, "{official}");')
    source = tmp_path / "slots.cpp"
    source.write_text("\n".join(lines) + "\n")
    subprocess.run([need("g++"), "-std=c++17", "-fsyntax-only", str(source)], check=True)


def test_find_package_works_from_an_install(tmp_path: Path, speech_path: Path) -> None:
    """`cmake --install`, then a separate project that finds TalkFace and animates."""
    cmake = need("cmake")
    need("g++")
    build, prefix, user = tmp_path / "build", tmp_path / "prefix", tmp_path / "user"

    def run(*command: str, env: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, **(env or {})}
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(cmake, "-S", str(ROOT), "-B", str(build), "-DCMAKE_BUILD_TYPE=Release")
    run(cmake, "--build", str(build), "-j", "2")
    run(cmake, "--install", str(build), "--prefix", str(prefix))
    project = ROOT / "tests/abi/find_package"
    run(cmake, "-S", str(project), "-B", str(user), f"-DCMAKE_PREFIX_PATH={prefix}")
    run(cmake, "--build", str(user))
    environment = {"TALKFACE_ONNXRUNTIME": runtime.onnxruntime_library()}
    out = run(str(user / "speak"), str(speech_path), env=environment)
    assert "frames" in out
    bundle = prefix / "share/talkface/bundles/default"
    table = run(str(prefix / "bin/talkface_pose"), str(bundle), str(speech_path), env=environment)
    rows = table.splitlines()
    assert rows[0].startswith("seconds,eyeBlinkLeft")
    clip = talkface.TalkFace(bundle).animate(speech_path)
    assert len(rows) == len(clip) + 1
    jaw = [float(row.split(",")[18]) for row in rows[1:]]
    assert max(abs(a - float(b)) for a, b in zip(jaw, clip.channel("jawOpen"), strict=True)) < 1e-6


def test_a_project_takes_talkface_as_a_subdirectory(tmp_path: Path) -> None:
    """Its build type, targets and install stay its own."""
    cmake = need("cmake")
    (tmp_path / "game.c").write_text(
        '#include "talkface/talkface.h"\n'
        "int main(void) { return talkface_abi_version() != TALKFACE_ABI_VERSION; }\n"
    )
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.22)\nproject(Game LANGUAGES C CXX)\n"
        f'add_subdirectory("{ROOT}" talkface)\nadd_executable(game game.c)\n'
        "target_link_libraries(game PRIVATE TalkFace::talkface)\n"
    )
    build = tmp_path / "build"
    command = [cmake, "-S", str(tmp_path), "-B", str(build)]
    subprocess.run(command, check=True, capture_output=True)
    cache = (build / "CMakeCache.txt").read_text()
    assert re.search(r"^CMAKE_BUILD_TYPE:\w+=$", cache, flags=re.M)
    targets = subprocess.run(
        [cmake, "--build", str(build), "--target", "help"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "talkface" in targets
    assert "talkface_pose" not in targets
    installed = subprocess.run(
        [cmake, "--install", str(build), "--prefix", str(tmp_path / "prefix")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Installing" not in installed.stdout


@pytest.fixture
def speech_path() -> Path:
    return ROOT / "examples" / "speech.wav"


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, talkface; "
        "bad = {'torch', 'onnx', 'onnxruntime', 'matplotlib', 'scipy', 'talkface._core'} "
        "& set(sys.modules); print(bad); sys.exit(bool(bad))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
