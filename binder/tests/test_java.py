"""Le Java du noyau : ce qu’on lui permet pour qu’il se taise."""

import os
import subprocess

import pytest
from course_tools.kernel.java import PERMISSIONS, find_java, permissions
from course_tools.kernel.kernel_spec import installed_jvm


def jvm(folder, script):
    java = folder / "java"
    java.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    java.chmod(0o755)
    return java


@pytest.mark.parametrize(
    ("script", "known"),
    [
        ("echo version >&2", PERMISSIONS),
        ("case $1 in --*) exit 1 ;; esac", []),
        ('case $1 in --sun*) echo "WARNING: inconnue" >&2 ;; --enable-final*) exit 1 ;; esac', PERMISSIONS[:1]),
    ],
)
def test_a_jvm_is_given_what_it_accepts_without_a_word(tmp_path, script, known):
    assert permissions(jvm(tmp_path, script)) == known
    assert permissions(tmp_path / "absente") == []


def test_the_installed_jvm_accepts_its_options_without_a_word():
    java, *options = installed_jvm()
    finished = subprocess.run([java, *options, "-version"], capture_output=True, text=True)
    warnings = [line for line in finished.stderr.splitlines() if line.startswith("WARNING")]
    assert finished.returncode == 0
    assert [w for w in warnings if "jdk.incubator.vector" not in w] == []
    assert os.access(find_java(), os.X_OK)
