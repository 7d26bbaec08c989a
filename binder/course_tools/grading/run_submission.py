"""Exécute une copie dans un noyau enfermé : le processus à part que lance « noter », un par copie."""

import argparse
import asyncio
import json
import os
import resource
import uuid
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from course_tools import paths
from course_tools.grading import sandbox
from course_tools.kernel.kernel_spec import installed_jvm
from course_tools.kernel.session import fresh_kernel
from course_tools.notebooks.catalog import tagged

MAX_FILE = 200 * 2**20  # octets qu’une copie peut écrire dans un même fichier


async def run(notebook, folder, cell_max, keep):
    """Exécute tout, erreurs comprises ; ``keep`` reçoit les verdicts après chaque vérification."""
    java = Path(installed_jvm()[0]).resolve()
    readable = [paths.kernel_folder(), java.parent.parent, Path.home() / ".javacpp"]

    def lock_in():
        sandbox.enter(readable, folder.parent)

    async with fresh_kernel(
        paths.KERNEL_NAME, folder, folder / "noyau.log", preexec_fn=lock_in
    ) as (manager, kernel_client):
        client = NotebookClient(
            notebook, km=manager, timeout=cell_max, allow_errors=True, interrupt_on_timeout=True
        )
        client.kc = kernel_client
        client.reset_execution_trackers()
        for rank, cell in enumerate(list(notebook.cells)):
            if cell.source.strip():
                await client.async_execute_cell(cell, rank)
                cell.outputs = []
            if tagged(cell, "verification"):
                keep(await ask_verdicts(kernel_client, cell_max))


async def ask_verdicts(kernel_client, patience):
    """Les verdicts, tels que le noyau les tient, par un « comm » : aucune cellule n’est exécutée pour les dire, et rien de
    ce que la copie imprime, nomme ou enregistre n’y entre.
    """
    opening = {"comm_id": uuid.uuid4().hex, "target_name": "exercises", "data": {}}
    question = kernel_client.session.msg("comm_open", opening)
    kernel_client.shell_channel.send(question)

    async def answer():
        while True:
            message = await kernel_client.get_iopub_msg(timeout=patience)
            ours = message["parent_header"].get("msg_id") == question["header"]["msg_id"]
            if ours and message["msg_type"] == "comm_msg":
                return message["content"]["data"]["verdicts"]

    return await asyncio.wait_for(answer(), patience)


def main(arguments):
    parser = argparse.ArgumentParser(prog="run-submission", description=__doc__)
    parser.add_argument("--copie", type=Path, required=True, help="le carnet à exécuter")
    parser.add_argument("--verdicts", type=Path, required=True, help="où écrire ce que dit le noyau")
    parser.add_argument("--cellule", type=int, required=True, help="secondes permises à une cellule")
    options = parser.parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE, MAX_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def keep(verdicts):
        draft = Path(f"{options.verdicts}.neuf")
        draft.write_text(json.dumps(verdicts), encoding="utf-8")
        os.replace(draft, options.verdicts)

    notebook = nbformat.read(options.copie, as_version=4)
    asyncio.run(run(notebook, options.copie.parent, options.cellule, keep))
