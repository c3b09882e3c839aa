"""What ships: validators of wheel and SDK zip refuse broken ones; the page on platforms is true."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "platforms.md"


def load(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.replace("/", "_"), ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


layout = load("tests/sdk/layout.py")
contents = load("tests/wheel/contents.py")


def sdk_files() -> dict[str, bytes]:
    files = {name: name.encode() for name in layout.FILES if name != "SHA256SUMS"}
    return files | {"SHA256SUMS": layout.sums(files).encode()}


def sdk_zip(folder: Path, files: dict[str, bytes], time: tuple[int, ...] = layout.TIME) -> Path:
    path = folder / "talkface-sdk-1.2.3.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(f"{path.stem}/{name}", time), files[name])  # type: ignore[arg-type]
    return path


def test_a_whole_sdk_zip_has_no_problems(tmp_path: Path) -> None:
    assert layout.problems(sdk_zip(tmp_path, sdk_files())) == []


@pytest.mark.parametrize(
    ("breaks", "says"),
    [
        (lambda f: f.pop("lib/windows-x86_64/talkface.dll"), "talkface.dll is missing"),
        (lambda f: f.pop("licences/onnxruntime-LICENSE.txt"), "LICENSE.txt is missing"),
        (lambda f: f.update({"lib/linux-x86_64/libonnxruntime.so": b"x"}), "is not expected"),
        (lambda f: f.update({"README.md": b""}), "README.md is empty"),
        (lambda f: f.update({"include/talkface/talkface.h": b"changed"}), "SHA256SUMS"),
    ],
)
def test_a_broken_sdk_zip_is_refused(
    breaks: Callable[[dict[str, bytes]], object], says: str, tmp_path: Path
) -> None:
    files = sdk_files()
    breaks(files)
    found = layout.problems(sdk_zip(tmp_path, files))
    assert any(says in line for line in found), found


def test_an_sdk_zip_with_times_or_files_outside_is_refused(tmp_path: Path) -> None:
    found = layout.problems(sdk_zip(tmp_path, sdk_files(), (2024, 1, 1, 0, 0, 0)))
    assert any("has a time" in line for line in found)
    path = sdk_zip(tmp_path, sdk_files())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("elsewhere.txt", "x")
    found = layout.problems(path)
    assert any("lies outside" in line for line in found)
    assert "files are not sorted" in found
    other = shutil.copy(path, tmp_path / "sdk.zip")
    assert any("is not named" in line for line in layout.problems(Path(other)))


def test_the_sdk_list_names_every_header_and_bundle_file() -> None:
    headers = {p.name for p in (ROOT / "cpp/include/talkface").iterdir()}
    assert headers == set(layout.HEADERS)
    for bundle in layout.BUNDLES:
        found = {p.name for p in (ROOT / "python/talkface/bundles" / bundle).iterdir()}
        assert found == set(layout.BUNDLE_FILES)
    # Found beside talkface by these names: cpp/src/model/dynamic_library.cpp.
    code = (ROOT / "cpp/src/model/dynamic_library.cpp").read_text("utf-8")
    for name in ("libtalkface_onnxruntime.so", "talkface_onnxruntime.dll"):
        assert any(file.endswith("/" + name) for file in layout.FILES)
        assert f'"{name}"' in code


WHEEL = "talkface-1.2.3-cp311-cp311-manylinux_2_28_x86_64.whl"


def wheel_files() -> dict[str, str]:
    names = [
        f"talkface/bundles/{bundle}/{file}"
        for bundle in ("default", "low_latency")
        for file in contents.BUNDLE
    ]
    names += ["talkface/_core.cpython-311-x86_64-linux-gnu.so", "talkface/libtalkface.so"]
    metadata = "Name: talkface\nRequires-Dist: onnxruntime>=1.16\n"
    return {"talkface-1.2.3.dist-info/METADATA": metadata} | dict.fromkeys(names, "x")


def wheel(folder: Path, files: dict[str, str], name: str = WHEEL) -> Path:
    with zipfile.ZipFile(folder / name, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return folder / name


@pytest.mark.parametrize(
    "name",
    [
        WHEEL,
        "talkface-1.2.3-cp313-cp313-macosx_11_0_arm64.whl",
        "talkface-1.2.3-cp310-cp310-win_amd64.whl",
        "talkface-1.2.3-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
    ],
)
def test_a_whole_wheel_has_no_problems(name: str, tmp_path: Path) -> None:
    assert contents.problems(wheel(tmp_path, wheel_files(), name)) == []


@pytest.mark.parametrize(
    ("breaks", "says"),
    [
        (lambda f: f.update({"talkface.libs/libonnxruntime-1234.so.1": "x"}), "is vendored"),
        (lambda f: f.update({"talkface.libs/libstdc++-1234.so.6": "x"}), "came along"),
        (lambda f: f.pop("talkface/libtalkface.so"), "no library talkface."),
        (lambda f: f.pop("talkface/bundles/default/LICENSE"), "LICENSE is missing"),
        (
            lambda f: f.update({"talkface-1.2.3.dist-info/METADATA": "Name: talkface\n"}),
            "not a dependency",
        ),
    ],
)
def test_a_broken_wheel_is_refused(
    breaks: Callable[[dict[str, str]], object], says: str, tmp_path: Path
) -> None:
    files = wheel_files()
    breaks(files)
    found = contents.problems(wheel(tmp_path, files))
    assert any(says in line for line in found), found


@pytest.mark.parametrize(
    "tag", ["cp311-cp311-linux_x86_64", "py3-none-any", "cp311-abi3-win_amd64"]
)
def test_a_wheel_that_no_index_takes_is_refused(tag: str, tmp_path: Path) -> None:
    assert contents.problems(wheel(tmp_path, wheel_files(), f"talkface-1.2.3-{tag}.whl"))


def rows() -> list[list[str]]:
    lines = re.findall(r"^\|(.*)\|$", PAGE.read_text("utf-8"), flags=re.M)
    return [[cell.strip() for cell in line.split("|")] for line in lines][2:]


def presets(kind: str) -> set[str]:
    text = (ROOT / "CMakePresets.json").read_text("utf-8")
    return {preset["name"] for preset in json.loads(text)[kind]}


def test_the_table_of_platforms_names_commands_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    table = rows()
    assert len(table) >= 10
    for row in table:
        assert len(row) == 6, row
        _, what, state, command, where, when = row
        assert state in ("run", "run under wine", "unrun"), what
        make = re.fullmatch(r"`make ([\w-]+)`", command)
        preset = re.fullmatch(r"`(cmake|ctest) --preset (\w+)`", command)
        if make:
            assert re.search(rf"^{make[1]}:", makefile, flags=re.M), command
        elif preset:
            kind = "configurePresets" if preset[1] == "cmake" else "testPresets"
            assert preset[2] in presets(kind), command
        if state == "unrun":
            assert not where, what
            assert not when, what
        else:
            assert make or preset, f"{what}: {command} is no command that can be run here"
            assert where, what
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", when), what


def test_presets_name_toolchains_that_exist() -> None:
    text = (ROOT / "CMakePresets.json").read_text("utf-8")
    toolchains = re.findall(r'"toolchainFile": "\$\{sourceDir\}/([^"]+)"', text)
    assert len(toolchains) == 5
    for toolchain in toolchains:
        assert (ROOT / toolchain).is_file(), toolchain


def test_the_export_list_of_apple_is_made_from_the_committed_one(tmp_path: Path) -> None:
    """CMake's own code for it, run alone: names as Mach-O writes them."""
    cmake = shutil.which("cmake")
    if cmake is None:
        pytest.skip("cmake is not installed")
    text = (ROOT / "cmake/Exports.cmake").read_text("utf-8")
    code = text[: text.index("  target_link_options(")].replace("set_property(DIRECTORY", "#")
    script = f"set(APPLE ON)\nset(PROJECT_SOURCE_DIR {ROOT})\nset(PROJECT_BINARY_DIR {tmp_path})\n"
    (tmp_path / "exports.cmake").write_text(script + code + "endif()\n", "utf-8")
    subprocess.run([cmake, "-P", str(tmp_path / "exports.cmake")], check=True)
    names = (ROOT / "tests/abi/exports.txt").read_text("utf-8").split()
    assert (tmp_path / "exports.apple").read_text("utf-8").split() == [f"_{n}" for n in names]
