"""Le cours dans un vrai navigateur : JupyterLab, Notebook 7, et les pages hors du réseau."""

import json
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time
import urllib.request
from contextlib import contextmanager

import nbformat
import pytest
from conftest import RACINE
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

sys.path.insert(0, str(RACINE / "binder"))

import pages  # noqa: E402

NOYAU = {
    "name": "attention-java",
    "display_name": "Java (cours sur l’attention)",
    "language": "java",
}
CAPTURES = RACINE / "target" / "captures"
SITE = RACINE / "target" / "site"
AXE = "axe-core@4.14.1"

DEMARRER, EXECUTER = 180_000, 300_000  # millisecondes : larges, pour une machine occupée

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


@pytest.fixture(scope="module")
def navigateur():
    programme = next((p for p in map(shutil.which, CHROMIUM) if p), None)
    if not programme:
        pytest.skip("ni Chromium ni Chrome sur cette machine")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright n’est pas installé (binder/verifier --complet)"
    )
    CAPTURES.mkdir(parents=True, exist_ok=True)
    with playwright.sync_playwright() as conducteur:
        chromium = conducteur.chromium.launch(executable_path=programme, args=OPTIONS)
        yield chromium
        chromium.close()


class Page:
    """Un onglet, ce qu’il demande au réseau, et ce qu’on y fait d’un carnet."""

    def __init__(self, contexte):
        self.onglet = contexte.new_page()
        self.onglet.set_default_timeout(60_000)
        self.onglet.on("dialog", lambda dialogue: dialogue.accept())
        self.demandes = []
        self.onglet.on("request", lambda demande: self.demandes.append(demande.url))
        self.plaintes = []
        self.onglet.on("pageerror", lambda erreur: self.plaintes.append(str(erreur)))

    def dehors(self, *ici):
        """Les demandes qui quittent cette machine."""
        ici = (*ici, "data:", "blob:")
        return [d for d in self.demandes if not d.startswith(ici)]

    def ouvrir_carnet(self, adresse, cellules):
        self.onglet.goto(adresse, timeout=DEMARRER)
        self.attendre_le_carnet(cellules)

    def attendre_le_carnet(self, cellules):
        """Attend que le noyau réponde et que toutes les cellules de code soient là."""
        self.attendre_le_noyau(DEMARRER)
        self.attendre_les_cellules(cellules)

    def attendre_le_noyau(self, delai=EXECUTER):
        self.onglet.wait_for_selector(
            ".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=delai
        )

    def attendre_les_cellules(self, combien):
        self.attendre(f"() => document.querySelectorAll('.jp-CodeCell').length === {combien}")

    def attendre(self, condition, delai=EXECUTER):
        try:
            self.onglet.wait_for_function(condition, timeout=delai, polling=200)
        except Exception:
            self.photographier("attente")
            raise

    def numeros(self):
        """Ce qui est écrit devant chaque cellule de code, cellules hors de l’écran comprises."""
        return self.onglet.evaluate(f"() => {NUMEROS}")

    def commander(self, menu, commande):
        """Choisit une entrée de menu par sa commande : son libellé dépend de la langue."""
        entree = self.onglet.locator(f'.lm-Menu-item[data-command="{commande}"]')
        self.onglet.locator(".lm-MenuBar-item").nth(menu).click()
        entree.click()

    def tout_executer(self):
        """Efface les sorties, exécute tout, attend la fin : rien d’ancien ne passe pour neuf."""
        self.commander(1, "editmenu:clear-all")
        self.attendre(f"() => {NUMEROS}.every(n => n === '[ ]:')")
        self.commander(3, "runmenu:run-all")
        self.attendre_la_fin()

    def attendre_la_fin(self):
        self.attendre(rf"() => {NUMEROS}.every(n => /^\[\d+\]:$/.test(n))")
        self.attendre_le_noyau()

    def sorties(self):
        """Le texte de chaque sortie, dans l’ordre."""
        return self.onglet.evaluate(
            """() => [...document.querySelectorAll('.jp-OutputArea-output')]
              .map(e => e.textContent.trim())"""
        )

    def figures(self):
        """Chaque image du carnet, une fois décodée : sa description et ses tailles."""
        return self.onglet.evaluate(
            """async () => {
              const images = [...document.querySelectorAll('.jp-OutputArea-output img')];
              await Promise.all(images.map(i => i.decode()));
              return images.map(i => ({alt: i.alt, width: i.width, height: i.height,
                large: i.naturalWidth, haute: i.naturalHeight}));
            }"""
        )

    def photographier(self, nom, **options):
        self.onglet.screenshot(path=CAPTURES / f"{nom}.png", **options)


