"""Every public type and member of the stubs names the documentation page that it was written from.

A file says where its pages are (``// Pages: https://...``). A type ends its line with a page; a
member has one at the end of its line or alone on the line above. Pages of the Scripting Reference
must be the member's own: ``Type-member.html`` for a property, ``Type.Member.html`` for a method,
``Type-ctor.html`` for a constructor. Members of an enum, and whatever a type only inherits, are on
the type's page. UniVRM, whose reference is its source, is named by the files of its repository.

    python pages.py [FOLDER]        prints what is missing; exit code 1 if something is
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

BASE = re.compile(r"^// Pages: (https://\S+/)$", re.MULTILINE)
SCRIPT_REFERENCE = "https://docs.unity3d.com/ScriptReference/"
PAGE = re.compile(r"[\w./-]+\.(?:html|md|cs)\b")
TYPE = re.compile(
    r"\b(class|struct|interface|enum|delegate)\b\s+(?:[\w.<>\[\]]+\s+(?=\w+[(<]))?(\w+)"
)
SIGNATURE = re.compile(r"[^{=;]*")
GENERIC = re.compile(r"<[^<>]*>")
LISTED_WITH_TYPE = {"GetHashCode", "Equals", "ToString", "GetEnumerator", "operator"}


def page_of(line: str, above: str) -> list[str]:
    """Pages named at the end of a line, or alone on the line above."""
    code, _, comment = line.partition("//")
    if not comment and above.strip().startswith("//"):
        comment = above.strip()[2:]
    return PAGE.findall(comment) if code.strip() else []


def member_names(line: str) -> list[str]:
    """Names that a member's line declares; ``operator`` for one of those."""
    head = SIGNATURE.match(line.strip())
    text = head.group(0).split("//")[0] if head else ""
    if " operator" in text:
        return ["operator"]
    text = text.split(" where ")[0]
    while GENERIC.search(text):
        text = GENERIC.sub("", text)
    if "(" in text:
        words = re.findall(r"\w+", text.split("(")[0])
        return words[-1:]
    return [re.findall(r"\w+", part)[-1] for part in text.split(",") if re.findall(r"\w+", part)]


def expected(type_page: str, type_name: str, name: str, named: str) -> set[str]:
    """Pages that count as a member's own."""
    stem = type_page.removesuffix(".html")
    if name == "operator":
        return {page for page in PAGE.findall(named) if page.startswith(f"{stem}-operator_")} | {
            type_page
        }
    if name == type_name:
        return {f"{stem}-ctor.html"}
    if name in LISTED_WITH_TYPE:
        return {f"{stem}.{name}.html", type_page}
    return {f"{stem}-{name}.html", f"{stem}.{name}.html"}


def declarations(text: str) -> Iterator[tuple[int, str, str, list[str], bool]]:
    """Line number, line, line above, enclosing types, and whether it is a type, of each public
    declaration (members of a public interface are public too)."""
    depth = 0
    types: list[tuple[str, int, bool]] = []
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        above = lines[number - 2] if number > 1 else ""
        kind = TYPE.search(code)
        inside_interface = bool(types) and types[-1][2] and depth == types[-1][1] + 1
        public = bool(re.match(r"\s*(public|protected)\b", code)) or (
            inside_interface and bool(re.match(r"\s*\w", code))
        )
        declares = kind is not None and "where" not in code[: kind.start()]
        if public and (not types or depth == types[-1][1] + 1):
            yield number, line, above, [name for name, _, _ in types], declares
        if declares and kind is not None and kind.group(1) not in ("enum", "delegate"):
            types.append((kind.group(2), depth, kind.group(1) == "interface"))
        depth += code.count("{") - code.count("}")
        while types and depth <= types[-1][1] and "}" in code:
            types.pop()


def missing(path: Path) -> list[str]:
    """What a file of stubs leaves without a page, as ``file:line: what``."""
    text = path.read_text(encoding="utf-8")
    base = BASE.search(text)
    if base is None:
        return [f"{path.name}:1: no line '// Pages: https://.../' says where its pages are"]
    found: list[str] = []
    pages_of_types: dict[str, str] = {}
    strict = base.group(1) == SCRIPT_REFERENCE
    for number, line, above, types, is_type in declarations(text):
        pages = page_of(line, above)
        where = f"{path.name}:{number}"
        kind = TYPE.search(line)
        if is_type and kind is not None:
            name = kind.group(2)
            if not pages:
                found.append(f"{where}: type {name} names no page")
            elif strict and not re.search(rf"(^|\.){name}(_\d)?\.html$", pages[0]):
                found.append(f"{where}: {pages[0]} is not the page of {name}")
            pages_of_types[name] = pages[0] if pages else ""
            continue
        if not pages:
            found.append(f"{where}: {' '.join(member_names(line))} names no page")
        elif strict and types:
            for name in member_names(line):
                own = expected(pages_of_types.get(types[-1], ""), types[-1], name, " ".join(pages))
                if not own & set(pages):
                    found.append(f"{where}: {name} should name {' or '.join(sorted(own))}")
    return found


def main(argv: list[str]) -> int:
    """Check a folder of stubs."""
    folder = Path(argv[1]) if len(argv) > 1 else Path(__file__).parent
    found = [line for path in sorted(folder.glob("*.cs")) for line in missing(path)]
    print("\n".join(found) or f"every stub of {folder.name} names its page")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
