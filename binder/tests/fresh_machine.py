"""Une machine neuve : une copie du cours, peu de programmes, une maison vide ; des commandes bornées et arrêtées."""

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
from course_tools.paths import ROOT

# Ce qu’un Ubuntu ou un Debian nu offre, et dont les commandes (et mvn) se servent.
TOOLS = (
    "awk basename bash cat chmod cksum cut date dirname env expr fc-list find git grep head id ldconfig ln ls mkdir "
    "mktemp mv readlink rm rmdir sed sh sleep sort tail tee touch tr true uname wc which"
).split()


def copy_course(target):
    """Un clone neuf : ce qui est suivi par git ou va l’être, rien de ce qui est fabriqué."""
    built = shutil.ignore_patterns(
        ".git", ".venv", "target", "__pycache__", ".ipynb_checkpoints", ".pytest_cache"
    )
    shutil.copytree(ROOT, target, ignore=built, dirs_exist_ok=True)
    return target


def programs(folder, *names):
    """Un dossier de programmes qui n’a que ceux-là, et les outils du système."""
    folder.mkdir()
    for name in [*TOOLS, *names]:
        if path := shutil.which(name):
            (folder / name).symlink_to(path)
    return folder


def environment(search_path, home, **others):
    """L’environnement d’une machine neuve ; de celle-ci ne reste que l’endroit où pip trouve ses paquets."""
    return {
        **pip_settings(),
        "PATH": os.pathsep.join(map(str, search_path)),
        "HOME": str(home),
        # Java prend le dossier personnel dans la liste des utilisateurs, pas dans HOME.
        "JAVA_TOOL_OPTIONS": f'-Duser.home="{home}"',
        "LC_ALL": "C.UTF-8",
        **others,
    }


@cache
def pip_settings():
    """Les réglages de pip, d’où qu’ils viennent, en variables : une maison neuve n’a pas ses fichiers."""
    stated = subprocess.run(
        [sys.executable, "-I", "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    settings = re.findall(r"^(?:global|install)\.([\w-]+)='(.*)'$", stated, re.MULTILINE)
    variables = {f"PIP_{name.upper().replace('-', '_')}": value for name, value in settings}
    return {**variables, **{n: v for n, v in os.environ.items() if n.startswith("PIP_")}}


def run_command(arguments, timeout, **options):
    """Lance une commande dans son propre groupe ; rend son code et tout ce qu’elle dit."""
    settings = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
    }
    child = subprocess.Popen(
        [str(a) for a in arguments], start_new_session=True, **{**settings, **options}
    )
    try:
        said, _ = child.communicate(timeout=timeout)
    finally:
        stop(child)
    return child.returncode, said


def stop(child):
    """Arrête une commande et tout ce qu’elle a lancé, quoi qu’il arrive."""
    try:
        family = [
            child.pid,
            *(p.pid for p in psutil.Process(child.pid).children(recursive=True)),
        ]
    except psutil.NoSuchProcess:
        family = []
    for call, victims in [(os.killpg, [child.pid]), (os.kill, family)]:
        for number in victims:
            try:
                call(number, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
    child.wait(timeout=30)


@contextmanager
def resident_memory(child):
    """Relève la mémoire résidente d’un processus et de ses descendants ; rend une liste, la plus grande en fin."""
    peak, finished = [0], threading.Event()

    def measure():
        while not finished.wait(0.2):
            try:
                parent = psutil.Process(child.pid)
                total = sum(p.memory_info().rss for p in [parent, *parent.children(recursive=True)])
            except psutil.Error:
                continue
            peak[0] = max(peak[0], total)

    thread = threading.Thread(target=measure, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        finished.set()
        thread.join()


@contextmanager
def bounded_memory(size):
    """De quoi préfixer une commande pour que le système borne sa mémoire ; rien là où il ne le permet pas."""
    attempts = [
        (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
        (Path("/sys/fs/cgroup"), "memory.max"),
    ]
    for parent, limit in attempts:
        group = parent / f"cours-attention-{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            (group / limit).write_text(str(size))
        except OSError:
            group.rmdir()
            continue
        try:
            yield ["bash", "-c", f'echo $$ >"{group}/cgroup.procs" && exec "$@"', "borne"]
        finally:
            for _ in range(50):
                try:
                    group.rmdir()
                    break
                except OSError:
                    time.sleep(0.2)
        return
    yield []
