"""Names are unique, and short where they can be."""

from __future__ import annotations

import pytest

from kotaku_nlp.coding.files.refi.naming import code_names, stem, unique, user_names
from kotaku_nlp.coding.files.refi.project import Code, User


def code(guid: str, *path: str) -> Code:
    return Code(guid, path[-1], path)


def test_codes_are_called_by_name_or_path_and_never_alike() -> None:
    codes = [
        code("1", "A"),
        code("2", "A", "B"),
        code("3", "C", "B"),
        code("4", "C", "B"),
        code("5", "A > B"),
    ]
    assert code_names(codes) == {"1": "A", "2": "A > B", "3": "C > B", "4": "C > B (2)", "5": "A > B (2)"}


def test_the_reserved_name_is_not_taken() -> None:
    assert code_names([code("1", "out_of_framework")]) == {"1": "out_of_framework (2)"}


def test_users_without_a_name_are_still_somebody() -> None:
    users = [User("abcdef123456", ""), User("2", " ", "RS"), User("3", "Rina"), User("4", "Rina")]
    assert list(user_names(users).values()) == ["user-abcdef12", "RS", "Rina", "Rina (2)"]


@pytest.mark.parametrize(
    ("name", "transcript"),
    [("I1.txt", "I1"), ("I1.DOCX", "I1"), (" I1 ", "I1"), ("I.1", "I.1"), (".txt", ".txt")],
)
def test_sources_are_called_like_transcripts(name: str, transcript: str) -> None:
    assert stem(name) == transcript


def test_numbers_pass_over_names_that_are_there() -> None:
    assert unique(["a", "a (2)", "a", "a"]) == ["a", "a (2)", "a (3)", "a (4)"]
