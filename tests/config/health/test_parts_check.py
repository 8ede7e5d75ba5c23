"""`check_site` on the computers of a site of several: each is asked what concerns its parts."""

import subprocess
from http.server import ThreadingHTTPServer

import pytest

from config.health import parts_check, site_check
from tests.config.health.sites import Conduct, Handler, serve
from tests.config.processes.test_installation import NODE, write

ALL = {subject for subject, _check in site_check.CHECKS}


@pytest.mark.parametrize(
    ("env", "foreign"),
    [
        ({}, {"nodes", "node"}),
        ({"PARTS": "app worker", "LISTEN": "10.0.0.11:8080"}, {"nodes"}),
        ({"PARTS": "worker"}, {"app", "spool", "nodes", "node"}),
        (
            {"PARTS": "front", "NODES": "10.0.0.11:8080"},
            ALL - {"owners", "folders", "disks", "styles", "clock", "certificate", "front server", "nodes"},
        ),
    ],
)
def test_what_other_computers_have_is_left_out(monkeypatch, env, foreign):
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert parts_check.list_foreign_subjects() == foreign


@pytest.fixture
def node(monkeypatch):
    """How a node answers; it is in NODES and in LISTEN, as if this were the front computer and the node."""
    conduct = Conduct(statuses={"/": 301})
    server = serve(ThreadingHTTPServer(("127.0.0.1", 0), Handler), conduct)
    conduct.place = f"127.0.0.1:{server.server_port}"
    for name in ("NODES", "LISTEN"):
        monkeypatch.setenv(name, conduct.place)
    yield conduct
    server.shutdown()
    server.server_close()


def test_front_computer_finds_which_node_is_away_stopping_or_believes_it_not(node, monkeypatch):
    assert list(parts_check.list_faults_of_nodes()) == []
    node.statuses = {"/": 403}
    [fault] = parts_check.list_faults_of_nodes()
    assert fault.what == f"the node {node.place} does not take this computer for a front computer"
    assert "FRONTS=" in fault.mend
    node.statuses = {"/healthz": 503}
    [fault] = parts_check.list_faults_of_nodes()
    assert fault.what == f"/healthz of the node {node.place} answers 503"
    node.statuses, node.seconds_ahead = {}, 3650
    [fault] = parts_check.list_faults_of_nodes()
    assert fault.what.startswith(f"the clock of the node {node.place} differs by +36")
    monkeypatch.setenv("NODES", "127.0.0.1:1")
    [fault] = parts_check.list_faults_of_nodes()
    assert fault.what.startswith("the node 127.0.0.1:1 does not answer (")


def test_node_finds_that_it_answers_pages_to_anybody(node, monkeypatch):
    [fault] = parts_check.list_faults_of_node()
    assert fault.what.startswith(f"{node.place} answers pages to this computer, which is no front computer")
    node.statuses = {"/": 403}
    assert list(parts_check.list_faults_of_node()) == []
    monkeypatch.setenv("LISTEN", "127.0.0.1:1")
    [fault] = parts_check.list_faults_of_node()
    assert fault.what.startswith("this node's front server does not answer at 127.0.0.1:1 (")


def test_installed_command_says_which_parts_the_computer_has(tmp_path):
    write(tmp_path, **NODE)
    text = (tmp_path / "usr/local/sbin/newfarmwork").read_text()
    env = tmp_path / "etc/newfarmwork.env"
    asked = text.partition("exec setpriv")[0].replace("/etc/newfarmwork.env", str(env))
    done = subprocess.run(["/bin/sh", "-c", asked + "\nenv"], capture_output=True, text=True, check=True)
    said = {"PARTS=app worker", "NODES=", "LISTEN=10.0.0.11:8080", "HOME=/var/lib/newfarmwork"}
    assert said <= set(done.stdout.splitlines())
