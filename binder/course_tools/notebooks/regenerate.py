"""Exécute les carnets du cours et y récrit leurs sorties."""

import argparse
import sys

from jupyter_client.kernelspec import KernelSpecManager

from course_tools.notebooks.catalog import find, unexpected_verdicts
from course_tools.notebooks.rewrite import normalize, write
from course_tools.notebooks.run_all import run_all
from course_tools.paths import KERNEL_NAME


def regenerate(paths):
    """Exécute ces carnets ; récrit ceux qui n’ont pas d’erreur, laisse les autres intacts."""
    specification = KernelSpecManager().get_kernel_spec(KERNEL_NAME)

    def keep(result):
        result.errors += unexpected_verdicts(result.path, result.notebook)
        if not result.errors:
            write(normalize(result.notebook, specification, result.machine), result.path)

    return run_all(paths, keep)


def main(arguments):
    parser = argparse.ArgumentParser(prog="bash binder/regenerer", description=__doc__)
    parser.add_argument("numeros", nargs="*", help="les carnets, par leur numéro (tous par défaut)")
    results = regenerate(find(parser.parse_args(arguments).numeros))
    sys.exit(any(r.errors for r in results))
