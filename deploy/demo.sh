#!/bin/sh
# The demo: one embedded database in DATA_DIR, the web server on PORT and the worker, ended together.
# Called by `make demo`; running it again keeps the data.
set -eu
cd "$(dirname "$0")/.."

BIN=${VENV:-.venv}/bin
case $BIN in /*) ;; *) BIN=$PWD/$BIN ;; esac
PORT=${PORT:-8000}
HOST=${HOST:-127.0.0.1}
DATA_DIR=${DATA_DIR:-var}
mkdir -p "$DATA_DIR"
DATA_DIR=$(cd "$DATA_DIR" && pwd)

# The demo honours DATABASE_URL and REDIS_URL; `manage.py demo` refuses a database whose accounts are all others than its own.
unset PORTAL_ENV EMAIL_URL DJANGO_SETTINGS_MODULE

case $HOST in
    127.0.0.1 | localhost) ;;
    0.0.0.0) ALLOWED_HOSTS=${ALLOWED_HOSTS:-*} ;;
    *) ALLOWED_HOSTS=${ALLOWED_HOSTS:-localhost,127.0.0.1,$HOST} ;;
esac
[ -z "${ALLOWED_HOSTS:-}" ] || export ALLOWED_HOSTS
# The worker writes links too: the address is told once, here.
case $HOST in 0.0.0.0) SHOWN=127.0.0.1 ;; *) SHOWN=$HOST ;; esac
BASE_URL=${BASE_URL:-http://$SHOWN:$PORT}
BIND=$HOST:$PORT
DEMO=1
PYTHONUNBUFFERED=1
PYTHONWARNINGS="ignore:You're running the worker with superuser" # true in any container, and the demo is local
PATH=$BIN:$PATH
export PORT HOST DATA_DIR BASE_URL BIND DEMO PYTHONUNBUFFERED PYTHONWARNINGS PATH

python - "$HOST" "$PORT" <<'PY' || exit 2
import socket
import sys

host, port = sys.argv[1:]
if not port.isdigit() or not 0 < int(port) < 65536:
    sys.exit(f"PORT must be a number from 1 to 65535, not {port!r}.")
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((host, int(port)))
        probe.listen()
    except OSError as error:
        sys.exit(
            f"Nothing was started: {host}:{port} cannot be used ({error.strerror}).\n"
            f"Stop what runs there or choose another port: make demo PORT={int(port) % 65535 + 1}"
        )
PY

# Each step runs beside this shell, so that a signal sent to the shell alone reaches the step at once.
# The steps ignore a hang-up themselves: it comes to them as an orderly end, through the shell.
child=
stopped=
stop() {
    stopped=$1
    [ -z "$child" ] || kill -TERM "$child" 2>/dev/null || :
}
trap 'stop 129' HUP
trap 'stop 130' INT
trap 'stop 143' TERM

step() {
    (trap '' HUP && exec "$@") &
    child=$!
    code=0
    [ -z "$stopped" ] || stop "$stopped"
    wait "$child" || code=$?
    while kill -0 "$child" 2>/dev/null; do # a signal ends `wait` before the step has ended
        code=0
        wait "$child" || code=$?
    done
    child=
    [ -z "$stopped" ] || { echo "The demo has ended."; exit "$stopped"; }
    [ "$code" -eq 0 ] || exit "$code"
}

echo "Preparing the database …"
step python manage.py migrate --noinput --verbosity 0
echo "Collecting static files …"
step python manage.py collectstatic --noinput --verbosity 0
echo "Loading the demo data …"
step python manage.py demo
echo "Starting the web server and the worker. Ctrl-C ends both."
# What they say goes through a pipe of this user, for each opens its output anew, which a terminal of somebody else refuses.
pipe=$DATA_DIR/.said.$$
rm -f "$pipe"
mkfifo -m 600 "$pipe"
(trap '' HUP INT TERM && exec cat "$pipe") &
said=$!
exec 3>"$pipe"
rm -f "$pipe"
last_words() { # they come out before the shell ends
    exec 3>&-
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        kill -0 "$said" 2>/dev/null || break
        sleep 0.2
    done
}
trap last_words EXIT
set -- supervisord -c deploy/supervisord.conf -j "$DATA_DIR/supervisord.pid"
[ "$(id -u)" != 0 ] || set -- "$@" -u root
step "$@" >&3 2>&3
