"""Rules of Unreal's header tool and of its coding standard, over the plugin's sources.

`python tests/unreal/lint.py` prints what is wrong. Build files against includes: lint_modules.py.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import lint_modules

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "unreal_plugin/TalkFace/Source"
MOST_LINES = 400

Files = Mapping[str, str]
"""Text of files by path from Source, without what is external."""

COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|("(?:\\.|[^"\\\n])*")', re.DOTALL)
REFLECTED = re.compile(r"^\s*(UCLASS|USTRUCT|UENUM)\s*\(", re.MULTILINE)
TYPE = re.compile(
    r"(?:(?P<kind>UCLASS|USTRUCT)\s*\([^{};]*\)\s*)?"
    r"(?<!enum )\b(?P<key>class|struct)\s+(?:(?P<api>\w+_API)\s+)?(?P<name>\w+)\s*"
    r"(?P<final>final\s*)?(?::(?!:)\s*(?P<bases>[^{};]+))?\{"
)
ENUM = re.compile(
    r"UENUM\s*\((?P<specifiers>[^{}]*?)\)\s*enum\s+class\s+(?P<name>\w+)(?P<base>[^{]*)\{"
)
MARKED = re.compile(
    r"\b(?P<mark>UPROPERTY|UFUNCTION)\s*\((?P<specifiers>(?:[^()]|\([^()]*\))*)\)\s*"
    r"(?P<declaration>[^;{]*)"
)
FORBIDDEN = re.compile(r"\b(throw|try|catch|dynamic_cast|typeid|std::exception)\b")
OBJECT_POINTER = re.compile(r"^(?:const\s+)?(?:class\s+)?[UA][A-Z]\w+\s*\*\s*\w+\s*(?:=[^;]*)?$")
OBJECT_HOLDER = re.compile(r"\bTObjectPtr\s*<")
SEEN_BY_EDITOR = re.compile(r"\b(Edit|Visible)\w*|\bBlueprint(ReadWrite|ReadOnly|Callable|Pure)\b")
IN_BLUEPRINT = re.compile(r"\bBlueprint(ReadWrite|ReadOnly|Callable|Pure)\b")
NOT_IN_BLUEPRINT = re.compile(r"\b(uint16|uint32|uint64|int8|int16)\b")
DYNAMIC = re.compile(r"(?:Add|Remove|AddUnique)Dynamic\(\s*this\s*,\s*&(\w+)::(\w+)\s*\)")
PROPERTY_MARK = re.compile(r"^UPROPERTY\s*\((?:[^()]|\([^()]*\))*\)\s*")
FREE_FUNCTION = re.compile(
    r"^(?P<lead>[A-Za-z_][\w:<>,&* ]*[ *&])(?P<function>\w+)\([^;{}]*\);", re.MULTILINE
)
FUNCTION_END = re.compile(r"\)(?: const)?(?: override)?$")
PREFIXES = {"UCLASS": "UA", "USTRUCT": "F"}


def read(source: Path = SOURCE) -> dict[str, str]:
    """The sources and build files of the plugin's own modules."""
    return {
        path.relative_to(source).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(source.rglob("*"))
        if path.is_file()
        and path.name.endswith((".h", ".cpp", ".Build.cs"))
        and "include" not in path.parts
    }


def bare(text: str) -> str:
    """The text without comments, its line numbers kept; strings stay."""

    def blank(match: re.Match[str]) -> str:
        return match.group(1) or "\n" * match.group(0).count("\n") or " "

    return COMMENT.sub(blank, text)


def engine_sources(files: Files) -> Iterator[tuple[str, str]]:
    """Sources of modules with engine types: all but TalkFaceCore."""
    for name, text in files.items():
        if name.endswith((".h", ".cpp")) and not name.startswith("TalkFaceCore/"):
            yield name, bare(text)


