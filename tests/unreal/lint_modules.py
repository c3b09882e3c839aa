"""Build.cs files of the Unreal plugin against the includes of their modules, both ways."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

STUBS = Path(__file__).resolve().parent / "stubs"
INCLUDE = re.compile(r'#include\s+(["<])([^">]+)[">]')
LIST = re.compile(
    r"(Public|Private)DependencyModuleNames\.(?:AddRange\s*\(\s*new\s+string\[\]\s*\{([^}]*)\}"
    r'|Add\s*\(\s*("[^"]+"))'
)
EXTERNAL = "ModuleType.External"
ALWAYS = ("Core", "CoreUObject")
"""What the generated code of every module needs, whatever it includes."""
SDK_HEADERS = "talkface/"

Files = Mapping[str, str]


def engine_headers() -> dict[str, str]:
    """Module of every engine header that has a signature here, by the path that includes it."""
    return {
        path.relative_to(folder).as_posix(): folder.name
        for folder in sorted(STUBS.iterdir())
        if folder.is_dir()
        for path in folder.rglob("*.h")
    }


def dependencies(build: str) -> dict[str, set[str]]:
    """Public and private module names of a Build.cs."""
    found: dict[str, set[str]] = {"Public": set(), "Private": set()}
    for kind, many, one in LIST.findall(build):
        found[kind] |= set(re.findall(r'"([^"]+)"', many or one))
    return found


def own_headers(files: Files) -> dict[str, str]:
    """Module of every public header of the plugin, by the path that includes it."""
    return {
        name.split("/Public/", 1)[1]: name.split("/")[0]
        for name in files
        if "/Public/" in name and name.endswith(".h")
    }


def used_modules(module: str, files: Files, known: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """For public headers and for the rest: the modules that are included, each with one file."""
    used: dict[str, dict[str, str]] = {"Public": {}, "Private": {}}
    for name, text in files.items():
        if not name.startswith(f"{module}/") or not name.endswith((".h", ".cpp")):
            continue
        kind = "Public" if "/Public/" in name else "Private"
        for _, path in INCLUDE.findall(text):
            if path.startswith(SDK_HEADERS):
                used[kind].setdefault("TalkFaceSDK", name)
            elif known.get(path, module) != module:
                used[kind].setdefault(known[path], name)
    return used


def unknown_includes(module: str, files: Files, known: Mapping[str, str]) -> Iterator[str]:
    """Includes that nothing here declares: a wrong path, or an engine header without a stub."""
    private = {
        n.split("/Private/", 1)[1] for n in files if n.startswith(f"{module}/") and "/Private/" in n
    }
    for name, text in files.items():
        if not name.startswith(f"{module}/") or not name.endswith((".h", ".cpp")):
            continue
        for mark, path in INCLUDE.findall(text):
            made = path.endswith(".generated.h") or path.startswith(SDK_HEADERS)
            if mark == '"' and not made and path not in known and path not in private:
                yield f"{name}: no module has {path}"


def given(module: str, builds: Mapping[str, str]) -> set[str]:
    """Modules that come with a dependency on another module of the plugin, in public."""
    found: set[str] = set()
    for other in dependencies(builds.get(module, ""))["Public"]:
        found |= {other} | given(other, builds)
    return found


def module_problems(
    module: str, builds: Mapping[str, str], files: Files, known: Mapping[str, str]
) -> Iterator[str]:
    """Includes without a dependency, dependencies without an include, wrong lists."""
    listed = dependencies(builds[module])
    used = used_modules(module, files, known)
    where = f"{module}/{module}.Build.cs"
    for name in sorted(listed["Public"] & listed["Private"]):
        yield f"{where}: {name} is both public and private"
    # The SDK's header comes with TalkFaceCore, an external module that makes it public.
    brought = {"TalkFaceSDK"} if any("TalkFaceSDK" in given(m, builds) for m in builds) else set()
    for kind in ("Public", "Private"):
        for name, file in sorted(used[kind].items()):
            allowed = listed["Public"] if kind == "Public" else listed["Public"] | listed["Private"]
            if name not in allowed | brought:
                yield f"{where}: {name} must be a {kind.lower()} dependency: {file} includes it"
    for name in sorted(listed["Public"] - set(used["Public"]) - set(ALWAYS)):
        place = "a private one" if name in used["Private"] else "left out"
        yield f"{where}: no public header includes {name}; it must be {place}"
    for name in sorted(listed["Private"] - set(used["Private"]) - set(ALWAYS)):
        yield f"{where}: nothing includes {name}; it must be left out"
    for name in ALWAYS:
        if name not in listed["Public"] | listed["Private"]:
            yield f"{where}: {name} is missing: generated code needs it"
    for line in ("bEnableExceptions = false;", "bUseRTTI = false;"):
        if line not in builds[module]:
            yield f"{where}: {line} is missing"


def problems(files: Files) -> list[str]:
    """What is wrong between build files and includes."""
    builds = {n.split("/")[-2]: t for n, t in files.items() if n.endswith(".Build.cs")}
    known = engine_headers() | own_headers(files)
    found: list[str] = []
    for module, build in sorted(builds.items()):
        if EXTERNAL in build:
            continue
        found += unknown_includes(module, files, known)
        found += module_problems(module, builds, files, known)
    folders = {n.split("/")[0] for n in files if n.endswith((".h", ".cpp"))}
    found += [f"{folder}: a module without a Build.cs" for folder in sorted(folders - set(builds))]
    return found
