"""Le tableau d’une classe, que fait Tablesaw dans la JVM du noyau, et le détail dans un CSV."""

import subprocess
import sys
import tempfile
from pathlib import Path

from course_tools.kernel.kernel_spec import installed_jvm

MAIN_CLASS = "fr.cours.course.exercises.GradeTable"


def show_table(lines, csv):
    """Montre le tableau de ces lignes « élève, étape, état, phrase » ; les écrit dans ``csv``."""
    with tempfile.TemporaryDirectory() as folder:
        verdicts = Path(folder) / "verdicts.tsv"
        verdicts.write_text(
            "".join("\t".join(map(harmless, line)) + "\n" for line in lines), encoding="utf-8"
        )
        done = subprocess.run(
            [*installed_jvm(), MAIN_CLASS, str(verdicts), str(csv)],
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    if done.returncode:
        sys.exit(f"✘ Le tableau n’a pas pu se faire :\n{done.stderr}")
    print(done.stdout)


def harmless(field):
    """Sur une ligne, sans rien qui commande un terminal ni qu’un tableur prendrait pour une formule."""
    return " ".join("".join(c if c.isprintable() else " " for c in field).split()).lstrip("=+-@")
