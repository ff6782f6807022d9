#!/bin/sh
# Runs client.mjs against a server in memory, on a free port. CONNECTMOCK is the
# path of a binary to use instead of building one.
set -eu
cd "$(dirname "$0")"

for tool in node npm; do
	if ! command -v "$tool" >/dev/null 2>&1; then
		echo "examples/js: skipped: $tool is not installed (it comes with Node.js 18 or later)" >&2
		exit 0
	fi
done
if [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 18')" != true ]; then
	echo "examples/js: skipped: node is $(node --version), the client needs 18 or later" >&2
	exit 0
fi
if [ -z "${CONNECTMOCK:-}" ] && ! command -v go >/dev/null 2>&1; then
	echo "examples/js: go is not installed; give the path of a binary with CONNECTMOCK=/path/to/connectmock" >&2
	exit 1
fi

work=$(mktemp -d)
server=
finish() {
	if [ -n "$server" ]; then
		kill "$server" 2>/dev/null || true
		wait "$server" 2>/dev/null || true
	fi
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

binary=${CONNECTMOCK:-}
if [ -z "$binary" ]; then
	binary=$work/connectmock
	(cd ../.. && go build -o "$binary" ./cmd/connectmock)
fi
if ! npm ci --silent; then
	echo "examples/js: npm could not install @1password/connect; can it reach the registry?" >&2
	exit 1
fi

"$binary" serve --addr 127.0.0.1:0 --store memory: --check-responses --json \
	--ready-file "$work/ready.json" >/dev/null 2>"$work/server.log" &
server=$!
# The server writes the file at once, when it accepts requests.
tries=0
while [ ! -f "$work/ready.json" ]; do
	tries=$((tries + 1))
	if ! kill -0 "$server" 2>/dev/null || [ "$tries" -gt 6000 ]; then
		echo "examples/js: the server did not start:" >&2
		cat "$work/server.log" >&2
		exit 1
	fi
	sleep 0.05
done

status=0
node client.mjs "$work/ready.json" || status=$?
if [ "$status" -ne 0 ]; then
	echo "examples/js: the log of the server:" >&2
	cat "$work/server.log" >&2
fi
exit "$status"
