"""Vérifier et régénérer : ce qui est dit, ce qui est écrit, ce qui reste intact."""

import json

import pytest
from course_tools.notebooks import run_all, verify
from course_tools.notebooks.regenerate import regenerate
from course_tools.notebooks.run import Result
from nbformat.v4 import new_notebook
from tiny_notebooks import code, printed, write_notebook


@pytest.fixture
def notebook(tmp_path):
    """De quoi écrire un carnet dans un dossier à lui."""

    def make(*cells, name="01-essai", **metadata):
        return write_notebook(tmp_path / f"{name}.ipynb", *cells, **metadata)

    return make


def test_regenerating_twice_changes_nothing_and_verifying_accepts_it(
    notebook, tmp_path, monkeypatch
):
    monkeypatch.setattr(verify, "RESULTS", tmp_path / "resultats")
    path = notebook('System.out.println("bonjour");', "new Object()")
    assert not regenerate([path])[0].errors
    first_time = path.read_bytes()
    regenerate([path])
    assert path.read_bytes() == first_time
    assert not verify.verify([path])[0].errors


def test_verifying_asks_to_regenerate_and_tells_what_changed(notebook, tmp_path, monkeypatch):
    async def fake(path, progress):
        return Result(path, new_notebook(cells=[code("f()", printed("bonsoir\n"))]))

    monkeypatch.setattr(run_all, "run", fake)
    monkeypatch.setattr(verify, "RESULTS", tmp_path / "resultats")
    (result,) = verify.verify([notebook("f()")])
    assert "gardé sans sorties : lancez bash binder/regenerer 01" in result.errors[0]

    (result,) = verify.verify([notebook(code("f()", printed("bonjour\n")))])
    assert "gardé  : bonjour" in result.errors[0] and "obtenu : bonsoir" in result.errors[0]
    (counts,) = json.loads((tmp_path / "resultats" / "notebooks.json").read_text(encoding="utf-8"))
    assert counts["name"] == "01-essai" and counts["errors"]

    assert not verify.verify([notebook(code("f()", printed("bonsoir\n")))])[0].errors


def test_regenerating_leaves_a_failing_notebook_intact(notebook):
    path = notebook('throw new IllegalStateException("non");')
    before = path.read_bytes()
    assert regenerate([path])[0].errors
    assert path.read_bytes() == before
    assert list(path.parent.glob("*")) == [path]
