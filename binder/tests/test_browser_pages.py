"""Les pages de target/site dans un navigateur, hors du réseau, et ce qu’axe-core en pense."""

import shutil
import subprocess
import tarfile

import nbformat
import pytest
from browser import code_of, open_page
from course_tools.paths import NOTEBOOKS, SITE

pytestmark = pytest.mark.complete

AXE = "axe-core@4.14.1"


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """axe-core, pris de npm dans un dossier temporaire."""
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("npm n’est pas là, d’où vient axe-core")
    folder = tmp_path_factory.mktemp("axe")
    fetched = subprocess.run(
        [npm, "pack", AXE, "--silent", "--fetch-retries=1", f"--cache={folder / 'cache'}"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    archives = list(folder.glob("axe-core-*.tgz"))
    if fetched.returncode or not archives:
        pytest.skip(f"npm ne donne pas {AXE} : {fetched.stderr.strip()[-200:]}")
    with tarfile.open(archives[0]) as archive:
        return archive.extractfile("package/axe.min.js").read().decode("utf-8")


PAGE_NAMES = ["index", *sorted(c.stem for c in NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))]


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_the_page_is_read_without_network(page, name):
    open_page(page, name)
    here = SITE.as_uri() + "/"
    assert page.outside(here) == []
    requests = [d.removeprefix(here) for d in page.requests if d.startswith(here)]
    assert requests == ([f"{name}.html"] if name == "index" else [f"{name}.html", "mathjax.js"])
    assert page.complaints == []
    figures, formulas = page.tab.evaluate(
        """async () => {
          const images = [...document.images];
          await Promise.all(images.map(i => i.decode()));
          const formules = [...document.querySelectorAll('mjx-container')];
          return [images.map(i => ({alt: i.alt, large: i.naturalWidth, width: i.width})),
            formules.map(f => f.querySelector('svg')?.getBoundingClientRect().width ?? 0)];
        }"""
    )
    assert all(f["alt"] and 0 < f["width"] <= f["large"] for f in figures), figures
    assert all(largeur > 0 for largeur in formulas)
    faults = page.tab.locator('mjx-merror, [data-mjx-error], g[data-mml-node="merror"]')
    assert faults.count() == 0
    if name != "index":
        notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
        # Une vue à explorer (HTML) y tient la place de l’image qui la remplace ailleurs.
        images = [
            s
            for c in code_of(notebook)
            for s in c.outputs
            if "image/png" in (data := s.get("data", {})) and "text/html" not in data
        ]
        assert len(figures) >= len(images)
        prose = "".join(c.source for c in notebook.cells if c.cell_type == "markdown")
        assert bool(formulas) == ("$" in prose)
    wide, view = page.tab.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= view, "la page déborde de l’écran"
    page.photograph(f"page-{name}")


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_the_page_has_no_serious_accessibility_fault(page, axe, name):
    open_page(page, name)
    page.tab.evaluate(axe)
    faults = page.tab.evaluate(
        """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
          .filter(v => ['serious', 'critical'].includes(v.impact))
          .map(v => [v.id, v.nodes.length, v.help, v.nodes[0].html.slice(0, 200),
            v.nodes[0].failureSummary].join(' ; '))"""
    )
    assert faults == [], "\n".join(faults)
