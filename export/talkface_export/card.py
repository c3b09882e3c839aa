"""The model card and the licence notice of a trained bundle."""

from __future__ import annotations

from typing import Any

from talkface_export.recipe import COURSES
from talkface_train.articulation.model import LATEST

ATTRIBUTIONS = """\
The model was trained on recordings and synthetic voices under these terms:

- LibriSpeech (Panayotov, Chen, Povey, Khudanpur 2015), CC BY 4.0
- CSTR VCTK (Veaux, Yamagishi, MacDonald et al., University of Edinburgh), CC BY 4.0
- GRID audiovisual sentence corpus, talker 1 (Cooke, Barker, Cunningham, Shao 2006), CC BY 4.0
- Berlin Database of Emotional Speech, EmoDB (Burkhardt, Paeschke, Rolfes, Sendlmeier, Weiss 2005),
  CC0 1.0 / CC BY 4.0
- Speech Commands (Warden 2018), CC BY 4.0
- speechocean762 (Zhang et al. 2021), free for any use / Apache-2.0
- Picovoice wake-word and speech-to-intent benchmark audio, Apache-2.0
- LJ Speech (Ito, Johnson 2017), public domain; Kathleen ARCTIC, CC0; Nathalie (Dutch), CC0;
  Mycroft community wake words, public domain
- Synthetic voices of Festival (kal, ked: CSTR / CMU; slt HTS: CMU) and Flite (slt, rms, awb,
  kal16: CMU) and the Russian voice of Festival (N. V. Shmyrev), under BSD-style licences; Catalan
  ona (Universitat Politecnica de Catalunya) and Finnish lj, mv (University of Helsinki, University
  of Joensuu), LGPL; espeak-ng (its output carries no licence)
"""

SYNTHETIC_ATTRIBUTIONS = """\
The model was trained on synthetic voices alone: Festival (kal, ked: CSTR / CMU; slt HTS: CMU),
Flite (slt, rms, awb, kal16: CMU) and Festival's Russian voice (N. V. Shmyrev), under BSD-style
licences; Catalan ona (Universitat Politecnica de Catalunya) and Finnish lj, mv (University of
Helsinki, University of Joensuu), LGPL; espeak-ng (its output carries no licence).
"""

FACES = """\
A linear layer fitted to the captured face of GRID's talker 1 has a say of {jawOpen:.0%} in
jawOpen and of {mouthPucker:.0%} in mouthPucker."""

SHORTER = """\
It was first trained with a look-ahead of {before} ms, like the default bundle's, then learnt in
{steps} more steps to do with less.
"""

FEELS = """
Also the emotion heard (eight classes, valence, arousal), what an emotion to show adds to 30
channels, and head rotation and translation; six identities, or a mixture of them, may be chosen."""

TAUGHT = """
Emotions were heard in EmoDB (five German actors, six emotions) and in neutral English speech.
*surprised* and *contempt* have no recordings and stay at one per cent. Valence and arousal are no
labels either: they follow from the classes by a table (Russell and Mehrabian 1977). What an emotion
looks like is a rule (EMFACS prototypes), and so are the identities; the head follows a
prosody-to-head model and the captured head of GRID's talker 1 (docs/emotion.md, docs/head.md).
"""

TAUGHT_NOTHING = """
It hears no emotion: there were no recordings of any. What an emotion looks like, the identities and
the head are rules (docs/emotion.md, docs/head.md).
"""

FELT_LIMITS = """
- Blinks, gaze, sway and breath come from an idle layer, not from this model.
- Emotion was tested on acted German alone: happy and angry are often confused, fear is missed more
  often than found.
- How emotions look and how emotional heads move was never seen, only told by rules."""

UNFELT_LIMITS = """
- Eyes, brows and head do not come from this model but from an idle layer (blinks, gaze, brows,
  breath, sway).
- It hears no emotion and takes no style or identity."""

_ROWS = {
    "accuracy": "15-viseme frame accuracy (auxiliary head)",
    "probe_share": "viseme accuracy through the fixed probe on curves, share of rule curves'",
    "closure_precision": "bilabial closures: precision",
    "closure_recall": "bilabial closures: recall",
    "closure_f1": "bilabial closures: F1 (within 40 ms)",
    "closure_lateness_ms": "median closure lateness, ms",
    "r_jawOpen": "jawOpen, r with rule curves of the true phones",
    "r_mouthPucker": "mouthPucker, r",
    "r_mouthFunnel": "mouthFunnel, r",
    "jitter_ratio": "jitter ratio",
    "silence_opening_p99": "mouth opening in labelled silence, p99",
}


