"""Noter une classe : ce que font de mal une copie, un fichier ou un élève malin ne touche pas les autres."""

import csv
import json
import os
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

import enclos  # noqa: E402
import noter  # noqa: E402

ENFERME = pytest.mark.skipif(not enclos.version(), reason="cette machine n’a pas Landlock : rien n’enferme")

DEBUT = """import fr.cours.course.exercises.MaskExercise;
import static fr.cours.course.exercises.Exercise.todo;
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
    return [new_code_cell(source, id=nom) for nom, source in list(connus["2"].items())[:2]]


def copie(*cellules):
    cellules = [new_code_cell(c) if isinstance(c, str) else c for c in cellules]
    return nbformat.writes(new_notebook(cells=cellules)).encode()


@pytest.fixture(scope="module")
def classe(tmp_path_factory, verifications):
    """Un dossier de copies, noté en une commande ; rend ce qui a été dit et écrit."""
    dossier = tmp_path_factory.mktemp("classe")
    un, deux = verifications
    truquee = new_code_cell('"✔ Étape 1 : juste"', id=un.id)
    sans_nom = [new_code_cell(c.source) for c in verifications]  # passée par un éditeur qui change les identifiants
    victime = dossier / "a-juste.ipynb"
    temoin = dossier / "temoin.txt"
    temoin.write_text("secret", encoding="utf-8")
    copies = {
        "a-juste": copie(DEBUT, JUSTE, un, AVENIR, deux, "while (true) {} // après la dernière vérification"),
        "b-vide": copie(DEBUT, JUSTE[: JUSTE.index("{") + 1] + " return todo(); }", un),
        "c-fausse": copie(DEBUT, FAUX, sans_nom[0], AVENIR, sans_nom[1]),
        "d-sans-fin": copie(DEBUT, "boolean[][] remplissage(int l, int n) { while (true) {} }", un, AVENIR, deux),
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
            f'java.nio.file.Files.writeString(java.nio.file.Path.of("{victime}"), "effacé");',
            f'new java.io.File("{temoin}").delete();',
            f"ProcessHandle.of({os.getpid()}).get().destroyForcibly();",
            "ProcessHandle.current().parent().get().destroyForcibly();",
            'new ProcessBuilder("setsid", "sh", "-c", "sleep 98765").start();',
            JUSTE,
            un,
        ),
        "h-triche": copie(
            DEBUT,
            'class Faux { String padding(Object o) { return "✔ Étape 1 : juste"; } } var exercice = new Faux();',
            # « fr.cours.course.exercises.Exercise.report() », mais d’une variable nommée fr
            'class E { String report() { return "1\\tDONE\\tÉtape 1 : juste"; } } class X { E Exercise = new E(); }',
            "class A { X exercices = new X(); } class C { A attention = new A(); } class F { C cours = new C(); }",
            "F fr = new F();",
            truquee,
            'System.out.println("1\\tDONE\\tÉtape 1 : juste");',
        ),
        "i-photo": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "j-autre-carnet": copie("1 + 1"),
        "k-rien": b"",
        "l-eleve/exercice-2": copie(DEBUT, JUSTE, un),
        "l-eleve/exercice-2b": copie(DEBUT, FAUX, un),
    }
    for nom, octets in copies.items():
        chemin = dossier / f"{nom}.ipynb"
        chemin.parent.mkdir(exist_ok=True)
        chemin.write_bytes(octets)
    (dossier / "m-dossier.ipynb").mkdir()
    fini = subprocess.run(
        [sys.executable, BINDER / "noter.py", dossier, "--secondes", "120", "--cellule", "15"],
        capture_output=True,
        text=True,
        timeout=1500,
    )
    assert fini.returncode == 0, fini.stderr
    lignes = list(csv.DictReader((dossier / "notes.csv").open(encoding="utf-8-sig"), delimiter=";"))
    etats = {(x["élève"], x["étape"]): x["état"] for x in lignes}
    phrases = {(x["élève"], x["étape"]): x["phrase"] for x in lignes}
    return SimpleNamespace(
        dossier=dossier, dit=fini.stdout, etats=etats, phrases=phrases, victime=victime, temoin=temoin, copies=copies
    )


def test_une_copie_juste_une_fausse_une_vide(classe):
    assert classe.etats["a-juste", "2.1"] == classe.etats["a-juste", "2.2"] == "juste"
    # Une vérification que la copie n’a pas est essayée quand même.
    assert classe.etats["a-juste", "2.3"] == "absente"
    assert classe.etats["b-vide", "2.1"] == "à compléter"
    assert classe.etats["c-fausse", "2.1"] == "fausse" and classe.etats["c-fausse", "2.2"] == "juste"
    assert "Étape 1" in classe.phrases["c-fausse", "2.1"]


def test_une_reponse_sans_fin_n_emporte_que_son_etape(classe):
    assert classe.etats["d-sans-fin", "2.1"] == "fausse" and classe.etats["d-sans-fin", "2.2"] == "juste"
    assert "sans fin" in classe.phrases["d-sans-fin", "2.1"]


def test_une_cellule_goinfre_n_emporte_qu_elle(classe):
    assert classe.etats["e-goinfre", "2.1"] == classe.etats["e-goinfre", "2.2"] == "juste"


def test_un_noyau_mort_garde_ce_qui_etait_juge(classe):
    assert classe.etats["f-sort", "2.1"] == "juste"
    assert classe.etats["f-sort", "2.2"] == "arrêtée"
    assert "le noyau s’est arrêté" in classe.phrases["f-sort", "2.2"]


def test_deux_exercices_d_un_meme_eleve_font_une_ligne_sauf_si_c_est_le_meme(classe):
    assert classe.etats["l-eleve", "2.1"] == "juste"
    assert classe.etats["l-eleve/exercice-2b", "2.1"] == "fausse"


@ENFERME
def test_une_copie_enfermee_n_atteint_ni_les_autres_ni_qui_note(classe):
    assert classe.victime.read_bytes() == classe.copies["a-juste"]
    assert classe.temoin.read_text(encoding="utf-8") == "secret"


def test_ce_que_demandent_les_enonces_et_les_corriges_n_est_pas_signale():
    carnets = [*(BINDER.parent / "notebooks").glob("exercices/*.ipynb")]
    carnets += (BINDER.parent / "notebooks").glob("corriges/*.ipynb")
    assert len(carnets) == 8
    for carnet in carnets:
        sources = [c.source for c in nbformat.read(carnet, as_version=4).cells if c.cell_type == "code"]
        assert [m for s in sources for m in noter.A_LIRE.findall(s)] == [], carnet.name
    assert noter.A_LIRE.findall("import fr.cours.kernel.*;") == ["cours.kernel"]


def test_ce_dont_un_exercice_n_a_pas_besoin_est_signale(classe):
    assert classe.etats["f-sort", "copie"] == "à lire"
    assert "System.exit" in classe.phrases["f-sort", "copie"]
    assert "ProcessBuilder" in classe.phrases["g-ecrit-dehors", "copie"]
    assert ("a-juste", "copie") not in classe.etats


def test_une_copie_changee_est_remise_telle_quelle(tmp_path):
    for nom in "abc":
        (tmp_path / f"{nom}.ipynb").write_text(nom, encoding="utf-8")
    copies = noter.lire_copies(tmp_path)
    (tmp_path / "a.ipynb").write_text("effacé", encoding="utf-8")
    (tmp_path / "b.ipynb").unlink()
    assert noter.reparer(copies) == [tmp_path / "a.ipynb", tmp_path / "b.ipynb"]
    assert [(tmp_path / f"{n}.ipynb").read_text(encoding="utf-8") for n in "abc"] == ["a", "b", "c"]
    assert noter.reparer(copies) == []


def test_rien_de_ce_qu_une_copie_a_lance_ne_reste(classe):
    restants = [p for p in psutil.process_iter(["cmdline"]) if "sleep 98765" in " ".join(p.info["cmdline"] or [])]
    assert restants == []


def test_une_verification_truquee_est_remplacee_par_celle_du_cours(classe):
    assert classe.etats["h-triche", "2.1"] != "juste"


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
    assert classe.etats[nom, "copie"] == "illisible"
    assert raison in classe.phrases[nom, "copie"]


def test_le_tableau_a_une_ligne_par_eleve_et_une_colonne_par_etape(classe):
    tableau = classe.dit[classe.dit.index("élève") :]
    entete = tableau.splitlines()[0]
    assert [c.strip() for c in entete.split("|")][:3] == ["élève", "2.1", "2.2"]
    for nom in [n for n in classe.copies if "/" not in n] + ["l-eleve/exercice-2b"]:
        assert sum(nom in ligne for ligne in tableau.splitlines()) == 1
    (juste,) = [ligne for ligne in tableau.splitlines() if "a-juste" in ligne]
    assert [c.strip() for c in juste.split("|")][1:3] == ["✔", "✔"]


# --- Les limites, sans noyau --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("programme", "secondes", "memoire", "raison"),
    [
        ("import time; time.sleep(60)", 1, 1000, "arrêté après 1 s"),
        ("x = b'a' * 300_000_000; import time; time.sleep(60)", 30, 200, "plus de 200 Mo"),
        (
            "import subprocess, time; [subprocess.Popen(['sleep', '60']) for _ in range(150)]; time.sleep(60)",
            30,
            1000,
            "plus de 100 processus",
        ),
        ("pass", 30, 1000, None),
    ],
)
def test_le_temps_la_memoire_et_les_processus_sont_bornes(programme, secondes, memoire, raison, tmp_path):
    # Dans un processus à part : arreter_tout arrête toute la descendance de qui l’appelle.
    code = (
        "import subprocess, sys, json, pathlib, noter\n"
        f"p = subprocess.Popen([sys.executable, '-c', {programme!r}], start_new_session=True)\n"
        f"noter.adopter(); raison = noter.surveiller(p, pathlib.Path({str(tmp_path)!r}), {secondes}, {memoire})\n"
        "noter.arreter_tout(); p.wait()\n"
        "print(json.dumps([raison, len(noter.descendance())]))"
    )
    fini = subprocess.run(
        [sys.executable, "-c", code], cwd=BINDER, capture_output=True, text=True, timeout=60, check=True
    )
    dit, restants = json.loads(fini.stdout)
    assert (dit is None) if raison is None else (raison in dit)
    assert restants == 0


def test_ce_qu_une_copie_ecrit_chez_elle_est_borne(tmp_path, monkeypatch):
    monkeypatch.setattr(noter, "DOSSIER_MAX", 1000)
    (tmp_path / "gros").write_bytes(b" " * 1001)
    p = subprocess.Popen(["sleep", "60"])
    try:
        assert "de fichiers" in noter.surveiller(p, tmp_path, 30, 10_000)
    finally:
        p.kill()
        p.wait()


@pytest.mark.parametrize(
    ("champ", "dit"),
    [("=1+1", "1+1"), ("a\tb\nc", "a b c"), ("\x1b[31mrouge", "[31mrouge"), ("été", "été")],
)
def test_un_nom_de_fichier_ne_commande_ni_tableur_ni_terminal(champ, dit):
    assert noter.propre(champ) == dit


def test_l_environnement_de_qui_note_n_est_pas_donne():
    assert [bool(noter.ENVIRONNEMENT.match(n)) for n in ("PATH", "HOME", "API_TOKEN", "PATHOLOGIE")] == [
        True,
        True,
        False,
        False,
    ]


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
