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


def test_causes_that_turn_in_circles_are_told_once(kernel):
    code = """
    Exception a = new Exception("premier");
    Exception b = new Exception("second", a);
    a.initCause(b);
    throw a;
    """
    _, text = failure(kernel, code)
    assert text.count("premier") == 2  # l’exception, et la ligne qui la crée
    assert text.count("Cause : ") == 1


def test_an_exception_that_cannot_say_its_message_fails_the_cell(kernel):
    _, text = failure(
        kernel,
        'throw new RuntimeException() { public String getMessage() { throw new IllegalStateException(); } };',
    )
    assert "message illisible" in text


def test_a_corrected_method_shows_its_new_line(kernel):
    kernel.run("int diviseur = 0;\nint divise() { return 1 / diviseur; }")
    second = kernel.run("int divise() {\n    int dividende = 2;\n    return dividende / diviseur;\n}")
    number, text = failure(kernel, "divise()")
    assert text.splitlines()[1:] == [
        f"    cellule [{second.reply['execution_count']}], ligne 3 : return dividende / diviseur;",
        f"    cellule [{number}], ligne 1 : divise()",
    ]


def test_each_method_is_placed_in_the_cell_that_declares_it(kernel):
    first = kernel.run("int dehors() { return dedans(); }").reply["execution_count"]
    second, text = failure(kernel, "int dedans() {\n    return 1 / diviseur();\n}\nint diviseur() { return 0; }\ndehors()")
    assert text.splitlines()[1:] == [
        f"    cellule [{second}], ligne 2 : return 1 / diviseur();",
        f"    cellule [{first}], ligne 1 : int dehors() {{ return dedans(); }}",
        f"    cellule [{second}], ligne 5 : dehors()",
    ]


def test_a_compile_error_shows_the_line_just_run(kernel):
    kernel.run("int[] valeurs = {1};")
    _, text = failure(kernel, 'int[] valeurs = new int[] {1, "deux"};')
    assert text.splitlines()[-1].strip() == 'int[] valeurs = new int[] {1, "deux"};'


def test_results_that_nobody_named_do_not_fill_the_memory(kernel):
    kernel.run("float[] grand() { return new float[12_000_000]; }")
    for _ in range(12):
        assert kernel.run("grand()").status == "ok"


def test_memory_refused_outside_java_is_told(kernel):
    _, text = failure(kernel, 'throw new RuntimeException("std::bad_alloc");')
    assert text.startswith("OutOfMemoryError : mémoire épuisée")


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
