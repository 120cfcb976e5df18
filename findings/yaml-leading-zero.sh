#!/bin/sh
# One YAML file, one mode with a leading zero, two numbers: who reads it decides.
#
# YAML 1.1 has 0644 as octal, YAML 1.2's core schema as decimal, and 0o644 the other way round: octal in 1.2, a string
# in 1.1. Libraries of both kinds are in use beside each other, none says which it follows, and a condition on the mode
# of chmod in a SeccompProfile resource is just such a number. PyYAML 6.0 follows 1.1; yaml 2.9.1 and js-yaml 4.1.0
# follow 1.2. So a file reviewed or templated in one and applied by another means another thing. Written in decimal, or
# as JSON, it is the same for all.
#
# Seen with python3-yaml 6.0-3+b2 (Debian 12), yaml 2.9.1 and js-yaml 4.1.0 (npm). Needs apt's package lists, python3,
# node and npm; what is fetched is unpacked in a folder of its own. Exit status 0: it is still so; 1: it is not; 2: it
# could not be looked at.
set -eu
version=6.0-3+b2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work" # apt fetches as a user of its own
cd "$work"
apt-get -qq download "python3-yaml=$version" || { echo "python3-yaml $version cannot be had" >&2; exit 2; }
dpkg-deb -x python3-yaml_*.deb .
npm --silent --no-audit --no-fund install --prefix . yaml@2.9.1 js-yaml@4.1.0 >npm.log 2>&1 || {
	echo "yaml 2.9.1 and js-yaml 4.1.0 cannot be had" >&2
	exit 2
}
cat >profile.yaml <<'EOF'
- 0644
- 0o644
- 420
EOF
# the Python part of the package alone, whatever version of Python is here
export PYTHONPATH="$work/usr/lib/python3/dist-packages"
failed=0
check() { # check NAME WANTED COMMAND...
	name=$1 want=$2
	shift 2
	got=$("$@" <profile.yaml)
	echo "$name: $got"
	[ "$got" = "$want" ] || failed=1
}
check 'PyYAML 6.0' '[420, "0o644", 420]' python3 -c 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))'
for library in 'yaml parse' 'js-yaml load'; do
	# shellcheck disable=SC2086 # two words
	check "${library% *}" '[644,420,420]' node -e '
		const [name, read] = process.argv.slice(1);
		console.log(JSON.stringify(require(name)[read](require("fs").readFileSync(0, "utf8"))));
	' $library
done
exit $failed
