"""Le noyau installé, conduit comme Jupyter le conduit : chaque faute guérie a son test."""

import json
import os
import queue
import re
import subprocess
import sys
import time
import uuid
from pathlib import Path

import psutil
import pytest
import zmq
from conftest import demarrer

RACINE = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(RACINE / "binder"))

import installer_noyau  # noqa: E402

# ------------------------------------------------------------------ ce qui s'imprime


def test_every_printed_line_arrives_then_idle(noyau):
    texte = noyau.imprime("for (int i = 0; i < 20_000; i++) System.out.println(i);")
    assert texte.split() == [str(i) for i in range(20_000)]


def test_fifty_megabytes_arrive(noyau):
    noyau.executer('String ligne = "é".repeat(262_143);')
    texte = noyau.imprime("for (int i = 0; i < 100; i++) System.out.println(ligne);")
    assert len(texte.encode()) == 100 * (2 * 262_143 + 1)


def test_lines_of_several_threads_stay_whole(noyau):
    texte = noyau.imprime(
        "Thread[] fils = new Thread[4];\n"
        "for (int t = 0; t < 4; t++) {\n"
        "    int n = t;\n"
        '    fils[t] = new Thread(() -> { for (int i = 0; i < 2_000; i++) System.out.println("fil " + n + " ligne " + i); });\n'
        "    fils[t].start();\n"
        "}\n"
        "for (Thread fil : fils) fil.join();"
    )
    attendues = sorted(f"fil {t} ligne {i}" for t in range(4) for i in range(2_000))
    assert sorted(texte.splitlines()) == attendues


def test_outputs_come_in_the_order_of_the_program(noyau):
    sorties = noyau.executer(
        'System.out.print("a"); System.err.print("b"); System.out.print("c");\n'
        'display("d");\nSystem.out.print("e");\n"résultat"'
    ).sorties
    lues = [s.contenu.get("text") or s.contenu["data"]["text/plain"] for s in sorties]
    assert lues == ["a", "b", "c", "d", "e", "résultat"]


def test_printing_is_not_one_message_per_line(noyau):
    sorties = noyau.executer("for (int i = 0; i < 1_000; i++) System.out.println(i);").sorties
    assert len(sorties) < 50


def test_output_shows_while_the_cell_runs(noyau):
    identifiant = noyau.client.execute('System.out.println("tôt"); Thread.sleep(1500);')
    debut = time.monotonic()
    while True:
        message = noyau.client.get_iopub_msg(timeout=5)
        if message["msg_type"] == "stream":
            break
    assert message["content"]["text"] == "tôt\n"
    assert time.monotonic() - debut < 1.2
    attendre_reponse(noyau, identifiant)


# ------------------------------------------------------------------ ce qui se montre


def test_display_leaves_no_identifier_behind(noyau):
    for fin in ("", ";"):
        sorties = noyau.executer("display(42)" + fin).sorties
        assert [s.genre for s in sorties] == ["display_data"]


def test_a_display_can_be_updated(noyau):
    sorties = noyau.executer('String id = display("un");\nupdateDisplay(id, "deux");').sorties
    assert [s.genre for s in sorties] == ["display_data", "update_display_data"]
    assert (
        sorties[0].contenu["transient"]["display_id"] == sorties[1].contenu["transient"]["display_id"]
    )


def test_printf_leaves_no_stream_behind(noyau):
    sorties = noyau.executer('System.out.printf("%.2f", 0.7)').sorties
    assert [s.genre for s in sorties] == ["stream"]
    assert sorties[0].contenu["text"] == "0,70"


def test_output_can_be_cleared(noyau):
    sorties = noyau.executer('System.out.print("a"); clearOutput(); clearOutput(true);').sorties
    assert [s.genre for s in sorties] == ["stream", "clear_output", "clear_output"]
    assert [s.contenu["wait"] for s in sorties[1:]] == [False, True]


@pytest.mark.parametrize(
    ("derniere", "genre"), [("figure", "execute_result"), ("display(figure)", "display_data")]
)
def test_a_figure_shows_as_image_with_its_description(noyau, derniere, genre):
    noyau.executer('Figure figure = new Figure(new byte[] {1, 2, 3}, 10, 20, "Une carte, « là »");')
    (sortie,) = noyau.executer(derniere).sorties
    assert sortie.genre == genre
    assert sortie.contenu["data"] == {"image/png": "AQID", "text/plain": "Une carte, « là »"}
    assert sortie.contenu["metadata"] == {
        "image/png": {"width": 10, "height": 20, "alt": "Une carte, « là »"}
    }


