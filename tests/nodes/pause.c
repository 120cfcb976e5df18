/* What holds a pod's namespaces: does nothing until told to end. */

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void end(int signal)
{
	(void)signal;
	_exit(0);
}

int main(void)
{
	if (signal(SIGTERM, end) == SIG_ERR || signal(SIGINT, end) == SIG_ERR)
		return 1;
	for (;;)
		pause();
}
