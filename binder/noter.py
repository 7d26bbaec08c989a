"""Note les exercices d’une classe : chaque copie dans son propre noyau, bornée en temps et en mémoire.

    python binder/noter.py DOSSIER [--secondes 300] [--cellule 60] [--memoire 1500]

Les vérifications exécutées sont celles du cours, pas celles de la copie. Chaque copie tourne dans un processus et
un dossier à elle ; passé le temps ou la mémoire permis, lui et tout ce qu’il a lancé sont arrêtés, et la suivante
commence. Les copies sont lues avant, et remises telles quelles si l’une en a changé une autre. Ce n’est pas une
cage : le code d’une copie a les droits de qui note.
"""

import argparse
import asyncio
import ctypes
import json
import os
import resource
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

TABLEAU = "fr.cours.attention.notebook.GradeTable"
COPIE_MAX = 50 * 2**20  # octets : un carnet et ses figures en font mille fois moins
FICHIER_MAX = 200 * 2**20  # octets qu’une copie peut écrire dans un même fichier


# --- Lire ---------------------------------------------------------------------------------------


def lire_copies(dossier):
    """Les octets de chaque copie, par son chemin ; None pour ce qui ne se lit pas ou ne finit pas."""
    copies = {}
    for chemin in sorted(dossier.rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in chemin.parts:
            try:
                lisible = chemin.is_file() and chemin.stat().st_size <= COPIE_MAX
                copies[chemin] = chemin.read_bytes() if lisible else None
            except OSError:
                copies[chemin] = None
    return copies


def verifications(carnet):
    return [c for c in carnet.cells if "verification" in c.metadata.get("tags", [])]


def enonces():
    """Les exercices du cours : de leur première vérification à leur numéro et à toutes leurs vérifications."""
    connus = {}
    for chemin in sorted((carnets.CARNETS / "exercices").glob("[0-9]-*.ipynb")):
        bonnes = verifications(nbformat.read(chemin, as_version=4))
        connus[bonnes[0].id] = (chemin.stem.split("-")[0], {c.id: c.source for c in bonnes})
    return connus


def preparer(octets, connus):
    """Le carnet à exécuter, où chaque vérification est celle du cours, et le nom de ses étapes (« 2.1 »)."""
    if octets is None:
        raise ValueError(f"illisible, ou plus de {COPIE_MAX >> 20} Mo")
    try:
        copie = nbformat.reads(octets.decode("utf-8"), as_version=4)
        cellules = [c for c in copie.cells if c.cell_type == "code"]
        presentes = {c.get("id") for c in cellules}
        sources = [str(c.source) for c in cellules]
    except Exception as erreur:  # un fichier quelconque, renommé en .ipynb
        raise ValueError(f"ce n’est pas un carnet ({type(erreur).__name__})") from erreur
    premiere = next((p for p in connus if p in presentes), None)
    if premiere is None:
        raise ValueError("aucun exercice du cours : la première vérification n’y est pas")
    exercice, bonnes = connus[premiere][0], dict(connus[premiere][1])
    etapes = [f"{exercice}.{n}" for n in range(1, len(bonnes) + 1)]
    neuves = []
    for cellule, source in zip(cellules, sources):
        juge = cellule.get("id") in bonnes
        neuves.append(
            nbformat.v4.new_code_cell(
                bonnes.pop(cellule["id"]) if juge else source,
                metadata={"tags": ["verification"] if juge else []},
            )
        )
    for source in bonnes.values():  # ôtées par l’élève : son code est là, on les essaie à la fin
        neuves.append(nbformat.v4.new_code_cell(source, metadata={"tags": ["verification"]}))
    return nbformat.v4.new_notebook(cells=neuves), etapes


# --- Exécuter une copie, dans un processus à part ---------------------------------------------------


async def executer(carnet, dossier, cellule_max, garder):
    """Exécute tout, erreurs comprises ; ``garder`` reçoit les verdicts après chaque vérification."""
    async with carnets.noyau_neuf(carnets.NOYAU, dossier, dossier / "noyau.log") as (gestion, dialogue):
        client = NotebookClient(
            carnet, km=gestion, timeout=cellule_max, allow_errors=True, interrupt_on_timeout=True
        )
        client.kc = dialogue
        client.reset_execution_trackers()
        for rang, cellule in enumerate(list(carnet.cells)):
            if cellule.source.strip():
                await client.async_execute_cell(cellule, rang)
                cellule.outputs = []
            if "verification" in cellule.metadata.tags:
                garder(await demander(client))


async def demander(client):
    """Les verdicts, tels que le noyau les tient : ni ce qu’une copie imprime ni ses sorties n’y entrent."""
    cellule = nbformat.v4.new_code_cell("fr.cours.attention.exercices.Exercise.report()")
    client.nb.cells.append(cellule)
    try:
        await client.async_execute_cell(cellule, len(client.nb.cells) - 1)
    finally:
        client.nb.cells.pop()
    return "".join(s.get("data", {}).get("text/plain", "") for s in cellule.outputs)


def une_copie(source, resultat, cellule_max):
    resource.setrlimit(resource.RLIMIT_FSIZE, (FICHIER_MAX, FICHIER_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    carnet = nbformat.read(source, as_version=4)

    def garder(verdicts):
        brouillon = Path(f"{resultat}.neuf")
        brouillon.write_text(verdicts, encoding="utf-8")
        os.replace(brouillon, resultat)

    asyncio.run(executer(carnet, Path(source).parent, int(cellule_max), garder))


# --- Surveiller -------------------------------------------------------------------------------------


def adopter():
    """Sous Linux, un processus dont le père meurt nous revient : rien de ce que lance une copie ne nous échappe."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def descendance():
    return psutil.Process().children(recursive=True)


def arreter_tout():
    """Arrête tout ce qu’une copie a lancé, détaché ou non ; recommence, car un arrêt peut en rendre d’autres."""
    for _ in range(20):
        restants = descendance()
        if not restants:
            return
        for processus in restants:
            try:
                processus.kill()
            except psutil.Error:
                pass
        psutil.wait_procs(restants, timeout=2)


def surveiller(processus, secondes, memoire):
    """Attend la fin ; rend pourquoi il a fallu arrêter, None sinon."""
    debut = time.monotonic()
    while processus.poll() is None:
        if time.monotonic() - debut > secondes:
            return f"arrêté après {secondes} s"
        octets = 0
        for membre in descendance():
            try:
                octets += membre.memory_info().rss
            except psutil.Error:
                pass  # il vient de finir
        if octets > memoire * 2**20:
            return f"arrêté : plus de {memoire} Mo"
        time.sleep(0.1)
    return None


def noter(octets, connus, limites):
    """Les lignes « étape, état, phrase » d’une copie."""
    try:
        carnet, etapes = preparer(octets, connus)
    except ValueError as erreur:
        return [("copie", "ILLISIBLE", str(erreur))]
    dossier = Path(tempfile.mkdtemp(prefix="copie-"))
    dehors = Path(tempfile.mkdtemp(prefix="verdicts-"))  # la copie n’en connaît pas le nom
    try:
        # Les mêmes places que dans le cours : un exercice lit ../donnees.
        source, resultat = dossier / "exercices" / "copie.ipynb", dehors / "verdicts"
        source.parent.mkdir()
        nbformat.write(carnet, source)
        shutil.copytree(carnets.CARNETS / "donnees", dossier / "donnees")
        commande = [sys.executable, __file__, "--une", str(source), str(resultat), str(limites.cellule)]
        processus = subprocess.Popen(
            commande,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=source.parent,
            env={**os.environ, "TMPDIR": str(dossier)},
            start_new_session=True,
        )
        try:
            raison = surveiller(processus, limites.secondes, limites.memoire)
        finally:
            arreter_tout()
            processus.wait()
        if processus.returncode and not raison:
            raison = "le noyau s’est arrêté avant la fin"
        dit = resultat.read_text(encoding="utf-8") if resultat.exists() else ""
    finally:
        shutil.rmtree(dossier, ignore_errors=True)
        shutil.rmtree(dehors, ignore_errors=True)
    lus = dict(ligne.split("\t", 1) for ligne in dit.splitlines() if "\t" in ligne)
    absent = f"ARRÊTÉ\t{raison}" if raison else "ABSENT\tla vérification n’a pas pu s’exécuter"
    return [(e, *lus.get(e.split(".")[1], absent).split("\t", 1)) for e in etapes]


def reparer(copies):
    """Remet les copies comme elles ont été lues ; rend celles qu’il a fallu réparer."""
    changees = []
    for chemin, octets in copies.items():
        try:
            intacte = octets is None or chemin.read_bytes() == octets
        except OSError:
            intacte = False
        if not intacte:
            chemin.parent.mkdir(parents=True, exist_ok=True)
            chemin.unlink(missing_ok=True)
            chemin.write_bytes(octets)
            changees.append(chemin)
    return changees


# --- Toute une classe ---------------------------------------------------------------------------------


def montrer(lignes, notes):
    """Le tableau, par Tablesaw, et le détail dans un CSV."""
    noyau = Path(sys.prefix) / "share" / "jupyter" / "kernels" / carnets.NOYAU / "kernel.json"
    argv = json.loads(noyau.read_text(encoding="utf-8"))["argv"]
    java = argv[argv.index("{connection_file}") - 3 :][:2]
    with tempfile.TemporaryDirectory() as brouillon:
        fichier = Path(brouillon) / "verdicts.tsv"
        propres = [[" ".join(champ.split()) for champ in ligne] for ligne in lignes]
        fichier.write_text("".join("\t".join(p) + "\n" for p in propres), encoding="utf-8")
        subprocess.run([*java, TABLEAU, str(fichier), str(notes)], check=True)


def principal():
    analyse = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    analyse.add_argument("dossier", type=Path, help="un carnet par élève, dans ce dossier ou dessous")
    analyse.add_argument("--secondes", type=int, default=300, help="temps permis à une copie")
    analyse.add_argument("--memoire", type=int, default=1500, help="mégaoctets permis à une copie")
    analyse.add_argument(
        "--cellule", type=int, default=60, help="temps permis à une cellule : les suivantes ont leur chance"
    )
    arguments = analyse.parse_args()
    dossier = arguments.dossier.resolve()
    copies = lire_copies(dossier)
    if not copies:
        sys.exit(f"✘ Aucun carnet .ipynb dans {dossier}.")
    adopter()
    connus, lignes = enonces(), []
    for chemin, octets in copies.items():
        nom = str(chemin.relative_to(dossier).with_suffix(""))
        obtenues = noter(octets, connus, arguments)
        touchees = [str(c.relative_to(dossier)) for c in reparer(copies)]
        if touchees:
            obtenues.append(("copie", "A CHANGÉ", f"remis en état : {', '.join(touchees)}"))
        lignes += [(nom, *ligne) for ligne in obtenues]
        justes = sum(etat == "DONE" for _, etat, _ in obtenues)
        ennui = next((f" ; {p}" for _, e, p in obtenues if e not in ("DONE", "WRONG", "TODO")), "")
        print(f"  … {nom} : {justes} étape(s) juste(s){ennui}", flush=True)
    notes = dossier / "notes.csv"
    montrer(lignes, notes)
    print(f"Le détail, avec la phrase de chaque vérification : {notes}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--une"]:
        une_copie(*sys.argv[2:5])
    else:
        principal()
