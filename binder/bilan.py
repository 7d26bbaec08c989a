"""Additionne ce que tests et carnets ont donné, montre le tableau des carnets et conclut.

    python binder/bilan.py [--echec NOM]…

Lit dans target/resultats les rapports de Surefire, de pytest et de carnets.py ; ``--echec`` nomme
une étape qui n’a pas abouti. La dernière ligne est « N passed, N failed » ; le code de sortie est 1
au moindre échec, et si rien n’a été testé.
"""

import argparse
import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
RESULTATS = RACINE / "target" / "resultats"


def lire_junit(fichiers):
    """Réussis, échoués et sautés (nom et raison) : JUnit et pytest écrivent de la même façon."""
    reussis, echoues, sautes = 0, [], []
    for fichier in fichiers:
        for cas in ET.parse(fichier).iter("testcase"):
            for genre, liste in [("failure", echoues), ("error", echoues), ("skipped", sautes)]:
                if (raison := cas.find(genre)) is not None:
                    dit = (raison.get("message") or raison.text or "").strip().splitlines()
                    nom = f"{cas.get('classname')}.{cas.get('name')}"
                    liste.append(f"{nom} : {dit[0] if dit else 'sans raison donnée'}")
                    break
            else:
                reussis += 1
    return reussis, echoues, sautes


def tableau(carnets):
    """Le tableau des carnets : secondes, figures, mémoire de leur noyau."""
    largeur = max(len(c["nom"]) for c in carnets)
    lignes = [f"  {'carnet':<{largeur}}   secondes  figures  mémoire du noyau"]
    for c in carnets:
        marque = "  ✘" if c["erreurs"] else ""
        lignes.append(
            f"  {c['nom']:<{largeur}}   {c['secondes']:8.1f}  {c['figures']:7d}"
            f"  {c['memoire'] / 2**20:13.0f} Mo{marque}"
        )
    return "\n".join(lignes)


def principal():
    analyse = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    analyse.add_argument("--echec", action="append", default=[])
    arguments = analyse.parse_args()

    print()
    unitaires = lire_junit(sorted(RESULTATS.glob("TEST-*.xml")))
    commandes = lire_junit(RESULTATS.glob("pytest.xml"))
    epreuves = lire_junit(RESULTATS.glob("epreuves.xml"))
    for nom, (bons, mauvais, passes) in [
        ("Tests unitaires", unitaires),
        ("Noyau et commandes", commandes),
        ("Épreuves complètes", epreuves),
    ]:
        if bons or mauvais or passes:
            print(f"  {nom} : {bons} réussis, {len(mauvais)} échoués, {len(passes)} sautés")
    reussis, echoues, sautes = (a + b + c for a, b, c in zip(unitaires, commandes, epreuves))

    fichier = RESULTATS / "carnets.json"
    carnets = json.loads(fichier.read_text(encoding="utf-8")) if fichier.exists() else []
    if carnets:
        print(f"\n{tableau(carnets)}")
    reussis += sum(not c["erreurs"] for c in carnets)
    echoues += [
        f"carnet {c['nom']} : {c['erreurs'][0].splitlines()[0]}" for c in carnets if c["erreurs"]
    ]

    # mvn verify échoue aussi quand un test échoue : ce test est alors déjà compté.
    echoues += [
        f"{e} n’a pas abouti (voir target/journaux)"
        for e in arguments.echec
        if not (e == "mvn verify" and unitaires[1])
    ]
    if sautes:
        print("\n  Sautés :")
        for saut in sautes:
            print(f"  – {saut}")
    if echoues:
        print("\n  Échecs :")
        for echec in echoues:
            print(f"  ✘ {echec}")
    print(
        f"\n{reussis} passed, {len(echoues)} failed"
        + (f", {len(sautes)} skipped" if sautes else "")
    )
    sys.exit(1 if echoues or not reussis else 0)


if __name__ == "__main__":
    principal()
