/* Constants added up, ABI by ABI. */

#include "symbolic.h"

#include "../base/utf8.h"

#include "../../arch/constant.h"

#include <inttypes.h>
#include <string.h>

static bool add_up(const struct abi *abi, const char *s, size_t len, uint64_t *value)
{
	*value = 0;
	for (const char *end = s + len;;) {
		const char *bar = memchr(s, '|', (size_t)(end - s)), *stop = bar ? bar : end;
		uint16_t id;
		uint64_t part;
		while (s < stop && *s == ' ')
			s++;
		const char *last = stop;
		while (last > s && last[-1] == ' ')
			last--;
		if (!arch_constant_find(s, (size_t)(last - s), &id) || !arch_constant_value(abi, id, &part))
			return false;
		*value |= part;
		if (!bar)
			return true;
		s = bar + 1;
	}
}

bool symbolic_number(struct buf *b, const char *text, size_t len)
{
	uint64_t first = 0, value;
	const struct abi *abi = NULL;
	bool differ = false;

	for (size_t i = 0; i < arch_abi_count; i++) {
		if (!add_up(&arch_abis[i], text, len, &value))
			continue;
		if (!abi) {
			abi = &arch_abis[i];
			first = value;
		}
		differ = differ || value != first;
	}
	if (!abi)
		return false;
	utf8_print(b, text, len);
	buf_printf(b, first < 4096 ? " is %" PRIu64 : " is %" PRIu64 " (0x%" PRIx64 ")", first, first);
	if (differ)
		buf_printf(b, " on %s, and another number on some ABIs", abi->name);
	return true;
}
