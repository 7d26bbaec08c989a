"""Noter ce que rendent de vrais élèves : noms changés en route, cellules recopiées, oubliées ou mises ailleurs.

La classe est notée depuis un compte sans locale, sous un autre dossier personnel, dans un dossier accentué.
"""

import csv
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from course_tools.grading import submissions
from course_tools.grading.course_checks import course_checks, with_course_checks
from course_tools.grading.table import write_marks
from course_tools.kernel.kernel_spec import MAIN_CLASS
from course_tools.paths import KERNEL_NAME, PACKAGE, kernel_folder
from nbformat.v4 import new_code_cell
from test_grading import FUTURE, LOCKED_IN, OPENING, RIGHT, WRONG, submission

pytestmark = pytest.mark.filterwarnings("ignore:Non-unique cell id")  # celles qu’un élève a recopiées

CHATTY = 'boolean[][] remplissage(int l, int n) { while (true) System.out.println("encore"); }'
POOR_ACCOUNT = {"LC_ALL": "C", "PYTHONIOENCODING": "latin-1", "LANG": ""}


def grade(folder, **environment):
    """Note ce dossier ; rend ce qui a été dit, et l’état et la phrase de chaque étape."""
    finished = subprocess.run(
        [sys.executable, "-I", PACKAGE, "grade", folder, "--cellule", "40"],
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=900,
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    lines = list(csv.DictReader((folder / "notes.csv").open(encoding="utf-8-sig"), delimiter=";"))
    told = {(x["élève"], x["étape"]): (x["état"], x["phrase"]) for x in lines}
    return SimpleNamespace(said=finished.stdout, told=told)


@pytest.fixture(scope="module")
def checks():
    return [new_code_cell(c, id=n) for n, c in list(course_checks()["2"].checks.items())[:2]]


@pytest.fixture(scope="module")
def classroom(tmp_path_factory, checks):
    folder = tmp_path_factory.mktemp("noter") / "élèves de 3ᵉ"
    first, second = checks
    in_its_check = new_code_cell(f"{RIGHT}\n{first.source}", id=first.id)
    pasted = submission(
        *(OPENING, first, RIGHT, first, OPENING, new_code_cell(second.source), FUTURE, second)
    )
    for name, content in {
        "recopiée.IPYNB": b"\xef\xbb\xbf" + pasted,
        "avant.ipynb.txt": submission(OPENING, first, second, RIGHT, FUTURE),
        "zoé/exercice-2.ipynb.json": submission(OPENING, RIGHT, first, WRONG, first),
        "sans-début.ipynb": submission(in_its_check),
        "bavarde.ipynb": submission(OPENING, CHATTY, first, FUTURE, second),
        "__MACOSX/zoé/._exercice-2.ipynb": b"\0\5\26\7",
        "zoé/.ipynb_checkpoints/exercice-2.ipynb": b"",
        "max/exercice-2.pdf": b"%PDF",
        "lisez-moi.txt": b"",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return grade(folder, **POOR_ACCOUNT, HOME=str(folder.parent / "maison"))


def states(classroom, name):
    return [classroom.told[name, step][0] for step in ("2.1", "2.2")]


@pytest.mark.parametrize("name", ["recopiée", "avant"])
def test_a_perfect_submission_is_right_whatever_its_name_and_order(classroom, name):
    assert states(classroom, name) == ["juste", "juste"]
    assert (name, "copie") not in classroom.told


def test_the_last_verdict_of_a_step_counts(classroom):
    assert classroom.told["zoé", "2.1"][0] == "fausse"


def test_what_is_missing_or_misplaced_counts_and_is_told(classroom):
    assert classroom.told["sans-début", "2.1"][0] == "juste"
    told = classroom.told["sans-début", "copie"][1]
    assert "première cellule" in told and "2.1 a été changée" in told


def test_an_endless_answer_that_prints_is_wrong_not_absent(classroom):
    state, sentence = classroom.told["bavarde", "2.1"]
    assert state == "fausse" and "sans fin" in sentence
    assert classroom.told["bavarde", "2.2"][0] == "juste"


def test_nobody_is_left_out_without_a_word_and_nobody_is_invented(classroom):
    pupils = {name for name, _ in classroom.told}
    assert len(pupils) == 5 and not [n for n in pupils if "MACOSX" in n or n.startswith(".")]
    (warning,) = [line for line in classroom.said.splitlines() if "sans note" in line]
    assert "max" in warning and "lisez-moi.txt" in warning and "zoé" not in warning


@LOCKED_IN
def test_an_environment_that_fails_stops_the_submission_and_says_why(tmp_path, checks):
    """Le noyau y cherche son code natif où une copie ne lit ni n’écrit."""
    installed = json.loads((kernel_folder() / "kernel.json").read_text(encoding="utf-8"))
    at = installed["argv"].index(MAIN_CLASS)
    (tmp_path / "vide").mkdir()
    installed["argv"].insert(at, f"-Dorg.bytedeco.javacpp.cachedir={tmp_path}/vide")
    spec = tmp_path / "jupyter" / "kernels" / KERNEL_NAME / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps(installed), encoding="utf-8")
    (tmp_path / "classe").mkdir()
    (tmp_path / "classe" / "a.ipynb").write_bytes(submission(OPENING, RIGHT, checks[0]))
    graded = grade(tmp_path / "classe", JUPYTER_PATH=str(tmp_path / "jupyter"))
    state, sentence = graded.told["a", "2.1"]
    assert state == "arrêtée" and "les calculs ne marchent pas ici" in sentence
    assert "fausse" not in {state for state, _ in graded.told.values()}


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.ipynb", "a"),
        ("A.IPYNB", "A"),
        ("a.ipynb.txt", "a"),
        ("a.ipynb.json", "a"),
        ("a.b.ipynb (1)", "a.b"),
        ("zoé/a.ipynb.zip", "zoé/a"),
    ],
)
def test_a_notebook_is_known_by_any_name_it_can_take(tmp_path, file, name):
    (tmp_path / "zoé").mkdir()
    (tmp_path / file).write_bytes(b"{}")
    (path,) = submissions.read_submissions(tmp_path)
    assert path == tmp_path / file
    assert str(submissions.name_of(path, tmp_path)) == name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_notebook_is_read_in_what_editors_write(checks, encoding):
    content = submission(OPENING, RIGHT, checks[0]).decode().encode(encoding)
    _, steps, _ = with_course_checks(content, course_checks())
    assert len(steps) == 7


def test_every_occurrence_of_a_check_runs_and_each_step_has_a_second_chance(checks):
    first, second = checks
    content = submission(OPENING, first, RIGHT, first, second)
    notebook, steps, to_read = with_course_checks(content, course_checks())
    marked = [c.metadata for c in notebook.cells if "tags" in c.metadata]
    own = [m["step"] for m in marked if "reprise" not in m["tags"]]
    assert own == ["2.1", "2.1", "2.2"]
    assert [m["step"] for m in marked if "reprise" in m["tags"]] == steps
    assert to_read == []


def test_a_hostile_cell_stays_one_cell_of_the_marks(tmp_path):
    file = tmp_path / "notes.csv"
    name, sentence = 'a;b","c', '"juste";2.2;juste; ré\udce9'
    write_marks([(name, "2.1", "fausse", sentence)], file)
    assert file.read_bytes().startswith("\ufeffélève;étape;état;phrase\n".encode())
    header, row = csv.reader(file.open(encoding="utf-8-sig"), delimiter=";")
    assert row == [name, "2.1", "fausse", '"juste";2.2;juste; ré']
