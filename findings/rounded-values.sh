#!/bin/sh
# Programs that only rewrite a JSON profile change the numbers in its conditions.
#
# The values of SCMP_CMP_* are unsigned numbers of 64 bits, JSON has no bound for numbers, and a pretty-printer leaves
# what it does not touch alone: so one would think. jq 1.6 and JavaScript's YAML and JSON libraries keep numbers as
# doubles and write the shortest digits that give the same double: 9223372036854775807 comes out as 9223372036854776000,
# another valid value, and no word is said. Of 2^64-1 comes 18446744073709552000, which is beyond 64 bits. yaml 2.9.1
# keeps the digits where it is asked for big integers, which is not its default.
#
# Seen with jq 1.6-2.1+deb12u3 (Debian 12), yaml 2.9.1 and js-yaml 4.1.0 (npm). Needs apt's package lists, node and npm;
# what is fetched is unpacked in a folder of its own. Exit status 0: it is still so; 1: it is not; 2: it could not be
# looked at.
set -eu
jq=1.6-2.1+deb12u3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work" # apt fetches as a user of its own
cd "$work"
apt-get -qq download "jq=$jq" "libjq1=$jq" libonig5 || { echo "jq $jq cannot be had" >&2; exit 2; }
for package in ./*.deb; do
	dpkg-deb -x "$package" .
done
library=$(dirname "$(find . -name 'libjq.so.1')")
npm --silent --no-audit --no-fund install --prefix . yaml@2.9.1 js-yaml@4.1.0 >npm.log 2>&1 || {
	echo "yaml 2.9.1 and js-yaml 4.1.0 cannot be had" >&2
	exit 2
}

cat >profile.json <<'EOF'
{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["prctl"],"action":"SCMP_ACT_ERRNO","args":[
{"index":1,"op":"SCMP_CMP_GT","value":9223372036854775807},{"index":2,"op":"SCMP_CMP_EQ","value":18446744073709551615}]}]}
EOF
cat >rewrite.js <<'EOF'
const text = require('fs').readFileSync('profile.json', 'utf8');
const how = {
	JSON: () => JSON.stringify(JSON.parse(text)),
	yaml: () => require('yaml').stringify(require('yaml').parse(text)),
	'yaml, intAsBigInt': () => require('yaml').stringify(require('yaml').parse(text, {intAsBigInt: true})),
	'js-yaml': () => require('js-yaml').dump(require('js-yaml').load(text)),
};
process.stdout.write(how[process.argv[2]]());
EOF

failed=0
check() { # check NAME FIRST SECOND COMMAND...
	name=$1 want="$2 $3"
	shift 3
	got=$("$@" | grep -o '[0-9]\{16,\}' | paste -sd ' ')
	echo "$name: $got"
	[ "$got" = "$want" ] || failed=1
}
check 'as written' 9223372036854775807 18446744073709551615 cat profile.json
check 'jq 1.6' 9223372036854776000 18446744073709552000 env LD_LIBRARY_PATH="$library" usr/bin/jq . profile.json
check 'JSON of node' 9223372036854776000 18446744073709552000 node rewrite.js JSON
check 'yaml 2.9.1' 9223372036854776000 18446744073709552000 node rewrite.js yaml
check 'js-yaml 4.1.0' 9223372036854776000 18446744073709552000 node rewrite.js js-yaml
check 'yaml 2.9.1, intAsBigInt' 9223372036854775807 18446744073709551615 node rewrite.js 'yaml, intAsBigInt'
exit $failed
