/* The kernel's own vdso is left out: it is no part of the program, and of some kernels has no such note. */

#define _GNU_SOURCE /* dl_iterate_phdr() */

#include "build_id.h"

#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>

struct look {
	struct buf *out;
	size_t objects;
};

static size_t aligned(size_t size, size_t by)
{
	return (size + by - 1) & ~(by - 1);
}

/* Of one segment: header, name, content, each aligned as the segment is. */
static bool find_in(struct buf *out, const unsigned char *at, size_t left, size_t by)
{
	ElfW(Nhdr) note;

	while (left >= sizeof(note)) {
		memcpy(&note, at, sizeof(note));
		size_t content = aligned(sizeof(note) + note.n_namesz, by);
		size_t all = aligned(content + note.n_descsz, by);
		if (content > left || note.n_descsz > left - content)
			return false;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_descsz && note.n_namesz == sizeof(ELF_NOTE_GNU) &&
			memcmp(at + sizeof(note), ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) == 0) {
			buf_add(out, &note.n_descsz, sizeof(note.n_descsz));
			buf_add(out, at + content, note.n_descsz);
			return true;
		}
		if (all >= left)
			return false;
		at += all;
		left -= all;
	}
	return false;
}

/* Not 0: it has none. */
static int visit(struct dl_phdr_info *object, size_t size, void *context)
{
	struct look *look = context;
	const ElfW(Addr) vdso = (ElfW(Addr))getauxval(AT_SYSINFO_EHDR);

	(void)size;
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		const ElfW(Addr) start = object->dlpi_addr + segment->p_vaddr;
		if (segment->p_type == PT_LOAD && vdso && start == vdso)
			return 0;
	}
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		/* NOLINTNEXTLINE(performance-no-int-to-ptr): where the loader says that it is */
		const unsigned char *at = (const unsigned char *)(object->dlpi_addr + segment->p_vaddr);
		if (segment->p_type == PT_NOTE &&
			find_in(look->out, at, segment->p_memsz, segment->p_align == 8 ? 8 : 4)) {
			look->objects++;
			return 0;
		}
	}
	return 1;
}

bool build_id_add(struct buf *out)
{
	struct look look = {out, 0};

	return dl_iterate_phdr(visit, &look) == 0 && look.objects > 0;
}
