"""Exécute les carnets du cours, compare leurs sorties à celles qui sont gardées, ou les y récrit.

    python binder/carnets.py verifier [02… exercices/2… corriges/2…]
    python binder/carnets.py regenerer [02… exercices/2… corriges/2…]

Deux carnets s’exécutent à la fois ; ceux dont les métadonnées disent ``cours.seul: true`` (ils
mesurent des temps) passent ensuite, un par un.
"""

import argparse
import asyncio
import json
import math
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

import nbformat
import psutil
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

RACINE = Path(__file__).resolve().parent.parent
CARNETS = RACINE / "notebooks"
RESULTATS = RACINE / "target" / "resultats"
JOURNAUX = RACINE / "target" / "journaux"
NOYAU = "attention-java"

CELLULE_MAX = 600  # secondes : rien ne doit pouvoir attendre sans fin
DEMARRAGE_MAX = 90
A_LA_FOIS = 2
TOLERANCE = 1e-3  # relative, sur les nombres imprimés

# Ce que doit dire chaque cellule étiquetée « verification » : rien n’est fait dans un énoncé, tout l’est
# dans un corrigé.
VERDICTS = {"exercices": "… Étape", "corriges": "✔ Étape"}

# Les cellules dont les valeurs changent d’une machine ou d’une fois à l’autre.
LIBRES = {"mesure", "entrainement"}


@dataclass
class Resultat:
    """Ce qu’a donné l’exécution d’un carnet."""

    chemin: Path
    carnet: nbformat.NotebookNode
    secondes: float = 0.0
    memoire: int = 0  # le plus grand nombre d’octets résidents du noyau
    erreurs: list[str] = field(default_factory=list)
    execution: dict = field(default_factory=dict)  # la machine de cette exécution

    @property
    def figures(self):
        return sum(
            "image/png" in sortie.get("data", {}) or "image/svg+xml" in sortie.get("data", {})
            for cellule in cellules_de_code(self.carnet)
            for sortie in cellule.outputs
        )


def cellules_de_code(carnet):
    return [c for c in carnet.cells if c.cell_type == "code" and c.source.strip()]


def numero(chemin):
    """Ce qui désigne un carnet : « 02 » pour une section, « exercices/2 » pour un exercice."""
    debut = chemin.stem.split("-")[0]
    return f"{chemin.parent.name}/{debut}" if chemin.parent.name in VERDICTS else debut


def nom(chemin):
    """Un nom que deux carnets ne partagent pas : un exercice et son corrigé portent le même."""
    return f"{chemin.parent.name}-{chemin.stem}" if chemin.parent.name in VERDICTS else chemin.stem


def trouver(numeros, dossier=CARNETS):
    """Les carnets de ces numéros (« 02 », « exercices/2 »), tous s’il n’y en a pas."""
    tous = sorted(dossier.glob("[0-9][0-9]-*.ipynb"))
    for sous_dossier in VERDICTS:
        tous += sorted((dossier / sous_dossier).glob("[0-9]-*.ipynb"))
    choisis = [c for c in tous if not numeros or numero(c) in numeros]
    inconnus = set(numeros) - {numero(c) for c in choisis}
    if inconnus:
        connus = ", ".join(numero(c) for c in tous) or "aucun"
        sys.exit(
            f"✘ Pas de carnet {', '.join(sorted(inconnus))} dans notebooks/ (il y a : {connus})."
        )
    return choisis


# --- Exécuter -----------------------------------------------------------------------------------

# Demandé au noyau après la dernière cellule, sans laisser de trace dans le carnet.
QUI_CALCULE = """
System.out.println(fr.cours.attention.math.Machine.blasCore());
System.out.println(fr.cours.attention.math.Parallel.threads());
System.out.println(System.getProperty("java.version"));
"""


