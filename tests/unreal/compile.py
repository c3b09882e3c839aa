"""Compiles every source of the Unreal plugin, syntax and types, against tests/unreal/stubs.

`python tests/unreal/compile.py` prints what fails and which share of the sources was seen by a
compiler without a complaint; less than all of them is a failure. What Unreal's header tool would
generate is made here on the fly, from the same lines that it reads.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "unreal_plugin/TalkFace/Source"
STUBS = ROOT / "tests/unreal/stubs"
SDK = ROOT / "cpp/include"
COMPILERS = ("g++", "clang++")

FLAGS = (
    *("-std=c++20", "-fsyntax-only", "-fno-exceptions", "-fno-rtti"),
    *("-Wall", "-Wextra", "-Wshadow", "-Werror"),
)
# What a module's code is compiled as: the editor on Linux, and for runtime modules also a packaged
# game on Windows.
EDITOR = ("WITH_EDITOR=1", "WITH_EDITORONLY_DATA=1", "PLATFORM_LINUX=1")
GAME = ("WITH_EDITOR=0", "WITH_EDITORONLY_DATA=0", "PLATFORM_WINDOWS=1", "TALKFACE_STATIC=1")
OLDEST, NEWEST = 4, 8
"""Of Unreal Engine 5."""
EDITOR_MODULES = ("TalkFaceEditor", "TalkFaceUncooked")

BODY = re.compile(r"^\s*GENERATED_BODY\(\)", re.MULTILINE)
TYPE = re.compile(
    r"\b(UCLASS|USTRUCT)\s*\([^{}]*\)\s*"
    r"(?:class|struct)\s+(?:\w+_API\s+)?(\w+)\s*(?::\s*public\s+(\w+)[^{]*)?\{"
)
GENERATED = re.compile(r'#include "(\w+)\.generated\.h"')


@dataclass
class Result:
    """One run of a compiler; seen: the plugin's files that it read."""

    path: Path
    compiler: str
    ok: bool
    output: str
    seen: set[Path]


def sources(source: Path = SOURCE) -> list[Path]:
    """All C++ of the plugin, without what `make unreal-package` puts under ThirdParty."""
    found = [p for e in ("h", "cpp", "inl") for p in source.rglob(f"*.{e}")]
    return sorted(p for p in found if "ThirdParty" not in p.parts)


def generated_text(header: Path) -> str:
    """What the header tool gives for a header: one macro for each GENERATED_BODY, by its line."""
    text = header.read_text(encoding="utf-8")
    file_id = f"FID_{header.stem}"
    lines = [
        "#undef CURRENT_FILE_ID",
        f"#define CURRENT_FILE_ID {file_id}",
        '#include "UObject/ObjectMacros.h"',
        '#include "UObject/ObjectPtr.h"',
    ]
    for body in BODY.finditer(text):
        types = list(TYPE.finditer(text, 0, body.start()))
        if not types:
            raise ValueError(f"{header}: GENERATED_BODY without a UCLASS or USTRUCT before it")
        kind, name, parent = types[-1].groups()
        line = text.count("\n", 0, body.end()) + 1
        parts = [f"public: using ThisClass = {name};"]
        if parent:
            parts.append(f"using Super = {parent};")
        if kind == "UCLASS":
            parts.append("static UClass* StaticClass(); private:")
        else:
            parts.append("static class UScriptStruct* StaticStruct();")
        lines.append(f"#define {file_id}_{line}_GENERATED_BODY {' '.join(parts)}")
    return "\n".join(lines) + "\n"


def write_generated(folder: Path, headers: Iterable[Path]) -> None:
    """The .generated.h of every header that includes one."""
    for header in headers:
        if header.suffix != ".h":
            continue
        match = GENERATED.search(header.read_text(encoding="utf-8"))
        if match:
            (folder / f"{match.group(1)}.generated.h").write_text(
                generated_text(header), encoding="utf-8"
            )


def module_of(path: Path, source: Path = SOURCE) -> str:
    """Folder of the module that a file lies in."""
    return path.relative_to(source).parts[0]


def arguments(generated: Path, module: str, source: Path = SOURCE) -> list[str]:
    """Include paths and module macros of a file of a module."""
    modules = sorted(p.name for p in source.iterdir() if (p / "Public").is_dir())
    found = [f"-I{source / m / 'Public'}" for m in modules]
    found += [f"-I{source / module / 'Private'}", f"-I{generated}", f"-isystem{SDK}"]
    found += [f"-I{p}" for p in sorted(STUBS.iterdir()) if p.is_dir()]
    return found + [f"-D{m.upper()}_API=" for m in modules]


