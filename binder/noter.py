"""Note les exercices d’une classe : chaque copie dans son propre noyau, enfermée, bornée en temps et en mémoire.

    python binder/noter.py DOSSIER [--secondes 600] [--cellule 120] [--memoire 1500]

Les vérifications exécutées sont celles du cours, pas celles de la copie ; le verdict est demandé au noyau, pas lu
dans ce que la copie affiche. Chaque copie tourne dans un processus et un dossier à elle ; passé ce qui est permis,
elle et tout ce qu’elle a lancé sont arrêtés, et la suivante commence. Voir enclos.py pour ce qui l’enferme.
"""

import argparse
import asyncio
import ctypes
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

import carnets
import enclos

TABLEAU = "fr.cours.kernel.GradeTable"
COPIE_MAX = 50 * 2**20  # octets : un carnet et ses figures en font mille fois moins
FICHIER_MAX = 200 * 2**20  # octets qu’une copie peut écrire dans un même fichier
DOSSIER_MAX = 500 * 2**20  # et dans tous
PROCESSUS_MAX = 100  # à la fois

ETATS = {"DONE": "juste", "WRONG": "fausse", "TODO": "à compléter"}

# Ce qu’une copie voit de l’environnement : vos jetons et vos mots de passe n’y sont pas.
ENVIRONNEMENT = re.compile(r"(PATH|HOME|LANG)$|JUPYTER_|IPYTHONDIR$|PYTHON|LC_|OMP_|OPENBLAS_")

# Ce dont aucune étape n’a besoin, et par quoi passe qui voudrait fausser ses verdicts : à lire par qui note.
A_LIRE = re.compile(
    r"setAccessible|getDeclared\w+|java\.lang\.(?:reflect|invoke)|Unsafe|ProcessBuilder|ProcessHandle|getRuntime"
    r"|System\.(?:exit|load)|cours\.kernel(?!\.TrainingProgress)|\\u+00[2-7]"
)


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


def joints(chemin, dossier):
    """Ce qu’un élève a rendu avec sa copie, dans le même sous-dossier : les textes qu’elle lit."""
    if chemin.parent == dossier:
        return []
    voisins = [v for v in chemin.parent.iterdir() if v.is_file() and not v.is_symlink()]
    return [v for v in voisins if v.suffix != ".ipynb" and v.stat().st_size <= COPIE_MAX]


def enonces(dossier=carnets.CARNETS / "exercices"):
    """Les vérifications de chaque exercice du cours, par leur identifiant."""
    connus = {}
    for chemin in sorted(dossier.glob("[0-9]-*.ipynb")):
        cellules = nbformat.read(chemin, as_version=4).cells
        connus[chemin.stem.split("-")[0]] = {
            c.id: c.source for c in cellules if "verification" in c.metadata.get("tags", [])
        }
    return connus


def preparer(octets, connus):
    """Le carnet à exécuter, où chaque vérification est celle du cours, et le nom de ses étapes (« 2.1 »)."""
    if octets is None:
        raise ValueError(f"illisible, ou plus de {COPIE_MAX >> 20} Mo")
    try:
        copie = nbformat.reads(octets.decode("utf-8"), as_version=4)
        cellules = [(c.get("id"), str(c.source)) for c in copie.cells if c.cell_type == "code"]
    except Exception as erreur:  # un fichier quelconque, renommé en .ipynb
        raise ValueError(f"ce n’est pas un carnet ({type(erreur).__name__})") from erreur

    def laquelle(cellule, bonnes):
        """La vérification que porte une cellule, par son identifiant ou, s’il s’est perdu, par son texte."""
        nom, source = cellule
        par_texte = (b for b, texte in bonnes.items() if texte.strip() == source.strip())
        return nom if nom in bonnes else next(par_texte, None)

    reconnues = {n: [laquelle(c, bonnes) for c in cellules] for n, bonnes in connus.items()}
    exercice = max(reconnues, key=lambda n: len(set(reconnues[n]) - {None}))
    if not any(reconnues[exercice]):
        raise ValueError("aucun exercice du cours : pas une de ses vérifications n’y est")
    restantes = dict(connus[exercice])
    etapes = [f"{exercice}.{n}" for n in range(1, len(restantes) + 1)]
    neuves = []
    for (_, source), bonne in zip(cellules, reconnues[exercice]):
        juge = bonne in restantes
        source = restantes.pop(bonne) if juge else "" if bonne else source  # une seule fois chacune
        neuves.append(nbformat.v4.new_code_cell(source, metadata={"tags": ["verification"] * juge}))
    for source in restantes.values():  # ôtées par l’élève : son code est là, on les essaie à la fin
        neuves.append(nbformat.v4.new_code_cell(source, metadata={"tags": ["verification"]}))
    while not neuves[-1].metadata.tags:  # ce qui suit la dernière vérification ne compte pas
        neuves.pop()
    return nbformat.v4.new_notebook(cells=neuves), etapes


