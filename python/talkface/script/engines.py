"""What text-to-speech engines say about the timing of their speech, as timed phones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from talkface.script.letters import pronounce
from talkface.script.phones import SILENCE, to_symbol
from talkface.script.timed import LONGEST, Phone, number, parse_json, phone, until_next

AZURE_VISEMES: tuple[str, ...] = (
    "SIL", "AH", "AA", "AO", "EH", "ER", "IY", "UW", "OW", "AW", "OY",
    "AY", "HH", "R", "L", "S", "SH", "DH", "F", "D", "K", "P",
)  # fmt: skip
"""A phone of each of Azure's 22 viseme ids (the table of
https://learn.microsoft.com/azure/ai-services/speech-service/how-to-speech-synthesis-viseme)."""

POLLY_VISEMES: dict[str, str] = {
    "sil": "SIL", "p": "P", "t": "T", "l": "L", "S": "SH", "T": "TH", "f": "F", "k": "K", "i": "IY",
    "r": "R", "s": "S", "u": "UW", "@": "AH", "a": "AE", "e": "EY", "E": "EH", "o": "OW", "O": "AO",
}  # fmt: skip
"""A phone of each viseme of Amazon Polly's English voices (the table of
https://docs.aws.amazon.com/polly/latest/dg/ph-table-english-us.html)."""

_TICKS = 10_000_000
_OFFSETS = ("audio_offset", "audioOffset", "AudioOffset")
_VISEME_IDS = ("viseme_id", "visemeId", "VisemeId")
_LETTERS = ("characters", "chars")


def _field(item: Any, names: Sequence[str]) -> Any:
    for name in names:
        if isinstance(item, Mapping) and name in item:
            return item[name]
        if not isinstance(item, Mapping) and hasattr(item, name):
            return getattr(item, name)
    raise ValueError(f"an event needs {names[0]}: {str(item)[:80]}")


def from_azure(
    events: Iterable[Any], *, unit: str = "ticks", end: float | None = None
) -> list[Phone]:
    """Viseme events of Azure's Speech SDK.

    ``events``: pairs of offset and viseme id, or event objects or dictionaries with
    ``audio_offset`` and ``viseme_id`` (also in camel case). ``unit``: of offsets, ``"ticks"`` of
    100 ns as the SDK gives them, or ``"ms"``. ``end`` of the audio in seconds, where the last
    viseme ends. Raises ValueError for anything else.
    """
    if unit not in ("ticks", "ms"):
        raise ValueError(f"unit must be 'ticks' or 'ms', not {unit!r}")
    scale = _TICKS if unit == "ticks" else 1000
    starts = []
    for event in events:
        if isinstance(event, (tuple, list)):
            if len(event) != 2:
                raise ValueError(f"an event must be (offset, viseme id), not {event!r}")
            offset, viseme = event
        else:
            offset, viseme = _field(event, _OFFSETS), _field(event, _VISEME_IDS)
        index = number(viseme, "viseme id")
        if not index.is_integer() or not 0 <= index < len(AZURE_VISEMES):
            raise ValueError(f"viseme ids are 0 to {len(AZURE_VISEMES) - 1}, not {viseme!r}")
        starts.append((number(offset, "offset") / scale, AZURE_VISEMES[int(index)]))
    return until_next(starts, end)


def from_speech_marks(lines: str, *, end: float | None = None) -> list[Phone]:
    """Speech marks as Amazon Polly writes them: one JSON object a line, times in milliseconds.

    Viseme marks if there are any (English voices), else word and SSML marks as :func:`from_marks`
    takes them. Format: https://docs.aws.amazon.com/polly/latest/dg/output.html
    """
    visemes: list[tuple[float, str]] = []
    marks: list[tuple[float, str]] = []
    for line in lines.splitlines():
        if not line.strip():
            continue
        mark = parse_json(line)
        if not isinstance(mark, dict) or "type" not in mark or "time" not in mark:
            raise ValueError(f"not a speech mark: {line[:80]}")
        seconds, value = number(mark["time"]) / 1000, str(mark.get("value", ""))
        if mark["type"] == "viseme":
            if value not in POLLY_VISEMES:
                raise ValueError(f"no viseme {value!r} in Polly's English table")
            visemes.append((seconds, POLLY_VISEMES[value]))
        elif mark["type"] in ("word", "ssml"):
            marks.append((seconds, value))
    return until_next(visemes, end) if visemes else from_marks(marks, end=end)


