"""Train the default streaming model. Resumable; logs CSV; keeps the best of the dev split."""

from __future__ import annotations

import csv
import json
import logging
import math
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from talkface_train.data.batches import TapeSet
from talkface_train.data.phones import PHONES, VISEME_OF
from talkface_train.losses.speech import (
    CurveWeights,
    closure_loss,
    curve_loss,
    curve_weights,
    forecast_loss,
    label_loss,
    overlap_loss,
    preview_loss,
)
from talkface_train.models.answers import answers, half_precision, unpack
from talkface_train.models.streaming import (
    FRAMES_PER_STEP,
    SpeechNet,
    StreamingConfig,
    StreamingNet,
    TeacherNet,
    smoothed,
)

LOG = logging.getLogger(__name__)
_VISEMES = torch.full((256,), 255, dtype=torch.uint8)
_VISEMES[: len(PHONES)] = torch.tensor([VISEME_OF[p] for p in PHONES], dtype=torch.uint8)


@dataclass(frozen=True)
class TrainConfig:
    """One run. ``steps`` optimiser steps of ``batch`` crops of ``crop_steps`` model steps.

    ``teacher``: train the network that sees both directions. ``distil``: the share of the targets
    that comes from a teacher, where there is one, ``distil_closure`` that of the closures: a
    teacher's doubts there are half closures. ``masks``: SpecAugment masks of each kind.
    ``stretch``: standard deviation of the factor by which a crop's frequency axis is stretched;
    ``start_weight``: of the first frame of a tape; frames that count for more than 1 are learned
    from labels alone.
    """

    model: StreamingConfig = field(default_factory=StreamingConfig)
    steps: int = 12000
    batch: int = 32
    crop_steps: int = 250
    warm_up: int = 10
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    average: float = 0.999
    velocity: float = 2.0
    acceleration: float = 0.0
    curve_weight: float = 1.0
    viseme_weight: float = 0.5
    phone_weight: float = 0.7
    closure_weight: float = 1.0
    closure_positive: float = 1.5
    overlap_weight: float = 0.5
    forecast_weight: float = 0.3
    preview_weight: float = 0.3
    masks: int = 0
    stretch: float = 0.0
    start_weight: float = 1.0
    teacher: bool = False
    distil: float = 0.0
    distil_closure: float = 0.0
    log_every: int = 100
    check_every: int = 1000
    seed: int = 0
    threads: int = 2


def total_loss(
    outputs: dict[str, Tensor],
    batch: dict[str, Tensor],
    weights: CurveWeights,
    config: TrainConfig,
    taught: dict[str, Tensor] | None = None,
) -> dict[str, Tensor]:
    """Each weighted term and, under ``total``, their sum. ``taught``: a teacher's
    :func:`answers`."""
    mask = batch["weight"]
    known = mask * (batch["phones"] != 255)
    phones = batch["phones"]
    curves, closure = batch["curves"], batch["closure"]
    soft: dict[str, Tensor | None] = {"visemes": None, "phones": None}
    share = None
    if taught is not None:
        # Where a tape starts and frames count for more, a teacher is as cold: labels alone.
        trusted = (mask <= 1.0).float()
        share = config.distil * trusted
        curves = torch.lerp(curves, taught["curves"], share.unsqueeze(2))
        closure = torch.lerp(closure, taught["closure"].squeeze(2), config.distil_closure * trusted)
        soft = {name: taught[name] for name in soft}
    labels = {"visemes": _VISEMES[phones.long()], "phones": phones}
    shares = {"visemes": config.viseme_weight, "phones": config.phone_weight}
    terms = {
        "curves": config.curve_weight
        * curve_loss(
            torch.sigmoid(outputs["curves"]), curves, weights.scale, known,
            config.velocity, config.acceleration * weights.steady,
        ),
        **{
            name: shares[name]
            * label_loss(outputs[name], labels[name], mask, 0.02, soft[name], share)
            for name in labels
        },
        "closure": config.closure_weight
        * closure_loss(outputs["closure"].squeeze(2), closure, known, config.closure_positive),
        "overlap": config.overlap_weight
        * overlap_loss(outputs["closure"].squeeze(2), closure, known),
        "forecast": config.forecast_weight
        * forecast_loss(outputs["forecast"], closure, known, config.closure_positive),
    }  # fmt: skip
    if "preview" in outputs:
        preview = outputs["preview"]
        last = outputs["curves"][:, FRAMES_PER_STEP - 1 :: FRAMES_PER_STEP]
        terms["preview"] = config.preview_weight * preview_loss(
            torch.sigmoid(preview), torch.sigmoid(last), curves, weights.scale, known,
            config.velocity,
        )  # fmt: skip
    terms["total"] = sum(terms.values(), torch.zeros(()))
    return terms


