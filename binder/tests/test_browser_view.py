"""La vue à explorer dans un navigateur : le clavier, la souris, les têtes, le thème sombre, des mots hostiles."""

import json
import re
import shutil
import time
import urllib.request
from contextlib import contextmanager

import nbformat
import pytest
from browser import KERNEL, address, code_of, open_page
from course_tools.paths import SITE
from course_tools.website import pages
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

pytestmark = pytest.mark.complete

# Le plus grand cas permis : 40 mots, 8 têtes ; des mots et un titre qui voudraient être du code ; un mot inconnu.
VIEW = """
import fr.cours.attention.layers.*;
import fr.cours.attention.math.RandomTensors;
import fr.cours.figures.*;
List<String> mots = new ArrayList<>(List.of("<script>window.piege=1</script>", "\\"l'autre\\"", "zèbre"));
for (int i = 4; i <= 40; i++) mots.add("mot" + i);
INDArray x = RandomTensors.normal(new Random(1), 1, 8, 40, 16);
INDArray w = new ScaledDotProductAttention().forward(x, x, x, AttentionMask.none()).weights();
AttentionView.of(HeadGrid.of(w, mots).title("Vue <img src=x onerror=window.piege=1>").unknown(Set.of(2)))
"""


def colors(element, property_name):
    """Une couleur calculée par le navigateur, en trois nombres."""
    stated = element.evaluate(f"e => getComputedStyle(e).{property_name}")
    return [float(n) for n in re.findall(r"[\d.]+", stated)][:3]


def contrast(a, b):
    def luminance(color):
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (x / 255 for x in color)
        ]
        return sum(p * c for p, c in zip((0.2126, 0.7152, 0.0722), linear)) + 0.05

    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return light / dark


def shown(query):
    """Les poids qu’un mot montre à l’instant, tels qu’ils sont écrits."""
    return query.evaluate(
        """e => [...e.querySelectorAll('text')]
          .filter(t => getComputedStyle(t).visibility === 'visible').map(t => t.textContent)"""
    )


def opacity(query):
    return query.locator("path").first.evaluate("e => getComputedStyle(e).opacity")


def judge_view(page, view, name):
    """Une vue dans un navigateur : le clavier, la souris, les têtes, ce qui s’en lit sans la voir."""
    tab = page.tab
    view.scroll_into_view_if_needed()
    heads, buttons = view.locator("g.h"), view.locator("input[type=radio]")
    assert heads.count() == buttons.count() >= 1
    assert [heads.nth(i).is_visible() for i in range(heads.count())] == [
        i == 0 for i in range(heads.count())
    ]
    background = colors(view, "backgroundColor")
    for element in [view.locator("b"), view.locator("label").first, view.locator("small"), view.locator("summary")]:
        assert contrast(colors(element, "color"), background) >= 4.5
    assert contrast(colors(view.locator("svg > text").first, "fill"), background) >= 4.5

    # Au clavier : des boutons au premier mot, qui montre ses poids et ses traits, et lui seul.
    buttons.first.focus()
    tab.keyboard.press("Tab")
    queries = heads.first.locator(".q")
    chosen = queries.first
    assert chosen.evaluate("e => e === document.activeElement")
    weights = shown(chosen)
    assert weights == re.findall(r"\d,\d\d", chosen.get_attribute("aria-label"))
    assert opacity(chosen) == "1"
    assert chosen.locator("rect").evaluate("e => getComputedStyle(e).stroke") != "none"
    page.photograph(f"{name}-clavier")
    tab.keyboard.press("Tab")
    assert shown(chosen) == []
    for other in queries.all()[1:2]:  # la lecture de la section 9 n’a qu’un mot
        assert shown(other)
        assert float(opacity(chosen)) < 0.2

    # À la souris, sur le mot.
    tab.evaluate("() => document.activeElement.blur()")
    queries.last.locator("rect").hover()
    assert shown(queries.last)
    tab.mouse.move(1, 1)

    # Les têtes se choisissent, au clavier aussi.
    buttons.first.focus()
    tab.keyboard.press("ArrowRight")
    if heads.count() > 1:
        assert heads.nth(1).is_visible() and not heads.first.is_visible()
        tab.keyboard.press("Tab")
        assert shown(heads.nth(1).locator(".q").first)
        page.photograph(f"{name}-autre-tete")
        buttons.first.check()

    # Le texte qui en tient lieu : une ligne par tête, cachée tant qu’on ne l’ouvre pas.
    lines = view.locator("details li")
    assert lines.count() == heads.count() and not lines.first.is_visible()
    view.locator("summary").focus()
    tab.keyboard.press("Enter")
    assert lines.first.is_visible() and "→" in lines.first.inner_text()
    tab.keyboard.press("Enter")


def judge_hostile_view(page, view):
    """Des mots qui voudraient être du code restent des mots."""
    assert page.tab.evaluate("() => window.piege") is None
    assert view.locator("script, img, a, link, object, iframe").count() == 0
    assert view.locator("svg > text").first.text_content() == "<script>window.pi…"
    assert view.locator("svg > text").nth(2).text_content() == "\"l'autre\""
    assert view.locator("b").inner_text() == "Vue <img src=x onerror=window.piege=1>"
    assert view.locator("path.u").count() == 1
    assert view.locator("g.h").count() == 8
    assert view.locator("g.h").first.locator(".q").count() == 40
    assert len(view.evaluate("e => e.outerHTML").encode()) < 150_000


