"""Trouver un carnet par son numéro, et lui donner un nom qui soit à lui."""

import nbformat
import pytest
from course_tools.notebooks.catalog import find, full_name, number
from nbformat.v4 import new_notebook
from tiny_notebooks import write_notebook


def test_finding_refuses_an_unknown_number(tmp_path):
    path = write_notebook(tmp_path / "01-essai.ipynb", "1")
    assert find(["01"], path.parent) == [path]
    with pytest.raises(SystemExit, match="07"):
        find(["07"], path.parent)


def test_an_exercise_and_its_solution_are_told_apart(tmp_path):
    for name in ("02-a", "exercices/2-b", "corriges/2-b"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        nbformat.write(new_notebook(), tmp_path / f"{name}.ipynb")
    all_paths = find([], tmp_path)
    assert [number(c) for c in all_paths] == ["02", "exercices/2", "corriges/2"]
    assert [full_name(c) for c in all_paths] == ["02-a", "exercices-2-b", "corriges-2-b"]
    assert find(["corriges/2"], tmp_path) == [all_paths[2]]
    with pytest.raises(SystemExit, match="exercices/3"):
        find(["exercices/3"], tmp_path)
