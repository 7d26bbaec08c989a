"""Fait de chaque carnet une page, et un sommaire, dans target/site : lisibles sans réseau."""

import argparse
import html
import re
import shutil
import sys
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

from course_tools.notebooks.catalog import VERDICTS, all_notebooks, full_name
from course_tools.paths import JAVADOC, MATHJAX, NOTEBOOKS, SITE

# Un lien vers un autre carnet mène à sa page ; un lien vers le dépôt part de target/site.
# Les pages sont dans un seul dossier : celle d’exercices/2-masques.ipynb s’appelle exercices-2-masques.html.
TO_A_NOTEBOOK = re.compile(rf"\]\((?:\.\./)?(?:({'|'.join(VERDICTS)})/)?(\d\d?-[^)#/]+)\.ipynb")
TO_THE_REPOSITORY = re.compile(r"\]\(\.\./")


def linked_page(link):
    return "](" + "-".join(filter(None, link.groups())) + ".html"


def title_of(notebook, default):
    """Le titre numéroté du carnet (« # 2. … »), à défaut son premier titre."""
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    titles = re.findall(r"^# +(.+?) *$", text, re.MULTILINE)
    return next((t for t in titles if t[0].isdigit()), titles[0] if titles else default)


def make_page(path, site):
    """Écrit la page d’un carnet ; rend son titre."""
    notebook = nbformat.read(path, as_version=4)
    title = notebook.metadata["title"] = title_of(notebook, path.stem)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = TO_A_NOTEBOOK.sub(linked_page, cell.source)
            cell.source = TO_THE_REPOSITORY.sub("](../../", cell.source)
    exporter = HTMLExporter(
        extra_template_basedirs=[str(Path(__file__).parent)],
        template_name="template",
        language_code="fr",
        embed_images=True,
    )
    page, _ = exporter.from_notebook_node(
        notebook, {"metadata": {"name": title, "path": str(path.parent)}}
    )
    (site / f"{full_name(path)}.html").write_text(page, encoding="utf-8")
    return title


def make_index(titles, site):
    links = "\n".join(
        f'<li><a href="{html.escape(name)}.html">{html.escape(title)}</a></li>'
        for name, title in titles
    )
    javadoc = ""
    if (site / "javadoc" / "index.html").is_file():
        javadoc = '<p><a href="javadoc/index.html">Javadoc de la bibliothèque</a></p>\n'
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
{links}
</ul>
{javadoc}</main>
</body>
</html>
""",
        encoding="utf-8",
    )


def make_site(notebooks=NOTEBOOKS, site=SITE, mathjax=MATHJAX, javadoc=JAVADOC):
    """Écrit toutes les pages ; rend leurs noms et leurs titres. ``javadoc`` : les dossiers où elle peut être."""
    components = sorted(mathjax.rglob("tex-svg-full.js"))
    if not components:
        sys.exit("✘ MathJax n’est pas dans target/mathjax : lancez mvn verify.")
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    shutil.copyfile(components[-1], site / "mathjax.js")
    for folder in javadoc:
        if folder.is_dir():
            shutil.copytree(folder, site / "javadoc", dirs_exist_ok=True)
    titles = [(full_name(p), make_page(p, site)) for p in all_notebooks(notebooks)]
    make_index(titles, site)
    return titles


def main(arguments):
    argparse.ArgumentParser(prog="pages", description=__doc__).parse_args(arguments)
    print(f"{len(make_site())} pages dans {SITE}")
