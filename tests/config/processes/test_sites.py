"""What may be said at `make install`, and what it means."""

import pytest

from config.processes import sites
from config.processes.sites import BadChoice, Site, read_site

ADDRESS = "192.168.1.20"


def choose(earlier: dict | None = None, **env: str) -> Site:
    return read_site({"HOST": ADDRESS} | env, earlier or {})


def why(**env: str) -> str:
    with pytest.raises(BadChoice) as refused:
        choose(**env)
    return str(refused.value)


@pytest.mark.parametrize(
    ("env", "reason"),
    [
        ({"HOST": ""}, "Say under which address the phones find this computer: sudo HOST=192.168.1.20 make install"),
        ({"HOST": "http://a.cn"}, "HOST is a name or an address without http:// and port, not “http://a.cn”."),
        ({"HOST": "a.cn-"}, "HOST is a name or an address without http:// and port, not “a.cn-”."),
        ({"HOST": "10.0.0"}, "HOST looks like an address and is none: “10.0.0”; it would be 192.168.1.20."),
        ({"PORT": "0"}, "PORT is a number from 1 to 65535, not “0”."),
        ({"PORT": "eighty"}, "PORT is a number from 1 to 65535, not “eighty”."),
        ({"HTTPS_PORT": "65536"}, "HTTPS_PORT is a number from 1 to 65535, not “65536”."),
        ({"HTTPS": "1", "PORT": "443"}, "PORT (80, which leads on to HTTPS) and HTTPS_PORT (443) are two."),
        ({"WORKERS": "100"}, "WORKERS is a number from 1 to 99, not “100”."),
        ({"VAR_DIR": "srv/data"}, "VAR_DIR is a whole path of letters, digits and . _ + @ -, not “srv/data”."),
        ({"VAR_DIR": "/srv"}, "VAR_DIR is a folder of the site's own, such as /srv/nonghuo, not “/srv”."),
        (
            {"TLS_CERT": "/etc/$a", "TLS_KEY": "/etc/b"},
            "TLS_CERT is a whole path of letters, digits and . _ + @ -, not “/etc/$a”.",
        ),
        (
            {"TLS_CERT": "/etc/a", "TLS_KEY": "b"},
            "TLS_KEY is a whole path of letters, digits and . _ + @ -, not “b”.",
        ),
        ({"TLS_KEY": "/etc/b"}, "A certificate needs its key: give TLS_CERT and TLS_KEY, each with its whole path."),
        ({"HTTPS": "yes"}, "HTTPS is 1, internal (from the front server's own authority) or 0."),
        ({"ALLOWED_HOSTS": "a.cn;b.cn"}, "ALLOWED_HOSTS are names with blanks between them."),
        ({"SITE_ROLE": "shop"}, f"SITE_ROLE is one of {', '.join(sites.SITE_ROLES)}, not “shop”."),
        ({"PARTS": "app back"}, "PARTS are some of app worker front, not “app back”."),
    ],
)  # fmt: skip
def test_choice_that_would_mean_something_else_is_refused_in_a_sentence(env, reason):
    assert why(**env) == reason


@pytest.mark.parametrize(
    ("env", "tls"),
    [
        ({}, ""),
        ({"HTTPS": "0"}, ""),
        ({"HTTPS": "1", "HOST": "nonghuo.example.cn"}, "public"),
        ({"HTTPS": "internal", "HOST": "nonghuo.example.cn"}, "internal"),
        ({"HTTPS": "1"}, "internal"),
        ({"HTTPS": "1", "HOST": "nonghuo"}, "internal"),
        ({"HTTPS": "1", "HOST": "nonghuo.lan"}, "internal"),
        ({"HTTPS": "1", "HOST": "nonghuo.local"}, "internal"),
        ({"TLS_CERT": "/etc/hall.crt", "TLS_KEY": "/etc/hall.key"}, "files"),
        ({"TLS_CERT": "/etc/hall.crt", "TLS_KEY": "/etc/hall.key", "HTTPS": "0"}, ""),
    ],
)
def test_certificate_is_where_phones_can_trust_it(env, tls):
    site = choose(**env)
    assert site.tls == tls
    assert (site.tls_cert, site.tls_key) == (
        ("/etc/hall.crt", "/etc/hall.key") if tls == "files" else ("", "")
    )
    # What is not said again stays; HTTPS=0 ends it.
    earlier = {"host": site.host, "tls": site.tls, "tls_cert": site.tls_cert, "tls_key": site.tls_key}
    again = read_site({}, earlier)
    assert (again.tls, again.tls_cert, again.tls_key) == (tls, site.tls_cert, site.tls_key)
    assert read_site({"HTTPS": "0"}, earlier).tls == ""


def test_address_of_a_site_has_the_port_that_is_not_usual():
    addresses = {
        "http://192.168.1.20/": {},
        "http://192.168.1.20:8080/": {"PORT": "8080"},
        "https://192.168.1.20/": {"HTTPS": "1"},
        "https://192.168.1.20:8443/": {"HTTPS": "1", "HTTPS_PORT": "8443"},
    }
    assert {choose(**env).url: env for env in addresses.values()} == addresses


def test_another_host_is_allowed_by_its_own_name_and_what_was_allowed_stays_for_the_same():
    earlier = {"host": ADDRESS, "allowed_hosts": f"{ADDRESS} hall.lan"}
    assert choose(earlier).allowed_hosts == f"{ADDRESS} hall.lan"
    assert choose(earlier, HOST="10.0.0.5").allowed_hosts == "10.0.0.5 localhost 127.0.0.1"
    assert choose(earlier, HOST="10.0.0.5", ALLOWED_HOSTS="*").allowed_hosts == "*"


def test_other_parts_than_before_begin_anew():
    earlier = {"parts": "app worker", "fronts": "10.0.0.10", "listen": "10.0.0.11:8080", "host": ADDRESS}
    same = choose(earlier, PARTS="app  worker")
    assert (same.fronts, same.listen, same.is_node) == ("10.0.0.10", "10.0.0.11:8080", True)
    other = choose(earlier, PARTS="worker")
    assert (other.fronts, other.listen, other.is_node) == ("", "", False)
