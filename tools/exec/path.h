#ifndef TOOLS_EXEC_PATH_H
#define TOOLS_EXEC_PATH_H

/*
 * execvp(3) without a libc. Returns the errno of the failure, positive. program[-1] must be there:
 * it is overwritten if program[0] turns out to be a script without #!, which /bin/sh then runs.
 */
int path_exec(char **program, char **env);

#endif