NUMEROS = (
    "[...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')]"
    ".map(e => e.textContent.trim())"
)


@pytest.fixture
def page(navigateur):
    contexte = navigateur.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    yield Page(contexte)
    contexte.close()


def adresse(cours, ou, nom, port=None):
    """L’adresse d’un carnet dans une application, sans ce qui y était ouvert la fois d’avant."""
    racine = f"http://127.0.0.1:{port}/" if port else cours.adresse
    return f"{racine}{ou}/{nom}?token={cours.jeton}&reset"


def en_francais(cours):
    reglages = cours.clone / ".venv" / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    return "fr_FR" in reglages.read_text(encoding="utf-8")


def code_de(carnet):
    return [c for c in carnet.cells if c.cell_type == "code"]


def figures_gardees(carnet):
    return [
        s.metadata["image/png"]
        for c in code_de(carnet)
        for s in c.outputs
        if "image/png" in s.get("data", {})
    ]


def juger_le_carnet(page, carnet):
    """Ce que le lecteur voit après avoir tout exécuté est ce qui est gardé."""
    page.tout_executer()
    vues, gardees = page.figures(), figures_gardees(carnet)
    assert [v["alt"] for v in vues] == [g["alt"] for g in gardees]
    for vue, gardee in zip(vues, gardees):
        assert len(vue["alt"]) > 40
        assert (vue["width"], vue["height"]) == (gardee["width"], gardee["height"])
        assert vue["large"] >= vue["width"], "une figure agrandie serait floue"
        assert vue["large"] * vue["height"] == pytest.approx(vue["haute"] * vue["width"], rel=0.01)
    assert page.onglet.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    assert page.onglet.locator(".jp-mod-error, .MathJax_Error, mjx-merror").count() == 0


@pytest.mark.parametrize("numero", ["01", "02"])
def test_jupyterlab_execute_le_carnet(cours, page, numero):
    (chemin,) = (cours.clone / "notebooks").glob(f"{numero}-*.ipynb")
    carnet = nbformat.read(chemin, as_version=4)
    page.ouvrir_carnet(adresse(cours, "lab/tree", chemin.name), len(code_de(carnet)))
    juger_le_carnet(page, carnet)
    assert page.onglet.locator(".jp-KernelName").inner_text() == "Java (cours sur l’attention)"
    premier_menu = page.onglet.locator(".lm-MenuBar-item").first.inner_text()
    assert premier_menu == ("Fichier" if en_francais(cours) else "File")
    assert page.demandes and page.dehors(cours.adresse, cours.adresse.replace("http", "ws")) == []
    page.onglet.locator(".jp-OutputArea-output img").first.scroll_into_view_if_needed()
    page.photographier(f"jupyterlab-{numero}")


def test_notebook_7_execute_le_carnet(cours, page):
    (chemin,) = (cours.clone / "notebooks").glob("02-*.ipynb")
    carnet = nbformat.read(chemin, as_version=4)
    page.ouvrir_carnet(adresse(cours, "notebooks", chemin.name), len(code_de(carnet)))
    assert "/notebooks/" in page.onglet.url
    juger_le_carnet(page, carnet)
    page.photographier("notebook-7")


class Relais:
    """Une liaison entre le navigateur et le serveur, que l’on peut couper net."""

    def __init__(self, port):
        self.serveur = port
        self.ouvertes, self.coupe, self.verrou = [], False, threading.Lock()
        self.ecoute = socket.create_server(("127.0.0.1", 0))
        self.port = self.ecoute.getsockname()[1]
        threading.Thread(target=self.accueillir, daemon=True).start()

    def accueillir(self):
        while True:
            try:
                venue, _ = self.ecoute.accept()
            except OSError:
                return
            with self.verrou:
                if self.coupe:
                    venue.close()
                    continue
                allee = socket.create_connection(("127.0.0.1", self.serveur))
                self.ouvertes += [venue, allee]
            for de, vers in [(venue, allee), (allee, venue)]:
                threading.Thread(target=self.verser, args=(de, vers), daemon=True).start()

    @staticmethod
    def verser(de, vers):
        try:
            while octets := de.recv(65536):
                vers.sendall(octets)
        except OSError:
            pass
        fermer(de)
        fermer(vers)

    def couper(self):
        with self.verrou:
            self.coupe = True
            for liaison in self.ouvertes:
                fermer(liaison)
            self.ouvertes.clear()

    def retablir(self):
        with self.verrou:
            self.coupe = False


