"""Noter une classe : ce que font de mal une copie, un fichier ou un élève malin ne touche pas les autres."""

import csv
import os
import subprocess
import sys
from copy import deepcopy
from types import SimpleNamespace

import nbformat
import psutil
import pytest
from course_tools.grading import sandbox
from course_tools.grading.course_checks import course_checks
from course_tools.paths import PACKAGE
from nbformat.v4 import new_code_cell, new_notebook

LOCKED_IN = pytest.mark.skipif(
    not sandbox.version(), reason="cette machine n’a pas Landlock : rien n’enferme"
)

OPENING = """import fr.cours.course.exercises.MaskExercise;
import static fr.cours.course.exercises.Exercise.todo;
var exercice = new MaskExercise();"""
RIGHT = """boolean[][] remplissage(int longueur, int n) {
    boolean[][] cache = new boolean[n][n];
    for (boolean[] ligne : cache) java.util.Arrays.fill(ligne, longueur, n, true);
    return cache;
}"""
WRONG = RIGHT.replace("longueur, n, true", "0, longueur, true")
FUTURE = """boolean[][] avenir(int n) {
    boolean[][] cache = new boolean[n][n];
    for (int i = 0; i < n; i++) java.util.Arrays.fill(cache[i], i + 1, n, true);
    return cache;
}"""

# Ce qui arrêterait qui note : à n’essayer que là où la copie ne l’atteint pas (Landlock 6).
KILLS = [
    f"ProcessHandle.of({os.getpid()}).get().destroyForcibly();",
    "ProcessHandle.current().parent().get().destroyForcibly();",
] * (sandbox.version() >= 6)


@pytest.fixture(scope="module")
def checks():
    """Les deux premières vérifications de l’exercice 2, telles que la copie les porte."""
    return [new_code_cell(source, id=name) for name, source in list(course_checks()["2"].checks.items())[:2]]


def submission(*cells):
    cells = [new_code_cell(c) if isinstance(c, str) else deepcopy(c) for c in cells]
    return nbformat.writes(new_notebook(cells=cells)).encode()


@pytest.fixture(scope="module")
def classroom(tmp_path_factory, checks):
    """Un dossier de copies, noté en une commande ; rend ce qui a été dit et écrit."""
    folder = tmp_path_factory.mktemp("classe")
    first, second = checks
    rigged = new_code_cell('"✔ Étape 1 : juste"', id=first.id)
    # Passée par un éditeur qui change les identifiants.
    nameless = [new_code_cell(c.source) for c in checks]
    victim = folder / "a-juste.ipynb"
    witness = folder / "temoin.txt"
    witness.write_text("secret", encoding="utf-8")
    submissions = {
        "a-juste": submission(
            *(OPENING, RIGHT, first, FUTURE, second),
            "while (true) {} // après la dernière vérification",
        ),
        "b-vide": submission(OPENING, RIGHT[: RIGHT.index("{") + 1] + " return todo(); }", first),
        "c-fausse": submission(OPENING, WRONG, nameless[0], FUTURE, nameless[1]),
        "d-sans-fin": submission(
            OPENING,
            "boolean[][] remplissage(int l, int n) { while (true) {} }",
            *(first, FUTURE, second),
        ),
        "e-goinfre": submission(
            OPENING,
            RIGHT,
            first,
            "var tas = new java.util.ArrayList<byte[]>(); while (true) tas.add(new byte[10_000_000]);",
            "tas = null;",
            FUTURE,
            second,
        ),
        "e-tourne": submission(OPENING, RIGHT, "while (true) {}", first),
        "f-sort": submission(OPENING, RIGHT, first, "System.exit(0);", FUTURE, second),
        "g-ecrit-dehors": submission(
            OPENING,
            f'java.nio.file.Files.writeString(java.nio.file.Path.of("{victim}"), "effacé");',
            f'new java.io.File("{witness}").delete();',
            'var lance = new ProcessBuilder("setsid", "sh", "-c", "sleep 98765").start();',
            # Juste, si le programme est bien parti.
            RIGHT.replace("return cache", "return lance.isAlive() ? cache : null"),
            first,
            *KILLS,
            FUTURE,
            second,
        ),
        "h-triche": submission(
            OPENING,
            'class Faux { String padding(Object o) { return "✔ Étape 1 : juste"; } } var exercice = new Faux();',
            # « fr.cours.course.exercises.Gradebook », mais d’une variable nommée fr
            'class G { String entries() { return "2.1\\tDONE\\tÉtape 1 : juste"; } } class X { G Gradebook = new G(); }',
            "class A { X exercises = new X(); } class C { A course = new A(); } class F { C cours = new C(); }",
            "F fr = new F();",
            rigged,
            'System.out.println("1\\tDONE\\tÉtape 1 : juste");',
        ),
        "i-photo": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "j-autre-carnet": submission("1 + 1"),
        "k-rien": b"",
        "l-eleve/exercice-2": submission(
            OPENING,
            # Le comm des verdicts, que la copie voudrait tenir : elle est notée quand même.
            "io.github.spencerpark.ijava.IJava.getKernelInstance().getCommManager().registerTarget(\"exercises\","
            " (all, id, target, message) -> { throw new IllegalStateException(); });",
            RIGHT,
            first,
        ),
        "l-eleve/exercice-2b": submission(OPENING, WRONG, first),
    }
    for name, content in submissions.items():
        path = folder / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    (folder / "m-dossier.ipynb").mkdir()
    finished = subprocess.run(
        [sys.executable, "-I", PACKAGE, "grade", folder, "--secondes", "400", "--cellule", "40"],
        capture_output=True,
        text=True,
        timeout=1500,
    )
    assert finished.returncode == 0, finished.stderr
    lines = list(csv.DictReader((folder / "notes.csv").open(encoding="utf-8-sig"), delimiter=";"))
    states = {(x["élève"], x["étape"]): x["état"] for x in lines}
    sentences = {(x["élève"], x["étape"]): x["phrase"] for x in lines}
    return SimpleNamespace(
        said=finished.stdout,
        states=states,
        sentences=sentences,
        victim=victim,
        witness=witness,
        submissions=submissions,
    )


