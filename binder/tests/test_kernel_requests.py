"""Ce que demande l’interface : historique, complétion, documentation, une page qui revient."""

import uuid

import zmq
from kernel_driver import wait_for_reply


def test_history_is_answered(kernel):
    kernel.run("int pourHistoire = 1;")
    client = kernel.client
    entries = wait_for_reply(kernel, client.history(hist_access_type="tail", n=1))["history"]
    session, number, code = entries[0]
    assert code == "int pourHistoire = 1;"
    range_request = client.history(
        hist_access_type="range", session=session, start=number, stop=number + 1
    )
    assert wait_for_reply(kernel, range_request)["history"] == entries
    search_request = client.history(hist_access_type="search", pattern="*Histoire*", n=5)
    assert wait_for_reply(kernel, search_request)["history"] == entries


def test_what_runs_behind_the_scenes_takes_no_number(kernel):
    before = kernel.run("1 + 1").reply["execution_count"]
    kernel.run("2 + 2", store_history=False)
    assert kernel.run("3 + 3").reply["execution_count"] == before + 1


def test_library_classes_complete(kernel):
    reply = wait_for_reply(kernel, kernel.client.complete("ScaledDot"))
    assert reply["matches"] == ["ScaledDotProductAttention"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (0, 9)
    code = "new ScaledDotProductAttention().forw"
    assert wait_for_reply(kernel, kernel.client.complete(code))["matches"] == ["forward("]


def test_library_classes_can_be_inspected(kernel):
    code = "new MultiHeadAttention("
    for cursor in (10, len(code)):
        reply = wait_for_reply(kernel, kernel.client.inspect(code, cursor))
        assert reply["found"]
        assert "int numHeads" in reply["data"]["text/plain"]


def test_a_browser_that_comes_back_is_answered(kernel):
    """La même identité se connecte alors que l'ancienne liaison n'est pas encore tombée."""
    client = kernel.client
    identity = uuid.uuid4().hex.encode()
    context = zmq.Context()
    sockets = []
    try:
        for turn in range(2):
            sockets.append(context.socket(zmq.DEALER))
            sockets[-1].linger = 0
            sockets[-1].identity = identity
            sockets[-1].connect(kernel.manager._make_url("shell"))
            client.session.send(sockets[-1], "kernel_info_request")
            assert sockets[-1].poll(15_000), f"sans réponse à la connexion {turn + 1}"
    finally:
        context.destroy(linger=0)
