"""Le noyau installé, conduit comme Jupyter le conduit."""

import pytest
from jupyter_client.manager import start_new_kernel


@pytest.fixture(scope="module")
def noyau():
    gestionnaire, client = start_new_kernel(kernel_name="attention-java")
    yield client
    client.stop_channels()
    gestionnaire.shutdown_kernel(now=True)


def executer(client, code, **options):
    """Exécute une cellule ; rend la réponse et les sorties, dans l'ordre d'arrivée."""
    sorties = []
    reponse = client.execute_interactive(
        code,
        timeout=60,
        output_hook=lambda message: sorties.append((message["msg_type"], message["content"])),
        **options,
    )
    return reponse["content"], [s for s in sorties if s[0] not in ("status", "execute_input")]


def test_a_result_is_shown(noyau):
    reponse, sorties = executer(noyau, "1 + 1")
    assert reponse["status"] == "ok"
    assert [(genre, contenu["data"]["text/plain"]) for genre, contenu in sorties] == [
        ("execute_result", "2")
    ]