def fermer(liaison):
    try:
        liaison.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    liaison.close()


@pytest.fixture
def relais(cours):
    relais = Relais(cours.port)
    yield relais
    relais.couper()
    fermer(relais.ecoute)


@contextmanager
def carnet_qui_attend(cours, nom):
    """Un carnet dont la deuxième cellule attend un fichier, et ce fichier : le test la libère."""
    chemin = cours.clone / "notebooks" / f"{nom}.ipynb"
    feu_vert = cours.clone / "target" / f"{nom}.vert"
    attente = (
        f'while (!new java.io.File("{feu_vert}").exists()) Thread.sleep(50);\n'
        'System.out.println("passé");'
    )
    cellules = ['System.out.println("avant");', attente, "6 * 7"]
    carnet = new_notebook(cells=[new_code_cell(c) for c in cellules])
    carnet.metadata["kernelspec"] = NOYAU
    nbformat.write(carnet, chemin)
    try:
        yield chemin.name, feu_vert
    finally:
        chemin.unlink()
        feu_vert.unlink(missing_ok=True)


def numero_de(invite):
    return int(invite.strip("[]:"))


def lancer_et_attendre_au_milieu(page):
    page.commander(3, "runmenu:run-all")
    page.attendre(rf"() => /^\[\d+\]: \[\*\]: \[\*\]:$/.test({NUMEROS}.join(' '))")
    page.onglet.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=busy]")


def test_une_page_rechargee_en_pleine_execution_retrouve_son_noyau(cours, page):
    with carnet_qui_attend(cours, "rechargement") as (nom, feu_vert):
        page.ouvrir_carnet(adresse(cours, "lab/tree", nom), 3)
        lancer_et_attendre_au_milieu(page)
        avant = numero_de(page.numeros()[0])
        page.onglet.reload(timeout=DEMARRER)
        # Le noyau est toujours occupé par ce que la page d’avant a demandé.
        page.attendre_les_cellules(3)
        feu_vert.touch()
        page.attendre_le_noyau()
        page.tout_executer()
        assert page.sorties() == ["avant", "passé", "42"]
        # Le même noyau : il compte à la suite.
        assert numero_de(page.numeros()[0]) == avant + 3


def test_une_liaison_coupee_en_pleine_execution_ne_perd_rien(cours, page, relais):
    with carnet_qui_attend(cours, "coupure") as (nom, feu_vert):
        page.ouvrir_carnet(adresse(cours, "lab/tree", nom, relais.port), 3)
        lancer_et_attendre_au_milieu(page)
        relais.couper()
        page.onglet.wait_for_selector(
            ".jp-Notebook-ExecutionIndicator:not([data-status=busy])",
            timeout=EXECUTER,
            state="attached",
        )
        feu_vert.touch()
        relais.retablir()
        page.attendre_la_fin()
        assert page.sorties() == ["avant", "passé", "42"]
        page.tout_executer()
        assert page.sorties() == ["avant", "passé", "42"]


# --- La vue à explorer -------------------------------------------------------------------

# Le plus grand cas permis : 40 mots, 8 têtes ; des mots et un titre qui voudraient être du code ; un mot inconnu.
VUE = """
import fr.cours.attention.layers.*;
import fr.cours.attention.math.RandomTensors;
import fr.cours.figures.*;
List<String> mots = new ArrayList<>(List.of("<script>window.piege=1</script>", "\\"l'autre\\"", "zèbre"));
for (int i = 4; i <= 40; i++) mots.add("mot" + i);
INDArray x = RandomTensors.normal(new Random(1), 1, 8, 40, 16);
INDArray w = new ScaledDotProductAttention().forward(x, x, x, AttentionMask.none()).weights();
AttentionView.of(HeadGrid.of(w, mots).title("Vue <img src=x onerror=window.piege=1>").unknown(Set.of(2)))
"""


def couleurs(element, propriete):
    """Une couleur calculée par le navigateur, en trois nombres."""
    dite = element.evaluate(f"e => getComputedStyle(e).{propriete}")
    return [float(n) for n in re.findall(r"[\d.]+", dite)][:3]


def contraste(a, b):
    def luminance(couleur):
        lineaires = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (x / 255 for x in couleur)
        ]
        return sum(p * c for p, c in zip((0.2126, 0.7152, 0.0722), lineaires)) + 0.05

    clair, fonce = sorted((luminance(a), luminance(b)), reverse=True)
    return clair / fonce


