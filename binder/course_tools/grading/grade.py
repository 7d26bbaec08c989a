"""Note les exercices d’une classe : chaque copie dans son propre noyau, enfermée, bornée en temps et en mémoire.

Les vérifications exécutées sont celles du cours, pas celles de la copie ; le verdict est demandé au noyau, pas lu
dans ce que la copie affiche. Chaque copie tourne dans un processus et un dossier à elle ; passé ce qui est permis,
elle et tout ce qu’elle a lancé sont arrêtés, et la suivante commence. Voir sandbox.py pour ce qui l’enferme.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

from course_tools.grading import sandbox
from course_tools.grading.course_checks import course_checks
from course_tools.grading.grade_one import STATES, grade_one
from course_tools.grading.submissions import (
    attachments,
    left_out,
    name_of,
    read_submissions,
    restore,
)
from course_tools.grading.table import harmless, show_table, write_marks
from course_tools.grading.watch import adopt


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="bash binder/noter", description=__doc__.splitlines()[0]
    )
    parser.add_argument("dossier", type=Path, help="un carnet par élève, dans ce dossier ou dessous")
    parser.add_argument("--secondes", type=int, default=600, help="temps permis à une copie")
    parser.add_argument("--memoire", type=int, default=1500, help="mégaoctets permis à une copie")
    parser.add_argument(
        "--cellule",
        type=int,
        default=120,
        help="temps permis à une cellule : les suivantes ont leur chance",
    )
    options = parser.parse_args(arguments)
    folder = options.dossier.resolve()
    submissions = read_submissions(folder)
    if not submissions:
        sys.exit(f"✘ Aucun carnet .ipynb dans {folder}.")
    if not os.access(folder, os.W_OK):
        sys.exit(f"✘ {folder} ne s’écrit pas : notes.csv n’y tiendrait pas.")
    adopt()
    if risk := sandbox.what_escapes():
        print(f"  ⚠ Sur cette machine, {risk}. Voir « Pour une classe » dans le README.", flush=True)
    if others := left_out(folder, submissions):
        print(f"  ⚠ Sans carnet .ipynb, donc sans note : {', '.join(map(harmless, others))}", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill arrête comme Ctrl-C
    lines, csv = [], folder / "notes.csv"
    try:
        for more in grade_all(folder, submissions, options):
            lines += more
    except KeyboardInterrupt:
        print("\n✘ Interrompu ; voici les copies déjà notées.", flush=True)
    finally:
        if lines:
            write_marks(lines, csv)
    if lines:
        try:
            show_table(lines)
        finally:
            print(f"Le détail, avec la phrase de chaque vérification : {csv}")


def grade_all(folder, submissions, limits):
    """Note chaque copie, l’annonce, et donne ses lignes « élève, étape, état, phrase »."""
    known, seen = course_checks(), set()
    for rank, (path, content) in enumerate(submissions.items(), start=1):
        obtained = grade_one(content, known, limits, attachments(path, folder))
        relative = name_of(path, folder)
        # Le fichier ou le dossier de l’élève ; plus précis s’il a rendu deux fois le même exercice.
        names = [relative.parts[0], str(relative), str(path.relative_to(folder))]
        free = (n for n in names if not seen & {(n, step) for step, _, _ in obtained})
        name = next(free, names[-1])
        seen |= {(name, step) for step, _, _ in obtained if step != "copie"}
        touched = [str(c.relative_to(folder)) for c in restore(submissions)]
        if touched:
            obtained.append(("copie", "a changé", f"remis en état : {', '.join(touched)}"))
        right = sum(state == "juste" for _, state, _ in obtained)
        trouble = next(
            (f" ; {harmless(s)}" for _, state, s in obtained if state not in STATES.values()), ""
        )
        count = f"{right} étape{'s' * (right > 1)} juste{'s' * (right > 1)}"
        print(
            f"  … {rank}/{len(submissions)} {harmless(str(relative))} : {count}{trouble}",
            flush=True,
        )
        yield [(name, *line) for line in obtained]
