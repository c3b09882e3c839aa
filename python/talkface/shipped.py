"""The bundles that ship in the package: found by name, and listed."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

FOLDER = Path(str(resources.files("talkface"))) / "bundles"
DEFAULT = "default"


@dataclass(frozen=True)
class Shipped:
    """A bundle of the package. ``about``: the title of its model card; ``look_ahead_ms`` and
    ``hop_ms`` make up ``latency_ms``, the algorithmic latency for audio at the model's own rate."""

    name: str
    version: str
    about: str
    look_ahead_ms: float
    hop_ms: float
    megabytes: float
    path: str

    @property
    def latency_ms(self) -> float:
        return self.look_ahead_ms + self.hop_ms


def default_bundle() -> Path:
    """Folder of the bundle that is opened when none is named."""
    return FOLDER / DEFAULT


def names() -> tuple[str, ...]:
    """Names of the bundles in the package, the default one first."""
    found = {path.parent.name for path in FOLDER.glob("*/manifest.json")}
    return tuple(sorted(found, key=lambda name: (name != DEFAULT, name)))


def locate(bundle: str | os.PathLike[str] | None) -> Path:
    """The folder of a bundle: a folder that exists, else a shipped bundle of this name; None means
    the default one.

    Raises FileNotFoundError for a bare name that is neither.
    """
    if bundle is None:
        return default_bundle()
    path = Path(bundle)
    if path.is_dir() or len(path.parts) != 1:
        return path
    if path.name in names():
        return FOLDER / path.name
    raise FileNotFoundError(
        f"no bundle folder {path.name!r} here, and none of that name in the package; "
        f"it has {', '.join(names())}"
    )


def listed() -> list[Shipped]:
    """What the package holds, from the manifests alone."""
    return [_read(FOLDER / name) for name in names()]


def _read(folder: Path) -> Shipped:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    title = (folder / "MODEL_CARD.md").read_text("utf-8").split("\n", 1)[0]
    milliseconds = 1000 / manifest["sample_rate"]
    return Shipped(
        name=folder.name,
        version=manifest["version"],
        about=title.removeprefix("# Model card:").strip(),
        look_ahead_ms=manifest["look_ahead"] * milliseconds,
        hop_ms=manifest["hop"] * milliseconds,
        megabytes=sum(entry["bytes"] for entry in manifest["files"].values()) / 1e6,
        path=str(folder),
    )
