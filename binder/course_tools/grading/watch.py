"""Surveille une copie qui s’exécute : temps, mémoire, processus, fichiers ; et arrête tout ce qu’elle a lancé."""

import ctypes
import os
import sys
import time

import psutil

MAX_FOLDER = 500 * 2**20  # octets qu’une copie peut écrire en tout
MAX_PROCESSES = 100  # à la fois


def adopt():
    """Sous Linux, un processus dont le père meurt nous revient : rien de ce que lance une copie ne nous échappe."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def descendants():
    return psutil.Process().children(recursive=True)


def stop_all():
    """Arrête tout ce qu’une copie a lancé, détaché ou non ; recommence, car un arrêt peut en rendre d’autres."""
    for _ in range(20):
        remaining = descendants()
        if not remaining:
            return
        for process in remaining:
            try:
                process.kill()
            except psutil.Error:
                pass
        psutil.wait_procs(remaining, timeout=2)


def watch(process, folder, seconds, memory):
    """Attend la fin ; rend pourquoi il a fallu arrêter, None sinon."""
    start = time.monotonic()
    while process.poll() is None:
        if time.monotonic() - start > seconds:
            return f"arrêté après {seconds} s"
        members = descendants()
        if sum(measure(m, lambda m: m.memory_info().rss) for m in members) > memory * 2**20:
            return f"arrêté : plus de {memory} Mo"
        if len(members) > MAX_PROCESSES:
            return f"arrêté : plus de {MAX_PROCESSES} processus"
        files = (os.path.join(d, f) for d, _, names in os.walk(folder) for f in names)
        if sum(measure(f, lambda f: os.lstat(f).st_size) for f in files) > MAX_FOLDER:
            return f"arrêté : plus de {MAX_FOLDER >> 20} Mo de fichiers"
        time.sleep(0.1)
    return None


def measure(what, how):
    try:
        return how(what)
    except (psutil.Error, OSError):
        return 0  # il vient de finir, ou d’être effacé
