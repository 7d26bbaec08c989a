"""Un navigateur conduit par Playwright : un onglet, et ce qu’un lecteur y fait d’un carnet."""

import shutil
from contextlib import contextmanager

import pytest
from course_tools.paths import KERNEL_NAME, SITE, TARGET

# Ce que disent du noyau les métadonnées d’un carnet.
KERNEL = {
    "name": KERNEL_NAME,
    "display_name": "Java (cours sur l’attention)",
    "language": "java",
}
SCREENSHOTS = TARGET / "captures"

START_MAX, RUN_MAX = 180_000, 300_000  # millisecondes : larges, pour une machine occupée

CHROMIUM = (
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "chromium-browser",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
OPTIONS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    " --disable-sync --no-first-run"
).split()


@contextmanager
def launch_chromium():
    program = next((p for p in map(shutil.which, CHROMIUM) if p), None)
    if not program:
        pytest.skip("ni Chromium ni Chrome sur cette machine")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright n’est pas installé (binder/verifier --complet)"
    )
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, args=OPTIONS)
        yield chromium
        chromium.close()


class Page:
    """Un onglet, ce qu’il demande au réseau, et ce qu’on y fait d’un carnet."""

    def __init__(self, context):
        self.tab = context.new_page()
        self.tab.set_default_timeout(60_000)
        self.tab.on("dialog", lambda dialog: dialog.accept())
        self.requests = []
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.complaints = []
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))

    def outside(self, *here):
        """Les demandes qui quittent cette machine."""
        here = (*here, "data:", "blob:")
        return [d for d in self.requests if not d.startswith(here)]

    def open_notebook(self, address, cells):
        self.tab.goto(address, timeout=START_MAX)
        self.wait_for_notebook(cells)

    def wait_for_notebook(self, cells):
        """Attend que le noyau réponde et que toutes les cellules de code soient là."""
        self.wait_for_kernel(START_MAX)
        self.wait_for_cells(cells)

    def wait_for_kernel(self, timeout=RUN_MAX):
        self.tab.wait_for_selector(
            ".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=timeout
        )

    def wait_for_cells(self, count):
        self.wait_for(f"() => document.querySelectorAll('.jp-CodeCell').length === {count}")

    def wait_for(self, condition, timeout=RUN_MAX):
        try:
            self.tab.wait_for_function(condition, timeout=timeout, polling=200)
        except Exception:
            self.photograph("attente")
            raise

    def prompts(self):
        """Ce qui est écrit devant chaque cellule de code, cellules hors de l’écran comprises."""
        return self.tab.evaluate(f"() => {PROMPTS}")

    def choose(self, menu, command):
        """Choisit une entrée de menu par sa commande : son libellé dépend de la langue."""
        entry = self.tab.locator(f'.lm-Menu-item[data-command="{command}"]')
        self.tab.locator(".lm-MenuBar-item").nth(menu).click()
        entry.click()

    def run_all(self):
        """Efface les sorties, exécute tout, attend la fin : rien d’ancien ne passe pour neuf."""
        self.choose(1, "editmenu:clear-all")
        self.wait_for(f"() => {PROMPTS}.every(n => n === '[ ]:')")
        self.choose(3, "runmenu:run-all")
        self.wait_for_end()

    def wait_for_end(self):
        self.wait_for(rf"() => {PROMPTS}.every(n => /^\[\d+\]:$/.test(n))")
        self.wait_for_kernel()

    def outputs(self):
        """Le texte de chaque sortie, dans l’ordre."""
        return self.tab.evaluate(
            """() => [...document.querySelectorAll('.jp-OutputArea-output')]
              .map(e => e.textContent.trim())"""
        )

    def figures(self):
        """Chaque image du carnet, une fois décodée : sa description et ses tailles."""
        return self.tab.evaluate(
            """async () => {
              const images = [...document.querySelectorAll('.jp-OutputArea-output img')];
              await Promise.all(images.map(i => i.decode()));
              return images.map(i => ({alt: i.alt, width: i.width, height: i.height,
                naturalWidth: i.naturalWidth, naturalHeight: i.naturalHeight}));
            }"""
        )

    def photograph(self, name, **options):
        self.tab.screenshot(path=SCREENSHOTS / f"{name}.png", **options)


PROMPTS = (
    "[...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')]"
    ".map(e => e.textContent.trim())"
)


def address(course, where, name, port=None):
    """L’adresse d’un carnet dans une application, sans ce qui y était ouvert la fois d’avant."""
    root = f"http://127.0.0.1:{port}/" if port else course.address
    return f"{root}{where}/{name}?token={course.token}&reset"


def code_of(notebook):
    return [c for c in notebook.cells if c.cell_type == "code"]


def open_page(page, name):
    page.tab.context.set_offline(True)
    page.tab.goto((SITE / f"{name}.html").as_uri())
    page.tab.wait_for_load_state("load")
    if name != "index":
        page.tab.evaluate("() => MathJax.startup.promise")
