"""Les commandes sur des machines où il manque quelque chose : une phrase claire, et rien de fait."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parent.parent.parent

OUTILS = (
    "bash cat chmod cksum dirname env find grep head ldconfig mkdir mv rm rmdir sed sleep sort"
    " tail tee tr uname"
).split()


@pytest.fixture
def machine(tmp_path):
    """Une copie des commandes dans un chemin difficile, sur une machine presque vide."""
    clone = tmp_path / "l’école d'été" / "cours"
    shutil.copytree(
        RACINE / "binder", clone / "binder", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(RACINE / "pom.xml", clone)
    (clone / "lib" / "src" / "main").mkdir(parents=True)
    shutil.copy(RACINE / "lib" / "pom.xml", clone / "lib")
    programmes = tmp_path / "programmes"
    programmes.mkdir()

    class Machine:
        ailleurs = tmp_path

        def a(self, nom, script="exit 0"):
            """Donne à la machine un programme de ce nom."""
            fichier = programmes / nom
            fichier.unlink(missing_ok=True)
            fichier.write_text(f"#!{shutil.which('bash')}\n{script}\n", encoding="utf-8")
            fichier.chmod(0o755)

        def n_a_pas(self, nom):
            (programmes / nom).unlink(missing_ok=True)

        def lance(self, *arguments, **environnement):
            """Lance la commande ; rend son code et tout ce qu’elle dit."""
            fini = subprocess.run(
                [shutil.which("bash"), str(clone / "binder" / arguments[0]), *arguments[1:]],
                env={
                    "PATH": str(programmes),
                    "HOME": str(tmp_path),
                    "LC_ALL": "C.UTF-8",
                    **environnement,
                },
                cwd=self.ailleurs,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
            )
            return fini.returncode, fini.stdout + fini.stderr

        def fait(self):
            """Ce que la commande a laissé dans le clone."""
            return sorted(
                str(p.relative_to(clone)) for p in clone.iterdir() if p.name in (".venv", "target")
            )

    machine = Machine()
    for outil in OUTILS:
        if chemin := shutil.which(outil):
            (programmes / outil).symlink_to(chemin)
    machine.a("id", "echo 1000")  # jamais root : rien ne s’installe tout seul
    machine.a("fc-list", "echo DejaVu")
    machine.a("mvn", "echo Apache Maven 3.9.9")
    machine.a("python3", f'exec "{sys.executable}" "$@"')
    (tmp_path / "jdk" / "bin").mkdir(parents=True)
    for nom in ("javac", "jshell"):
        (tmp_path / "jdk" / "bin" / nom).symlink_to(shutil.which("true"))
    machine.a("javac", f'echo "java.home = {tmp_path}/jdk"; echo "java.specification.version = 17"')
    return machine


def ancien_python(machine):
    machine.a("python3", '[ "$2" = --version ] && { echo Python 3.9.2; exit 0; }; exit 1')


def python_sans_venv(machine):
    machine.a("python3", 'case "$*" in *ensurepip*) exit 1 ;; esac; exit 0')


@pytest.mark.parametrize(
    ("casse", "phrases"),
    [
        (
            lambda m: m.n_a_pas("javac"),
            ["Il manque un JDK 17", "openjdk-17-jdk-headless", "brew", "WSL2"],
        ),
        (
            lambda m: m.a("javac", "echo 'java.specification.version = 11'"),
            ["Java 11 est trop ancien", "openjdk-17-jdk-headless"],
        ),
        (
            lambda m: m.a("javac", "echo 'java.specification.version = 1.8'"),
            ["Java 1.8 est trop ancien"],
        ),
        (lambda m: (m.ailleurs / "jdk/bin/jshell").unlink(), ["n’a pas JShell"]),
        (
            lambda m: m.n_a_pas("mvn"),
            ["Il manque Maven", "apt install maven", "brew install maven"],
        ),
        (lambda m: m.a("mvn", "echo Apache Maven 3.6.1"), ["Maven 3.6.1 est trop ancien"]),
        (
            lambda m: m.n_a_pas("python3"),
            ["Il manque Python 3.10", "python3-venv", "brew install python"],
        ),
        (ancien_python, ["Python 3.9.2 est trop ancien"]),
        (python_sans_venv, ["sans le module venv", "apt install python3-venv"]),
        pytest.param(
            lambda m: m.a("fc-list"),
            ["Il manque une police", "fonts-dejavu-core"],
            marks=pytest.mark.skipif(sys.platform != "linux", reason="macOS a ses polices"),
        ),
    ],
    ids=(
        "sans-java java-11 java-8 sans-jshell sans-maven vieux-maven"
        " sans-python vieux-python sans-venv sans-police"
    ).split(),
)
@pytest.mark.parametrize("commande", ["ouvrir", "verifier"])
def test_ce_qui_manque_est_dit(machine, commande, casse, phrases):
    casse(machine)
    code, dit = machine.lance(commande)
    assert code != 0
    for phrase in phrases:
        assert phrase in dit
    assert dit.count("  • ") == 1, "le reste n’est pas mis en cause"
    assert ".venv" not in machine.fait()


def test_tout_ce_qui_manque_est_dit_d_un_coup(machine):
    for nom in ("javac", "mvn", "python3"):
        machine.n_a_pas(nom)
    code, dit = machine.lance("ouvrir")
    assert code != 0 and dit.count("  • ") == 3


def test_root_sur_debian_installe_ce_qui_manque(machine):
    machine.n_a_pas("javac")
    machine.n_a_pas("mvn")
    machine.a("python3", "[[ $* != *'-m venv'* ]]")
    machine.a("id", "echo 0")
    machine.a("ldconfig", "echo libharfbuzz.so.0")
    machine.a("apt-cache")
    trace, programmes = machine.ailleurs / "trace", machine.ailleurs / "programmes"
    machine.a(
        "apt-get",
        f"""echo "$*" >>'{trace}'
