"""Readers of timed phones: what engines, aligners and annotators write."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from talkface import script
from talkface.script import Phone, letters
from talkface.script.phones import PHONES, to_symbol
from talkface.script.timed import in_samples

HI = [Phone(0.0, 0.25, "HH"), Phone(0.25, 0.5, "AY")]


@pytest.fixture
def no_dictionary(monkeypatch) -> None:
    monkeypatch.setattr(letters, "_dictionary", lambda: None)


def save(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding)
    return path


LONG_GRID = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 0.6
tiers? <exists>
size = 3
item []:
    item [1]:
        class = "IntervalTier"
        name = "words"
        xmin = 0
        xmax = 0.6
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 0.5
            text = "hi ""there"" now"
        intervals [2]:
            xmin = 0.5
            xmax = 0.6
            text = ""
    item [2]:
        class = "TextTier"
        name = "clicks"
        xmin = 0
        xmax = 0.6
        points: size = 1
        points [1]:
            number = 0.1
            mark = "x"
    item [3]:
        class = "IntervalTier"
        name = "Phones"
        xmin = 0
        xmax = 0.6
        intervals: size = 3
        intervals [1]:
            xmin = 0
            xmax = 0.25
            text = "HH"
        intervals [2]:
            xmin = 0.25
            xmax = 0.5
            text = "AY1"
        intervals [3]:
            xmin = 0.5
            xmax = 0.6
            text = ""
"""
SHORT_GRID = """File type = "ooTextFile"
Object class = "TextGrid"
0
0.6
<exists>
1
"IntervalTier"
"any name"
0
0.6
3
0
0.25
"HH"
0.25
0.5
"AY1"
0.5
0.6
"sp"
"""


