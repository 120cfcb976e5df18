# shellcheck shell=sh disable=SC2034 # variables are for those who read this
# What tests in shell share. A test begins with
#
#	. "$(dirname "$0")/../harness/cases.sh"
#
# and is given a build folder or a winnow. Then it is in a folder of its own, gone when it ends, and has
#	$build $winnow $exec	the folder and its programs, $root the top of the tree, $shipped the profile there
#	$work			that folder
#	$passed $failed $skipped	counts
#	$shown			files that a failure shows
#	$heard			where expect looks for words
# It says a line per failing case, SKIP lines for what this machine cannot show, and ends with `finish NAME`.
# Where no_winnow is set, none is asked for: the test is given another file of the folder, or nothing.
set -u
LC_ALL=C
export LC_ALL
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 2
shipped=$root/profiles/docker-default-2018.json
winnow=${1:-build}
case $winnow in /*) ;; *) winnow=$PWD/$winnow ;; esac
build=${winnow%/*}
[ ! -d "$winnow" ] || build=$winnow
[ ! -d "$winnow" ] || winnow=$winnow/winnow
exec=$build/winnow-exec
[ -n "${no_winnow-}" ] || "$winnow" --version >/dev/null || exit 2
work=$(mktemp -d) || exit 2
cleanup() {
	:
}
trap 'cleanup; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
cd "$work" || exit 2
exec </dev/null
passed=0 failed=0 skipped=0 shown='' heard="out err"

pass() {
	passed=$((passed + 1))
}

fail() {
	failed=$((failed + 1))
	echo "  FAIL  $*"
	for file in $shown; do
		tail -n 20 "$file" | sed 's/^/        /'
	done
}

skip() {
	skipped=$((skipped + 1))
	echo "  SKIP  $*"
}

# verdict STATUS WHAT : of the command before it
verdict() {
	if [ "$1" -eq 0 ]; then
		pass
	else
		fail "$2"
	fi
}

# have TOOL... : are they all here?
have() {
	for tool in "$@"; do
		command -v "$tool" >/dev/null 2>&1 || return 1
	done
}

# expect STATUS PATTERN ARG... : winnow exits like that, and a line of what it says matches; '' wants no error told
expect() {
	wanted=$1 pattern=$2
	shift 2
	"$winnow" "$@" >out 2>err
	status=$?
	expected "$@"
}

# expected ARG... : was that so?
# shellcheck disable=SC2086 # $heard: names of files
expected() {
	if [ "$status" -ne "$wanted" ]; then
		fail "winnow $*: exit $status, expected $wanted: $(head -n 3 err)"
	elif [ -z "$pattern" ] && [ -s err ]; then
		fail "winnow $*: says '$(head -n 1 err)'"
	elif [ -n "$pattern" ] && ! cat $heard | grep -q -- "$pattern"; then
		fail "winnow $*: nothing says '$pattern': $(head -n 1 err)"
	else
		pass
	fi
}

# try STATUS GLOB ARG... : winnow's exit status, and something it says
try() {
	want=$1 glob=$2
	shift 2
	"$winnow" "$@" >out 2>err
	status=$?
	# shellcheck disable=SC2254 # a pattern
	case $status:$(cat out err) in
	$want:*$glob*) pass ;;
	*) fail "$*: exit $status, expected $want and '$glob': $(cat err out | head -n 3)" ;;
	esac
}

# try_line STATUS GLOB ARG... : the same of a whole line
try_line() {
	want=$1 glob=$2
	shift 2
	"$winnow" "$@" >out 2>err
	status=$?
	if [ $status -ne "$want" ]; then
		fail "$*: exit $status, expected $want: $(cat err out | head -n 2)"
		return
	fi
	[ -n "$glob" ] || {
		pass
		return
	}
	while IFS= read -r line; do
		# shellcheck disable=SC2254 # a pattern
		case $line in
		$glob)
			pass
			return
			;;
		esac
	done <<END
$(cat out err)
END
	fail "$*: no line like '$glob' but '$(cat out err | head -n 3)'"
}

# wants STATUS WORDS ARG... : the same of words, which are in $said
wants() {
	status=$1 words=$2
	shift 2
	said=$("$winnow" "$@" 2>&1)
	got=$?
	case $got/$said in
	"$status"/*"$words"*) pass ;;
	*) fail "$*: exit $got, expected $status and '$words' in
$said" ;;
	esac
}

# finish NAME : the totals; nothing that passed is a failure, too
finish() {
	[ $skipped -eq 0 ] || echo "$1: $skipped skipped"
	echo "$1: $passed passed, $failed failed"
	[ $failed -eq 0 ] && [ $passed -gt 0 ]
	exit
}
