"""Every problem that reading a corpus can name has its words in both languages."""

import re
from pathlib import Path

import pytest

import kotaku_nlp.corpus
from kotaku_nlp.messages import LANGUAGES, wording

FOLDER = Path(kotaku_nlp.corpus.__file__).parent
RAISED = re.compile(r'(?:Problem|CorpusError)\(\s*"(\w+)"|key = "(\w+)" if .* else "(\w+)"')
KEYS = sorted(
    {
        key
        for file in FOLDER.glob("*.py")
        for found in RAISED.findall(file.read_text())
        for key in found
        if key
    }
)


def test_keys_are_found():
    assert len(KEYS) > 20


@pytest.mark.parametrize("key", KEYS)
def test_words_in_both_languages(key):
    texts = wording()[key]
    assert set(texts) == set(LANGUAGES)
    fields = [set(re.findall(r"{(\w+)}", text)) for text in texts.values()]
    assert fields[0] == fields[1] or key == "kind_unrecognised"