class Trainer:
    """One run in ``folder``: ``config.json``, ``log.csv``, ``last`` and ``best.safetensors``."""

    def __init__(
        self,
        folder: Path,
        train: TapeSet,
        dev: TapeSet,
        config: TrainConfig,
        teacher: nn.Module | None = None,
        initial: dict[str, Tensor] | None = None,
    ) -> None:
        torch.set_num_threads(config.threads)
        torch.manual_seed(config.seed)
        self.folder, self.config = folder, config
        self.train_set, self.dev_set = train, dev
        self.teacher = teacher
        self.net = self._new_net()
        if initial is not None:
            self.net.load_state_dict(initial)
        self.average = {k: v.detach().clone() for k, v in self.net.state_dict().items()}
        self.optimiser = torch.optim.AdamW(
            self.net.parameters(),
            config.learning_rate,
            (0.9, 0.98),
            weight_decay=config.weight_decay,
        )
        self.weights = curve_weights(train.channels, train.curve_sample())
        self.step = 0
        self.best = math.inf
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(asdict(config), indent=1), "utf-8")

    def _new_net(self) -> SpeechNet:
        return (TeacherNet if self.config.teacher else StreamingNet)(self.config.model)

    def _rate(self) -> float:
        warm = min(self.step / 300, 1.0)
        fall = 0.5 + 0.5 * math.cos(math.pi * min(self.step / self.config.steps, 1.0))
        return self.config.learning_rate * warm * max(fall, 0.01)

    def resume(self) -> None:
        """Go on from ``last.safetensors`` when the folder has one of this configuration."""
        path = self.folder / "last.safetensors"
        if not path.exists():
            return
        stored = load_file(path)
        self.net.load_state_dict({k[4:]: v for k, v in stored.items() if k.startswith("net.")})
        self.average = {k[8:]: v for k, v in stored.items() if k.startswith("average.")}
        names = [name for name, _ in self.net.named_parameters()]
        moments = {
            index: {
                "step": stored["step"].float(),
                "exp_avg": stored[f"first.{name}"],
                "exp_avg_sq": stored[f"second.{name}"],
            }
            for index, name in enumerate(names)
        }
        state = self.optimiser.state_dict()
        state["state"] = moments
        self.optimiser.load_state_dict(state)
        self.step = int(stored["step"])
        self.best = float(stored["best"])
        LOG.info("resumed at step %d", self.step)

    def _save(self) -> None:
        tensors = {f"net.{k}": v for k, v in self.net.state_dict().items()}
        tensors |= {f"average.{k}": v for k, v in self.average.items()}
        for name, parameter in self.net.named_parameters():
            moments = self.optimiser.state[parameter]
            tensors[f"first.{name}"] = moments["exp_avg"]
            tensors[f"second.{name}"] = moments["exp_avg_sq"]
        tensors["step"] = torch.tensor(self.step)
        tensors["best"] = torch.tensor(self.best, dtype=torch.float64)
        save_file({k: v.contiguous() for k, v in tensors.items()}, self.folder / "last.safetensors")

    def run(self, budget_seconds: float = math.inf, until: int | None = None) -> SpeechNet:
        """Train to ``config.steps`` or step ``until``, or until the time budget ends; return the
        best average."""
        config = self.config
        generator = np.random.default_rng([config.seed, self.step])
        batches = self.train_set.batches(
            config.batch, config.crop_steps, config.warm_up, generator, config.masks,
            config.stretch, config.start_weight,
        )  # fmt: skip
        last = config.steps if until is None else min(until, config.steps)
        began = time.monotonic()
        first = self.step
        sums: dict[str, float] = {}
        while self.step < last and time.monotonic() - began < budget_seconds:
            self.step += 1
            for name, value in self._update(next(batches)).items():
                sums[name] = sums.get(name, 0.0) + value
            if self.step % config.log_every == 0:
                means = {name: value / config.log_every for name, value in sums.items()}
                sums = {}
                seconds = (time.monotonic() - began) / (self.step - first)
                LOG.info(
                    "step %d / %d, %.2f s a step: %s", self.step, config.steps, seconds,
                    ", ".join(f"{k} {v:.3f}" for k, v in means.items()),
                )  # fmt: skip
                self._log("train", means)
            if self.step % config.check_every == 0 or self.step == last:
                self._check()
        self._save()
        return self.best_net()

    def best_net(self) -> SpeechNet:
        """The network with the averaged weights that did best on dev, in evaluation mode."""
        net = self._new_net()
        net.load_state_dict(load_file(self.folder / "best.safetensors"))
        return net.eval()

    def _update(self, batch: dict[str, Tensor]) -> dict[str, float]:
        self.net.train()
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate()
        taught = None
        if "taught" in batch:
            taught = unpack(batch["taught"], self.config.model)
        with half_precision():
            if self.teacher is not None:
                with torch.no_grad():
                    taught = answers(self.teacher(batch["features"]))
            outputs = self.net(batch["features"])
        terms = total_loss(outputs, batch, self.weights, self.config, taught)
        self.optimiser.zero_grad()
        terms["total"].backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimiser.step()
        keep = min(self.config.average, (1 + self.step) / (20 + self.step))
        with torch.no_grad():
            for name, value in self.net.state_dict().items():
                self.average[name].lerp_(value, 1 - keep)
        return {name: float(value.detach()) for name, value in terms.items()}

    def _check(self) -> None:
        """Score the averaged weights on the dev tapes; keep them when they are the best."""
        net = self._new_net()
        net.load_state_dict(self.average)
        # Without acceleration: its weight may have changed since the best weights so far.
        measured = replace(self.config, acceleration=0.0)
        scores = dev_scores(net.eval(), self.dev_set, self.weights, measured)
        LOG.info("dev at %d: %s", self.step, ", ".join(f"{k} {v:.4f}" for k, v in scores.items()))
        self._log("dev", scores)
        if scores["total"] < self.best:
            self.best = scores["total"]
            save_file(
                {k: v.contiguous() for k, v in self.average.items()},
                self.folder / "best.safetensors",
            )
        self._save()

    def _log(self, split: str, values: dict[str, float]) -> None:
        with (self.folder / "log.csv").open("a", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle)
            for name, value in values.items():
                writer.writerow([self.step, split, name, f"{value:.6f}"])


