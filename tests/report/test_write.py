from __future__ import annotations

import csv
import re
from dataclasses import replace

import pytest

from kotaku_nlp.columns import RELATIONS
from kotaku_nlp.report.write import write_report

FIGURES = {
    f"figures/{name}.{kind}"
    for name in ("dimensions", "aspects", "topics", "saturation")
    for kind in ("svg", "png")
}


@pytest.fixture(scope="module")
def written(analysis, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return folder, write_report(analysis, folder)


def test_all_that_a_run_folder_promises_is_written(written, analysis):
    folder, files = written
    names = {path.relative_to(folder).as_posix() for path in files}
    assert names == {"report.html", "tables.xlsx"} | FIGURES | {
        f"tables/{name}.csv" for name in (*analysis.tables, *RELATIONS)
    }
    assert all(path.stat().st_size > 0 for path in files)


def test_links_of_the_page_lead_to_files_that_are_there(written):
    folder, _ = written
    links = re.findall(r'href="([^"#]+)"', (folder / "report.html").read_text(encoding="utf-8"))
    assert links and all((folder / link).is_file() for link in links)


def test_figures_carry_no_date_and_load_nothing(written):
    folder, _ = written
    for path in (folder / "figures").glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert "<dc:date>" not in text
        assert not re.search(r'(?:href|src)="https?:', text)
    for path in (folder / "figures").glob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG")


def test_writing_again_gives_the_same_bytes(written, analysis, tmp_path):
    folder, files = written
    write_report(analysis, tmp_path)
    for path in files:
        again = tmp_path / path.relative_to(folder)
        assert again.read_bytes() == path.read_bytes(), path.name


def test_csv_cells_cannot_run(analysis, tmp_path):
    tables = {name: frame.copy() for name, frame in analysis.tables.items()}
    tables["quotes"].loc[0, "text"] = '=HYPERLINK("http://x.invalid")'
    write_report(replace(analysis, tables=tables), tmp_path)
    with (tmp_path / "tables" / "quotes.csv").open(encoding="utf-8-sig", newline="") as file:
        first = next(csv.DictReader(file))
    assert first["text"].startswith("'=")


def test_labels_that_a_drawing_library_would_read_as_code_are_drawn_as_they_are(analysis, tmp_path):
    topics = analysis.topics.copy()
    topics.loc[0, "label"] = r"biaya $x_{1}$ dan \frac 💧"
    write_report(replace(analysis, topics=topics), tmp_path)
    assert (tmp_path / "figures" / "topics.png").stat().st_size > 0


@pytest.mark.parametrize("lang", ["id", "en"])
def test_an_empty_analysis_is_written_whole(nothing, tmp_path, lang):
    seen: list[tuple[str, int, int]] = []
    files = write_report(nothing, tmp_path, lang, progress=lambda *step: seen.append(step))
    assert FIGURES <= {path.relative_to(tmp_path).as_posix() for path in files}
    assert seen[-1] == ("report", 4, 4)