def montres(requete):
    """Les poids qu’un mot montre à l’instant, tels qu’ils sont écrits."""
    return requete.evaluate(
        """e => [...e.querySelectorAll('text')]
          .filter(t => getComputedStyle(t).visibility === 'visible').map(t => t.textContent)"""
    )


def opacite(requete):
    return requete.locator("path").first.evaluate("e => getComputedStyle(e).opacity")


def juger_la_vue(page, vue, nom):
    """Une vue dans un navigateur : le clavier, la souris, les têtes, ce qui s’en lit sans la voir."""
    onglet = page.onglet
    vue.scroll_into_view_if_needed()
    tetes, boutons = vue.locator("g.h"), vue.locator("input[type=radio]")
    assert tetes.count() == boutons.count() >= 1
    assert [tetes.nth(i).is_visible() for i in range(tetes.count())] == [
        i == 0 for i in range(tetes.count())
    ]
    fond = couleurs(vue, "backgroundColor")
    for element in [vue.locator("b"), vue.locator("label").first, vue.locator("small"), vue.locator("summary")]:
        assert contraste(couleurs(element, "color"), fond) >= 4.5
    assert contraste(couleurs(vue.locator("svg > text").first, "fill"), fond) >= 4.5

    # Au clavier : des boutons au premier mot, qui montre ses poids et ses traits, et lui seul.
    boutons.first.focus()
    onglet.keyboard.press("Tab")
    requetes = tetes.first.locator(".q")
    choisie = requetes.first
    assert choisie.evaluate("e => e === document.activeElement")
    poids = montres(choisie)
    assert poids == re.findall(r"\d,\d\d", choisie.get_attribute("aria-label"))
    assert opacite(choisie) == "1"
    assert choisie.locator("rect").evaluate("e => getComputedStyle(e).stroke") != "none"
    page.photographier(f"{nom}-clavier")
    onglet.keyboard.press("Tab")
    assert montres(choisie) == []
    for autre in requetes.all()[1:2]:  # la lecture de la section 9 n’a qu’un mot
        assert montres(autre)
        assert float(opacite(choisie)) < 0.2

    # À la souris, sur le mot.
    onglet.evaluate("() => document.activeElement.blur()")
    requetes.last.locator("rect").hover()
    assert montres(requetes.last)
    onglet.mouse.move(1, 1)

    # Les têtes se choisissent, au clavier aussi.
    boutons.first.focus()
    onglet.keyboard.press("ArrowRight")
    if tetes.count() > 1:
        assert tetes.nth(1).is_visible() and not tetes.first.is_visible()
        onglet.keyboard.press("Tab")
        assert montres(tetes.nth(1).locator(".q").first)
        page.photographier(f"{nom}-autre-tete")
        boutons.first.check()

    # Le texte qui en tient lieu : une ligne par tête, cachée tant qu’on ne l’ouvre pas.
    lignes = vue.locator("details li")
    assert lignes.count() == tetes.count() and not lignes.first.is_visible()
    vue.locator("summary").focus()
    onglet.keyboard.press("Enter")
    assert lignes.first.is_visible() and "→" in lignes.first.inner_text()
    onglet.keyboard.press("Enter")


def juger_la_vue_hostile(page, vue):
    """Des mots qui voudraient être du code restent des mots."""
    assert page.onglet.evaluate("() => window.piege") is None
    assert vue.locator("script, img, a, link, object, iframe").count() == 0
    assert vue.locator("svg > text").first.text_content() == "<script>window.pi…"
    assert vue.locator("svg > text").nth(2).text_content() == "\"l'autre\""
    assert vue.locator("b").inner_text() == "Vue <img src=x onerror=window.piege=1>"
    assert vue.locator("path.u").count() == 1
    assert vue.locator("g.h").count() == 8
    assert vue.locator("g.h").first.locator(".q").count() == 40
    assert len(vue.evaluate("e => e.outerHTML").encode()) < 150_000


@contextmanager
def carnet_de_la_vue(cours, page):
    """Un carnet neuf d’une cellule, ouvert ; le témoin d’inactivité y est allumé avant que le noyau ne réponde."""
    chemin = cours.clone / "notebooks" / "99-vue.ipynb"
    carnet = new_notebook(cells=[new_markdown_cell("# 99. Vue"), new_code_cell(VUE)])
    carnet.metadata["kernelspec"] = NOYAU
    nbformat.write(carnet, chemin)
    try:
        page.ouvrir_carnet(adresse(cours, "lab/tree", chemin.name), 1)
        attendre_le_noyau_de(cours, chemin.name)
        yield chemin
    finally:
        chemin.unlink()