async def executer(chemin, noyau=NOYAU, suivi=lambda fait, total: None):
    """Exécute un carnet dans un noyau neuf ; rend un Resultat, même en cas d’échec."""
    carnet = nbformat.read(chemin, as_version=4)
    for cellule in carnet.cells:
        if cellule.cell_type == "code":
            cellule.outputs, cellule.execution_count = [], None
    resultat = Resultat(chemin, carnet)
    JOURNAUX.mkdir(parents=True, exist_ok=True)
    journal = JOURNAUX / f"noyau-{nom(chemin)}.log"
    debut = time.monotonic()
    cellule = None
    try:
        async with noyau_neuf(noyau, chemin.parent, journal) as (gestion, dialogue):
            client = NotebookClient(carnet, km=gestion, timeout=CELLULE_MAX, record_timing=False)
            client.kc = dialogue
            client.reset_execution_trackers()
            async with memoire_surveillee(gestion, resultat):
                for rang, cellule in enumerate(carnet.cells):
                    suivi(rang, len(carnet.cells))
                    try:
                        await client.async_execute_cell(
                            cellule, rang, execution_count=client.code_cells_executed + 1
                        )
                    except DeadKernelError:
                        # nbclient prend aussi pour une mort du noyau que l’on nous arrête.
                        if await gestion.is_alive():
                            raise asyncio.CancelledError from None
                        raise
            resultat.secondes = time.monotonic() - debut
            resultat.execution = await demander_qui_calcule(client)
    except CellExecutionError:
        resultat.erreurs.append(montrer(carnet, cellule, "a échoué"))
    except CellTimeoutError:
        resultat.erreurs.append(montrer(carnet, cellule, f"n’a pas fini en {CELLULE_MAX} s"))
    except DeadKernelError:
        resultat.erreurs.append(
            montrer(carnet, cellule, "a fait mourir le noyau") + fin_de(journal)
        )
    except (RuntimeError, OSError, KeyError) as erreur:
        resultat.erreurs.append(
            f"Le noyau {noyau} n’a pas pu servir : {erreur!r}" + fin_de(journal)
        )
    resultat.secondes = resultat.secondes or time.monotonic() - debut
    for cellule in cellules_de_code(carnet):
        cellule.outputs = fusionner(cellule.outputs)
        if any(s.output_type == "stream" and s.name == "stderr" for s in cellule.outputs):
            resultat.erreurs.append(montrer(carnet, cellule, "écrit sur la sortie d’erreur"))
    return resultat


@asynccontextmanager
async def noyau_neuf(nom, dossier, journal, **options):
    """Un noyau prêt et de quoi lui parler ; arrêté à la sortie, quoi qu’il arrive."""
    gestion = AsyncKernelManager(kernel_name=nom)
    dialogue = None
    with journal.open("wb") as sortie:
        try:
            await gestion.start_kernel(cwd=str(dossier), stdout=sortie, stderr=sortie, **options)
            dialogue = gestion.client()
            dialogue.start_channels()
            await dialogue.wait_for_ready(timeout=DEMARRAGE_MAX)
            dialogue.allow_stdin = False
            yield gestion, dialogue
        finally:
            if dialogue:
                dialogue.stop_channels()
            if gestion.has_kernel:
                await gestion.shutdown_kernel(now=True)


def fin_de(journal):
    """Ce que le noyau a dit en dernier, hors des cellules."""
    lignes = journal.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
    return "\n    ".join(["", "--- journal du noyau", *lignes]) if lignes else ""


@asynccontextmanager
async def memoire_surveillee(gestion, resultat):
    """Relève quatre fois par seconde la mémoire résidente du noyau ; garde la plus grande."""
    noyau = psutil.Process(gestion.provisioner.pid)

    async def relever():
        while True:
            try:
                octets = sum(p.memory_info().rss for p in [noyau, *noyau.children(recursive=True)])
                resultat.memoire = max(resultat.memoire, octets)
            except psutil.Error:
                pass  # un processus vient de finir
            await asyncio.sleep(0.25)

    tache = asyncio.create_task(relever())
    try:
        yield
    finally:
        tache.cancel()


async def demander_qui_calcule(client):
    """Processeur, type de cœur d’OpenBLAS, fils et Java : de quoi dépendent les derniers bits."""
    cellule = nbformat.v4.new_code_cell(QUI_CALCULE)
    client.nb.cells.append(cellule)
    try:
        await client.async_execute_cell(cellule, len(client.nb.cells) - 1)
        blas, fils, java = "".join(s.get("text", "") for s in cellule.outputs).split()
    except (CellExecutionError, ValueError):
        return {"processeur": processeur()}  # un noyau sans la bibliothèque ne sait pas répondre
    finally:
        client.nb.cells.pop()
    return {"processeur": processeur(), "blas": blas, "fils": int(fils), "java": java}


def processeur():
    """Le nom commercial du processeur, ou au moins son architecture."""
    try:
        if sys.platform == "darwin":
            return subprocess.check_output(
                ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"], text=True
            ).strip()
        for ligne in Path("/proc/cpuinfo").read_text().splitlines():
            if ligne.startswith("model name"):
                return ligne.split(":", 1)[1].strip()
    except (OSError, subprocess.CalledProcessError):
        pass
    return platform.machine()


