"""What people call the elements of a project."""

from __future__ import annotations

from kotaku_nlp.messages import say

#: Element → what stands behind `refi_element_` in the wording table.
_WORDS = {
    "User": "coder",
    "Code": "code",
    "Variable": "variable",
    "VariableValue": "value",
    "Case": "case",
    "Source": "source",
    "TextSource": "text",
    "PDFSource": "pdf",
    "PictureSource": "picture",
    "AudioSource": "sound",
    "VideoSource": "video",
    "PlainTextSelection": "passage",
    "PDFSelection": "passage_pdf",
    "PictureSelection": "passage_picture",
    "AudioSelection": "passage_sound",
    "VideoSelection": "passage_video",
    "Coding": "coding",
    "Note": "note",
    "Link": "link",
    "Set": "set",
    "Graph": "graph",
    "richTextPath": "formatting",
    "CodeRef": "case_code",
}


def word_for(element: str, lang: str) -> str:
    """Return what an element is called in a language; one that nobody knows keeps its name.

    :param element: e.g. "Coding".
    :param lang: "id" or "en".
    """
    return say(f"refi_element_{_WORDS[element]}", lang) if element in _WORDS else element
