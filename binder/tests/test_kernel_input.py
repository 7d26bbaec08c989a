"""Ce qu’une cellule demande au lecteur du carnet."""

import time

import pytest
from kernel_driver import wait_for_message, wait_for_reply

READ_LINE = "System.out.println(new Scanner(System.in).nextLine());"


def answered(kernel, code, answer):
    """Exécute une cellule qui pose une question ; rend ce qu’elle imprime après la réponse."""
    request_id = kernel.client.execute(code, allow_stdin=True)
    kernel.client.get_stdin_msg(timeout=30)
    kernel.client.input(answer)
    printed = wait_for_message(kernel, request_id, "stream")["text"]
    assert wait_for_reply(kernel, request_id)["status"] == "ok"
    return printed.strip()


@pytest.mark.parametrize(
    ("code", "answer", "printed"),
    [
        (READ_LINE, "déjà vu", "déjà vu"),
        (READ_LINE, "z" * 10_000, "z" * 10_000),
        ("System.out.println(System.in.read(new byte[4]));", "bonjour", "4"),
        ("System.out.println(System.in.read());", "é", "195"),
    ],
    ids=["ligne", "longue", "tableau", "octet"],
)
def test_an_answer_is_read_whole_and_leaves_nothing_behind(kernel, code, answer, printed):
    assert answered(kernel, code, answer) == printed
    assert answered(kernel, READ_LINE, "suivante") == "suivante"


def test_a_late_answer_is_not_that_of_the_next_question(kernel):
    request_id = kernel.client.execute(READ_LINE, allow_stdin=True)
    kernel.client.get_stdin_msg(timeout=30)
    kernel.manager.interrupt_kernel()
    assert wait_for_reply(kernel, request_id)["evalue"] == "calcul interrompu"
    kernel.client.input("en retard")
    time.sleep(0.5)
    assert answered(kernel, READ_LINE, "à temps") == "à temps"