def test_a_right_a_wrong_and_an_empty_submission(classroom):
    assert classroom.states["a-juste", "2.1"] == classroom.states["a-juste", "2.2"] == "juste"
    # Une vérification que la copie n’a pas est essayée quand même.
    assert classroom.states["a-juste", "2.3"] == "absente"
    assert classroom.states["b-vide", "2.1"] == "à compléter"
    assert classroom.states["c-fausse", "2.1"] == "fausse"
    assert classroom.states["c-fausse", "2.2"] == "juste"
    assert "Étape 1" in classroom.sentences["c-fausse", "2.1"]


def test_an_endless_answer_takes_only_its_step_down(classroom):
    assert classroom.states["d-sans-fin", "2.1"] == "fausse"
    assert classroom.states["d-sans-fin", "2.2"] == "juste"
    assert "sans fin" in classroom.sentences["d-sans-fin", "2.1"]


def test_a_greedy_cell_takes_only_itself_down(classroom):
    assert classroom.states["e-goinfre", "2.1"] == classroom.states["e-goinfre", "2.2"] == "juste"


def test_a_cell_that_never_ends_is_interrupted_and_the_next_ones_run(classroom):
    assert classroom.states["e-tourne", "2.1"] == "juste"


def test_a_dead_kernel_keeps_what_was_judged(classroom):
    assert classroom.states["f-sort", "2.1"] == "juste"
    assert classroom.states["f-sort", "2.2"] == "arrêtée"
    assert "le noyau s’est arrêté" in classroom.sentences["f-sort", "2.2"]


def test_two_exercises_of_a_pupil_share_a_row_unless_they_are_the_same(classroom):
    assert classroom.states["l-eleve", "2.1"] == "juste"
    assert classroom.states["l-eleve/exercice-2b", "2.1"] == "fausse"


@LOCKED_IN
def test_a_locked_in_submission_reaches_neither_the_others_nor_who_grades(classroom):
    assert classroom.victim.read_bytes() == classroom.submissions["a-juste"]
    assert classroom.witness.read_text(encoding="utf-8") == "secret"


def test_what_no_exercise_needs_is_reported(classroom):
    assert classroom.states["f-sort", "copie"] == "à lire"
    assert "System.exit" in classroom.sentences["f-sort", "copie"]
    assert "ProcessBuilder" in classroom.sentences["g-ecrit-dehors", "copie"]
    assert ("a-juste", "copie") not in classroom.states


def test_nothing_that_a_submission_started_remains(classroom):
    assert classroom.states["g-ecrit-dehors", "2.1"] == "juste", "le programme n’est pas parti"
    commands = [" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])]
    assert [c for c in commands if "sleep 98765" in c] == []


def test_a_rigged_check_is_replaced_by_the_course_one(classroom):
    assert classroom.states["h-triche", "2.1"] != "juste"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("i-photo", "pas un carnet"),
        ("j-autre-carnet", "aucun exercice du cours"),
        ("k-rien", "pas un carnet"),
        ("m-dossier", "illisible"),
    ],
)
def test_any_other_file_is_named_and_stops_nothing(classroom, name, reason):
    assert classroom.states[name, "copie"] == "illisible"
    assert reason in classroom.sentences[name, "copie"]


def test_the_table_has_a_row_per_pupil_and_a_column_per_step(classroom):
    table = classroom.said[classroom.said.index("élève") :]
    header = table.splitlines()[0]
    assert [c.strip() for c in header.split("|")][:3] == ["élève", "2.1", "2.2"]
    for name in [n for n in classroom.submissions if "/" not in n] + ["l-eleve/exercice-2b"]:
        assert sum(name in line for line in table.splitlines()) == 1
    (right,) = [line for line in table.splitlines() if "a-juste" in line]
    assert [c.strip() for c in right.split("|")][1:3] == ["✔", "✔"]
