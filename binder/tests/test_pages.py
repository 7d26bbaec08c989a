"""Les pages se lisent sans réseau et sans voir."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from course_tools.paths import NOTEBOOKS, ROOT
from course_tools.website import pages
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output


@pytest.fixture
def site(tmp_path):
    notebooks, site, mathjax = tmp_path / "notebooks", tmp_path / "site", tmp_path / "mathjax"
    notebooks.mkdir()
    mathjax.mkdir()
    (mathjax / "tex-svg-full.js").write_text("// MathJax", encoding="utf-8")
    text = "# L’attention\n\n$\\frac{q}{2}$, [suite](02-suite.ipynb#ici), [code](../lib/pom.xml)"
    output = new_output(
        "display_data",
        data={"image/png": "AAAA", "text/plain": "repli"},
        metadata={"image/png": {"alt": 'Carte « a » → "b"', "width": 400, "height": 300}},
    )
    silent = new_output("display_data", data={"image/png": "AAAA", "text/plain": "Carte 2 × 2"})
    cells = [new_markdown_cell(text), new_code_cell("int n = 1;", outputs=[output, silent])]
    nbformat.write(new_notebook(cells=cells), notebooks / "01-debut.ipynb")
    nbformat.write(
        new_notebook(cells=[new_markdown_cell("# Cours"), new_markdown_cell("# 2. Suite")]),
        notebooks / "02-suite.ipynb",
    )
    javadoc = tmp_path / "apidocs"
    javadoc.mkdir()
    (javadoc / "index.html").write_text("<!DOCTYPE html>", encoding="utf-8")
    pages.make_site(notebooks, site, mathjax, [javadoc, tmp_path / "nulle-part"])
    return site


def test_nothing_comes_from_the_network(site):
    for page in site.glob("*.html"):
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        requests = [
            e.get("src") or e.get("href")
            for e in soup.select("script[src], link[href], img, iframe")
        ]
        assert all(d == "mathjax.js" or d.startswith("data:") for d in requests), requests
        for script in soup.select("script:not([src])"):
            assert "http" not in script.text
        for style in soup.select("style"):
            assert not re.search(r"url\(\s*['\"]?(https?:)?//", style.text)
    assert (site / "mathjax.js").is_file()


def test_every_image_is_described_and_the_page_is_french(site):
    soup = BeautifulSoup((site / "01-debut.html").read_text(encoding="utf-8"), "html.parser")
    assert soup.html["lang"] == "fr"
    assert soup.title.text == "L’attention"
    first, second = soup.select("img")
    assert first["alt"] == 'Carte « a » → "b"' and first["width"] == "400"
    assert second["alt"] == "Carte 2 × 2"


def test_the_index_and_the_links_lead_to_pages(site):
    index = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert [(a["href"], a.text) for a in index.select("a")] == [
        ("01-debut.html", "L’attention"),
        ("02-suite.html", "2. Suite"),
        ("javadoc/index.html", "Javadoc de la bibliothèque"),
    ]
    assert (site / "javadoc" / "index.html").is_file()
    page = (site / "01-debut.html").read_text(encoding="utf-8")
    assert 'href="02-suite.html#ici"' in page
    assert 'href="../../lib/pom.xml"' in page


def test_without_javadoc_the_index_has_no_link_to_it(tmp_path):
    pages.make_index([], tmp_path)
    assert "javadoc" not in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("[a](02-a.ipynb#b)", "[a](02-a.html#b)"),
        ("[a](../02-a.ipynb)", "[a](02-a.html)"),
        ("[a](exercices/2-b.ipynb)", "[a](exercices-2-b.html)"),
        ("[a](../corriges/2-b.ipynb)", "[a](corriges-2-b.html)"),
    ],
)
def test_a_link_leads_to_the_page(link, page):
    assert pages.TO_A_NOTEBOOK.sub(pages.linked_page, link) == page


@pytest.mark.parametrize("text", ["README.md", "CONTRIBUTING.md"])
def test_every_link_of_the_repository_leads_somewhere(text):
    content = (ROOT / text).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", content) if "://" not in link]
    assert links or text != "README.md"
    assert [link for link in links if not (ROOT / link).exists()] == []


# Ce que cite un texte : « lib/… », « binder/… » entre accents graves, sans étoile ni place à remplir.
QUOTED_PATH = re.compile(r"`((?:lib|binder|notebooks)/[\w./-]+)`")


def test_every_path_that_a_text_names_is_there():
    texts = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *NOTEBOOKS.rglob("*.ipynb")]
    named = {
        (text.name, path)
        for text in texts
        for path in QUOTED_PATH.findall(text.read_text(encoding="utf-8"))
        if "/target/" not in path and "/NN-" not in path  # ce qui se fabrique, ce qui est à écrire
    }
    assert len(named) > 5
    assert [name for name in sorted(named) if not (ROOT / name[1]).exists()] == []
