"""Installer le noyau : sous un autre chemin, après une reconstruction, avec une archive abîmée, pour un autre JDK."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from course_tools.kernel.class_archive import works
from course_tools.kernel.jars import find_jars
from course_tools.kernel.kernel_spec import environment, installed_jvm
from course_tools.paths import KERNEL_NAME, PACKAGE, kernel_folder
from kernel_driver import interrupt, start_kernel


def install(prefix, **environment):
    """Installe le noyau sous un autre préfixe ; rend le dossier des noyaux."""
    subprocess.run(
        [sys.executable, "-I", PACKAGE, "install-kernel", "--prefixe", prefix],
        check=True,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
    return kernel_folder(prefix).parent


def test_accents_survive_an_empty_locale_and_an_accented_path(tmp_path):
    kernels = install(tmp_path / "un élève, ici")
    no_locale = {
        name: value for name, value in os.environ.items() if not name.startswith(("LANG", "LC_"))
    }
    with start_kernel(kernels, env={**no_locale, "LANG": ""}) as kernel:
        assert kernel.printed('System.out.println("où ça, à Noël ? 0123 € 漢 🎓");') == (
            "où ça, à Noël ? 0123 € 漢 🎓\n"
        )
        assert kernel.result('String.format("%.2f", 1234.5)') == "1234,50"
        assert kernel.result('new java.io.File("né").getPath().length()') == "2"


def test_the_environment_file_goes_into_the_kernel(tmp_path):
    file = tmp_path / "environment"
    file.write_text("# pourquoi\nA=1\n\nB=c=d\n", encoding="utf-8")
    assert environment(file) == {"A": "1", "B": "c=d"}
    installed = json.loads((kernel_folder() / "kernel.json").read_text(encoding="utf-8"))["env"]
    assert installed == environment() and "MALLOC_TRIM_THRESHOLD_" in installed


def test_a_rebuild_leaves_a_running_kernel_alone(tmp_path):
    kernels = install(tmp_path)
    folder = kernels / KERNEL_NAME
    before = (folder / "kernel.json").read_text()
    install(tmp_path)
    assert (folder / "kernel.json").read_text() == before
    (first_jars,) = folder.glob("jars-*")
    # Une autre construction : une date différente suffit.
    jar = find_jars()[0]
    state = jar.stat()
    try:
        os.utime(jar, (state.st_atime, state.st_mtime + 1))
        install(tmp_path)
    finally:
        os.utime(jar, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert (folder / "kernel.json").read_text() != before
    assert first_jars.is_dir()
    assert len(list(folder.glob("jars-*"))) == 2
    assert not list(folder.glob(".*"))


def test_the_kernel_starts_from_the_class_archive_and_without_it(tmp_path):
    kernels = install(tmp_path)
    folder = kernels / KERNEL_NAME
    (archive,) = folder.glob("jars-*/classes-*.jsa")
    argv = json.loads((folder / "kernel.json").read_text())["argv"]
    assert f"-XX:SharedArchiveFile={archive}" in argv
    jvm = installed_jvm(tmp_path)
    loaded = subprocess.run(
        [*jvm, "-Xlog:class+load", "fr.cours.kernel.KernelLauncher"],
        capture_output=True,
        text=True,
    ).stdout
    assert re.search(r"kernel\.KernelLauncher source: shared objects file \(top\)", loaded)

    half = tmp_path / "demi.jsa"
    half.write_bytes(archive.read_bytes()[:1_000_000])
    java, options = jvm[:2]
    assert works(java, options, archive)
    assert not works(java, options, half)
    archive.unlink()
    log = tmp_path / "journal"
    with log.open("wb") as output, start_kernel(kernels, stdout=output, stderr=output) as kernel:
        assert kernel.result("1 + 1") == "2"
    assert log.read_text() == ""


def recent_jdk():
    """Rend le dossier d'un JDK 21 ou plus récent, None s'il n'y en a pas."""
    for java in sorted(Path("/usr/lib/jvm").glob("*/bin/java")) if os.name == "posix" else []:
        output = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
        found = re.search(r'version "(\d+)', output)
        if found and int(found.group(1)) >= 21:
            return java.parent.parent
    return None


def test_a_recent_jdk_runs_the_course(tmp_path):
    jdk = recent_jdk()
    if jdk is None:
        pytest.skip("aucun JDK 21 ou plus récent sur cette machine")
    kernels = install(tmp_path / "prefixe", JAVA_HOME=str(jdk))
    log = tmp_path / "journal"
    with log.open("wb") as output, start_kernel(kernels, stdout=output, stderr=output) as kernel:
        assert int(kernel.result("Runtime.version().feature()")) >= 21
        weights = kernel.result(
            "INDArray x = Nd4j.ones(1, 3, 4);\n"
            "Math.round(new ScaledDotProductAttention().forward(x, x, x, AttentionMask.none())"
            ".weights().sumNumber().doubleValue())"
        )
        assert weights == "3"
        code = '{ System.out.println("parti"); while (true) { } }'
        message = interrupt(kernel, code, asked=5)
        assert "redémarrez le noyau" in message
        assert kernel.result("1 + 1") == "2"
    assert log.read_text() == ""
