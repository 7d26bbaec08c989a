"""Exécute une copie dans un noyau enfermé : le processus à part que lance « noter », un par copie."""

import argparse
import asyncio
import json
import resource
import subprocess
import time
import uuid
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from course_tools import paths
from course_tools.files import write_whole
from course_tools.grading import sandbox
from course_tools.kernel.kernel_spec import installed_jvm
from course_tools.kernel.session import fresh_kernel
from course_tools.notebooks.catalog import tagged

MAX_FILE = 200 * 2**20  # octets qu’une copie peut écrire dans un même fichier

# De quoi dépend toute réponse : si cela ne marche pas, ce n’est pas la copie qui a tort.
PROBE = "{ var trial = org.nd4j.linalg.factory.Nd4j.ones(2, 2); trial.mmul(trial); }"
PROBE_MAX = 120  # secondes, pour une machine chargée
ENDLESS = "Étape {} : votre code n'a pas fini et a été arrêté : une boucle sans fin ?"  # ce qu’en dit le noyau


async def run(notebook, folder, cell_max, keep):
    """Exécute la copie, erreurs comprises ; ``keep`` reçoit les verdicts après chaque vérification.

    Rend None, ou pourquoi rien n’a pu être jugé.
    """
    java = Path(installed_jvm()[0]).resolve()
    readable = [paths.kernel_folder(), java.parent.parent]

    def lock_in():
        sandbox.enter(readable, folder.parent)

    log = folder / "noyau.log"
    started = False
    try:
        async with fresh_kernel(paths.KERNEL_NAME, folder, log, preexec_fn=lock_in) as (
            manager,
            kernel_client,
        ):
            if refusal := await what_fails(kernel_client):
                return refusal
            started = True
            client = NotebookClient(
                notebook, km=manager, timeout=cell_max, allow_errors=True, interrupt_on_timeout=True
            )
            client.kc = kernel_client
            client.reset_execution_trackers()
            await run_cells(client, cell_max, keep)
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        if started:
            raise
        said = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.exists() else []
        return f"le noyau ne démarre pas ({next(filter(str.strip, said), error)})"


async def what_fails(kernel_client):
    """Ce qui empêche cette machine de calculer, None si tout va."""
    reply = (await kernel_client.execute(PROBE, silent=True, reply=True, timeout=PROBE_MAX))["content"]
    if reply["status"] == "ok":
        return None
    return f"les calculs ne marchent pas ici ({reply.get('ename')} : {reply.get('evalue')})"


async def run_cells(client, cell_max, keep):
    """Chaque cellule à son tour. Une vérification redite recommence ; la dernière fois d’une étape compte.

    Ce qui suit la dernière vérification de la copie, et les secondes chances, ne s’exécutent que tant qu’une étape n’a
    pas été jugée, ou attend sa réponse.
    """
    cells = list(client.nb.cells)
    steps = {c.metadata["step"] for c in cells if tagged(c, "verification")}
    own_checks = [rank for rank, c in enumerate(cells) if tagged(c, "verification") and not second_chance(c)]
    verdicts, endless = {}, {}
    for rank, cell in enumerate(cells):
        waiting = {s for s in steps if verdicts.get(s, {"state": "TODO"})["state"] == "TODO"}
        past = not own_checks or rank > own_checks[-1]
        if past and not waiting or second_chance(cell) and cell.metadata["step"] not in waiting:
            continue
        start = time.monotonic()
        if cell.source.strip():
            await client.async_execute_cell(cell, rank)
            cell.outputs = []
        if tagged(cell, "verification"):
            step = cell.metadata["step"]
            endless.pop(step, None)
            if time.monotonic() - start >= cell_max:
                sentence = ENDLESS.format(step.split(".")[1])
                endless[step] = {"step": step, "state": "WRONG", "sentence": sentence}
            told = await ask_verdicts(client.kc, cell_max)
            verdicts = {**{v["step"]: v for v in told}, **endless}
            keep(list(verdicts.values()))


def second_chance(cell):
    return tagged(cell, "reprise")


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

    def keep(verdicts, refusal=None):
        found = {"verdicts": verdicts, "refusal": refusal}
        write_whole(options.verdicts, json.dumps(found))

    notebook = nbformat.read(options.copie, as_version=4)
    if refusal := asyncio.run(run(notebook, options.copie.parent, options.cellule, keep)):
        keep([], refusal)
