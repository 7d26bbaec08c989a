"""Installe le noyau « attention-java » dans l'environnement Python qui exécute cette commande.

À lancer après « mvn package ». Rien n'est écrit hors de sys.prefix : les autres noyaux de la personne restent tels
quels.
"""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

from course_tools import paths
from course_tools.files import write_whole
from course_tools.kernel import class_archive, jars, natives
from course_tools.kernel.java import find_java, permissions

MAIN_CLASS = "fr.cours.kernel.KernelLauncher"

# La JVM annonce à chaque démarrage que l'API Vector est en incubation, et ne sait pas s'en taire :
# cette ligne, et elle seule, est retirée du journal. « exec » laisse la JVM enfant direct de Jupyter.
WITHOUT_NOTICE = (
    'exec "$0" "$@" 2> >(exec grep --line-buffered -v'
    ' "^WARNING: Using incubator modules: jdk.incubator.vector" >&2)'
)


def install(prefix):
    """Installe le noyau sous prefix et rend son dossier."""
    java = find_java()
    found = jars.find_jars()
    folder = paths.kernel_folder(prefix)
    folder.mkdir(parents=True, exist_ok=True)

    copies = jars.copy_jars(found, folder)
    options = copies / "options"
    natives_folder = folder / "natives"
    write_whole(options, options_file(java, [copies / jar.name for jar in found], natives_folder))
    bash = shutil.which("bash") if os.name == "posix" else None
    launcher = [bash, "-c", WITHOUT_NOTICE] if bash else []
    specification = {
        "argv": [*launcher, java, f"@{options}", MAIN_CLASS, "{connection_file}"],
        "display_name": "Java (cours sur l’attention)",
        "language": "java",
        "interrupt_mode": "message",
        "env": environment(),
        "metadata": {"debugger": False},
    }
    java_at = len(launcher)
    # Une archive ne vaut que pour la JVM qui l'a faite.
    archive = copies / f"classes-{Path(java).stat().st_mtime_ns:x}.jsa"
    from_archive = class_archive.archive_classes(
        specification, java_at, archive, natives_folder, found
    )
    # Après le fichier d’options : qui cherche celui-ci (« @… ») trouve la JVM juste avant.
    specification["argv"][java_at + 2 : java_at + 2] = from_archive
    write_whole(
        folder / "kernel.json", json.dumps(specification, ensure_ascii=False, indent=2) + "\n"
    )
    jars.forget_old_jars(folder, copies)
    install_lab_extension(prefix)
    return folder


def environment(file=paths.ENVIRONMENT):
    """Les variables d’environnement du noyau : lignes NOM=valeur, sans les commentaires."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def options_file(java, jars, natives_folder):
    """Rend le texte du fichier d'options de la JVM : celles du projet, le code natif, puis le chemin de classes."""
    options = "".join(path.read_text(encoding="utf-8") for path in paths.JVM_OPTIONS)
    options += "".join(f"{permission}\n" for permission in permissions(java))
    class_path = os.pathsep.join(str(jar) for jar in jars)
    return f"{options}\n{quoted(natives.jvm_option(natives_folder))}\n-cp {quoted(class_path)}\n"


def quoted(argument):
    """Un argument tel que le lit un fichier d’options de Java."""
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def installed_jvm(prefix=sys.prefix):
    """La JVM du noyau installé et ses options : ce qu’il faut pour lancer une autre classe du cours."""
    argv = json.loads((paths.kernel_folder(prefix) / "kernel.json").read_text(encoding="utf-8"))["argv"]
    java_at = next(i for i, word in enumerate(argv) if word.startswith("@")) - 1
    return argv[java_at : argv.index(MAIN_CLASS)]


def install_lab_extension(prefix):
    """Installe l'extension de JupyterLab qui donne aux figures leur texte de remplacement."""
    target = Path(prefix) / "share" / "jupyter" / "labextensions" / "cours-attention"
    shutil.copytree(paths.LAB_EXTENSION, target, dirs_exist_ok=True)


def main(arguments):
    parser = argparse.ArgumentParser(prog="install-kernel", description=__doc__.splitlines()[0])
    parser.add_argument("--prefixe", default=sys.prefix, help="sys.prefix par défaut")
    print(f"Noyau installé : {install(parser.parse_args(arguments).prefixe)}")
