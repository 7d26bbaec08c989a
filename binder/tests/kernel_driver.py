"""Conduire un noyau comme Jupyter le conduit."""

import contextlib
import os
import queue
import time
from types import SimpleNamespace

from course_tools.paths import KERNEL_NAME
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

# NOYAU=un-autre python -I -m pytest binder/tests : les mêmes tests contre un autre noyau, pour comparer.
NAME = os.environ.get("NOYAU", KERNEL_NAME)


class Kernel:
    """Un noyau en marche et son client."""

    def __init__(self, manager):
        self.manager = manager
        self.client = manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=30)

    @property
    def pid(self):
        return self.manager.provisioner.process.pid

    def run(self, code, timeout=60, **options):
        """Exécute une cellule ; rend la réponse et les sorties, dans l'ordre d'arrivée."""
        messages = []
        reply = self.client.execute_interactive(
            code, timeout=timeout, output_hook=messages.append, **options
        )["content"]
        return SimpleNamespace(
            status=reply["status"], reply=reply, outputs=[s for s in map(read, messages) if s]
        )

    def printed(self, code, **options):
        """Exécute une cellule ; rend tout ce qu'elle imprime."""
        outputs = self.run(code, **options).outputs
        return "".join(s.content["text"] for s in outputs if s.kind == "stream")

    def result(self, code):
        """Exécute une cellule ; rend le texte de son résultat, None si elle n'en a pas."""
        for output in self.run(code).outputs:
            if output.kind == "execute_result":
                return output.content["data"]["text/plain"]
        return None

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def read(message):
    """Rend une sortie, None si le message ne montre rien."""
    if message["msg_type"] in ("status", "execute_input"):
        return None
    return SimpleNamespace(kind=message["msg_type"], content=message["content"])


@contextlib.contextmanager
def start_kernel(folder=None, **options):
    """Démarre un noyau, celui de l'environnement ou celui d'un dossier de noyaux."""
    manager = KernelManager(kernel_name=NAME)
    if folder:
        manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[str(folder)])
    manager.start_kernel(**options)
    kernel = Kernel(manager)
    try:
        yield kernel
    finally:
        kernel.stop()


# --- Conduire une cellule pas à pas -----------------------------------------------------------------


def wait_for_reply(kernel, request_id, timeout=30):
    """Rend le contenu de la réponse à cette demande."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            message = kernel.client.get_shell_msg(timeout=0.2)
        except queue.Empty:
            continue
        if message["parent_header"].get("msg_id") == request_id:
            return message["content"]
    raise TimeoutError(f"pas de réponse en {timeout} s")


def wait_for_message(kernel, request_id, kind, timeout=30):
    """Rend le premier message de ce genre que montre cette demande."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            message = kernel.client.get_iopub_msg(timeout=0.2)
        except queue.Empty:
            continue
        mine = message["parent_header"].get("msg_id") == request_id
        if mine and message["msg_type"] == kind:
            return message["content"]
    raise TimeoutError(f"rien de {kind} en {timeout} s")


def interrupt(kernel, code, asked):
    """Lance une cellule, l’interrompt dès qu’elle imprime, et rend le texte de son erreur.

    Elle a pour s’arrêter cinq fois les secondes demandées.
    """
    request_id = kernel.client.execute(code)
    wait_for_message(kernel, request_id, "stream")
    kernel.manager.interrupt_kernel()
    reply = wait_for_reply(kernel, request_id, timeout=5 * asked)
    assert reply["status"] == "error"
    return reply["evalue"]


class Gate:
    """Ce qui retient une cellule jusqu’à ce que le test la libère."""

    def __init__(self, folder):
        self.file = folder / "vert"
        # La pause qui suit laisse arriver ce qui vient d’être envoyé.
        self.wait = (
            f'while (!new java.io.File("{self.file}").exists()) Thread.sleep(20); Thread.sleep(200);'
        )

    def open(self):
        self.file.touch()


def failure(kernel, code):
    """Exécute une cellule qui doit échouer ; rend son numéro, et ce qu'elle montre sans couleur."""
    execution = kernel.run(code)
    assert execution.status == "error"
    (output,) = [s for s in execution.outputs if s.kind == "error"]
    for key in ("ename", "evalue", "traceback"):
        assert output.content[key] == execution.reply[key]
        assert output.content[key]
    text = "\n".join(output.content["traceback"])
    return execution.reply["execution_count"], text.replace("\x1b[1;31m", "").replace("\x1b[0m", "")
