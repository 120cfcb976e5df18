#ifndef KERNELS_INIT_LOG_H
#define KERNELS_INIT_LOG_H

/*
 * LOG is ALLOW but for what the kernel then writes into its log (kernel/auditsc.c audit_seccomp()).
 * Calls for the log are those of kernel/printk/printk.c do_syslog().
 */

#include "abi.h"
#include "text.h"

#include <stdbool.h>

struct log {
	char text[1 << 20];
};

/* What came since it was last cleared. */
static inline void log_read(struct log *l)
{
	const int read_all = 3;
	int64_t len = raw_call(NR_syslog, read_all, at(l->text), sizeof(l->text) - 1, 0, 0, 0);

	l->text[len > 0 ? len : 0] = '\0';
}

static inline void log_clear(void)
{
	const int clear = 5;

	raw_call(NR_syslog, clear, 0, 0, 0, 0, 0);
}

/* How many calls it tells of; unless `out` is NULL a line for each, as "# arch=16 syscall=20 ...".
 */
static inline uint32_t log_calls(struct log *l, struct out *out)
{
	uint32_t calls = 0;
	char *end, *next;

	for (char *line = l->text; *line; line = next) {
		const char *arch = find(line, " arch=");
		bool logged = find(line, "type=1326 ") && arch && find(arch, "code=0x7ffc0000");
		for (end = line; *end && *end != '\n'; end++)
			;
		next = *end ? end + 1 : end;
		calls += logged;
		if (logged && out) {
			*end = '\0';
			print(out, "#");
			print(out, arch);
			print(out, "\n");
		}
	}
	return calls;
}

/* A thread of the kernel's does the writing: all is there once nothing has come for a while. */
static inline void print_log(struct out *out, struct log *l)
{
	const int patience = 100;
	uint32_t last = 0;

	for (int quiet = 0; quiet < patience; quiet++) {
		raw_call(NR_sched_yield, 0, 0, 0, 0, 0, 0);
		log_read(l);
		uint32_t calls = log_calls(l, NULL);
		if (calls != last)
			quiet = 0;
		last = calls;
	}
	log_calls(l, out);
	log_clear();
}

#endif