def test_a_cell_can_ask_a_question(noyau):
    identifiant = noyau.client.execute("new Scanner(System.in).nextLine()", allow_stdin=True)
    assert noyau.client.get_stdin_msg(timeout=10)["msg_type"] == "input_request"
    noyau.client.input("réponse")
    while (message := noyau.client.get_iopub_msg(timeout=10))["msg_type"] != "execute_result":
        pass
    assert message["content"]["data"]["text/plain"] == "réponse"
    attendre_reponse(noyau, identifiant)


# ------------------------------------------------------------------ ce qui échoue


def erreur(noyau, code):
    """Exécute une cellule qui doit échouer ; rend son numéro, et ce qu'elle montre sans couleur."""
    execution = noyau.executer(code)
    assert execution.statut == "error"
    (sortie,) = [s for s in execution.sorties if s.genre == "error"]
    for cle in ("ename", "evalue", "traceback"):
        assert sortie.contenu[cle] == execution.reponse[cle]
        assert sortie.contenu[cle]
    texte = "\n".join(sortie.contenu["traceback"])
    return execution.reponse["execution_count"], texte.replace("\x1b[1;31m", "").replace("\x1b[0m", "")


def test_an_exception_shows_its_message_and_the_cell_own_lines(noyau):
    premiere = noyau.executer("int inverse(int x) {\n    return 1 / x;\n}").reponse["execution_count"]
    numero, texte = erreur(noyau, "// essai\nint n = 0;\n\nfor (int i = 0; i < 2; i++) {\n    inverse(n);\n}")
    assert numero == premiere + 1
    assert texte.splitlines() == [
        "ArithmeticException : / by zero",
        f"    cellule [{premiere}], ligne 2 : return 1 / x;",
        f"    cellule [{numero}], ligne 5 : inverse(n);",
    ]


def test_an_exception_of_the_library_speaks_french(noyau):
    numero, texte = erreur(noyau, "new ScaledDotProductAttention(-1.0)")
    assert "IllegalArgumentException : " in texte
    assert f"cellule [{numero}], ligne 1" in texte
    assert len(texte.splitlines()) == 2


def test_the_cause_is_told(noyau):
    _, texte = erreur(noyau, 'throw new RuntimeException("dessus", new Exception("dessous"));')
    assert "Cause : Exception : dessous" in texte


@pytest.mark.parametrize(
    ("code", "ligne"),
    [("int a = 1;\nfoo bar;", "foo bar;"), ('int a = 1;\n\nint b = "x";', 'int b = "x";')],
)
def test_a_compile_error_says_where(noyau, code, ligne):
    _, texte = erreur(noyau, code)
    assert texte.startswith(f"Erreur de compilation : ligne {len(code.splitlines())} : ")
    assert ligne in texte


def test_unfinished_code_is_told(noyau):
    _, texte = erreur(noyau, "int a = 1;\nfor (;;) {")
    assert "code inachevé à partir de la ligne 2" in texte


def test_an_error_in_to_string_leaves_the_kernel_alive(noyau):
    _, texte = erreur(
        noyau, 'new Object() { public String toString() { throw new Error("illisible"); } }'
    )
    assert texte.startswith("Error : illisible")
    assert noyau.resultat("1 + 1") == "2"


def test_deep_recursion_leaves_the_kernel_alive(noyau):
    _, texte = erreur(noyau, "int r(int n) { return 1 + r(n + 1); }\nr(0)")
    assert texte.startswith("StackOverflowError : ")
    assert len(texte.splitlines()) < 10
    assert noyau.resultat("1 + 1") == "2"


def test_cells_queued_behind_a_failure_are_aborted(noyau):
    premiere = noyau.client.execute("Thread.sleep(500); null.echec();")
    suivantes = [noyau.client.execute(f"int suite{i} = {i};") for i in range(3)]
    assert attendre_reponse(noyau, premiere)["status"] == "error"
    assert [attendre_reponse(noyau, s)["status"] for s in suivantes] == ["aborted"] * 3
    assert noyau.resultat("1 + 1") == "2"
    assert noyau.executer("suite0").statut == "error"