COULEURS = re.compile(r"\x1b\[[0-9;]*m")


def montrer(carnet, cellule, verbe):
    """Une cellule fautive : son source et toutes ses sorties (les erreurs de compilation y sont)."""
    if cellule is None:
        return f"Le carnet {verbe}."
    rang = carnet.cells.index(cellule) + 1
    lignes = [f"La cellule {rang} ({cellule.get('id', '?')}) {verbe}.", "--- source"]
    lignes += cellule.source.splitlines()
    for sortie in cellule.get("outputs", []):
        if sortie.output_type == "stream":
            lignes += [f"--- {sortie.name}", *sortie.text.splitlines()]
        elif sortie.output_type == "error":
            lignes += [f"--- erreur : {sortie.ename}", *sortie.evalue.splitlines()]
            lignes += COULEURS.sub("", "\n".join(sortie.traceback)).splitlines()
        else:
            lignes += [
                f"--- {', '.join(sorted(sortie.data))}",
                *sortie.data.get("text/plain", "").splitlines(),
            ]
    return "\n    ".join(lignes)


async def executer_tous(chemins, faire):
    """Exécute les carnets, deux à la fois puis les solitaires ; ``faire`` reçoit chaque Resultat."""
    avance = {}
    terminal = sys.stdout.isatty()

    def afficher():
        if terminal:
            texte = " · ".join(
                f"{quel} {fait}/{total}" for quel, (fait, total) in sorted(avance.items())
            )
            print(f"\r\033[K  … carnets {texte}" if avance else "\r\033[K", end="", flush=True)

    async def un(chemin):
        def suivi(fait, total):
            avance[numero(chemin)] = (fait, total)
            afficher()

        if not terminal:
            print(f"  … {nom(chemin)}", flush=True)
        resultat = await executer(chemin, suivi=suivi)
        avance.pop(numero(chemin), None)
        faire(resultat)
        if terminal:
            print("\r\033[K", end="")
        marque = "✘" if resultat.erreurs else "✔"
        memoire = resultat.memoire / 2**20
        print(
            f"  {marque} {nom(chemin)} ({resultat.secondes:.0f} s, {resultat.figures} figures,"
            f" {memoire:.0f} Mo)",
            flush=True,
        )
        for erreur in resultat.erreurs:
            print(f"\n    {erreur}\n", flush=True)
        afficher()
        return resultat

    # kill arrête comme Ctrl-C : les noyaux sont arrêtés avec nous.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    seuls = [
        c for c in chemins if nbformat.read(c, as_version=4).metadata.get("cours", {}).get("seul")
    ]
    places = asyncio.Semaphore(A_LA_FOIS)

    async def en_place(chemin):
        async with places:
            return await un(chemin)

    resultats = list(await asyncio.gather(*(en_place(c) for c in chemins if c not in seuls)))
    for chemin in seuls:
        resultats.append(await un(chemin))
    return sorted(resultats, key=lambda r: r.chemin)


# --- Comparer -----------------------------------------------------------------------------------

# java.awt.image.BufferedImage@1b28cdfa, [F@6d06d69c : l’adresse d’un objet n’apprend rien et
# change toujours.
IDENTITE = re.compile(r"(\[*[A-Za-z_$][\w.$/]*)@[0-9a-f]{4,8}\b")

# Un nombre à virgule (ou à point, ou avec exposant) est comparé à 1e-3 près ; un entier est un mot
# comme un autre : les formes, les comptes et les numéros doivent être les mêmes.
NOMBRE = re.compile(r"[-+−]?\d+(?:[.,]\d+(?:[eE][-+−]?\d+)?|[eE][-+−]?\d+)")


# Une ligne qu’un retour chariot fait récrire ne se lit que dans son dernier état.
RECRITE = re.compile(r"[^\n]*\r(?!\n)")


def nettoyer(texte):
    """Un texte imprimé, sans ce qui ne dépend que de l’instant."""
    return RECRITE.sub("", IDENTITE.sub(r"\1", texte))


def meme_texte(garde, obtenu):
    """Les mêmes mots, et les mêmes nombres à TOLERANCE près ; l’alignement ne compte pas."""
    garde, obtenu = nettoyer(garde), nettoyer(obtenu)
    if NOMBRE.sub("0,0", garde).split() != NOMBRE.sub("0,0", obtenu).split():
        return False
    return all(
        math.isclose(valeur(a), valeur(b), rel_tol=TOLERANCE)
        for a, b in zip(NOMBRE.findall(garde), NOMBRE.findall(obtenu))
    )


