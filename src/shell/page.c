/*
 * A pager of our own: a screen, a row that says where we are, single keys.
 * What is shown stays on the screen when it ends.  A terminal that cannot be
 * painted over gets one page after another.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "shell/keyboard.h"
#include "shell/page.h"
#include "shell/rows.h"
#include "shell/session.h"
#include "shell/terminal.h"

#define ESCAPE_WAIT 25 /* ms for the rest of a sequence */
#define WORD_MOST   60

#define KEY_STOPPED (-3) /* the screen may show anything */

/* Sequences, as the letters that do the same. */
static const struct {
	const char *sequence; /* behind ESC */
	int key;
} sequences[] = {
	{ "[A", 'k' },
	{ "OA", 'k' },
	{ "[B", 'j' },
	{ "OB", 'j' },
	{ "[5~", 'b' },
	{ "[6~", ' ' },
	{ "[H", 'g' },
	{ "[1~", 'g' },
	{ "[F", 'G' },
	{ "[4~", 'G' },
};

struct page {
	struct session *session;
	struct keyboard keyboard;
	const char *text;
	struct rows rows;
	size_t columns, height; /* of the screen, without the last row */
	size_t top; /* the first row shown */
	char word[WORD_MOST]; /* searched for */
	bool ended; /* told to end */
	const char *told; /* instead of where we are, once */
};

/* --- keys ---------------------------------------------------------------- */

/* A key within timeout ms; an end is an end for whoever asks next, too. */
static int
wait_key(struct page *page, int timeout, int *stopped)
{
	int key = page->ended ?
	    KEYBOARD_END :
	    keyboard_wait(&page->keyboard, NULL, 0, timeout, stopped);

	page->ended = key == KEYBOARD_END;
	return key;
}

