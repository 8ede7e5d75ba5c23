"""How the site connects to PostgreSQL: without waiting long for a server that does not answer."""

# Seconds until a connection that nobody answers is given up: a page must not wait longer for its 503.
CONNECT_SECONDS = 3
# Options of libpq, each of which DATABASE_URL may set otherwise: a server whose machine or cable vanished without a word is
# noticed in seconds by who asks it, and in half a minute at rest. Over a Unix socket they do nothing.
# https://www.postgresql.org/docs/current/libpq-connect.html
OPTIONS = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,  # ms
}
