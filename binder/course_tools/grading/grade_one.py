"""Note une copie : un dossier et un processus à elle, surveillé, puis ce que le noyau en a dit."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from course_tools.grading.course_checks import with_course_checks
from course_tools.grading.watch import stop_all, watch
from course_tools.paths import NOTEBOOKS, PACKAGE

STATES = {"DONE": "juste", "WRONG": "fausse", "TODO": "à compléter"}

# Ce qu’une copie voit de l’environnement : vos jetons et vos mots de passe n’y sont pas.
ENVIRONMENT = re.compile(r"(PATH|HOME|LANG)$|JUPYTER_|IPYTHONDIR$|LC_|OMP_|OPENBLAS_")

# Ce dont aucune étape n’a besoin, et par quoi passe qui voudrait fausser ses verdicts : à lire par qui note.
TO_READ = re.compile(
    r"setAccessible|getDeclared\w+|java\.lang\.(?:reflect|invoke)|Unsafe|ProcessBuilder|ProcessHandle|getRuntime"
    r"|System\.(?:exit|load)|cours\.kernel(?!\.TrainingProgress)|\\u+00[2-7]"
)


def grade_one(content, known, limits, attachments=()):
    """Les lignes « étape, état, phrase » d’une copie, à côté des fichiers qui y sont joints."""
    try:
        notebook, steps, to_read = with_course_checks(content, known)
    except ValueError as error:
        return [("copie", "illisible", str(error))]
    verdicts, reason = run_watched(notebook, limits, attachments)
    read = {v["step"]: (STATES[v["state"]], v["sentence"]) for v in verdicts}
    absent = (
        ("arrêtée", reason)
        if reason
        else ("absente", "la vérification n’a pas pu s’exécuter : la réponse manque, ou ne compile pas")
    )
    lines = [(step, *read.get(step, absent)) for step in steps]
    suspects = sorted({m for c in notebook.cells for m in TO_READ.findall(c.source)})
    if suspects:
        to_read.append(f"le code emploie {', '.join(suspects)}")
    if to_read:
        lines.append(("copie", "à lire", " ; ".join(to_read)))
    return lines


def run_watched(notebook, limits, attachments):
    """Exécute le carnet d’une copie ; rend les verdicts, et pourquoi elle s’est arrêtée avant la fin (ou None)."""
    folder = Path(tempfile.mkdtemp(prefix="copie-"))
    outside = Path(tempfile.mkdtemp(prefix="verdicts-"))  # la copie n’en connaît pas le nom
    try:
        # Les mêmes places que dans le cours : un exercice lit ../donnees.
        source, verdicts = folder / "exercices" / "copie.ipynb", outside / "verdicts"
        source.parent.mkdir()
        nbformat.write(notebook, source)
        shutil.copytree(NOTEBOOKS / "donnees", folder / "donnees")
        for attachment in attachments:
            shutil.copy(attachment, source.parent)
        process = subprocess.Popen(
            [sys.executable, "-I", PACKAGE, "run-submission"]
            + ["--copie", source, "--verdicts", verdicts, "--cellule", str(limits.cellule)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=source.parent,
            env={
                **{name: v for name, v in os.environ.items() if ENVIRONMENT.match(name)},
                "TMPDIR": str(folder),
                "JUPYTER_RUNTIME_DIR": str(folder / "en-cours"),
            },
            start_new_session=True,
        )
        try:
            reason = watch(process, folder, limits.secondes, limits.memoire)
        finally:
            stop_all()
            process.wait()
        found = json.loads(verdicts.read_text(encoding="utf-8")) if verdicts.exists() else {}
        reason = reason or found.get("refusal")
        if process.returncode and not reason:
            reason = "le noyau s’est arrêté avant la fin"
        return found.get("verdicts", []), reason
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(outside, ignore_errors=True)
