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

import psutil

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
    shutil.copytree(RACINE, cible, ignore=fabrique)
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
