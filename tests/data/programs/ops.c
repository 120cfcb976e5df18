/* What a program does, by its first argument: for tools/maintain/gen-programs. Exit status 1: it could not. */
#define _GNU_SOURCE

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILE_OF_OURS "ops.file"

static void *nothing(void *p)
{
	return p;
}

static bool thread(void)
{
	pthread_t t;

	return !pthread_create(&t, NULL, nothing, NULL) && !pthread_join(t, NULL);
}

static bool ended_well(pid_t pid)
{
	int status = 0;

	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool start_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return ended_well(pid);
}

static bool spawn(void)
{
	char *words[] = {"/proc/self/exe", NULL};
	pid_t pid;

	return !posix_spawn(&pid, words[0], NULL, NULL, words, NULL) && ended_well(pid);
}

static bool may_read(void)
{
	return faccessat(AT_FDCWD, FILE_OF_OURS, R_OK, AT_EACCESS) == 0;
}

static bool status(void)
{
	struct stat st;

	return stat(FILE_OF_OURS, &st) == 0;
}

static bool status_open(void)
{
	struct stat st;

	return fstat(0, &st) == 0;
}

static bool list(void)
{
	DIR *folder = opendir(".");

	return folder && readdir(folder) && !closedir(folder);
}

static bool mode(void)
{
	return chmod(FILE_OF_OURS, 0644) == 0;
}

static bool mode_of_link(void)
{
	return fchmodat(AT_FDCWD, FILE_OF_OURS, 0644, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool rest(void)
{
	struct timespec t = {0, 1000};

	return nanosleep(&t, NULL) == 0;
}

static bool clock_of_process(void)
{
	struct timespec t;

	return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) == 0;
}

static const struct timespec soon = {0, 1000};

static bool wait_for_file(void)
{
	return ppoll(NULL, 0, &soon, NULL) == 0;
}

static bool wait_for_files(void)
{
	return pselect(0, NULL, NULL, NULL, &soon, NULL) == 0;
}

static bool times(void)
{
	const struct timespec t[2] = {{1, 0}, {2, 0}};

	return utimensat(AT_FDCWD, FILE_OF_OURS, t, 0) == 0;
}

static bool wait_for_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return !raise(SIGUSR1) && sigtimedwait(&set, NULL, &soon) == SIGUSR1;
}

static bool set_timer(void)
{
	const struct itimerspec t = {{0, 0}, soon};
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);

	return fd >= 0 && timerfd_settime(fd, 0, &t, NULL) == 0;
}

static bool wait_for_thread(void)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t c = PTHREAD_COND_INITIALIZER;
	const struct timespec past = {1, 0};

	pthread_mutex_lock(&m);
	return pthread_cond_timedwait(&c, &m, &past) != 0;
}

static bool messages(void)
{
	struct mmsghdr m = {0};
	struct timespec t = soon;
	int fd[2];

	return !socketpair(AF_UNIX, SOCK_DGRAM, 0, fd) && send(fd[1], "", 1, 0) == 1 &&
		recvmmsg(fd[0], &m, 1, 0, &t) == 1;
}

static bool semaphore(void)
{
	struct sembuf up = {0, 1, 0};
	int id = semget(IPC_PRIVATE, 1, 0600);
	bool done = id >= 0 && semtimedop(id, &up, 1, &soon) == 0;

	return semctl(id, 0, IPC_RMID) == 0 && done;
}

static void on_signal(int number)
{
	(void)number;
}

static bool handle(void)
{
	return signal(SIGUSR1, on_signal) != SIG_ERR && !raise(SIGUSR1);
}

static const struct {
	const char *name;
	bool (*work)(void);
} ops[] = {
	{"thread", thread}, {"fork", start_child}, {"spawn", spawn}, {"access", may_read}, {"stat", status},
	{"fstat", status_open}, {"opendir", list}, {"chmod", mode}, {"lchmod", mode_of_link}, {"nanosleep", rest},
	{"clock", clock_of_process}, {"ppoll", wait_for_file}, {"pselect", wait_for_files}, {"times", times},
	{"sigwait", wait_for_signal}, {"timer", set_timer}, {"condition", wait_for_thread}, {"messages", messages},
	{"semaphore", semaphore}, {"handler", handle},
};

int main(int argc, char **argv)
{
	if (write(1, "main\n", 5) != 5)
		return 1;
	for (unsigned i = 0; argc > 1 && i < sizeof(ops) / sizeof(*ops); i++) {
		if (strcmp(argv[1], ops[i].name) == 0)
			return !ops[i].work();
	}
	return argc > 1;
}
