#!/bin/sh
# Two pages of one release of man-pages disagree on when membarrier(2) came.
#
# syscalls(2), whose table has the kernel that brought each call, says 3.17; membarrier(2) says 4.3. The call's number
# decides: 324 on x86_64 lies between userfaultfd, 323, and mlock2, 325, which the same table dates 4.3 and 4.4, and
# numbers there are given in the order in which calls come. So a table of versions is not to be made from syscalls(2)
# alone. pkey_alloc, pkey_free and pkey_mprotect are alike: 4.8 there, 4.9 in their own pages.
#
# Seen with manpages-dev 6.03-2 (Debian 12). Needs apt's package lists, and installs nothing: the package is fetched
# and unpacked in a folder of its own. Exit status 0: it is still so; 1: it is not; 2: it could not be looked at.
set -eu
version=6.03-2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work" # apt fetches as a user of its own
cd "$work"
apt-get -qq download "manpages-dev=$version" || { echo "manpages-dev $version cannot be had" >&2; exit 2; }
dpkg-deb -x manpages-dev_*.deb .
page() { zcat "usr/share/man/man2/$1.2.gz"; }
# since NAME: what the table of syscalls(2) has
since() { page syscalls | sed -n "s/^.*[^a-z0-9_]$1\\\\f[^(]*(2)\t\([0-9.]*\).*/\1/p"; }

failed=0
check() { # check NAME TABLE OWN
	in_table=$(since "$1")
	own=$(page "$1" | grep -cE "(Linux|kernel) $3([^0-9.]|$|\.$)" || :)
	echo "$1: syscalls(2) has $in_table; its own page has $3 in $own lines"
	[ "$in_table" = "$2" ] && [ "$own" -gt 0 ] || failed=1
}
check membarrier 3.17 4.3
check pkey_alloc 4.8 4.9
[ "$(since userfaultfd) $(since mlock2)" = '4.3 4.4' ] || failed=1
echo "userfaultfd: $(since userfaultfd), mlock2: $(since mlock2)"
exit $failed