def attendre_le_noyau_de(cours, nom):
    for _ in range(600):
        with urllib.request.urlopen(f"{cours.adresse}api/sessions?token={cours.jeton}") as reponse:
            sessions = json.load(reponse)
        for session in sessions:
            noyau = session["kernel"]
            if session["path"].endswith(nom) and noyau["connections"]:
                if noyau["execution_state"] == "idle":
                    return
        time.sleep(0.2)
    raise AssertionError(f"le noyau de {nom} ne répond pas")


def test_la_vue_s_explore_dans_jupyterlab_et_dans_sa_page(cours, page, tmp_path):
    with carnet_de_la_vue(cours, page) as chemin:
        page.tout_executer()
        vue = page.onglet.locator("form.av")
        juger_la_vue_hostile(page, vue)
        juger_la_vue(page, vue, "vue-jupyterlab")
        assert page.dehors(cours.adresse, cours.adresse.replace("http", "ws")) == []
        assert page.onglet.locator(".jp-OutputArea-output img").count() == 0, "la vue, pas son image"
        page.commander(0, "docmanager:save")
        page.attendre(
            "() => !document.querySelector('.jp-mod-dirty, .lm-TabBar-tab.jp-mod-dirty')"
        )
        enregistre = lire_quand(chemin, lambda c: any(s.get("data") for s in code_de(c)[0].outputs))
        sortie = code_de(enregistre)[0].outputs[0]
        assert {"text/html", "image/png", "text/plain"} <= sortie.data.keys()
        assert len("".join(sortie.data["text/html"]).encode()) < 150_000
        pages.faire_page(chemin, tmp_path)
    shutil.copyfile(SITE / "mathjax.js", tmp_path / "mathjax.js")
    page.plaintes.clear()  # celles de JupyterLab ne sont pas à nous ; la page, elle, ne doit en avoir aucune
    page.onglet.context.set_offline(True)
    for theme in ("light", "dark"):
        page.onglet.emulate_media(color_scheme=theme)
        page.onglet.goto((tmp_path / "99-vue.html").as_uri())
        vue = page.onglet.locator("form.av")
        juger_la_vue_hostile(page, vue)
        juger_la_vue(page, vue, f"vue-page-{theme}")
    assert page.plaintes == []


def lire_quand(chemin, pret):
    """Un carnet, une fois qu’il est enregistré comme on l’attend."""
    for _ in range(100):
        carnet = nbformat.read(chemin, as_version=4)
        if pret(carnet):
            return carnet
        time.sleep(0.2)
    raise AssertionError(f"{chemin.name} n’est pas enregistré")


def test_la_vue_de_la_section_9_s_explore_dans_sa_page(page):
    ouvrir_page(page, "09-attention-interactive")
    vue = page.onglet.locator("form.av")
    assert vue.count() == 1
    tetes = [t.strip() for t in vue.locator("label").all_inner_texts()]
    assert tetes == ["lecture", "étage, tête 1", "étage, tête 2"]
    juger_la_vue(page, vue, "vue-section-9")
    lecture = vue.locator("g.h").first.locator(".q")
    assert lecture.count() == 1, "seul l’adjectif lit"
    assert "« [noir] » → « chats »" in lecture.get_attribute("aria-label")


# Après les autres : le thème reste dans les réglages du serveur.
def test_les_figures_se_lisent_aussi_dans_le_theme_sombre(cours, page):
    carnet = nbformat.read(cours.clone / "notebooks" / "01-intuition.ipynb", as_version=4)
    page.ouvrir_carnet(adresse(cours, "lab/tree", "01-intuition.ipynb"), len(code_de(carnet)))
    page.onglet.locator(".lm-MenuBar-item").nth(6).click()
    page.onglet.locator('.lm-Menu-item[data-type="submenu"]').first.click()
    sombre = '.lm-Menu-item[data-command="apputils:change-theme"]'
    page.onglet.locator(sombre).filter(has_text="Dark").first.click()
    page.attendre("() => document.body.dataset.jpThemeLight === 'false'")
    image = page.onglet.locator(".jp-OutputArea-output img").first
    image.scroll_into_view_if_needed()
    page.photographier("jupyterlab-sombre")
    coin = image.evaluate(
        """async image => {
          await image.decode();
          const toile = new OffscreenCanvas(1, 1).getContext('2d');
          toile.drawImage(image, 0, 0, 1, 1, 0, 0, 1, 1);
          return [...toile.getImageData(0, 0, 1, 1).data];
        }"""
    )
    assert coin == [255, 255, 255, 255], "un fond transparent rendrait noir sur noir"


