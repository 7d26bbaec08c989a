"""L’entrée des commandes du cours : « python -I binder/course_tools COMMANDE … ».

Isolé (-I), Python ne lit ni le dossier d’où l’on appelle, ni PYTHONPATH, ni les paquets personnels : un json.py qui
traîne dans le clone ne s’exécute pas. C’est pourquoi ce paquet se lance par son dossier, et non par « -m », qui
chercherait d’abord ici même. Il y parle UTF-8, quoi qu’en dise la locale. Chaque commande lit elle-même ses options, et
n’importe que ce dont elle a besoin.
"""

import importlib
import os
import sys
from pathlib import Path

if not __package__:  # lancé par son dossier, que Python a mis en tête : c’est celui d’au-dessus qu’il faut
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

COMMANDS = {
    "install-kernel": "course_tools.kernel.kernel_spec",
    "verify": "course_tools.notebooks.verify",
    "regenerate": "course_tools.notebooks.regenerate",
    "pages": "course_tools.website.pages",
    "report": "course_tools.report",
    "grade": "course_tools.grading.grade",
    "run-submission": "course_tools.grading.run_submission",
}


def main():
    if not sys.flags.utf8_mode:  # se décide au démarrage : on recommence, dans le même processus
        os.execv(sys.executable, [sys.executable, "-I", "-X", "utf8", *sys.argv])
    command, *arguments = sys.argv[1:] or [""]
    if command not in COMMANDS:
        sys.exit(f"✘ Commande « {command} » inconnue (il y a : {', '.join(COMMANDS)}).")
    importlib.import_module(COMMANDS[command]).main(arguments)


if __name__ == "__main__":
    main()
