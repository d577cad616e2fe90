"""The researcher's codes beside the dimensions of a codebook: proposed, confirmed in a small file, applied.

The file has `code, dimension, confirmed`. A dimension of `none` leaves the code out; nothing is applied
that nobody confirmed, but for codes that are called exactly as a dimension's id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path

from kotaku_nlp.coding.codings import COLUMNS as CODING_COLUMNS
from kotaku_nlp.corpus.lexicon import key, words
from kotaku_nlp.corpus.sheets import Row, read_sheet, write_sheet
from kotaku_nlp.errors import CodingError
from kotaku_nlp.records import Codebook, Coding, Problem

MAPPING_FILE = "mapping.csv"
COLUMNS = ("code", "dimension", "confirmed")
#: In the column dimension: this code belongs to no dimension, leave it out.
NONE = "none"
_NONE_TOO = frozenset({NONE, "tidakada", "bukan", "abaikan"})
#: How alike two names must be for one to be proposed for the other, and its lead over the next best.
_ALIKE, _LEAD = 0.75, 0.05


@dataclass(frozen=True)
class Link:
    """One code and what it is called in the codebook.

    :param dimension: id of a dimension, `NONE`, or empty where nothing was proposed.
    :param confirmed: whether the researcher has said so.
    """

    code: str
    dimension: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class Mapped:
    """A coding in the words of a codebook, with what was left out of it."""

    coding: Coding
    problems: tuple[Problem, ...] = ()


def propose(codes: Iterable[str], codebook: Codebook) -> tuple[Link, ...]:
    """Propose a dimension for every code: by id, label, alias, then close spelling.

    :param codes: names of codes; of a path "A > B" the last step is compared.
    :param codebook: the codebook whose leaves are proposed.
    :return: one link a code, in the order of the codes; only those named by an id are confirmed.
    """
    ids = {leaf.id for leaf in codebook.leaves}
    names = _names(codebook)
    listed = sorted({code for code in codes if code.strip()}, key=lambda code: (key(code), code))
    return tuple(Link(code, _nearest(code, names), confirmed=code in ids) for code in listed)


def write_mapping(links: Sequence[Link], path: Path) -> None:
    """Write a mapping for the researcher to confirm; rows that name a dimension stay as they are.

    :param links: what was proposed.
    :param path: the file, written or replaced.
    :raises CodingError: when the folder cannot be written, or a cell of `confirmed` is unclear.
    :raises CorpusError: when a file that is there cannot be read.
    """
    before = _read_links(path) if path.is_file() else ()
    kept = {_same(link.code): link for link in before if link.confirmed or link.dimension}
    merged = [kept.pop(_same(link.code), link) for link in links]
    merged += kept.values()
    rows = [(link.code, link.dimension, "ya" if link.confirmed else "tidak") for link in merged]
    try:
        write_sheet(path, COLUMNS, rows)
    except OSError as problem:
        raise CodingError("mapping_not_written", path.name, detail=str(problem.strerror)) from problem


def read_mapping(path: Path, codebook: Codebook) -> tuple[Link, ...]:
    """Read a mapping back.

    :param path: the file.
    :param codebook: the codebook whose dimensions it may name, by id, label or alias.
    :return: its rows, dimensions as ids.
    :raises CodingError: when it is missing, a dimension is unknown (the nearest is named), a code stands
        twice with different dimensions, or a cell of `confirmed` is unclear.
    :raises CorpusError: when it cannot be decoded, or misses a column.
    """
    if not path.is_file():
        raise CodingError("mapping_missing", str(path))
    names = _names(codebook)
    links: dict[str, Link] = {}
    for row in _rows(path):
        where = f"{path.name}, row {row.line}"
        link = _link(row, where)
        link = replace(link, dimension=_known(link.dimension, names, where))
        before = links.setdefault(_same(link.code), link)
        if before.dimension != link.dimension:
            raise CodingError("mapping_code_twice", where, code=link.code)
    return tuple(links.values())


def apply_mapping(coding: Coding, links: Iterable[Link], where: str = MAPPING_FILE) -> Mapped:
    """Return a coding with dimensions as its codes.

    Rows whose code is left out or not confirmed keep their place with an empty code, so that the
    passage still counts as read; rows that come to say the same twice are one.

    :param coding: the coding in the researcher's words.
    :param links: its mapping.
    :param where: name of the mapping file, for messages.
    """
    known = {_same(link.code): link for link in links}
    counts = Counter(str(code) for code in coding.rows["code"] if code)
    targets = {code: known.get(_same(code), Link(code)) for code in counts}
    good = {code: link.dimension for code, link in targets.items() if link.confirmed and link.dimension}
    named = {code: "" if dimension == NONE else dimension for code, dimension in good.items()}
    rows = coding.rows.assign(code=[named.get(str(code), "") for code in coding.rows["code"]])
    out = {code: times for code, times in counts.items() if good.get(code) == NONE}
    waiting = {code: times for code, times in counts.items() if code not in good}
    problems = []
    if out:
        problems.append(Problem("mapping_left_out", where, "notice", _listed(out)))
    if waiting:
        problems.append(Problem("mapping_open", where, "error", _listed(waiting)))
    same = [column for column in CODING_COLUMNS if column in rows]
    return Mapped(Coding(coding.name, rows.drop_duplicates(same, ignore_index=True)), tuple(problems))


def rename(coding: Coding, links: Iterable[Link]) -> Coding:
    """Return a coding with dimensions as its codes where that is confirmed; other codes keep their names.

    :param coding: the coding in the researcher's words.
    :param links: its mapping; a code confirmed as `NONE` is taken away, its place still counts as read.
    """
    known = {_same(link.code): link.dimension for link in links if link.confirmed and link.dimension}
    named = {code: known.get(_same(code), code) for code in coding.rows["code"].dropna().astype(str)}
    gone = {code for code in named if known.get(_same(code)) == NONE}
    codes = coding.rows["code"].map(lambda code: "" if code in gone else named.get(code, code))
    return replace(coding, rows=coding.rows.assign(code=codes))


def _same(code: str) -> str:
    """Return the form under which one code is known again; signs count: "Baik (+)" is another than "(-)"."""
    return " ".join(code.split()).casefold()


def _listed(codes: Mapping[str, int]) -> dict[str, object]:
    return {"count": sum(codes.values()), "codes": ", ".join(sorted(codes))}


def _names(codebook: Codebook) -> dict[str, str]:
    """Return name → dimension: ids first, then labels, then aliases; a name of two dimensions is nobody's."""
    found: dict[str, str] = {}
    for names in (
        [(leaf.id, leaf.id) for leaf in codebook.leaves],
        [(label, leaf.id) for leaf in codebook.leaves for label in leaf.label.values()],
        [(alias, leaf.id) for leaf in codebook.leaves for alias in leaf.aliases],
    ):
        owners: dict[str, set[str]] = {}
        for name, dimension in names:
            owners.setdefault(key(name), set()).add(dimension)
        for name, claims in owners.items():
            if len(claims) == 1:
                found.setdefault(name, next(iter(claims)))
    return found


