#!/bin/sh
# The same static Go program makes other system calls when /sys is mounted than when it is not.
#
# A static program that reads no file of its own is taken to make the same calls wherever it starts. Go's runtime asks
# /sys/kernel/mm/transparent_hugepage/hpage_pmd_size how large huge pages are, and then calls madvise() on its heap (once,
# in this program); where there is no /sys (a chroot, a sandbox with few mounts) it never calls it. So what was recorded
# in a sandbox without /sys lacks a call that the program makes in a container, which has /sys; and a filter that kills
# for madvise ends the program in the one and not in the other.
#
# Seen with golang-1.19-go 1.19.8-2, traced by strace 6.1-0.1 (Debian 12). Needs apt's package lists, amd64, ptrace, user
# namespaces (or root) and a kernel with transparent huge pages; what is fetched is unpacked in a folder of its own. Exit
# status 0: it is still so; 1: it is not; 2: it could not be looked at.
set -eu
[ -r /sys/kernel/mm/transparent_hugepage/hpage_pmd_size ] || { echo 'no transparent huge pages here' >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work" # apt fetches as a user of its own
cd "$work"
for package in golang-1.19-go=1.19.8-2 golang-1.19-src=1.19.8-2 strace=6.1-0.1; do
	apt-get -qq download "$package" || { echo "$package cannot be had" >&2; exit 2; }
done
for package in ./*.deb; do
	dpkg-deb -x "$package" .
done
# the package splits what the compiler looks for below one folder
export GOROOT="$work/usr/lib/go-1.19" GOCACHE="$work/cache" GOPATH="$work/path" CGO_ENABLED=0 GOFLAGS='' GO111MODULE=off
for folder in src api misc test; do
	[ ! -d "usr/share/go-1.19/$folder" ] || ln -sfn "$work/usr/share/go-1.19/$folder" "usr/lib/go-1.19/$folder"
done
ln -sfn "$work/usr/share/go-1.19/pkg/include" usr/lib/go-1.19/pkg/include
cat >program.go <<'EOF'
package main

func main() { println("started") }
EOF
usr/lib/go-1.19/bin/go build -o root-program program.go || exit 2
mkdir -p root/sys
cp root-program root/program

failed=0
check() { # check WHAT COMMANDS: is madvise called, "yes" or "no", with these mounts?
	usr/bin/strace -f -o trace unshare -rm sh -c "$3 exec chroot root /program" 2>said || { cat said >&2; exit 2; }
	[ "$(cat said)" = started ] || { cat said >&2; exit 2; }
	# after the last execve() it is the program's own
	calls=$(awk '/execve\("\/program"/ { n = 0; on = 1 } on && / madvise\(/ { n++ } END { print n + 0 }' trace)
	echo "$1: $calls calls of madvise"
	[ "$2" = "$([ "$calls" -gt 0 ] && echo yes || echo no)" ] || failed=1
}
check 'without /sys' no ''
check 'with /sys' yes 'mount --rbind /sys root/sys;'
exit $failed
