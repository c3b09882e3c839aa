"""What stands behind the page: recordings, faces and runs."""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from talkface import shipped, sinks
from talkface.audio import Audio, load
from talkface.clip import Clip
from talkface.emotion import as_mix, is_auto, is_timed
from talkface.face import TalkFace
from talkface.knobs import table
from talkface.rig import CHANNELS, EMOTIONS
from talkface.viewer.document import clip_document, peaks
from talkface.viewer.request import Request, parse

FACES, RECORDINGS, RUNS = 8, 4, 256
_WEBSOCKET = re.compile(r"wss?://[\w.:\[\]-]+(/[\w./-]*)?")
HEAD = Path(__file__).with_name("head.glb")


def _is_websocket(url: str) -> bool:
    try:
        return _WEBSOCKET.fullmatch(url) is not None and urlsplit(url).port != 0
    except ValueError:  # a port beyond 65535
        return False


class Superseded(Exception):
    """A newer request of the same page came in the meantime."""


@dataclass(frozen=True)
class Recording:
    """A sound that the page shows. ``wav``: 16-bit PCM on disk, for the browser; ``script``: phones
    as ``animate`` takes them, or None."""

    id: str
    name: str
    audio: Audio
    wav: Path
    script: Any = None

    def describe(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "seconds": self.audio.seconds,
            "script": self.script is not None,
            "peaks": peaks(self.audio),
        }