@pytest.mark.parametrize("text", [LONG_GRID, SHORT_GRID])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_textgrids(tmp_path: Path, text: str, encoding: str) -> None:
    phones = script.read(save(tmp_path, "line.TextGrid", text, encoding))
    assert phones == [*HI, Phone(0.5, 0.6, "SIL")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Phones", "letters", "tiers: words, letters"),
        ("TextGrid", "Sound", "not a TextGrid"),
        ("intervals: size = 2", "intervals: size = 1", "damaged"),
        ("intervals: size = 3", "intervals: size = 30", "ends early"),
        ("AY1", "AY9", "no phone 'AY9'"),
        ("xmin = 0.25", "xmin = 0.75", "end past its start"),
        ("xmax = 0.25", 'xmax = "soon"', "damaged"),
    ],
)
def test_wrong_textgrids(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = LONG_GRID.replace(old, new)
    if new == "letters":
        text = text.replace('"AY1"', '"zzz"')
    with pytest.raises(ValueError, match=words) as error:
        script.read(save(tmp_path, "line.TextGrid", text))
    assert "line.TextGrid" in str(error.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tsv", "0\t0.25\tHH\n0.25\t0.5\tAY1\n"),
        ("a.txt", "start\tend\tsymbol\n0\t0.25\tHH\n0.25\t0.5\tAY1\n"),
        ("a.tsv", "utt\tstart\tend\tphone\tword\na\t0\t0.25\tHH\thi\na\t0.25\t0.5\tAY\thi\n"),
        ("a.tsv", "utt\tstart\tend\tphone\nb\t0\t9\tM\na\t0\t0.25\tHH\na\t0.25\t0.5\tAY\n"),
        ("a.lab", "0 2500000 HH\n2500000 5000000 AY\n"),
        ("a.lab", "0.0 0.25 HH\n0.25 0.5 AY\n"),
        ("a.lab", "signal hi\nnfields 1\n#\n0.25 100 hh\n0.5 100 ay\n"),
        ("a.json", "[[0, 0.25, \"HH\"], [0.25, 0.5, \"AY1\"]]"),
        ("a.json", '{"b": 0, "d": 0.5, "t": "hi", "w": [{"b": 0, "d": 0.5, "t": "hi", "w": ['
                   '{"b": 0, "d": 0.25, "t": "HH"}, {"b": 0.25, "d": 0.25, "t": "AY"}]}]}'),
    ],
)  # fmt: skip
def test_tables_labels_and_alignments(tmp_path: Path, name: str, text: str) -> None:
    assert script.read(save(tmp_path, name, text), "a") == HI


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.tsv", "", "no phones"),
        ("a.tsv", "0\t0.25\n", "too short"),
        ("a.tsv", "start\tstop\tphone\n", "needs the columns"),
        ("a.tsv", "utt\tstart\tend\tphone\nb\t0\t9\tM\nc\t0\t9\tM\n", "2 utterances"),
        ("a.tsv", "0\tnan\tHH\n", "finite"),
        ("a.tsv", "0\tlater\tHH\n", "must be a number"),
        ("a.tsv", "-1\t2\tHH\n", "start at 0"),
        ("a.lab", "0 1\n", "not a label"),
        ("a.lab", "#\n0.1\n", "not a label"),
        ("a.json", "{", "not JSON"),
        ("a.json", "3", "holds no timings"),
        ("a.json", "[" * 100_000, "nested too deeply|JSON"),
        ("a.json", '{"timepoints": 3}', "must be a list"),
        ("a.jsonl", '{"time": 0}\n{"time": 1}', "not a speech mark"),
        ("a.wav", "", "must end in"),
    ],
)
def test_wrong_files_are_refused_by_name(tmp_path: Path, name: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        script.read(save(tmp_path, name, text))
    assert name in str(error.value)


def test_other_wrong_files(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.tsv"):
        script.read(tmp_path / "nowhere.tsv")
    (tmp_path / "a.tsv").write_bytes(b"\xff\x00\xc3")
    with pytest.raises(ValueError, match="UTF-8"):
        script.read(tmp_path / "a.tsv")


def test_azure_visemes(tmp_path: Path) -> None:
    ticks = [(0, 0), (1_000_000, 12), (2_500_000, 11), (5_000_000, 0)]
    expected = [Phone(0.0, 0.1, "SIL"), Phone(0.1, 0.25, "HH"), Phone(0.25, 0.5, "AY"),
                Phone(0.5, 0.7, "SIL")]  # fmt: skip
    assert script.from_azure(ticks) == expected
    objects = [SimpleNamespace(audio_offset=a, viseme_id=v) for a, v in ticks]
    assert script.from_azure(objects) == expected
    camel = [{"audioOffset": a, "visemeId": v} for a, v in ticks[::-1]]
    assert script.read(save(tmp_path, "a.json", json.dumps(camel))) == expected
    assert script.from_azure([(a / 10_000, v) for a, v in ticks], unit="ms") == expected
    assert script.from_azure(ticks, end=0.9)[-1].end == 0.9
    assert script.from_azure([]) == []
    for events, words in (
        ([(0, 22)], "0 to 21"), ([(0, 1.5)], "0 to 21"), ([(-1, 1), (5, 1)], "start at 0"),
        ([(float("nan"), 1)], "finite"), ([(0, 1, 2)], "offset, viseme id"), ([3], "audio_offset"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=words):
            script.from_azure(events)
    with pytest.raises(ValueError, match="unit"):
        script.from_azure([], unit="s")


POLLY = """{"time":0,"type":"sentence","start":0,"end":3,"value":"Hi."}
{"time":6,"type":"word","start":0,"end":2,"value":"Hi"}
{"time":6,"type":"viseme","value":"k"}
{"time":120,"type":"viseme","value":"a"}
{"time":420,"type":"viseme","value":"sil"}
"""


@pytest.mark.usefixtures("no_dictionary")
def test_speech_marks(tmp_path: Path) -> None:
    phones = script.read(save(tmp_path, "a.marks", POLLY))
    assert phones == [
        Phone(0.006, 0.12, "K"), Phone(0.12, 0.42, "AE"), Phone(0.42, 0.62, "SIL"),
    ]  # fmt: skip
    words = "\n".join(line for line in POLLY.splitlines() if "viseme" not in line)
    phones = script.from_speech_marks(words, end=0.5)
    assert [p.symbol for p in phones] == ["HH", "IH"]
    assert phones[0].start == 0.006
    assert phones[-1].end == pytest.approx(0.406)  # no phone lasts longer than 0.2 s
    with pytest.raises(ValueError, match="Polly"):
        script.from_speech_marks('{"time":0,"type":"viseme","value":"Q"}')


@pytest.mark.usefixtures("no_dictionary")
def test_ssml_marks() -> None:
    marks = [(0.1, "/HH AH0 L OW1/"), (0.5, ""), (0.8, "bob"), (1.1, "/M/")]
    phones = script.from_marks(marks, end=1.2)
    assert [p.symbol for p in phones] == ["HH", "AH", "L", "OW", "SIL", "B", "AA", "B", "M"]
    assert [round(p.start, 3) for p in phones] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.8, 0.9, 1.0, 1.1]
    assert phones[-1].end == 1.2
    google = {"timepoints": [{"markName": n, "timeSeconds": t} for t, n in marks]}
    assert script.from_timepoints(google, end=1.2) == phones
    with pytest.raises(ValueError, match="no phone"):
        script.from_marks([(0.1, "/HH QQ/")])


def characters(text: str, step: float = 0.1) -> dict:
    return {
        "characters": list(text),
        "character_start_times_seconds": [i * step for i in range(len(text))],
        "character_end_times_seconds": [(i + 1) * step for i in range(len(text))],
    }


@pytest.mark.usefixtures("no_dictionary")
def test_character_timings(tmp_path: Path) -> None:
    timings = characters("She, my box!")
    phones = script.from_characters(timings)
    assert [p.symbol for p in phones] == ["SH", "EH", "M", "AY", "B", "AA", "K", "S"]
    assert phones[0] == Phone(0.0, pytest.approx(0.2), "SH")
    assert phones[-2].end == pytest.approx(1.05)  # the two sounds of x share its time
    assert phones[-1].end == pytest.approx(1.1)
    wrapped = {"audio_base64": "", "alignment": timings}
    assert script.read(save(tmp_path, "a.json", json.dumps(wrapped))) == phones
    socket = {
        "chars": list("She, my box!"),
        "charStartTimesMs": [100 * i for i in range(12)],
        "charDurationsMs": [100] * 12,
    }
    spoken = script.from_characters({"normalizedAlignment": socket})
    assert [p.symbol for p in spoken] == [p.symbol for p in phones]
    assert spoken[3].start == pytest.approx(phones[3].start)
    for key, value, words in (
        ("characters", ["a"], "one length"),
        ("character_end_times_seconds", [0] * 12, "not end before"),
        ("character_start_times_seconds", None, "must be a list"),
    ):
        with pytest.raises(ValueError, match=words):
            script.from_characters({**timings, key: value})


@pytest.mark.usefixtures("no_dictionary")
@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("ship", "SH IH P"), ("Church", "CH ER CH"), ("make", "M EY K"), ("the", "DH AH"),
        ("bubble", "B AH B L"), ("quick", "K W IH K"), ("know", "N OW"), ("city", "S IH T IY"),
        ("hello", "HH EH L OW"), ("r\u00e9sum\u00e9", "R EH S UW M"),
        ("42", "F AO R T UW"), ("night", "N AY T"), ("\u2019", ""), ("\u3042", ""),
    ],
)  # fmt: skip
def test_letters_to_sounds(word: str, phones: str) -> None:
    spelled = letters.pronounce(word)
    assert " ".join(symbol for symbol, _, _ in spelled) == phones
    bounds = [x for _, a, b in spelled for x in (a, b)]
    assert bounds == sorted(bounds)
    assert all(0 <= x <= 1 + 1e-9 for x in bounds)


def test_symbols_of_other_alphabets() -> None:
    for symbol in PHONES:
        assert to_symbol(symbol) == symbol
    pairs = {"AH0": "AH", "ow1": "OW", "sil": "SIL", "": "SIL", " sp ": "SIL", "spn": "UNK",
             "AXR": "ER", "\u0251\u02d0": "AA", "t\u0361\u0283": "CH", "y": "UE", "Y": "Y",
             "j": "Y", "p": "P", "\u02c8e\u026a": "EY", "sh": "SH", "UNK": "UNK"}  # fmt: skip
    for symbol, expected in pairs.items():
        assert to_symbol(symbol) == expected, symbol
    for wrong in ("QX", "AH9", "hello", "??", "a\u026aa", "0", "1"):
        with pytest.raises(ValueError, match="no phone"):
            to_symbol(wrong)


def test_phones_become_samples() -> None:
    assert in_samples(HI, 16000) == [(0, 4000, "HH"), (4000, 8000, "AY")]
    assert in_samples([Phone(0.1, 0.10000001, "M")], 8000) == [(800, 801, "M")]