@contextmanager
def view_notebook(course, page):
    """Un carnet neuf d’une cellule, ouvert ; le témoin d’inactivité y est allumé avant que le noyau ne réponde."""
    path = course.clone / "notebooks" / "99-vue.ipynb"
    notebook = new_notebook(cells=[new_markdown_cell("# 99. Vue"), new_code_cell(VIEW)])
    notebook.metadata["kernelspec"] = KERNEL
    nbformat.write(notebook, path)
    try:
        page.open_notebook(address(course, "lab/tree", path.name), 1)
        wait_for_kernel_of(course, path.name)
        yield path
    finally:
        path.unlink()


def wait_for_kernel_of(course, name):
    for _ in range(600):
        with urllib.request.urlopen(f"{course.address}api/sessions?token={course.token}") as reply:
            sessions = json.load(reply)
        for session in sessions:
            kernel = session["kernel"]
            if session["path"].endswith(name) and kernel["connections"]:
                if kernel["execution_state"] == "idle":
                    return
        time.sleep(0.2)
    raise AssertionError(f"le noyau de {name} ne répond pas")


def test_the_view_is_explored_in_jupyterlab_and_in_its_page(course, page, tmp_path):
    with view_notebook(course, page) as path:
        page.run_all()
        view = page.tab.locator("form.av")
        judge_hostile_view(page, view)
        judge_view(page, view, "vue-jupyterlab")
        assert page.outside(course.address, course.address.replace("http", "ws")) == []
        assert page.tab.locator(".jp-OutputArea-output img").count() == 0, "la vue, pas son image"
        page.choose(0, "docmanager:save")
        page.wait_for(
            "() => !document.querySelector('.jp-mod-dirty, .lm-TabBar-tab.jp-mod-dirty')"
        )
        saved = read_when(path, lambda c: any(s.get("data") for s in code_of(c)[0].outputs))
        output = code_of(saved)[0].outputs[0]
        assert {"text/html", "image/png", "text/plain"} <= output.data.keys()
        assert len("".join(output.data["text/html"]).encode()) < 150_000
        pages.make_page(path, tmp_path)
    shutil.copyfile(SITE / "mathjax.js", tmp_path / "mathjax.js")
    page.complaints.clear()  # celles de JupyterLab ne sont pas à nous ; la page, elle, ne doit en avoir aucune
    page.tab.context.set_offline(True)
    for theme in ("light", "dark"):
        page.tab.emulate_media(color_scheme=theme)
        page.tab.goto((tmp_path / "99-vue.html").as_uri())
        view = page.tab.locator("form.av")
        judge_hostile_view(page, view)
        judge_view(page, view, f"vue-page-{theme}")
    assert page.complaints == []


def read_when(path, ready):
    """Un carnet, une fois qu’il est enregistré comme on l’attend."""
    for _ in range(100):
        notebook = nbformat.read(path, as_version=4)
        if ready(notebook):
            return notebook
        time.sleep(0.2)
    raise AssertionError(f"{path.name} n’est pas enregistré")


def test_the_view_of_section_9_is_explored_in_its_page(page):
    open_page(page, "09-attention-interactive")
    view = page.tab.locator("form.av")
    assert view.count() == 1
    heads = [t.strip() for t in view.locator("label").all_inner_texts()]
    assert heads == ["lecture", "étage, tête 1", "étage, tête 2"]
    judge_view(page, view, "vue-section-9")
    reading = view.locator("g.h").first.locator(".q")
    assert reading.count() == 1, "seul l’adjectif lit"
    assert "« [noir] » → « chats »" in reading.get_attribute("aria-label")


def choose_dark_theme(page):
    page.tab.locator(".lm-MenuBar-item").nth(6).click()
    page.tab.locator('.lm-Menu-item[data-type="submenu"]').first.click()
    themes = page.tab.locator('.lm-Menu-item[data-command="apputils:change-theme"]')
    themes.filter(has_text="Dark").first.click()
    page.wait_for("() => document.body.dataset.jpThemeLight === 'false'")


# Après les autres : le thème reste dans les réglages du serveur.
def test_figures_are_readable_in_the_dark_theme(course, page):
    notebook = nbformat.read(course.clone / "notebooks" / "01-intuition.ipynb", as_version=4)
    page.open_notebook(address(course, "lab/tree", "01-intuition.ipynb"), len(code_of(notebook)))
    choose_dark_theme(page)
    image = page.tab.locator(".jp-OutputArea-output img").first
    image.scroll_into_view_if_needed()
    page.photograph("jupyterlab-sombre")
    corner = image.evaluate(
        """async image => {
          await image.decode();
          const canvas = new OffscreenCanvas(1, 1).getContext('2d');
          canvas.drawImage(image, 0, 0, 1, 1, 0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data];
        }"""
    )
    assert corner == [255, 255, 255, 255], "un fond transparent rendrait noir sur noir"


def test_the_view_is_explored_in_the_dark_theme(course, page):
    with view_notebook(course, page):
        choose_dark_theme(page)
        page.run_all()
        judge_view(page, page.tab.locator("form.av"), "vue-jupyterlab-sombre")


