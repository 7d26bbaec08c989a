"""Le noyau d’essai : il dessine une carte, et ce qu’il a chargé et déballé attend tout prêt les suivants."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from course_tools.kernel import natives
from course_tools.paths import KERNEL_NAME

# Ce que fait un premier carnet, en petit : un calcul, une figure.
FIRST_MAP = """
import fr.cours.attention.layers.*;
import fr.cours.attention.math.RandomTensors;
import fr.cours.figures.*;
INDArray x = RandomTensors.normal(new Random(1), 1, 4, 8);
AttentionHeatmap.of(
    new ScaledDotProductAttention().forward(x, x, x, AttentionMask.none()).weights().slice(0),
    List.of("le", "chat", "noir", "dort"))
"""
TRIAL_MAX = 120  # secondes, pour une machine lente
NO_NOTICE = ["-Xlog:cds=off", "-Xlog:cds+dynamic=off"]  # une archive qui ne convient plus est ignorée en silence


def archive_classes(specification, java_at, archive, natives_folder, jars):
    """Rend les options de la JVM qui mènent à l’archive, faite s’il le faut ; aucune si l’essai échoue.

    ``java_at`` est le rang de la JVM dans ``argv``, que suit son fichier d’options. Tout marche aussi sans archive,
    moins vite : le noyau démarre et dessine plus tard. Le même essai remplit le dossier du code natif de ces jars.
    """
    if not (archive.is_file() and natives.is_filled(natives_folder, jars)):
        draft = archive.with_name(f".{archive.name}.{os.getpid()}")
        argv = list(specification["argv"])
        argv[java_at + 2 : java_at + 2] = [f"-XX:ArchiveClassesAtExit={draft}", *NO_NOTICE]
        if draw_in_a_trial_kernel(dict(specification, argv=argv)) and natives_folder.is_dir():
            natives.mark_filled(natives_folder, jars)
        java, options = specification["argv"][java_at : java_at + 2]
        if works(java, options, draft):
            os.replace(draft, archive)
        else:
            draft.unlink(missing_ok=True)
    return [f"-XX:SharedArchiveFile={archive}", *NO_NOTICE] if archive.is_file() else []


def draw_in_a_trial_kernel(specification):
    """Démarre un noyau de cette spécification, y dessine une carte, l’arrête ; rend vrai s’il l’a dessinée."""
    import jupyter_client

    with tempfile.TemporaryDirectory() as kernels:
        (Path(kernels) / KERNEL_NAME).mkdir()
        (Path(kernels) / KERNEL_NAME / "kernel.json").write_text(
            json.dumps(specification), encoding="utf-8"
        )
        manager = jupyter_client.KernelManager(
            kernel_name=KERNEL_NAME,
            kernel_spec_manager=jupyter_client.kernelspec.KernelSpecManager(
                kernel_dirs=[kernels], ensure_native_kernel=False
            ),
            shutdown_wait_time=TRIAL_MAX,  # l'archive s'écrit quand la JVM finit
        )
        try:
            manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            client = manager.client()
            client.start_channels()
            client.wait_for_ready(timeout=TRIAL_MAX)
            reply = client.execute_interactive(
                FIRST_MAP, timeout=TRIAL_MAX, output_hook=lambda _: None
            )
            client.stop_channels()
            return reply["content"]["status"] == "ok"
        except Exception as refusal:
            print(f"Les classes n'ont pas été archivées : {refusal}", file=sys.stderr)
            return False
        finally:
            if manager.has_kernel:
                manager.shutdown_kernel()


def works(java, options, archive):
    """Vrai si la JVM démarre de cette archive : écrite à moitié, elle empêcherait tout noyau de démarrer."""
    trial = [java, "-Xshare:on", f"-XX:SharedArchiveFile={archive}", *NO_NOTICE, options, "-version"]
    try:
        return archive.is_file() and not subprocess.run(
            trial, capture_output=True, timeout=TRIAL_MAX
        ).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False
