"""Ce que les tests du noyau ont en commun."""

import contextlib
import os
import subprocess
from types import SimpleNamespace

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

# NOYAU=un-autre python -m pytest binder/tests : les mêmes tests contre un autre noyau, pour comparer.
NOM = os.environ.get("NOYAU", "attention-java")


class Noyau:
    """Un noyau en marche et son client."""

    def __init__(self, gestionnaire):
        self.gestionnaire = gestionnaire
        self.client = gestionnaire.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=30)

    @property
    def pid(self):
        return self.gestionnaire.provisioner.process.pid

    def executer(self, code, delai=60, **options):
        """Exécute une cellule ; rend la réponse et les sorties, dans l'ordre d'arrivée."""
        messages = []
        reponse = self.client.execute_interactive(
            code, timeout=delai, output_hook=messages.append, **options
        )["content"]
        return SimpleNamespace(
            statut=reponse["status"], reponse=reponse, sorties=[s for s in map(lire, messages) if s]
        )

    def imprime(self, code, **options):
        """Exécute une cellule ; rend tout ce qu'elle imprime."""
        sorties = self.executer(code, **options).sorties
        return "".join(s.contenu["text"] for s in sorties if s.genre == "stream")

    def resultat(self, code):
        """Exécute une cellule ; rend le texte de son résultat, None si elle n'en a pas."""
        for sortie in self.executer(code).sorties:
            if sortie.genre == "execute_result":
                return sortie.contenu["data"]["text/plain"]
        return None

    def arreter(self):
        self.client.stop_channels()
        self.gestionnaire.shutdown_kernel(now=True)


def lire(message):
    """Rend une sortie, None si le message ne montre rien."""
    if message["msg_type"] in ("status", "execute_input"):
        return None
    return SimpleNamespace(genre=message["msg_type"], contenu=message["content"])


@contextlib.contextmanager
def demarrer(dossier=None, **options):
    """Démarre un noyau, celui de l'environnement ou celui d'un dossier de noyaux."""
    gestionnaire = KernelManager(kernel_name=NOM)
    if dossier:
        gestionnaire.kernel_spec_manager = KernelSpecManager(kernel_dirs=[str(dossier)])
    gestionnaire.start_kernel(**options)
    noyau = Noyau(gestionnaire)
    try:
        yield noyau
    finally:
        noyau.arreter()


@pytest.fixture(scope="session")
def noyau_commun():
    with demarrer(stderr=subprocess.DEVNULL) as noyau:
        yield noyau


@pytest.fixture
def noyau(noyau_commun):
    """Le noyau que les tests partagent : ceux qui le tuent démarrent le leur."""
    assert noyau_commun.gestionnaire.is_alive()
    return noyau_commun
