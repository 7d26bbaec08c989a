"""Écrire un fichier d’un coup : personne n’en lit une moitié, une interruption laisse l’ancien entier."""

import os
import tempfile


def write_whole(path, text):
    """Remplace le contenu d’un fichier, qui garde ses droits s’il existait."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as draft:
        draft.write(text)
    os.chmod(draft.name, path.stat().st_mode if path.exists() else 0o644)
    os.replace(draft.name, path)