def dev_scores(
    net: nn.Module, dev: TapeSet, weights: CurveWeights, config: TrainConfig, count: int = 6
) -> dict[str, float]:
    """Losses, viseme accuracy, jaw correlation and jitter ratio over fixed dev crops."""
    generator = np.random.default_rng(12345)
    batches = dev.batches(32, config.crop_steps, config.warm_up, generator)
    sums: dict[str, float] = {}
    right = seen = 0
    jaws: list[Tensor] = []
    shaken = torch.zeros(2)
    with torch.inference_mode():
        for _ in range(count):
            batch = next(batches)
            outputs = net(batch["features"])
            for name, value in total_loss(outputs, batch, weights, config).items():
                sums[name] = sums.get(name, 0.0) + float(value) / count
            known = (batch["weight"] > 0) & (batch["phones"] != 255)
            labels = _VISEMES[batch["phones"].long()][known]
            right += int((outputs["visemes"].argmax(dim=2)[known] == labels).sum())
            seen += int(known.sum())
            curves = torch.sigmoid(outputs["curves"])
            if "preview" in outputs:
                curves = smoothed(curves, torch.sigmoid(outputs["preview"]), config.model)
            pair = torch.stack([curves, batch["curves"]])
            jaws.append(pair[..., 0][:, known])
            shaken += pair.diff(dim=2, n=2)[:, :, 8:].abs().mean(dim=(1, 2, 3))
    sums["accuracy"] = right / max(seen, 1)
    sums["jaw_r"] = float(torch.corrcoef(torch.cat(jaws, dim=1))[0, 1])
    sums["jitter"] = float(shaken[0] / shaken[1])
    return sums