# --- Exécuter une copie, dans un processus à part ---------------------------------------------------


async def executer(carnet, dossier, cellule_max, garder):
    """Exécute tout, erreurs comprises ; ``garder`` reçoit les verdicts après chaque vérification."""
    noyau = Path(sys.prefix) / "share" / "jupyter" / "kernels" / carnets.NOYAU
    java = Path(java_du_noyau()[0]).resolve()
    lisibles = [noyau, java.parent.parent, Path.home() / ".javacpp"]

    def enfermer():
        enclos.entrer(lisibles, dossier.parent)

    async with carnets.noyau_neuf(
        carnets.NOYAU, dossier, dossier / "noyau.log", preexec_fn=enfermer
    ) as (gestion, dialogue):
        client = NotebookClient(
            carnet, km=gestion, timeout=cellule_max, allow_errors=True, interrupt_on_timeout=True
        )
        client.kc = dialogue
        client.reset_execution_trackers()
        for rang, cellule in enumerate(list(carnet.cells)):
            if cellule.source.strip():
                await client.async_execute_cell(cellule, rang)
                cellule.outputs = []
            if cellule.metadata.tags:
                garder(await demander(client))


async def demander(client):
    """Les verdicts, tels que le noyau les tient : rien de ce que la copie imprime ou nomme n’y entre."""
    cellule = nbformat.v4.new_code_cell("%verdicts")
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


def surveiller(processus, dossier, secondes, memoire):
    """Attend la fin ; rend pourquoi il a fallu arrêter, None sinon."""
    debut = time.monotonic()
    while processus.poll() is None:
        if time.monotonic() - debut > secondes:
            return f"arrêté après {secondes} s"
        membres = descendance()
        if sum(mesurer(m, lambda m: m.memory_info().rss) for m in membres) > memoire * 2**20:
            return f"arrêté : plus de {memoire} Mo"
        if len(membres) > PROCESSUS_MAX:
            return f"arrêté : plus de {PROCESSUS_MAX} processus"
        fichiers = (os.path.join(d, f) for d, _, noms in os.walk(dossier) for f in noms)
        if sum(mesurer(f, lambda f: os.lstat(f).st_size) for f in fichiers) > DOSSIER_MAX:
            return f"arrêté : plus de {DOSSIER_MAX >> 20} Mo de fichiers"
        time.sleep(0.1)
    return None


def mesurer(quoi, mesure):
    try:
        return mesure(quoi)
    except (psutil.Error, OSError):
        return 0  # il vient de finir, ou d’être effacé


def noter(octets, connus, limites, joints=()):
    """Les lignes « étape, état, phrase » d’une copie, à côté des fichiers qui y sont joints."""
    try:
        carnet, etapes = preparer(octets, connus)
    except ValueError as erreur:
        return [("copie", "illisible", str(erreur))]
    dossier = Path(tempfile.mkdtemp(prefix="copie-"))
    dehors = Path(tempfile.mkdtemp(prefix="verdicts-"))  # la copie n’en connaît pas le nom
    try:
        # Les mêmes places que dans le cours : un exercice lit ../donnees.
        source, resultat = dossier / "exercices" / "copie.ipynb", dehors / "verdicts"
        source.parent.mkdir()
        nbformat.write(carnet, source)
        shutil.copytree(carnets.CARNETS / "donnees", dossier / "donnees")
        for joint in joints:
            shutil.copy(joint, source.parent)
        commande = [sys.executable, __file__, "--une", str(source), str(resultat), str(limites.cellule)]
        processus = subprocess.Popen(
            commande,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=source.parent,
            env={
                **{nom: v for nom, v in os.environ.items() if ENVIRONNEMENT.match(nom)},
                "TMPDIR": str(dossier),
                "JUPYTER_RUNTIME_DIR": str(dossier / "en-cours"),
            },
            start_new_session=True,
        )
        try:
            raison = surveiller(processus, dossier, limites.secondes, limites.memoire)
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
    absent = f"arrêtée\t{raison}" if raison else "absente\tla vérification n’a pas pu s’exécuter : la réponse manque, ou ne compile pas"
    dits = [(e, *lus.get(e.split(".")[1], absent).split("\t", 1)) for e in etapes]
    lignes = [(etape, ETATS.get(etat, etat), phrase) for etape, etat, phrase in dits]
    suspects = sorted({m for c in carnet.cells for m in A_LIRE.findall(c.source)})
    return lignes + [("copie", "à lire", f"le code emploie {', '.join(suspects)}")] * bool(suspects)


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


