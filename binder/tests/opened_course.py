"""Le cours, ouvert comme un nouveau venu l’ouvre : un clone difficile, semé de pièges, parfois un disque plein."""

import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from course_tools.paths import ROOT, modules
from fresh_machine import copy_course, run_command, stop

# Ce qu’une machine ou un clone peut contenir par accident ou par malice, et qu’« ouvrir » ne doit pas lancer.
TRAPS = "python python3 pip jupyter jupyter-lab jupyter-labextension mvn java javac node npm".split()
PYTHON_TRAPS = (
    "json secrets sitecustomize jupyterlab tornado jupyter_config jupyter_server_config"
    " jupyter_lab_config jupyter_notebook_config"
).split()


def set_traps(folder, trace, names=(*TRAPS, *PYTHON_TRAPS)):
    """Pose dans un dossier des programmes et des modules qui laissent une trace dès qu’ils servent."""
    for name in names:
        mark = trace / f"{folder.name} {name}"
        if name in PYTHON_TRAPS:
            text, name = f"open({str(mark)!r}, 'w').close()\n", f"{name}.py"
        else:
            text = f'#!{shutil.which("bash")}\n: >"{mark}"\nexit 1\n'
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)


@contextmanager
def small_disk(folder, *options):
    """Monte un disque en mémoire sur un dossier ; rend False là où le système ne le permet pas."""
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True, capture_output=True)


def full_disk(clone, base):
    """Un premier « ouvrir » sur un disque de quelques Mo ; rend ce qu’il dit, ou None sans un tel disque.

    Ce qu’il a laissé est remis ensuite au même endroit, sur un disque qui a de la place.
    """
    leftover = base / "ce qu’il a laissé"
    with small_disk(clone, "size=8m") as mounted:
        if not mounted:
            return None
        copy_course(clone)
        result = run_command(["bash", clone / "binder" / "ouvrir", "--sans-navigateur"], 300, cwd=base)
        shutil.copytree(clone, leftover, symlinks=True)
    clone.rmdir()
    leftover.rename(clone)
    return result


@contextmanager
def open_course(base):
    """Un clone neuf dans un chemin difficile, semé de pièges, et « ouvrir » qui y sert le cours.

    Là où c’est possible, un premier essai a été fait sur un disque plein : le second en reprend les restes.
    """
    clone, trace, search_path = base / "l’école d'été" / "cours", base / "trace", base / "chemins"
    for folder in (clone, trace, search_path, base / "ici"):
        folder.mkdir(parents=True)
    full = full_disk(clone, base)
    if full is None:
        copy_course(clone)
    # La bibliothèque, construite ; test_binder_image la construit dans un clone neuf.
    for module in modules():
        shutil.copytree(module / "target", clone / module.relative_to(ROOT) / "target")
    for folder in (base / "ici", clone, clone / "notebooks"):
        set_traps(folder, trace)
    # Devant dans le PATH, ce qu’« ouvrir » prend dans .venv : ce sont d’autres Jupyter que celui du cours.
    set_traps(search_path, trace, [n for n in TRAPS if n.startswith(("jupyter", "pip"))])
    log = base / "journal"
    with log.open("w", encoding="utf-8") as output:
        child = subprocess.Popen(
            ["bash", str(clone / "binder" / "ouvrir"), "--sans-navigateur"],
            cwd=base / "ici",
            env={**os.environ, "PATH": f"{search_path}{os.pathsep}{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address, token = wait_for_address(child, log)
        yield SimpleNamespace(
            address=address,
            token=token,
            port=int(re.search(r":(\d+)/", address)[1]),
            pid=child.pid,
            clone=clone,
            log=log,
            trace=trace,
            full=full,
        )
    finally:
        stop(child)
        shutil.rmtree(base, ignore_errors=True)


def wait_for_address(child, log, timeout=900):
    """L’adresse et le jeton qu’« ouvrir » annonce."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and child.poll() is None:
        said = log.read_text(encoding="utf-8")
        if announcement := re.search(r"Le cours est ouvert : (\S+/)lab\?token=(\w+)", said):
            return announcement.groups()
        time.sleep(0.2)
    pytest.fail(f"« ouvrir » n’ouvre pas :\n{log.read_text(encoding='utf-8')[-3000:]}")
