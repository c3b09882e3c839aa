"""Fine-tune a bundle on aligned speech of one's own: ``talkface train``.

Every sound file of the folder counts that has a script beside it: timed phones under the same name
(TextGrid, .tsv, .lab, .json: docs/script.md), or the text in a .txt (English; needs the [align]
extra). A share of the files, the same ones every time, is held out to choose by. A part of every
target comes from the bundle itself, so that the voices it knew are not forgotten.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from safetensors.torch import save_file

from talkface.audio import Audio, read_file
from talkface.script import Phone, read
from talkface.script.align import align
from talkface_export.bundle import BundleFacts, write_bundle
from talkface_export.restore import restore
from talkface_train.captured import carry
from talkface_train.data import tapes
from talkface_train.data.batches import TapeSet
from talkface_train.data.phones import Segment
from talkface_train.data.real import Recording
from talkface_train.data.voices import MODEL_RATE, resample
from talkface_train.losses.speech import curve_weights
from talkface_train.models.streaming import StreamingNet
from talkface_train.models.whole import Member, StreamingModel, Together
from talkface_train.train import TrainConfig, Trainer, dev_scores

LOG = logging.getLogger("talkface_export")
SOUNDS = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff")
SCRIPTS = (".TextGrid", ".textgrid", ".tsv", ".lab", ".json")
FEWEST = 4


@dataclass(frozen=True)
class FineTune:
    """Sizes of a run. ``keep``: the share of the targets that comes from the bundle itself."""

    steps: int = 400
    tapes: int = 400
    learning_rate: float = 3e-4
    keep: float = 0.3
    held_out: float = 0.15
    seed: int = 0


def phones_of(sound: Path, audio: Audio) -> list[Phone] | None:
    """The script beside a sound file; None when there is none."""
    for suffix in SCRIPTS:
        script = sound.with_suffix(suffix)
        if script.is_file():
            return read(script, sound.stem)
    text = sound.with_suffix(".txt")
    return align(audio, text.read_text("utf-8")) if text.is_file() else None


def gather(folder: Path, work: Path) -> list[Recording]:
    """Recordings of a folder as training takes them: 16 kHz mono under ``work``.

    Raises ValueError when fewer than four sound files have a script.
    """
    work.mkdir(parents=True, exist_ok=True)
    found: list[Recording] = []
    for sound in sorted(path for path in folder.rglob("*") if path.suffix.lower() in SOUNDS):
        audio = read_file(sound)
        phones = phones_of(sound, audio)
        if phones is None:
            LOG.warning("%s has no script beside it: left out", sound)
            continue
        samples = audio.samples.astype(np.float32)
        if audio.samples.dtype == np.int16:
            samples /= 32768.0
        mono = resample(samples.mean(axis=1) if samples.ndim == 2 else samples, audio.rate)
        path = work / f"{len(found):05d}.flac"
        soundfile.write(path, np.clip(mono, -1, 1), MODEL_RATE)
        seconds = len(mono) / MODEL_RATE
        segments = tuple(
            Segment(p.start, min(p.end, seconds), p.symbol) for p in phones if p.start < seconds
        )
        found.append(Recording(sound.stem, "own", "own", path, segments))
    if len(found) < FEWEST:
        raise ValueError(
            f"{folder} has {len(found)} sound files with a script beside them; "
            f"at least {FEWEST} are needed (NAME.wav with NAME.TextGrid, .tsv, .lab, .json or .txt)"
        )
    return found


def split(recordings: Sequence[Recording], share: float, seed: int) -> tuple[list[Recording], ...]:
    """Training and held-out recordings."""
    order = np.random.default_rng(seed).permutation(len(recordings))
    count = max(round(share * len(recordings)), 1)
    return [recordings[i] for i in order[count:]], [recordings[i] for i in order[:count]]


def fine_tune(
    bundle: Path, folder: Path, out: Path, work: Path, name: str, options: FineTune | None = None
) -> dict[str, Any]:
    """Write a bundle trained further; returns the held-out scores ``before`` and ``after``.

    The bundle is at least as good on the held-out files as the one it came from. Raises ValueError
    for too little data, ForeignBundleError for a bundle that cannot be trained on.
    """
    chosen = options or FineTune()
    model = restore(bundle)
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    table = json.loads((bundle / manifest["articulation"]).read_text("utf-8"))["version"]
    training, held = split(gather(folder, work / "speech"), chosen.held_out, chosen.seed)
    start = model.front.state_dict()["prior"]
    prior = start.double().numpy()

    def taped(part: str, recordings: list[Recording], count: int, clean: float) -> TapeSet:
        plan = tapes.TapePlan(count, 20.0, {"own": 1.0}, chosen.seed, clean, table)
        made = tapes.build(work / part, recordings, [], plan, prior=prior)
        return TapeSet(made, model.config)

    train_set = taped("tapes", training, chosen.tapes, 0.4)
    dev_set = taped("dev", held, max(4 * len(held), 24), 1.0)
    run = TrainConfig(
        model=model.config, steps=chosen.steps, crop_steps=150, phone_weight=0.0,
        forecast_weight=0.0, learning_rate=chosen.learning_rate, distil=chosen.keep,
        distil_closure=chosen.keep, check_every=100, seed=chosen.seed,
    )  # fmt: skip
    shares = model.shares[0].tolist()
    weights = curve_weights(train_set.channels, train_set.curve_sample())
    knew = Together([member.net for member in model.members], shares).eval()
    before = dev_scores(knew, dev_set, weights, run)
    nets = [
        _trained(member.net, knew, work / f"run-{index}", train_set, dev_set, run)
        for index, member in enumerate(model.members)
    ]
    after = dev_scores(Together(nets, shares).eval(), dev_set, weights, run)
    members = [
        Member(net, old.captured and carry(old.captured, old.net, net, train_set))
        for old, net in zip(model.members, nets, strict=True)
    ]
    if after["total"] > before["total"]:
        members, after = list(model.members), before
    scores = {"before": before, "after": after, "files": len(training), "held_out": len(held)}
    golden = np.load(bundle / "golden.npz")["audio"]
    facts = BundleFacts(
        name, "1.0.0", manifest["licence"], table, _documents(bundle, manifest, name, scores)
    )
    trained = StreamingModel(members, start, shares, model.feeling)
    LOG.info("exported: %s", write_bundle(trained, golden, facts, out))
    return scores


def _trained(
    net: StreamingNet,
    knew: Together,
    folder: Path,
    train_set: TapeSet,
    dev_set: TapeSet,
    run: TrainConfig,
) -> StreamingNet:
    """``net`` trained on, partly towards what all of the bundle's networks ``knew`` together."""
    own = replace(run, model=net.config)
    state = {name: value.contiguous() for name, value in net.state_dict().items()}
    trainer = Trainer(folder, train_set, dev_set, own, teacher=knew, initial=state)
    trainer.best = dev_scores(net, dev_set, trainer.weights, own)["total"]
    save_file(state, folder / "best.safetensors")
    trained = trainer.run()
    assert isinstance(trained, StreamingNet)
    return trained


def _documents(
    bundle: Path, manifest: dict[str, Any], name: str, scores: dict[str, Any]
) -> dict[str, str]:
    rows = "\n".join(
        f"| {key} | {scores['before'][key]:.3f} | {scores['after'][key]:.3f} |"
        for key in ("accuracy", "jaw_r", "jitter")
    )
    card = f"""# Model card: {name}

Bundle {manifest["name"]} {manifest["version"]}, trained further on {scores["files"]} recordings
of its user's own (`talkface train`). {scores["held_out"]} more were held out and chosen by:

| on held-out recordings | before | after |
|---|---|---|
{rows}

Licence of the bundle it came from: {manifest["licence"]} (LICENSE). What the added recordings ask
for is for whoever recorded them to say.
"""
    licence = (bundle / "LICENSE").read_text("utf-8") if (bundle / "LICENSE").is_file() else ""
    return {
        "MODEL_CARD.md": card,
        "LICENSE": licence,
        "training.json": json.dumps(scores, indent=1) + "\n",
    }
