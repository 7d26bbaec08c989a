"""Le détail d’une classe dans un CSV, et son tableau, que fait Tablesaw dans la JVM du noyau."""

import csv
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from course_tools.files import write_whole
from course_tools.kernel.kernel_spec import environment, installed_jvm

MAIN_CLASS = "fr.cours.course.exercises.GradeTable"


COLUMNS = ["élève", "étape", "état", "phrase"]


def write_marks(lines, file):
    """Écrit ces lignes « élève, étape, état, phrase » pour un tableur français : points-virgules, et UTF-8 annoncé."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerows([COLUMNS, *(map(harmless, line) for line in lines)])
    write_whole(file, "\ufeff" + text.getvalue())


def show_table(lines):
    """Montre le tableau de ces lignes."""
    with tempfile.TemporaryDirectory() as folder:
        verdicts = Path(folder) / "verdicts.tsv"
        verdicts.write_text(
            "".join("\t".join(map(harmless, line)) + "\n" for line in lines), encoding="utf-8"
        )
        done = subprocess.run(
            [*installed_jvm(), MAIN_CLASS, str(verdicts)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, **environment()},
        )
    if done.returncode:
        sys.exit(f"✘ Le tableau n’a pas pu se faire :\n{done.stderr}")
    print(done.stdout)


def harmless(field):
    """Sur une ligne, sans rien qui commande un terminal ni qu’un tableur prendrait pour une formule."""
    return " ".join("".join(c if c.isprintable() else " " for c in field).split()).lstrip("=+-@")
