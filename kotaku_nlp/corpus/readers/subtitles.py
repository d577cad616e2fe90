"""Subtitles (.vtt, .srt): one block a cue, with the speaker that a voice tag or prefix names."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from kotaku_nlp.corpus.readers.building import Builder, blank
from kotaku_nlp.corpus.readers.decoding import read_text
from kotaku_nlp.corpus.readers.guarding import damage
from kotaku_nlp.corpus.source import Block, Source
from kotaku_nlp.errors import CorpusError

_STAMP = r"(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3})\d*)?"
_TIMING = re.compile(rf"[ \t]*{_STAMP}[ \t]*-->[ \t]*{_STAMP}(?=\s|$)(.*)")
#: Blocks of a VTT file that are no cue.
_OTHER_BLOCK = re.compile(r"(WEBVTT|NOTE|STYLE|REGION)(?=\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>")
#: Only marks of the formats; anything else in angle brackets, e.g. <tertawa>, is the transcriber's.
_TAG = re.compile(
    r"</?(?:v|c|b|i|u|s|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<[\d:.]+>|\{\\[^{}]*\}", re.IGNORECASE
)
#: "[SPEAKER_00]: …" (WhisperX), "SPEAKER_00: …" and noScribe's "S00: …".
_PREFIX = re.compile(
    r"^[ \t]*(?:\[([^\]\n]{1,60})\][ \t]*:|(SPEAKER_\d+|S\d\d):)[ \t]*", re.MULTILINE
)  # fmt: skip


def read_subtitles(path: Path) -> Source:
    """Read a subtitle file, whichever of the two formats its content is.

    :raises CorpusError: when a cue cannot be read, with its line, so that none is lost.
    """
    text = read_text(path)
    return _read_vtt(text, path) if text.lstrip().startswith("WEBVTT") else _read_srt(text, path)


def _read_vtt(text: str, path: Path) -> Source:
    from webvtt import WebVTT

    lines = _even_lines(text, path.name, decimal=".")
    with damage(path):
        parsed = WebVTT.from_string("\n".join(_closed(lines)))
    _demand_all(len(parsed.captions), lines, path.name)
    builder = Builder()
    for number, caption in enumerate(parsed.captions, start=1):
        _add_cue(builder, number, caption.start.split(".")[0], caption.raw_text)
    comments = [*parsed.header_comments, *parsed.footer_comments]
    return builder.source({"note": "\n".join(comments)} if comments else None)


def _read_srt(text: str, path: Path) -> Source:
    import srt

    lines = _even_lines(text, path.name, decimal=",")
    if not blank(text) and not any(map(_TIMING.match, lines)):
        raise CorpusError("reading_cue", f"{path.name}, line 1", line=lines[0].strip()[:60])
    with damage(path):
        cues = list(srt.parse("\n".join(lines)))
    _demand_all(len(cues), lines, path.name)
    builder = Builder()
    for number, cue in enumerate(cues, start=1):
        _add_cue(builder, number, clock(cue.start.total_seconds()), cue.content)
    return builder.source()


def clock(seconds: float) -> str:
    """Return a time since the beginning as hh:mm:ss."""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _even_lines(text: str, where: str, decimal: str) -> list[str]:
    """Return the lines with every timing in the full form that both libraries demand.

    :raises CorpusError: at a line with an arrow that is no timing although digits stand before it.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        found = _TIMING.match(line)
        if found:
            start, end = (_stamp(found.groups()[at : at + 4], decimal) for at in (0, 4))
            lines[number] = f"{start} --> {end}{found[9]}"
        elif re.match(r"\s*[\d:.,]+\s*-->", line):
            raise CorpusError("reading_cue", f"{where}, line {number + 1}", line=line.strip()[:60])
    return lines


def _stamp(parts: tuple[str | None, ...], decimal: str) -> str:
    hours, minutes, seconds, fraction = parts
    return (
        f"{int(hours or 0):02}:{int(minutes or 0):02}:{int(seconds or 0):02}{decimal}{(fraction or '0'):0<3}"
    )


def _closed(lines: list[str]) -> Iterator[str]:
    """Drop blank lines inside cues: a VTT reader would lose what stands after them."""
    pending = begun = False
    for number, line in enumerate(lines):
        if not line.strip():
            pending = begun
            continue
        begun = True
        if pending and (_OTHER_BLOCK.match(line) or any(map(_TIMING.match, lines[number : number + 2]))):
            yield ""
        pending = False
        yield line


def _demand_all(read: int, lines: list[str], where: str) -> None:
    timings = sum(bool(_TIMING.match(line)) for line in lines)
    if read != timings:
        raise CorpusError("reading_cues_lost", where, read=read, there=timings)


def _add_cue(builder: Builder, number: int, time: str, raw: str) -> None:
    """Add a cue, or one block per voice where several speak in it."""
    block = Block(0, 0, "cue", f"cue {number}", time=time)
    before, *voiced = _VOICE.split(raw)
    for label, words in _prefixed(before):
        builder.speech(block, label, _plain(words))
    for label, words in zip(voiced[0::2], voiced[1::2], strict=True):
        builder.speech(block, html.unescape(label), _plain(words))


def _prefixed(text: str) -> Iterator[tuple[str | None, str]]:
    """Yield label and words of every prefix, the words before the first one without a label."""
    before, *parts = _PREFIX.split(text)
    yield None, before
    for bracketed, bare, words in zip(parts[0::3], parts[1::3], parts[2::3], strict=True):
        yield bracketed or bare, words


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", text))
