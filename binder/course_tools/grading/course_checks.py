"""Les vérifications du cours, mises à la place de celles que porte une copie : elle ne peut pas les truquer."""

import nbformat

from course_tools.grading.submissions import MAX_SIZE
from course_tools.notebooks.catalog import tagged
from course_tools.paths import NOTEBOOKS


def course_checks(folder=NOTEBOOKS / "exercices"):
    """Les vérifications de chaque exercice du cours, par leur identifiant."""
    known = {}
    for path in sorted(folder.glob("[0-9]-*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        known[path.stem.split("-")[0]] = {c.id: c.source for c in cells if tagged(c, "verification")}
    return known


def with_course_checks(content, known):
    """Le carnet à exécuter, où chaque vérification est celle du cours, et le nom de ses étapes (« 2.1 »)."""
    if content is None:
        raise ValueError(f"illisible, ou plus de {MAX_SIZE >> 20} Mo")
    try:
        submission = nbformat.reads(content.decode("utf-8"), as_version=4)
        cells = [(c.get("id"), str(c.source)) for c in submission.cells if c.cell_type == "code"]
    except Exception as error:  # un fichier quelconque, renommé en .ipynb
        raise ValueError(f"ce n’est pas un carnet ({type(error).__name__})") from error

    recognized = {n: [which_check(c, checks) for c in cells] for n, checks in known.items()}
    exercise = max(recognized, key=lambda n: len(set(recognized[n]) - {None}))
    if not any(recognized[exercise]):
        raise ValueError("aucun exercice du cours : pas une de ses vérifications n’y est")
    remaining = dict(known[exercise])
    steps = [f"{exercise}.{n}" for n in range(1, len(remaining) + 1)]
    new_cells = []
    for (_, source), check in zip(cells, recognized[exercise]):
        if check is None:
            new_cells.append(nbformat.v4.new_code_cell(source))
        elif check in remaining:  # une seule fois chacune
            new_cells.append(check_cell(remaining.pop(check)))
    # Celles que l’élève a ôtées : son code est là, on les essaie à la fin.
    new_cells += map(check_cell, remaining.values())
    while "tags" not in new_cells[-1].metadata:  # ce qui suit la dernière vérification ne compte pas
        new_cells.pop()
    return nbformat.v4.new_notebook(cells=new_cells), steps


def which_check(cell, checks):
    """La vérification que porte une cellule, par son identifiant ou, s’il s’est perdu, par son texte."""
    name, source = cell
    by_text = (n for n, text in checks.items() if text.strip() == source.strip())
    return name if name in checks else next(by_text, None)


def check_cell(source):
    return nbformat.v4.new_code_cell(source, metadata={"tags": ["verification"]})
