"""Les commandes sur des machines où il manque quelque chose : une phrase claire, et rien de fait."""

import os
import shutil
import subprocess
import sys

import pytest
from course_tools.paths import ROOT

TOOLS = (
    "bash cat chmod cksum dirname env find grep head ldconfig mkdir mv rm rmdir sed sleep sort"
    " tail tee tr uname"
).split()


@pytest.fixture
def machine(tmp_path):
    """Une copie des commandes dans un chemin difficile, sur une machine presque vide."""
    clone = tmp_path / "l’école d'été" / "cours"
    shutil.copytree(
        ROOT / "binder", clone / "binder", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pom.xml", clone)
    (clone / "lib" / "kernel" / "src" / "main").mkdir(parents=True)
    shutil.copy(ROOT / "lib" / "kernel" / "pom.xml", clone / "lib" / "kernel")
    programs = tmp_path / "programmes"
    programs.mkdir()

    class Machine:
        elsewhere = tmp_path

        def has(self, name, script="exit 0"):
            """Donne à la machine un programme de ce nom."""
            file = programs / name
            file.unlink(missing_ok=True)
            file.write_text(f"#!{shutil.which('bash')}\n{script}\n", encoding="utf-8")
            file.chmod(0o755)

        def lacks(self, name):
            (programs / name).unlink(missing_ok=True)

        def run(self, *arguments, **environment):
            """Lance la commande ; rend son code et tout ce qu’elle dit."""
            finished = subprocess.run(
                [shutil.which("bash"), str(clone / "binder" / arguments[0]), *arguments[1:]],
                env={
                    "PATH": str(programs),
                    "HOME": str(tmp_path),
                    "LC_ALL": "C.UTF-8",
                    **environment,
                },
                cwd=self.elsewhere,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
            )
            return finished.returncode, finished.stdout + finished.stderr

        def done(self):
            """Ce que la commande a laissé dans le clone."""
            return sorted(
                str(p.relative_to(clone)) for p in clone.iterdir() if p.name in (".venv", "target")
            )

    machine = Machine()
    for tool in TOOLS:
        if path := shutil.which(tool):
            (programs / tool).symlink_to(path)
    machine.has("id", "echo 1000")  # jamais root : rien ne s’installe tout seul
    machine.has("fc-list", "echo DejaVu")
    machine.has("mvn", "echo Apache Maven 3.9.9")
    machine.has("python3", f'exec "{sys.executable}" "$@"')
    (tmp_path / "jdk" / "bin").mkdir(parents=True)
    for name in ("javac", "jshell"):
        (tmp_path / "jdk" / "bin" / name).symlink_to(shutil.which("true"))
    machine.has("javac", f'echo "java.home = {tmp_path}/jdk"; echo "java.specification.version = 17"')
    return machine


def old_python(machine):
    machine.has("python3", '[ "$2" = --version ] && { echo Python 3.9.2; exit 0; }; exit 1')


def python_without_venv(machine):
    machine.has("python3", 'case "$*" in *ensurepip*) exit 1 ;; esac; exit 0')


@pytest.mark.parametrize(
    ("breakage", "sentences"),
    [
        (
            lambda m: m.lacks("javac"),
            ["Il manque un JDK 17", "openjdk-17-jdk-headless", "brew", "WSL2"],
        ),
        (
            lambda m: m.has("javac", "echo 'java.specification.version = 11'"),
            ["Java 11 est trop ancien", "openjdk-17-jdk-headless"],
        ),
        (
            lambda m: m.has("javac", "echo 'java.specification.version = 1.8'"),
            ["Java 1.8 est trop ancien"],
        ),
        (lambda m: (m.elsewhere / "jdk/bin/jshell").unlink(), ["n’a pas JShell"]),
        (
            lambda m: m.lacks("mvn"),
            ["Il manque Maven", "apt install maven", "brew install maven"],
        ),
        (lambda m: m.has("mvn", "echo Apache Maven 3.6.1"), ["Maven 3.6.1 est trop ancien"]),
        (
            lambda m: m.lacks("python3"),
            ["Il manque Python 3.10", "python3-venv", "brew install python"],
        ),
        (old_python, ["Python 3.9.2 est trop ancien"]),
        (python_without_venv, ["sans le module venv", "apt install python3-venv"]),
        pytest.param(
            lambda m: m.has("fc-list"),
            ["Il manque une police", "fonts-dejavu-core"],
            marks=pytest.mark.skipif(sys.platform != "linux", reason="macOS a ses polices"),
        ),
    ],
    ids=(
        "sans-java java-11 java-8 sans-jshell sans-maven vieux-maven"
        " sans-python vieux-python sans-venv sans-police"
    ).split(),
)
@pytest.mark.parametrize("command", ["ouvrir", "verifier"])
def test_what_is_missing_is_told(machine, command, breakage, sentences):
    breakage(machine)
    code, said = machine.run(command)
    assert code != 0
    for sentence in sentences:
        assert sentence in said
    assert said.count("  • ") == 1, "le reste n’est pas mis en cause"
    assert ".venv" not in machine.done()


def test_everything_missing_is_told_at_once(machine):
    for name in ("javac", "mvn", "python3"):
        machine.lacks(name)
    code, said = machine.run("ouvrir")
    assert code != 0 and said.count("  • ") == 3


def test_root_on_debian_installs_what_is_missing(machine):
    machine.lacks("javac")
    machine.lacks("mvn")
    machine.has("python3", "[[ $* != *'-m venv'* ]]")
    machine.has("id", "echo 0")
    machine.has("ldconfig", "echo libharfbuzz.so.0")
    machine.has("apt-cache")
    trace, programs = machine.elsewhere / "trace", machine.elsewhere / "programmes"
    machine.has(
        "apt-get",
        f"""echo "$*" >>'{trace}'
if [ "$1" = install ]; then
  echo "#!$BASH" | tee '{programs}/mvn' >'{programs}/javac'
  echo 'echo java.specification.version = 17' >>'{programs}/javac'
  echo 'echo java.home = {machine.elsewhere}/jdk' >>'{programs}/javac'
  chmod +x '{programs}/javac' '{programs}/mvn'
fi""",
    )
    code, said = machine.run("ouvrir")
    update, installation = trace.read_text().splitlines()
    assert update == "update"
    assert installation.endswith("openjdk-17-jdk-headless maven")
    assert "✔ Paquets du système" in said and "  • " not in said
    assert code != 0 and "L’environnement Python n’a pas pu être fait" in said


@pytest.mark.parametrize(("version", "warned"), [("17", 0), ("25", 0), ("26", 1)])
@pytest.mark.parametrize("command", ["ouvrir", "verifier"])
def test_the_java_taken_is_told_in_one_line_and_a_newer_one_warned(machine, command, version, warned):
    jdk = machine.elsewhere / "jdk"
    machine.has(
        "javac",
        f'echo "java.home = {jdk}"; echo "java.specification.version = {version}"; echo "java.version = {version}.0.3"',
    )
    machine.has("python3", "[[ $* != *'-m venv'* ]]")
    code, said = machine.run(command)
    (line,) = [line for line in said.splitlines() if f"Java {version}.0.3 ({jdk})" in line]
    assert line.count("⚠") == line.count("essayé que jusqu’à Java 25") == warned
    assert code != 0 and "L’environnement Python n’a pas pu être fait" in said


def test_a_folder_with_accents_needs_no_locale(machine):
    """Maven, Java et Python y lisent les chemins en UTF-8, que la machine le veuille ou non."""
    trace = machine.elsewhere / "trace"
    machine.has("python3", f"echo $LC_ALL:$PYTHONIOENCODING >'{trace}'; [[ $* != *'-m venv'* ]]")
    machine.run("ouvrir", LC_ALL="C", PYTHONIOENCODING="latin-1")
    assert trace.read_text() in ("C.UTF-8:\n", "en_US.UTF-8:\n")


def test_a_wrong_java_home_is_named(machine):
    code, said = machine.run("ouvrir", JAVA_HOME="/nulle/part")
    assert code != 0 and "JAVA_HOME désigne « /nulle/part »" in said


def test_an_unknown_argument_is_refused(machine):
    for command, argument in [("ouvrir", "--porte"), ("verifier", "carnet")]:
        code, said = machine.run(command, argument)
        assert code != 0 and argument in said
        code, said = machine.run(command, "--aide")
        assert code == 0 and f"bash binder/{command}" in said


def test_a_failing_environment_is_explained_and_tried_again(machine):
    trace = machine.elsewhere / "trace"
    machine.has(
        "python3",
        f'[[ $* != *"-m venv"* ]] || {{ echo essai >>"{trace}"; echo "No space left"; exit 1; }}',
    )
    for attempt in (1, 2):
        code, said = machine.run("ouvrir")
        assert code != 0
        assert "Le disque est plein" in said and "No space left" in said
        assert trace.read_text().count("essai") == attempt


def test_nothing_runs_from_the_current_folder(machine):
    for name in ("python3", "python", "jupyter", "mvn", "javac", "sed", "prepare.sh"):
        trap = machine.elsewhere / name
        trap.write_text(
            f"#!{shutil.which('bash')}\ntouch '{machine.elsewhere}/piege'\n", encoding="utf-8"
        )
        trap.chmod(0o755)
    machine.has("javac", "echo 'java.specification.version = 11'")
    programs = machine.elsewhere / "programmes"
    code, _ = machine.run("ouvrir", PATH=f".:{programs}", PYTHONPATH=".", CDPATH=".")
    assert code != 0 and not (machine.elsewhere / "piege").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root écrit partout")
def test_a_read_only_clone_is_told(machine):
    clone = machine.elsewhere / "l’école d'été" / "cours"
    clone.chmod(0o555)
    try:
        code, said = machine.run("ouvrir")
        assert code != 0 and "lecture seule" in said
    finally:
        clone.chmod(0o755)
