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
from course_tools.paths import KERNEL_NAME, ROOT
from opened_course import small_disk

pytestmark = pytest.mark.complete


def ask(course, path, token=None, **headers):
    """Le code HTTP d’une demande au serveur, sans suivre de redirection."""

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    if token:
        headers["Authorization"] = f"token {token}"
    request = urllib.request.Request(course.address + path, headers=headers)
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=60) as reply:
            return reply.status
    except urllib.error.HTTPError as refusal:
        return refusal.code


def test_a_full_disk_is_told_and_the_next_attempt_succeeds(course):
    if course.full is None:
        pytest.skip("il faut root et un système qui monte un disque en mémoire")
    code, said = course.full
    assert code != 0
    assert "Le disque est plein : il faut environ 1,5 Go" in said, said
    assert ask(course, "api/status", course.token) == 200


def test_the_server_listens_to_this_machine_only(course):
    open_kernel(course)
    deadline = time.monotonic() + 120
    listeners = []
    while len({name for name, _ in listeners}) < 2:
        assert time.monotonic() < deadline, f"le serveur et un noyau devraient écouter : {listeners}"
        time.sleep(0.2)
        listeners = listening(course)
    # La JVM nomme à la façon d’IPv6 les adresses IPv4.
    assert {ip.removeprefix("::ffff:") for _, ip in listeners} <= {"127.0.0.1", "::1"}
    for address in other_addresses():
        with pytest.raises(OSError):
            socket.create_connection((address, course.port), timeout=10).close()


def listening(course):
    """Le programme et l’adresse de chaque port que tiennent le serveur et ses noyaux."""
    server = psutil.Process(course.pid)
    return [
        (p.name(), c.laddr.ip)
        for p in [server, *server.children(recursive=True)]
        for c in p.net_connections("inet")
        if c.status == psutil.CONN_LISTEN
    ]


def other_addresses():
    return [
        a.address
        for card in psutil.net_if_addrs().values()
        for a in card
        if a.family == socket.AF_INET and not a.address.startswith("127.")
    ]


def open_kernel(course):
    request = urllib.request.Request(
        course.address + "api/kernels",
        data=json.dumps({"name": KERNEL_NAME}).encode(),
        headers={"Authorization": f"token {course.token}"},
    )
    with urllib.request.urlopen(request, timeout=120) as reply:
        return json.load(reply)["id"]


def channels_status(course, path, origine, cookie):
    """Ce que répond le serveur à qui veut parler à un noyau : 101 s’il l’accepte."""
    address = course.address.replace("http", "ws", 1) + path
    try:
        connection = websocket.create_connection(address, timeout=120, origin=origine, cookie=cookie)
    except websocket.WebSocketBadStatusException as refusal:
        return refusal.status_code
    with closing(connection):
        return connection.getstatus()


@pytest.mark.parametrize(
    "path", ["api/contents", "api/kernels", "api/terminals", "files/01-intuition.ipynb"]
)
def test_nothing_is_given_without_the_token(course, path):
    for token in (None, "faux", course.token[:-1]):
        assert ask(course, path, token) in (302, 403)
    assert ask(course, path, course.token) == 200


def test_nothing_runs_without_the_token(course):
    kernel = open_kernel(course)
    canaux = f"api/kernels/{kernel}/channels?session_id=essai"
    # Le navigateur du lecteur, reconnu à son cookie : sa page entre, celle d’un autre site non.
    reply = urllib.request.urlopen(f"{course.address}lab?token={course.token}", timeout=60)
    cookie = "; ".join(c.split(";")[0] for c in reply.headers.get_all("Set-Cookie"))
    here = course.address.rstrip("/")
    assert channels_status(course, canaux, here, cookie) == 101
    assert channels_status(course, canaux, "http://ailleurs.example", cookie) == 403
    assert channels_status(course, canaux, here, None) == 403
    # Un nom qui se ferait passer pour cette machine.
    assert ask(course, "api/status", course.token, Host="ailleurs.example") == 403


def test_the_token_is_not_in_the_process_list(course):
    assert re.fullmatch(r"[0-9a-f]{48}", course.token)
    for process in psutil.process_iter(["cmdline"]):
        assert not any(course.token in word for word in process.info["cmdline"] or ())
    records = list((course.clone / ".venv" / "jupyter" / "runtime").glob("jpserver-*.json"))
    assert records and all(f.stat().st_mode & 0o077 == 0 for f in records)


def test_opening_runs_nothing_that_lies_about(course):
    open_kernel(course)
    assert sorted(p.name for p in course.trace.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="mount -o remount est de Linux")
@pytest.mark.parametrize("command", ["ouvrir", "verifier", "regenerer"])
def test_a_read_only_clone_is_told(tmp_path, command):
    clone = tmp_path / "cours"
    clone.mkdir()
    with small_disk(clone, "size=8m") as mounted:
        if not mounted:
            pytest.skip("il faut root et un système qui monte un disque en mémoire")
        ignored = shutil.ignore_patterns("target")
        shutil.copytree(ROOT / "binder", clone / "binder", ignore=ignored)
        subprocess.run(["mount", "-o", "remount,ro", str(clone)], check=True)
        finished = subprocess.run(
            ["bash", str(clone / "binder" / command)],
            cwd=tmp_path,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert finished.returncode != 0
    assert finished.stderr.strip().splitlines() == [
        f"✘ Le dossier « {clone} » est en lecture seule : clonez le cours là où vous pouvez écrire."
    ]


# Le dernier : il lit ce que le serveur a dit pendant toutes les épreuves, celles du navigateur comprises.
def test_the_server_complains_of_no_error(course):
    said = course.log.read_text(encoding="utf-8")
    assert not re.search(r"^\[[EC] |Traceback", said, re.MULTILINE), said[-3000:]
