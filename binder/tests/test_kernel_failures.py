"""Une cellule qui échoue : ce qu’elle en dit, et le noyau qui reste debout."""

import pytest
from kernel_driver import Gate, failure, wait_for_reply


def test_an_exception_shows_its_message_and_the_cell_own_lines(kernel):
    first = kernel.run("int inverse(int x) {\n    return 1 / x;\n}").reply["execution_count"]
    number, text = failure(kernel, "// essai\nint n = 0;\n\nfor (int i = 0; i < 2; i++) {\n    inverse(n);\n}")
    assert number == first + 1
    assert text.splitlines() == [
        "ArithmeticException : / by zero",
        f"    cellule [{first}], ligne 2 : return 1 / x;",
        f"    cellule [{number}], ligne 5 : inverse(n);",
    ]


def test_an_exception_of_the_library_speaks_french(kernel):
    number, text = failure(kernel, "new ScaledDotProductAttention(-1.0)")
    assert "IllegalArgumentException : " in text
    assert f"cellule [{number}], ligne 1" in text
    assert len(text.splitlines()) == 2


def test_the_cause_is_told(kernel):
    _, text = failure(kernel, 'throw new RuntimeException("dessus", new Exception("dessous"));')
    assert "Cause : Exception : dessous" in text


@pytest.mark.parametrize(
    ("code", "line"),
    [("int a = 1;\nfoo bar;", "foo bar;"), ('int a = 1;\n\nint b = "x";', 'int b = "x";')],
)
def test_a_compile_error_says_where(kernel, code, line):
    _, text = failure(kernel, code)
    assert text.startswith(f"Erreur de compilation : ligne {len(code.splitlines())} : ")
    assert line in text


def test_unfinished_code_is_told(kernel):
    _, text = failure(kernel, "int a = 1;\nfor (;;) {")
    assert "code inachevé à partir de la ligne 2" in text


def test_an_error_in_to_string_leaves_the_kernel_alive(kernel):
    _, text = failure(
        kernel, 'new Object() { public String toString() { throw new Error("illisible"); } }'
    )
    assert text.startswith("Error : illisible")
    assert kernel.result("1 + 1") == "2"


def test_deep_recursion_leaves_the_kernel_alive(kernel):
    _, text = failure(kernel, "int r(int n) { return 1 + r(n + 1); }\nr(0)")
    assert text.startswith("StackOverflowError : ")
    assert len(text.splitlines()) < 10
    assert kernel.result("1 + 1") == "2"


def test_cells_queued_behind_a_failure_are_aborted(kernel, tmp_path):
    gate = Gate(tmp_path)
    first = kernel.client.execute(f"{gate.wait} null.echec();")
    following = [kernel.client.execute(f"int suite{i} = {i};") for i in range(3)]
    gate.open()
    assert wait_for_reply(kernel, first)["status"] == "error"
    assert [wait_for_reply(kernel, s)["status"] for s in following] == ["aborted"] * 3
    assert kernel.result("1 + 1") == "2"
    assert kernel.run("suite0").status == "error"


def test_the_queue_goes_on_when_asked(kernel, tmp_path):
    gate = Gate(tmp_path)
    first = kernel.client.execute(f"{gate.wait} null.echec();", stop_on_error=False)
    following = kernel.client.execute("int malgreTout = 1;")
    gate.open()
    assert wait_for_reply(kernel, first)["status"] == "error"
    assert wait_for_reply(kernel, following)["status"] == "ok"
