"""A REFI-QDA file → a project, with a report of everything that was kept and lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from kotaku_nlp.coding.files.refi.archive import Package, open_package
from kotaku_nlp.coding.files.refi.elements import local, namespace
from kotaku_nlp.coding.files.refi.offsets import Convention
from kotaku_nlp.coding.files.refi.parse import parse_codebook, parse_project
from kotaku_nlp.coding.files.refi.project import RefiProject
from kotaku_nlp.coding.files.refi.report import import_report
from kotaku_nlp.coding.files.refi.schema import violations
from kotaku_nlp.errors import CodingError


def read_refi(path: Path | str, conventions: Mapping[str, Convention] | None = None) -> RefiProject:
    """Read a project (.qdpx) or a codebook (.qdc).

    How a program counted positions is found out from the selections' previews, source by source.
    Where that is not settled, the source's selections are kept but not accepted; `report` says so.

    :param path: the file.
    :param conventions: by source, how its positions are counted, where a person has said so.
    :return: the project; its `report` tells everything that was kept and lost.
    :raises CodingError: when the file is missing, damaged, unsafe or something else than REFI-QDA.
    """
    path = Path(path)
    package = open_package(path)
    root = package.root()
    try:
        project = _parsed(root, package, path, conventions or {})
        report = import_report(project, root, path.name, namespace(root), violations(package))
    except RecursionError as problem:
        raise CodingError("refi_too_deep", path.name) from problem
    return replace(project, report=report)


def _parsed(
    root: Element, package: Package, path: Path, conventions: Mapping[str, Convention]
) -> RefiProject:
    space, name = namespace(root), local(root)
    if name == "Project" and space.startswith("urn:QDA-XML:project:"):
        return parse_project(root, package, path.stem, conventions)
    if name == "CodeBook" and space.startswith("urn:QDA-XML:codebook:"):
        return parse_codebook(root, path.stem)
    raise CodingError("refi_not_refi", path.name, root=name[:60])