class Session:
    """Everything that one ``talkface view`` keeps; safe to call from several threads. A context:
    its end removes the sounds that were written for the browser.

    ``bundle``, ``provider``, ``threads``: as of :class:`talkface.TalkFace`. ``request``: what the
    page begins with. ``head``: a GLB whose morph targets are named as ARKit's channels, in any
    spelling; None for our own head. ``live``: address of a WebSocket of ``talkface live``, whose
    poses are shown instead of a recording.

    Raises FileNotFoundError for a missing bundle or head, ValueError for a head that is no GLB
    and an address that is no WebSocket's, or a request that cannot be.
    """

    def __init__(
        self,
        bundle: str | os.PathLike[str] | None = None,
        request: Request | None = None,
        *,
        provider: str = "cpu",
        threads: int = 1,
        head: str | os.PathLike[str] | None = None,
        live: str | None = None,
    ) -> None:
        self._provider, self._threads = provider, threads
        self._lock = threading.Lock()
        self._faces: OrderedDict[str, TalkFace] = OrderedDict()
        self._recordings: OrderedDict[str, Recording] = OrderedDict()
        self._runs: OrderedDict[str, tuple[str, Request]] = OrderedDict()
        self._newest: dict[str, int] = {}
        self._count = 0
        self.recording: Recording | None = None
        if live is not None and not _is_websocket(live):
            raise ValueError(f"not the address of a WebSocket: {live!r} (write ws://HOST:PORT)")
        self.live = live
        self.head = Path(HEAD if head is None else head)
        with self.head.open("rb") as handle:
            start = handle.read(4)
        if start != b"glTF":
            raise ValueError(f"{self.head} is not a GLB of glTF 2.0; export it as .glb (binary)")
        self._bundles = {one.name: (Path(one.path), one.about) for one in shipped.listed()}
        first = shipped.DEFAULT
        if bundle is not None:
            path = shipped.locate(bundle)
            first = next((k for k, (known, _) in self._bundles.items() if known == path), path.name)
            if first not in self._bundles or self._bundles[first][0] != path:
                first = f"{path.name} (own)"
                self._bundles = {first: (path, "a bundle of yours"), **self._bundles}
        self.request = self._settled(replace(request or Request(), bundle=first))
        self.face(self.request)
        self._folder = TemporaryDirectory(prefix="talkface-view-")

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def _settled(self, request: Request) -> Request:
        """The request with an identity's name and an emotion in the words that the page has."""
        identities = self.face(replace(request, identity="", style=None)).identities
        identity = request.identity or (identities[0] if identities and not request.style else "")
        emotion = request.emotion
        if isinstance(emotion, str) and not is_auto(emotion):
            mix = as_mix(emotion)
            shown = {name: part for name, part in zip(EMOTIONS, mix, strict=True) if part > 0}
            emotion = next(iter(shown)) if len(shown) == 1 else {
                name: part for name, part in shown.items() if name != "neutral"
            }  # fmt: skip
        return parse(document(replace(request, identity=identity, emotion=emotion)))

    def face(self, request: Request) -> TalkFace:
        """The opened bundle with the request's style; ValueError for an unknown name."""
        if request.bundle not in self._bundles:
            raise ValueError(f"no bundle {request.bundle!r}; there are {', '.join(self._bundles)}")
        style = request.style_document()
        key = json.dumps([request.bundle, style])
        with self._lock:
            if key in self._faces:
                self._faces.move_to_end(key)
                return self._faces[key]
        face = TalkFace(
            self._bundles[request.bundle][0], self._provider, style, threads=self._threads
        )
        with self._lock:
            self._faces[key] = face
            while len(self._faces) > FACES:
                self._faces.popitem(last=False)
        return face

    def describe(self) -> dict[str, Any]:
        """What the page builds its controls from."""
        facts = {name: self.face(Request(bundle=name)) for name in self._bundles}
        return {
            "channels": list(CHANNELS),
            "knobs": [asdict(knob) for knob in table()],
            "bundles": [
                {
                    "name": name,
                    "about": about,
                    "identities": list(facts[name].identities),
                    "emotions": list(facts[name].emotions) if facts[name].takes_emotion else [],
                }
                for name, (_, about) in self._bundles.items()
            ],
            "live": self.live,
            "formats": formats(),
            "request": document(self.request),
            "defaults": document(self._settled(Request(bundle=self.request.bundle))),
            "recording": self.recording.describe() if self.recording else None,
        }

    def add(self, source: Any, name: str, script: Any = None) -> Recording:
        """Take a sound: a path, or an Audio that was read. It becomes the one that pages show.

        Raises FileNotFoundError or ValueError when it cannot be read as sound, or is empty.
        """
        import soundfile

        audio = source if isinstance(source, Audio) else load(source)
        if audio.frames == 0:
            raise ValueError(f"{name} holds no sound")
        with self._lock:
            self._count += 1
            made = f"r{self._count}"
        path = Path(self._folder.name) / f"{made}.wav"
        soundfile.write(path, audio.samples, audio.rate, subtype="PCM_16")
        recording = Recording(made, name, audio, path, script)
        with self._lock:
            self._recordings[made] = recording
            self.recording = recording
            while len(self._recordings) > RECORDINGS:
                _, old = self._recordings.popitem(last=False)
                old.wav.unlink()
        return recording

    def recorded(self, name: str) -> Recording:
        """A recording by its id; FileNotFoundError when it is gone."""
        with self._lock:
            if name not in self._recordings:
                raise FileNotFoundError(
                    f"no recording {name!r}: the {RECORDINGS} newest are kept; open the sound again"
                )
            return self._recordings[name]

    def animate(self, asked: Any) -> dict[str, Any]:
        """Run what the page asks for: its clip, the run's id and the seconds it took.

        ``asked``: parts of :class:`Request`, ``recording`` and, so that a newer request of the
        same page ends an older one, ``page``. Raises ValueError, TypeError, FileNotFoundError,
        TalkFaceError, or Superseded.
        """
        if not isinstance(asked, Mapping):
            raise TypeError("the request must be a JSON object")
        parts = dict(asked)
        recording, page = self.recorded(str(parts.pop("recording", ""))), str(parts.pop("page", ""))
        request = parse(parts)
        with self._lock:
            self._newest[page] = turn = self._newest.get(page, 0) + 1
        face = self.face(request)
        began = time.perf_counter()
        clip = self._clip(face, recording, request, None, lambda: self._newest[page] == turn)
        return {
            "id": self._remember(recording.id, request),
            "took": time.perf_counter() - began,
            "clip": clip_document(clip),
        }

    def _clip(
        self, face: TalkFace, recording: Recording, request: Request,
        fps: Fraction | None, wanted: Any,
    ) -> Clip:  # fmt: skip
        audio = recording.audio
        clip = face.animate(
            audio.samples, audio.rate, fps=fps, phones=recording.script,
            progress=lambda *_: wanted(), **request.options(),
        )  # fmt: skip
        if not wanted():
            raise Superseded
        return clip

    def _remember(self, recording: str, request: Request) -> str:
        text = json.dumps([recording, document(request)], sort_keys=True)
        run = hashlib.sha256(text.encode()).hexdigest()[:16]
        with self._lock:
            self._runs[run] = (recording, request)
            self._runs.move_to_end(run)
            while len(self._runs) > RUNS:
                self._runs.popitem(last=False)
        return run

    def export(self, run: str, name: str, fps: Fraction | None) -> tuple[str, bytes]:
        """A run as a file of the named format (:func:`formats`): its file name and contents.

        Raises FileNotFoundError for a run that is gone, ValueError for an unknown format.
        """
        with self._lock:
            if run not in self._runs:
                raise FileNotFoundError(f"no run {run!r}; change a knob to animate again")
            recording_id, request = self._runs[run]
        recording = self.recorded(recording_id)
        clip = self._clip(self.face(request), recording, request, fps, lambda: True)
        entry = sinks.for_writing(Path(name), name)
        with TemporaryDirectory(dir=self._folder.name) as folder:
            path = Path(folder) / f"{_stem(recording.name)}{entry.suffix}"
            sinks.save_clip(clip, path, name)
            return path.name, path.read_bytes()


def formats() -> list[dict[str, str]]:
    """The formats that :mod:`talkface.sinks` writes: name, label and what each is."""
    writable = [entry for entry in sinks.FORMATS if entry.writer is not None]
    return [
        {"name": entry.name, "label": entry.suffix.lstrip(".").upper(), "doc": entry.doc}
        for entry in writable
    ]


def _stem(name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", Path(name).stem).strip("._") or "clip"


def document(request: Request) -> dict[str, Any]:
    """A request as the page's JSON object."""
    made = asdict(request)
    if is_timed(request.emotion):
        made["emotion"] = [list(key) for key in request.emotion]
    return made
