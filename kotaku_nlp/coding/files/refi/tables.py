"""A project as the tables and nouns that the other stages work on."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from kotaku_nlp.coding.codings import COLUMNS
from kotaku_nlp.coding.files.refi.naming import SEPARATOR, code_names, coder, user_names
from kotaku_nlp.coding.files.refi.project import NO_DATE, RefiProject
from kotaku_nlp.errors import CodebookError
from kotaku_nlp.records import Codebook, Coding, Dimension

if TYPE_CHECKING:
    import pandas as pd


def coding_of(project: RefiProject, accept: Collection[str] = ()) -> Coding:
    """Return the accepted codings of a project.

    :param accept: names of sources whose doubtful selections the caller takes upon trust.
    """
    import pandas as pd

    names, users = code_names(project.codes), user_names(project.users)
    paths = {code.guid: SEPARATOR.join(code.path) for code in project.codes}
    rows = []
    for row in project.rows(accept):
        if row.fate != "kept":
            continue
        start, end = row.selection.start, row.selection.end
        quote, who = row.source.text[start:end], coder(users, row.mark.user)
        date = "" if row.mark.date == NO_DATE else row.mark.date
        place = (row.source.name, None, start, end, quote)
        rows.append((*place, names[row.mark.code], who, paths[row.mark.code], date, row.selection.memo))
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "code_path", "date", "memo"])
    return Coding(project.name, frame.astype({name: "Int64" for name in ("turn", "start", "end")}))


def codebook_of(project: RefiProject) -> Codebook:
    """Return the code tree as a codebook; a code without a description is defined by its name.

    :raises CodebookError: when there is no code.
    """
    if not project.codes:
        raise CodebookError("refi_no_codes", project.name)
    names = code_names(project.codes)
    dimensions = tuple(
        Dimension(
            id=names[code.guid],
            label={"id": code.name.strip() or names[code.guid]},
            definition={"id": code.description.strip() or code.name.strip() or names[code.guid]},
            parent=names[code.parent] if code.parent else None,
        )
        for code in project.codes
    )
    book = re.sub(r"\W+", "_", project.name.lower()).strip("_") or "codebook"
    return Codebook(id=book, title={"id": project.name or book}, dimensions=dimensions, source=project.origin)


def transcripts_of(project: RefiProject) -> pd.DataFrame:
    """Return the sources that have a text: transcript, text."""
    import pandas as pd

    rows = [(source.name, source.text) for source in project.sources if source.text]
    return pd.DataFrame(rows, columns=["transcript", "text"])
