"""Codebooks: read from YAML, checked with the row that is wrong, written back the same.

In the file `label` and `definition` may be a text or one text per language; one language suffices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kotaku_nlp.errors import CodebookError
from kotaku_nlp.records import OUT_OF_FRAMEWORK, Codebook, Dimension

SHIPPED = ("ansell_gash_2008", "emerson_2012", "deseve_2007", "ratner_2012", "aspects")
_BOOK_KEYS = {"id", "title", "source", "unit", "max_codes", "dimensions"}
_DIMENSION_KEYS = {
    "id", "parent", "label", "aliases", "definition", "indicators", "include", "exclude", "examples",
}  # fmt: skip
#: Below this many indicator sentences a dimension is read by its definition more than by its use.
FEWEST_INDICATORS = 5
UNITS = ("turn", "passage", "sentence", "character")


@cache
def shipped_codebook(name: str) -> Codebook:
    """Return one of the shipped codebooks.

    :param name: one of `SHIPPED`.
    """
    text = files("kotaku_nlp.frameworks").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return parse_codebook(text, f"{name}.yaml")


def load_codebook(name_or_path: str | Path) -> Codebook:
    """Return a shipped codebook by id, or one's own from a YAML file.

    :param name_or_path: one of `SHIPPED`, or the path of a file.
    :raises CodebookError: when there is no such codebook, or the file breaks the format; the message
        names the dimension or line and the cure.
    """
    if str(name_or_path) in SHIPPED:
        return shipped_codebook(str(name_or_path))
    path = Path(name_or_path)
    if not path.is_file():
        nearest = get_close_matches(str(name_or_path), SHIPPED, n=1, cutoff=0.0)[0]
        known = ", ".join(SHIPPED)
        raise CodebookError("codebook_unknown", name=name_or_path, nearest=nearest, known=known)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise CodebookError("codebook_not_utf8", path.name) from problem
    return parse_codebook(text, path.name)


def parse_codebook(text: str, where: str = "") -> Codebook:
    """Return the codebook that a YAML text describes.

    :param text: the YAML text.
    :param where: name of the file, for errors.
    :raises CodebookError: at the first thing that breaks the format.
    """
    import yaml

    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else "?"
        detail = str(getattr(problem, "problem", problem))
        raise CodebookError("codebook_not_yaml", where, line=line, detail=detail) from problem
    _demand(isinstance(raw, dict), "codebook_not_mapping", where)
    _known_keys(raw, _BOOK_KEYS, where)
    _demand(bool(str(raw.get("id") or "").strip()), "codebook_no_id", where)
    rows = raw.get("dimensions")
    _demand(isinstance(rows, list) and len(rows) > 0, "codebook_no_dimensions", where)
    book = Codebook(
        id=str(raw["id"]).strip(),
        title=_by_language(raw.get("title") or str(raw["id"])),
        dimensions=tuple(_dimension(row, number, where) for number, row in enumerate(rows, start=1)),
        source=str(raw.get("source") or ""),
        unit=str(raw.get("unit") or "turn"),
        max_codes=_max_codes(raw.get("max_codes", 2), where),
    )
    _demand(book.unit in UNITS, "codebook_bad_unit", where, unit=book.unit, known=", ".join(UNITS))
    _check_tree(book, where)
    return book


def write_codebook(codebook: Codebook, path: Path) -> None:
    """Write a codebook as a YAML file that `load_codebook` reads back the same."""
    import yaml

    raw = {
        "id": codebook.id,
        "title": dict(codebook.title),
        "source": codebook.source,
        "unit": codebook.unit,
        "max_codes": codebook.max_codes,
        "dimensions": [dict(_plain(dimension)) for dimension in codebook.dimensions],
    }
    text = yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=110)
    path.write_text(text, encoding="utf-8")


def thin_dimensions(codebook: Codebook) -> list[tuple[str, int]]:
    """Return the leaves with too few indicator sentences to align well, and how many they have."""
    counts = ((leaf.id, sum(len(texts) for texts in leaf.indicators.values())) for leaf in codebook.leaves)
    return [(name, n) for name, n in counts if n < FEWEST_INDICATORS]


def _plain(dimension: Dimension) -> Iterator[tuple[str, Any]]:
    yield "id", dimension.id
    yield "parent", dimension.parent
    yield "label", dict(dimension.label)
    yield "aliases", list(dimension.aliases)
    yield "definition", dict(dimension.definition)
    yield "indicators", {lang: list(texts) for lang, texts in dimension.indicators.items()}
    yield "include", dict(dimension.include)
    yield "exclude", dict(dimension.exclude)
    yield "examples", list(dimension.examples)


def _dimension(row: Any, number: int, where: str) -> Dimension:
    place = f"{where}, dimension {number}"
    _demand(isinstance(row, dict) and bool(str(row.get("id") or "").strip()), "dimension_no_id", place)
    place = f"{where}, {row['id']}"
    _known_keys(row, _DIMENSION_KEYS, place)
    label, definition = _by_language(row.get("label")), _by_language(row.get("definition"))
    _demand(bool(label), "dimension_no_label", place)
    _demand(bool(definition), "dimension_no_definition", place)
    return Dimension(
        id=str(row["id"]).strip(),
        label=label,
        definition=definition,
        parent=str(row["parent"]).strip() if row.get("parent") else None,
        aliases=_texts(row.get("aliases"), place),
        indicators=_lists_by_language(row.get("indicators"), place),
        include=_by_language(row.get("include")),
        exclude=_by_language(row.get("exclude")),
        examples=_texts(row.get("examples"), place),
    )


def _check_tree(book: Codebook, where: str) -> None:
    ids = [dimension.id for dimension in book.dimensions]
    for dimension in book.dimensions:
        place = f"{where}, {dimension.id}"
        _demand(ids.count(dimension.id) == 1, "dimension_twice", place, id=dimension.id)
        _demand(dimension.id != OUT_OF_FRAMEWORK, "dimension_reserved", place, id=dimension.id)
        known = dimension.parent is None or dimension.parent in ids
        _demand(known, "dimension_no_parent", place, parent=dimension.parent)
        _demand(not _in_circle(dimension, book), "dimension_circle", place)


def _in_circle(dimension: Dimension, book: Codebook) -> bool:
    parents = {other.id: other.parent for other in book.dimensions}
    above, steps = dimension.parent, 0
    while above is not None and steps <= len(parents):
        above, steps = parents.get(above), steps + 1
    return above is not None


def _by_language(value: Any) -> dict[str, str]:
    """Return a text per language; a bare text counts as Indonesian, the language of the users."""
    if isinstance(value, Mapping):
        return {str(lang): str(text).strip() for lang, text in value.items() if str(text or "").strip()}
    return {"id": str(value).strip()} if value and str(value).strip() else {}


def _lists_by_language(value: Any, where: str) -> dict[str, tuple[str, ...]]:
    if isinstance(value, Mapping):
        return {str(lang): _texts(texts, where) for lang, texts in value.items()}
    return {"id": _texts(value, where)} if value else {}


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if value is None:
        return ()
    values = [value] if isinstance(value, str) else value
    _demand(isinstance(values, list), "dimension_not_list", where, value=str(value)[:60])
    return tuple(str(item).strip() for item in values if str(item or "").strip())


def _max_codes(value: Any, where: str) -> int:
    good = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    _demand(good, "codebook_bad_max_codes", where, value=value)
    return int(value)


def _known_keys(row: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in row:
        if key not in known:
            nearest = get_close_matches(str(key), sorted(known), n=1, cutoff=0.0)[0]
            raise CodebookError("codebook_unknown_key", where, name=key, nearest=nearest)


def _demand(condition: bool, message: str, where: str, /, **params: Any) -> None:
    if not condition:
        raise CodebookError(message, where, **params)
