"""Le code natif d’ND4J, déballé à l’installation dans le dossier du noyau."""

from types import SimpleNamespace

from course_tools.kernel import natives
from course_tools.kernel.jars import find_jars
from course_tools.paths import kernel_folder


def test_the_native_code_waits_unpacked_beside_the_kernel():
    folder, jars = kernel_folder() / "natives", find_jars()
    assert natives.is_filled(folder, jars)
    assert list(folder.glob("**/*nd4jcpu*")) and list(folder.glob("**/*openblas*"))


def test_native_code_of_another_version_is_forgotten(tmp_path):
    jars = [SimpleNamespace(name=n) for n in ("nd4j-2-linux-x86_64.jar", "nd4j-2.jar")]
    for name in ("nd4j-1-linux-x86_64.jar", "nd4j-2-linux-x86_64.jar"):
        (tmp_path / name).mkdir()
    assert not natives.is_filled(tmp_path, jars)
    natives.mark_filled(tmp_path, jars)
    assert natives.is_filled(tmp_path, jars)
    assert not natives.is_filled(tmp_path, jars[1:])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["filled", "nd4j-2-linux-x86_64.jar"]
