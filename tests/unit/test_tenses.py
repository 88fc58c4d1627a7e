# ruff: noqa: RUF001 - posts are written with dashes
"""Which part of a sentence a date belongs to, and whether that part tells of what has been."""

from __future__ import annotations

import pytest

from switchboard.domain.tenses import clause_around, tells, was_done


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        ("Our fair, which drew 500 last year, is on <Oct 17>.", "Our fair is on <Oct 17>."),
        ("A service for families who lost a baby, <Oct 15>, chapel.", "A service for families <Oct 15>, chapel."),
        ("Dr. Lee, who joined us <Oct 5>, sees patients.", ", who joined us <Oct 5>,"),
        ("The Auxiliary, founded in 1931, meets <Oct 15>.", "The Auxiliary meets <Oct 15>."),
        ("We were named best, and we celebrate <Oct 14>.", "we celebrate <Oct 14>."),
        ("Dr. Lee joined us <Oct 5>; book your visit.", "Dr. Lee joined us <Oct 5>"),
        ("<Oct 12> – our team was honored.", "<Oct 12> – our team was honored."),
        ("The day we met (<Oct 12>) was a Monday.", "The day we met (<Oct 12>) was a Monday."),
    ],
)
def test_a_date_belongs_to_its_clause(sentence: str, clause: str) -> None:
    start, stop = sentence.index("<"), sentence.index(">") + 1

    found = clause_around(sentence, start, stop)

    assert " ".join(found.split()).lstrip("– ").removeprefix("and ") == clause.lstrip("– ")


@pytest.mark.parametrize(
    "clause",
    [
        "On November 11 we planted a tree",
        "Parking fees went up on October 1",
        "We reached 10,000 vaccines on November 17",
        "Our generators powered the whole block on October 9",
        "She has been with us since October 2",
        "The storm did not close a single clinic on October 9",
        "El 14 de octubre dimos la bienvenida a seis enfermeras",
        "La tormenta dejó sin luz a la clínica el 9 de octubre",
        "Nuestra clinica cambio de direccion el 2 de noviembre",
    ],
)
def test_what_has_been_is_told(clause: str) -> None:
    assert tells(clause, has_hours=False)


@pytest.mark.parametrize(
    "clause",
    [
        "Flu shots October 14, limited to the first 50",
        "Lunch provided, October 14, no appointment needed",
        "We have three openings on October 14",
        "We saved you a seat on October 14",
        "We've added a second clinic on October 14",
        "Registered nurses: open house October 14",
        "Four seats left for October 14",
        "He will tell how he beat it on October 14",
        "Los invitamos el 14 de octubre",
        "Corazón sano, 14 de octubre",
    ],
)
def test_what_is_to_come_is_not_told(clause: str) -> None:
    assert not tells(clause, has_hours=False)


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("On Monday at 9 am we broke ground", True),
        ("Sam was born at 3:12 am", True),
        ("Nuestro primer bebe nacio a las 12:04 am", True),
        ("Broke a resolution? Workshop at 9 am", False),
    ],
)
def test_with_a_time_of_day_somebody_must_have_done_it(clause: str, *, told: bool) -> None:
    assert tells(clause, has_hours=True) is told


@pytest.mark.parametrize(
    ("before", "done"),
    [
        ("Boil-water notice lifted ", True),
        ("New dean announced on ", True),
        ("Lunch provided ", False),
        ("Walk-ins welcomed on ", False),
        ("Offices closed ", False),
        ("Lunch served ", False),
        ("Labor Day is observed on ", False),
        ("Lots distributed between ", True),
        ("If you were seen between ", True),
        ("For everyone who came on ", True),
        ("For everyone who comes on ", False),
    ],
)
def test_a_headline_says_what_was_done_on_a_day(before: str, *, done: bool) -> None:
    assert was_done(before) is done
