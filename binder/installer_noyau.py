"""Installe le noyau « attention-java » dans l'environnement Python qui exécute ce script.

À lancer après « mvn package ». Rien n'est écrit hors de sys.prefix : les autres noyaux de la
personne restent tels quels.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
NOM = "attention-java"
PRINCIPALE = "fr.cours.kernel.KernelLauncher"

# La JVM annonce à chaque démarrage que l'API Vector est en incubation, et ne sait pas s'en taire :
# cette ligne, et elle seule, est retirée du journal. « exec » laisse la JVM enfant direct de Jupyter.
SANS_ANNONCE = (
    'exec "$0" "$@" 2> >(exec grep --line-buffered -v'
    ' "^WARNING: Using incubator modules: jdk.incubator.vector" >&2)'
)

# Ce que fait un premier carnet, en petit : un calcul, une figure.
PREMIERE_CARTE = """
import fr.cours.attention.layers.*;
import fr.cours.attention.math.RandomTensors;
import fr.cours.figures.*;
INDArray x = RandomTensors.normal(new Random(1), 1, 4, 8);
AttentionHeatmap.of(
    new ScaledDotProductAttention().forward(x, x, x, AttentionMask.none()).weights().slice(0),
    List.of("le", "chat", "noir", "dort"))
"""
ESSAI = 120  # secondes, pour une machine lente
SANS_AVIS = ["-Xlog:cds=off", "-Xlog:cds+dynamic=off"]  # une archive qui ne convient plus est ignorée en silence


def installer(prefixe):
    """Installe le noyau sous prefixe et rend son dossier."""
    java = trouver_java()
    jars = trouver_jars()
    dossier = Path(prefixe) / "share" / "jupyter" / "kernels" / NOM
    dossier.mkdir(parents=True, exist_ok=True)

    chemin = copier(jars, dossier)
    options = chemin / "options"
    ecrire(options, fichier_options(java, chemin, [chemin / jar.name for jar in jars]))
    specification = {
        "argv": [java, f"@{options}", PRINCIPALE, "{connection_file}"],
        "display_name": "Java (cours sur l’attention)",
        "language": "java",
        "interrupt_mode": "message",
        "env": {
            # Sans locale, la JVM lirait de travers les chemins accentués.
            "LC_ALL": "C.UTF-8",
            # Des fils d'OpenMP qui tournent à vide disputent les cœurs à OpenBLAS.
            "OMP_WAIT_POLICY": "PASSIVE",
            # La bibliothèque C donne sinon à chaque fil sa réserve, et garde ce qui y est rendu : 57 Mo de
            # plus, au plus fort, dans la section 8, qui entraîne deux modèles à la fois (544 contre 487).
            "MALLOC_ARENA_MAX": "2",
            # Ce qu'une couche rend resservira à la suivante : le redemander au système coûterait, page par page,
            # un tiers du temps d'une attention à plusieurs têtes. La JVM le lui rend de toute façon, deux fois
            # par seconde (lib/kernel/jvm-options).
            "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
            "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
            # Les grands tableaux par pages de 2 Mio, là où Linux en donne à qui les demande : il remplit de zéros
            # chaque page neuve, et 512 petites lui coûtent bien plus qu'une grande. L'attention qui rend 8 matrices
            # de 2048 × 2048 y gagne deux cinquièmes de son temps.
            "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        },
        "metadata": {"debugger": False},
    }
    bash = shutil.which("bash")
    if os.name == "posix" and bash:
        specification["argv"][:0] = [bash, "-c", SANS_ANNONCE]
    # Une archive ne vaut que pour la JVM qui l'a faite.
    archive = archiver_les_classes(specification, chemin / f"classes-{Path(java).stat().st_mtime_ns:x}.jsa")
    if archive:
        specification["argv"][-2:-2] = archive
    ecrire(dossier / "kernel.json", texte_de(specification))
    oublier_les_anciens(dossier, chemin)
    installer_extension(prefixe)
    return dossier


def archiver_les_classes(specification, archive):
    """Dessine une carte dans un noyau d'essai et garde les classes qu'il a chargées.

    Les noyaux suivants les lisent toutes prêtes : ils démarrent et dessinent plus tôt. Rend les options de la JVM
    qui les y mènent ; aucune si l'essai échoue, car tout marche aussi sans.
    """
    if not archive.is_file():
        import jupyter_client

        provisoire = archive.with_name(f".{archive.name}.{os.getpid()}")
        essai = dict(specification, argv=list(specification["argv"]))
        essai["argv"][-2:-2] = [f"-XX:ArchiveClassesAtExit={provisoire}", *SANS_AVIS]
        with tempfile.TemporaryDirectory() as noyaux:
            (Path(noyaux) / NOM).mkdir()
            ecrire(Path(noyaux) / NOM / "kernel.json", texte_de(essai))
            gerant = jupyter_client.KernelManager(
                kernel_name=NOM,
                kernel_spec_manager=jupyter_client.kernelspec.KernelSpecManager(
                    kernel_dirs=[noyaux], ensure_native_kernel=False
                ),
                shutdown_wait_time=ESSAI,  # l'archive s'écrit quand la JVM finit
            )
            try:
                gerant.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                client = gerant.client()
                client.start_channels()
                client.wait_for_ready(timeout=ESSAI)
                client.execute_interactive(PREMIERE_CARTE, timeout=ESSAI, output_hook=lambda _: None)
                client.stop_channels()
            except Exception as refus:
                print(f"Les classes n'ont pas été archivées : {refus}", file=sys.stderr)
            finally:
                if gerant.has_kernel:
                    gerant.shutdown_kernel()
        if sert(specification, provisoire):
            os.replace(provisoire, archive)
        else:
            provisoire.unlink(missing_ok=True)
    return [f"-XX:SharedArchiveFile={archive}", *SANS_AVIS] if archive.is_file() else []


def sert(specification, archive):
    """Vrai si la JVM démarre de cette archive : écrite à moitié, elle empêcherait tout noyau de démarrer."""
    java, options = specification["argv"][-4:-2]
    essai = [java, "-Xshare:on", f"-XX:SharedArchiveFile={archive}", *SANS_AVIS, options, "-version"]
    try:
        return archive.is_file() and not subprocess.run(essai, capture_output=True, timeout=ESSAI).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


def texte_de(specification):
    return json.dumps(specification, ensure_ascii=False, indent=2) + "\n"


def installer_extension(prefixe):
    """Installe l'extension de JupyterLab qui donne aux figures leur texte de remplacement."""
    cible = Path(prefixe) / "share" / "jupyter" / "labextensions" / "cours-attention"
    shutil.copytree(RACINE / "binder" / "jupyterlab", cible, dirs_exist_ok=True)


