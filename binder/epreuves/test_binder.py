"""L’image que Binder ferait : postBuild dans un environnement qui n’a que ce que disent ses fichiers."""

import json
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
import yaml
from conftest import (
    RACINE,
    copier_le_cours,
    environnement,
    lancer,
    arreter,
    memoire_bornee,
    memoire_resident,
    programmes,
)

DEUX_GIGAS = 2 * 2**30


def test_l_environnement_est_ce_que_le_cours_demande():
    dit = yaml.safe_load((RACINE / "binder" / "environment.yml").read_text(encoding="utf-8"))
    assert dit["channels"] == ["conda-forge"]
    *paquets, pip = dit["dependencies"]
    assert [p.split("=")[0] for p in paquets] == ["python", "openjdk", "maven", "pip"]
    assert "openjdk=17" in paquets
    assert pip == {"pip": ["-r requirements.txt"]}


def test_post_build_est_un_script_strict():
    fichier = RACINE / "binder" / "postBuild"
    assert fichier.stat().st_mode & 0o111
    lignes = fichier.read_text(encoding="utf-8").splitlines()
    assert lignes[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lignes


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """Une copie neuve, un dossier personnel vide, python, java et mvn : puis postBuild."""
    base = tmp_path_factory.mktemp("image")
    clone = copier_le_cours(base / "cours")
    prefixe, maison, temporaire = base / "conda", base / "jovyan", base / "tmp"
    maison.mkdir()
    temporaire.mkdir()
    subprocess.run([sys.executable, "-m", "venv", prefixe], check=True, timeout=120)
    outils = programmes(base / "programmes", "java", "javac", "mvn")
    env = environnement([prefixe / "bin", outils], maison, TMPDIR=str(temporaire))
    # Ce que conda ferait d’environment.yml : pip, depuis le dossier de ce fichier.
    installation = 'source binder/preparer; loger_dans "$0" "$0/bin/python"; regler_pip; cd binder; pip install -r requirements.txt'
    code, dit = lancer(["bash", "-c", installation, prefixe], 900, cwd=clone, env=env)
    assert code == 0, dit[-3000:]
    code, dit = lancer([clone / "binder" / "postBuild"], 1500, cwd=clone, env=env)
    assert code == 0, dit[-6000:]
    yield SimpleNamespace(clone=clone, prefixe=prefixe, maison=maison, tmp=temporaire, env=env)
    shutil.rmtree(base, ignore_errors=True)


def test_le_noyau_est_dans_l_environnement(image):
    specification = image.prefixe / "share/jupyter/kernels/attention-java/kernel.json"
    assert json.loads(specification.read_text(encoding="utf-8"))["language"] == "java"
    assert not (image.clone / ".venv").exists()
    assert (image.prefixe / "share/jupyter/labextensions/cours-attention/package.json").is_file()
    reglages = json.loads(
        (image.prefixe / "share/jupyter/lab/settings/overrides.json").read_text(encoding="utf-8")
    )
    assert reglages["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_les_natifs_sont_deballes_et_le_depot_maven_rendu(image):
    assert list(
        image.maison.glob(
            ".javacpp/cache/**/libnd4jcpu.so" if sys.platform == "linux" else ".javacpp/cache/*"
        )
    )
    assert not list(image.maison.glob(".m2/repository/*"))
    restes = [p.name for p in image.tmp.iterdir() if not p.name.startswith("hsperfdata")]
    assert restes == []


def test_rien_ne_depend_du_processeur_qui_a_construit(image):
    noyau = image.prefixe / "share/jupyter/kernels/attention-java"
    textes = [
        p.read_text(encoding="utf-8")
        for p in [noyau / "kernel.json", *noyau.glob("jars-*/options")]
    ]
    assert len(textes) == 2
    for texte in textes:
        assert not re.search(
            r"CORETYPE|avx|UseAVX|march|NUM_THREADS|ActiveProcessorCount", texte, re.IGNORECASE
        )
    natifs = [p.name for p in [*noyau.glob("jars-*/*"), *image.maison.glob(".javacpp/cache/*")]]
    assert natifs and not [n for n in natifs if "avx" in n]


# Le serveur, un noyau qui a calculé et reste ouvert, puis le premier carnet dans un second noyau.
SEANCE = """
import subprocess, sys
from jupyter_client.manager import start_new_kernel
serveur = subprocess.Popen(
    [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
     "--ServerApp.port=0", "--Application.log_level=ERROR"])
gestion, dialogue = start_new_kernel(kernel_name="attention-java", startup_timeout=120)
try:
    fait = dialogue.execute_interactive(
        "org.nd4j.linalg.factory.Nd4j.ones(512, 512).mmul(org.nd4j.linalg.factory.Nd4j.ones(512, 512)).sumNumber()",
        timeout=120, output_hook=lambda message: None)["content"]["status"]
    code = subprocess.run([sys.executable, "binder/carnets.py", "verifier", "01"], timeout=600).returncode
    tient = fait == "ok" and gestion.is_alive() and serveur.poll() is None
finally:
    dialogue.stop_channels()
    gestion.shutdown_kernel(now=True)
    serveur.terminate()
    serveur.wait(timeout=30)
sys.exit(0 if code == 0 and tient else 1)
"""


def test_deux_noyaux_et_le_serveur_tiennent_dans_deux_gigaoctets(image):
    with memoire_bornee(DEUX_GIGAS) as borne:
        enfant = subprocess.Popen(
            [*borne, str(image.prefixe / "bin" / "python"), "-c", SEANCE],
            cwd=image.clone,
            env=image.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            with memoire_resident(enfant) as sommet:
                dit, _ = enfant.communicate(timeout=900)
        finally:
            arreter(enfant)
    assert enfant.returncode == 0, dit[-3000:]
    assert 2**28 < sommet[0] < DEUX_GIGAS, f"{sommet[0] / 2**20:.0f} Mo"
    print(
        f"{sommet[0] / 2**20:.0f} Mo résidents, {'bornés par le système' if borne else 'mesurés seulement'}"
    )
