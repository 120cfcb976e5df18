/* What there is to say of a recording beside its calls. */

#include "evidence.h"

#include "../cli/message.h"

#include <inttypes.h>
#include <stdio.h>

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void tell_unread(const struct evidence *e)
{
	for (uint64_t i = 0; i < e->unread && i < EVIDENCE_SHOWN; i++) {
		const struct evidence_line *l = &e->unread_line[i];
		if (*l->text)
			message("%s:%" PRIu64 ": not understood: %s", l->path, l->at, l->text);
		else if (!e->hidden)
			message("%s:%" PRIu64 ": not understood: no text", l->path, l->at);
		else
			message("%s:%" PRIu64 ": not understood; not shown: it is in no plain file, or a "
				"link leads there; --follow shows it", l->path, l->at);
	}
	if (e->unread > EVIDENCE_SHOWN)
		message("%" PRIu64 " lines were not understood, of %" PRIu64, e->unread, e->lines);
}

static void tell_unnamed(const struct evidence *e)
{
	char names[EVIDENCE_SHOWN * (EVIDENCE_TEXT + 2)] = "";
	size_t used = 0;

	if (!e->unnamed)
		return;
	for (size_t i = 0; i < e->names; i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
			e->name[i].text);
	if (e->names)
		message("%" PRIu64 " call%s of what no ABI has: %s%s", e->unnamed, plural(e->unnamed), names,
			e->names == EVIDENCE_SHOWN ? ", ..." : "");
	else
		message("%" PRIu64 " call%s of what no ABI has; the words are not shown: the file is no "
			"plain one, or a link leads to it; --follow shows them",
			e->unnamed, plural(e->unnamed));
}

void evidence_tell(const struct evidence *e)
{
	tell_unread(e);
	tell_unnamed(e);
	if (e->repeated)
		message("the table behind the calls was not counted: it counts them once more (strace -C, "
			"perf trace -S)");
	if (e->loads)
		message("%s:%" PRIu64 ": a filter is loaded%s: what that process called before was not under "
			"it",
			e->load.path, e->load.at, e->loads > 1 ? ", and others later" : "");
	if (e->lost)
		message("the kernel dropped at least %" PRIu64 " line%s: without auditd it writes ten in "
			"five seconds", e->lost, plural(e->lost));
	if (e->nameless)
		message("%" PRIu64 " end%s by SIGSYS, and no line says of which call: a trap leaves no "
			"record without SECCOMP_FILTER_FLAG_LOG", e->nameless, plural(e->nameless));
	if (e->beside)
		message("%" PRIu64 " more end%s by SIGSYS without a call of %s own, as of threads whose "
			"process a filter "
			"ends", e->beside, plural(e->beside), e->beside == 1 ? "its" : "their");
	if (*e->logged)
		message("actions_logged was set to: %s", e->logged);
	if (e->crowded)
		message("more than %d processes at once: of those beyond, calls in two pieces are told as "
			"not returned", 4096);
}

void evidence_tell_limits(const struct evidence *e)
{
	static const char *const limits[KINDS] = {
		[KIND_STRACE] = "strace: under --seccomp-bpf calls that the filter refuses are missing; x32 "
				"and what goes through socketcall or ipc shows with -n alone; of an int the "
				"low half",
		[KIND_STRACE_TABLE] = "strace -c: no arguments, and never exit and exit_group",
		[KIND_AUDIT] = "audit records: seccomp's have no arguments, and there is none of a refusal "
				"with an errno, a trap, a tracer or a listener unless the filter has "
				"SECCOMP_FILTER_FLAG_LOG",
		[KIND_PERF] = "perf trace: no call that a filter refused is in it but as one that failed, "
				"and arguments have no places",
		[KIND_PERF_TABLE] = "perf trace -s: no arguments, and no call that a filter refused",
		[KIND_FTRACE] = "ftrace: it has no ABI; --arch says whose numbers they are",
		[KIND_OPERATOR] = "the operator's records: names without arguments; a recording made under a "
				"filter lacks what that refused",
		[KIND_PROFILE] = "a profile names calls: no arguments, no count",
		[KIND_NAMES] = "names alone: no arguments, and no ABI but what --arch says",
	};

	for (size_t i = 0; i < KINDS; i++) {
		if (e->seen[i] && limits[i])
			message("not shown by %s", limits[i]);
	}
}