def compile_file(
    path: Path, compiler: str, extra: Iterable[str], source: Path = SOURCE, language: str = "c++"
) -> Result:
    """Syntax and types of one file."""
    with tempfile.NamedTemporaryFile(suffix=".d") as depends:
        command = [compiler, *FLAGS, *extra, "-MD", "-MF", depends.name, "-x", language, str(path)]
        if compiler == "clang++":
            command[1:1] = ["-Wno-pragma-once-outside-header"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        listed = Path(depends.name).read_text(encoding="utf-8").replace("\\\n", " ").split()
    seen = {Path(name).resolve() for name in listed if source.name in name}
    return Result(path, compiler, done.returncode == 0, done.stdout + done.stderr, seen)


def wrapped(header: Path, folder: Path) -> Path:
    """A source that includes one header alone, so that the header must stand by itself."""
    parts = header.parts
    name = "/".join(parts[parts.index("Public" if "Public" in parts else "Private") + 1 :])
    path = folder / (name.replace("/", "_") + ".cpp")
    path.write_text(f'#include "{name}"\n', encoding="utf-8")
    return path


def own_source(header: Path, files: list[Path]) -> bool:
    """Whether the header's own source includes it first, and so shows that it stands alone."""
    for path in files:
        if path.suffix == ".cpp" and path.stem == header.stem:
            first = re.search(r'#include "([^"]+)"', path.read_text(encoding="utf-8"))
            return first is not None and first.group(1) == header.name
    return False


def unity(module: str, files: list[Path], folder: Path) -> Path:
    """All sources of a module as one, as Unreal builds them."""
    path = folder / f"Module.{module}.cpp"
    lines = [f'#include "{p}"\n' for p in files if p.suffix == ".cpp"]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def concrete(module: str, files: list[Path], folder: Path) -> Path:
    """A source that makes sure that the engine can make an object of every UCLASS."""
    lines = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        classes = [m.group(2) for m in TYPE.finditer(text) if m.group(1) == "UCLASS"]
        if path.suffix == ".h" and classes:
            lines.append(f'#include "{path}"\n')
            lines += [f"static_assert(!std::is_abstract_v<{name}>);\n" for name in classes]
    path = folder / f"Concrete.{module}.cpp"
    path.write_text("".join(["#include <type_traits>\n", *lines]), encoding="utf-8")
    return path


def units(
    source: Path, folder: Path, generated: Path, unified: bool
) -> Iterator[tuple[Path, list[str]]]:
    """What to compile, with its arguments: files one by one, or modules as Unreal builds them."""
    files = sources(source)
    for module in sorted({module_of(p, source) for p in files}):
        own = [p for p in files if module_of(p, source) == module]
        version = NEWEST if unified else OLDEST
        common = [*arguments(generated, module, source), f"-DENGINE_MINOR_VERSION={version}"]
        yield concrete(module, own, folder), [*common, *(f"-D{define}" for define in EDITOR)]
        kinds = [EDITOR] if module in EDITOR_MODULES or not unified else [EDITOR, GAME]
        for kind in kinds:
            extra = [*common, *(f"-D{define}" for define in kind)]
            alone = [p for p in own if p.suffix == ".h" and not own_source(p, own)]
            for path in [wrapped(p, folder) for p in alone] if kind is EDITOR else []:
                yield path, extra
            if unified:
                yield unity(module, own, folder), extra
                continue
            for path in own:
                if path.suffix == ".cpp":
                    yield path, extra


def compile_all(source: Path = SOURCE, compilers: Iterable[str] = COMPILERS) -> list[Result]:
    """Every source by every compiler: one by one by the first, as whole modules by the others."""
    results = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        generated = folder / "generated"
        generated.mkdir()
        write_generated(generated, sources(source))
        for index, compiler in enumerate(compilers):
            for path, extra in units(source, folder, generated, unified=index > 0):
                results.append(compile_file(path, compiler, extra, source))
    return results


def coverage(results: list[Result], source: Path = SOURCE) -> tuple[set[Path], set[Path]]:
    """Files that every compiler saw without a complaint, and all files."""
    seen: dict[str, set[Path]] = {r.compiler: set() for r in results}
    for result in results:
        if result.ok:
            seen[result.compiler] |= result.seen
    files = {p.resolve() for p in sources(source)}
    return files.intersection(*seen.values()) if seen else set(), files


def main() -> int:
    """0 when every source was compiled by every compiler that is installed."""
    compilers = [c for c in COMPILERS if shutil.which(c)]
    if not compilers:
        print("no compiler: install g++ or clang")
        return 1
    results = compile_all(SOURCE, compilers)
    failed = [r for r in results if not r.ok]
    for result in failed:
        print(f"{result.compiler} {result.path}\n{result.output}")
    seen, files = coverage(results)
    for path in sorted(files - seen):
        print(f"not compiled: {path.relative_to(SOURCE)}")
    print(
        f"{len(seen)} of {len(files)} sources compiled"
        f" ({100 * len(seen) / len(files):.0f} %), {len(results)} runs of {', '.join(compilers)}"
    )
    return 1 if failed or seen != files else 0


if __name__ == "__main__":
    sys.exit(main())
