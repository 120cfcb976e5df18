"""Real programs for tests/root/record-programs: how each is made ready, what it does, and what else it can do.

Each is made ready in a folder, of which every work gets a copy of its own: "{dir}" in commands and files.
"""

import dataclasses
import os
import pathlib
import shutil
import socket
import subprocess
import sys


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


PORT = free_port()
SERVED = ("GET", "server")  # the work of a client: there is a server to ask
NOBODY = 65534
DIR = "{dir}"
FILLED = ("nginx.conf", "sshd_config", "batch")  # in which {dir} becomes the folder
MAKE_TIME = 300  # seconds, on a busy machine: Go compiles its own library

HELLO_C = '#include <stdio.h>\nint main(int argc, char **argv) { printf("hello %s\\n", argc > 1 ? argv[1] : "you"); return 0; }\n'
MUSL_C = """#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static void *work(void *data) { *(int *)data = 7; return data; }
int main(int argc, char **argv)
{
	pthread_t thread;
	int made = 0, status;
	if (pthread_create(&thread, NULL, work, &made) || pthread_join(thread, NULL)) return 1;
	if (fork() == 0) _exit(3);
	if (wait(&status) < 0 || WEXITSTATUS(status) != 3) return 2;
	if (argc > 1) system(argv[1]);
	DIR *d = opendir(".");
	printf("%d %s\\n", made, d && readdir(d) ? "read" : "none");
	return 0;
}
"""
NGINX = """daemon off; master_process on; worker_processes 1; pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 16; }}
http {{ access_log off; client_body_temp_path {dir}/b; proxy_temp_path {dir}/p; fastcgi_temp_path {dir}/f;
uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s; gzip on; gzip_min_length 1; gzip_types text/plain;
server {{ listen 127.0.0.1:{port}; root {dir}/www; location /big {{ sendfile on; }} }} }}
"""
NODE = """const http = require('http'), fs = require('fs'), child = require('child_process');
http.createServer((q, a) => {{
  if (q.url == '/run') a.end(child.execFileSync('uname'));
  else if (q.url == '/make') {{ fs.mkdirSync('made'); fs.renameSync('made', 'moved'); fs.rmdirSync('moved'); a.end('made'); }}
  else a.end(fs.readFileSync('www' + q.url));
}}).listen({port}, '127.0.0.1')"""
GO = """package main
import ("io"; "net/http"; "os"; "os/exec")
func main() {
	here := os.Args[1]
	http.Handle("/", http.FileServer(http.Dir("www")))
	http.HandleFunc("/fetch", func(w http.ResponseWriter, r *http.Request) {
		if a, err := http.Get("http://" + here + "/index.html"); err == nil { io.Copy(w, a.Body) }
	})
	http.HandleFunc("/run", func(w http.ResponseWriter, r *http.Request) {
		said, err := exec.Command("uname").CombinedOutput()
		if err != nil { said = []byte(err.Error()) }
		w.Write(said)
	})
	http.ListenAndServe(here, nil)
}
"""
JAVA = """import java.io.*; import java.net.*; import java.nio.file.*;
public class Work {
	public static void main(String[] words) throws Exception {
		Thread t = new Thread(() -> System.out.println("a thread"));
		t.start(); t.join();
		System.out.println(Files.readAllLines(Path.of("www/index.html")).size() + " lines");
		if (words.length == 0) return;
		Files.createDirectory(Path.of(words[0])); Files.move(Path.of(words[0]), Path.of("moved")); Files.delete(Path.of("moved"));
		try (ServerSocket s = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		     Socket c = new Socket(s.getInetAddress(), s.getLocalPort()); Socket there = s.accept()) {
			c.getOutputStream().write(7);
			System.out.println("read " + there.getInputStream().read());
		}
		System.out.println("child " + new ProcessBuilder("true").start().waitFor());
	}
}
"""
CGI = "#!/bin/sh\necho Content-Type: text/plain; echo; echo made by a child\n"
SSHD = """Port {port}
ListenAddress 127.0.0.1
HostKey {dir}/host
AuthorizedKeysFile {dir}/key.pub
PermitRootLogin yes
StrictModes no
UsePAM no
PidFile none
SetEnv SHLVL=2
Subsystem sftp internal-sftp
"""

GIT = "git -c user.name=A -c user.email=a@example.org"
COMMITS = f"cd $(mktemp -d ./r.XXXX); echo a >a; git init -q -b main; git add a; {GIT} commit -qm one; "


@dataclasses.dataclass
class Program:
    """`work` and `other_work` are requests to a server, SERVED, or nothing: then `command` is all."""

    name: str
    needs: list          # commands that must be here
    command: list
    says: str            # what its work answers, so that nobody takes two failures for two successes
    lacks: set           # calls of the other work, by what it is, that the first makes none of
    prepare: object = None
    work: object = None
    other: list = None   # another command: other options, another input
    other_work: object = None
    user: int = 0        # as whom, where that is to be somebody in particular
    root: bool = False   # it takes root to run it at all


def get(path, more=""):
    return f"GET {path} HTTP/1.0\r\nHost: localhost\r\n{more}\r\n"


def python():
    """Not a shim of some version manager: what it does is no part of the program."""
    return os.path.realpath(sys.executable)


def make(work, *command, **how):
    subprocess.run(command, cwd=work, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=MAKE_TIME, **how)


def files(work):
    work.chmod(0o755)  # nginx's workers are somebody else
    (work / "www/cgi-bin").mkdir(parents=True)
    (work / "www/index.html").write_text("hello\n" * 20)
    (work / "www/big").write_text("much\n" * 40000)
    (work / "www/cgi-bin/told").write_text(CGI)
    (work / "www/cgi-bin/told").chmod(0o755)
    (work / "hello.c").write_text(HELLO_C)
    (work / "other.c").write_text(HELLO_C.replace("printf", "fprintf(stderr, \"\"), printf"))


