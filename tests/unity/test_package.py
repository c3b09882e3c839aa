"""The package that `make unity-package` makes, and the validator: every rule is broken once."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/unity"))
import metas  # noqa: E402
import package  # noqa: E402
import validate  # noqa: E402

NAME = "com.talkface.unity"
SDK = {
    "lib/linux-x86_64/libtalkface.so": b"elf",
    "lib/linux-x86_64/libtalkface_onnxruntime.so": b"elf",
    "lib/windows-x86_64/talkface.dll": b"pe",
    "lib/windows-x86_64/talkface_onnxruntime.dll": b"pe",
    "lib/windows-x86_64/talkface.def": b"not for Unity",
    "licences/onnxruntime-LICENSE.txt": b"MIT",
    "licences/onnxruntime-ThirdPartyNotices.txt": b"others",
}
"""As tests/sdk/make.py gives them; building the real ones is `make unity-package`."""

Files = dict[str, bytes]
CORE = "Runtime/Core/TalkFace.Core.asmdef"
LINUX = "Runtime/Plugins/Linux/x86_64/libtalkface.so"


@pytest.fixture(scope="module")
def whole() -> Files:
    return package.package(SDK)


def test_the_package_keeps_the_rules(whole: Files) -> None:
    assert validate.problems(whole, NAME) == []


def test_the_version_is_the_librarys(whole: Files) -> None:
    assert json.loads(whole["package.json"])["version"] == package.release()


def test_it_holds_what_it_should(whole: Files) -> None:
    for file in (
        "Runtime/Plugins/Windows/x86_64/talkface_onnxruntime.dll",
        "Runtime/Resources/TalkFace/Rigs/vrm1.json",
        "StreamingAssets~/TalkFace/default/manifest.json",
        "StreamingAssets~/TalkFace/default/model.onnx",
        "Documentation~/licences/onnxruntime-LICENSE.txt",
        "Documentation~/unity.md",
    ):
        assert file in whole
        assert (f"{file}.meta" in whole) == file.startswith("Runtime/")
    assert not any(file.endswith(".def") for file in whole)
    links = whole["Documentation~/unity.md"].decode().split("](")[1:]
    assert all(link.startswith("https://") for link in links)


def test_the_archive_depends_on_names_and_bytes_alone(whole: Files, tmp_path: Path) -> None:
    first = tmp_path / "a" / f"{NAME}-{package.release()}.tgz"
    second = tmp_path / "b" / first.name
    package.write_tgz(whole, first)
    package.write_tgz(dict(reversed(whole.items())), second)
    assert first.read_bytes() == second.read_bytes()
    assert validate.problems_of(first) == []
    with tarfile.open(first) as archive:
        names = archive.getnames()
        assert names == sorted(names)
    assert validate.problems_of(validate.unpack(first, tmp_path / NAME)) == []
    script = [sys.executable, str(ROOT / "tests/unity/validate.py")]
    good = subprocess.run([*script, str(tmp_path / NAME)], capture_output=True, check=False)
    assert good.returncode == 0
    (tmp_path / NAME / "LICENSE.md").unlink()
    bad = subprocess.run([*script, str(tmp_path / NAME)], capture_output=True, check=False)
    assert bad.returncode == 1
    assert b"FAIL LICENSE.md is missing" in bad.stdout


def test_archives_of_another_shape_are_refused(whole: Files, tmp_path: Path) -> None:
    wrong = tmp_path / "talkface.tgz"
    package.write_tgz(whole, wrong)
    assert validate.problems_of(wrong) == [f"the archive must be called {NAME}-0.1.0.tgz"]
    with tarfile.open(tmp_path / f"{NAME}-0.1.0.tgz", "w:gz") as archive:
        archive.add(ROOT / "LICENSE", "LICENSE.md")
        link = tarfile.TarInfo("package/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    found = validate.problems_of(tmp_path / f"{NAME}-0.1.0.tgz")
    assert "LICENSE.md is not a plain file below package/" in found
    assert "package/link is not a plain file below package/" in found


def test_guids_are_those_of_every_release() -> None:
    assert metas.guid("package.json") == "eb31759b393ea056d55ffbe62df7fbb9"
    assert metas.guid("Runtime/Components/TalkFaceDriver.cs") == "edffd30798b219e0d7fdce29a7d8b9a8"


def test_platforms_are_one_a_library(whole: Files) -> None:
    text = whole[f"{LINUX}.meta"].decode()
    assert "Exclude Linux64: 0" in text
    assert "Exclude Win64: 1" in text
    assert "OS: Linux" in text
    assert "OS: Windows" in whole["Runtime/Plugins/Windows/x86_64/talkface.dll.meta"].decode()
    with pytest.raises(ValueError, match="no platform for Amiga"):
        list(metas.metas(["Runtime/Plugins/Amiga/libtalkface.so"]))


def _manifest(**changes: Any) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        document = json.loads(files["package.json"]) | changes
        files["package.json"] = json.dumps(document).encode()

    return change


def _asmdef(file: str, **changes: Any) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        document = json.loads(files.get(file, b'{"name": "TalkFace.New"}')) | changes
        files[file] = json.dumps(document).encode()
        files.update({k: v.encode() for k, v in metas.metas([file])})

    return change


def _add(file: str, data: bytes = b"x", meta: bool = True) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[file] = data
        if meta:
            files.update({k: v.encode() for k, v in metas.metas([file])})

    return change


def _drop(*names: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        for name in names:
            del files[name]

    return change


def _edit(file: str, old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old in files[file].decode()
        files[file] = files[file].decode().replace(old, new).encode()

    return change


def _sample(**entry: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        samples = [*json.loads(files["package.json"]).get("samples", []), entry]
        _manifest(samples=samples)(files)

    return change


BROKEN = {
    "README.md is missing": _drop("README.md"),
    "LICENSE.md is missing": _add("LICENSE.md", b""),
    "Documentation~ has no page": _drop("Documentation~/unity.md"),
    "package.json is not a JSON object": _add("package.json", b"[]"),
    "is not a reverse domain": _manifest(name="com.TalkFace.unity"),
    "the folder com.talkface.unity must be called com.talkface.other": _manifest(
        name="com.talkface.other"
    ),
    "is not MAJOR.MINOR.PATCH": _manifest(version="0.1"),
    "is not YEAR.MINOR": _manifest(unity="2021.3.1f1"),
    "package.json needs displayName": _manifest(displayName=" "),
    "needs one exact version": _manifest(dependencies={"com.unity.timeline": "^1.6.4"}),
    "dependencies must be an object": _manifest(dependencies=[]),
    "CHANGELOG.md has no entry for 9.9.9": _manifest(version="9.9.9"),
    "differs from another only in case": _add("readme.md"),
    "is a path of more than": _add(f"Runtime/{'long' * 30}.txt"),
    "cannot be a name on Windows": _add("Runtime/what?.txt"),
    "is larger than 100 MB": _add("Runtime/big.bytes", bytes(validate.MOST_BYTES + 1)),
    "is not an assembly definition": _add(CORE, b"{}"),
    "two assemblies are called TalkFace.Native": _asmdef(CORE, name="TalkFace.Native"),
    "Runtime/Core has two asmdefs": _asmdef("Runtime/Core/New.asmdef"),
    "nobody has the assembly Cinemachine": _asmdef(CORE, references=["Cinemachine"]),
    "which package.json does not depend on": _manifest(dependencies={}),
    "VRM10 is of com.vrmc.vrm, which": _asmdef(
        "Runtime/Vrm1/TalkFace.Vrm1.asmdef", defineConstraints=[]
    ),
    "unknown reference": _asmdef(CORE, reference=[]),
    "needs a file Hidden.cs": _add("Runtime/Core/Other.cs", b"class Hidden : MonoBehaviour {}"),
    "is in no assembly": _add("Loose/File.cs"),
    "includePlatforms must be Editor alone": _asmdef("Editor/New/New.asmdef"),
    "tests need the constraint": _asmdef("Tests/New/New.asmdef"),
    "an editor assembly belongs into Editor": _asmdef(CORE, includePlatforms=["Editor"]),
    "Runtime/Core/FacePose.cs has no .meta": _drop("Runtime/Core/FacePose.cs.meta"),
    "Runtime/Core has no .meta": _drop("Runtime/Core.meta"),
    "Runtime/Core/Gone.cs.meta belongs to no asset": _add("Runtime/Core/Gone.cs.meta", meta=False),
    "Samples~.meta belongs to no asset": _add("Samples~.meta", meta=False),
    "has no GUID": _add("README.md.meta", b"guid: 1", meta=False),
    "has the GUID of": _edit("README.md.meta", metas.guid("README.md"), metas.guid("CHANGELOG.md")),
    "has not the GUID of its path": _edit("README.md.meta", metas.guid("README.md"), "0" * 32),
    "does not say rightly whether": _edit("Runtime.meta", "folderAsset: yes\n", ""),
    "must be a folder below Samples~": _sample(path="Samples/One", displayName="1"),
    "is listed, and is not there": _sample(path="Samples~/Gone", displayName="1", description="1"),
    "needs displayName and description": _sample(path="Samples~/Gone", displayName="1"),
    "package.json does not list Samples~/Extra": _add("Samples~/Extra/Extra.txt"),
    "lies in no platform's folder": _add("Runtime/Core/libtalkface.so", meta=False),
    "ONNX Runtime must bear a private name": _add("Runtime/Plugins/Windows/x86_64/onnxruntime.dll"),
    "must enable the editor and Linux64 alone": _edit(
        f"{LINUX}.meta", "Standalone: Linux64", "Standalone: Win64"
    ),
    "must name the editor's system, Linux": _edit(f"{LINUX}.meta", "OS: Linux", "OS: AnyOS"),
    "both or none": _drop(LINUX, f"{LINUX}.meta"),
}


@pytest.mark.parametrize("message", BROKEN)
def test_a_broken_rule_is_named(message: str, whole: Files) -> None:
    files = dict(whole)
    BROKEN[message](files)
    found = validate.problems(files, NAME)
    assert any(message in line for line in found), found


def test_a_package_without_libraries_is_refused() -> None:
    found = validate.problems(package.package({}), NAME)
    assert found == ["Runtime/Plugins has no library"]
