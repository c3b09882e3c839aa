"""Compile the package as Unity would: one assembly for each asmdef, against the stubs.

Compiler and runtime are mono's; as in Unity, an asmdef's assembly sees only what it refers to.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from csharp import LANGUAGE, CompileError  # noqa: E402

STUBS = HERE.parent / "stubs"
ROOT = HERE.parents[2]
PACKAGE = ROOT / "unity_plugin" / "com.talkface.unity"
BUNDLES = ROOT / "python" / "talkface" / "bundles"
EDITOR_STUBS = ("Editor.cs", "EditorGui.cs")
VRM_STUBS = {"VRM": "Vrm0.cs", "VRM10": "Vrm1.cs"}
APART = (*EDITOR_STUBS, *VRM_STUBS.values(), "Timeline.cs", "NUnit.cs", "TestTools.cs")
OPTIONAL = frozenset({"com.vrmc.univrm", "com.vrmc.vrm"})
"""Packages of others that a project may have, whose assemblies are stubs here."""


@dataclass
class Assembly:
    """Sources that become one DLL."""

    name: str
    sources: list[Path]
    references: list[str] = field(default_factory=list)
    unsafe: bool = False
    engine: bool = True


def tools() -> str | None:
    """Why nothing can be compiled or run here, or None."""
    lacking = [tool for tool in ("mcs", "mono") if shutil.which(tool) is None]
    return f"needs {' and '.join(lacking)} (Debian: mono-mcs, mono-runtime)" if lacking else None


def engine() -> list[Assembly]:
    """The stubs with their behaviour."""
    engine_sources = [path for path in sorted(STUBS.glob("*.cs")) if path.name not in APART]
    editor_sources = [STUBS / name for name in EDITOR_STUBS]
    return [
        Assembly(
            "UnityEngine", engine_sources + sorted((HERE / "engine").glob("*.cs")), engine=False
        ),
        Assembly(
            "Unity.Timeline",
            [STUBS / "Timeline.cs", *sorted((HERE / "timeline").glob("*.cs"))],
        ),
        Assembly("UnityEditor", editor_sources + sorted((HERE / "editor").glob("*.cs"))),
        Assembly(
            "nunit.framework",
            [STUBS / "NUnit.cs", *sorted((HERE / "nunit").glob("*.cs"))],
            engine=False,
        ),
        Assembly("UnityEngine.TestRunner", [STUBS / "TestTools.cs"]),
        *(Assembly(name, [STUBS / stub, HERE / "vrm" / stub]) for name, stub in VRM_STUBS.items()),
    ]


def owner(source: Path, definitions: dict[Path, dict[str, Any]]) -> Path:
    """The asmdef whose folder a source lies in: the nearest one above."""
    for folder in source.parents:
        for path in definitions:
            if path.parent == folder:
                return path
    raise CompileError(f"{source} belongs to no asmdef")


def constrained(definition: dict[str, Any], installed: frozenset[str]) -> bool:
    """Whether a define that the asmdef asks for is missing: its package is not in the project."""
    defined = {"UNITY_INCLUDE_TESTS"} | {
        one["define"] for one in definition.get("versionDefines", []) if one["name"] in installed
    }
    return not set(definition.get("defineConstraints", [])) <= defined


def package(installed: frozenset[str] = OPTIONAL) -> list[Assembly]:
    """Every asmdef that a project with these packages compiles, in order of their references."""
    definitions = {
        path: json.loads(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.asmdef")
    }
    assemblies: dict[str, Assembly] = {}
    for text in definitions.values():
        references = [str(name) for name in text.get("references", [])]
        if any(platform == "Editor" for platform in text.get("includePlatforms", [])):
            references.append("UnityEditor")
        if "UnityEngine.TestRunner" in references:
            references.append("nunit.framework")
        assemblies[text["name"]] = Assembly(
            text["name"],
            [],
            [name for name in references if name != "UnityEditor.TestRunner"],
            bool(text.get("allowUnsafeCode")),
            not text.get("noEngineReferences"),
        )
    for source in sorted(PACKAGE.rglob("*.cs")):
        assemblies[definitions[owner(source, definitions)]["name"]].sources.append(source)
    for text in definitions.values():
        if constrained(text, installed):
            del assemblies[text["name"]]
    ordered: list[Assembly] = []
    while len(ordered) < len(assemblies):
        done = {one.name for one in ordered}
        ready = [
            one
            for one in assemblies.values()
            if one.name not in done and not (set(one.references) & set(assemblies)) - done
        ]
        if not ready:
            raise CompileError(f"asmdefs refer to one another in a ring: {set(assemblies) - done}")
        ordered += ready
    return ordered


def compile_one(one: Assembly, out: Path, target: str = "library", defines: str = "") -> Path:
    """Compile an assembly into ``out``; warnings are errors. Nothing is done when it is newer
    than all of its sources and references. CompileError with the compiler's words."""
    made = out / f"{one.name}.{'exe' if target == 'exe' else 'dll'}"
    references = [*one.references, *(["UnityEngine"] if one.engine else [])]
    libraries = [out / f"{name}.dll" for name in dict.fromkeys(references)]
    absent = [path.stem for path in libraries if not path.is_file()]
    if absent:
        raise CompileError(f"{one.name} refers to {', '.join(absent)}, which nothing makes")
    inputs = [*one.sources, *libraries]
    listed = hashlib.sha256("\n".join(map(str, inputs)).encode()).hexdigest()
    stamp = made.with_suffix(".inputs")
    if (
        made.is_file()
        and stamp.is_file()
        and stamp.read_text() == listed
        and made.stat().st_mtime > max(path.stat().st_mtime for path in inputs)
    ):
        return made
    command = [
        "mcs",
        f"-langversion:{LANGUAGE}",
        "-warnaserror",
        "-warn:4",
        "-debug",
        f"-target:{target}",
        f"-out:{made}",
        *(["-unsafe"] if one.unsafe else []),
        *([f"-define:{defines}"] if defines else []),
        *(f"-r:{path}" for path in libraries),
        *map(str, one.sources),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        made.unlink(missing_ok=True)
        raise CompileError(result.stdout + result.stderr)
    stamp.write_text(listed)
    return made


def build(out: Path) -> list[Path]:
    """Engine, package and the runner of simulated loops; the DLLs and the exe."""
    out.mkdir(parents=True, exist_ok=True)
    assemblies = [*engine(), *package()]
    made = [compile_one(one, out) for one in assemblies if one.sources]
    runner = Assembly(
        "Loop",
        sorted((HERE / "cases").glob("*.cs")),
        [one.name for one in assemblies if one.sources and one.name != "UnityEngine"],
    )
    return [*made, compile_one(runner, out, "exe")]


def prepare(folder: Path) -> None:
    """What the editor's cases import: archives of the default bundle, sound and damaged, and an
    unpacked package that brings the bundle."""
    bundle = sorted((BUNDLES / "default").iterdir())
    for name, method in (("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)):
        with zipfile.ZipFile(folder / f"{name}.talkface", "w", method) as archive:
            for path in bundle:
                archive.write(path, f"bundle/{path.name}" if name == "deflated" else path.name)
    sound = (folder / "stored.talkface").read_bytes()
    changed = bytearray(sound)
    changed[sound.index(b"manifest.json") + 200] ^= 1
    with zipfile.ZipFile(folder / "nomanifest.talkface", "w") as archive:
        archive.write(bundle[0], bundle[0].name)
    for name, data in (
        ("empty", b""),
        ("text", b"hello, this is no archive at all"),
        ("cut", sound[len(sound) // 2 :]),
        ("changed", bytes(changed)),
    ):
        (folder / f"{name}.talkface").write_bytes(data)
    shutil.copytree(BUNDLES / "default", folder / "package/StreamingAssets~/TalkFace/default")


def environment(library: Path, runtime: str, made: Path) -> dict[str, str]:
    """What a run needs: the library, ONNX Runtime, the package's Resources, bundles."""
    found = dict(os.environ)
    found["LD_LIBRARY_PATH"] = str(library)
    found["TALKFACE_ONNXRUNTIME"] = runtime
    found["TALKFACE_TEST_MADE"] = str(made)
    found["TALKFACE_TEST_FIXTURES"] = str(HERE / "fixtures")
    found["TALKFACE_TEST_RESOURCES"] = str(PACKAGE / "Runtime" / "Resources")
    found["TALKFACE_TEST_STREAMING_ASSETS"] = str(BUNDLES)
    found["TALKFACE_TEST_SPEECH"] = str(ROOT / "examples" / "speech.wav")
    found["MONO_THREADS_SUSPEND"] = "preemptive"
    return found


def run(
    out: Path, environ: dict[str, str], *words: str, timeout: float = 600
) -> subprocess.CompletedProcess[str]:
    """Run the simulated loops; ``words`` choose cases by the start of their names."""
    return subprocess.run(
        ["mono", "--debug", str(out / "Loop.exe"), *words],
        capture_output=True,
        text=True,
        check=False,
        env=environ,
        timeout=timeout,
    )