def nginx(work):
    (work / "nginx.conf").write_text(NGINX.format(dir=DIR, port=PORT))


def musl(work):
    (work / "musl.c").write_text(MUSL_C)
    make(work, "musl-gcc", "-static", "-O1", "-w", "-o", "musl", "musl.c")


def go(work):
    """Static, without a C library."""
    (work / "serve.go").write_text(GO)
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "go-build"
    make(work, "go", "build", "-o", "serve", "serve.go",
         env=dict(os.environ, CGO_ENABLED="0", GO111MODULE="off", GOCACHE=str(cache)))


def java(work):
    (work / "Work.java").write_text(JAVA)
    make(work, "javac", "Work.java")


def sshd(work):
    """SHLVL is for bash: a shell in a shell reads no .bashrc, which is this machine's and no part of the program."""
    for name in ("host", "key", "strange"):
        make(work, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", name)
    (work / "sshd_config").write_text(SSHD.format(dir=DIR, port=PORT))
    (work / "batch").write_text("get {dir}/www/big got\n")


def ssh(program, key, *words):
    return [program, "-F", "none", "-i", key, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
            "BatchMode=yes", "-o", "LogLevel=ERROR", "-o", f"Port={PORT}", *words]


def programs():
    http = [python(), "-m", "http.server", "-b", "127.0.0.1", "-d", "www", str(PORT)]
    redis = ["redis-server", "--port", str(PORT), "--bind", "127.0.0.1", "--dir", ".", "--save", ""]
    return [
        Program("sh", ["sh"], ["sh", "-c", "ls www | sort | wc -l; echo x >made; cat made; rm made"], "3\nx\n",
                {"mkdir", "rmdir", "umask", "kill"}, other=["sh", "-c", "mkdir d; mv d e; rmdir e; kill -0 $$; umask"]),
        Program("busybox", ["busybox"], ["busybox", "sh", "-c", "ls www | sort | wc -l; echo x >made; cat made"], "3\nx\n",
                {"mkdir", "rename", "rmdir"}, other=["busybox", "sh", "-c", "mkdir d2; mv d2 e2; rmdir e2; date >/dev/null"]),
        Program("musl, threads and fork", ["musl-gcc"], ["./musl"], "7 read", {"pipe2", "unlinkat"}, musl,
                other=["./musl", "ls | cat >listed; rm listed"]),
        Program("gcc", ["gcc"], ["gcc", "-O1", "-o", "hello", "hello.c"], "", {"dup2"},
                other=["gcc", "-O2", "-g", "-pipe", "-c", "other.c"]),
        Program("git", ["git"], ["sh", "-c", COMMITS + "git log --format=%s"], "one", {"rmdir", "uname"},
                other=["sh", "-c", COMMITS + f"echo b >>a; git diff --stat; {GIT} commit -qam two; git gc -q; git checkout -q -b b"]),
        Program("curl", ["curl"], ["curl", "-s", f"http://127.0.0.1:{PORT}/index.html"], "hello", {"mkdir", "utimensat"},
                work=SERVED, other=["curl", "-s", "-R", "--create-dirs", "-o", "d/got", f"http://localhost:{PORT}/big"]),
        Program("python http.server", [python()], http, "hello", {"wait4", "clone"}, work=[get("/index.html")],
                other=[*http, "--cgi"], other_work=[get("/cgi-bin/told"), get("/"), get("/absent")]),
        Program("nginx", ["nginx"], ["nginx", "-p", ".", "-c", "nginx.conf"], "hello", {"sendfile", "write"}, nginx,
                work=[get("/index.html")],
                other_work=[get("/big"), get("/index.html", "Accept-Encoding: gzip\r\n"), get("/absent")]),
        Program("redis", ["redis-server"], redis, "+OK", {"rename", "fdatasync"}, work=["SET a 1\r\nGET a\r\nQUIT\r\n"],
                other_work=["LPUSH l 1 2 3\r\nSAVE\r\nBGSAVE\r\nINFO\r\nQUIT\r\n"]),
        Program("node", ["node"], ["node", "-e", NODE.format(port=PORT)], "hello", {"mkdir", "rename", "rmdir", "wait4"},
                work=[get("/index.html")], other_work=[get("/run"), get("/make"), get("/big")]),
        Program("Go, an http server", ["go"], ["./serve", f"127.0.0.1:{PORT}"], "hello", {"wait4", "connect", "dup3"}, go,
                work=[get("/")], other_work=[get("/fetch"), get("/run"), get("/big")]),
        Program("Java", ["java", "javac"], ["java", "-cp", ".", "Work"], "20 lines", {"listen", "rmdir", "rename", "wait4"}, java,
                other=["java", "-cp", ".", "Work", "made"]),
        Program("sshd, one login", ["sshd", "ssh", "sftp"], [shutil.which("sshd") or "sshd", "-D", "-e", "-f", "sshd_config"],
                "0\n20\n", {"readlink"}, sshd, work=[ssh("ssh", "key", "root@127.0.0.1", "id -u; wc -l <{dir}/www/index.html")],
                other_work=[ssh("sftp", "key", "-b", "batch", "root@127.0.0.1"),
                            ssh("ssh", "strange", "root@127.0.0.1", "true"),
                            ssh("ssh", "key", "-tt", "root@127.0.0.1", "tty -s; echo $?")], root=True),
        Program("passwd, set-user-ID", ["passwd"], ["passwd", "-S", "nobody"], "nobody ", {"rt_sigprocmask", "readlinkat"}, user=NOBODY,
                root=True, other=["passwd", "-S", "nobody-of-that-name"]),
    ]
