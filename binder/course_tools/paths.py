"""Où sont les choses du cours et comment elles se nomment : le seul endroit de ce paquet qui le dise."""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent.parent

NOTEBOOKS = ROOT / "notebooks"
LIB = ROOT / "lib"

# Ce que les commandes fabriquent.
TARGET = ROOT / "target"
RESULTS = TARGET / "resultats"
LOGS = TARGET / "journaux"
SITE = TARGET / "site"
MATHJAX = TARGET / "mathjax"  # posé là par Maven : un seul fichier, avec ses polices (pom.xml, « mathjax »)
# La Javadoc de la bibliothèque, là où l’une ou l’autre version du greffon de Maven la met.
JAVADOC = [LIB / "attention" / "target" / place / "apidocs" for place in ("reports", "site")]

# Le noyau : son nom pour Jupyter, ce qui le règle, et les jars dont dépendent les modules.
KERNEL_NAME = "attention-java"
JVM_OPTIONS = [LIB / "attention" / "jvm-options", LIB / "kernel" / "jvm-options"]
ENVIRONMENT = LIB / "kernel" / "environment"
CLASS_PATH = LIB / "kernel" / "target" / "jars"
LAB_EXTENSION = PACKAGE / "labextension"


def modules():
    """Les dossiers des modules Java du noyau, dans l’ordre du pom.xml."""
    pom = ET.parse(ROOT / "pom.xml")
    return [ROOT / module.text for module in pom.findall("{*}modules/{*}module")]


def kernel_folder(prefix=sys.prefix):
    """Le dossier du noyau dans un environnement Python, celui qui exécute ce code par défaut."""
    return Path(prefix) / "share" / "jupyter" / "kernels" / KERNEL_NAME
