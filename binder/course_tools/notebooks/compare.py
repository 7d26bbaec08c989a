"""Compare les sorties gardées d’un carnet à celles qu’on obtient : mêmes mots, nombres proches, mêmes figures."""

import json
import math
import re
from itertools import zip_longest

from course_tools.notebooks.outputs import clean, merge

TOLERANCE = 1e-3  # relative, sur les nombres imprimés

# Les cellules dont les valeurs changent d’une machine ou d’une fois à l’autre.
FREE = {"mesure", "entrainement"}

# Un nombre à virgule (ou à point, ou avec exposant) est comparé à 1e-3 près ; un entier est un mot
# comme un autre : les formes, les comptes et les numéros doivent être les mêmes.
NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+(?:[eE][-+−]?\d+)?|[eE][-+−]?\d+)")


def compare(kept, obtained):
    """Ce qui distingue les sorties gardées de celles qu’on obtient, en phrases ; vide sinon."""
    gaps = []
    for rank, (a, b) in enumerate(zip_longest(kept.cells, obtained.cells), start=1):
        if a is None or b is None or a.cell_type != "code" or not a.source.strip():
            continue
        where = f"cellule {rank} ({a.get('id', '?')})"
        if a.execution_count is None:
            gaps.append(f"{where} : gardée sans avoir été exécutée")
            continue
        if a.execution_count != b.execution_count:
            gaps.append(
                f"{where} : numéro d’exécution {a.execution_count} gardé, {b.execution_count} obtenu"
            )
        kept_kinds, obtained_kinds = ([kind(s) for s in merge(c.outputs)] for c in (a, b))
        if kept_kinds != obtained_kinds:
            gaps.append(f"{where} : sorties {kept_kinds} gardées, {obtained_kinds} obtenues")
        elif not FREE & set(a.metadata.get("tags", [])):
            for x, y in zip(merge(a.outputs), merge(b.outputs)):
                gaps += [f"{where} : {gap}" for gap in compare_output(x, y)]
    return gaps


def kind(output):
    """De quelle sorte est une sortie, sans ce qu’elle dit."""
    if output.output_type == "stream":
        return output.name
    if output.output_type == "error":
        return "erreur"
    return f"{output.output_type} {', '.join(sorted(output.data))}"


def compare_output(kept, obtained):
    """Compare deux sorties de même genre ; d’une image, sa description et sa taille."""
    texts = []
    if kept.output_type == "stream":
        texts = [(kept.text, obtained.text)]
    elif kept.output_type == "error":
        return ["une erreur est gardée ; une erreur voulue s’attrape et s’imprime en une ligne"]
    else:
        for mime in sorted(kept.data):
            if not mime.startswith("image/"):
                texts.append((as_text(kept.data[mime]), as_text(obtained.data[mime])))
        texts.append((as_text(kept.metadata), as_text(obtained.metadata)))
    return [difference(a, b) for a, b in texts if not same_text(a, b)]


def as_text(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def same_text(kept, obtained):
    """Les mêmes mots, et les mêmes nombres à TOLERANCE près ; l’alignement ne compte pas."""
    kept, obtained = clean(kept), clean(obtained)
    if NUMBER.sub("0,0", kept).split() != NUMBER.sub("0,0", obtained).split():
        return False
    return all(
        math.isclose(value(a), value(b), rel_tol=TOLERANCE)
        for a, b in zip(NUMBER.findall(kept), NUMBER.findall(obtained))
    )


def value(number):
    return float(number.replace(",", ".").replace("−", "-"))


def difference(kept, obtained):
    """Les premières lignes où deux textes diffèrent."""
    for a, b in zip_longest(kept.splitlines(), obtained.splitlines(), fillvalue=""):
        if not same_text(a, b):
            return f"\n        gardé  : {a}\n        obtenu : {b}"
    return "les lignes sont coupées autrement"
