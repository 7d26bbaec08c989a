"""Le bilan compte tout, et sa dernière ligne dit vrai."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import bilan  # noqa: E402

JUNIT = """<testsuite>
  <testcase classname="A" name="bon"/>
  <testcase classname="A" name="saute"><skipped message="pas ici"/></testcase>
  {}
</testsuite>"""
ECHEC = '<testcase classname="A" name="mauvais"><failure message="2 au lieu de 1"/></testcase>'


@pytest.fixture
def conclure(tmp_path, monkeypatch, capsys):
    """Écrit des résultats, fait le bilan, rend son code et ses lignes."""

    def faire(unitaires="", erreurs=(), arguments=()):
        (tmp_path / "TEST-A.xml").write_text(JUNIT.format(unitaires))
        (tmp_path / "pytest.xml").write_text(f"<testsuites>{JUNIT.format('')}</testsuites>")
        carnet = {
            "nom": "01-essai",
            "secondes": 1.5,
            "figures": 3,
            "memoire": 300 * 2**20,
            "erreurs": list(erreurs),
        }
        (tmp_path / "carnets.json").write_text(json.dumps([carnet]))
        monkeypatch.setattr(bilan, "RESULTATS", tmp_path)
        monkeypatch.setattr(sys, "argv", ["bilan.py", *arguments])
        with pytest.raises(SystemExit) as fin:
            bilan.principal()
        return fin.value.code, capsys.readouterr().out.splitlines()

    return faire


def test_tout_est_bon(conclure):
    code, lignes = conclure()
    assert code == 0 and lignes[-1] == "3 passed, 0 failed, 2 skipped"
    assert lignes.count("  – A.saute : pas ici") == 2
    assert any(ligne.split() == ["01-essai", "1.5", "3", "300", "Mo"] for ligne in lignes)


def test_un_carnet_ou_un_test_qui_echoue_est_nomme(conclure):
    code, lignes = conclure(unitaires=ECHEC, erreurs=["La cellule 2 a échoué.\n  détails"])
    assert code == 1 and lignes[-1] == "2 passed, 2 failed, 2 skipped"
    assert "  ✘ A.mauvais : 2 au lieu de 1" in lignes
    assert "  ✘ carnet 01-essai : La cellule 2 a échoué." in lignes


def test_les_epreuves_completes_comptent(conclure, tmp_path):
    (tmp_path / "epreuves.xml").write_text(JUNIT.format(ECHEC))
    code, lignes = conclure()
    assert code == 1 and lignes[-1] == "4 passed, 1 failed, 3 skipped"


def test_maven_qui_echoue_compte_une_fois(conclure):
    code, lignes = conclure(arguments=["--echec", "mvn verify"])
    assert code == 1 and lignes[-1] == "3 passed, 1 failed, 2 skipped"
    _, lignes = conclure(unitaires=ECHEC, arguments=["--echec", "mvn verify"])
    assert lignes[-1] == "3 passed, 1 failed, 2 skipped"


def test_rien_de_teste_est_un_echec(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bilan, "RESULTATS", tmp_path)
    monkeypatch.setattr(sys, "argv", ["bilan.py"])
    with pytest.raises(SystemExit) as fin:
        bilan.principal()
    assert fin.value.code == 1 and capsys.readouterr().out.endswith("0 passed, 0 failed\n")
