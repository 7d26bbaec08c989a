"""Additionne ce que tests et carnets ont donné, montre le tableau des carnets et conclut.

Lit dans target/resultats les rapports de Surefire, de pytest et des carnets ; ``--echec`` nomme une étape qui n’a pas
abouti. La dernière ligne est « N passed, N failed » ; le code de sortie est 1 au moindre échec, et si rien n’a été
testé.
"""

import argparse
import json
import sys
import xml.etree.ElementTree as ET

from course_tools.paths import RESULTS

# Les rapports de target/resultats, par le nom que leur donne le bilan.
SUITES = {
    "Tests unitaires": "TEST-*.xml",
    "Noyau et commandes": "pytest.xml",
    "Épreuves complètes": "epreuves.xml",
}


def read_junit(files):
    """Réussis, échoués et sautés (nom et raison) : JUnit et pytest écrivent de la même façon."""
    passed, failed, skipped = 0, [], []
    for file in files:
        for case in ET.parse(file).iter("testcase"):
            for outcome, cases in [("failure", failed), ("error", failed), ("skipped", skipped)]:
                if (reason := case.find(outcome)) is not None:
                    said = (reason.get("message") or reason.text or "").strip().splitlines()
                    name = f"{case.get('classname')}.{case.get('name')}"
                    cases.append(f"{name} : {said[0] if said else 'sans raison donnée'}")
                    break
            else:
                passed += 1
    return passed, failed, skipped


def table(notebooks):
    """Le tableau des carnets : secondes, figures, mémoire de leur noyau."""
    width = max(len(c["name"]) for c in notebooks)
    lines = [f"  {'carnet':<{width}}   secondes  figures  mémoire du noyau"]
    for c in notebooks:
        mark = "  ✘" if c["errors"] else ""
        lines.append(
            f"  {c['name']:<{width}}   {c['seconds']:8.1f}  {c['figures']:7d}"
            f"  {c['memory'] / 2**20:13.0f} Mo{mark}"
        )
    return "\n".join(lines)


def report(broken_steps, results=RESULTS):
    """Montre le bilan ; rend le code de sortie. ``broken_steps`` : les étapes qui n’ont pas abouti."""
    print()
    passed, failed, skipped = 0, [], []
    failing_suites = set()
    for name, pattern in SUITES.items():
        good, bad, left = read_junit(sorted(results.glob(pattern)))
        if good or bad or left:
            print(f"  {name} : {good} réussis, {len(bad)} échoués, {len(left)} sautés")
        if bad:
            failing_suites.add(name)
        passed, failed, skipped = passed + good, failed + bad, skipped + left

    file = results / "notebooks.json"
    notebooks = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    if notebooks:
        print(f"\n{table(notebooks)}")
    passed += sum(not c["errors"] for c in notebooks)
    failed += [
        f"carnet {c['name']} : {c['errors'][0].splitlines()[0]}" for c in notebooks if c["errors"]
    ]

    # mvn verify échoue aussi quand un test échoue : ce test est alors déjà compté.
    failed += [
        f"{step} n’a pas abouti (voir target/journaux)"
        for step in broken_steps
        if not (step == "mvn verify" and "Tests unitaires" in failing_suites)
    ]
    if skipped:
        print("\n  Sautés :")
        for skip in skipped:
            print(f"  – {skip}")
    if failed:
        print("\n  Échecs :")
        for failure in failed:
            print(f"  ✘ {failure}")
    print(
        f"\n{passed} passed, {len(failed)} failed" + (f", {len(skipped)} skipped" if skipped else "")
    )
    return 1 if failed or not passed else 0


def main(arguments):
    parser = argparse.ArgumentParser(prog="report", description=__doc__.splitlines()[0])
    parser.add_argument("--echec", action="append", default=[])
    sys.exit(report(parser.parse_args(arguments).echec))