def java_du_noyau():
    """La JVM du noyau, et ses options."""
    noyau = Path(sys.prefix) / "share" / "jupyter" / "kernels" / carnets.NOYAU / "kernel.json"
    argv = json.loads(noyau.read_text(encoding="utf-8"))["argv"]
    debut = next(i for i, mot in enumerate(argv) if mot.startswith("@")) - 1
    return argv[debut : argv.index("{connection_file}") - 1]  # sans le lanceur ni la classe principale


def propre(champ):
    """Sur une ligne, sans rien qui commande un terminal ni qu’un tableur prendrait pour une formule."""
    return " ".join("".join(c if c.isprintable() else " " for c in champ).split()).lstrip("=+-@")


def montrer(lignes, notes):
    """Le tableau, par Tablesaw, et le détail dans un CSV."""
    with tempfile.TemporaryDirectory() as brouillon:
        fichier = Path(brouillon) / "verdicts.tsv"
        fichier.write_text(
            "".join("\t".join(map(propre, ligne)) + "\n" for ligne in lignes), encoding="utf-8"
        )
        fini = subprocess.run(
            [*java_du_noyau(), TABLEAU, str(fichier), str(notes)],
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    if fini.returncode:
        sys.exit(f"✘ Le tableau n’a pas pu se faire :\n{fini.stderr}")
    print(fini.stdout)


def principal():
    analyse = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    analyse.add_argument("dossier", type=Path, help="un carnet par élève, dans ce dossier ou dessous")
    analyse.add_argument("--secondes", type=int, default=600, help="temps permis à une copie")
    analyse.add_argument("--memoire", type=int, default=1500, help="mégaoctets permis à une copie")
    analyse.add_argument(
        "--cellule", type=int, default=120, help="temps permis à une cellule : les suivantes ont leur chance"
    )
    arguments = analyse.parse_args()
    dossier = arguments.dossier.resolve()
    copies = lire_copies(dossier)
    if not copies:
        sys.exit(f"✘ Aucun carnet .ipynb dans {dossier}.")
    if not os.access(dossier, os.W_OK):
        sys.exit(f"✘ {dossier} ne s’écrit pas : notes.csv n’y tiendrait pas.")
    adopter()
    if risque := enclos.ce_qui_echappe():
        print(f"  ⚠ Sur cette machine, {risque}. Voir « Pour une classe » dans le README.", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill arrête comme Ctrl-C
    lignes = []
    try:
        noter_tout(dossier, copies, arguments, lignes)
    except KeyboardInterrupt:
        print("\n✘ Interrompu ; voici les copies déjà notées.", flush=True)
    notes = dossier / "notes.csv"
    if lignes:
        montrer(lignes, notes)
        print(f"Le détail, avec la phrase de chaque vérification : {notes}")


def noter_tout(dossier, copies, limites, lignes):
    """Note chaque copie ; ajoute ses lignes « élève, étape, état, phrase »."""
    connus, vues = enonces(), set()
    for rang, (chemin, octets) in enumerate(copies.items(), start=1):
        obtenues = noter(octets, connus, limites, joints(chemin, dossier))
        relatif = chemin.relative_to(dossier).with_suffix("")
        nom = relatif.parts[0]  # le fichier, ou le dossier de l’élève
        if vues & {(nom, etape) for etape, _, _ in obtenues}:
            nom = str(relatif)  # il a rendu deux fois le même exercice
        vues |= {(nom, etape) for etape, _, _ in obtenues if etape != "copie"}
        touchees = [str(c.relative_to(dossier)) for c in reparer(copies)]
        if touchees:
            obtenues.append(("copie", "a changé", f"remis en état : {', '.join(touchees)}"))
        lignes += [(nom, *ligne) for ligne in obtenues]
        justes = sum(etat == "juste" for _, etat, _ in obtenues)
        ennui = next((f" ; {propre(p)}" for _, e, p in obtenues if e not in ETATS.values()), "")
        compte = f"{justes} étape{'s' * (justes > 1)} juste{'s' * (justes > 1)}"
        print(f"  … {rang}/{len(copies)} {propre(str(relatif))} : {compte}{ennui}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--une"]:
        une_copie(*sys.argv[2:5])
    else:
        principal()
