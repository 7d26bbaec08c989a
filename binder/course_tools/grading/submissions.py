"""Les copies d’une classe, telles que les élèves les ont rendues : les lire, et les remettre en état."""

import re

MAX_SIZE = 50 * 2**20  # octets : un carnet et ses figures en font mille fois moins


# Ce qu’un navigateur, un système ou un élève a fait du nom d’un carnet : x.ipynb.txt, X.IPYNB, x.ipynb (1).
NOTEBOOK = re.compile(r"\.ipynb", re.IGNORECASE)
# Ce que macOS met dans ses archives, et tout ce qui est caché : .ipynb_checkpoints, ._x.ipynb.
NOT_HANDED_IN = re.compile(r"\.|__MACOSX$")


def read_submissions(folder):
    """Les octets de chaque copie, par son chemin ; None pour ce qui ne se lit pas ou ne finit pas."""
    submissions = {}
    for path in handed_in(folder):
        if NOTEBOOK.search(path.name):
            try:
                readable = path.is_file() and path.stat().st_size <= MAX_SIZE
                submissions[path] = path.read_bytes() if readable else None
            except OSError:
                submissions[path] = None
    return submissions


def handed_in(folder):
    """Tout ce que contient le dossier, hors ce que personne n’a voulu rendre."""
    for path in sorted(folder.rglob("*")):
        if not any(map(NOT_HANDED_IN.match, path.relative_to(folder).parts)):
            yield path


def left_out(folder, submissions):
    """Qui n’aurait aucune ligne : les fichiers qui ne sont pas des carnets, et les sous-dossiers sans carnet."""
    covered = {path.relative_to(folder).parts[0] for path in submissions} | {"notes.csv"}
    return [p.name for p in handed_in(folder) if p.parent == folder and p.name not in covered]


def name_of(path, folder):
    """Le chemin d’une copie sans ce qui suit le nom que l’élève lui a donné."""
    relative = path.relative_to(folder)
    return relative.with_name(NOTEBOOK.split(relative.name)[0] or relative.name)


def attachments(path, folder):
    """Ce qu’un élève a rendu avec sa copie, dans le même sous-dossier : les textes qu’elle lit."""
    if path.parent == folder:
        return []
    neighbours = [v for v in path.parent.iterdir() if v.is_file() and not v.is_symlink()]
    return [
        v for v in neighbours if not NOTEBOOK.search(v.name) and v.stat().st_size <= MAX_SIZE
    ]


def restore(submissions):
    """Remet les copies comme elles ont été lues ; rend celles qu’il a fallu réparer."""
    changed = []
    for path, content in submissions.items():
        try:
            intact = content is None or path.read_bytes() == content
        except OSError:
            intact = False
        if not intact:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(content)
            changed.append(path)
    return changed
