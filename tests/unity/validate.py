"""Checks a Unity package, a .tgz or a folder, against the rules of Unity's package manual.

``python tests/unity/validate.py dist/com.talkface.unity-0.1.0.tgz`` prints what is wrong; exit
status 1 when something is. Rules: docs.unity3d.com/Manual, "Package manifest", "Package layout",
"Assembly definition file format", "Special folder names", "Creating samples for packages".
"""

from __future__ import annotations

import json
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from metas import LIBRARIES, PLATFORMS, folders, guid, wants_meta

MOST_BYTES = 100_000_000
"""Of one file: what most hosts of packages take."""

LONGEST_PATH = 120
"""Of a path in the package: Windows allows 260 with the project's folder before it."""

NEEDED = ("package.json", "README.md", "CHANGELOG.md", "LICENSE.md", "Third Party Notices.md")
VERSION = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?"
PROVIDED = {
    "Unity.Timeline": "com.unity.timeline",
    "Unity.Timeline.Editor": "com.unity.timeline",
    "UnityEngine.UI": "com.unity.ugui",
    "VRM": "com.vrmc.univrm",
    "VRM10": "com.vrmc.vrm",
    "UnityEngine.TestRunner": None,
    "UnityEditor.TestRunner": None,
}
"""Assemblies of others that an asmdef may name, and the package of each; None: optional."""

FOUND_BY_NAME = "|".join(
    (
        "MonoBehaviour", "ScriptableObject", "PlayableAsset", "TrackAsset", "ScriptedImporter",
        "EditorWindow",
    )
)  # fmt: skip
"""Base classes whose scripts are stored in scenes and assets by the GUID of a file."""

ASMDEF_KEYS = {
    "name", "rootNamespace", "references", "includePlatforms", "excludePlatforms",
    "allowUnsafeCode", "overrideReferences", "precompiledReferences", "autoReferenced",
    "defineConstraints", "versionDefines", "noEngineReferences", "optionalUnityReferences",
}  # fmt: skip

Files = dict[str, bytes]


def problems(files: Files, name: str) -> list[str]:
    """What is wrong with a package's files by their paths in it; ``name``: of the folder."""
    manifest = _json(files, "package.json")
    found = [f"{needed} is missing" for needed in NEEDED if not files.get(needed)]
    if not any(file.startswith("Documentation~/") and file.endswith(".md") for file in files):
        found.append("Documentation~ has no page")
    if manifest is None:
        return [*found, "package.json is not a JSON object"]
    found += _manifest(manifest, name)
    version = str(manifest.get("version"))
    if f"## [{version}]" not in files.get("CHANGELOG.md", b"").decode(errors="replace"):
        found.append(f"CHANGELOG.md has no entry for {version}")
    found += _names(files)
    found += _asmdefs(files, manifest)
    found += _scripts(files)
    found += _metas(files)
    found += _samples(files, manifest)
    found += _plugins(files)
    return found


def problems_of(path: Path) -> list[str]:
    """What is wrong with a package: a folder, or the .tgz that npm and Unity know."""
    if path.is_dir():
        return problems(dict(_walk(path)), path.name)
    found, files = read_tgz(path)
    manifest = _json(files, "package.json") or {}
    wanted = f"{manifest.get('name')}-{manifest.get('version')}.tgz"
    if path.name != wanted:
        found.append(f"the archive must be called {wanted}")
    return found + problems(files, str(manifest.get("name")))


def read_tgz(path: Path) -> tuple[list[str], Files]:
    """What an archive holds that a package may not, and the package's files by their paths."""
    found, files = [], {}
    with tarfile.open(path, "r:gz") as archive:
        for entry in archive:
            if not entry.isfile() or not entry.name.startswith("package/") or ".." in entry.name:
                found.append(f"{entry.name} is not a plain file below package/")
                continue
            stream = archive.extractfile(entry)
            assert stream is not None
            files[entry.name.removeprefix("package/")] = stream.read()
    return found, files


