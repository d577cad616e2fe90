"""Names of sources as file names: safe everywhere, never two the same, found by the corpus reader."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from kotaku_nlp.coding.files.readers.imported import stem_of
from kotaku_nlp.corpus.finding import list_transcripts
from kotaku_nlp.corpus.readers import SUFFIXES
from kotaku_nlp.corpus.sheets import guarded
from kotaku_nlp.projects.names import file_stems


@given(st.lists(st.text(max_size=30), unique=True, min_size=1, max_size=8))
@example(
    ["README", "readme ", "CON", "con.txt", "lisensi", "~$kunci", "__a", ".b", "../../etc", "a\u202egnp.exe"]
)
@example(["é", "e\u0301", "É.docx", "🙏" * 100, "x" * 300, "a.txt.docx", "'=A1"])
def test_every_stem_is_a_file_that_is_found_again(names: list[str]) -> None:
    stems = file_stems(names)
    assert list(stems) == names and len({stem.casefold() for stem in stems.values()}) == len(names)
    with TemporaryDirectory() as folder:
        (Path(folder) / "transcripts").mkdir()
        for stem in stems.values():
            (Path(folder) / "transcripts" / f"{stem}.txt").write_text("ada", "utf-8")
        listing = list_transcripts(Path(folder), SUFFIXES)
    assert {one.name for one in listing.files} == set(stems.values())
    for stem in stems.values():
        assert guarded(stem) == stem and stem_of(stem, SUFFIXES) == stem


def test_a_good_name_stays_as_it_is() -> None:
    names = ["Pak Lurah (2)", "W-01 RT.03", "wawancara_1"]
    assert file_stems(names) == {name: name for name in names}