def valeur(nombre):
    return float(nombre.replace(",", ".").replace("−", "-"))


def genre(sortie):
    """De quelle sorte est une sortie, sans ce qu’elle dit."""
    if sortie.output_type == "stream":
        return sortie.name
    if sortie.output_type == "error":
        return "erreur"
    return f"{sortie.output_type} {', '.join(sorted(sortie.data))}"


def comparer(garde, obtenu):
    """Ce qui distingue les sorties gardées de celles qu’on obtient, en phrases ; vide sinon."""
    ecarts = []
    for rang, (a, b) in enumerate(zip_longest(garde.cells, obtenu.cells), start=1):
        if a is None or b is None or a.cell_type != "code" or not a.source.strip():
            continue
        ou = f"cellule {rang} ({a.get('id', '?')})"
        if a.execution_count is None:
            ecarts.append(f"{ou} : gardée sans avoir été exécutée")
            continue
        if a.execution_count != b.execution_count:
            ecarts.append(
                f"{ou} : numéro d’exécution {a.execution_count} gardé, {b.execution_count} obtenu"
            )
        gardes, obtenus = ([genre(s) for s in fusionner(c.outputs)] for c in (a, b))
        if gardes != obtenus:
            ecarts.append(f"{ou} : sorties {gardes} gardées, {obtenus} obtenues")
        elif not LIBRES & set(a.metadata.get("tags", [])):
            for x, y in zip(fusionner(a.outputs), fusionner(b.outputs)):
                ecarts += [f"{ou} : {e}" for e in comparer_sortie(x, y)]
    return ecarts


def comparer_sortie(garde, obtenu):
    """Compare deux sorties de même genre ; d’une image, sa description et sa taille."""
    textes = []
    if garde.output_type == "stream":
        textes = [(garde.text, obtenu.text)]
    elif garde.output_type == "error":
        return ["une erreur est gardée ; une erreur voulue s’attrape et s’imprime en une ligne"]
    else:
        for mime in sorted(garde.data):
            if not mime.startswith("image/"):
                textes.append((en_texte(garde.data[mime]), en_texte(obtenu.data[mime])))
        textes.append((en_texte(garde.metadata), en_texte(obtenu.metadata)))
    return [difference(a, b) for a, b in textes if not meme_texte(a, b)]


def en_texte(valeur):
    return (
        valeur
        if isinstance(valeur, str)
        else json.dumps(valeur, ensure_ascii=False, sort_keys=True)
    )


def difference(garde, obtenu):
    """Les premières lignes où deux textes diffèrent."""
    for a, b in zip_longest(garde.splitlines(), obtenu.splitlines(), fillvalue=""):
        if not meme_texte(a, b):
            return f"\n        gardé  : {a}\n        obtenu : {b}"
    return "les lignes sont coupées autrement"


def fusionner(sorties):
    """Réunit les flux de même nom qui se suivent : leur découpage dépend de l’instant."""
    fusion = []
    for sortie in sorties:
        if (
            fusion
            and sortie.output_type == "stream" == fusion[-1].output_type
            and sortie.name == fusion[-1].name
        ):
            fusion[-1] = nbformat.from_dict({**fusion[-1], "text": fusion[-1].text + sortie.text})
        else:
            fusion.append(sortie)
    return fusion


# --- Récrire ------------------------------------------------------------------------------------

METADONNEES = {"kernelspec", "language_info", "cours", "title"}
METADONNEES_CELLULE = {"tags", "jupyter"}


# Ce que le noyau dit de Java, sans la version de celui qui a servi.
JAVA = {
    "name": "Java",
    "file_extension": ".jshell",
    "mimetype": "text/x-java-source",
    "codemirror_mode": "java",
    "pygments_lexer": "java",
}


