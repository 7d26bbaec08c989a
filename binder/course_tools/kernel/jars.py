"""Le chemin de classes du noyau : les jars des modules et ceux dont ils dépendent, copiés à l’abri de Maven."""

import hashlib
import os
import shutil
import sys

from course_tools import paths


def find_jars():
    """Rend les fichiers jar des modules du cours, puis ceux dont ils dépendent."""
    modules = paths.modules()
    built = [find_module_jar(module) for module in modules]
    dependencies = sorted(paths.CLASS_PATH.glob("*.jar"))
    if None in built or not dependencies:
        sys.exit("La bibliothèque n'est pas construite : lancez d'abord « mvn package ».")
    return built + dependencies


def find_module_jar(module):
    """Le jar d’un module, sans ceux de ses sources ni de sa Javadoc ; None s’il n’est pas construit."""
    jars = sorted((module / "target").glob("attention*.jar"), key=lambda jar: jar.stat().st_mtime)
    jars = [jar for jar in jars if not jar.stem.endswith(("-sources", "-javadoc", "-tests"))]
    return jars[-1] if jars else None


def copy_jars(jars, folder):
    """Met les jars dans un dossier au nom de leur contenu : un noyau en marche garde les siens."""
    digest = hashlib.sha256()
    for jar in jars:
        state = jar.stat()
        digest.update(f"{jar.name} {state.st_size} {state.st_mtime_ns}\n".encode())
    target = folder / f"jars-{digest.hexdigest()[:12]}"
    if not target.is_dir():
        draft = folder / f".{target.name}.{os.getpid()}"
        draft.mkdir()
        for jar in jars:
            # Maven récrit sur place les jars qu'il construit, jamais ceux dont ils dépendent :
            # ceux-là peuvent partager leurs 180 Mo.
            link_or_copy(jar, draft / jar.name, link=jar.parent == paths.CLASS_PATH)
        draft.rename(target)
    return target


def link_or_copy(source, target, link):
    """Lie le fichier quand le disque le permet, le copie sinon."""
    if link:
        try:
            os.link(source, target)
            return
        except OSError:
            pass
    shutil.copy2(source, target)


def forget_old_jars(folder, kept):
    """Ne garde que les jars en service et les précédents, qu'un noyau en marche lit peut-être."""
    old = sorted(
        (path for path in folder.glob("jars-*") if path != kept),
        key=lambda path: path.stat().st_mtime,
    )
    for path in old[:-1]:
        shutil.rmtree(path, ignore_errors=True)
