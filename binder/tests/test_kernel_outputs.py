"""Ce qu’une cellule imprime et montre arrive entier, dans l’ordre, sous la forme que Jupyter attend."""

import pytest
from kernel_driver import Gate, wait_for_message, wait_for_reply

# --- Ce qui s’imprime -----------------------------------------------------------------------------


def test_every_printed_line_arrives_then_idle(kernel):
    text = kernel.printed("for (int i = 0; i < 20_000; i++) System.out.println(i);")
    assert text.split() == [str(i) for i in range(20_000)]


def test_fifty_megabytes_arrive(kernel):
    kernel.run('String ligne = "é".repeat(262_143);')
    text = kernel.printed("for (int i = 0; i < 100; i++) System.out.println(ligne);")
    assert len(text.encode()) == 100 * (2 * 262_143 + 1)


def test_lines_of_several_threads_stay_whole(kernel):
    text = kernel.printed(
        "Thread[] fils = new Thread[4];\n"
        "for (int t = 0; t < 4; t++) {\n"
        "    int n = t;\n"
        '    fils[t] = new Thread(() -> { for (int i = 0; i < 2_000; i++) System.out.println("fil " + n + " ligne " + i); });\n'
        "    fils[t].start();\n"
        "}\n"
        "for (Thread fil : fils) fil.join();"
    )
    expected = sorted(f"fil {t} ligne {i}" for t in range(4) for i in range(2_000))
    assert sorted(text.splitlines()) == expected


def test_outputs_come_in_the_order_of_the_program(kernel):
    outputs = kernel.run(
        'System.out.print("a"); System.err.print("b"); System.out.print("c");\n'
        'display("d");\nSystem.out.print("e");\n"résultat"'
    ).outputs
    read = [s.content.get("text") or s.content["data"]["text/plain"] for s in outputs]
    assert read == ["a", "b", "c", "d", "e", "résultat"]


def test_printing_is_not_one_message_per_line(kernel):
    outputs = kernel.run("for (int i = 0; i < 1_000; i++) System.out.println(i);").outputs
    assert len(outputs) < 50


def test_output_shows_while_the_cell_runs(kernel, tmp_path):
    gate = Gate(tmp_path)
    request_id = kernel.client.execute(f'{{ System.out.println("tôt"); {gate.wait} }}')
    try:
        assert wait_for_message(kernel, request_id, "stream")["text"] == "tôt\n"
    finally:
        gate.open()
    assert wait_for_reply(kernel, request_id)["status"] == "ok"


# --- Ce qui se montre -----------------------------------------------------------------------------


def test_display_leaves_no_identifier_behind(kernel):
    for deadline in ("", ";"):
        outputs = kernel.run("display(42)" + deadline).outputs
        assert [s.kind for s in outputs] == ["display_data"]


def test_a_display_can_be_updated(kernel):
    outputs = kernel.run('String id = display("un");\nupdateDisplay(id, "deux");').outputs
    assert [s.kind for s in outputs] == ["display_data", "update_display_data"]
    assert (
        outputs[0].content["transient"]["display_id"] == outputs[1].content["transient"]["display_id"]
    )


def test_printf_leaves_no_stream_behind(kernel):
    outputs = kernel.run('System.out.printf("%.2f", 0.7)').outputs
    assert [s.kind for s in outputs] == ["stream"]
    assert outputs[0].content["text"] == "0,70"


def test_output_can_be_cleared(kernel):
    outputs = kernel.run('System.out.print("a"); clearOutput(); clearOutput(true);').outputs
    assert [s.kind for s in outputs] == ["stream", "clear_output", "clear_output"]
    assert [s.content["wait"] for s in outputs[1:]] == [False, True]


@pytest.mark.parametrize(
    ("last", "kind"), [("figure", "execute_result"), ("display(figure)", "display_data")]
)
def test_a_figure_shows_as_image_with_its_description(kernel, last, kind):
    kernel.run('Figure figure = new Figure(new byte[] {1, 2, 3}, 10, 20, "Une carte, « là »");')
    (output,) = kernel.run(last).outputs
    assert output.kind == kind
    assert output.content["data"] == {"image/png": "AQID", "text/plain": "Une carte, « là »"}
    assert output.content["metadata"] == {
        "image/png": {"width": 10, "height": 20, "alt": "Une carte, « là »"}
    }


def test_a_cell_can_ask_a_question(kernel):
    request_id = kernel.client.execute("new Scanner(System.in).nextLine()", allow_stdin=True)
    assert kernel.client.get_stdin_msg(timeout=10)["msg_type"] == "input_request"
    kernel.client.input("réponse")
    while (message := kernel.client.get_iopub_msg(timeout=10))["msg_type"] != "execute_result":
        pass
    assert message["content"]["data"]["text/plain"] == "réponse"
    wait_for_reply(kernel, request_id)
