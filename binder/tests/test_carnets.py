"""Exécuter, comparer et récrire des carnets minuscules."""

import asyncio
import json
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import carnets  # noqa: E402


def code(source, *sorties, numero=1, etiquettes=()):
    return new_code_cell(
        source,
        outputs=list(sorties),
        execution_count=numero,
        metadata={"tags": list(etiquettes)},
        id="c",
    )


def imprime(texte):
    return new_output("stream", name="stdout", text=texte)


def figure(description, image="AAAA"):
    return new_output(
        "display_data",
        data={"image/png": image, "text/plain": description},
        metadata={"image/png": {"alt": description, "width": 400, "height": 300}},
    )


def ecarts(garde, obtenu):
    return carnets.comparer(new_notebook(cells=[garde]), new_notebook(cells=[obtenu]))


# --- Comparer -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("garde", "obtenu"),
    [
        ("poids 0,7000", "poids 0,7004"),
        ("0.5 -1.5e-3", "0.5 -1.5004e-3"),
        ("  9,99 |", "9,99  |"),
        ("java.awt.image.BufferedImage@1b28cdfa", "java.awt.image.BufferedImage@6d06d69c"),
        ("[[F@1b28cdfa", "[[F@6d06d69c"),
        ("étape 1\rétape 2\rétape 3\n", "étape 3\n"),
    ],
)
def test_les_memes_mots_et_des_nombres_proches_s_accordent(garde, obtenu):
    assert ecarts(code("f()", imprime(garde)), code("f()", imprime(obtenu))) == []


@pytest.mark.parametrize(
    ("garde", "obtenu"),
    [
        ("poids 0,700", "poids 0,702"),
        ("poids 0,700", "poids -0,700"),
        ("1,0E-3", "1,0E-4"),
        ("le chat", "le chien"),
        ("2 lignes", "3 lignes"),
        ("[2, 5, 64]", "[2, 5, 65]"),
        ("1478401 paramètres", "1478402 paramètres"),
        ("0,5", "NaN"),
        ("0,5", "0,5 0,5"),
        ("x", ""),
    ],
)
def test_d_autres_mots_ou_d_autres_nombres_se_voient(garde, obtenu):
    assert ecarts(code("f()", imprime(garde)), code("f()", imprime(obtenu)))


def test_d_une_figure_on_compare_la_description_et_la_taille():
    garde = code("f()", figure("Carte 2 × 2", image="AAAA"))
    assert ecarts(garde, code("f()", figure("Carte 2 × 2", image="BBBB"))) == []
    assert ecarts(garde, code("f()", figure("Carte 3 × 2")))
    autre = code("f()", figure("Carte 2 × 2"))
    autre.outputs[0].metadata["image/png"]["width"] = 800
    assert ecarts(garde, autre)


@pytest.mark.parametrize("etiquette", ["mesure", "entrainement"])
def test_une_cellule_de_mesure_n_est_comparee_que_par_genres(etiquette):
    garde = code("f()", imprime("12 ms"), figure("a"), etiquettes=[etiquette])
    assert ecarts(garde, code("f()", imprime("99 s"), figure("b"))) == []
    assert ecarts(garde, code("f()", imprime("12 ms")))
    assert ecarts(garde, code("f()", imprime("12 ms"), figure("a"), figure("a")))


def test_le_decoupage_des_flux_ne_compte_pas_leur_place_oui():
    garde = code("f()", imprime("a\nb\n"), figure("x"))
    assert ecarts(garde, code("f()", imprime("a\n"), imprime("b\n"), figure("x"))) == []
    assert ecarts(garde, code("f()", imprime("a\n"), figure("x"), imprime("b\n")))


def test_numero_d_execution_absence_et_erreur_gardee_se_voient():
    assert ecarts(code("f()", numero=2), code("f()", numero=1))
    assert ecarts(code("f()", numero=None), code("f()", numero=1))
    erreur = new_output("error", ename="E", evalue="", traceback=[])
    assert ecarts(code("f()", erreur), code("f()", erreur))