if [ "$1" = install ]; then
  echo "#!$BASH" | tee '{programmes}/mvn' >'{programmes}/javac'
  echo 'echo java.specification.version = 17' >>'{programmes}/javac'
  echo 'echo java.home = {machine.ailleurs}/jdk' >>'{programmes}/javac'
  chmod +x '{programmes}/javac' '{programmes}/mvn'
fi""",
    )
    code, dit = machine.lance("ouvrir")
    mises_a_jour, installation = trace.read_text().splitlines()
    assert mises_a_jour == "update"
    assert installation.endswith("openjdk-17-jdk-headless maven")
    assert "✔ Paquets du système" in dit and "  • " not in dit
    assert code != 0 and "L’environnement Python n’a pas pu être fait" in dit


def test_un_java_home_faux_est_nomme(machine):
    code, dit = machine.lance("ouvrir", JAVA_HOME="/nulle/part")
    assert code != 0 and "JAVA_HOME désigne « /nulle/part »" in dit


def test_un_argument_inconnu_est_refuse(machine):
    for commande, argument in [("ouvrir", "--porte"), ("verifier", "carnet")]:
        code, dit = machine.lance(commande, argument)
        assert code != 0 and argument in dit
        code, dit = machine.lance(commande, "--aide")
        assert code == 0 and f"bash binder/{commande}" in dit


def test_un_environnement_qui_ne_se_fait_pas_est_explique_et_repris(machine):
    trace = machine.ailleurs / "trace"
    machine.a(
        "python3",
        f'[[ $* != *"-m venv"* ]] || {{ echo essai >>"{trace}"; echo "No space left"; exit 1; }}',
    )
    for essai in (1, 2):
        code, dit = machine.lance("ouvrir")
        assert code != 0
        assert "Le disque est plein" in dit and "No space left" in dit
        assert trace.read_text().count("essai") == essai


def test_rien_ne_s_execute_depuis_le_dossier_courant(machine):
    for nom in ("python3", "python", "jupyter", "mvn", "javac", "sed", "preparer"):
        piege = machine.ailleurs / nom
        piege.write_text(
            f"#!{shutil.which('bash')}\ntouch '{machine.ailleurs}/piege'\n", encoding="utf-8"
        )
        piege.chmod(0o755)
    machine.a("javac", "echo 'java.specification.version = 11'")
    programmes = machine.ailleurs / "programmes"
    code, _ = machine.lance("ouvrir", PATH=f".:{programmes}", PYTHONPATH=".", CDPATH=".")
    assert code != 0 and not (machine.ailleurs / "piege").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root écrit partout")
def test_un_clone_en_lecture_seule_le_dit(machine):
    clone = machine.ailleurs / "l’école d'été" / "cours"
    clone.chmod(0o555)
    try:
        code, dit = machine.lance("ouvrir")
        assert code != 0 and "lecture seule" in dit
    finally:
        clone.chmod(0o755)
