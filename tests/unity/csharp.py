"""Mono's C# compiler, with all warnings as errors."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

LANGUAGE = "7.2"
"""The highest that Mono 6.8's compiler knows; Unity 2021.3 takes 9. Nothing of 7.3 is used."""


class CompileError(Exception):
    """The compiler refused; the text is what it said."""


def compile_cs(
    sources: Sequence[Path], out: Path, references: Sequence[Path] = (), *, define: str = ""
) -> Path:
    """Compiles sources into a .dll or .exe and returns its path; CompileError otherwise."""
    kind = "library" if out.suffix == ".dll" else "exe"
    command = [
        "mcs", f"-langversion:{LANGUAGE}", "-unsafe", "-warn:4", "-warnaserror", f"-target:{kind}",
        f"-out:{out}", *([f"-define:{define}"] if define else []),
        *(f"-r:{path}" for path in references), *map(str, sources),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CompileError(done.stdout + done.stderr)
    return out


def core_of(package: Path, out: Path) -> tuple[Path, Path]:
    """TalkFace.Native.dll and TalkFace.Core.dll of a package, in a folder."""
    layers = (sorted((package / "Runtime" / layer).glob("*.cs")) for layer in ("Native", "Core"))
    native = compile_cs(next(layers), out / "TalkFace.Native.dll")
    return native, compile_cs(next(layers), out / "TalkFace.Core.dll", [native])
