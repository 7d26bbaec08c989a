"""Interrompre une cellule. Chaque attente est bornée à cinq fois ce qui est demandé : une machine lente n’échoue pas."""

import subprocess

from kernel_driver import interrupt, start_kernel, wait_for_message, wait_for_reply


def test_interrupt_stops_a_waiting_cell(kernel):
    code = '{ System.out.println("parti"); Thread.sleep(600_000); }'
    assert interrupt(kernel, code, asked=1) == "calcul interrompu"


def test_interrupt_stops_a_loop_of_the_library(kernel):
    code = (
        "var attention = new ScaledDotProductAttention();\n"
        "INDArray x = Nd4j.rand(2, 128, 64);\n"
        'for (int i = 0; ; i++) { attention.forward(x, x, x, AttentionMask.none());'
        ' if (i == 100) System.out.println("parti"); }'
    )
    assert interrupt(kernel, code, asked=2) == "calcul interrompu"


def test_interrupt_stops_endless_printing(kernel):
    code = 'while (true) System.out.println("encore");'
    assert interrupt(kernel, code, asked=2) == "calcul interrompu"
    assert kernel.result("1 + 1") == "2"


# Les fils qui exécutent du code de cellule : celui qui le demande, et ceux d’une cellule qui ne s’est pas arrêtée.
RUNNING_CELLS = """
Thread.getAllStackTraces().values().stream()
    .filter(pile -> Arrays.stream(pile).anyMatch(appel -> appel.getClassName().startsWith("REPL.")))
    .count()
"""


def test_interrupt_ends_a_loop_that_does_not_listen():
    """Une JVM qui sait encore arrêter un fil l’arrête ; une autre l’abandonne, et le dit."""
    with start_kernel(stderr=subprocess.DEVNULL) as kernel:
        code = '{ System.out.println("parti"); long n = 0; while (true) n++; }'
        said = interrupt(kernel, code, asked=5)
        assert kernel.result("1 + 1") == "2"
        running = int(kernel.result(RUNNING_CELLS))
        assert (said, running) == ("calcul interrompu", 1) or ("en arrière-plan" in said and running == 2)


def test_what_a_stopped_cell_started_is_silent():
    code = """
    String id = display("zéro");
    for (int i = 0; i < 2; i++) {
        new Thread(() -> { while (true) { try { Thread.sleep(10); } catch (Exception e) {} System.out.println("fil"); } })
            .start();
    }
    new Thread(() -> IntStream.range(0, 1 << 30).parallel().forEach(i -> System.out.println(i))).start();
    System.out.println("parti");
    while (true) { try { updateDisplay(id, "encore"); } catch (RuntimeException e) {} }
    """
    with start_kernel(stderr=subprocess.DEVNULL) as kernel:
        interrupt(kernel, "{" + code + "}", asked=5)
        assert kernel.run("Thread.sleep(500);").outputs == []
        started = 'Thread t = new Thread(() -> System.out.println("neuf")); t.start(); t.join();'
        assert kernel.printed(started) == "neuf\n"
        assert kernel.printed("IntStream.range(0, 4).parallel().forEach(i -> System.out.print(7));") == "7777"


def test_interrupt_aborts_the_queue(kernel):
    request_id = kernel.client.execute('{ System.out.println("parti"); Thread.sleep(600_000); }')
    following = kernel.client.execute("1 + 1")
    wait_for_message(kernel, request_id, "stream")
    kernel.manager.interrupt_kernel()
    assert wait_for_reply(kernel, request_id)["status"] == "error"
    assert wait_for_reply(kernel, following)["status"] == "aborted"