def test_the_queue_goes_on_when_asked(noyau):
    premiere = noyau.client.execute("Thread.sleep(500); null.echec();", stop_on_error=False)
    suivante = noyau.client.execute("int malgreTout = 1;")
    assert attendre_reponse(noyau, premiere)["status"] == "error"
    assert attendre_reponse(noyau, suivante)["status"] == "ok"


# ------------------------------------------------------------------ interruption


def interrompre(noyau, code, apres=0.7, delai=10):
    """Lance une cellule, l'interrompt, et rend le texte de son erreur et la durée d'arrêt."""
    identifiant = noyau.client.execute(code)
    time.sleep(apres)
    debut = time.monotonic()
    noyau.gestionnaire.interrupt_kernel()
    reponse = attendre_reponse(noyau, identifiant, delai)
    assert reponse["status"] == "error"
    return reponse["evalue"], time.monotonic() - debut


def test_interrupt_stops_a_waiting_cell(noyau):
    message, duree = interrompre(noyau, "Thread.sleep(60_000);")
    assert message == "calcul interrompu"
    assert duree < 1


def test_interrupt_stops_a_loop_of_the_library(noyau):
    message, duree = interrompre(
        noyau,
        "var attention = new ScaledDotProductAttention();\n"
        "INDArray x = Nd4j.rand(2, 128, 64);\n"
        "while (true) attention.forward(x, x, x, AttentionMask.none());",
        apres=2,
    )
    assert message == "calcul interrompu"
    assert duree < 2


def test_interrupt_stops_endless_printing(noyau):
    message, duree = interrompre(noyau, 'while (true) System.out.println("encore");')
    assert message == "calcul interrompu"
    assert duree < 2
    assert noyau.resultat("1 + 1") == "2"


def test_interrupt_stops_a_loop_that_does_not_listen(noyau):
    message, duree = interrompre(noyau, "long n = 0; while (true) n++;")
    assert message == "calcul interrompu"
    assert duree < 5
    processus = psutil.Process(noyau.pid)
    processus.cpu_percent()
    time.sleep(0.5)
    assert processus.cpu_percent() < 50


def test_interrupt_aborts_the_queue(noyau):
    identifiant = noyau.client.execute("Thread.sleep(60_000);")
    suivante = noyau.client.execute("1 + 1")
    time.sleep(0.5)
    noyau.gestionnaire.interrupt_kernel()
    assert attendre_reponse(noyau, identifiant)["status"] == "error"
    assert attendre_reponse(noyau, suivante)["status"] == "aborted"


# ------------------------------------------------------------------ ce que demande l'interface


def attendre_reponse(noyau, identifiant, delai=30):
    """Rend le contenu de la réponse à cette demande."""
    fin = time.monotonic() + delai
    while time.monotonic() < fin:
        try:
            message = noyau.client.get_shell_msg(timeout=0.2)
        except queue.Empty:
            continue
        if message["parent_header"].get("msg_id") == identifiant:
            return message["content"]
    raise TimeoutError(f"pas de réponse en {delai} s")


def test_history_is_answered(noyau):
    noyau.executer("int pourHistoire = 1;")
    client = noyau.client
    entrees = attendre_reponse(noyau, client.history(hist_access_type="tail", n=1))["history"]
    session, numero, code = entrees[0]
    assert code == "int pourHistoire = 1;"
    plage = client.history(
        hist_access_type="range", session=session, start=numero, stop=numero + 1
    )
    assert attendre_reponse(noyau, plage)["history"] == entrees
    recherche = client.history(hist_access_type="search", pattern="*Histoire*", n=5)
    assert attendre_reponse(noyau, recherche)["history"] == entrees


def test_what_runs_behind_the_scenes_takes_no_number(noyau):
    avant = noyau.executer("1 + 1").reponse["execution_count"]
    noyau.executer("2 + 2", store_history=False)
    assert noyau.executer("3 + 3").reponse["execution_count"] == avant + 1


def test_library_classes_complete(noyau):
    reponse = attendre_reponse(noyau, noyau.client.complete("ScaledDot"))
    assert reponse["matches"] == ["ScaledDotProductAttention"]
    assert (reponse["cursor_start"], reponse["cursor_end"]) == (0, 9)
    code = "new ScaledDotProductAttention().forw"
    assert attendre_reponse(noyau, noyau.client.complete(code))["matches"] == ["forward("]


