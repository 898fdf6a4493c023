"""Real answers of the five bundled policies, in Dutch: each command is shown, and then run."""

from __future__ import annotations

import contextlib
import io
import shlex
import sys
from datetime import date

import trainingrules
from trainingrules.cli import main

# What is asked, and the command that asks it. Facts that are not given are not known.
QUESTIONS = [
    (
        "Tot wanneer kan een licentiehouder van Calibris het lidmaatschap opzeggen?",
        "ask calibris --deadline notice --on 2026-03-01 -f licensed_on=2025-03-15",
    ),
    (
        "Wat kost de licentie in de eerste twee jaar, als de deelnemers van jaar 2 nog niet bekend zijn?",
        "ask calibris --cost licence_years --cycles 1-2 --on 2026-03-01 -f licensed_on=2026-03-15"
        " -f 'participants_added={1: 12}'",
    ),
    (
        "Mag iemand met een hbo-diploma en twee jaar ervaring het B-programma van BCMB volgen?",
        "ask bcmb --eligibility programme_b --on 2024-02-01"
        " -f diploma_level=hbo -f specific_experience='2 years' -f beginning_supporter=false",
    ),
    (
        "Wat kost een leerroute op hbo-niveau bij Academie Werkend Leren, en in welke termijnen?",
        "ask awl --cost route --on 2021-03-01 -f level=hbo_bachelor",
    ),
    (
        "Voerde een docent in Radicale Vernieuwing elk jaar de twee uitgebreide gesprekken?",
        "ask rvwo --compliance conversations_a_year --on 2020-11-22 -f year_from=2019-09-01"
        " -f 'conversations=[{held_on: 2019-10-07,"
        " participants: [teacher, practice_trainer, work_supervisor, student]}]'",
    ),
    (
        "Wanneer moet een mentoropleiding die op 1 maart 2024 begint, in Vlaanderen zijn aangemeld?",
        "ask vlaanderen --deadline apply --on 2023-11-22 -f starts_on=2024-03-01",
    ),
]
OPEN = "Wat de bron openlaat"


def show(question: str, command: str, *, whole: bool) -> None:
    """Run a command as a person would; after the first, what the source leaves open is only counted."""
    print(f"\n— {question}\n$ trainingrules {command}")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        failed = main(shlex.split(command), standalone_mode=False)
    left_out, inside = 0, False
    for line in printed.getvalue().splitlines():
        inside = line.startswith(OPEN) or (inside and line.startswith("  - "))
        if inside and not whole:
            left_out += not line.startswith(OPEN)
        else:
            print(line)
    if left_out:
        print(f"({OPEN}: {left_out} lezingen, hier weggelaten.)")
    if failed:
        sys.exit(failed)


def show_library() -> None:
    print("\n— Hetzelfde vanuit Python: wat moet nog worden gevraagd?")
    print(">>> policy = trainingrules.load('bcmb')")
    policy = trainingrules.load("bcmb")
    print(">>> answer = trainingrules.eligibility(policy, {}, decision='enrol', on=date(2024, 2, 1))")
    answer = trainingrules.eligibility(policy, {}, decision="enrol", on=date(2024, 2, 1))
    print(">>> answer.verdict.value, [one.fact for one in answer.missing]")
    print((answer.verdict.value, [one.fact for one in answer.missing]))


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    for number, (question, command) in enumerate(QUESTIONS):
        show(question, command, whole=number == 0)
    show_library()