def unpack(path: Path, folder: Path) -> Path:
    """Writes an archive's package into a folder and returns the folder."""
    for name, data in read_tgz(path)[1].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def _walk(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _json(files: Files, name: str) -> dict[str, Any] | None:
    try:
        document = json.loads(files.get(name, b""))
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _manifest(manifest: dict[str, Any], folder: str) -> Iterator[str]:
    name = str(manifest.get("name", ""))
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+){2,}", name) or len(name) > 50:
        yield f"name {name!r} is not a reverse domain in lower case of at most 50 letters"
    if folder != name:
        yield f"the folder {folder} must be called {name}"
    if not re.fullmatch(VERSION, str(manifest.get("version", ""))):
        yield f"version {manifest.get('version')!r} is not MAJOR.MINOR.PATCH"
    if not re.fullmatch(r"\d{4}\.\d", str(manifest.get("unity", ""))):
        yield f"unity {manifest.get('unity')!r} is not YEAR.MINOR"
    for key in ("displayName", "description"):
        if not isinstance(manifest.get(key), str) or not manifest[key].strip():
            yield f"package.json needs {key}"
    dependencies = manifest.get("dependencies", {})
    if not isinstance(dependencies, dict):
        yield "dependencies must be an object"
        return
    for other, version in dependencies.items():
        if not re.fullmatch(VERSION, str(version)):
            yield f"the dependency {other} needs one exact version, not {version!r}"


def _names(files: Files) -> Iterator[str]:
    lower = Counter(file.lower() for file in files)
    for file in sorted(files):
        if lower[file.lower()] > 1:
            yield f"{file} differs from another only in case"
        if len(file) > LONGEST_PATH:
            yield f"{file} is a path of more than {LONGEST_PATH} letters"
        if re.search(r'[<>:"|?*\\]|[. ](/|$)', file):
            yield f"{file} cannot be a name on Windows"
        if len(files[file]) > MOST_BYTES:
            yield f"{file} is larger than {MOST_BYTES / 1e6:.0f} MB"


def _asmdefs(files: Files, manifest: dict[str, Any]) -> Iterator[str]:
    documents = {}
    for file in sorted(files):
        if file.endswith(".asmdef"):
            document = _json(files, file)
            if document is None or not isinstance(document.get("name"), str):
                yield f"{file} is not an assembly definition"
                continue
            documents[file] = document
    names = Counter(document["name"] for document in documents.values())
    yield from (f"two assemblies are called {name}" for name, count in names.items() if count > 1)
    places = Counter(str(PurePosixPath(file).parent) for file in documents)
    yield from (f"{place} has two asmdefs" for place, count in places.items() if count > 1)
    for file, document in documents.items():
        yield from _asmdef(file, document, set(names), manifest.get("dependencies", {}))
    for file in files:
        owned = any(str(parent) in places for parent in PurePosixPath(file).parents)
        if file.endswith(".cs") and not owned:
            yield f"{file} is in no assembly: no asmdef lies above it"


def _asmdef(
    file: str, document: dict[str, Any], own: set[str], dependencies: dict[str, str]
) -> Iterator[str]:
    yield from (f"{file}: unknown {key}" for key in sorted(set(document) - ASMDEF_KEYS))
    for reference in document.get("references", []):
        package = PROVIDED.get(reference, "")
        if reference not in own and package == "":
            yield f"{file}: nobody has the assembly {reference}"
        elif package and package not in dependencies and package not in _awaited(document):
            yield f"{file}: {reference} is of {package}, which package.json does not depend on"
    parts = PurePosixPath(file).parts
    if parts[0] == "Editor" and document.get("includePlatforms") != ["Editor"]:
        yield f"{file}: includePlatforms must be Editor alone"
    if parts[0] == "Tests" and "UNITY_INCLUDE_TESTS" not in document.get("defineConstraints", []):
        yield f"{file}: tests need the constraint UNITY_INCLUDE_TESTS"
    if parts[0] == "Runtime" and document.get("includePlatforms") == ["Editor"]:
        yield f"{file}: an editor assembly belongs into Editor"


def _awaited(document: dict[str, Any]) -> set[str]:
    """Packages without which Unity does not compile the assembly."""
    constraints = document.get("defineConstraints", [])
    return {
        one["name"] for one in document.get("versionDefines", []) if one["define"] in constraints
    }


