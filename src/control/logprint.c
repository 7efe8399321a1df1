/* What logtail prints, where no follower of the session does. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "control/feed.h"
#include "control/logprint.h"
#include "control/match.h"
#include "control/output.h"
#include "control/sieve.h"

#define CHARACTER 4 /* bytes of UTF-8 at the most */
#define NONE      ((size_t)-1)

struct logprint {
	const struct output *output;
	const struct feed *feed;
	struct match *match;
	struct sieve *sieve; /* one for each log */
	size_t last; /* whose text was printed last */
	bool begun; /* the last line has no newline yet */
	char held[CHARACTER]; /* the first bytes of a character */
	size_t holds;
};

struct logprint *
logprint_new(
    const struct output *output, const struct feed *feed, struct match *match)
{
	struct logprint *print = xcalloc(1, sizeof *print);

	print->output = output;
	print->feed = feed;
	print->match = match;
	print->last = NONE;
	print->sieve = xcalloc(feed_count(feed), sizeof *print->sieve);
	for (size_t i = 0; i < feed_count(feed); i++)
		sieve_init(&print->sieve[i], match);
	return print;
}

void
logprint_free(struct logprint *print)
{
	for (size_t i = 0; i < feed_count(print->feed); i++)
		sieve_free(&print->sieve[i]);
	free(print->sieve);
	free(print);
}

/* --- bytes ---------------------------------------------------------------- */

/* How many bytes at the end are the beginning of a character. */
static size_t
count_begun(const char *data, size_t len)
{
	for (size_t back = 1; back < CHARACTER && back <= len; back++) {
		unsigned char byte = (unsigned char)data[len - back];
		size_t need = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;

		if (byte >= 0xc0)
			return need > back ? back : 0;
		if (byte < 0x80)
			return 0;
	}
	return 0;
}

/* The bytes held and so many of the data that they may be a character. */
static size_t
show_held(struct logprint *print, const char *data, size_t len)
{
	char first[CHARACTER * 2];
	size_t take = len < CHARACTER ? len : CHARACTER, hold, taken;

	memcpy(first, print->held, print->holds);
	memcpy(first + print->holds, data, take);
	hold = count_begun(first, print->holds + take);
	output_bytes(print->output, first, print->holds + take - hold);
	if (hold > take) { /* still not whole */
		memcpy(print->held, first + print->holds + take - hold, hold);
		print->holds = hold;
		return take;
	}
	taken = take - hold;
	print->holds = 0;
	return taken;
}

/* A terminal gets whole characters, so that they can be told from garbage. */
static void
show(struct logprint *print, const char *data, size_t len)
{
	size_t taken, hold;

	if (len == 0)
		return;
	print->begun = data[len - 1] != '\n';
	if (!print->output->terminal) {
		output_bytes(print->output, data, len);
		return;
	}
	while (print->holds > 0 && len > 0) {
		taken = show_held(print, data, len);
		data += taken;
		len -= taken;
	}
	hold = count_begun(data, len);
	output_bytes(print->output, data, len - hold);
	if (hold > 0)
		memcpy(print->held, data + len - hold, hold);
	if (len > 0)
		print->holds = hold;
}

/* Half a character stays one. */
static void
release(struct logprint *print)
{
	if (print->holds > 0)
		output_bytes(print->output, print->held, print->holds);
	print->holds = 0;
}

void
logprint_flush(struct logprint *print)
{
	output_flush(print->output);
}

static void
end_line(struct logprint *print)
{
	release(print);
	if (print->begun)
		output_line(print->output, "%s", "");
	print->begun = false;
}

/* With several logs, whose text comes now. */
static void
tell_source(struct logprint *print, size_t source)
{
	if (!feed_is_several(print->feed) || print->last == source)
		return;
	end_line(print);
	output_line(print->output,
	    "%s==> %s <==", print->last == NONE ? "" : "\n",
	    feed_path(print->feed, source));
	print->last = source;
}

/* --- lines that fit ------------------------------------------------------- */

static void
show_parts(struct logprint *print, const struct piece *piece)
{
	size_t from = 0, start = 0, end;

	while (
	    match_part(print->match, piece->text, piece->len, &start, &end)) {
		show(print, piece->text + from, start - from);
		release(print);
		output_strong(print->output, piece->text + start, end - start);
		print->begun = true;
		from = start = end;
	}
	show(print, piece->text + from, piece->len - from);
}

struct call {
	struct logprint *print;
	size_t source;
};

static void
show_piece(void *data, const struct piece *piece)
{
	struct call *call = data;
	struct logprint *print = call->print;

	if (!piece->fits)
		return;
	tell_source(print, call->source);
	if (piece->first && print->output->color)
		show_parts(print, piece);
	else
		show(print, piece->text, piece->len);
	if (piece->newline)
		show(print, "\n", 1);
}

/* --- items ---------------------------------------------------------------- */

/* A line that was begun in the file before has no end. */
static void
finish_line(struct logprint *print, size_t source)
{
	struct call call = { print, source };

	if (print->match)
		sieve_finish(&print->sieve[source], show_piece, &call);
	release(print);
}

static void
tell_note(struct logprint *print, const struct feed_item *item)
{
	finish_line(print, item->source);
	if (print->output->terminal)
		end_line(print);
	output_error(print->output, "--- %s: %s ---",
	    feed_path(print->feed, item->source), item->text);
}

static void
show_data(struct logprint *print, const struct feed_item *item)
{
	struct call call = { print, item->source };

	if (print->match) {
		sieve_push(&print->sieve[item->source], item->data, item->len,
		    show_piece, &call);
		return;
	}
	tell_source(print, item->source);
	show(print, item->data, item->len);
}

void
logprint_item(struct logprint *print, const struct feed_item *item)
{
	if (item->kind == FEED_DATA)
		show_data(print, item);
	else if (item->kind == FEED_NOTE)
		tell_note(print, item);
	else if (item->kind == FEED_FAILED) {
		finish_line(print, item->source);
		output_error(print->output, "Error: %s", item->text);
	}
}

void
logprint_finish(struct logprint *print)
{
	for (size_t i = 0; i < feed_count(print->feed); i++)
		finish_line(print, i);
	logprint_flush(print);
}