def test_library_classes_can_be_inspected(noyau):
    code = "new MultiHeadAttention("
    for curseur in (10, len(code)):
        reponse = attendre_reponse(noyau, noyau.client.inspect(code, curseur))
        assert reponse["found"]
        assert "int numHeads" in reponse["data"]["text/plain"]


def test_a_browser_that_comes_back_is_answered(noyau):
    """La même identité se connecte alors que l'ancienne liaison n'est pas encore tombée."""
    client = noyau.client
    identite = uuid.uuid4().hex.encode()
    contexte = zmq.Context()
    sockets = []
    try:
        for tour in range(2):
            sockets.append(contexte.socket(zmq.DEALER))
            sockets[-1].linger = 0
            sockets[-1].identity = identite
            sockets[-1].connect(noyau.gestionnaire._make_url("shell"))
            client.session.send(sockets[-1], "kernel_info_request")
            assert sockets[-1].poll(3_000), f"sans réponse à la connexion {tour + 1}"
    finally:
        contexte.destroy(linger=0)


# ------------------------------------------------------------------ la vie du noyau


def test_an_exhausted_heap_leaves_the_kernel_alive():
    with demarrer() as noyau:
        _, texte = erreur(
            noyau, "List<byte[]> tout = new ArrayList<>();\nwhile (true) tout.add(new byte[1 << 20]);"
        )
        assert "mémoire épuisée ; ce noyau dispose de" in texte
        assert "redémarrez le noyau" in texte
        assert noyau.imprime('System.out.println("vivant");') == "vivant\n"
        noyau.executer("tout = null;")
        assert noyau.resultat("new byte[100 << 20].length") == str(100 << 20)
        _, texte = erreur(
            noyau, "var tous = new ArrayList<INDArray>();\nwhile (true) tous.add(Nd4j.ones(1 << 25));"
        )
        assert "en tout, tableaux ND4J compris" in texte
        noyau.executer("tous = null;")
        assert noyau.resultat("Nd4j.ones(2).length()") == "2"


def test_the_jvm_is_the_direct_child_and_its_log_is_silent(tmp_path):
    journal = tmp_path / "journal"
    with journal.open("wb") as sortie, demarrer(stdout=sortie, stderr=sortie) as noyau:
        assert psutil.Process(noyau.pid).name().startswith("java")
        noyau.executer('Nd4j.rand(4, 4).mmul(Nd4j.eye(4)); System.err.println("pour la cellule");')
        noyau.executer("null.echec();")
        noyau.client.shutdown()
        noyau.gestionnaire.provisioner.process.wait(10)
    assert journal.read_text() == ""


def test_shutdown_and_restart_do_not_wait_for_a_busy_cell():
    with demarrer() as noyau:
        noyau.client.execute("while (true) { }")
        time.sleep(1)
        noyau.client.shutdown(restart=True)
        noyau.gestionnaire.provisioner.process.wait(3)
        noyau.gestionnaire.restart_kernel(now=True)
        noyau.client.wait_for_ready(timeout=30)
        assert noyau.resultat("1 + 1") == "2"


def test_the_kernel_ends_with_its_parent():
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, sys, time\n"
            "from jupyter_client.manager import start_new_kernel\n"
            f"gestionnaire, client = start_new_kernel(kernel_name={os.environ.get('NOYAU', 'attention-java')!r})\n"
            "print(gestionnaire.provisioner.process.pid, flush=True)\n"
            "time.sleep(60)\n",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    noyau = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    try:
        noyau.wait(8)
    finally:
        if noyau.is_running():
            noyau.kill()


# ------------------------------------------------------------------ d'autres machines


def installer(prefixe, **environnement):
    """Installe le noyau sous un autre préfixe ; rend le dossier des noyaux."""
    subprocess.run(
        [sys.executable, RACINE / "binder" / "installer_noyau.py", "--prefixe", prefixe],
        check=True,
        env={**os.environ, **environnement},
        stdout=subprocess.DEVNULL,
    )
    return prefixe / "share" / "jupyter" / "kernels"


