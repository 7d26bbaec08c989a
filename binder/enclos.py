"""Enferme un processus et tout ce qu’il lancera, sans privilège : Landlock, dans Linux depuis 5.13.

Le processus n’écrit plus que dans un dossier, ne lit plus que là et dans ce qu’on lui laisse. Depuis Linux 6.7, il
n’ouvre plus de connexion TCP ; depuis 6.12, il n’envoie plus de signal hors de son enclos. Ailleurs, rien n’enferme.
"""

import ctypes
import os
import struct
import sys

CREER, AJOUTER, ENTRER = 444, 445, 446  # les mêmes numéros d’appel sur toutes les architectures
SANS_NOUVEAUX_DROITS = 38  # prctl
EXECUTER, ECRIRE, LIRE, LISTER, TRONQUER = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
SE_CONNECTER = 1 << 1
VERS_DEHORS = 0b11  # prises abstraites et signaux
SYSTEME = ["/usr", "/bin", "/lib", "/lib64", "/etc", "/proc", "/sys", "/nix/store"]
APPAREILS = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"]


def _appeler(*arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    rendu = libc.syscall(*(a if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments))
    if rendu < 0:
        raise OSError(ctypes.get_errno(), "Landlock")
    return rendu


def version():
    """La version de Landlock ; 0 si la machine ne l’a pas."""
    if sys.platform != "linux":
        return 0
    try:
        return _appeler(CREER, 0, 0, 1)
    except OSError:
        return 0


def ce_qui_echappe():
    """Ce que cette machine n’empêche pas, en une phrase ; vide si tout ce qui est promis est tenu."""
    quelle = version()
    if quelle == 0:
        return "rien n’enferme les copies (il faut Linux 5.13) : elles peuvent lire et changer vos fichiers"
    manque = ["se connecter au réseau"] * (quelle < 4) + ["arrêter vos programmes"] * (quelle < 6)
    return "une copie peut encore " + " et ".join(manque) if manque else ""


def entrer(lisibles, inscriptible):
    """Enferme le processus qui l’appelle, et sa descendance, pour toujours."""
    quelle = version()
    if quelle == 0:
        return
    tout = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(quelle, 16)) - 1
    attributs = struct.pack("QQQ", tout, SE_CONNECTER, VERS_DEHORS)[: 8 if quelle < 4 else 16 if quelle < 6 else 24]
    regles = _appeler(CREER, attributs, len(attributs), 0)
    permis = [(chemin, EXECUTER | LIRE | LISTER) for chemin in [*SYSTEME, *lisibles]]
    permis += [(chemin, LIRE | ECRIRE) for chemin in APPAREILS] + [(inscriptible, tout)]
    for chemin, droits in permis:
        try:
            ouvert = os.open(chemin, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue  # cette machine n’a pas ce dossier
        _appeler(AJOUTER, regles, 1, struct.pack("=Qi", droits & tout, ouvert), 0)
        os.close(ouvert)
    ctypes.CDLL(None).prctl(SANS_NOUVEAUX_DROITS, 1, 0, 0, 0)
    _appeler(ENTRER, regles, 0)
    os.close(regles)