def trouver_java():
    """Rend le chemin absolu de java : celui de JAVA_HOME, sinon celui du PATH."""
    maison = os.environ.get("JAVA_HOME")
    candidats = [Path(maison) / "bin" / "java"] if maison else []
    if dans_le_path := shutil.which("java"):
        candidats.append(Path(dans_le_path))
    for candidat in candidats:
        if candidat.is_file() and version(candidat) >= 17:
            return str(candidat.resolve())
    sys.exit("Il faut un JDK 17 ou plus récent : ni JAVA_HOME ni le PATH n'en désignent un.")


def version(java):
    """Rend le numéro majeur d'une JVM, 0 si elle ne démarre pas."""
    try:
        sortie = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    trouve = re.search(r'version "(\d+)', sortie.stderr)
    return int(trouve.group(1)) if trouve else 0


def trouver_jars():
    """Rend les fichiers jar de la bibliothèque et du noyau, puis ceux dont ils dépendent."""
    cibles = [RACINE / "lib" / module / "target" for module in ("attention", "figures", "course", "kernel")]
    construits = [jar for cible in cibles for jar in cible.glob("attention-*.jar")]
    dependances = sorted((cibles[-1] / "jars").glob("*.jar"))
    if len(construits) < len(cibles) or not dependances:
        sys.exit("La bibliothèque n'est pas construite : lancez d'abord « mvn package ».")
    return construits + dependances


def copier(jars, dossier):
    """Met les jars dans un dossier au nom de leur contenu : un noyau en marche garde les siens."""
    empreinte = hashlib.sha256()
    for jar in jars:
        etat = jar.stat()
        empreinte.update(f"{jar.name} {etat.st_size} {etat.st_mtime_ns}\n".encode())
    chemin = dossier / f"jars-{empreinte.hexdigest()[:12]}"
    if not chemin.is_dir():
        provisoire = dossier / f".{chemin.name}.{os.getpid()}"
        provisoire.mkdir()
        for jar in jars:
            # Maven récrit sur place les jars qu'il construit, jamais ceux dont elle dépend :
            # ceux-là peuvent partager leurs 180 Mo.
            lier_ou_copier(jar, provisoire / jar.name, lier=jar.parent.name == "jars")
        provisoire.rename(chemin)
    return chemin


def lier_ou_copier(source, cible, lier):
    """Lie le fichier quand le disque le permet, le copie sinon."""
    if lier:
        try:
            os.link(source, cible)
            return
        except OSError:
            pass
    shutil.copy2(source, cible)


def fichier_options(java, chemin, jars):
    """Rend le texte du fichier d'options de la JVM : celles du projet, puis le chemin de classes."""
    options = "".join((RACINE / "lib" / m / "jvm-options").read_text(encoding="utf-8") for m in ("attention", "kernel"))
    if version(java) >= 24:
        # ND4J passe par du code natif et par Unsafe ; ces JVM s'en plaindraient dans le journal.
        options += "--enable-native-access=ALL-UNNAMED\n--sun-misc-unsafe-memory-access=allow\n"
    classes = os.pathsep.join(str(jar) for jar in jars)
    entre_guillemets = classes.replace("\\", "\\\\").replace('"', '\\"')
    return f'{options}\n-cp "{entre_guillemets}"\n'


def ecrire(fichier, texte):
    """Remplace le fichier d'un coup : personne n'en lit une moitié."""
    provisoire = fichier.with_name(f".{fichier.name}.{os.getpid()}")
    provisoire.write_text(texte, encoding="utf-8")
    os.replace(provisoire, fichier)


def oublier_les_anciens(dossier, garde):
    """Ne garde que les jars en service et les précédents, qu'un noyau en marche lit peut-être."""
    anciens = sorted(
        (chemin for chemin in dossier.glob("jars-*") if chemin != garde),
        key=lambda chemin: chemin.stat().st_mtime,
    )
    for chemin in anciens[:-1]:
        shutil.rmtree(chemin, ignore_errors=True)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--prefixe", default=sys.prefix, help="sys.prefix par défaut")
    print(f"Noyau installé : {installer(arguments.parse_args().prefixe)}")
