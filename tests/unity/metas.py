""".meta files: Unity's import settings and the GUID by which scenes name an asset.

A GUID is made of the asset's path in the package, so that every build of the package has the same.
Renaming a released file changes its GUID and breaks scenes that use it: keep names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

PACKAGE = "com.talkface.unity"
TAIL = "  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
PLATFORMS = {
    "Linux/x86_64": ("Linux", "Linux64", "x86_64"),
    "Windows/x86_64": ("Windows", "Win64", "x86_64"),
}
"""Folder below Runtime/Plugins: the editor's system, the standalone player, the processor."""

PLAYERS = ("Linux64", "OSXUniversal", "Win", "Win64")
IMPORTERS = {
    ".asmdef": "AssemblyDefinitionImporter",
    ".json": "TextScriptImporter",
    ".md": "TextScriptImporter",
    ".txt": "TextScriptImporter",
}
LIBRARIES = (".so", ".dll", ".dylib")


def guid(path: str) -> str:
    """The GUID of a path in the package: 32 hex digits."""
    return hashlib.sha256(f"{PACKAGE}/{path}".encode()).hexdigest()[:32]


def is_hidden(part: str) -> bool:
    """A name that Unity does not import."""
    return part.startswith(".") or part.endswith("~") or part == "cvs" or part.endswith(".tmp")


def wants_meta(path: str) -> bool:
    """Assets and folders that Unity imports; those inside Samples~ are copied into a project."""
    parts = PurePosixPath(path).parts
    seen = parts[1:] if parts[0] == "Samples~" and len(parts) > 1 else parts
    return not any(is_hidden(part) for part in seen) and not path.endswith(".meta")


def folders(files: Iterable[str]) -> set[str]:
    """Every folder of the files."""
    parents = (PurePosixPath(file).parents for file in files)
    return {str(folder) for found in parents for folder in found} - {"."}


def metas(files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Path and text of every .meta that the files need; ``files`` are paths in the package."""
    given = sorted(files)
    for folder in sorted(folders(given)):
        if wants_meta(folder):
            text = f"folderAsset: yes\nDefaultImporter:\n  externalObjects: {{}}\n{TAIL}"
            yield f"{folder}.meta", _head(folder) + text
    for file in given:
        if wants_meta(file):
            yield f"{file}.meta", _head(file) + _importer(file)


def _head(path: str) -> str:
    return f"fileFormatVersion: 2\nguid: {guid(path)}\n"


def _importer(file: str) -> str:
    suffix = PurePosixPath(file).suffix
    if suffix in LIBRARIES:
        return _plugin(file)
    if suffix == ".cs":
        return (
            "MonoImporter:\n  externalObjects: {}\n  serializedVersion: 2\n"
            "  defaultReferences: []\n  executionOrder: 0\n  icon: {instanceID: 0}\n" + TAIL
        )
    name = "PackageManifestImporter" if file == "package.json" else IMPORTERS.get(suffix)
    return f"{name or 'DefaultImporter'}:\n  externalObjects: {{}}\n{TAIL}"


def _plugin(file: str) -> str:
    folder = str(PurePosixPath(file).parent).removeprefix("Runtime/Plugins/")
    if folder not in PLATFORMS:
        raise ValueError(f"{file}: no platform for {folder}; there are {', '.join(PLATFORMS)}")
    system, player, processor = PLATFORMS[folder]
    excluded = "".join(f"        Exclude {name}: {int(name != player)}\n" for name in PLAYERS)
    others = "".join(
        _platform(f"Standalone: {name}", False, "CPU: None") for name in PLAYERS if name != player
    )
    return (
        "PluginImporter:\n  externalObjects: {}\n  serializedVersion: 2\n  iconMap: {}\n"
        "  executionOrder: {}\n  defineConstraints: []\n  isPreloaded: 0\n  isOverridable: 0\n"
        "  isExplicitlyReferenced: 0\n  validateReferences: 1\n  platformData:\n"
        "  - first:\n      : Any\n    second:\n      enabled: 0\n      settings:\n"
        f"        Exclude Editor: 0\n{excluded}"
        "  - first:\n      Any: \n    second:\n      enabled: 0\n      settings: {}\n"
        + _platform(
            "Editor: Editor",
            True,
            f"CPU: {processor}",
            "DefaultValueInitialized: true",
            f"OS: {system}",
        )
        + _platform(f"Standalone: {player}", True, f"CPU: {processor}")
        + others
        + TAIL
    )


def _platform(name: str, enabled: bool, *settings: str) -> str:
    lines = "".join(f"        {setting}\n" for setting in settings)
    return (
        f"  - first:\n      {name}\n    second:\n      enabled: {int(enabled)}\n"
        f"      settings:\n{lines}"
    )
