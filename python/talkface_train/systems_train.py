"""Train a published system: one YAML a run, resumable, with a CSV log, early stopping, and the
best weights of the dev split as safetensors (docs/systems.md)."""

from __future__ import annotations

import csv
import json
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from talkface.progress import Progress
from talkface_train.models.causal import joined
from talkface_train.models.hearing import Hearing
from talkface_train.models.system import Batch, Conditions, System
from talkface_train.systems import (
    SYSTEMS,
    RunInfo,
    build_hearing,
    build_system,
    build_terms,
    learnt,
    save_run,
)
from talkface_train.systems_data import UNLABELLED, SystemSet, encoded

CHECK_BATCH = 32
SETTLEMENTS = 4
"""Of a run at least: how often a system's library (PESTalk's) is filled, at checks and between."""
LEAST_FRAMES = 8
"""Of a crop: two blocks of EcoFace, in which a window of its expert fits."""


@dataclass(frozen=True)
class RunConfig:
    """One run. ``data``: folders of clips; ``model``: arguments of the system's constructor;
    ``encoder``: of the hearing; ``losses``: weights of the system's terms; ``without``: ablations.

    ``steps`` optimiser steps of ``batch`` crops of at most ``frames`` frames; ``pairs``: the share
    of steps with pairs of clips, for the losses that need them. ``patience``: checks on dev without
    a better one before the run stops, 0: never.
    """

    system: str
    data: tuple[str, ...]
    model: dict[str, Any] = field(default_factory=dict)
    encoder: dict[str, Any] = field(default_factory=dict)
    losses: dict[str, float] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    steps: int = 6000
    batch: int = 16
    frames: int = 100
    pairs: float = 0.5
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    average: float = 0.998
    clip_gradient: float = 1.0
    check_every: int = 500
    patience: int = 0
    log_every: int = 50
    unlabelled: str = "error"
    seed: int = 0
    threads: int = 1

    def __post_init__(self) -> None:
        if self.system not in SYSTEMS:
            raise ValueError(f"no system {self.system!r}: {', '.join(SYSTEMS)}")
        if not self.data:
            raise ValueError("data names no folder of clips")
        if self.unlabelled not in UNLABELLED:
            raise ValueError(f"unlabelled is one of {', '.join(UNLABELLED)}")
        unknown = set(self.without) - set(SYSTEMS[self.system].ablations)
        if unknown:
            raise ValueError(
                f"{self.system} cannot go without {', '.join(sorted(unknown))}: "
                f"{', '.join(SYSTEMS[self.system].ablations)}"
            )
        for name in ("steps", "batch", "frames", "check_every", "log_every", "threads"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be 1 or more, not {getattr(self, name)}")
        if self.frames < LEAST_FRAMES:
            raise ValueError(f"frames must be {LEAST_FRAMES} or more, not {self.frames}")
        if self.seed < 0:
            raise ValueError(f"seed must not be negative, {self.seed} is")
        for name in ("pairs", "average"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must be 0 to 1, not {getattr(self, name):g}")


def read_config(path: Path, changes: Mapping[str, Any]) -> RunConfig:
    """A run's YAML with some values changed. Raises ValueError that names what is wrong."""
    import yaml

    if not path.is_file():
        raise FileNotFoundError(f"no such settings: {path}")
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path} is no YAML: {error}") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path} must hold names with values, as configs in docs/systems.md")
    system = changes.get("system", found.get("system"))
    if found.get("system", system) != system:
        raise ValueError(f"{path} has the settings of {found['system']}, not of {system}")
    return config_of({**found, **changes}, str(path))


def config_of(values: Mapping[str, Any], where: str) -> RunConfig:
    """A configuration from plain values; ValueError names what is not known or not its kind."""
    known = {entry.name: entry for entry in fields(RunConfig)}
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise ValueError(f"{where}: no setting {unknown[0]!r}: {', '.join(known)}")
    given = dict(values)
    for name in ("data", "without"):
        if isinstance(given.get(name), str):
            given[name] = [given[name]]
        given[name] = tuple(str(value) for value in given.get(name) or ())
    for name in ("model", "encoder", "losses"):
        given[name] = given.get(name) or {}
        if not isinstance(given[name], Mapping):
            raise ValueError(f"{where}: {name} holds names with values, not {given[name]!r}")
    given["losses"] = {
        name: _number(value, f"{where}: losses: {name}") for name, value in given["losses"].items()
    }
    for name in ("learning_rate", "weight_decay", "average", "clip_gradient", "pairs"):
        if name in given:
            given[name] = _number(given[name], f"{where}: {name}")
    for name, entry in known.items():
        if entry.type == "int" and name in given and type(given[name]) is not int:
            raise ValueError(f"{where}: {name} must be a whole number, not {given[name]!r}")
    try:
        return RunConfig(**given)
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from error


