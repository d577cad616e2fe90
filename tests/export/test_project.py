"""A run as a project file: people and the machine apart, every span where it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kotaku_nlp.coding.codebook import parse_codebook
from kotaku_nlp.coding.files.refi import read_refi
from kotaku_nlp.export.project import project_of
from kotaku_nlp.export.spans import human_spans, in_order, machine_spans
from kotaku_nlp.export.write import KINDS, export_run


def identity(coding):
    columns = ["transcript", "start", "end", "code_path", "coder"]
    return sorted(coding.rows[columns].itertuples(index=False, name=None))


def test_the_machine_is_a_user_of_its_own_and_every_span_comes_back(analysis, coding, tmp_path):
    rows = coding({"transcript": "w1", "start": 33, "end": 40, "code": "percaya"},
                  {"transcript": "w1", "turn": 3, "code": "punya saya"})  # fmt: skip
    problems = export_run(analysis, "qdpx", tmp_path / "baru" / "hasil.qdpx", [rows])
    assert [problem.key for problem in problems] == ["refi_wide"]  # some programs count 🙏 as two
    project = read_refi(tmp_path / "baru" / "hasil.qdpx")
    found = identity(project.coding())
    people = [one for one in found if one[4] == "Peneliti A"]
    assert [one[:4] for one in people] == [("w1", 33, 40, "Proses > Percaya"), ("w1", 77, 109, "punya saya")]
    machine = [(name, path) for name, _, _, path, coder in found if coder.startswith("kotaku-nlp")]
    assert machine == [("w1", "Proses > Dialog"), ("w1", "Proses > Percaya"), ("w2", "Aturan")]
    assert len(found) == len(people) + len(machine)


def test_what_is_known_of_informants_travels_and_how_much_they_said_does_not(analysis):
    project = project_of(analysis, machine_spans(analysis))
    values = {case.name: dict(case.values) for case in project.cases}
    assert values["I1"] == {"group": "Masyarakat", "role": "Ketua RT", "kind": "interview"}


def test_codes_of_several_codebooks_stay_apart(analysis, coding):
    other = parse_codebook(
        "id: lain\ntitle: Lain\ndimensions:\n  - {id: percaya, label: Yakin, definition: yakin sekali}\n"
    )
    both = replace(analysis, codebooks=(*analysis.codebooks, other))
    people, _ = human_spans(both, [coding({"transcript": "w1", "turn": 3, "code": "percaya"})])
    spans = in_order((*people, *(replace(span, codebook="lain", basis="shipped") for span in people)))
    paths = {one[3] for one in identity(project_of(both, spans).coding())}
    assert paths == {"Kerja bersama > Proses > Percaya", "Lain > Yakin"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_writes_its_target_and_names_what_it_could_not_place(analysis, coding, tmp_path, kind):
    rows = coding({"transcript": "w9", "turn": 2, "code": "percaya"})
    target = tmp_path / f"hasil{KINDS[kind]}"
    problems = export_run(analysis, kind, target, [rows])
    errors = [problem.key for problem in problems if problem.level == "error"]
    assert errors == ["export_no_transcript"]
    assert target.is_dir() == (kind in ("docx", "csv"))
    assert target.exists()


def test_a_kind_nobody_knows_writes_nothing(analysis, tmp_path):
    with pytest.raises(ValueError, match="'pdf' is none of docx, qdpx, xlsx, csv"):
        export_run(analysis, "pdf", tmp_path / "hasil")
    assert not any(tmp_path.iterdir())
