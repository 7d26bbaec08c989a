"""Ce que les tests ont en commun : le paquet des commandes, un noyau partagé, le cours ouvert, un navigateur.

python -I -m pytest binder/tests lance les épreuves courtes (il faut la bibliothèque et le noyau : bash binder/ouvrir).
"""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # course_tools

from browser import Page, launch_chromium  # noqa: E402
from kernel_driver import start_kernel  # noqa: E402
from opened_course import open_course  # noqa: E402


@pytest.fixture(scope="session")
def shared_kernel():
    with start_kernel(stderr=subprocess.DEVNULL) as kernel:
        yield kernel


@pytest.fixture
def kernel(shared_kernel):
    """Le noyau que les tests partagent : ceux qui le tuent démarrent le leur."""
    assert shared_kernel.manager.is_alive()
    return shared_kernel


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    with open_course(tmp_path_factory.mktemp("nouveau")) as course:
        yield course


@pytest.fixture(scope="module")
def browser():
    with launch_chromium() as chromium:
        yield chromium


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    yield Page(context)
    context.close()
