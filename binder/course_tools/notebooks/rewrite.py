"""Récrit un carnet exécuté : n’y reste que ce qui ne dépend ni de l’instant ni de l’éditeur."""

import nbformat

from course_tools.files import write_whole
from course_tools.notebooks.outputs import clean, merge
from course_tools.paths import KERNEL_NAME

METADATA = {"kernelspec", "language_info", "cours", "title"}
CELL_METADATA = {"tags", "jupyter"}

# Ce que le noyau dit de Java, sans la version de celui qui a servi.
JAVA = {
    "name": "Java",
    "file_extension": ".jshell",
    "mimetype": "text/x-java-source",
    "codemirror_mode": "java",
    "pygments_lexer": "java",
}


def normalize(notebook, specification, machine):
    """Ne laisse dans un carnet que ce qui dure, et la machine qui l’a exécuté ; le rend."""
    meta = {c: v for c, v in notebook.metadata.items() if c in METADATA}
    meta["kernelspec"] = {
        "name": KERNEL_NAME,
        "display_name": specification.display_name,
        "language": specification.language,
    }
    meta["language_info"] = JAVA
    meta["cours"] = {**meta.get("cours", {}), "execution": machine}
    notebook.metadata = nbformat.from_dict(meta)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for rank, cell in enumerate(notebook.cells, start=1):
        cell.setdefault("id", f"cellule-{rank:02d}")
        cell.metadata = nbformat.from_dict(
            {c: v for c, v in cell.metadata.items() if c in CELL_METADATA}
        )
        cell.source = cell.source.rstrip()
        if cell.cell_type == "code":
            cell.outputs = [normalize_output(s) for s in merge(cell.outputs)]
    nbformat.validate(notebook)
    return notebook


def normalize_output(output):
    if output.output_type == "stream":
        output.text = clean(output.text)
    for mime, content in output.get("data", {}).items():
        if mime.startswith("text/"):
            output.data[mime] = clean(content)
        elif mime.startswith("image/") and mime != "image/svg+xml":
            output.data[mime] = "".join(content.split())
    return output


def write(notebook, path):
    write_whole(path, nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n")
