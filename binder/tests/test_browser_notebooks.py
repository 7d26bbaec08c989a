"""Le cours dans JupyterLab et Notebook 7 : on y exécute un carnet, on recharge la page, on coupe la liaison."""

import socket
import threading
from contextlib import contextmanager

import nbformat
import pytest
from browser import KERNEL, PROMPTS, START_MAX, RUN_MAX, address, code_of
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.complete


def in_french(course):
    settings = course.clone / ".venv" / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    return "fr_FR" in settings.read_text(encoding="utf-8")


def kept_figures(notebook):
    return [
        s.metadata["image/png"]
        for c in code_of(notebook)
        for s in c.outputs
        if "image/png" in s.get("data", {})
    ]


def judge_notebook(page, notebook):
    """Ce que le lecteur voit après avoir tout exécuté est ce qui est gardé."""
    page.run_all()
    seen, kept = page.figures(), kept_figures(notebook)
    assert [v["alt"] for v in seen] == [g["alt"] for g in kept]
    for view, wanted in zip(seen, kept):
        assert len(view["alt"]) > 40
        assert (view["width"], view["height"]) == (wanted["width"], wanted["height"])
        assert view["naturalWidth"] >= view["width"], "une figure agrandie serait floue"
        stretched = view["naturalWidth"] * view["height"]
        assert stretched == pytest.approx(view["naturalHeight"] * view["width"], rel=0.01)
    assert page.tab.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    assert page.tab.locator(".jp-mod-error, .MathJax_Error, mjx-merror").count() == 0


@pytest.mark.parametrize("number", ["01", "02"])
def test_jupyterlab_runs_the_notebook(course, page, number):
    (path,) = (course.clone / "notebooks").glob(f"{number}-*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    page.open_notebook(address(course, "lab/tree", path.name), len(code_of(notebook)))
    judge_notebook(page, notebook)
    assert page.tab.locator(".jp-KernelName").inner_text() == "Java (cours sur l’attention)"
    first_menu = page.tab.locator(".lm-MenuBar-item").first.inner_text()
    assert first_menu == ("Fichier" if in_french(course) else "File")
    assert page.requests and page.outside(course.address, course.address.replace("http", "ws")) == []
    page.tab.locator(".jp-OutputArea-output img").first.scroll_into_view_if_needed()
    page.photograph(f"jupyterlab-{number}")


def test_notebook_7_runs_the_notebook(course, page):
    (path,) = (course.clone / "notebooks").glob("02-*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    page.open_notebook(address(course, "notebooks", path.name), len(code_of(notebook)))
    assert "/notebooks/" in page.tab.url
    judge_notebook(page, notebook)
    page.photograph("notebook-7")


class Relay:
    """Une liaison entre le navigateur et le serveur, que l’on peut couper net."""

    def __init__(self, port):
        self.server = port
        self.opened, self.cut, self.lock = [], False, threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.welcome, daemon=True).start()

    def welcome(self):
        while True:
            try:
                inward, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                if self.cut:
                    inward.close()
                    continue
                outward = socket.create_connection(("127.0.0.1", self.server))
                self.opened += [inward, outward]
            for source, target in [(inward, outward), (outward, inward)]:
                threading.Thread(target=self.pour, args=(source, target), daemon=True).start()

    @staticmethod
    def pour(source, target):
        try:
            while content := source.recv(65536):
                target.sendall(content)
        except OSError:
            pass
        close(source)
        close(target)

    def sever(self):
        with self.lock:
            self.cut = True
            for connection in self.opened:
                close(connection)
            self.opened.clear()

    def reconnect(self):
        with self.lock:
            self.cut = False


def close(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


@pytest.fixture
def relay(course):
    relay = Relay(course.port)
    yield relay
    relay.sever()
    close(relay.listener)


@contextmanager
def waiting_notebook(course, name):
    """Un carnet dont la deuxième cellule attend un fichier, et ce fichier : le test la libère."""
    path = course.clone / "notebooks" / f"{name}.ipynb"
    green_light = course.clone / "target" / f"{name}.vert"
    waiting = (
        f'while (!new java.io.File("{green_light}").exists()) Thread.sleep(50);\n'
        'System.out.println("passé");'
    )
    cells = ['System.out.println("avant");', waiting, "6 * 7"]
    notebook = new_notebook(cells=[new_code_cell(c) for c in cells])
    notebook.metadata["kernelspec"] = KERNEL
    nbformat.write(notebook, path)
    try:
        yield path.name, green_light
    finally:
        path.unlink()
        green_light.unlink(missing_ok=True)


def number_of(prompt):
    return int(prompt.strip("[]:"))


def start_and_wait_midway(page):
    page.choose(3, "runmenu:run-all")
    page.wait_for(rf"() => /^\[\d+\]: \[\*\]: \[\*\]:$/.test({PROMPTS}.join(' '))")
    page.tab.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=busy]")


def test_a_page_reloaded_midway_finds_its_kernel_again(course, page):
    with waiting_notebook(course, "rechargement") as (name, green_light):
        page.open_notebook(address(course, "lab/tree", name), 3)
        start_and_wait_midway(page)
        before = number_of(page.prompts()[0])
        page.tab.reload(timeout=START_MAX)
        # Le noyau est toujours occupé par ce que la page d’avant a demandé.
        page.wait_for_cells(3)
        green_light.touch()
        page.wait_for_kernel()
        page.run_all()
        assert page.outputs() == ["avant", "passé", "42"]
        # Le même noyau : il compte à la suite.
        assert number_of(page.prompts()[0]) == before + 3


def test_a_connection_cut_midway_loses_nothing(course, page, relay):
    with waiting_notebook(course, "coupure") as (name, green_light):
        page.open_notebook(address(course, "lab/tree", name, relay.port), 3)
        start_and_wait_midway(page)
        relay.sever()
        page.tab.wait_for_selector(
            ".jp-Notebook-ExecutionIndicator:not([data-status=busy])",
            timeout=RUN_MAX,
            state="attached",
        )
        green_light.touch()
        relay.reconnect()
        page.wait_for_end()
        assert page.outputs() == ["avant", "passé", "42"]
        page.run_all()
        assert page.outputs() == ["avant", "passé", "42"]