def test_la_vue_s_explore_aussi_dans_le_theme_sombre(cours, page):
    with carnet_de_la_vue(cours, page):
        page.attendre("() => document.body.dataset.jpThemeLight === 'false'")
        page.tout_executer()
        juger_la_vue(page, page.onglet.locator("form.av"), "vue-jupyterlab-sombre")


def test_le_serveur_ne_se_plaint_d_aucune_erreur(cours):
    dit = cours.journal.read_text(encoding="utf-8")
    assert not re.search(r"^\[[EC] |Traceback", dit, re.MULTILINE), dit[-3000:]


# --- Les pages ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """axe-core, pris de npm dans un dossier temporaire."""
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("npm n’est pas là, d’où vient axe-core")
    dossier = tmp_path_factory.mktemp("axe")
    pris = subprocess.run(
        [npm, "pack", AXE, "--silent", "--fetch-retries=1", f"--cache={dossier / 'cache'}"],
        cwd=dossier,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    archives = list(dossier.glob("axe-core-*.tgz"))
    if pris.returncode or not archives:
        pytest.skip(f"npm ne donne pas {AXE} : {pris.stderr.strip()[-200:]}")
    with tarfile.open(archives[0]) as archive:
        return archive.extractfile("package/axe.min.js").read().decode("utf-8")


def ouvrir_page(page, nom):
    page.onglet.context.set_offline(True)
    page.onglet.goto((SITE / f"{nom}.html").as_uri())
    page.onglet.wait_for_load_state("load")
    if nom != "index":
        page.onglet.evaluate("() => MathJax.startup.promise")


NOMS = ["index", *sorted(c.stem for c in (RACINE / "notebooks").glob("[0-9][0-9]-*.ipynb"))]


@pytest.mark.parametrize("nom", NOMS)
def test_la_page_se_lit_hors_du_reseau(page, nom):
    ouvrir_page(page, nom)
    ici = SITE.as_uri() + "/"
    assert page.dehors(ici) == []
    demandes = [d.removeprefix(ici) for d in page.demandes if d.startswith(ici)]
    assert demandes == ([f"{nom}.html"] if nom == "index" else [f"{nom}.html", "mathjax.js"])
    assert page.plaintes == []
    figures, formules = page.onglet.evaluate(
        """async () => {
          const images = [...document.images];
          await Promise.all(images.map(i => i.decode()));
          const formules = [...document.querySelectorAll('mjx-container')];
          return [images.map(i => ({alt: i.alt, large: i.naturalWidth, width: i.width})),
            formules.map(f => f.querySelector('svg')?.getBoundingClientRect().width ?? 0)];
        }"""
    )
    assert all(f["alt"] and 0 < f["width"] <= f["large"] for f in figures), figures
    assert all(largeur > 0 for largeur in formules)
    fautes = page.onglet.locator('mjx-merror, [data-mjx-error], g[data-mml-node="merror"]')
    assert fautes.count() == 0
    if nom != "index":
        carnet = nbformat.read(RACINE / "notebooks" / f"{nom}.ipynb", as_version=4)
        # Une vue à explorer (HTML) y tient la place de l’image qui la remplace ailleurs.
        images = [
            s
            for c in code_de(carnet)
            for s in c.outputs
            if "image/png" in (donnees := s.get("data", {})) and "text/html" not in donnees
        ]
        assert len(figures) >= len(images)
        prose = "".join(c.source for c in carnet.cells if c.cell_type == "markdown")
        assert bool(formules) == ("$" in prose)
    large, vue = page.onglet.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert large <= vue, "la page déborde de l’écran"
    page.photographier(f"page-{nom}")


@pytest.mark.parametrize("nom", NOMS)
def test_la_page_n_a_pas_de_faute_grave_d_accessibilite(page, axe, nom):
    ouvrir_page(page, nom)
    page.onglet.evaluate(axe)
    fautes = page.onglet.evaluate(
        """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
          .filter(v => ['serious', 'critical'].includes(v.impact))
          .map(v => [v.id, v.nodes.length, v.help, v.nodes[0].html.slice(0, 200),
            v.nodes[0].failureSummary].join(' ; '))"""
    )
    assert fautes == [], "\n".join(fautes)
