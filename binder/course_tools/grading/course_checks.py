"""Les vérifications du cours, mises à la place de celles que porte une copie : elle ne peut pas les truquer."""

import json
import re
import warnings
from dataclasses import dataclass

import nbformat

from course_tools.grading.submissions import MAX_SIZE
from course_tools.notebooks.catalog import code_cells, tagged
from course_tools.paths import NOTEBOOKS


DECLARES_EXERCISE = re.compile(r"\bexercice\s*=")


@dataclass
class CourseExercise:
    """Ce que le cours met dans une copie : sa première cellule, et ses vérifications par leur identifiant."""

    opening: str
    checks: dict[str, str]


def course_checks(folder=NOTEBOOKS / "exercices"):
    """Chaque exercice du cours, par son numéro."""
    known = {}
    for path in sorted(folder.glob("[0-9]-*.ipynb")):
        cells = code_cells(nbformat.read(path, as_version=4))
        checks = {c.id: c.source for c in cells if tagged(c, "verification")}
        known[path.stem.split("-")[0]] = CourseExercise(cells[0].source, checks)
    return known


def with_course_checks(content, known):
    """Le carnet à exécuter, où chaque vérification est celle du cours ; le nom de ses étapes (« 2.1 ») ; ce qui y est à
    lire.

    Une vérification redite s’exécute chaque fois. Ce qu’un élève a écrit dans la cellule de l’une s’exécute juste avant
    elle. À la fin, chaque étape a une seconde chance (voir run_submission) : une vérification ôtée, ou mise avant la
    réponse, y trouve ce que la copie a fini par définir.
    """
    cells = submission_cells(content)
    recognized = {
        n: [which_check(c, exercise.checks) for c in cells] for n, exercise in known.items()
    }
    number = max(recognized, key=lambda n: len(set(recognized[n]) - {None}))
    if not any(recognized[number]):
        raise ValueError("aucun exercice du cours : pas une de ses vérifications n’y est")
    checks = known[number].checks
    step_of = {check: f"{number}.{rank}" for rank, check in enumerate(checks, start=1)}
    new_cells, to_read = [], []
    if not any(DECLARES_EXERCISE.search(source) for _, source in cells):
        new_cells.append(nbformat.v4.new_code_cell(known[number].opening))
        to_read.append("la première cellule manque : celle du cours l’a remplacée")
    for (_, source), check in zip(cells, recognized[number]):
        if check is None or source.strip() != checks[check].strip():
            new_cells.append(nbformat.v4.new_code_cell(source))
        if check is not None:
            if source.strip() != checks[check].strip():
                to_read.append(f"la vérification {step_of[check]} a été changée")
            new_cells.append(check_cell(checks[check], step_of[check]))
    new_cells += [check_cell(source, step_of[check], "reprise") for check, source in checks.items()]
    return nbformat.v4.new_notebook(cells=new_cells), list(step_of.values()), to_read


def submission_cells(content):
    """L’identifiant et le texte de chaque cellule de code."""
    if content is None:
        raise ValueError(f"illisible, ou plus de {MAX_SIZE >> 20} Mo")
    try:
        text = content.decode(json.detect_encoding(content))  # des éditeurs marquent UTF-8, ou écrivent en UTF-16
        with warnings.catch_warnings():  # une cellule recopiée avec son identifiant : le second est changé, tout haut
            warnings.simplefilter("ignore")
            submission = nbformat.reads(text, as_version=4)
        return [(c.get("id"), str(c.source)) for c in submission.cells if c.cell_type == "code"]
    except Exception as error:  # un fichier quelconque, renommé en .ipynb
        raise ValueError(f"ce n’est pas un carnet ({type(error).__name__})") from error


def which_check(cell, checks):
    """La vérification que porte une cellule, par son identifiant ou, s’il s’est perdu, par son texte."""
    name, source = cell
    by_text = (n for n, text in checks.items() if text.strip() == source.strip())
    return name if name in checks else next(by_text, None)


def check_cell(source, step, *tags):
    return nbformat.v4.new_code_cell(
        source, metadata={"tags": ["verification", *tags], "step": step}
    )
