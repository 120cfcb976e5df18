#!/bin/sh
# libseccomp's resolver answers with numbers that no system call has, for calls that have one.
#
# The kernel has had direct calls for sockets on x86 since 4.3 (socket is 359), and on s390x and ppc64le; System V IPC got
# its own with 5.1 (msgctl is 402). scmp_sys_resolver, asked for the number of `socket` there, prints -101: it names the call
# by libseccomp's own number for "socket, by either way", the direct call or the multiplexer socketcall, from which the
# library makes rules for both. It does so on ABIs that have both ways alone: on x86_64 and arm the same question gives
# the kernel's number. So a table of numbers is not to be made from the resolver, and "the largest number that is known"
# is not the largest of its answers.
#
# Seen with seccomp and libseccomp2 2.5.4-1+deb12u1 (Debian 12). Needs apt's package lists, on amd64; what is fetched is
# unpacked in a folder of its own. Exit status 0: it is still so; 1: it is not; 2: it could not be looked at.
set -eu
version=2.5.4-1+deb12u1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work" # apt fetches as a user of its own
cd "$work"
apt-get -qq download "seccomp=$version" "libseccomp2=$version" || {
	echo "libseccomp $version cannot be had" >&2
	exit 2
}
for package in ./*.deb; do
	dpkg-deb -x "$package" .
done
LD_LIBRARY_PATH=$(dirname "$(find . -name 'libseccomp.so.2')")
export LD_LIBRARY_PATH

failed=0
check() { # check ABI NAME NUMBER
	got=$(usr/bin/scmp_sys_resolver -a "$1" "$2")
	echo "$1 $2: $got"
	[ "$got" = "$3" ] || failed=1
}
for abi in x86 s390x ppc64le; do
	check $abi socket -101
	check $abi msgctl -214
	check $abi socketcall 102
done
check x86_64 socket 41
check x86_64 msgctl 71
check arm socket 281
check arm msgctl 304
exit $failed
