/*
 * Lines out of a stream.  A line that lies whole in what has come is judged
 * where it stands; only what was begun is copied.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "control/match.h"
#include "control/sieve.h"

void
sieve_init(struct sieve *sieve, struct match *match)
{
	memset(sieve, 0, sizeof *sieve);
	sieve->match = match;
}

void
sieve_free(struct sieve *sieve)
{
	free(sieve->held);
	memset(sieve, 0, sizeof *sieve);
}

/* The first piece of a line: judged for all of it. */
static void
begin(struct sieve *sieve, const char *text, size_t len, bool newline,
    bool last, sieve_fn fn, void *arg)
{
	struct piece piece = { text, len, true, last, newline, true };

	if (sieve->match)
		piece.fits = match_line(sieve->match, text, len);
	sieve->inside = !last;
	sieve->fits = piece.fits;
	fn(arg, &piece);
}

static void
go_on(struct sieve *sieve, const char *text, size_t len, bool newline,
    bool last, sieve_fn fn, void *arg)
{
	struct piece piece = { text, len, false, last, newline, sieve->fits };

	sieve->inside = !last;
	fn(arg, &piece);
}

/* Adds to the line held; what does not fit any more is left over. */
static size_t
hold(struct sieve *sieve, const char *data, size_t len)
{
	size_t room = MATCH_MOST - sieve->len;

	if (!sieve->held)
		sieve->held = xmalloc(MATCH_MOST);
	if (len > room)
		len = room;
	memcpy(sieve->held + sieve->len, data, len);
	sieve->len += len;
	return len;
}

/* One line of data, or what there is of it; how much was taken. */
static size_t
take(struct sieve *sieve, const char *data, size_t len, sieve_fn fn, void *arg)
{
	const char *newline = memchr(data, '\n', len);
	size_t text = newline ? (size_t)(newline - data) : len, taken;

	if (sieve->inside) {
		go_on(sieve, data, text, newline != NULL, newline != NULL, fn,
		    arg);
		return text + (newline != NULL);
	}
	if (sieve->len == 0 && newline) {
		begin(sieve, data, text, true, true, fn, arg);
		return text + 1;
	}
	taken = hold(sieve, data, text);
	if (taken == text && newline) {
		begin(sieve, sieve->held, sieve->len, true, true, fn, arg);
		sieve->len = 0;
		return text + 1;
	}
	if (sieve->len == MATCH_MOST) {
		begin(sieve, sieve->held, sieve->len, false, false, fn, arg);
		sieve->len = 0;
	}
	return taken;
}

void
sieve_push(
    struct sieve *sieve, const char *data, size_t len, sieve_fn fn, void *arg)
{
	while (len > 0) {
		size_t taken = take(sieve, data, len, fn, arg);

		data += taken;
		len -= taken;
	}
}

void
sieve_finish(struct sieve *sieve, sieve_fn fn, void *arg)
{
	if (sieve->inside)
		go_on(sieve, "", 0, false, true, fn, arg);
	else if (sieve->len > 0)
		begin(sieve, sieve->held, sieve->len, false, true, fn, arg);
	sieve->inside = false;
	sieve->len = 0;
}
