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

/* Bytes of it that nobody took; it grows as long as something comes. */
static inline int64_t log_size(void)
{
	const int size_unread = 9;

	return raw_call(NR_syslog, size_unread, 0, 0, 0, 0, 0);
}

/*
 * A line for each record of a call, as "# arch=16 syscall=20 ... code=0x7ffc0000". Of those that were not
 * made, of which there are as many as a filter refuses, the first few.
 */
static inline void log_calls(struct log *l, struct out *out)
{
	int refused = 60;
	char *end, *next;

	for (char *line = l->text; *line; line = next) {
		const char *arch = find(line, "type=1326 ") ? find(line, " arch=") : NULL;
		bool logged = arch && find(arch, "code=0x7ffc0000");
		for (end = line; *end && *end != '\n'; end++)
			;
		next = *end ? end + 1 : end;
		if (arch && (logged || refused-- > 0)) {
			*end = '\0';
			print(out, "#");
			print(out, arch);
			print(out, "\n");
		}
	}
}

/*
 * A thread of the kernel's does the writing: all is there once nothing has come for a while. A kernel that
 * never stops talking is not waited for.
 */
static inline void print_log(struct out *out, struct log *l)
{
	const int patience = 100, enough = 100000;
	int64_t last = -1;

	for (int quiet = 0, rounds = 0; quiet < patience && rounds < enough; quiet++, rounds++) {
		raw_call(NR_sched_yield, 0, 0, 0, 0, 0, 0);
		int64_t size = log_size();
		if (size != last)
			quiet = 0;
		last = size;
	}
	log_read(l);
	log_calls(l, out);
	log_clear();
}

#endif