def _number(value: Any, what: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{what} must be a number, not {value!r}") from None


class SystemTrainer:
    """One run in ``folder``: ``run.json``, ``log.csv``, ``last`` and ``best.safetensors``."""

    def __init__(self, config: RunConfig, folder: Path, progress: bool = True) -> None:
        torch.set_num_threads(config.threads)
        torch.manual_seed(config.seed)
        self.config, self.folder, self.progress = config, folder, progress
        self.hearing = build_hearing(config.encoder, SYSTEMS[config.system].parts)
        folders = [Path(name) for name in config.data]
        sets: dict[str, SystemSet] = {}
        for split in ("train", "dev"):
            known = sets["train"].identities if sets else None
            sets[split] = SystemSet(
                folders, split, self.hearing, known, config.frames, config.unlabelled, progress
            )
        self.train_set, self.dev_set = sets["train"], sets["dev"]
        self.info = RunInfo(
            config.system, self.train_set.identities, config.model, config.encoder,
            config.without, self.train_set.outputs, asdict(config),
        )  # fmt: skip
        self.system = build_system(self.info, self.hearing)
        self.terms = build_terms(config.system, config.losses)
        self.net = nn.ModuleDict({"system": self.system, "hearing": self.hearing})
        # Checkpoints that stay as they are stay out of averages and of what is saved.
        self.average = self._weights()
        self.optimiser = torch.optim.AdamW(
            self.net.parameters(), config.learning_rate, (0.9, 0.98),
            weight_decay=config.weight_decay,
        )  # fmt: skip
        self.step, self.best, self.checks_since_best = 0, math.inf, 0
        if self.system.wants_pairs and config.pairs > 0:
            self.train_set.need_pairs()

    def run(self) -> float:
        """Train from where the folder's ``last.safetensors`` is; returns the best dev error."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.resume()
        self._forget_log()
        began = time.monotonic()
        title = f"training {self.config.system}"
        with Progress(title, enabled=self.progress) as bar:
            while self.step < self.config.steps:
                terms = self._learn()
                self.step += 1
                if self.step % self.config.log_every == 0:
                    self._log({"seconds": round(time.monotonic() - began, 1), **terms})
                last = self.step == self.config.steps
                if self.step % self.config.check_every == 0 or last:
                    if self._check():
                        break
                elif self.step % max(self.config.steps // SETTLEMENTS, 1) == 0:
                    with self._settled():
                        pass
                bar.update(self.step, self.config.steps)
        return self.best

    def _learn(self) -> dict[str, float]:
        generator = np.random.default_rng((self.config.seed, self.step))
        torch.manual_seed(self.config.seed * 1_000_003 + self.step)
        pairs = self.system.wants_pairs and generator.random() < self.config.pairs
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate()
        self.net.train()
        batch = encoded(self.hearing, self.train_set.batch(self.config.batch, generator, pairs))
        terms = self.system.training_loss(batch, self.terms)
        loss = torch.stack(list(terms.values())).sum()
        if not torch.isfinite(loss):
            values = ", ".join(f"{name} {float(term.detach()):.3g}" for name, term in terms.items())
            raise FloatingPointError(
                f"the loss is {loss.item()} at step {self.step} ({values}): a smaller "
                "learning_rate may help"
            )
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), self.config.clip_gradient)
        self.optimiser.step()
        with torch.no_grad():
            keep = min(self.config.average, (1.0 + self.step) / (10.0 + self.step))
            for name, value in learnt(self.net).items():
                if value.is_floating_point():
                    self.average[name].lerp_(value, 1.0 - keep)
                else:
                    self.average[name].copy_(value)
        return {name: float(term.detach()) for name, term in terms.items()}

    def _rate(self) -> float:
        warm = min((self.step + 1) / 200, 1.0)
        fall = 0.5 + 0.5 * math.cos(math.pi * self.step / self.config.steps)
        return self.config.learning_rate * warm * max(fall, 0.02)

    @contextmanager
    def _settled(self) -> Iterator[None]:
        """The averaged weights in the net, and the system's library filled by them: it belongs to
        them, and both copies of the weights keep it."""
        kept = self._weights()
        self._load(self.average)
        self.net.eval()
        with torch.no_grad():
            clips = self.train_set.batches(CHECK_BATCH)
            self.system.settle(encoded(self.hearing, batch) for batch in clips)
            yield
        settled = self._weights()
        buffers = dict(self.net.named_buffers())
        self.average = settled
        self._load({n: settled[n] if n in buffers else v for n, v in kept.items()})

    def _check(self) -> bool:
        """Score the averaged weights on dev, keep them when they are the best; whether to stop."""
        with self._settled():
            error = face_error(self.system, self.hearing, self.dev_set)
            better = error < self.best
            self.checks_since_best = 0 if better else self.checks_since_best + 1
            if better:
                self.best = error
                save_run(self.folder, self.info, self.net)
        self._save_last()
        self._log({"dev": error, "best": self.best})
        return 0 < self.config.patience <= self.checks_since_best

    def _weights(self) -> dict[str, Tensor]:
        return {name: value.detach().clone() for name, value in learnt(self.net).items()}

    def _load(self, weights: Mapping[str, Tensor]) -> None:
        if set(weights) != set(learnt(self.net)):
            raise ValueError(f"{self.folder} holds weights of another network: name another folder")
        self.net.load_state_dict(weights, strict=False)

    def _log(self, row: Mapping[str, float]) -> None:
        path = self.folder / "log.csv"
        fresh = not path.exists()
        with path.open("a", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            if fresh:
                writer.writerow(["step", "name", "value"])
            writer.writerows((self.step, name, f"{value:.6g}") for name, value in row.items())

    def _forget_log(self) -> None:
        """Drop rows of steps that are done anew."""
        path = self.folder / "log.csv"
        if path.exists():
            head, *rows = path.read_text("utf-8").splitlines()
            kept = [row for row in rows if int(row.split(",", 1)[0]) <= self.step]
            path.write_text("\n".join([head, *kept]) + "\n", encoding="utf-8")

    def _save_last(self) -> None:
        names = {id(p): name for name, p in self.net.named_parameters()}
        stored = {f"net.{name}": value for name, value in learnt(self.net).items()}
        stored |= {f"average.{name}": value for name, value in self.average.items()}
        for parameter, moments in self.optimiser.state.items():
            for name in ("exp_avg", "exp_avg_sq", "step"):
                stored[f"{name}.{names[id(parameter)]}"] = moments[name]
        facts = {
            "step": self.step, "best": self.best, "checks_since_best": self.checks_since_best,
            "config": json.loads(json.dumps(asdict(self.config))),
            "identities": self.train_set.identities,
        }  # fmt: skip
        partial = self.folder / "last.part"
        contiguous = {name: value.detach().contiguous() for name, value in stored.items()}
        save_file(contiguous, partial, {"facts": json.dumps(facts)})
        partial.replace(self.folder / "last.safetensors")

    def resume(self) -> None:
        """Take up what the folder's ``last.safetensors`` holds, if it is there.

        Raises ValueError where that is of a run with other settings.
        """
        from safetensors import SafetensorError, safe_open

        path = self.folder / "last.safetensors"
        if not path.exists():
            return
        try:
            with safe_open(path, framework="pt") as handle:
                facts = json.loads(handle.metadata()["facts"])
            stored = load_file(path)
        except (SafetensorError, KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(
                f"cannot go on from {path}: {error}; without it, it begins anew"
            ) from None
        mine = json.loads(json.dumps(asdict(self.config)))
        free = ("steps", "patience", "log_every", "threads")
        people = list(self.train_set.identities)
        changed = [n for n in mine if n not in free and facts["config"].get(n) != mine[n]]
        if changed:
            raise ValueError(
                f"{self.folder} holds a run with another {changed[0]} "
                f"({facts['config'].get(changed[0])}): name another folder"
            )
        if facts.get("identities", people) != people:
            raise ValueError(f"{self.folder} holds a run with other people: name another folder")
        self._load({n[4:]: v for n, v in stored.items() if n.startswith("net.")})
        self.average = {n[8:]: v for n, v in stored.items() if n.startswith("average.")}
        for name, parameter in self.net.named_parameters():
            if f"exp_avg.{name}" in stored:
                self.optimiser.state[parameter] = {
                    key: stored[f"{key}.{name}"] for key in ("exp_avg", "exp_avg_sq", "step")
                }
        self.step, self.best = facts["step"], facts["best"]
        self.checks_since_best = facts["checks_since_best"]


def conditions_of(system: System, batch: Batch) -> Conditions:
    """A batch's own conditions, with the middle of the noise."""
    mix = nn.functional.one_hot(batch["emotion"].long(), 8).float()
    noise = torch.zeros(len(mix), max(system.noise_width, 1))
    return Conditions(batch["identity"], mix, batch["level"], noise)


def face_error(system: System, hearing: Hearing, clips: SystemSet) -> float:
    """Mean distance of faces (MBE, docs/metrics.md) over all frames of all clips."""
    total, frames = 0.0, 0.0
    for rows in clips.batches(CHECK_BATCH):
        batch = encoded(hearing, rows)
        said = system.full(joined(batch, system.parts), conditions_of(system, batch)).curves
        distance = (said - batch["curves"]).square().sum(dim=2).sqrt()
        total += float((distance * batch["mask"]).sum())
        frames += float(batch["mask"].sum())
    return total / max(frames, 1.0)
