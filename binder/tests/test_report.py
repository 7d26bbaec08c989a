"""Le bilan compte tout, et sa dernière ligne dit vrai."""

import json

import pytest
from course_tools.report import report

JUNIT = """<testsuite>
  <testcase classname="A" name="bon"/>
  <testcase classname="A" name="saute"><skipped message="pas ici"/></testcase>
  {}
</testsuite>"""
FAILURE = '<testcase classname="A" name="mauvais"><failure message="2 au lieu de 1"/></testcase>'


@pytest.fixture
def conclude(tmp_path, capsys):
    """Écrit des résultats, fait le bilan, rend son code et ses lignes."""

    def make(unit="", errors=(), broken_steps=()):
        (tmp_path / "TEST-A.xml").write_text(JUNIT.format(unit))
        (tmp_path / "pytest.xml").write_text(f"<testsuites>{JUNIT.format('')}</testsuites>")
        notebook = {
            "name": "01-essai",
            "seconds": 1.5,
            "figures": 3,
            "memory": 300 * 2**20,
            "errors": list(errors),
        }
        (tmp_path / "notebooks.json").write_text(json.dumps([notebook]))
        code = report(broken_steps, tmp_path)
        return code, capsys.readouterr().out.splitlines()

    return make


def test_all_is_well(conclude):
    code, lines = conclude()
    assert code == 0 and lines[-1] == "3 passed, 0 failed, 2 skipped"
    assert lines.count("  – A.saute : pas ici") == 2
    assert any(line.split() == ["01-essai", "1.5", "3", "300", "Mo"] for line in lines)


def test_a_failing_notebook_or_test_is_named(conclude):
    code, lines = conclude(unit=FAILURE, errors=["La cellule 2 a échoué.\n  détails"])
    assert code == 1 and lines[-1] == "2 passed, 2 failed, 2 skipped"
    assert "  ✘ A.mauvais : 2 au lieu de 1" in lines
    assert "  ✘ carnet 01-essai : La cellule 2 a échoué." in lines


def test_the_complete_tests_count(conclude, tmp_path):
    (tmp_path / "epreuves.xml").write_text(JUNIT.format(FAILURE))
    code, lines = conclude()
    assert code == 1 and lines[-1] == "4 passed, 1 failed, 3 skipped"


def test_a_failing_maven_counts_once(conclude):
    code, lines = conclude(broken_steps=["mvn verify"])
    assert code == 1 and lines[-1] == "3 passed, 1 failed, 2 skipped"
    _, lines = conclude(unit=FAILURE, broken_steps=["mvn verify"])
    assert lines[-1] == "3 passed, 1 failed, 2 skipped"


def test_a_broken_step_is_named(conclude):
    code, lines = conclude(broken_steps=["pages"])
    assert code == 1 and lines[-1] == "3 passed, 1 failed, 2 skipped"
    assert "  ✘ pages n’a pas abouti (voir target/journaux)" in lines


def test_each_suite_has_its_line(conclude, tmp_path):
    (tmp_path / "epreuves.xml").write_text(JUNIT.format(FAILURE))
    _, lines = conclude()
    assert lines[1:4] == [
        "  Tests unitaires : 1 réussis, 0 échoués, 1 sautés",
        "  Noyau et commandes : 1 réussis, 0 échoués, 1 sautés",
        "  Épreuves complètes : 1 réussis, 1 échoués, 1 sautés",
    ]


def test_nothing_tested_is_a_failure(tmp_path, capsys):
    assert report([], tmp_path) == 1
    assert capsys.readouterr().out.endswith("0 passed, 0 failed\n")
