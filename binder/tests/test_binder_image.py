"""L’image que Binder ferait : postBuild dans un environnement qui n’a que ce que disent ses fichiers."""

import json
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
import yaml
from course_tools.paths import ROOT, kernel_folder
from fresh_machine import (
    bounded_memory,
    copy_course,
    environment,
    programs,
    resident_memory,
    run_command,
    stop,
)

pytestmark = pytest.mark.complete

TWO_GIGABYTES = 2 * 2**30


def test_the_environment_is_what_the_course_needs():
    said = yaml.safe_load((ROOT / "binder" / "environment.yml").read_text(encoding="utf-8"))
    assert said["channels"] == ["conda-forge"]
    *packages, pip = said["dependencies"]
    assert [p.split("=")[0] for p in packages] == ["python", "openjdk", "maven", "pip"]
    assert "openjdk=17" in packages
    assert pip == {"pip": ["-r requirements.txt"]}


def test_post_build_is_a_strict_script():
    file = ROOT / "binder" / "postBuild"
    assert file.stat().st_mode & 0o111
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """Une copie neuve, un dossier personnel vide, python, java et mvn : puis postBuild."""
    base = tmp_path_factory.mktemp("image")
    clone = copy_course(base / "cours")
    prefix, home, temporary = base / "conda", base / "jovyan", base / "tmp"
    home.mkdir()
    temporary.mkdir()
    subprocess.run([sys.executable, "-m", "venv", prefix], check=True, timeout=120)
    tools = programs(base / "programmes", "java", "javac", "mvn")
    env = environment([prefix / "bin", tools], home, TMPDIR=str(temporary))
    # Ce que conda ferait d’environment.yml : pip, depuis le dossier de ce fichier.
    installation = (
        'source binder/prepare.sh; use_environment "$0" "$0/bin/python"; tune_pip;'
        " cd binder; pip install -r requirements.txt"
    )
    code, said = run_command(["bash", "-c", installation, prefix], 900, cwd=clone, env=env)
    assert code == 0, said[-3000:]
    code, said = run_command([clone / "binder" / "postBuild"], 1500, cwd=clone, env=env)
    assert code == 0, said[-6000:]
    yield SimpleNamespace(clone=clone, prefix=prefix, home=home, tmp=temporary, env=env)
    shutil.rmtree(base, ignore_errors=True)


def test_the_kernel_is_in_the_environment(image):
    specification = kernel_folder(image.prefix) / "kernel.json"
    assert json.loads(specification.read_text(encoding="utf-8"))["language"] == "java"
    assert not (image.clone / ".venv").exists()
    assert (image.prefix / "share/jupyter/labextensions/cours-attention/package.json").is_file()
    settings = json.loads(
        (image.prefix / "share/jupyter/lab/settings/overrides.json").read_text(encoding="utf-8")
    )
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_natives_are_unpacked_and_the_maven_repository_is_gone(image):
    natives = kernel_folder(image.prefix) / "natives"
    assert list(natives.glob("**/libnd4jcpu.so" if sys.platform == "linux" else "*/*"))
    assert not (image.home / ".javacpp").exists()
    assert not list(image.home.glob(".m2/repository/*"))
    leftovers = [p.name for p in image.tmp.iterdir() if not p.name.startswith("hsperfdata")]
    assert leftovers == []


def test_nothing_depends_on_the_processor_that_built(image):
    kernel = kernel_folder(image.prefix)
    texts = [
        p.read_text(encoding="utf-8")
        for p in [kernel / "kernel.json", *kernel.glob("jars-*/options")]
    ]
    assert len(texts) == 2
    for text in texts:
        assert not re.search(
            r"CORETYPE|avx|UseAVX|march|NUM_THREADS|ActiveProcessorCount", text, re.IGNORECASE
        )
    natives = [p.name for p in [*kernel.glob("jars-*/*"), *kernel.glob("natives/*")]]
    assert natives and not [n for n in natives if "avx" in n]


# Le serveur, un noyau qui a calculé et reste ouvert, puis le premier carnet dans un second noyau.
SESSION = """
import subprocess, sys
from jupyter_client.manager import start_new_kernel
server = subprocess.Popen(
    [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
     "--ServerApp.port=0", "--Application.log_level=ERROR"])
manager, client = start_new_kernel(kernel_name="attention-java", startup_timeout=120)
try:
    status = client.execute_interactive(
        "org.nd4j.linalg.factory.Nd4j.ones(512, 512).mmul(org.nd4j.linalg.factory.Nd4j.ones(512, 512)).sumNumber()",
        timeout=120, output_hook=lambda message: None)["content"]["status"]
    code = subprocess.run([sys.executable, "-I", "binder/course_tools", "verify", "01"], timeout=600).returncode
    holds = status == "ok" and manager.is_alive() and server.poll() is None
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    server.terminate()
    server.wait(timeout=30)
sys.exit(0 if code == 0 and holds else 1)
"""


def test_two_kernels_and_the_server_fit_in_two_gigabytes(image):
    with bounded_memory(TWO_GIGABYTES) as bounded:
        child = subprocess.Popen(
            [*bounded, str(image.prefix / "bin" / "python"), "-c", SESSION],
            cwd=image.clone,
            env=image.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            with resident_memory(child) as peak:
                said, _ = child.communicate(timeout=900)
        finally:
            stop(child)
    assert child.returncode == 0, said[-3000:]
    assert 2**28 < peak[0] < TWO_GIGABYTES, f"{peak[0] / 2**20:.0f} Mo"
    print(
        f"{peak[0] / 2**20:.0f} Mo résidents, {'bornés par le système' if bounded else 'mesurés seulement'}"
    )
