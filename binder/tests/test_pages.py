"""Les pages se lisent sans réseau et sans voir."""

import re
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pages  # noqa: E402


@pytest.fixture
def site(tmp_path):
    carnets, site, mathjax = tmp_path / "notebooks", tmp_path / "site", tmp_path / "mathjax"
    carnets.mkdir()
    mathjax.mkdir()
    (mathjax / "tex-svg-full.js").write_text("// MathJax", encoding="utf-8")
    texte = "# L’attention\n\n$\\frac{q}{2}$, [suite](02-suite.ipynb#ici), [code](../lib/pom.xml)"
    sortie = new_output(
        "display_data",
        data={"image/png": "AAAA", "text/plain": "repli"},
        metadata={"image/png": {"alt": 'Carte « a » → "b"', "width": 400, "height": 300}},
    )
    muette = new_output("display_data", data={"image/png": "AAAA", "text/plain": "Carte 2 × 2"})
    cellules = [new_markdown_cell(texte), new_code_cell("int n = 1;", outputs=[sortie, muette])]
    nbformat.write(new_notebook(cells=cellules), carnets / "01-debut.ipynb")
    nbformat.write(
        new_notebook(cells=[new_markdown_cell("# Cours"), new_markdown_cell("# 2. Suite")]),
        carnets / "02-suite.ipynb",
    )
    pages.faire_site(carnets, site, mathjax)
    return site


def test_rien_ne_vient_du_reseau(site):
    for page in site.glob("*.html"):
        soupe = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        demandes = [
            e.get("src") or e.get("href")
            for e in soupe.select("script[src], link[href], img, iframe")
        ]
        assert all(d == "mathjax.js" or d.startswith("data:") for d in demandes), demandes
        for script in soupe.select("script:not([src])"):
            assert "http" not in script.text
        for style in soupe.select("style"):
            assert not re.search(r"url\(\s*['\"]?(https?:)?//", style.text)
    assert (site / "mathjax.js").is_file()


def test_chaque_image_se_dit_et_la_page_est_en_francais(site):
    soupe = BeautifulSoup((site / "01-debut.html").read_text(encoding="utf-8"), "html.parser")
    assert soupe.html["lang"] == "fr"
    assert soupe.title.text == "L’attention"
    premiere, seconde = soupe.select("img")
    assert premiere["alt"] == 'Carte « a » → "b"' and premiere["width"] == "400"
    assert seconde["alt"] == "Carte 2 × 2"


def test_le_sommaire_et_les_liens_menent_a_des_pages(site):
    sommaire = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert [(a["href"], a.text) for a in sommaire.select("a")] == [
        ("01-debut.html", "L’attention"),
        ("02-suite.html", "2. Suite"),
    ]
    page = (site / "01-debut.html").read_text(encoding="utf-8")
    assert 'href="02-suite.html#ici"' in page
    assert 'href="../../lib/pom.xml"' in page


@pytest.mark.parametrize("texte", ["README.md", "CONTRIBUTING.md"])
def test_aucun_lien_du_depot_ne_mene_nulle_part(texte):
    contenu = (pages.RACINE / texte).read_text(encoding="utf-8")
    liens = [lien for lien in re.findall(r"\]\(([^)#]+)", contenu) if "://" not in lien]
    assert liens or texte != "README.md"
    assert [lien for lien in liens if not (pages.RACINE / lien).exists()] == []
