"""Exécute les carnets du cours et compare leurs sorties à celles qui sont gardées."""

import argparse
import json
import sys

import nbformat

from course_tools.notebooks.catalog import code_cells, find, full_name, number, unexpected_verdicts
from course_tools.notebooks.compare import compare
from course_tools.notebooks.run_all import run_all
from course_tools.paths import RESULTS


def verify(paths):
    """Exécute et juge ces carnets ; laisse leurs comptes au bilan."""
    results = run_all(paths, judge)
    RESULTS.mkdir(parents=True, exist_ok=True)
    counts = [
        {
            "name": full_name(r.path),
            "seconds": r.seconds,
            "figures": r.figures,
            "memory": r.memory,
            "errors": r.errors,
        }
        for r in results
    ]
    (RESULTS / "notebooks.json").write_text(
        json.dumps(counts, ensure_ascii=False), encoding="utf-8"
    )
    return results


def judge(result):
    """Ajoute aux erreurs d’une exécution ce qui n’est pas ce qui est gardé."""
    if result.errors:
        return
    kept = nbformat.read(result.path, as_version=4)
    which = number(result.path)
    if all(c.execution_count is None for c in code_cells(kept)):
        result.errors.append(
            f"Le carnet est gardé sans sorties : lancez bash binder/regenerer {which}"
        )
        return
    gaps = compare(kept, result.notebook)
    result.errors += unexpected_verdicts(result.path, result.notebook)
    if gaps:
        more = [f"… et {len(gaps) - 10} autres"] if len(gaps) > 10 else []
        result.errors.append(
            "Les sorties ne sont plus celles qui sont gardées"
            f" (si c’est voulu : bash binder/regenerer {which}) :\n      "
            + "\n      ".join(gaps[:10] + more)
        )


def main(arguments):
    parser = argparse.ArgumentParser(prog="bash binder/verifier", description=__doc__)
    parser.add_argument("numeros", nargs="*", help="les carnets, par leur numéro (tous par défaut)")
    results = verify(find(parser.parse_args(arguments).numeros))
    sys.exit(any(r.errors for r in results))
