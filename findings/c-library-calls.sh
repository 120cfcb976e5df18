#!/bin/sh
# The same program makes other system calls with another C library: an allow list taken from one kills the other.
#
# open(), stat(), pipe(), fork() and their kin are functions of POSIX. On x86_64 both the old calls of these names and
# their successors exist, and which is made is the C library's choice: glibc 2.36 makes openat, newfstatat, pipe2 and
# clone where musl 1.2.3 makes open, stat, pipe and fork. Not all of them moved: access, dup2, mkdir and poll are the same
# calls in both. So names in the source say little about names in a profile; a rule on clone's flags does not see musl's
# fork; and what was recorded with Debian's program is not what Alpine's needs.
#
# Seen with libc6-dev 2.36-9+deb12u14 and musl-dev 1.2.3-1, traced by strace 6.1-0.1 (Debian 12). Needs apt's package
# lists, gcc, on amd64, and ptrace; what is fetched is unpacked in a folder of its own. Exit status 0: it is still so; 1: it
# is not; 2: it could not be looked at.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work" # apt fetches as a user of its own
cd "$work"
for package in libc6-dev=2.36-9+deb12u14 musl-dev=1.2.3-1 strace=6.1-0.1; do
	apt-get -qq download "$package" || { echo "$package cannot be had" >&2; exit 2; }
done
for package in ./*.deb; do
	dpkg-deb -x "$package" .
done
cat >program.c <<'EOF'
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	struct stat status;
	int ends[2], fd = open("/dev/null", O_RDONLY);
	pid_t child;

	if (fd < 0 || stat("/dev/null", &status) || access("/dev/null", R_OK) || pipe(ends) || dup2(fd, ends[0]) < 0)
		return 1;
	poll(0, 0, 0);
	mkdir("/dev/null/folder", 0700);
	child = fork();
	if (child == 0)
		_exit(0);
	return waitpid(child, 0, 0) != child;
}
EOF
triplet=x86_64-linux-gnu
gcc -static -B "usr/lib/$triplet" -isystem usr/include -isystem "usr/include/$triplet" -o with-glibc program.c -L "usr/lib/$triplet"
musl=usr/lib/x86_64-linux-musl
gcc -static -nostdinc -nostdlib -isystem usr/include/x86_64-linux-musl -o with-musl program.c "$musl/crt1.o" "$musl/libc.a"

failed=0
check() { # check PROGRAM CALL...: which of the calls asked about it makes
	program=$1
	shift
	usr/bin/strace -f -o trace "./$program" || exit 2
	got=$(sed -n 's/^[0-9]* *\([a-z0-9_]*\)(.*/\1/p' trace | sort -u |
		grep -xE 'open|openat|stat|newfstatat|pipe|pipe2|fork|clone|access|faccessat2?|dup[23]|mkdir|mkdirat|p?poll' | paste -sd ' ')
	echo "$program: $got"
	[ "$got" = "$*" ] || failed=1
}
check with-glibc access clone dup2 mkdir newfstatat openat pipe2 poll
check with-musl access dup2 fork mkdir open pipe poll stat
exit $failed
