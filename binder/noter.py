"""Note les exercices d’une classe : un carnet par élève, chacun dans son propre noyau.

    python binder/noter.py DOSSIER [--secondes 300] [--memoire 1500]

Les cellules de vérification viennent du cours, pas de la copie. Chaque copie est exécutée par un processus
à part, dans un dossier à elle : au-delà du temps ou de la mémoire permis, lui et tout ce qu’il a lancé sont
arrêtés, et la copie suivante commence. Ce n’est pas une cage : le code d’une copie a les droits de qui note.
"""

import argparse
import asyncio
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

import carnets

CLASSES = "fr.cours.attention.notebook.GradeTable"
CELLULE_MAX = 60  # secondes : une cellule sans fin laisse du temps aux suivantes


def enonces():
    """Les exercices du cours, par leur première vérification."""
    lus = [nbformat.read(c, as_version=4) for c in sorted((carnets.CARNETS / "exercices").glob("*.ipynb"))]
    return {verifications(n)[0].id: n for n in lus}


def verifications(carnet):
    return [c for c in carnet.cells if "verification" in c.metadata.get("tags", [])]


def preparer(copie, connus):
    """Les cellules à exécuter : celles de l’élève, où chaque vérification est celle du cours."""
    ids = {c.get("id") for c in copie.cells}
    enonce = next((n for premiere, n in connus.items() if premiere in ids), None)
    if enonce is None:
        raise ValueError("aucune vérification du cours : ce carnet n’est pas un exercice, ou elles ont été ôtées")
    bonnes = {c.id: c.source for c in verifications(enonce)}
    cellules = [c for c in copie.cells if c.cell_type == "code"]
    for cellule in cellules:
        cellule.source = bonnes.pop(cellule.get("id"), cellule.source)
        cellule.outputs, cellule.execution_count = [], None
    cellules += [nbformat.v4.new_code_cell(source) for source in bonnes.values()]
    return nbformat.v4.new_notebook(cells=cellules), [c.id for c in verifications(enonce)]


async def executer(carnet, dossier):
    """Exécute tout, erreurs comprises, puis demande les verdicts au noyau."""
    marque = secrets.token_hex(16)
    demande = f'System.out.println("{marque}\\n" + fr.cours.attention.exercices.Exercise.report() + "\\n{marque}");'
    carnet.cells.append(nbformat.v4.new_code_cell(demande))
    async with carnets.noyau_neuf(carnets.NOYAU, dossier, dossier / "noyau.log") as (gestion, dialogue):
        client = NotebookClient(carnet, km=gestion, timeout=CELLULE_MAX, allow_errors=True, interrupt_on_timeout=True)
        client.kc = dialogue
        client.reset_execution_trackers()
        for rang, cellule in enumerate(carnet.cells):
            await client.async_execute_cell(cellule, rang)
    dit = "".join(s.get("text", "") for s in carnet.cells[-1].outputs)
    return dit.split(marque)[1].strip()


def une_copie(source, resultat):
    """Le travail du processus à part : lit le carnet préparé, écrit les verdicts."""
    carnet = nbformat.read(source, as_version=4)
    Path(resultat).write_text(asyncio.run(executer(carnet, Path(source).parent)), encoding="utf-8")


def arreter(processus):
    """Arrête le processus et toute sa descendance."""
    try:
        famille = [*psutil.Process(processus.pid).children(recursive=True), psutil.Process(processus.pid)]
    except psutil.Error:
        famille = []
    for membre in famille:
        try:
            membre.kill()
        except psutil.Error:
            pass
    processus.wait()


def surveiller(processus, secondes, memoire):
    """Attend la fin ; rend pourquoi il a fallu arrêter, None sinon."""
    debut = time.monotonic()
    while processus.poll() is None:
        if time.monotonic() - debut > secondes:
            arreter(processus)
            return f"arrêté après {secondes} s"
        octets = 0
        try:
            for membre in psutil.Process(processus.pid).children(recursive=True):
                octets += membre.memory_info().rss
        except psutil.Error:
            pass
        if octets > memoire * 2**20:
            arreter(processus)
            return f"arrêté : plus de {memoire} Mo"
        time.sleep(0.2)
    return None


def noter(nom, copie, connus, secondes, memoire):
    """Les lignes « élève, étape, état, phrase » d’une copie."""
    try:
        carnet, etapes = preparer(nbformat.reads(copie, as_version=4), connus)
    except Exception as erreur:  # un fichier quelconque, renommé en .ipynb
        return [(nom, "-", "ILLISIBLE", str(erreur).splitlines()[0][:200] if str(erreur) else "carnet illisible")]
    dossier = Path(tempfile.mkdtemp(prefix="copie-"))
    try:
        source, resultat = dossier / "copie.ipynb", dossier / secrets.token_hex(8)
        nbformat.write(carnet, source)
        processus = subprocess.Popen(
            [sys.executable, __file__, "--une", str(source), str(resultat)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(dossier / "erreurs.log").open("wb"),
            start_new_session=True,
        )
        try:
            raison = surveiller(processus, secondes, memoire)
        finally:
            if processus.poll() is None:
                arreter(processus)
        dit = resultat.read_text(encoding="utf-8") if resultat.exists() else ""
    finally:
        shutil.rmtree(dossier, ignore_errors=True)
    lus = dict(ligne.split("\t", 1) for ligne in dit.splitlines() if "\t" in ligne)
    if not lus:
        raison = raison or "le noyau s’est arrêté avant la fin"
    absent = f"ARRÊTÉ\t{raison}" if raison else "ABSENT\tla vérification n’a pas pu s’exécuter"
    return [(nom, str(n), *lus.get(str(n), absent).split("\t", 1)) for n in range(1, len(etapes) + 1)]


def principal():
    analyse = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    analyse.add_argument("dossier", type=Path)
    analyse.add_argument("--secondes", type=int, default=300, help="temps permis à une copie")
    analyse.add_argument("--memoire", type=int, default=1500, help="mégaoctets permis à une copie")
    arguments = analyse.parse_args()
    # Tout est lu d’abord : ce qu’une copie ferait aux fichiers ne change pas la note des autres.
    copies = {c.stem: c.read_text(encoding="utf-8", errors="replace") for c in sorted(arguments.dossier.glob("*.ipynb"))}
    if not copies:
        sys.exit(f"✘ Aucun carnet .ipynb dans {arguments.dossier}.")
    connus, lignes = enonces(), []
    for nom, copie in copies.items():
        lignes += noter(nom, copie, connus, arguments.secondes, arguments.memoire)
        faites = sum(ligne[0] == nom and ligne[2] == "DONE" for ligne in lignes)
        print(f"  … {nom} : {faites} étapes justes", flush=True)
    notes = arguments.dossier / "notes.csv"
    with tempfile.TemporaryDirectory() as brouillon:
        fichier = Path(brouillon) / "verdicts.tsv"
        fichier.write_text("".join("\t".join(ligne) + "\n" for ligne in lignes), encoding="utf-8")
        noyau = json.loads((Path(sys.prefix) / "share/jupyter/kernels" / carnets.NOYAU / "kernel.json").read_text())
        java = noyau["argv"][noyau["argv"].index("{connection_file}") - 3 :][:2]
        subprocess.run([*java, CLASSES, str(fichier), str(notes)], check=True)
    print(f"Le détail, avec la phrase de chaque vérification : {notes}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--une"]:
        une_copie(*sys.argv[2:])
    else:
        principal()
