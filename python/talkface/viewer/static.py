"""The page as a folder: opens from a file system or any host, without a server behind it."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from typing import Any

from talkface import sinks
from talkface.viewer.server import FILES, PAGE
from talkface.viewer.session import Session, document

SCRIPT = '<script src="viewer.js" defer></script>'
EXPORTS = ("livelink-csv", "json")


def build(session: Session, folder: Path) -> Path:
    """Write the session's recording as the page shows it at first; returns its ``index.html``.

    A page of ``file://`` may read no other file but scripts, styles and media, so the head and the
    clip travel inside ``data.js``; ``head.glb`` and the clip's files lie beside it to be taken on.

    Raises ValueError without a recording, FileExistsError when the folder holds something.
    """
    if session.recording is None:
        raise ValueError("there is no recording to write")
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    recording = session.recording
    run = session.animate({**document(session.request), "recording": recording.id})
    downloads = _downloads(session, run["id"], folder)
    shutil.copyfile(recording.wav, folder / "audio.wav")
    shutil.copyfile(session.head, folder / "head.glb")
    for name, _ in FILES.values():
        shutil.copyfile(PAGE / name, folder / name)
    page = (PAGE / "index.html").read_text("utf-8")
    carried = page.replace(SCRIPT, f'<script src="data.js" defer></script>\n{SCRIPT}')
    (folder / "index.html").write_text(carried, "utf-8")
    data: dict[str, Any] = {
        "session": session.describe(),
        "run": run,
        "head": base64.b64encode(session.head.read_bytes()).decode("ascii"),
        "audio": "audio.wav",
        "downloads": downloads,
    }
    text = json.dumps(data, separators=(",", ":"))
    (folder / "data.js").write_text(f"globalThis.TALKFACE_DATA = {text};\n", "utf-8")
    return folder / "index.html"


def _downloads(session: Session, run: str, folder: Path) -> list[dict[str, str]]:
    made = []
    for entry in sinks.FORMATS:
        if entry.name not in EXPORTS:
            continue
        _, data = session.export(run, entry.name, None)
        path = folder / f"clip{entry.suffix}"
        path.write_bytes(data)
        made.append({"file": path.name, "doc": entry.doc})
    return [
        *made,
        {"file": "audio.wav", "doc": "the sound"},
        {"file": "head.glb", "doc": "the head"},
    ]
