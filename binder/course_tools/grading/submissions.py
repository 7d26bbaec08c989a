"""Les copies d’une classe, telles que les élèves les ont rendues : les lire, et les remettre en état."""

MAX_SIZE = 50 * 2**20  # octets : un carnet et ses figures en font mille fois moins


def read_submissions(folder):
    """Les octets de chaque copie, par son chemin ; None pour ce qui ne se lit pas ou ne finit pas."""
    submissions = {}
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            try:
                readable = path.is_file() and path.stat().st_size <= MAX_SIZE
                submissions[path] = path.read_bytes() if readable else None
            except OSError:
                submissions[path] = None
    return submissions


def attachments(path, folder):
    """Ce qu’un élève a rendu avec sa copie, dans le même sous-dossier : les textes qu’elle lit."""
    if path.parent == folder:
        return []
    neighbours = [v for v in path.parent.iterdir() if v.is_file() and not v.is_symlink()]
    return [v for v in neighbours if v.suffix != ".ipynb" and v.stat().st_size <= MAX_SIZE]


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
