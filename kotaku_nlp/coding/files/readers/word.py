"""Word comments as codes: each comment's range in the canonical text, its author as the coder.

The text is the one that the transcript reader makes of the same file. To know where a comment lies in
it, marks are set into a copy of the document just inside the words that the comment holds, the copy is
read the same way, and the marks are taken out again; what remains must be the text of the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kotaku_nlp.coding.files.readers.imported import Imported, Ledger
from kotaku_nlp.corpus.readers import read_source
from kotaku_nlp.corpus.readers.guarding import check_package, damage
from kotaku_nlp.errors import CodingError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
#: Text in these is not in the transcript any more.
_ASIDE = frozenset({_W + "moveFrom", _W + "del"})
#: Noncharacters: no text uses them, XML allows them.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"{_OPEN}([se])(\\d+){_CLOSE}")
_PREFIX = re.compile(r"^(?:#|(?:kode|code|koding|coding|tema|theme)\s*:)\s*", re.IGNORECASE)
#: A comment longer than this is a remark; codes have names.
_LONGEST_CODE = 80


@dataclass(frozen=True)
class Comment:
    """One comment of a Word document."""

    id: str
    author: str
    date: str
    text: str
    reply: bool


def has_comments(path: Path) -> bool:
    """Tell whether a Word document holds any comment."""
    check_package(path)
    with damage(path):
        return bool(_comments(_document(path)))


def read_word_comments(path: Path) -> Imported:
    """Read the comments of a Word transcript as codes.

    Several codes in one comment are parted by a semicolon or a new line. Tracked changes count as
    accepted. Replies are talk about a code, and are told, not taken.

    :param path: the .docx file.
    :raises CodingError: when it holds no comment, or its text cannot be followed.
    :raises CorpusError: when the file is damaged, locked, oversized or unsafe.
    """
    check_package(path)
    source = read_source(path)
    ledger = Ledger(path.name)
    with damage(path):
        document = _document(path)
        comments = _comments(document)
        if not comments:
            raise CodingError("readers_no_comments", path.name)
        marked = _marked_text(document, path)
    spans = _spans(marked)
    if _MARK.sub("", marked) != source.text:
        raise CodingError("readers_word_text", path.name)
    name = unicodedata.normalize("NFC", path.stem)
    ledger.texts[name] = source.text
    for comment in comments:
        _keep(comment, spans.get(comment.id), name, ledger)
    return ledger.close(path.stem)


def _document(path: Path) -> Any:
    from docx import Document

    return Document(str(path))


def _comments(document: Any) -> list[Comment]:
    """Return the comments in their own order; a reply knows the comment that it answers."""
    part = _related(document.part, "comments")
    if part is None:
        return []
    replies = _replies(document.part)
    found = []
    for element in part.iter(_W + "comment"):
        paragraphs = list(element.iter(_W + "p"))
        ids = {paragraph.get(_W14 + "paraId") for paragraph in paragraphs}
        found.append(
            Comment(
                id=element.get(_W + "id", ""),
                author=element.get(_W + "author", ""),
                date=element.get(_W + "date", ""),
                text="\n".join(_plain(paragraph) for paragraph in paragraphs),
                reply=bool(ids & replies),
            )
        )
    return found


def _related(part: Any, kind: str) -> Any:
    """Return the root of a part beside the body, None when the document has none."""
    from docx.oxml.parser import parse_xml

    for relation in part.rels.values():
        if not relation.is_external and relation.reltype.rsplit("/", 1)[-1] == kind:
            return parse_xml(relation.target_part.blob)
    return None


def _replies(part: Any) -> set[str]:
    """Return ids of the paragraphs that end a reply."""
    root = _related(part, "commentsExtended")
    entries = [] if root is None else root.iter(_W15 + "commentEx")
    return {entry.get(_W15 + "paraId") for entry in entries if entry.get(_W15 + "paraIdParent")}


def _plain(paragraph: Any) -> str:
    signs = {_W + "br": "\n", _W + "cr": "\n", _W + "tab": " "}
    items = (
        (item.text or "") if item.tag == _W + "t" else signs.get(item.tag, "") for item in paragraph.iter()
    )
    return "".join(items)


def _marked_text(document: Any, path: Path) -> str:
    """Return the canonical text with a mark before the first and after the last character of each range."""
    before: dict[Any, list[str]] = {}
    after: dict[Any, list[str]] = {}
    waiting: list[str] = []
    last: Any = None
    for element in _walk(document.element.body):
        number = element.get(_W + "id", "")
        if element.tag == _W + "commentRangeStart":
            waiting.append(f"{_OPEN}s{number}{_CLOSE}")
        elif element.tag == _W + "commentRangeEnd":
            if last is not None:
                after.setdefault(last, []).append(f"{_OPEN}e{number}{_CLOSE}")
        elif element.tag == _W + "t" and (element.text or "").strip():
            if waiting:
                before[element], waiting = waiting, []
            last = element
    for element in {**before, **after}:
        text = element.text
        head = len(text) - len(text.lstrip())
        tail = len(text.rstrip())
        opening, closing = "".join(before.get(element, [])), "".join(after.get(element, []))
        element.text = text[:head] + opening + text[head:tail] + closing + text[tail:]
    with TemporaryDirectory(prefix="kotaku-") as folder:
        copy = Path(folder) / path.name
        document.save(str(copy))
        return read_source(copy).text


def _walk(parent: Any) -> Iterator[Any]:
    """Yield what stands in the accepted text, in the order in which it is read."""
    for child in parent:
        twin = child.tag == _MC + "Fallback" and parent.find(_MC + "Choice") is not None
        if not isinstance(child.tag, str) or child.tag in _ASIDE or twin:
            continue
        yield child
        if child.tag != _W + "t":
            yield from _walk(child)


def _spans(marked: str) -> dict[str, tuple[int, int]]:
    """Return comment id → span in the text without marks; a range whose marks are lost is left out."""
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    taken = 0
    for mark in _MARK.finditer(marked):
        (starts if mark[1] == "s" else ends)[mark[2]] = mark.start() - taken
        taken += len(mark[0])
    return {id: (starts[id], ends[id]) for id in starts if starts[id] < ends.get(id, 0)}


def _keep(comment: Comment, span: tuple[int, int] | None, name: str, ledger: Ledger) -> None:
    place = f"comment {int(comment.id) + 1 if comment.id.isdecimal() else comment.id}"
    said = " ".join(comment.text.split())
    if not said:
        ledger.skip("readers_comment_empty", place, count=1)
    elif comment.reply:
        ledger.skip("readers_comment_reply", place, count=1, text=said[:60])
    elif span is None:
        ledger.leave("readers_comment_nowhere", place, count=1, text=said[:60])
    else:
        quote = ledger.texts[name][span[0] : span[1]]
        for code in codes_in(comment.text):
            if len(code) > _LONGEST_CODE:
                what = {"text": code[:60], "limit": _LONGEST_CODE}
                ledger.leave("readers_comment_remark", place, count=1, **what)
                continue
            ledger.keep(
                place, transcript=name, start=span[0], end=span[1], quote=quote, code=code,
                coder=comment.author or "Word", date=comment.date,
            )  # fmt: skip


def codes_in(text: str) -> list[str]:
    """Return the codes that a comment names, each once; a part in brackets is a remark."""
    parts = (_PREFIX.sub("", " ".join(part.split())).strip() for part in re.split(r"[;\n]", text))
    named = (part for part in parts if part and not (part.startswith("(") and part.endswith(")")))
    return list(dict.fromkeys(named))
