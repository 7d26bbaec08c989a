"""Fait de chaque carnet une page, et un sommaire, dans target/site : lisibles sans réseau."""

import html
import re
import shutil
import sys
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

RACINE = Path(__file__).resolve().parent.parent
CARNETS = RACINE / "notebooks"
SITE = RACINE / "target" / "site"

SOUS_DOSSIERS = ("exercices", "corriges")

# Posé là par Maven : un seul fichier, avec ses polices (voir pom.xml, exécution « mathjax »).
MATHJAX = RACINE / "target" / "mathjax"

# Un lien vers un autre carnet mène à sa page ; un lien vers le dépôt part de target/site.
# Les pages sont dans un seul dossier : celle d’exercices/2-masques.ipynb s’appelle exercices-2-masques.html.
VERS_UN_CARNET = re.compile(r"\]\((?:\.\./)?(?:(exercices|corriges)/)?(\d\d?-[^)#/]+)\.ipynb")
VERS_LE_DEPOT = re.compile(r"\]\(\.\./")


def nom_de_page(chemin):
    """Le nom d’une page, sans son extension ; carnets.nom donne le même."""
    sous_dossier = chemin.parent.name in SOUS_DOSSIERS
    return f"{chemin.parent.name}-{chemin.stem}" if sous_dossier else chemin.stem


def page_du_lien(lien):
    return "](" + "-".join(filter(None, lien.groups())) + ".html"


def titre_de(carnet, defaut):
    """Le titre numéroté du carnet (« # 2. … »), à défaut son premier titre."""
    texte = "\n".join(c.source for c in carnet.cells if c.cell_type == "markdown")
    titres = re.findall(r"^# +(.+?) *$", texte, re.MULTILINE)
    return next((t for t in titres if t[0].isdigit()), titres[0] if titres else defaut)


def faire_page(chemin, site):
    """Écrit la page d’un carnet ; rend son titre."""
    carnet = nbformat.read(chemin, as_version=4)
    titre = carnet.metadata["title"] = titre_de(carnet, chemin.stem)
    for cellule in carnet.cells:
        if cellule.cell_type == "markdown":
            cellule.source = VERS_UN_CARNET.sub(page_du_lien, cellule.source)
            cellule.source = VERS_LE_DEPOT.sub("](../../", cellule.source)
    exporteur = HTMLExporter(
        extra_template_basedirs=[str(RACINE / "binder")],
        template_name="gabarit",
        language_code="fr",
        embed_images=True,
    )
    page, _ = exporteur.from_notebook_node(
        carnet, {"metadata": {"name": titre, "path": str(chemin.parent)}}
    )
    (site / f"{nom_de_page(chemin)}.html").write_text(page, encoding="utf-8")
    return titre


def faire_sommaire(titres, site):
    liens = "\n".join(
        f'<li><a href="{html.escape(nom)}.html">{html.escape(titre)}</a></li>'
        for nom, titre in titres
    )
    (site / "index.html").write_text(
        f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Les mécanismes d’attention, en Java</title>
<style>
  body {{ font: 1.1rem/1.6 system-ui, sans-serif; }}
  main {{ max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }}
  ul {{ list-style: none; padding: 0; }}
</style>
</head>
<body>
<main>
<h1>Les mécanismes d’attention, en Java</h1>
<ul>
{liens}
</ul>
</main>
</body>
</html>
""",
        encoding="utf-8",
    )


def faire_site(carnets=CARNETS, site=SITE, mathjax=MATHJAX):
    composants = sorted(mathjax.rglob("tex-svg-full.js"))
    if not composants:
        sys.exit("✘ MathJax n’est pas dans target/mathjax : lancez mvn verify.")
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    shutil.copyfile(composants[-1], site / "mathjax.js")
    tous = sorted(carnets.glob("[0-9][0-9]-*.ipynb"))
    for sous_dossier in SOUS_DOSSIERS:
        tous += sorted((carnets / sous_dossier).glob("[0-9]-*.ipynb"))
    titres = [(nom_de_page(c), faire_page(c, site)) for c in tous]
    faire_sommaire(titres, site)
    return titres


if __name__ == "__main__":
    print(f"{len(faire_site())} pages dans {SITE}")
