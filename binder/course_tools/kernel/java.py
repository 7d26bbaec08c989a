"""Quel Java : celui de JAVA_HOME, sinon celui du PATH, s’il est assez récent ; et de quoi le faire taire."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 17

# ND4J passe par du code natif et par Unsafe, des bibliothèques écrivent des champs finaux : une JVM récente s’en plaint
# dans le journal et dans la première cellule, sauf si on le lui permet. Chacune ne connaît que les siennes.
PERMISSIONS = [
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-final-field-mutation=ALL-UNNAMED",
]


def find_java():
    """Rend le chemin absolu de java."""
    home = os.environ.get("JAVA_HOME")
    candidates = [Path(home) / "bin" / "java"] if home else []
    if in_path := shutil.which("java"):
        candidates.append(Path(in_path))
    for candidate in candidates:
        if candidate.is_file() and java_version(candidate) >= OLDEST:
            return str(candidate.resolve())
    sys.exit("Il faut un JDK 17 ou plus récent : ni JAVA_HOME ni le PATH n'en désignent un.")


def java_version(java):
    """Rend le numéro majeur d'une JVM, 0 si elle ne démarre pas."""
    try:
        output = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', output.stderr)
    return int(found.group(1)) if found else 0


def permissions(java):
    """Celles que cette JVM connaît : on le lui demande, son numéro ne le dit pas sûrement."""
    return [option for option in PERMISSIONS if knows(java, option)]


def knows(java, option):
    """Vrai si la JVM démarre avec cette option, sans rien dire de plus que sans elle."""
    try:
        with_it, without = (
            subprocess.run([java, *options, "-version"], capture_output=True, timeout=30)
            for options in ([option], [])
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return with_it.returncode == 0 and with_it.stderr == without.stderr
