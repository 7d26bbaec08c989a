"""Chaque exercice a son corrigé, ses fiches, ses indices ; verifier n’y laisse passer qu’un verdict attendu."""

import re
from pathlib import Path

import nbformat
import pytest
from course_tools.notebooks.catalog import tagged, unexpected_verdicts
from course_tools.paths import NOTEBOOKS
from nbformat.v4 import new_code_cell, new_notebook, new_output

EXERCISES = sorted((NOTEBOOKS / "exercices").glob("*.ipynb"))


def tagged_cells(path, tag):
    notebook = nbformat.read(path, as_version=4)
    return {c.id: c.source for c in notebook.cells if tagged(c, tag)}


def test_there_are_exercises():
    assert EXERCISES


@pytest.mark.parametrize("path", EXERCISES, ids=lambda c: c.stem)
def test_an_exercise_has_cards_hints_and_a_solution_verified_alike(path):
    solution = NOTEBOOKS / "corriges" / path.name
    texts = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown"]
    steps = [t for t in texts if re.match(r"## Étape \d+\. ", t)]
    assert 5 <= len(steps) <= 8
    assert all("| difficulté | importance | minutes |" in e for e in steps)
    checks = tagged_cells(path, "verification")
    assert len(checks) == len(steps)
    assert checks == tagged_cells(solution, "verification")
    blanks, answers = tagged_cells(path, "reponse"), tagged_cells(solution, "reponse")
    assert blanks.keys() == answers.keys() and len(blanks) == len(steps)
    assert all("todo()" in t and "À compléter" in t for t in blanks.values())
    assert not any("todo()" in r for r in answers.values())
    hints = [t for t in texts if t.startswith("<details>")]
    assert len(hints) == len(steps)
    # L’un dans l’autre : toutes les balises s’ouvrent avant que la première se ferme.
    assert all(1 <= t.count("<details>") <= 3 for t in hints)
    assert all(t.rfind("<details>") < t.find("</details>") for t in hints)
    cells = nbformat.read(solution, as_version=4).cells
    faults = [c for c in cells if "**Les erreurs d’habitude.**" in c.source]
    assert len(faults) == len(steps)


@pytest.mark.parametrize(
    ("folder", "said", "accepted"),
    [
        ("exercices", "… Étape 1 : à compléter", True),
        ("exercices", "✔ Étape 1 : juste", False),
        ("exercices", "✘ Étape 1 : à l’envers", False),
        ("corriges", "✔ Étape 1 : juste", True),
        ("corriges", "… Étape 1 : à compléter", False),
        ("corriges", "", False),
        ("notebooks", "n’importe quoi", True),
    ],
)
def test_the_verdict_of_an_exercise_and_that_of_a_solution(folder, said, accepted):
    output = new_output("execute_result", data={"text/plain": said}, execution_count=1)
    cell = new_code_cell("f()", outputs=[output], metadata={"tags": ["verification"]})
    unexpected = unexpected_verdicts(Path(folder) / "1-essai.ipynb", new_notebook(cells=[cell]))
    assert bool(unexpected) is not accepted
