#!/bin/sh
# with_postgres.sh COMMAND…   runs the command against a throw-away PostgreSQL on a socket, then removes it.
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "PostgreSQL is not installed (Debian package: postgresql)" >&2; exit 1; }
dir=$(mktemp -d /tmp/pgXXXXXX)
as() { "$@"; }
# initdb refuses to run as root
if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; as() { runuser -u postgres -- "$@"; }; fi
trap 'as "$bin/pg_ctl" -D "$dir/d" -m immediate -s stop || true; rm -rf "$dir"' EXIT INT TERM
(cd "$dir" && as "$bin/initdb" -D "$dir/d" -U portal -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null)
as "$bin/pg_ctl" -D "$dir/d" -s -w -l "$dir/log" -o "-k $dir -h '' -c fsync=off -c full_page_writes=off" start
as "$bin/createdb" -h "$dir" -U portal portal
export PGHOST="$dir" PGUSER=portal DATABASE_URL=postgres:///portal
"$@"
