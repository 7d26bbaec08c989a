"""Quels carnets il y a, comment ils se nomment, et ce qu’il faut y trouver."""

import sys

from course_tools.paths import NOTEBOOKS

# Les sous-dossiers de notebooks/, et ce qu’y doit dire chaque cellule étiquetée « verification » : rien n’est fait
# dans un énoncé, tout l’est dans un corrigé.
VERDICTS = {"exercices": "… Étape", "corriges": "✔ Étape"}


def code_cells(notebook):
    return [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]


def tagged(cell, tag):
    return tag in cell.metadata.get("tags", [])


def number(path):
    """Ce qui désigne un carnet : « 02 » pour une section, « exercices/2 » pour un exercice."""
    start = path.stem.split("-")[0]
    return f"{path.parent.name}/{start}" if path.parent.name in VERDICTS else start


def full_name(path):
    """Un nom que deux carnets ne partagent pas : un exercice et son corrigé portent le même."""
    return f"{path.parent.name}-{path.stem}" if path.parent.name in VERDICTS else path.stem


def all_notebooks(folder=NOTEBOOKS):
    """Les sections, puis les exercices et leurs corrigés."""
    found = sorted(folder.glob("[0-9][0-9]-*.ipynb"))
    for subfolder in VERDICTS:
        found += sorted((folder / subfolder).glob("[0-9]-*.ipynb"))
    return found


def find(numbers, folder=NOTEBOOKS):
    """Les carnets de ces numéros (« 02 », « exercices/2 »), tous s’il n’y en a pas."""
    known = all_notebooks(folder)
    chosen = [c for c in known if not numbers or number(c) in numbers]
    unknown = set(numbers) - {number(c) for c in chosen}
    if unknown:
        listed = ", ".join(number(c) for c in known) or "aucun"
        sys.exit(
            f"✘ Pas de carnet {', '.join(sorted(unknown))} dans notebooks/ (il y a : {listed})."
        )
    return chosen


def unexpected_verdicts(path, notebook):
    """Une phrase par vérification d’un énoncé qui n’est pas « à compléter », ou d’un corrigé qui n’est pas juste."""
    expected = VERDICTS.get(path.parent.name)
    sentences = []
    for cell in code_cells(notebook):
        if expected and tagged(cell, "verification"):
            said = "".join(s.get("data", {}).get("text/plain", "") for s in cell.outputs)
            if not said.startswith(expected):
                sentences.append(
                    f"La vérification {cell.id} dit « {said} » au lieu de « {expected}… »"
                )
    return sentences