def test_accents_survive_an_empty_locale_and_an_accented_path(tmp_path):
    noyaux = installer(tmp_path / "un élève, ici")
    sans_locale = {
        nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("LANG", "LC_"))
    }
    with demarrer(noyaux, env={**sans_locale, "LANG": ""}) as noyau:
        assert noyau.imprime('System.out.println("où ça, à Noël ? 0123 € 漢 🎓");') == (
            "où ça, à Noël ? 0123 € 漢 🎓\n"
        )
        assert noyau.resultat('String.format("%.2f", 1234.5)') == "1234,50"
        assert noyau.resultat('new java.io.File("né").getPath().length()') == "2"


def test_a_rebuild_leaves_a_running_kernel_alone(tmp_path):
    noyaux = installer(tmp_path)
    dossier = noyaux / "attention-java"
    avant = (dossier / "kernel.json").read_text()
    installer(tmp_path)
    assert (dossier / "kernel.json").read_text() == avant
    (premiers,) = dossier.glob("jars-*")
    # Une autre construction : une date différente suffit.
    (jar,) = (RACINE / "lib" / "target").glob("attention-*.jar")
    etat = jar.stat()
    try:
        os.utime(jar, (etat.st_atime, etat.st_mtime + 1))
        installer(tmp_path)
    finally:
        os.utime(jar, ns=(etat.st_atime_ns, etat.st_mtime_ns))
    assert (dossier / "kernel.json").read_text() != avant
    assert premiers.is_dir()
    assert len(list(dossier.glob("jars-*"))) == 2
    assert not list(dossier.glob(".*"))


def test_the_kernel_starts_from_the_class_archive_and_without_it(tmp_path):
    noyaux = installer(tmp_path)
    dossier = noyaux / "attention-java"
    (archive,) = dossier.glob("jars-*/classes-*.jsa")
    argv = json.loads((dossier / "kernel.json").read_text())["argv"]
    assert f"-XX:SharedArchiveFile={archive}" in argv
    java = argv[argv.index(next(a for a in argv if a.startswith("@"))) - 1 : -2]
    charge = subprocess.run(
        [*java, "-Xlog:class+load", "fr.cours.kernel.KernelLauncher"],
        capture_output=True,
        text=True,
    ).stdout
    assert re.search(r"notebook\.KernelLauncher source: shared objects file \(top\)", charge)

    demi = tmp_path / "demi.jsa"
    demi.write_bytes(archive.read_bytes()[:1_000_000])
    specification = json.loads((dossier / "kernel.json").read_text())
    specification["argv"][-5:-2] = []
    assert installer_noyau.sert(specification, archive)
    assert not installer_noyau.sert(specification, demi)
    archive.unlink()
    journal = tmp_path / "journal"
    with journal.open("wb") as sortie, demarrer(noyaux, stdout=sortie, stderr=sortie) as noyau:
        assert noyau.resultat("1 + 1") == "2"
    assert journal.read_text() == ""


def jdk_recent():
    """Rend le dossier d'un JDK 21 ou plus récent, None s'il n'y en a pas."""
    for java in sorted(Path("/usr/lib/jvm").glob("*/bin/java")) if os.name == "posix" else []:
        sortie = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
        trouve = re.search(r'version "(\d+)', sortie)
        if trouve and int(trouve.group(1)) >= 21:
            return java.parent.parent
    return None


def test_a_recent_jdk_runs_the_course(tmp_path):
    jdk = jdk_recent()
    if jdk is None:
        pytest.skip("aucun JDK 21 ou plus récent sur cette machine")
    noyaux = installer(tmp_path / "prefixe", JAVA_HOME=str(jdk))
    journal = tmp_path / "journal"
    with journal.open("wb") as sortie, demarrer(noyaux, stdout=sortie, stderr=sortie) as noyau:
        assert int(noyau.resultat("Runtime.version().feature()")) >= 21
        poids = noyau.resultat(
            "INDArray x = Nd4j.ones(1, 3, 4);\n"
            "Math.round(new ScaledDotProductAttention().forward(x, x, x, AttentionMask.none())"
            ".weights().sumNumber().doubleValue())"
        )
        assert poids == "3"
        message, _ = interrompre(noyau, "while (true) { }")
        assert "redémarrez le noyau" in message
        assert noyau.resultat("1 + 1") == "2"
    assert journal.read_text() == ""