# --- Exécuter, dans le vrai noyau ---------------------------------------------------------------


@pytest.fixture
def carnet(tmp_path):
    """De quoi écrire un carnet dans un dossier à lui, puis l’exécuter."""

    def faire(*sources, nom="01-essai", **metadonnees):
        chemin = tmp_path / f"{nom}.ipynb"
        cellules = [s if not isinstance(s, str) else new_code_cell(s) for s in sources]
        nbformat.write(new_notebook(cells=cellules, metadata=metadonnees), chemin)
        return chemin

    return faire


def executer(chemin):
    return asyncio.run(carnets.executer(chemin))


def test_un_carnet_juste_s_execute_et_se_mesure(carnet):
    resultat = executer(
        carnet(new_markdown_cell("# Titre"), "int n = 41;", "System.out.println(n + 1);")
    )
    assert resultat.erreurs == []
    assert [c.execution_count for c in carnets.cellules_de_code(resultat.carnet)] == [1, 2]
    assert resultat.carnet.cells[2].outputs[0].text == "42\n"
    assert len(resultat.carnet.cells) == 3, "la question sur la machine ne laisse pas de trace"
    assert resultat.memoire > 50 * 2**20
    assert resultat.secondes > 0
    assert {"processeur", "blas", "fils", "java"} <= resultat.execution.keys()


def test_une_erreur_de_compilation_est_montree_en_entier(carnet):
    (erreur,) = executer(carnet("int n = 1;", "String s = n + pasDeclare;")).erreurs
    assert "cellule 2" in erreur
    assert "String s = n + pasDeclare;" in erreur
    assert erreur.count("pasDeclare") >= 2, "le source et ce que dit le compilateur"


def test_une_exception_et_la_sortie_d_erreur_font_echouer(carnet):
    (erreur,) = executer(
        carnet('System.out.println("avant"); throw new IllegalStateException("non");')
    ).erreurs
    assert "avant" in erreur and "non" in erreur
    (erreur,) = executer(carnet('System.err.println("bruit");')).erreurs
    assert "sortie d’erreur" in erreur and "bruit" in erreur


def test_un_noyau_qui_meurt_et_une_cellule_sans_fin_sont_dits(carnet, monkeypatch):
    (erreur,) = executer(carnet("Runtime.getRuntime().halt(3);")).erreurs
    assert "mourir le noyau" in erreur
    monkeypatch.setattr(carnets, "CELLULE_MAX", 3)
    (erreur,) = executer(carnet("Thread.sleep(60_000);")).erreurs
    assert "n’a pas fini en 3 s" in erreur


def test_regenerer_deux_fois_n_ecrit_pas_de_difference_et_verifier_s_en_contente(
    carnet, tmp_path, monkeypatch
):
    monkeypatch.setattr(carnets, "RESULTATS", tmp_path / "resultats")
    chemin = carnet('System.out.println("bonjour");', "new Object()")
    assert not carnets.regenerer([chemin])[0].erreurs
    premiere_fois = chemin.read_bytes()
    carnets.regenerer([chemin])
    assert chemin.read_bytes() == premiere_fois
    assert not carnets.verifier([chemin])[0].erreurs


def test_verifier_demande_regenerer_et_dit_ce_qui_a_change(carnet, tmp_path, monkeypatch):
    async def faux(chemin, suivi):
        return carnets.Resultat(chemin, new_notebook(cells=[code("f()", imprime("bonsoir\n"))]))

    monkeypatch.setattr(carnets, "executer", faux)
    monkeypatch.setattr(carnets, "RESULTATS", tmp_path / "resultats")
    (resultat,) = carnets.verifier([carnet("f()")])
    assert "gardé sans sorties : lancez bash binder/regenerer 01" in resultat.erreurs[0]

    (resultat,) = carnets.verifier([carnet(code("f()", imprime("bonjour\n")))])
    assert "gardé  : bonjour" in resultat.erreurs[0] and "obtenu : bonsoir" in resultat.erreurs[0]
    (compte,) = json.loads((tmp_path / "resultats" / "carnets.json").read_text(encoding="utf-8"))
    assert compte["nom"] == "01-essai" and compte["erreurs"]

    assert not carnets.verifier([carnet(code("f()", imprime("bonsoir\n")))])[0].erreurs


