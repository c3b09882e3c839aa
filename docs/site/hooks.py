"""Hooks of the site: pages link to files outside of docs/. It holds the programs of examples/;
other links keep their words alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PROGRAMS = (".c", ".cpp", ".py")
SOURCES = re.compile(r"\[([^\]]+)\]\(\.\./(?:cpp|tests|\.github)/[^)]*\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the programs into the site."""
    for path in sorted(EXAMPLES.iterdir()):
        if path.suffix in PROGRAMS:
            files.append(File.generated(config, f"examples/{path.name}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Let links lead to them, and none lead out."""
    return SOURCES.sub(r"\1", markdown.replace("](../examples/", "](examples/"))
