"""Encoders of speech that others trained: wav2vec 2.0, HuBERT and WavLM, from a local folder.

The folder is one as Hugging Face's `transformers` writes it: ``config.json`` and ``*.safetensors``,
perhaps ``preprocessor_config.json``. Nothing is downloaded, and pickled weights, which can run code
when they are read, are refused.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from talkface_train.models.encoders import HOP, MIDDLE, State, frames_of
from talkface_train.models.waveform import (
    RunningScale,
    at_animation_rate,
    position_of,
    samples_needed,
)
from talkface_train.models.windows import ConvolvedEncoder

CLASSES = {"wav2vec2": "Wav2Vec2Model", "hubert": "HubertModel", "wavlm": "WavLMModel"}
UNTRAINED = ("masked_spec_embed",)
"""Weights that a checkpoint may lack: only pre-training uses them."""

Heard = Literal["last", "mixture", "convolution"]


@dataclass(frozen=True)
class CheckpointFacts:
    """What a checkpoint's configuration says of how it hears.

    ``hop`` and ``field``: samples from one frame to the next, and that one frame hears.
    ``group_norm``: its first convolution is normalised over the whole clip. ``scaled``: it was
    trained on audio of zero mean and unit power.
    """

    kind: str
    hop: int
    field: int
    convolved: int
    width: int
    layers: int
    group_norm: bool
    scaled: bool

    @property
    def frames_per_second(self) -> float:
        """Of the checkpoint itself."""
        return 16000 / self.hop


def read_facts(folder: Path) -> CheckpointFacts:
    """Facts of a checkpoint folder.

    Raises FileNotFoundError when a file is missing, ValueError for a model of another kind.
    """
    config = _json(folder / "config.json")
    kind = config.get("model_type")
    if kind not in CLASSES:
        raise ValueError(f"{folder} holds a {kind!r} model; known are {', '.join(CLASSES)}")
    if not list(folder.glob("*.safetensors")):
        pickled = [path.name for path in (*folder.glob("*.bin"), *folder.glob("*.pt*"))]
        hint = (
            f"; {pickled[0]} is a pickle, which is never read: load it where you trust it and "
            "save it again with save_pretrained(..., safe_serialization=True)"
            if pickled
            else ""
        )
        raise FileNotFoundError(f"no *.safetensors in {folder}{hint}")
    kernels, strides = config["conv_kernel"], config["conv_stride"]
    hop, field = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        field += (kernel - 1) * hop
        hop *= stride
    group_norm = config.get("feat_extract_norm", "group") == "group"
    preprocessor = folder / "preprocessor_config.json"
    said = _json(preprocessor) if preprocessor.is_file() else {}
    return CheckpointFacts(
        kind,
        hop,
        field,
        config["conv_dim"][-1],
        config["hidden_size"],
        config["num_hidden_layers"],
        group_norm,
        bool(said.get("do_normalize", not group_norm)),
    )


class HuggingFaceEncoder(ConvolvedEncoder):
    """A frozen checkpoint's frames at 25 a second.

    ``hear``: the ``last`` layer of its transformer, a learned ``mixture`` of all of them (Pepino et
    al. 2021, as Lee 2026's emotion encoder) or only the ``convolution`` before it. Its transformer
    attends to the whole clip: encode clips one by one, for zeros behind a shorter clip of a batch
    are heard. Only layer-normalised convolutions can stream.
    """

    def __init__(self, folder: str | Path, hear: Heard = "last") -> None:
        super().__init__()
        if hear not in ("last", "mixture", "convolution"):
            raise ValueError(f"hear must be last, mixture or convolution, not {hear!r}")
        self.facts = read_facts(Path(folder))
        self.hear = hear
        self.width = self.facts.convolved if hear == "convolution" else self.facts.width
        self.obstacle = _obstacle(self.facts, hear)
        self.uncached = _normalised(self.facts)
        hop, field = self.facts.hop, self.facts.field
        self.hop, self.field, self.convolved = hop, field, self.facts.convolved
        self.look_ahead = None if self.obstacle else samples_needed(1, hop, field) - MIDDLE
        self.scale = RunningScale() if self.facts.scaled else None
        self.model = _load(Path(folder), self.facts)
        # The model hears what its front end makes: apart, the two can run at different times.
        self.front = self.model.feature_extractor
        self.model.feature_extractor = nn.Identity()
        if hear == "mixture":
            self.shares = nn.Parameter(torch.zeros(self.facts.layers + 1))

    def train(self, mode: bool = True) -> HuggingFaceEncoder:
        """Training changes the mixture alone: no dropout in the frozen checkpoint."""
        super().train(mode)
        self.model.eval()
        self.front.eval()
        return self

    def forward(self, audio: Tensor) -> Tensor:
        frames = frames_of(audio)
        needed = samples_needed(frames, self.facts.hop, self.facts.field)
        if self.stateful:
            blocks = self.padded(audio)
        else:
            behind = max(needed - audio.shape[1], 0)
            length = audio.shape[1] + behind
            blocks = functional.pad(audio, (0, behind + -length % HOP))
        lead = blocks.shape[1] - needed if self.stateful else 0
        scaled = self.scale.whole(blocks) if self.scale else blocks
        heard = self._heard(scaled[:, lead : lead + max(needed, audio.shape[1])])
        return at_animation_rate(heard, frames, self.facts.hop, self.facts.field)

    def initial_state(self) -> State:
        self.check_streamable()
        state = {"audio": torch.zeros(1, max(self.facts.hop + self.facts.field - HOP, 0))}
        return {**state, "scale": self.scale.initial_state()} if self.scale else state

    def step(self, audio: Tensor, state: State) -> tuple[Tensor, State]:
        self.check_streamable()
        new = {}
        if self.scale:
            audio, new["scale"] = self.scale(audio, state["scale"])
        window = torch.cat([state["audio"], audio], dim=1)
        new["audio"] = window[:, window.shape[1] - state["audio"].shape[1] :]
        heard = self._heard(window[:, -(self.facts.hop + self.facts.field) :])
        _, share = position_of(0, self.facts.hop, self.facts.field)
        frame = heard[:, :1] + (heard[:, 1:2] - heard[:, :1]) * share
        return frame, {name: new[name] for name in state}

    @torch.no_grad()
    def convolve(self, audio: Tensor) -> Tensor:
        convolved: Tensor = self.front(audio)
        return convolved.transpose(1, 2)

    def attend(self, frames: Tensor) -> Tensor:
        if self.hear == "convolution":
            return frames
        with torch.no_grad():
            every = self.hear == "mixture"
            layers = self.model(frames.transpose(1, 2), output_hidden_states=every)
        if not every:
            last: Tensor = layers.last_hidden_state
            return last
        rows = torch.stack(layers.hidden_states, dim=3)
        return rows @ self.shares.softmax(dim=0)

    @torch.no_grad()
    def frozen(self, audio: Tensor) -> HuggingFaceEncoder:
        if self.uncached is None:
            raise ValueError(
                f"this {self.facts.kind} checkpoint normalises nothing over time: it needs no "
                "calibration"
            )
        # Over the whole clip, the norm takes a voice's level off: here the running scale does.
        first, scale = self.front.conv_layers[0], RunningScale()
        convolved = first.conv(scale.whole(audio[:, : HOP * frames_of(audio)])[:, None])
        found, norm = first.layer_norm, nn.BatchNorm1d(convolved.shape[1]).eval()
        norm.eps, norm.weight, norm.bias = found.eps, found.weight, found.bias
        norm.running_mean.copy_(convolved.mean(dim=(0, 2)))  # type: ignore[union-attr]
        norm.running_var.copy_(  # type: ignore[union-attr]
            convolved.var(dim=(0, 2), correction=0)
        )
        # A copy of the modules about the same weights.
        front = copy.deepcopy(self.front, {id(p): p for p in self.front.parameters()})
        front.conv_layers[0].layer_norm = norm
        other = copy.copy(self)
        other._modules = {**self._modules, "front": front}
        other.scale, other.uncached = scale, None
        return other

    def _heard(self, audio: Tensor) -> Tensor:
        return self.attend(self.convolve(audio))


def _normalised(facts: CheckpointFacts) -> str | None:
    if not facts.group_norm:
        return None
    return (
        f"this {facts.kind} checkpoint normalises its first convolution over all it hears "
        "(feat_extract_norm is group), so every frame changes with what comes later; take one "
        "with layer norms"
    )


def _obstacle(facts: CheckpointFacts, hear: Heard) -> str | None:
    normalised = _normalised(facts)
    if normalised is not None:
        return normalised
    if hear != "convolution":
        return (
            f"the transformer of {facts.kind} attends to the whole clip, and its positional "
            "convolution alone to more than a second ahead; hear the convolution to stream"
        )
    if HOP % facts.hop or facts.field > HOP:
        return (
            f"frames of {facts.field} samples every {facts.hop} do not lie alike in each step of "
            f"{HOP} samples"
        )
    return None


def _json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise FileNotFoundError(f"no {path.name} in {path.parent}: is it a checkpoint's folder?")
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"cannot read {path}: {error}") from error
    return found


def _load(folder: Path, facts: CheckpointFacts) -> Any:
    try:
        import transformers
    except ImportError as error:
        raise ImportError(
            "encoders of Hugging Face need the [ssl] extra: pip install 'talkface[ssl]'"
        ) from error
    kind = getattr(transformers, CLASSES[facts.kind])
    model, report = kind.from_pretrained(
        folder,
        local_files_only=True,
        use_safetensors=True,
        attn_implementation="eager",
        output_loading_info=True,
    )
    missing = sorted(k for k in report["missing_keys"] if not k.endswith(UNTRAINED))
    if missing:
        raise ValueError(
            f"{folder} lacks weights: {', '.join(missing[:3])} ({len(missing)} in all)"
        )
    # What masks or drops at random has no place in a frozen encoder, nor in a graph.
    model.config.apply_spec_augment = False
    model.config.layerdrop = 0.0
    return model.eval().requires_grad_(False)