def normaliser(carnet, specification, execution):
    """Ne laisse dans un carnet que ce qui ne dépend ni de l’instant ni de l’éditeur ; le rend."""
    meta = {c: v for c, v in carnet.metadata.items() if c in METADONNEES}
    meta["kernelspec"] = {
        "name": NOYAU,
        "display_name": specification.display_name,
        "language": specification.language,
    }
    meta["language_info"] = JAVA
    meta["cours"] = {**meta.get("cours", {}), "execution": execution}
    carnet.metadata = nbformat.from_dict(meta)
    carnet.nbformat, carnet.nbformat_minor = 4, 5
    for rang, cellule in enumerate(carnet.cells, start=1):
        cellule.setdefault("id", f"cellule-{rang:02d}")
        cellule.metadata = nbformat.from_dict(
            {c: v for c, v in cellule.metadata.items() if c in METADONNEES_CELLULE}
        )
        cellule.source = cellule.source.rstrip()
        if cellule.cell_type == "code":
            cellule.outputs = [normaliser_sortie(s) for s in fusionner(cellule.outputs)]
    nbformat.validate(carnet)
    return carnet


def normaliser_sortie(sortie):
    if sortie.output_type == "stream":
        sortie.text = nettoyer(sortie.text)
    for mime, contenu in sortie.get("data", {}).items():
        if mime.startswith("text/"):
            sortie.data[mime] = nettoyer(contenu)
        elif mime.startswith("image/") and mime != "image/svg+xml":
            sortie.data[mime] = "".join(contenu.split())
    return sortie


def ecrire(carnet, chemin):
    """Écrit d’un coup : une interruption laisse l’ancien carnet entier."""
    texte = nbformat.writes(carnet, version=nbformat.NO_CONVERT) + "\n"
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=chemin.parent, delete=False
    ) as fichier:
        fichier.write(texte)
    os.chmod(fichier.name, chemin.stat().st_mode)
    os.replace(fichier.name, chemin)


# --- Les deux commandes -------------------------------------------------------------------------


def verdicts_inattendus(resultat):
    """Une phrase par vérification d’un énoncé qui n’est pas « à compléter », ou d’un corrigé qui n’est pas juste."""
    attendu = VERDICTS.get(resultat.chemin.parent.name)
    phrases = []
    for cellule in cellules_de_code(resultat.carnet):
        if attendu and "verification" in cellule.metadata.get("tags", []):
            dit = "".join(s.get("data", {}).get("text/plain", "") for s in cellule.outputs)
            if not dit.startswith(attendu):
                phrases.append(f"La vérification {cellule.id} dit « {dit} » au lieu de « {attendu}… »")
    return phrases


def verifier(chemins):
    def juger(resultat):
        if resultat.erreurs:
            return
        garde = nbformat.read(resultat.chemin, as_version=4)
        quel = numero(resultat.chemin)
        if all(c.execution_count is None for c in cellules_de_code(garde)):
            resultat.erreurs.append(
                f"Le carnet est gardé sans sorties : lancez bash binder/regenerer {quel}"
            )
            return
        ecarts = comparer(garde, resultat.carnet)
        resultat.erreurs += verdicts_inattendus(resultat)
        if ecarts:
            suite = [f"… et {len(ecarts) - 10} autres"] if len(ecarts) > 10 else []
            resultat.erreurs.append(
                "Les sorties ne sont plus celles qui sont gardées"
                f" (si c’est voulu : bash binder/regenerer {quel}) :\n      "
                + "\n      ".join(ecarts[:10] + suite)
            )

    resultats = asyncio.run(executer_tous(chemins, juger))
    RESULTATS.mkdir(parents=True, exist_ok=True)
    (RESULTATS / "carnets.json").write_text(
        json.dumps(
            [
                {
                    "nom": nom(r.chemin),
                    "secondes": r.secondes,
                    "figures": r.figures,
                    "memoire": r.memoire,
                    "erreurs": r.erreurs,
                }
                for r in resultats
            ],
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )
    return resultats


def regenerer(chemins):
    specification = KernelSpecManager().get_kernel_spec(NOYAU)

    def garder(resultat):
        resultat.erreurs += verdicts_inattendus(resultat)
        if not resultat.erreurs:
            ecrire(normaliser(resultat.carnet, specification, resultat.execution), resultat.chemin)

    return asyncio.run(executer_tous(chemins, garder))


def principal():
    analyse = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    analyse.add_argument("commande", choices=["verifier", "regenerer"])
    analyse.add_argument(
        "numeros", nargs="*", help="les carnets, par leur numéro (tous par défaut)"
    )
    arguments = analyse.parse_args()
    chemins = trouver(arguments.numeros)
    try:
        resultats = {"verifier": verifier, "regenerer": regenerer}[arguments.commande](chemins)
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(130)
    sys.exit(any(r.erreurs for r in resultats))


if __name__ == "__main__":
    principal()
