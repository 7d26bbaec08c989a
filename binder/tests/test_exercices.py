"""Chaque exercice a son corrigé, ses fiches, ses indices ; verifier n’y laisse passer qu’un verdict attendu."""

import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import carnets  # noqa: E402
import pages  # noqa: E402

EXERCICES = sorted((carnets.CARNETS / "exercices").glob("*.ipynb"))


def etiquetees(chemin, etiquette):
    carnet = nbformat.read(chemin, as_version=4)
    return {c.id: c.source for c in carnet.cells if etiquette in c.metadata.get("tags", [])}


def test_il_y_a_des_exercices():
    assert EXERCICES


@pytest.mark.parametrize("chemin", EXERCICES, ids=lambda c: c.stem)
def test_un_exercice_a_des_fiches_des_indices_et_un_corrige_qui_se_verifie_pareil(chemin):
    corrige = carnets.CARNETS / "corriges" / chemin.name
    textes = [c.source for c in nbformat.read(chemin, as_version=4).cells if c.cell_type == "markdown"]
    etapes = [t for t in textes if re.match(r"## Étape \d+\. ", t)]
    assert 5 <= len(etapes) <= 8
    assert all("| difficulté | importance | minutes |" in e for e in etapes)
    verifications = etiquetees(chemin, "verification")
    assert len(verifications) == len(etapes)
    assert verifications == etiquetees(corrige, "verification")
    trous, reponses = etiquetees(chemin, "reponse"), etiquetees(corrige, "reponse")
    assert trous.keys() == reponses.keys() and len(trous) == len(etapes)
    assert all("todo()" in t and "À compléter" in t for t in trous.values())
    assert not any("todo()" in r for r in reponses.values())
    indices = [t for t in textes if t.startswith("<details>")]
    assert len(indices) == len(etapes)
    # L’un dans l’autre : toutes les balises s’ouvrent avant que la première se ferme.
    assert all(1 <= t.count("<details>") <= 3 for t in indices)
    assert all(t.rfind("<details>") < t.find("</details>") for t in indices)
    fautes = [c for c in nbformat.read(corrige, as_version=4).cells if "**Les erreurs d’habitude.**" in c.source]
    assert len(fautes) == len(etapes)


@pytest.mark.parametrize(
    ("dossier", "dit", "accepte"),
    [
        ("exercices", "… Étape 1 : à compléter", True),
        ("exercices", "✔ Étape 1 : juste", False),
        ("exercices", "✘ Étape 1 : à l’envers", False),
        ("corriges", "✔ Étape 1 : juste", True),
        ("corriges", "… Étape 1 : à compléter", False),
        ("corriges", "", False),
        ("notebooks", "n’importe quoi", True),
    ],
)
def test_le_verdict_d_un_enonce_et_celui_d_un_corrige(dossier, dit, accepte):
    sortie = new_output("execute_result", data={"text/plain": dit}, execution_count=1)
    cellule = new_code_cell("f()", outputs=[sortie], metadata={"tags": ["verification"]})
    resultat = carnets.Resultat(Path(dossier) / "1-essai.ipynb", new_notebook(cells=[cellule]))
    assert bool(carnets.verdicts_inattendus(resultat)) is not accepte


def test_un_exercice_et_son_corrige_ne_se_confondent_pas(tmp_path):
    for nom in ("02-a", "exercices/2-b", "corriges/2-b"):
        (tmp_path / nom).parent.mkdir(exist_ok=True)
        nbformat.write(new_notebook(), tmp_path / f"{nom}.ipynb")
    tous = carnets.trouver([], tmp_path)
    assert [carnets.numero(c) for c in tous] == ["02", "exercices/2", "corriges/2"]
    assert [carnets.nom(c) for c in tous] == ["02-a", "exercices-2-b", "corriges-2-b"]
    assert [pages.nom_de_page(c) for c in tous] == [carnets.nom(c) for c in tous]
    assert carnets.trouver(["corriges/2"], tmp_path) == [tous[2]]
    with pytest.raises(SystemExit, match="exercices/3"):
        carnets.trouver(["exercices/3"], tmp_path)


@pytest.mark.parametrize(
    ("lien", "page"),
    [
        ("[a](02-a.ipynb#b)", "[a](02-a.html#b)"),
        ("[a](../02-a.ipynb)", "[a](02-a.html)"),
        ("[a](exercices/2-b.ipynb)", "[a](exercices-2-b.html)"),
        ("[a](../corriges/2-b.ipynb)", "[a](corriges-2-b.html)"),
    ],
)
def test_un_lien_mene_a_la_page(lien, page):
    assert pages.VERS_UN_CARNET.sub(pages.page_du_lien, lien) == page
