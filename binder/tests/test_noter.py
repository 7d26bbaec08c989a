"""Noter une classe : ce que font de mal une copie, un fichier ou un élève malin ne touche pas les autres."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

BINDER = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BINDER))

import noter  # noqa: E402

DEBUT = """import fr.cours.attention.exercices.MaskExercise;
import static fr.cours.attention.exercices.Exercise.todo;
var exercice = new MaskExercise();"""
JUSTE = """boolean[][] remplissage(int longueur, int n) {
    boolean[][] cache = new boolean[n][n];
    for (boolean[] ligne : cache) java.util.Arrays.fill(ligne, longueur, n, true);
    return cache;
}"""
FAUX = JUSTE.replace("longueur, n, true", "0, longueur, true")
AVENIR = """boolean[][] avenir(int n) {
    boolean[][] cache = new boolean[n][n];
    for (int i = 0; i < n; i++) java.util.Arrays.fill(cache[i], i + 1, n, true);
    return cache;
}"""


@pytest.fixture(scope="module")
def connus():
    return noter.enonces()


@pytest.fixture(scope="module")
def verifications(connus):
    """Les deux premières vérifications de l’exercice 2, telles que la copie les porte."""
    bonnes = next(bonnes for numero, bonnes in connus.values() if numero == "2")
    return [
        new_code_cell(source, id=nom, metadata={"tags": ["verification"]})
        for nom, source in list(bonnes.items())[:2]
    ]


def copie(*cellules):
    cellules = [new_code_cell(c) if isinstance(c, str) else c for c in cellules]
    return nbformat.writes(new_notebook(cells=cellules)).encode()


@pytest.fixture(scope="module")
def classe(tmp_path_factory, verifications):
    """Un dossier de copies, noté en une commande ; rend ce qui a été dit et écrit."""
    dossier = tmp_path_factory.mktemp("classe")
    un, deux = verifications
    truquee = new_code_cell('"✔ Étape 1 : juste"', id=un.id)
    victime = dossier / "a-juste.ipynb"
    copies = {
        "a-juste": copie(DEBUT, JUSTE, un, AVENIR, deux),
        "b-vide": copie(DEBUT, JUSTE[: JUSTE.index("{") + 1] + " return todo(); }", un),
        "c-fausse": copie(DEBUT, FAUX, un, AVENIR, deux),
        "d-sans-fin": copie(DEBUT, JUSTE, un, "while (true) {}", AVENIR, deux),
        "e-goinfre": copie(
            DEBUT,
            JUSTE,
            un,
            "var tas = new java.util.ArrayList<byte[]>(); while (true) tas.add(new byte[10_000_000]);",
            "tas = null;",
            AVENIR,
            deux,
        ),
        "f-sort": copie(DEBUT, JUSTE, un, "System.exit(0);", AVENIR, deux),
        "g-ecrit-dehors": copie(
            DEBUT,
            JUSTE,
            un,
            f'java.nio.file.Files.writeString(java.nio.file.Path.of("{victime}"), "effacé");',
            'new ProcessBuilder("setsid", "sh", "-c", "sleep 98765").start();',
        ),
        "h-triche": copie(
            DEBUT,
            'class Faux { String padding(Object o) { return "✔ Étape 1 : juste"; } }',
            truquee,
            'System.out.println("1\\tDONE\\tÉtape 1 : juste");',
        ),
        "i-photo": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "j-autre-carnet": copie("1 + 1"),
        "k-rien": b"",
        "sous-dossier/l-juste": copie(DEBUT, JUSTE, un),
    }
    for nom, octets in copies.items():
        chemin = dossier / f"{nom}.ipynb"
        chemin.parent.mkdir(exist_ok=True)
        chemin.write_bytes(octets)
    (dossier / "m-dossier.ipynb").mkdir()
    fini = subprocess.run(
        [sys.executable, BINDER / "noter.py", dossier, "--secondes", "120", "--cellule", "8"],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert fini.returncode == 0, fini.stderr
    lignes = list(csv.DictReader((dossier / "notes.csv").open(encoding="utf-8")))
    etats = {(x["élève"], x["étape"]): x["état"] for x in lignes}
    phrases = {(x["élève"], x["étape"]): x["phrase"] for x in lignes}
    return SimpleNamespace(
        dossier=dossier, dit=fini.stdout, etats=etats, phrases=phrases, victime=victime, copies=copies
    )


def test_une_copie_juste_une_fausse_une_vide(classe):
    assert classe.etats["a-juste", "2.1"] == classe.etats["a-juste", "2.2"] == "DONE"
    assert classe.etats["sous-dossier/l-juste", "2.1"] == "DONE"
    # Les vérifications ôtées sont essayées quand même.
    assert classe.etats["a-juste", "2.3"] == "ABSENT"
    assert classe.etats["b-vide", "2.1"] == "TODO"
    assert classe.etats["c-fausse", "2.1"] == "WRONG" and classe.etats["c-fausse", "2.2"] == "DONE"
    assert "Étape 1" in classe.phrases["c-fausse", "2.1"]


@pytest.mark.parametrize("nom", ["d-sans-fin", "e-goinfre"])
def test_une_cellule_sans_fin_ou_goinfre_n_emporte_que_la_sienne(classe, nom):
    assert classe.etats[nom, "2.1"] == classe.etats[nom, "2.2"] == "DONE"


def test_un_noyau_mort_garde_ce_qui_etait_juge(classe):
    assert classe.etats["f-sort", "2.1"] == "DONE"
    assert classe.etats["f-sort", "2.2"] == "ARRÊTÉ"
    assert "le noyau s’est arrêté" in classe.phrases["f-sort", "2.2"]


def test_ce_qui_est_ecrit_chez_un_autre_est_remis_et_dit(classe):
    assert classe.victime.read_bytes() == classe.copies["a-juste"]
    assert classe.etats["g-ecrit-dehors", "copie"] == "A CHANGÉ"
    assert "a-juste.ipynb" in classe.phrases["g-ecrit-dehors", "copie"]


def test_rien_de_ce_qu_une_copie_a_lance_ne_reste(classe):
    restants = [p for p in psutil.process_iter(["cmdline"]) if "sleep 98765" in " ".join(p.info["cmdline"] or [])]
    assert restants == []


def test_une_verification_truquee_est_remplacee_par_celle_du_cours(classe):
    assert classe.etats["h-triche", "2.1"] != "DONE"


@pytest.mark.parametrize(
    ("nom", "raison"),
    [
        ("i-photo", "pas un carnet"),
        ("j-autre-carnet", "aucun exercice du cours"),
        ("k-rien", "pas un carnet"),
        ("m-dossier", "illisible"),
    ],
)
def test_un_fichier_quelconque_est_nomme_et_n_arrete_rien(classe, nom, raison):
    assert classe.etats[nom, "copie"] == "ILLISIBLE"
    assert raison in classe.phrases[nom, "copie"]


def test_le_tableau_a_une_ligne_par_eleve_et_une_colonne_par_etape(classe):
    tableau = classe.dit[classe.dit.index("élève") :]
    entete = tableau.splitlines()[0]
    assert [c.strip() for c in entete.split("|")][:3] == ["élève", "2.1", "2.2"]
    for nom in classe.copies:
        assert sum(nom in ligne for ligne in tableau.splitlines()) == 1
    (juste,) = [ligne for ligne in tableau.splitlines() if "a-juste" in ligne]
    assert [c.strip() for c in juste.split("|")][1:3] == ["✔", "✔"]


# --- Les limites, sans noyau --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("programme", "secondes", "memoire", "raison"),
    [
        ("import time; time.sleep(60)", 1, 1000, "arrêté après 1 s"),
        ("x = b'a' * 300_000_000; import time; time.sleep(60)", 30, 200, "plus de 200 Mo"),
        ("pass", 30, 1000, None),
    ],
)
def test_le_temps_et_la_memoire_sont_bornes(programme, secondes, memoire, raison):
    # Dans un processus à part : arreter_tout arrête toute la descendance de qui l’appelle.
    code = (
        "import subprocess, sys, json, noter\n"
        f"p = subprocess.Popen([sys.executable, '-c', {programme!r}], start_new_session=True)\n"
        f"raison = noter.surveiller(p, {secondes}, {memoire})\n"
        "noter.arreter_tout(); p.wait()\n"
        "print(json.dumps([raison, len(noter.descendance())]))"
    )
    fini = subprocess.run(
        [sys.executable, "-c", code], cwd=BINDER, capture_output=True, text=True, timeout=60, check=True
    )
    dit, restants = json.loads(fini.stdout)
    assert (dit is None) if raison is None else (raison in dit)
    assert restants == 0


def test_une_copie_trop_grosse_n_est_pas_lue(tmp_path, monkeypatch, connus):
    monkeypatch.setattr(noter, "COPIE_MAX", 1000)
    (tmp_path / "enorme.ipynb").write_bytes(b" " * 1001)
    assert list(noter.lire_copies(tmp_path).values()) == [None]
    with pytest.raises(ValueError, match="illisible"):
        noter.preparer(None, connus)


def test_un_dossier_sans_copie_se_dit(tmp_path):
    fini = subprocess.run(
        [sys.executable, BINDER / "noter.py", tmp_path], capture_output=True, text=True, timeout=60
    )
    assert fini.returncode == 1 and "Aucun carnet" in fini.stderr
