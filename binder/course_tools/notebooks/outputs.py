"""Ce qui, d’une sortie, ne dépend que de l’instant : son découpage, l’adresse d’un objet, une ligne récrite."""

import re

import nbformat

# java.awt.image.BufferedImage@1b28cdfa, [F@6d06d69c : l’adresse d’un objet n’apprend rien et
# change toujours.
IDENTITY = re.compile(r"(\[*[A-Za-z_$][\w.$/]*)@[0-9a-f]{4,8}\b")

# Une ligne qu’un retour chariot fait récrire ne se lit que dans son dernier état.
REWRITTEN = re.compile(r"[^\n]*\r(?!\n)")


def clean(text):
    """Un texte imprimé, sans ce qui ne dépend que de l’instant."""
    return REWRITTEN.sub("", IDENTITY.sub(r"\1", text))


def merge(outputs):
    """Réunit les flux de même nom qui se suivent : leur découpage dépend de l’instant."""
    merged = []
    for output in outputs:
        if (
            merged
            and output.output_type == "stream" == merged[-1].output_type
            and output.name == merged[-1].name
        ):
            merged[-1] = nbformat.from_dict({**merged[-1], "text": merged[-1].text + output.text})
        else:
            merged.append(output)
    return merged
