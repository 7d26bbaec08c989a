"""Enferme un processus et tout ce qu’il lancera, sans privilège : Landlock, dans Linux depuis 5.13.

Le processus n’écrit plus que dans un dossier, ne lit plus que là et dans ce qu’on lui laisse. Depuis Linux 6.7, il
n’ouvre plus de connexion TCP ; depuis 6.12, il n’envoie plus de signal hors de son enclos. Ailleurs, rien n’enferme.
"""

import ctypes
import os
import struct
import sys

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # les mêmes numéros d’appel sur toutes les architectures
NO_NEW_PRIVILEGES = 38  # prctl
EXECUTE, WRITE, READ, LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
CONNECT = 1 << 1
TOWARDS_OUTSIDE = 0b11  # prises abstraites et signaux
SYSTEM = ["/usr", "/bin", "/lib", "/lib64", "/etc", "/proc", "/sys", "/nix/store"]
DEVICES = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"]


def _call(*arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    returned = libc.syscall(*(a if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments))
    if returned < 0:
        raise OSError(ctypes.get_errno(), "Landlock")
    return returned


def version():
    """La version de Landlock ; 0 si la machine ne l’a pas."""
    if sys.platform != "linux":
        return 0
    try:
        return _call(CREATE_RULESET, 0, 0, 1)
    except OSError:
        return 0


def what_escapes():
    """Ce que cette machine n’empêche pas, en une phrase ; vide si tout ce qui est promis est tenu."""
    which = version()
    if which == 0:
        return "rien n’enferme les copies (il faut Linux 5.13) : elles peuvent lire et changer vos fichiers"
    lacking = ["se connecter au réseau"] * (which < 4) + ["arrêter vos programmes"] * (which < 6)
    return "une copie peut encore " + " et ".join(lacking) if lacking else ""


def enter(readable, writable):
    """Enferme le processus qui l’appelle, et sa descendance, pour toujours."""
    which = version()
    if which == 0:
        return
    everything = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(which, 16)) - 1
    size = 8 * (1 + (which >= 4) + (which >= 6))  # un champ de plus à chaque fois
    attributes = struct.pack("QQQ", everything, CONNECT, TOWARDS_OUTSIDE)[:size]
    rules = _call(CREATE_RULESET, attributes, len(attributes), 0)
    allowed = [(path, EXECUTE | READ | LIST) for path in [*SYSTEM, *readable]]
    allowed += [(path, READ | WRITE) for path in DEVICES] + [(writable, everything)]
    for path, rights in allowed:
        try:
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue  # cette machine n’a pas ce dossier
        _call(ADD_RULE, rules, 1, struct.pack("=Qi", rights & everything, opened), 0)
        os.close(opened)
    ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _call(RESTRICT_SELF, rules, 0)
    os.close(rules)