def block(text: str, start: int) -> str:
    """What stands between the brace that ends at start and its partner."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return text[start:at]
    return text[start:]


def statements(body: str) -> list[str]:
    """Declarations at the top of a class body; bodies of functions and nested types are {}."""
    kept, depth = [], 0
    for letter in body:
        if letter == "}":
            depth -= 1
            if depth == 0:
                kept.append("{};")
        if depth == 0 and letter not in "{}":
            kept.append(letter)
        if letter == "{":
            depth += 1
    text = re.sub(r"\b(public|protected|private):", "", "".join(kept))
    text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\bGENERATED_BODY\s*\(\s*\)", "", text)
    return [re.sub(r"\s+", " ", part).strip() for part in text.split(";")]


def generated_problems(name: str, text: str) -> Iterator[str]:
    """The generated header is there when it is needed, and the last include."""
    includes = re.findall(r'#include\s+["<]([^">]+)[">]', text)
    wanted = f"{Path(name).stem}.generated.h"
    made = [i for i in includes if i.endswith(".generated.h")]
    if name.endswith(".cpp"):
        if made or REFLECTED.search(text):
            yield f"{name}: UCLASS, USTRUCT, UENUM and their generated.h belong into a header"
        return
    if not text.lstrip().startswith("#pragma once"):
        yield f"{name}: a header starts with #pragma once"
    if REFLECTED.search(text) and made != [wanted]:
        yield f"{name}: it must include {wanted}, and no other generated.h"
    elif made and not REFLECTED.search(text):
        yield f"{name}: it includes {made[0]}, but has nothing that the header tool reads"
    elif made and includes[-1] != wanted:
        yield f"{name}: {wanted} must be the last include"


def type_problems(name: str, text: str) -> Iterator[str]:
    """Prefixes, GENERATED_BODY, export macros and members of all types of a header."""
    macro = f"{name.split('/', 1)[0].upper()}_API"
    for match in TYPE.finditer(text):
        kind, api, title = match["kind"], match["api"], match["name"]
        body = block(text, match.end())
        if kind and title[0] not in PREFIXES[kind]:
            yield f"{name}: a {kind} starts with {' or '.join(PREFIXES[kind])}, not as {title}"
        elif title[0] not in "UAFIST" or not title[1:2].isupper():
            yield f"{name}: {title} needs one of the engine's prefixes U A F I S T"
        if kind and not re.match(r"\s*GENERATED_BODY\(\)", body):
            yield f"{name}: GENERATED_BODY() must come first in {title}"
        if api and api != macro:
            yield f"{name}: {title} is exported by {api}; this module has {macro}"
        parts = statements(body)
        outside = any(FUNCTION_END.search(p) and "=" not in p.split("(")[0] for p in parts)
        if "/Public/" in name and outside and not api:
            yield f"{name}: {title} has functions of a source file and needs {macro}"
        if not kind and re.match(r"\s*GENERATED_BODY\(\)", body):
            yield f"{name}: {title} has GENERATED_BODY() without UCLASS or USTRUCT"
        yield from member_problems(name, title, bool(kind), parts)
        yield from shadow_problems(name, title, parts)


def member_problems(name: str, title: str, reflected: bool, parts: list[str]) -> Iterator[str]:
    """Objects must be held in a way that the garbage collector sees, or weakly."""
    for part in parts:
        marked = part.startswith("UPROPERTY")
        member = PROPERTY_MARK.sub("", part)
        if OBJECT_POINTER.match(member):
            yield f"{name}: {title}: hold the object by TObjectPtr or TWeakObjectPtr: {member}"
        holder = OBJECT_HOLDER.search(member)
        if holder and "(" not in member[: holder.start()] and not member.endswith(")"):
            if not reflected:
                yield f"{name}: {title}: TObjectPtr in a type without UPROPERTY: {member}"
            elif not marked:
                yield f"{name}: {title}: UPROPERTY is missing: {member}"


def shadow_problems(name: str, title: str, parts: list[str]) -> Iterator[str]:
    """The header tool lets no parameter of a UFUNCTION have the name of a UPROPERTY."""
    properties = {
        match[1]
        for part in parts
        if part.startswith("UPROPERTY")
        and (match := re.search(r"(\w+)(?:\s*=.*)?$", PROPERTY_MARK.sub("", part)))
    }
    for part in parts:
        function = re.match(r"UFUNCTION\s*\((?:[^()]|\([^()]*\))*\)[^(]*\b(\w+)\((.*)\)", part)
        for parameter in function[2].split(",") if function else ():
            words = re.findall(r"\w+", parameter.split("=")[0])
            if words and words[-1] in properties:
                yield f"{name}: {title}: a parameter is named as UPROPERTY {words[-1]}: {part}"


def mark_problems(name: str, text: str) -> Iterator[str]:
    """What UPROPERTY and UFUNCTION can carry."""
    for match in MARKED.finditer(text):
        specifiers, declaration = match["specifiers"], " ".join(match["declaration"].split())
        where = f"{name}: {match['mark']} {declaration}"
        if re.search(r"\bstd::|\bTSharedPtr\b|\bTUniquePtr\b|\bTalkFaceCore::", declaration):
            yield f"{where}: the header tool knows none of std, TSharedPtr, TUniquePtr, our core"
        if SEEN_BY_EDITOR.search(specifiers) and "Category" not in specifiers:
            yield f"{where}: what editor or Blueprints show needs a Category"
        if IN_BLUEPRINT.search(specifiers) and NOT_IN_BLUEPRINT.search(declaration):
            yield f"{where}: Blueprints have uint8, int32, int64, float and double alone"
    for match in ENUM.finditer(text):
        if "BlueprintType" in match["specifiers"] and ": uint8" not in match["base"]:
            yield f"{name}: {match['name']} must be : uint8 to be a BlueprintType"
        if not match["name"].startswith("E"):
            yield f"{name}: a UENUM starts with E, not as {match['name']}"


def text_problems(name: str, text: str, raw: str) -> Iterator[str]:
    """Words, lengths, own header first, text namespaces."""
    for match in FORBIDDEN.finditer(text):
        yield f"{name}: {match[1]}: modules are built without exceptions and run-time types"
    if raw.count("\n") > MOST_LINES:
        yield f"{name}: more than {MOST_LINES} lines"
    first = re.search(r'#include\s+["<]([^">]+)', text)
    stem = Path(name).stem
    if name.endswith(".cpp") and f'"{stem}.h"' in text and first and first[1] != f"{stem}.h":
        yield f"{name}: its own header must be the first include"
    opened = len(re.findall(r"#define LOCTEXT_NAMESPACE\b", text))
    if opened != len(re.findall(r"#undef LOCTEXT_NAMESPACE\b", text)):
        yield f"{name}: LOCTEXT_NAMESPACE must be undefined again"
    elif not opened and "LOCTEXT(" in text.replace("NSLOCTEXT(", ""):
        yield f"{name}: LOCTEXT without LOCTEXT_NAMESPACE"


def function_problems(name: str, text: str) -> Iterator[str]:
    """Free functions of public headers are exported; they are those without indentation."""
    macro = f"{name.split('/', 1)[0].upper()}_API"
    for match in FREE_FUNCTION.finditer(text):
        words = match["lead"].split()
        if not {"inline", "static", "template", macro, "return"} & set(words):
            yield f"{name}: {match['function']} needs {macro}, or inline"


def undo_problems(name: str, text: str) -> Iterator[str]:
    """In the editor Modify records nothing, and nothing can be undone, outside a transaction."""
    for match in re.finditer(r"(?:\.|->)Modify\(", text):
        function = text[text.rfind("\n{", 0, match.start()) : match.start()]
        if "FScopedTransaction" not in function:
            line = text.count("\n", 0, match.start()) + 1
            yield f"{name}:{line}: Modify() needs an FScopedTransaction before it to be undone"


def dynamic_problems(files: Files) -> Iterator[str]:
    """What is bound to a dynamic delegate is a UFUNCTION."""
    headers = "\n".join(t for n, t in engine_sources(files) if n.endswith(".h"))
    for name, text in engine_sources(files):
        for owner, function in DYNAMIC.findall(text):
            if not re.search(rf"UFUNCTION\([^;]*?\)\s*[\w\s]*\b{function}\(", headers):
                yield f"{name}: {owner}::{function} is bound dynamically and must be a UFUNCTION"


def problems(files: Files) -> list[str]:
    """Everything that is wrong; empty when nothing is."""
    found: list[str] = []
    builds = [name for name in files if name.endswith(".Build.cs")]
    editors = {name.split("/", 1)[0] for name in builds if '"UnrealEd"' in files[name]}
    for name, text in engine_sources(files):
        found += generated_problems(name, text)
        found += text_problems(name, text, files[name])
        if name.split("/", 1)[0] in editors:
            found += undo_problems(name, text)
        if name.endswith(".h"):
            found += type_problems(name, text)
            found += mark_problems(name, text)
            if "/Public/" in name:
                found += function_problems(name, text)
    found += dynamic_problems(files)
    found += lint_modules.problems({n: bare(t) for n, t in files.items()})
    return list(dict.fromkeys(found))


def main() -> int:
    """0 when nothing is wrong."""
    files = read()
    found = problems(files)
    for line in found:
        print(line)
    print(f"{len(files)} files, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
