"""Exécute un carnet dans un noyau neuf, et dit ce qui n’y va pas : cellule, source et sorties."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from course_tools.kernel.session import fresh_kernel
from course_tools.notebooks.catalog import code_cells, full_name
from course_tools.notebooks.machine import ask_who_computes, watched_memory
from course_tools.notebooks.outputs import merge
from course_tools.paths import KERNEL_NAME, LOGS

CELL_MAX = 600  # secondes : rien ne doit pouvoir attendre sans fin


@dataclass
class Result:
    """Ce qu’a donné l’exécution d’un carnet."""

    path: Path
    notebook: nbformat.NotebookNode
    seconds: float = 0.0
    memory: int = 0  # le plus grand nombre d’octets résidents du noyau
    errors: list[str] = field(default_factory=list)
    machine: dict = field(default_factory=dict)  # celle de cette exécution

    @property
    def figures(self):
        return sum(
            "image/png" in output.get("data", {}) or "image/svg+xml" in output.get("data", {})
            for cell in code_cells(self.notebook)
            for output in cell.outputs
        )


async def run(path, kernel=KERNEL_NAME, progress=lambda done, total: None):
    """Exécute un carnet ; rend un Result, même en cas d’échec."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    result = Result(path, notebook)
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"noyau-{full_name(path)}.log"
    start = time.monotonic()
    cell = None
    try:
        async with fresh_kernel(kernel, path.parent, log) as (manager, kernel_client):
            client = NotebookClient(notebook, km=manager, timeout=CELL_MAX, record_timing=False)
            client.kc = kernel_client
            client.reset_execution_trackers()
            async with watched_memory(manager, result):
                for rank, cell in enumerate(notebook.cells):
                    progress(rank, len(notebook.cells))
                    try:
                        await client.async_execute_cell(
                            cell, rank, execution_count=client.code_cells_executed + 1
                        )
                    except DeadKernelError:
                        # nbclient prend aussi pour une mort du noyau que l’on nous arrête.
                        if await manager.is_alive():
                            raise asyncio.CancelledError from None
                        raise
            result.seconds = time.monotonic() - start
            result.machine = await ask_who_computes(client)
    except CellExecutionError:
        result.errors.append(show(notebook, cell, "a échoué"))
    except CellTimeoutError:
        result.errors.append(show(notebook, cell, f"n’a pas fini en {CELL_MAX} s"))
    except DeadKernelError:
        result.errors.append(show(notebook, cell, "a fait mourir le noyau") + end_of(log))
    except (RuntimeError, OSError, KeyError) as error:
        result.errors.append(f"Le noyau {kernel} n’a pas pu servir : {error!r}" + end_of(log))
    result.seconds = result.seconds or time.monotonic() - start
    for cell in code_cells(notebook):
        cell.outputs = merge(cell.outputs)
        if any(s.output_type == "stream" and s.name == "stderr" for s in cell.outputs):
            result.errors.append(show(notebook, cell, "écrit sur la sortie d’erreur"))
    return result


def end_of(log):
    """Ce que le noyau a dit en dernier, hors des cellules."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
    return "\n    ".join(["", "--- journal du noyau", *lines]) if lines else ""


COLORS = re.compile(r"\x1b\[[0-9;]*m")


def show(notebook, cell, verb):
    """Une cellule fautive : son source et toutes ses sorties (les erreurs de compilation y sont)."""
    if cell is None:
        return f"Le carnet {verb}."
    rank = notebook.cells.index(cell) + 1
    lines = [f"La cellule {rank} ({cell.get('id', '?')}) {verb}.", "--- source"]
    lines += cell.source.splitlines()
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            lines += [f"--- {output.name}", *output.text.splitlines()]
        elif output.output_type == "error":
            lines += [f"--- erreur : {output.ename}", *output.evalue.splitlines()]
            lines += COLORS.sub("", "\n".join(output.traceback)).splitlines()
        else:
            lines += [
                f"--- {', '.join(sorted(output.data))}",
                *output.data.get("text/plain", "").splitlines(),
            ]
    return "\n    ".join(lines)