def test_regenerer_laisse_intact_un_carnet_qui_echoue(carnet):
    chemin = carnet('throw new IllegalStateException("non");')
    avant = chemin.read_bytes()
    assert carnets.regenerer([chemin])[0].erreurs
    assert chemin.read_bytes() == avant
    assert list(chemin.parent.glob("*")) == [chemin]


def test_ceux_qui_mesurent_passent_seuls_et_les_autres_a_deux(carnet, monkeypatch):
    en_cours, vus = set(), {}

    async def faux(chemin, suivi):
        en_cours.add(chemin.stem)
        await asyncio.sleep(0.05)
        vus[chemin.stem] = set(en_cours)
        en_cours.discard(chemin.stem)
        return carnets.Resultat(chemin, new_notebook())

    monkeypatch.setattr(carnets, "executer", faux)
    chemins = [
        carnet("1", nom=f"0{n}-x", **({"cours": {"seul": True}} if n == 2 else {}))
        for n in range(1, 6)
    ]
    resultats = asyncio.run(carnets.executer_tous(chemins, lambda r: None))
    assert [r.chemin for r in resultats] == chemins
    assert vus["02-x"] == {"02-x"}
    assert max(len(v) for v in vus.values()) == 2


def test_trouver_refuse_un_numero_inconnu(carnet):
    chemin = carnet("1")
    assert carnets.trouver(["01"], chemin.parent) == [chemin]
    with pytest.raises(SystemExit, match="07"):
        carnets.trouver(["07"], chemin.parent)


# --- Récrire ------------------------------------------------------------------------------------


class Specification:
    display_name, language = "Java (essai)", "java"


def test_normaliser_ne_garde_que_ce_qui_dure():
    cellule = code("f()  \n", imprime("a"), imprime("b\n"), figure("x", image="AA\nAA\n"))
    cellule.metadata.update(execution={"iopub.status.busy": "2026"}, scrolled=True, tags=["mesure"])
    cellule.outputs.append(
        new_output(
            "execute_result", data={"text/plain": "java.lang.Object@1b28cdfa"}, execution_count=1
        )
    )
    carnet = new_notebook(
        cells=[cellule, new_markdown_cell("texte")],
        metadata={
            "widgets": {},
            "language_info": {"name": "Java", "version": "17.0.1"},
            "cours": {"seul": True},
        },
    )
    del carnet.cells[1]["id"]
    carnets.normaliser(carnet, Specification, {"fils": 2})
    assert carnet.metadata.keys() == {"kernelspec", "language_info", "cours"}
    assert "version" not in carnet.metadata.language_info
    assert carnet.metadata.cours == {"seul": True, "execution": {"fils": 2}}
    premiere, seconde = carnet.cells
    assert premiere.id == "c" and seconde.id == "cellule-02"
    assert premiere.metadata == {"tags": ["mesure"]}
    assert premiere.source == "f()"
    flux, image, resultat = premiere.outputs
    assert flux.text == "ab\n"
    assert image.data["image/png"] == "AAAA"
    assert resultat.data["text/plain"] == "java.lang.Object"


def test_le_fichier_ecrit_est_lisible_et_trie(carnet):
    chemin = carnet("1")
    carnets.ecrire(new_notebook(cells=[code("é")], metadata={"z": 1, "a": 2}), chemin)
    texte = chemin.read_text(encoding="utf-8")
    assert texte.endswith("}\n") and not texte.endswith("\n\n")
    assert "é" in texte
    assert re.search(r'^ "cells"', texte, re.MULTILINE)
    assert texte.index('"a": 2') < texte.index('"z": 1')