def _scripts(files: Files) -> Iterator[str]:
    """Unity finds a component or an asset's class by the name of its file."""
    names = {PurePosixPath(file).stem for file in files if file.endswith(".cs")}
    for file in sorted(files):
        if file.endswith(".cs"):
            text = files[file].decode(errors="replace")
            for name in re.findall(rf"\bclass (\w+)\s*:\s*(?:{FOUND_BY_NAME})\b", text):
                if name not in names:
                    yield f"{file} has the class {name}, which needs a file {name}.cs"


def _metas(files: Files) -> Iterator[str]:
    present = {file for file in files if file.endswith(".meta")}
    assets = set(files) - present
    inside = folders(assets)
    wanted = {f"{path}.meta" for path in assets | inside if wants_meta(path)}
    yield from (f"{file.removesuffix('.meta')} has no .meta" for file in sorted(wanted - present))
    yield from (f"{file} belongs to no asset" for file in sorted(present - wanted))
    seen: dict[str, str] = {}
    for file in sorted(present & wanted):
        text = files[file].decode(errors="replace")
        match = re.search(r"^guid: (\S+)$", text, flags=re.MULTILINE)
        path = file.removesuffix(".meta")
        if match is None or not text.startswith("fileFormatVersion: 2\n"):
            yield f"{file} has no GUID, or is of no known format"
            continue
        if match[1] in seen:
            yield f"{file} has the GUID of {seen[match[1]]}"
        seen[match[1]] = file
        if match[1] != guid(path):
            yield f"{file} has not the GUID of its path"
        if ("\nfolderAsset: yes\n" in text) != (path in inside):
            yield f"{file} does not say rightly whether {path} is a folder"


def _samples(files: Files, manifest: dict[str, Any]) -> Iterator[str]:
    listed = set()
    for sample in manifest.get("samples", []):
        path = str(sample.get("path", ""))
        listed.add(path)
        if not re.fullmatch(r"Samples~/[^/]+", path):
            yield f"the sample {path!r} must be a folder below Samples~"
        if not any(file.startswith(f"{path}/") for file in files):
            yield f"the sample {path} is listed, and is not there"
        if not sample.get("displayName") or not sample.get("description"):
            yield f"the sample {path} needs displayName and description"
    there = {"/".join(file.split("/")[:2]) for file in files if file.startswith("Samples~/")}
    for path in sorted(there - listed):
        if not path.endswith(".meta"):
            yield f"package.json does not list {path}"


def _plugins(files: Files) -> Iterator[str]:
    for file in sorted(files):
        if not file.endswith(LIBRARIES):
            continue
        folder = str(PurePosixPath(file).parent).removeprefix("Runtime/Plugins/")
        name = PurePosixPath(file).name
        if folder not in PLATFORMS:
            yield f"{file} lies in no platform's folder below Runtime/Plugins"
            continue
        if re.match(r"(lib)?onnxruntime", name):
            yield f"{file}: ONNX Runtime must bear a private name, others bring theirs"
        system, player, _ = PLATFORMS[folder]
        text = files.get(f"{file}.meta", b"").decode(errors="replace")
        enabled = re.findall(r"- first:\n +(.+)\n +second:\n +enabled: 1", text)
        if sorted(enabled) != ["Editor: Editor", f"Standalone: {player}"]:
            yield f"{file}.meta must enable the editor and {player} alone"
        if f"OS: {system}\n" not in text:
            yield f"{file}.meta must name the editor's system, {system}"
    for folder in PLATFORMS:
        prefix = f"Runtime/Plugins/{folder}/"
        names = {PurePosixPath(file).stem for file in files if file.startswith(prefix)}
        has = {name.removeprefix("lib") for name in names if not name.endswith((".so", ".dll"))}
        if has & {"talkface", "talkface_onnxruntime"} not in (
            set(), {"talkface", "talkface_onnxruntime"},
        ):  # fmt: skip
            yield f"{prefix} needs the talkface library and ONNX Runtime, both or none"
    if not any(file.endswith(LIBRARIES) for file in files):
        yield "Runtime/Plugins has no library"


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit("usage: validate.py PACKAGE.tgz (or its folder)")
    wrong = problems_of(Path(sys.argv[1]))
    for line in wrong:
        print(f"FAIL {line}")
    print(f"{len(wrong)} problems in {sys.argv[1]}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