static int
read_sequence(struct page *page)
{
	char text[8] = "";
	size_t i, len = 0;
	int key, stopped = 0;

	while (len + 1 < sizeof(text) &&
	    (key = wait_key(page, ESCAPE_WAIT, &stopped)) >= 0) {
		text[len++] = (char)key;
		text[len] = '\0';
		if (len > 1 && key >= 'A') /* a letter, or ~ */
			break;
	}
	for (i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		if (strcmp(sequences[i].sequence, text) == 0)
			return sequences[i].key;
	return len == 0 ? '\033' : 0;
}

/* The next key, a letter for a sequence; KEY_STOPPED, KEYBOARD_END. */
static int
read_key(struct page *page)
{
	int key, stopped = 0;

	do
		key = wait_key(page, -1, &stopped);
	while (key == KEYBOARD_NOTHING && stopped == 0);
	if (key == KEYBOARD_NOTHING)
		return KEY_STOPPED;
	return key == '\033' ? read_sequence(page) : key;
}

/* --- the screen ---------------------------------------------------------- */

static void
lay(struct page *page)
{
	size_t rows;

	terminal_size(&page->columns, &rows);
	page->height = rows > 2 ? rows - 1 : 1;
	rows_free(&page->rows);
	rows_lay(&page->rows, page->text, page->columns);
}

static size_t
last_top(const struct page *page)
{
	return page->rows.count > page->height ?
	    page->rows.count - page->height :
	    0;
}

static void
put_rows(const struct page *page, size_t from, size_t count, const char *end)
{
	const char *row;
	size_t len;

	for (; count > 0 && from < page->rows.count; from++, count--) {
		row = rows_at(&page->rows, from, &len);
		fwrite(row, 1, len, stdout);
		fputs(end, stdout);
	}
}

/* Where we are, on the last row. */
static void
put_place(struct page *page)
{
	size_t last = page->top + page->height;
	char text[160];

	if (last > page->rows.count)
		last = page->rows.count;
	if (page->told != NULL)
		snprintf(text, sizeof(text), "%s", page->told);
	else
		snprintf(text, sizeof(text),
		    "%zu-%zu of %zu%s  space on, b back, / search, q ends",
		    page->top + 1, last, page->rows.count,
		    last == page->rows.count ? " (end)" : "");
	page->told = NULL;
	printf("\033[7m%.*s\033[m\033[K", (int)page->columns - 1, text);
}

static void
paint(struct page *page)
{
	if (page->top > last_top(page))
		page->top = last_top(page);
	fputs("\033[H", stdout);
	put_rows(page, page->top, page->height, "\033[K\n");
	put_place(page);
	fputs("\033[J", stdout);
}

/* Whatever the screen showed goes up, out of the way. */
static void
make_room(const struct page *page)
{
	size_t i;

	for (i = 0; i < page->height; i++)
		putchar('\n');
}

/* --- searching ----------------------------------------------------------- */

/* The length of a word without its last character. */
static size_t
rub_out(const char *word, size_t len)
{
	while (len > 0 && ((unsigned char)word[--len] & 0xc0) == 0x80)
		;
	return len;
}

/* The keys of a word; whether there is one. */
static bool
read_word(struct page *page)
{
	size_t len = 0;
	int key;

	page->word[0] = '\0';
	for (;;) {
		printf("\r\033[K/%s", page->word);
		key = read_key(page);
		if (key == '\n' || key == '\r')
			return len > 0;
		if (key == KEY_STOPPED) {
			lay(page);
			paint(page);
			continue;
		}
		if (key == '\033' || key < 0 || (key == 0x7f && len == 0))
			return false;
		if (key == 0x7f || key == '\b')
			len = rub_out(page->word, len);
		else if (key == ('u' & 037))
			len = 0;
		else if (key >= ' ' && len + 1 < sizeof(page->word))
			page->word[len++] = (char)key;
		page->word[len] = '\0';
	}
}

static void
search(struct page *page, int step)
{
	size_t found;

	if (page->word[0] == '\0') {
		page->told = "nothing to search for; / begins";
		return;
	}
	found = rows_search(
	    &page->rows, page->top + (size_t)step, step, page->word);
	if (found == page->rows.count)
		page->told = "not found";
	else
		page->top = found;
}

/* --- going about --------------------------------------------------------- */

static void
go_by(struct page *page, size_t rows, bool back)
{
	if (!back)
		page->top += rows;
	else
		page->top -= rows < page->top ? rows : page->top;
}

/* Does what a key means; whether it goes on. */
static bool
obey(struct page *page, int key)
{
	switch (key) {
	case 'q':
	case 'Q':
	case KEYBOARD_END:
		return false;
	case ' ':
	case 'f':
		if (page->top >= last_top(page))
			return false;
		go_by(page, page->height, false);
		break;
	case 'b':
		go_by(page, page->height, true);
		break;
	case '\n':
	case '\r':
	case 'j':
		go_by(page, 1, false);
		break;
	case 'k':
		go_by(page, 1, true);
		break;
	case 'g':
		page->top = 0;
		break;
	case 'G':
		page->top = page->rows.count;
		break;
	case '/':
		if (read_word(page))
			search(page, 1);
		break;
	case 'n':
		search(page, 1);
		break;
	case 'N':
		search(page, -1);
		break;
	case KEY_STOPPED:
		lay(page);
		break;
	default:
		page->told = "space on, b back, j k by row, g G to the ends, "
			     "/ n N search, q ends";
	}
	return true;
}

static void
show_painted(struct page *page)
{
	make_room(page);
	do
		paint(page);
	while (obey(page, read_key(page)));
	fputs("\r\033[K", stdout);
}

/* Page after page, with nothing taken back. */
static void
show_plain(struct page *page)
{
	int key = ' ';

	while (page->top < page->rows.count && key == ' ') {
		put_rows(page, page->top, page->height, "\n");
		page->top += page->height;
		if (page->top >= page->rows.count)
			break;
		fputs("-- space: more, q: enough --", stdout);
		do
			key = read_key(page);
		while (key != ' ' && key != 'q' && key >= 0);
		putchar('\n');
	}
}

void
page_show(struct session *session, const char *text)
{
	struct page page = { .session = session, .text = text };

	if (keyboard_open(&page.keyboard, session) == -1)
		return;
	lay(&page);
	if (session_can_paint(session))
		show_painted(&page);
	else
		show_plain(&page);
	keyboard_close(&page.keyboard);
	rows_free(&page.rows);
}