def licence_text(name: str, training: dict[str, Any]) -> str:
    """The LICENSE file: CC BY 4.0 by reference, with attributions."""
    names = SYNTHETIC_ATTRIBUTIONS if training["data"] == "synthetic only" else ATTRIBUTIONS
    return (
        "This bundle (model.onnx and the files beside it) is licensed under the Creative Commons\n"
        "Attribution 4.0 International licence (CC BY 4.0).\n"
        "The full text is at https://creativecommons.org/licenses/by/4.0/legalcode\n\n"
        f"Attribute it as: TalkFace {name} bundle, the TalkFace authors.\n\n" + names
    )


def model_card(title: str, training: dict[str, Any], scores: dict[str, Any] | None) -> str:
    """MODEL_CARD.md. ``scores``: a row of ``talkface evaluate`` on english_clean, if measured."""
    plan = training["plan"]
    real = training["data"] != "synthetic only"
    numbers = _numbers(scores) if scores else "Not measured: the shared data was not present.\n"
    sources = f"{plan['hours']:g} hours of synthetic speech (Festival, Flite, espeak-ng)"
    if real:
        sources += "\nand about 80 minutes of real speech (timed phones, more than 270 speakers)"
    networks = "A causal network"
    if plan["partner_width"]:
        networks = "The weighted mean of two causal networks, together"
    size = f"{training['parameters'] / 1e6:.2f} M"
    tapes = plan["tapes"] + (len(COURSES) * plan["more_tapes"] if plan["more_steps"] else 0)
    tape_hours = f"{tapes * plan['tape_seconds'] / 3600:.0f}"
    teacher = (
        "A network of 2.7 M parameters that hears whole recordings taught in their second half.\n"
        if plan["teacher_steps"]
        else ""
    )
    ahead, shorter = plan["look_ahead"], ""
    if plan["short_steps"]:
        ahead = plan["short_look_ahead"]
        shorter = SHORTER.format(steps=plan["short_steps"], before=plan["look_ahead"] // 16)
    shares = {"jawOpen": plan["face_jaw"], "mouthPucker": plan["face_pucker"]}
    faces = "\n" + FACES.format(**shares) if real and any(shares.values()) else ""
    felt = bool(plan["expression_steps"])
    feels = FEELS if felt else ""
    taught = (TAUGHT if real else TAUGHT_NOTHING) if felt else ""
    limits = FELT_LIMITS if felt else UNFELT_LIMITS
    effort = f"{training['minutes']:.0f} minutes on {training['cpu_count']} CPU cores"
    return f"""# Model card: {title}

**What it does.** Hears 16 kHz speech and gives, 50 times a second, weights of the jaw, mouth and
tongue channels of ARKit's 52 blendshapes, probabilities of 15 visemes and of sealed lips.{feels}
Streaming: hop 40 ms, look-ahead {ahead // 16} ms, no frame depends on audio past it.

**What it is.** {networks} of {size} parameters trained from scratch:
log-mel inside the graph, splice layers at 25 steps a second, a GRU, heads for two frames a step
and a preview of the next, which smooths without delay.
{teacher}{shorter}No pretrained model took part.

**What it learned from.** {sources},
in {tape_hours} hours of augmented tapes (rooms, microphones, telephone lines, noise and babble from
0 dB up, levels, speed, vocal tract length, whisper; music, rooms, breaths, coughs and typing
without speech). Targets are rule curves of the timed phones (articulation table {LATEST}): a high
correlation means "the right shape at the right time", not "moves like a certain person".{faces}
{taught}
**What it took.** {effort} from nothing to the bundle
(`python -m talkface_export.make_bundle`), torch {training["torch"]}.

## Numbers

{numbers}
## Limits
{limits}
- Best in English; it has heard some German, Dutch and synthetic voices of seven more languages;
  other languages are untested.
- Singing and laughter move the mouth. In strong noise (below 10 dB) lip closures get lost.
- tongueOut for *th* and the difference of *n* and *l* are its weakest points.

## Licence

CC BY 4.0; see LICENSE in this folder for the attributions that the data asks for.
"""


def _numbers(scores: dict[str, Any]) -> str:
    lines = [
        "Suite english_clean of the shared data, test split (never trained or chosen on),",
        f"{scores['files']} files, {scores['closures']} closures; "
        "value and 95 % bootstrap interval over files.",
        "`talkface evaluate --suite english_clean`; definitions in docs/metrics.md.",
        "",
        "| metric | value |",
        "|---|---|",
    ]
    for key, title in _ROWS.items():
        value, low, high = scores[key]
        digits = 1 if key.endswith("_ms") else 3
        lines.append(f"| {title} | {value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}] |")
    return "\n".join(lines) + "\n"
