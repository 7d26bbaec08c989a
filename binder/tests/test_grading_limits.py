"""Noter, sans noyau : ce qui est lu, signalé, borné, remis en état, et ce que la copie ne reçoit pas."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from course_tools.grading import submissions, watch
from course_tools.grading.course_checks import with_course_checks
from course_tools.grading.grade_one import ENVIRONMENT, TO_READ
from course_tools.grading.table import harmless
from course_tools.notebooks.catalog import code_cells
from course_tools.paths import NOTEBOOKS, PACKAGE


@pytest.mark.parametrize(
    ("program", "seconds", "memory", "reason"),
    [
        ("import time; time.sleep(60)", 1, 1000, "arrêté après 1 s"),
        ("x = b'a' * 300_000_000; import time; time.sleep(60)", 30, 200, "plus de 200 Mo"),
        (
            "import subprocess, time; [subprocess.Popen(['sleep', '60']) for _ in range(150)]; time.sleep(60)",
            30,
            1000,
            "plus de 100 processus",
        ),
        # Finit aussitôt, et laisse derrière elle un programme détaché.
        (
            "import subprocess; subprocess.Popen(['sleep', '60'], start_new_session=True)",
            30,
            1000,
            None,
        ),
    ],
)
def test_time_memory_and_processes_are_bounded(program, seconds, memory, reason, tmp_path):
    # Dans un processus à part : stop_all arrête toute la descendance de qui l’appelle.
    code = f"""
import json, pathlib, subprocess, sys
sys.path.insert(0, {str(PACKAGE.parent)!r})
from course_tools.grading.watch import adopt, descendants, stop_all, watch
adopt()
process = subprocess.Popen([sys.executable, "-I", "-c", {program!r}], start_new_session=True)
reason = watch(process, pathlib.Path({str(tmp_path)!r}), {seconds}, {memory})
started = len(descendants())
stop_all()
process.wait()
print(json.dumps([reason, started, len(descendants())]))
"""
    finished = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    said, started, remaining = json.loads(finished.stdout)
    assert (said is None) if reason is None else (reason in said)
    assert started > 0 or sys.platform != "linux"
    assert remaining == 0


def test_what_a_submission_writes_at_home_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(watch, "MAX_FOLDER", 1000)
    (tmp_path / "gros").write_bytes(b" " * 1001)
    p = subprocess.Popen(["sleep", "60"])
    try:
        assert "de fichiers" in watch.watch(p, tmp_path, 30, 10_000)
    finally:
        p.kill()
        p.wait()


@pytest.mark.parametrize(
    ("field", "said"),
    [("=1+1", "1+1"), ("a\tb\nc", "a b c"), ("\x1b[31mrouge", "[31mrouge"), ("été", "été")],
)
def test_a_file_name_commands_neither_spreadsheet_nor_terminal(field, said):
    assert harmless(field) == said


def test_the_environment_of_who_grades_is_not_given():
    names = ("PATH", "HOME", "API_TOKEN", "PATHOLOGIE")
    assert [n for n in names if ENVIRONMENT.match(n)] == ["PATH", "HOME"]


def test_a_submission_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "MAX_SIZE", 1000)
    (tmp_path / "enorme.ipynb").write_bytes(b" " * 1001)
    assert list(submissions.read_submissions(tmp_path).values()) == [None]
    with pytest.raises(ValueError, match="illisible"):
        with_course_checks(None, {})


def test_what_the_exercises_ask_for_is_not_reported():
    notebooks = [*NOTEBOOKS.glob("exercices/*.ipynb"), *NOTEBOOKS.glob("corriges/*.ipynb")]
    assert len(notebooks) == 8
    for notebook in notebooks:
        sources = [c.source for c in code_cells(nbformat.read(notebook, as_version=4))]
        assert [m for s in sources for m in TO_READ.findall(s)] == [], notebook.name
    assert TO_READ.findall("import fr.cours.kernel.*;") == ["cours.kernel"]


def test_a_changed_submission_is_restored(tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.ipynb").write_text(name, encoding="utf-8")
    read = submissions.read_submissions(tmp_path)
    (tmp_path / "a.ipynb").write_text("effacé", encoding="utf-8")
    (tmp_path / "b.ipynb").unlink()
    assert submissions.restore(read) == [tmp_path / "a.ipynb", tmp_path / "b.ipynb"]
    assert [(tmp_path / f"{n}.ipynb").read_text(encoding="utf-8") for n in "abc"] == ["a", "b", "c"]
    assert submissions.restore(read) == []


def test_a_folder_without_submission_is_told_and_nothing_around_runs(tmp_path):
    """Un module qui traîne dans le dossier courant, ou que désigne PYTHONPATH, n’est pas celui de Python."""
    trap, trace = tmp_path / "json.py", tmp_path / "trace"
    trap.write_text(f"open({str(trace)!r}, 'w').close()\n", encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, "-I", PACKAGE, "grade", tmp_path],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert finished.returncode == 1 and "Aucun carnet" in finished.stderr
    assert not trace.exists()


def test_an_unknown_command_is_refused():
    finished = subprocess.run(
        [sys.executable, "-I", PACKAGE, "n-importe-quoi"], capture_output=True, text=True, timeout=60
    )
    assert finished.returncode == 1 and "n-importe-quoi" in finished.stderr
