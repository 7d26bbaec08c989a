"""Le code natif d’ND4J, que JavaCPP déballe de ses jars : une fois, à l’installation, dans le dossier du noyau.

JavaCPP le mettrait sinon dans le dossier personnel, qu’une copie notée ne lit pas, et que d’autres peuvent n’avoir
ni rempli ni le droit d’écrire.
"""

import re
import shutil

from course_tools.files import write_whole

# Le classificateur d’une machine, que JavaCPP met à la fin du nom d’un jar.
OF_A_MACHINE = re.compile(r"-(linux|macosx|windows)-(x86_64|arm64)\.jar$")


def jvm_option(folder):
    """Ce qui mène JavaCPP à ce dossier."""
    return f"-Dorg.bytedeco.javacpp.cachedir={folder}"


def is_filled(folder, jars):
    """Vrai si le code natif de tous ces jars y a servi une fois."""
    stamp = folder / "filled"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == contents(jars)


def mark_filled(folder, jars):
    """À dire d’un noyau qui vient de calculer ; ce que d’autres versions avaient laissé est ôté."""
    names = contents(jars).split()
    for old in folder.iterdir():
        if old.is_dir() and old.name not in names:
            shutil.rmtree(old, ignore_errors=True)
    write_whole(folder / "filled", contents(jars))


def contents(jars):
    return "".join(f"{jar.name}\n" for jar in jars if OF_A_MACHINE.search(jar.name))
