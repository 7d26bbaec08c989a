"""Récrire un carnet : il ne garde que ce qui dure, dans un fichier lisible."""

import re

from course_tools.notebooks.rewrite import normalize, write
from nbformat.v4 import new_markdown_cell, new_notebook, new_output
from tiny_notebooks import code, figure, printed, write_notebook


class Specification:
    display_name, language = "Java (essai)", "java"


def test_normalizing_keeps_only_what_lasts():
    cell = code("f()  \n", printed("a"), printed("b\n"), figure("x", image="AA\nAA\n"))
    cell.metadata.update(execution={"iopub.status.busy": "2026"}, scrolled=True, tags=["mesure"])
    cell.outputs.append(
        new_output(
            "execute_result", data={"text/plain": "java.lang.Object@1b28cdfa"}, execution_count=1
        )
    )
    notebook = new_notebook(
        cells=[cell, new_markdown_cell("texte")],
        metadata={
            "widgets": {},
            "language_info": {"name": "Java", "version": "17.0.1"},
            "cours": {"seul": True},
        },
    )
    del notebook.cells[1]["id"]
    normalize(notebook, Specification, {"fils": 2})
    assert notebook.metadata.keys() == {"kernelspec", "language_info", "cours"}
    assert "version" not in notebook.metadata.language_info
    assert notebook.metadata.cours == {"seul": True, "execution": {"fils": 2}}
    first, second = notebook.cells
    assert first.id == "c" and second.id == "cellule-02"
    assert first.metadata == {"tags": ["mesure"]}
    assert first.source == "f()"
    stream, image, result = first.outputs
    assert stream.text == "ab\n"
    assert image.data["image/png"] == "AAAA"
    assert result.data["text/plain"] == "java.lang.Object"


def test_the_written_file_is_readable_and_sorted(tmp_path):
    path = write_notebook(tmp_path / "01-essai.ipynb", "1")
    write(new_notebook(cells=[code("é")], metadata={"z": 1, "a": 2}), path)
    text = path.read_text(encoding="utf-8")
    assert text.endswith("}\n") and not text.endswith("\n\n")
    assert "é" in text
    assert re.search(r'^ "cells"', text, re.MULTILINE)
    assert text.index('"a": 2') < text.index('"z": 1')
