"""La machine d’une exécution : de quoi dépendent les derniers bits, et la mémoire que le noyau y prend."""

import asyncio
import platform
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import nbformat
import psutil
from nbclient.exceptions import CellExecutionError

# Demandé au noyau après la dernière cellule, sans laisser de trace dans le carnet.
WHO_COMPUTES = """
System.out.println(fr.cours.attention.math.Machine.blasCore());
System.out.println(fr.cours.attention.math.Parallel.threads());
System.out.println(System.getProperty("java.version"));
"""


async def ask_who_computes(client):
    """Processeur, type de cœur d’OpenBLAS, fils et Java ; ces noms sont ceux des métadonnées d’un carnet."""
    cell = nbformat.v4.new_code_cell(WHO_COMPUTES)
    client.nb.cells.append(cell)
    try:
        await client.async_execute_cell(cell, len(client.nb.cells) - 1)
        blas, threads, java = "".join(s.get("text", "") for s in cell.outputs).split()
    except (CellExecutionError, ValueError):
        return {"processeur": processor()}  # un noyau sans la bibliothèque ne sait pas répondre
    finally:
        client.nb.cells.pop()
    return {"processeur": processor(), "blas": blas, "fils": int(threads), "java": java}


def processor():
    """Le nom commercial du processeur, ou au moins son architecture."""
    try:
        if sys.platform == "darwin":
            return subprocess.check_output(
                ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"], text=True
            ).strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except (OSError, subprocess.CalledProcessError):
        pass
    return platform.machine()


@asynccontextmanager
async def watched_memory(manager, result):
    """Relève quatre fois par seconde la mémoire résidente du noyau ; garde la plus grande."""
    kernel = psutil.Process(manager.provisioner.pid)

    async def measure():
        while True:
            try:
                resident = sum(
                    p.memory_info().rss for p in [kernel, *kernel.children(recursive=True)]
                )
                result.memory = max(result.memory, resident)
            except psutil.Error:
                pass  # un processus vient de finir
            await asyncio.sleep(0.25)

    task = asyncio.create_task(measure())
    try:
        yield
    finally:
        task.cancel()
