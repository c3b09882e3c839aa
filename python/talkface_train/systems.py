"""The published systems by name, and how a run builds and keeps one (docs/systems.md)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from inspect import signature
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from talkface.rig import CHANNELS
from talkface_train.losses.decoupled import DecoupledTerms
from talkface_train.losses.ecoface import EcoFaceTerms
from talkface_train.losses.emotalk import EmoTalkTerms
from talkface_train.losses.pestalk import PesTalkTerms
from talkface_train.models.causal import Terms
from talkface_train.models.decoupled import Decoupled
from talkface_train.models.ecoface import EcoFace
from talkface_train.models.emotalk import EmoTalk
from talkface_train.models.hearing import FrozenHearing, Hearing, MelHearing
from talkface_train.models.pestalk import PesTalk
from talkface_train.models.system import System

FORMAT, VERSION = "talkface system", 1
FACTS, BEST = "run.json", "best.safetensors"

KINDS: tuple[tuple[type[System], type[Any]], ...] = (
    (Decoupled, DecoupledTerms),
    (PesTalk, PesTalkTerms),
    (EmoTalk, EmoTalkTerms),
    (EcoFace, EcoFaceTerms),
)
SYSTEMS: dict[str, type[System]] = {system.name: system for system, _ in KINDS}
TERMS: dict[str, type[Any]] = {system.name: terms for system, terms in KINDS}


class RunError(ValueError):
    """A training run's folder that is not what it should be; the message says where and why."""


@dataclass(frozen=True)
class RunInfo:
    """What builds a run's network: ``model`` and ``encoder`` are arguments of the system and of
    :func:`build_hearing`; ``config``: all of the run's settings, to read."""

    system: str
    identities: tuple[str, ...]
    model: Mapping[str, Any] = field(default_factory=dict)
    encoder: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    outputs: int = len(CHANNELS)
    config: Mapping[str, Any] = field(default_factory=dict)


def build_hearing(encoder: Mapping[str, Any], parts: Collection[str]) -> Hearing:
    """The encoders of a run: mel encoders by default, with arguments of :class:`MelHearing`.

    ``content`` and ``emotion``: folders of Hugging Face checkpoints (``emotion`` is ``content`` by
    default); ``hear``: their ``last`` layer or the ``convolution``.
    """
    given = dict(encoder)
    if "content" not in given:
        _check_names("an encoder", given, MelHearing, ("parts",))
        try:
            return MelHearing(tuple(parts), **given)
        except (TypeError, RuntimeError) as error:
            raise ValueError(f"no encoder of {given}: {error}") from error
    from talkface_train.huggingface import HuggingFaceEncoder

    content, hear = given.pop("content"), given.pop("hear", "last")
    emotion = given.pop("emotion", content)
    if given:
        raise ValueError(f"an encoder from a folder takes content, emotion, hear; not {given}")
    if hear == "mixture":
        raise ValueError("a mixture is learnt, and encoders of a run are not: hear the last layer")
    first = HuggingFaceEncoder(content, hear)
    second = first if emotion == content else HuggingFaceEncoder(emotion, hear)
    return FrozenHearing(first, second, tuple(parts), [str(content), str(emotion), hear])


def build_system(info: RunInfo, hearing: Hearing) -> System:
    """An untrained system of a run."""
    kind = SYSTEMS[info.system]
    widths = [hearing.widths["features"], hearing.widths["emotion_features"]]
    given = dict(info.model)
    if "mel" in kind.parts:
        given["mel_width"] = hearing.widths["mel"]
    if info.outputs != len(CHANNELS):
        if "outputs" not in signature(kind).parameters:
            able = [n for n, other in SYSTEMS.items() if "outputs" in signature(other).parameters]
            raise ValueError(
                f"{info.system} says ARKit's 52 curves, and these clips have {info.outputs} "
                f"numbers a frame: {', '.join(able)} can say those"
            )
        given["outputs"] = info.outputs
    fixed = ("content_width", "emotion_width", "mel_width", "identities", "outputs", "without")
    _check_names(f"the model of {info.system}", info.model, kind, fixed)
    try:
        return kind(*widths, identities=len(info.identities), without=info.without, **given)
    except (TypeError, RuntimeError) as error:
        raise ValueError(f"no {info.system} of {dict(info.model)}: {error}") from error


def _check_names(
    what: str, given: Collection[str], kind: type[Any], fixed: Collection[str]
) -> None:
    taken = signature(kind).parameters
    known = [name for name in taken if name not in fixed]
    unknown = sorted(set(given) - set(known))
    if unknown and not any(entry.kind is entry.VAR_KEYWORD for entry in taken.values()):
        raise ValueError(f"{what} has no {unknown[0]!r}: {', '.join(known)}")


def build_terms(name: str, weights: Mapping[str, float]) -> Terms:
    """A system's losses with some of its weights changed; ValueError for one it does not have."""
    try:
        terms: Terms = TERMS[name](**weights)
    except TypeError:
        known = ", ".join(asdict(TERMS[name]()))
        raise ValueError(f"losses of {name} are {known}; not {', '.join(weights)}") from None
    return terms


def save_run(folder: Path, info: RunInfo, net: nn.Module) -> None:
    """Write a run's facts and weights; ``net`` holds ``system`` and ``hearing``."""
    document = {"format": FORMAT, "version": VERSION, **asdict(info)}
    (folder / FACTS).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    partial = folder / f"{BEST}.part"
    save_file({name: value.contiguous() for name, value in learnt(net).items()}, partial)
    partial.replace(folder / BEST)


def learnt(net: nn.Module) -> dict[str, Tensor]:
    """A run's weights, without those of checkpoints that stay where they are."""
    hearing = net.get_submodule("hearing")
    frozen = ("hearing.",) if isinstance(hearing, FrozenHearing) else ()
    return {n: v for n, v in net.state_dict().items() if not n.startswith(frozen or "\0")}


def load_run(folder: Path) -> tuple[RunInfo, System, Hearing]:
    """A trained run, ready to say faces. Raises RunError or FileNotFoundError."""
    path = folder / FACTS
    if not path.is_file() or not (folder / BEST).is_file():
        raise FileNotFoundError(f"{folder} holds no trained run: {FACTS} and {BEST} are needed")
    try:
        document = json.loads(path.read_text("utf-8"))
        if (document.pop("format"), document.pop("version")) != (FORMAT, VERSION):
            raise RunError(f"{path} is not version {VERSION} of {FORMAT}")
        for name in ("identities", "without"):
            document[name] = tuple(document[name])
        info = RunInfo(**document)
        hearing = build_hearing(info.encoder, SYSTEMS[info.system].parts)
        system = build_system(info, hearing)
        net = nn.ModuleDict({"system": system, "hearing": hearing})
        weights = load_file(folder / BEST)
        wanted = learnt(net)
        if set(weights) != set(wanted):
            odd = sorted(set(weights) ^ set(wanted))
            raise RunError(f"{folder / BEST} does not fit {path}: {', '.join(odd[:3])}")
        net.load_state_dict(weights, strict=len(wanted) == len(net.state_dict()))
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"cannot read {path}: {type(error).__name__} {error}") from error
    except (SafetensorError, RuntimeError) as error:
        raise RunError(f"cannot read {folder / BEST}: {error}") from error
    net.eval()
    return info, system, hearing