def from_marks(marks: Iterable[tuple[Any, str]], *, end: float | None = None) -> list[Phone]:
    """Marks of SSML (``<mark name="...">``) or of words: pairs of seconds and name.

    A name is the word that begins there, or its phones between slashes, as in ``/HH AH0 L OW1/``;
    an empty name is silence. A word lasts until the next mark, but no phone longer than 0.2 s.
    """
    timed = sorted(((number(time), str(name)) for time, name in marks), key=lambda mark: mark[0])
    phones: list[Phone] = []
    for index, (start, name) in enumerate(timed):
        text = name.strip()
        if text.startswith("/") and text.endswith("/"):
            symbols = [to_symbol(symbol) for symbol in text.strip("/").split()]
            shares = [(s, i / len(symbols), (i + 1) / len(symbols)) for i, s in enumerate(symbols)]
        else:
            shares = pronounce(text) if text else []
        last = index + 1 == len(timed)
        following = timed[index + 1][0] if not last else end
        longest = start + LONGEST * max(len(shares), 1)
        stop = longest if following is None else min(following, longest)
        if not shares and following is not None:
            shares, stop = [(SILENCE, 0.0, 1.0)], following
        phones += _spread(shares, start, stop)
    return phones


def _spread(shares: Iterable[tuple[str, float, float]], start: float, end: float) -> list[Phone]:
    length = end - start
    timed = [(start + a * length, start + b * length, symbol) for symbol, a, b in shares]
    return [phone(a, b, symbol) for a, b, symbol in timed if b > a]


def from_timepoints(response: Mapping[str, Any], *, end: float | None = None) -> list[Phone]:
    """Time points of Google's Text-to-Speech: ``{"timepoints": [{"markName", "timeSeconds"}]}``.

    Names as :func:`from_marks` takes them. Format:
    https://cloud.google.com/text-to-speech/docs/reference/rest/v1beta1/text/synthesize
    """
    points = response.get("timepoints")
    if not isinstance(points, list):
        raise ValueError("timepoints must be a list")
    marks = [(_field(p, ["timeSeconds"]), str(_field(p, ["markName"]))) for p in points]
    return from_marks(marks, end=end)


def from_characters(alignment: Mapping[str, Any]) -> list[Phone]:
    """Times of characters, as ElevenLabs gives them.

    ``characters``, ``character_start_times_seconds``, ``character_end_times_seconds``, also inside
    ``alignment``; or the web socket's ``chars``, ``charStartTimesMs``, ``charDurationsMs``. Words
    become phones by the dictionary of the [align] extra, else by spelling. Format:
    https://elevenlabs.io/docs/api-reference/text-to-speech/convert-with-timestamps
    """
    for key in ("alignment", "normalized_alignment", "normalizedAlignment"):
        if isinstance(alignment.get(key), Mapping):
            alignment = alignment[key]
            break
    letters, starts, ends = _characters(alignment)
    phones: list[Phone] = []
    word = ""
    bounds: list[tuple[float, float]] = []
    for letter, start, end in zip([*letters, " "], [*starts, 0.0], [*ends, 0.0], strict=True):
        if letter.isalnum() or (letter in "'\u2019" and word):
            word += letter
            bounds.append((start, end))
        elif word:
            phones += _along(word, bounds)
            word, bounds = "", []
    return phones


def _characters(alignment: Mapping[str, Any]) -> tuple[list[str], list[float], list[float]]:
    letters = _field(alignment, _LETTERS)
    if "charStartTimesMs" in alignment:
        first = _numbers(alignment["charStartTimesMs"], 0.001)
        lengths = _numbers(_field(alignment, ["charDurationsMs"]), 0.001)
        last = [a + b for a, b in zip(first, lengths, strict=False)]
    else:
        first = _numbers(_field(alignment, ["character_start_times_seconds"]))
        last = _numbers(_field(alignment, ["character_end_times_seconds"]))
    if not isinstance(letters, (list, str)) or not len(letters) == len(first) == len(last):
        raise ValueError("characters, their starts and their ends must be lists of one length")
    if any(a < 0 or b < a for a, b in zip(first, last, strict=True)):
        raise ValueError("a character must start at 0 or later and not end before that")
    return [str(letter) for letter in letters], first, last


def _numbers(values: Any, scale: float = 1.0) -> list[float]:
    if not isinstance(values, list):
        raise ValueError("times of characters must be a list")
    return [scale * number(value) for value in values]


def _along(word: str, bounds: Sequence[tuple[float, float]]) -> list[Phone]:
    """Phones of a word over the times of its characters."""

    def at(share: float) -> float:
        place = min(share * len(bounds), float(len(bounds)))
        index = min(int(place), len(bounds) - 1)
        start, end = bounds[index]
        return start + (place - index) * (end - start)

    timed = [(at(a), at(b), symbol) for symbol, a, b in pronounce(word)]
    return [phone(a, b, symbol) for a, b, symbol in timed if b > a]
