"""La vie du noyau : mémoire épuisée, journal, arrêt, redémarrage, parent qui meurt."""

import subprocess
import sys

import psutil
from kernel_driver import NAME, failure, start_kernel, wait_for_message


def test_an_exhausted_heap_leaves_the_kernel_alive():
    with start_kernel() as kernel:
        _, text = failure(
            kernel, "List<byte[]> tout = new ArrayList<>();\nwhile (true) tout.add(new byte[1 << 20]);"
        )
        assert "mémoire épuisée ; ce noyau dispose de" in text
        assert "redémarrez le noyau" in text
        assert kernel.printed('System.out.println("vivant");') == "vivant\n"
        kernel.run("tout = null;")
        assert kernel.result("new byte[100 << 20].length") == str(100 << 20)
        _, text = failure(
            kernel, "var tous = new ArrayList<INDArray>();\nwhile (true) tous.add(Nd4j.ones(1 << 25));"
        )
        assert "en tout, tableaux ND4J compris" in text
        kernel.run("tous = null;")
        assert kernel.result("Nd4j.ones(2).length()") == "2"


def test_the_jvm_is_the_direct_child_and_its_log_is_silent(tmp_path):
    log = tmp_path / "journal"
    with log.open("wb") as output, start_kernel(stdout=output, stderr=output) as kernel:
        assert psutil.Process(kernel.pid).name().startswith("java")
        kernel.run('Nd4j.rand(4, 4).mmul(Nd4j.eye(4)); System.err.println("pour la cellule");')
        kernel.run("null.echec();")
        kernel.client.shutdown()
        kernel.manager.provisioner.process.wait(30)
    assert log.read_text() == ""


def test_shutdown_and_restart_do_not_wait_for_a_busy_cell():
    with start_kernel() as kernel:
        request_id = kernel.client.execute('{ System.out.println("parti"); while (true) { } }')
        wait_for_message(kernel, request_id, "stream")
        kernel.client.shutdown(restart=True)
        kernel.manager.provisioner.process.wait(15)
        kernel.manager.restart_kernel(now=True)
        kernel.client.wait_for_ready(timeout=30)
        assert kernel.result("1 + 1") == "2"


def test_the_kernel_ends_with_its_parent():
    parent = subprocess.Popen(
        [
            sys.executable,
            "-I",
            "-c",
            "import time\n"
            "from jupyter_client.manager import start_new_kernel\n"
            f"manager, client = start_new_kernel(kernel_name={NAME!r})\n"
            "print(manager.provisioner.process.pid, flush=True)\n"
            "time.sleep(60)\n",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    kernel = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    try:
        kernel.wait(30)
    finally:
        if kernel.is_running():
            kernel.kill()
