/*
 * Which file a program's name means: the name itself if there is a slash in it, else the first of
 * PATH's directories where execve(2) works. What is not there, or not permitted, is passed over;
 * any other failure is the program's own and ends the search.
 */

#include "path.h"

#include "syscalls.h"

#include <stdbool.h>
#include <stddef.h>

#define PATH_ROOM 4096 /* PATH_MAX, which includes the NUL */

/* A script without #! is for the shell, as POSIX has execvp() do it. */
static int execute(const char *file, char **program, char **env)
{
	static const char shell[] = "/bin/sh";
	int error = -(int)syscall5(NR_execve, REG_OF(file), REG_OF(program), REG_OF(env), 0, 0);

	if (error != ERR_ENOEXEC)
		return error;
	program[-1] = (char *)(uintptr_t)shell;
	program[0] = (char *)(uintptr_t)file;
	return -(int)syscall5(NR_execve, REG_OF(shell), REG_OF(program - 1), REG_OF(env), 0, 0);
}

static bool has_slash(const char *name)
{
	while (*name && *name != '/')
		name++;
	return *name;
}

/* The value of PATH; what execvp() assumes without one. */
static const char *search_list(char **env)
{
	static const char wanted[] = "PATH=";

	for (; *env; env++) {
		size_t i = 0;
		while (wanted[i] && (*env)[i] == wanted[i])
			i++;
		if (!wanted[i])
			return *env + i;
	}
	return "/bin:/usr/bin";
}

/* The next directory of the list, a slash and the name; an empty one is the current. Advances *list
 * to the colon or the end. False: too long for a path. */
static bool join(char *file, const char **list, const char *name)
{
	size_t len = 0;
	bool fits = true;

	for (; **list && **list != ':'; ++*list) {
		fits = fits && len < PATH_ROOM - 2;
		if (fits)
			file[len++] = **list;
	}
	if (len)
		file[len++] = '/';
	for (; *name; name++) {
		fits = fits && len < PATH_ROOM - 1;
		if (fits)
			file[len++] = *name;
	}
	file[len] = '\0';
	return fits;
}

int path_exec(char **program, char **env)
{
	char file[PATH_ROOM];
	const char *name = program[0];
	int found = ERR_ENOENT; /* or EACCES, once somewhere */

	if (!*name)
		return ERR_ENOENT;
	if (has_slash(name))
		return execute(name, program, env);
	for (const char *list = search_list(env);; list++) {
		int error = join(file, &list, name) ? execute(file, program, env) : ERR_ENOENT;
		if (error == ERR_EACCES)
			found = error;
		else if (error != ERR_ENOENT && error != ERR_ENOTDIR)
			return error;
		if (!*list)
			return found;
	}
}
