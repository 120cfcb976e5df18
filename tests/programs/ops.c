/* What a program does, by its first argument: for tools/maintain/gen-programs. Exit status 1: it could not. */
#define _GNU_SOURCE

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
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

static const struct {
	const char *name;
	bool (*work)(void);
} ops[] = {
	{"thread", thread}, {"fork", start_child}, {"spawn", spawn}, {"access", may_read}, {"stat", status},
	{"fstat", status_open}, {"opendir", list}, {"chmod", mode}, {"lchmod", mode_of_link}, {"nanosleep", rest},
	{"clock", clock_of_process},
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