def _nearest(code: str, names: Mapping[str, str]) -> str:
    """Return the dimension that a code seems to name, empty where none or several do."""
    name = key(code.rsplit(">", 1)[-1])
    if name in names:
        return names[name]
    scores: dict[str, float] = {}
    for other, dimension in names.items():
        alike = SequenceMatcher(None, name, other, autojunk=False).ratio()
        scores[dimension] = max(alike, scores.get(dimension, 0.0))
    first, second, *_ = [*sorted(scores.values(), reverse=True), 0.0, 0.0]
    if first < _ALIKE or first - second < _LEAD:
        return ""
    return max(scores, key=lambda dimension: scores[dimension])


def _known(dimension: str, names: Mapping[str, str], where: str) -> str:
    """Return the id of a dimension that a cell names; the cell may be empty or say `none`."""
    name = key(dimension)
    if not dimension or dimension in ("–", "-") or name in _NONE_TOO:
        return NONE if dimension else ""
    if name not in names:
        nearest = get_close_matches(name, list(names), n=1, cutoff=0.0)
        near = names[nearest[0]] if nearest else "–"
        known = ", ".join(dict.fromkeys(names.values()))
        raise CodingError("mapping_unknown", where, dimension=dimension, nearest=near, known=known)
    return names[name]


def _read_links(path: Path) -> list[Link]:
    return [_link(row, f"{path.name}, row {row.line}") for row in _rows(path)]


def _link(row: Row, where: str) -> Link:
    said = row["confirmed"].casefold()
    if said and said not in words("yes", "columns.toml") | words("no", "columns.toml"):
        raise CodingError("mapping_unclear", where, value=row["confirmed"])
    return Link(row["code"], row["dimension"], said in words("yes", "columns.toml"))


def _rows(path: Path) -> list[Row]:
    sheet = read_sheet(path, path.name, ("confirmed",), COLUMNS[:2])
    return [row for row in sheet.rows if row["code"]]
