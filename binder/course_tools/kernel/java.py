"""Quel Java : celui de JAVA_HOME, sinon celui du PATH, s’il est assez récent."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 17


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
