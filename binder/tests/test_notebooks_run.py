"""Exécuter un carnet dans le vrai noyau, et plusieurs à la fois."""

import asyncio

import pytest
from course_tools.notebooks import run, run_all
from course_tools.notebooks.catalog import code_cells
from nbformat.v4 import new_markdown_cell, new_notebook
from tiny_notebooks import write_notebook


@pytest.fixture
def notebook(tmp_path):
    """De quoi écrire un carnet dans un dossier à lui."""

    def make(*cells, name="01-essai", **metadata):
        return write_notebook(tmp_path / f"{name}.ipynb", *cells, **metadata)

    return make


def run_now(path):
    return asyncio.run(run.run(path))


def test_a_right_notebook_runs_and_is_measured(notebook):
    result = run_now(
        notebook(new_markdown_cell("# Titre"), "int n = 41;", "System.out.println(n + 1);")
    )
    assert result.errors == []
    assert [c.execution_count for c in code_cells(result.notebook)] == [1, 2]
    assert result.notebook.cells[2].outputs[0].text == "42\n"
    assert len(result.notebook.cells) == 3, "la question sur la machine ne laisse pas de trace"
    assert result.memory > 50 * 2**20
    assert result.seconds > 0
    assert {"processeur", "blas", "fils", "java"} <= result.machine.keys()


def test_a_compile_error_is_shown_whole(notebook):
    (error,) = run_now(notebook("int n = 1;", "String s = n + pasDeclare;")).errors
    assert "cellule 2" in error
    assert "String s = n + pasDeclare;" in error
    assert error.count("pasDeclare") >= 2, "le source et ce que dit le compilateur"


def test_an_exception_and_the_error_stream_fail(notebook):
    (error,) = run_now(
        notebook('System.out.println("avant"); throw new IllegalStateException("non");')
    ).errors
    assert "avant" in error and "non" in error
    (error,) = run_now(notebook('System.err.println("bruit");')).errors
    assert "sortie d’erreur" in error and "bruit" in error


def test_a_dying_kernel_and_an_endless_cell_are_told(notebook, monkeypatch):
    (error,) = run_now(notebook("Runtime.getRuntime().halt(3);")).errors
    assert "mourir le noyau" in error
    monkeypatch.setattr(run, "CELL_MAX", 3)
    (error,) = run_now(notebook("Thread.sleep(600_000);")).errors
    assert "n’a pas fini en 3 s" in error


def test_those_that_measure_run_alone_and_the_others_two_at_once(notebook, monkeypatch):
    running, seen = set(), {}

    async def fake(path, progress):
        running.add(path.stem)
        await asyncio.sleep(0.05)
        seen[path.stem] = set(running)
        running.discard(path.stem)
        return run.Result(path, new_notebook())

    monkeypatch.setattr(run_all, "run", fake)
    paths = [
        notebook("1", name=f"0{n}-x", **({"cours": {"seul": True}} if n == 2 else {}))
        for n in range(1, 6)
    ]
    results = run_all.run_all(paths, lambda r: None)
    assert [r.path for r in results] == paths
    assert seen["02-x"] == {"02-x"}
    assert max(len(v) for v in seen.values()) == 2
