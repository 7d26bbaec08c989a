"""« ouvrir » pour de bon : sur un disque plein, puis ce que son serveur montre et refuse."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing

import psutil
import pytest
import websocket
from conftest import RACINE, petit_disque


def demander(cours, chemin, jeton=None, **entetes):
    """Le code HTTP d’une demande au serveur, sans suivre de redirection."""

    class SansSuivre(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    if jeton:
        entetes["Authorization"] = f"token {jeton}"
    demande = urllib.request.Request(cours.adresse + chemin, headers=entetes)
    try:
        with urllib.request.build_opener(SansSuivre).open(demande, timeout=60) as reponse:
            return reponse.status
    except urllib.error.HTTPError as refus:
        return refus.code


def test_un_disque_plein_est_dit_et_l_essai_suivant_aboutit(cours):
    if cours.plein is None:
        pytest.skip("il faut root et un système qui monte un disque en mémoire")
    code, dit = cours.plein
    assert code != 0
    assert "Le disque est plein : il faut environ 1,5 Go" in dit, dit
    assert demander(cours, "api/status", cours.jeton) == 200


def test_le_serveur_n_ecoute_que_cette_machine(cours):
    ouvrir_un_noyau(cours)
    fin = time.monotonic() + 120
    ecoutes = []
    while len({nom for nom, _ in ecoutes}) < 2:
        assert time.monotonic() < fin, f"le serveur et un noyau devraient écouter : {ecoutes}"
        time.sleep(0.2)
        ecoutes = ce_qui_ecoute(cours)
    # La JVM nomme à la façon d’IPv6 les adresses IPv4.
    assert {ip.removeprefix("::ffff:") for _, ip in ecoutes} <= {"127.0.0.1", "::1"}
    for adresse in autres_adresses():
        with pytest.raises(OSError):
            socket.create_connection((adresse, cours.port), timeout=10).close()


def ce_qui_ecoute(cours):
    """Le programme et l’adresse de chaque port que tiennent le serveur et ses noyaux."""
    serveur = psutil.Process(cours.pid)
    return [
        (p.name(), c.laddr.ip)
        for p in [serveur, *serveur.children(recursive=True)]
        for c in p.net_connections("inet")
        if c.status == psutil.CONN_LISTEN
    ]


def autres_adresses():
    return [
        a.address
        for carte in psutil.net_if_addrs().values()
        for a in carte
        if a.family == socket.AF_INET and not a.address.startswith("127.")
    ]


def ouvrir_un_noyau(cours):
    demande = urllib.request.Request(
        cours.adresse + "api/kernels",
        data=json.dumps({"name": "attention-java"}).encode(),
        headers={"Authorization": f"token {cours.jeton}"},
    )
    with urllib.request.urlopen(demande, timeout=120) as reponse:
        return json.load(reponse)["id"]


def etat_des_canaux(cours, chemin, origine, cookie):
    """Ce que répond le serveur à qui veut parler à un noyau : 101 s’il l’accepte."""
    adresse = cours.adresse.replace("http", "ws", 1) + chemin
    try:
        liaison = websocket.create_connection(adresse, timeout=120, origin=origine, cookie=cookie)
    except websocket.WebSocketBadStatusException as refus:
        return refus.status_code
    with closing(liaison):
        return liaison.getstatus()


@pytest.mark.parametrize(
    "chemin", ["api/contents", "api/kernels", "api/terminals", "files/01-intuition.ipynb"]
)
def test_sans_le_jeton_rien_ne_se_donne(cours, chemin):
    for jeton in (None, "faux", cours.jeton[:-1]):
        assert demander(cours, chemin, jeton) in (302, 403)
    assert demander(cours, chemin, cours.jeton) == 200


def test_sans_le_jeton_rien_ne_s_execute(cours):
    noyau = ouvrir_un_noyau(cours)
    canaux = f"api/kernels/{noyau}/channels?session_id=essai"
    # Le navigateur du lecteur, reconnu à son cookie : sa page entre, celle d’un autre site non.
    reponse = urllib.request.urlopen(f"{cours.adresse}lab?token={cours.jeton}", timeout=60)
    cookie = "; ".join(c.split(";")[0] for c in reponse.headers.get_all("Set-Cookie"))
    ici = cours.adresse.rstrip("/")
    assert etat_des_canaux(cours, canaux, ici, cookie) == 101
    assert etat_des_canaux(cours, canaux, "http://ailleurs.example", cookie) == 403
    assert etat_des_canaux(cours, canaux, ici, None) == 403
    # Un nom qui se ferait passer pour cette machine.
    assert demander(cours, "api/status", cours.jeton, Host="ailleurs.example") == 403


def test_le_jeton_ne_se_lit_pas_dans_la_liste_des_processus(cours):
    assert re.fullmatch(r"[0-9a-f]{48}", cours.jeton)
    for processus in psutil.process_iter(["cmdline"]):
        assert not any(cours.jeton in mot for mot in processus.info["cmdline"] or ())
    fiches = list((cours.clone / ".venv" / "jupyter" / "en-cours").glob("jpserver-*.json"))
    assert fiches and all(f.stat().st_mode & 0o077 == 0 for f in fiches)


def test_ouvrir_ne_lance_rien_de_ce_qui_traine(cours):
    ouvrir_un_noyau(cours)
    assert sorted(p.name for p in cours.trace.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="mount -o remount est de Linux")
@pytest.mark.parametrize("commande", ["ouvrir", "verifier", "regenerer"])
def test_un_clone_en_lecture_seule_le_dit(tmp_path, commande):
    clone = tmp_path / "cours"
    clone.mkdir()
    with petit_disque(clone, "size=8m") as monte:
        if not monte:
            pytest.skip("il faut root et un système qui monte un disque en mémoire")
        sans = shutil.ignore_patterns("target")
        shutil.copytree(RACINE / "binder", clone / "binder", ignore=sans)
        subprocess.run(["mount", "-o", "remount,ro", str(clone)], check=True)
        fini = subprocess.run(
            ["bash", str(clone / "binder" / commande)],
            cwd=tmp_path,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert fini.returncode != 0
    assert fini.stderr.strip().splitlines() == [
        f"✘ Le dossier « {clone} » est en lecture seule : clonez le cours là où vous pouvez écrire."
    ]
