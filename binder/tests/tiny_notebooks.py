"""De quoi écrire des carnets minuscules : une cellule, ce qu’elle imprime, une figure."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output


def code(source, *outputs, number=1, tags=()):
    return new_code_cell(
        source,
        outputs=list(outputs),
        execution_count=number,
        metadata={"tags": list(tags)},
        id="c",
    )


def printed(text):
    return new_output("stream", name="stdout", text=text)


def figure(description, image="AAAA"):
    return new_output(
        "display_data",
        data={"image/png": image, "text/plain": description},
        metadata={"image/png": {"alt": description, "width": 400, "height": 300}},
    )


def write_notebook(path, *cells, **metadata):
    """Écrit un carnet de ces cellules ; un texte est une cellule de code."""
    cells = [new_code_cell(c) if isinstance(c, str) else c for c in cells]
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    return path
