"""Compléter et documenter un nom, où qu’il soit dans la cellule."""

import pytest
from kernel_driver import wait_for_reply


def completed(kernel, code):
    """Rend la cellule complétée par la première proposition, le curseur à sa fin."""
    reply = wait_for_reply(kernel, kernel.client.complete(code, len(code)))
    return code[: reply["cursor_start"]] + reply["matches"][0] + code[reply["cursor_end"] :]


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ('String s="🎓"; s.len', "s.length()"),
        ("import java.time.*;\nLocalDat", "LocalDate"),
        ("int f() { return 1; }\nMath.ab", "Math.abs("),
        ('System.out.println(1);\nString t = "x";\nt.subs', "t.substring("),
        ('String t = "x";\nfor (int i = 0; i < 3; i++) { t.isBl', "t.isBlank()"),
    ],
)
def test_a_name_is_completed_anywhere_in_a_cell(kernel, code, end):
    assert completed(kernel, code).endswith(end)
    assert kernel.result("1 + 1") == "2"


def test_completing_imports_nothing_for_good(kernel):
    completed(kernel, "import java.time.*;\nLocalDat")
    assert kernel.run("LocalDate.now()").status == "error"


def test_a_name_is_documented_after_other_statements(kernel):
    code = 'String s = "🎓";\nMath.abs('
    reply = wait_for_reply(kernel, kernel.client.inspect(code, len(code)))
    assert "Math.abs(int a)" in reply["data"]["text/plain"]
