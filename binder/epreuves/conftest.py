"""Les épreuves longues de « verifier --complet » : ce qu’elles ont en commun."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

RACINE = Path(__file__).resolve().parent.parent.parent

# Ce qu’un Ubuntu ou un Debian nu offre, et dont les commandes (et mvn) se servent.
OUTILS = (
    "awk basename bash cat chmod cksum cut date dirname env expr fc-list find git grep head id ldconfig ln ls mkdir "
    "mktemp mv readlink rm rmdir sed sh sleep sort tail tee touch tr true uname wc which"
).split()


def copier_le_cours(cible):
    """Un clone neuf : ce qui est suivi par git ou va l’être, rien de ce qui est fabriqué."""
    fabrique = shutil.ignore_patterns(
        ".git", ".venv", "target", "__pycache__", ".ipynb_checkpoints", ".pytest_cache"
    )
    shutil.copytree(RACINE, cible, ignore=fabrique, dirs_exist_ok=True)
    return cible


def programmes(dossier, *noms):
    """Un dossier de programmes qui n’a que ceux-là, et les outils du système."""
    dossier.mkdir()
    for nom in [*OUTILS, *noms]:
        if chemin := shutil.which(nom):
            (dossier / nom).symlink_to(chemin)
    return dossier


def environnement(chemins, maison, **autres):
    """L’environnement d’une machine neuve ; de celle-ci ne reste que l’endroit où pip trouve ses paquets."""
    return {
        **reglages_de_pip(),
        "PATH": os.pathsep.join(map(str, chemins)),
        "HOME": str(maison),
        # Java prend le dossier personnel dans la liste des utilisateurs, pas dans HOME.
        "JAVA_TOOL_OPTIONS": f'-Duser.home="{maison}"',
        "LC_ALL": "C.UTF-8",
        **autres,
    }


@cache
def reglages_de_pip():
    """Les réglages de pip, d’où qu’ils viennent, en variables : une maison neuve n’a pas ses fichiers."""
    dits = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    reglages = re.findall(r"^(?:global|install)\.([\w-]+)='(.*)'$", dits, re.MULTILINE)
    variables = {f"PIP_{nom.upper().replace('-', '_')}": valeur for nom, valeur in reglages}
    return {**variables, **{n: v for n, v in os.environ.items() if n.startswith("PIP_")}}


def lancer(arguments, delai, **options):
    """Lance une commande dans son propre groupe ; rend son code et tout ce qu’elle dit."""
    avec = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
    }
    enfant = subprocess.Popen(
        [str(a) for a in arguments], start_new_session=True, **{**avec, **options}
    )
    try:
        dit, _ = enfant.communicate(timeout=delai)
    finally:
        arreter(enfant)
    return enfant.returncode, dit


def arreter(enfant):
    """Arrête une commande et tout ce qu’elle a lancé, quoi qu’il arrive."""
    try:
        famille = [
            enfant.pid,
            *(p.pid for p in psutil.Process(enfant.pid).children(recursive=True)),
        ]
    except psutil.NoSuchProcess:
        famille = []
    for appel, victimes in [(os.killpg, [enfant.pid]), (os.kill, famille)]:
        for numero in victimes:
            try:
                appel(numero, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
    enfant.wait(timeout=30)


@contextmanager
def memoire_resident(enfant):
    """Relève la mémoire résidente d’un processus et de ses descendants ; rend une liste, la plus grande en fin."""
    sommet, fini = [0], threading.Event()

    def relever():
        while not fini.wait(0.2):
            try:
                parent = psutil.Process(enfant.pid)
                total = sum(p.memory_info().rss for p in [parent, *parent.children(recursive=True)])
            except psutil.Error:
                continue
            sommet[0] = max(sommet[0], total)

    fil = threading.Thread(target=relever, daemon=True)
    fil.start()
    try:
        yield sommet
    finally:
        fini.set()
        fil.join()


@contextmanager
def memoire_bornee(octets):
    """De quoi préfixer une commande pour que le système borne sa mémoire ; rien là où il ne le permet pas."""
    essais = [
        (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
        (Path("/sys/fs/cgroup"), "memory.max"),
    ]
    for parent, borne in essais:
        groupe = parent / f"cours-attention-{os.getpid()}"
        try:
            groupe.mkdir()
        except OSError:
            continue
        try:
            (groupe / borne).write_text(str(octets))
        except OSError:
            groupe.rmdir()
            continue
        try:
            yield ["bash", "-c", f'echo $$ >"{groupe}/cgroup.procs" && exec "$@"', "borne"]
        finally:
            for _ in range(50):
                try:
                    groupe.rmdir()
                    break
                except OSError:
                    time.sleep(0.2)
        return
    yield []


# --- Le cours, ouvert comme un nouveau venu l’ouvre ---------------------------------------------------------

# Ce qu’une machine ou un clone peut contenir par accident ou par malice, et qu’« ouvrir » ne doit pas lancer.
PIEGES = "python python3 pip jupyter jupyter-lab jupyter-labextension mvn java javac node npm".split()
PIEGES_PYTHON = (
    "json secrets sitecustomize jupyterlab tornado jupyter_config jupyter_server_config"
    " jupyter_lab_config jupyter_notebook_config"
).split()


def pieger(dossier, trace, noms=(*PIEGES, *PIEGES_PYTHON)):
    """Pose dans un dossier des programmes et des modules qui laissent une trace dès qu’ils servent."""
    for nom in noms:
        marque = trace / f"{dossier.name} {nom}"
        if nom in PIEGES_PYTHON:
            texte, nom = f"open({str(marque)!r}, 'w').close()\n", f"{nom}.py"
        else:
            texte = f'#!{shutil.which("bash")}\n: >"{marque}"\nexit 1\n'
        (dossier / nom).write_text(texte, encoding="utf-8")
        (dossier / nom).chmod(0o755)


@contextmanager
def petit_disque(dossier, *options):
    """Monte un disque en mémoire sur un dossier ; rend False là où le système ne le permet pas."""
    commande = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(dossier)]
    try:
        monte = subprocess.run(commande, capture_output=True).returncode == 0
    except OSError:
        monte = False
    try:
        yield monte
    finally:
        if monte:
            subprocess.run(["umount", str(dossier)], check=True, capture_output=True)


def disque_plein(clone, base):
    """Un premier « ouvrir » sur un disque de quelques Mo ; rend ce qu’il dit, ou None sans un tel disque.

    Ce qu’il a laissé est remis ensuite au même endroit, sur un disque qui a de la place.
    """
    reste = base / "ce qu’il a laissé"
    with petit_disque(clone, "size=8m") as monte:
        if not monte:
            return None
        copier_le_cours(clone)
        resultat = lancer(["bash", clone / "binder" / "ouvrir", "--sans-navigateur"], 300, cwd=base)
        shutil.copytree(clone, reste, symlinks=True)
    clone.rmdir()
    reste.rename(clone)
    return resultat


@pytest.fixture(scope="session")
def cours(tmp_path_factory):
    """Un clone neuf dans un chemin difficile, semé de pièges, et « ouvrir » qui y sert le cours.

    Là où c’est possible, un premier essai a été fait sur un disque plein : le second en reprend les restes.
    """
    base = tmp_path_factory.mktemp("nouveau")
    clone, trace, chemins = base / "l’école d'été" / "cours", base / "trace", base / "chemins"
    for dossier in (clone, trace, chemins, base / "ici"):
        dossier.mkdir(parents=True)
    plein = disque_plein(clone, base)
    if plein is None:
        copier_le_cours(clone)
    # La bibliothèque, construite ; test_binder la construit dans un clone neuf.
    for fabrique in ("lib/target", "binder/noyau/target"):
        shutil.copytree(RACINE / fabrique, clone / fabrique)
    for dossier in (base / "ici", clone, clone / "notebooks"):
        pieger(dossier, trace)
    # Devant dans le PATH, ce qu’« ouvrir » prend dans .venv : ce sont d’autres Jupyter que celui du cours.
    pieger(chemins, trace, [n for n in PIEGES if n.startswith(("jupyter", "pip"))])
    journal = base / "journal"
    with journal.open("w", encoding="utf-8") as sortie:
        enfant = subprocess.Popen(
            ["bash", str(clone / "binder" / "ouvrir"), "--sans-navigateur"],
            cwd=base / "ici",
            env={**os.environ, "PATH": f"{chemins}{os.pathsep}{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=sortie,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        adresse, jeton = attendre_l_adresse(enfant, journal)
        yield SimpleNamespace(
            adresse=adresse,
            jeton=jeton,
            port=int(re.search(r":(\d+)/", adresse)[1]),
            pid=enfant.pid,
            clone=clone,
            journal=journal,
            trace=trace,
            plein=plein,
        )
    finally:
        arreter(enfant)
        shutil.rmtree(base, ignore_errors=True)


def attendre_l_adresse(enfant, journal, delai=900):
    """L’adresse et le jeton qu’« ouvrir » annonce."""
    fin = time.monotonic() + delai
    while time.monotonic() < fin and enfant.poll() is None:
        dit = journal.read_text(encoding="utf-8")
        if annonce := re.search(r"Le cours est ouvert : (\S+/)lab\?token=(\w+)", dit):
            return annonce.groups()
        time.sleep(0.2)
    pytest.fail(f"« ouvrir » n’ouvre pas :\n{journal.read_text(encoding='utf-8')[-3000:]}")
