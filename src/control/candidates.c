/* Lists of candidates. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "control/candidates.h"

void
candidates_add(
    struct candidates *out, const char *text, const char *about, char after)
{
	struct candidate *candidate;

	for (size_t i = 0; i < out->count; i++) {
		if (strcmp(out->candidate[i].text, text) == 0)
			return;
	}
	out->candidate = xreallocarray(
	    out->candidate, out->count + 1, sizeof *out->candidate);
	candidate = &out->candidate[out->count++];
	candidate->text = xstrdup(text);
	candidate->about = about ? xstrdup(about) : NULL;
	candidate->after = after;
}

void
candidates_offer(struct candidates *out, const char *prefix, const char *text,
    const char *about, char after)
{
	if (strncmp(text, prefix, strlen(prefix)) == 0)
		candidates_add(out, text, about, after);
}

char *
candidates_common(const struct candidates *candidates)
{
	const char *first;
	size_t len;

	if (candidates->count == 0)
		return xstrdup("");
	first = candidates->candidate[0].text;
	len = strlen(first);
	for (size_t i = 1; i < candidates->count; i++) {
		const char *text = candidates->candidate[i].text;
		size_t same = 0;

		while (same < len && text[same] == first[same])
			same++;
		len = same;
	}
	/* Never the half of a character. */
	while (len > 0 && ((unsigned char)first[len] & 0xc0) == 0x80)
		len--;
	return xstrndup(first, len);
}

void
candidates_free(struct candidates *candidates)
{
	for (size_t i = 0; i < candidates->count; i++) {
		free(candidates->candidate[i].text);
		free(candidates->candidate[i].about);
	}
	free(candidates->candidate);
	free(candidates->hint);
	memset(candidates, 0, sizeof *candidates);
}
