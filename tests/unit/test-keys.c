/* src/shell/keys: sequences become keys, all else passes unchanged. */
#include "config.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "tests/unit/check.h"

#include "shell/keys.h"

#define OUT 64

/*
 * Feeds bytes as a reader does, one by one; with gap, the wait for the rest of
 * a sequence runs out at the end.  The keys, ended by a 0.
 */
static const wchar_t *
decode(struct keys *keys, const char *bytes, size_t len, bool gap)
{
	static wchar_t out[OUT];
	size_t i, count = 0;
	wchar_t key;

	for (i = 0; i < len; i++) {
		keys_feed(keys, (unsigned char)bytes[i]);
		while (keys_next(keys, false, &key) == KEYS_READY)
			out[count++] = key;
	}
	while (gap && keys_next(keys, true, &key) == KEYS_READY)
		out[count++] = key;
	out[count] = L'\0';
	return out;
}

static void
expect(const char *bytes, const wchar_t *expected)
{
	struct keys keys;

	keys_init(&keys, NULL, NULL);
	assert_int_equal(
	    wcscmp(decode(&keys, bytes, strlen(bytes), true), expected), 0);
}

static void
characters_pass(void **state)
{
	(void)state;
	expect("abc", L"abc");
	expect("h\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80",
	    L"h\u00e9 \u65e5\u672c \U0001f600");
	expect("\x01\r\x7f", L"\x01\r\x7f");
}

static void
broken_bytes_are_dropped(void **state)
{
	(void)state;
	expect("a\xff"
	       "b",
	    L"ab");
	expect("a\xc3(b", L"a(b");
	expect("\x80\x80z", L"z");
}

/* Else a terminal, or a paste, could press our private keys. */
static void
private_keys_cannot_be_typed(void **state)
{
	(void)state;
	expect("a\xc2\x80"
	       "b\xc2\x86"
	       "c\xc2\x9f",
	    L"abc");
}

static void
known_sequences(void **state)
{
	static const struct {
		const char *bytes;
		wchar_t key;
	} cases[] = {
		{ "\033[C", KEY_RIGHT },
		{ "\033OC", KEY_RIGHT },
		{ "\033[F", KEY_END },
		{ "\033OF", KEY_END },
		{ "\033[4~", KEY_END },
		{ "\033OP", KEY_F1 },
		{ "\033[11~", KEY_F1 },
		{ "\033[[A", KEY_F1 },
		{ "\033[Z", KEY_BACKTAB },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		wchar_t expected[] = { cases[i].key, L'x', L'\0' };
		char bytes[16];

		strcpy(bytes, cases[i].bytes);
		strcat(bytes, "x");
		expect(bytes, expected);
	}
}

static void
others_pass_unchanged(void **state)
{
	(void)state;
	expect("\033[A", L"\033[A");
	expect("\033[1;5Cx", L"\033[1;5Cx");
	expect("\033f", L"\033f");
	expect("\033OQ", L"\033OQ");
	expect("\033\033", L"\033\033");
	expect("\033[1;2;3;4;5;6;7;8;9;1;2;3;4;5;6;7;8", /* has no end */
	    L"\033[1;2;3;4;5;6;7;8;9;1;2;3;4;5;6;7;8");
}

/* A program that is gone has asked; its letters would be typed. */
static void
answers_are_swallowed(void **state)
{
	(void)state;
	expect("a\033]11;rgb:ffff/ffff/ffff\033\\b", L"ab");
	expect("a\033]11;rgb:ffff/ffff/ffff\007b", L"ab");
	expect("a\033]lxterm\033\\b", L"ab");
	expect("a\033P>|XTerm(390)\033\\b", L"ab");
	expect("a\033P1+r544e\033\\b", L"ab");
	expect("a\033_Gi=1;OK\033\\b", L"ab");
	expect("a\033[M C!b", L"ab");
	expect("a\033[M\200\377\377b", L"ab");
}

/* What cannot be a part of an answer ends it: Enter and ^C are never lost. */
static void
answers_that_do_not_end(void **state)
{
	struct keys keys;

	(void)state;
	expect("\033]11;rgb\rb", L"\rb");
	expect("\033]11;rgb\003", L"\003");
	expect("\033P>|X\033f", L"\033f");
	keys_init(&keys, NULL, NULL);
	assert_int_equal(
	    wcscmp(decode(&keys, "\033]11;rgb", 9, true), L""), 0);
	assert_int_equal(wcscmp(decode(&keys, "ab", 2, true), L"ab"), 0);
	assert_int_equal(
	    wcscmp(decode(&keys, "\033]11;rgb\033", 10, true), L"\033"), 0);
}

/* The letters that begin an answer are keys with Alt, too. */
static void
keys_with_alt_pass(void **state)
{
	(void)state;
	expect("\033]", L"\033]");
	expect("\033P", L"\033P");
	expect("\033_", L"\033_");
	expect("\033]x", L"\033]x");
	expect("\033Px", L"\033Px");
	expect("\033_x", L"\033_x");
	expect("\033[M", L"\033[M");
}

/* Nothing of a paste is an answer. */
static void
answers_in_a_paste(void **state)
{
	static const wchar_t expected[] = { KEY_PASTE, L'\033', L']', L'1',
		L'x', KEY_PASTE_END, L'\0' };

	(void)state;
	expect("\033[200~\033]1x\033[201~", expected);
}

static void
a_key_given_back(void **state)
{
	struct keys keys;
	wchar_t key;

	(void)state;
	keys_init(&keys, NULL, NULL);
	keys_feed(&keys, 'b');
	keys_return(&keys, L'a');
	assert_int_equal(keys_next(&keys, false, &key), KEYS_READY);
	assert_int_equal(key, L'a');
	assert_int_equal(keys_next(&keys, false, &key), KEYS_READY);
	assert_int_equal(key, L'b');
	assert_int_equal(keys_next(&keys, false, &key), KEYS_MORE);
}

static void
half_a_sequence_waits(void **state)
{
	struct keys keys;
	wchar_t key;

	(void)state;
	keys_init(&keys, NULL, NULL);
	assert_int_equal(keys_next(&keys, false, &key), KEYS_MORE);
	keys_feed(&keys, 033);
	assert_int_equal(keys_next(&keys, false, &key), KEYS_SEQUENCE);
	keys_feed(&keys, '[');
	assert_int_equal(keys_next(&keys, false, &key), KEYS_SEQUENCE);
	keys_feed(&keys, 'C');
	assert_int_equal(keys_next(&keys, false, &key), KEYS_READY);
	assert_int_equal(key, KEY_RIGHT);
	/* A lone ESC is itself when nothing follows in time. */
	keys_feed(&keys, 033);
	assert_int_equal(keys_next(&keys, true, &key), KEYS_READY);
	assert_int_equal(key, 033);
	assert_int_equal(keys_next(&keys, true, &key), KEYS_MORE);
}

static void
half_a_character_waits_for_ever(void **state)
{
	struct keys keys;
	wchar_t key;

	(void)state;
	keys_init(&keys, NULL, NULL);
	keys_feed(&keys, 0xe6);
	assert_int_equal(keys_next(&keys, true, &key), KEYS_MORE);
	keys_feed(&keys, 0x97);
	keys_feed(&keys, 0xa5);
	assert_int_equal(keys_next(&keys, false, &key), KEYS_READY);
	assert_int_equal(key, L'\u65e5');
}

static void
a_paste_is_marked(void **state)
{
	static const wchar_t plain[] = { KEY_PASTE, L'a', L'\n', L'b',
		KEY_PASTE_END, L'c', L'\0' };
	/* Within it nothing but its end is a key. */
	static const wchar_t hostile[] = { KEY_PASTE, L'\033', L'[', L'C',
		L'\033', L'[', L'2', L'0', L'0', L'~', KEY_PASTE_END, L'\0' };

	(void)state;
	expect("\033[200~a\nb\033[201~c", plain);
	expect("\033[200~\033[C\033[200~\033[201~", hostile);
	expect("a\033[201~b", L"ab");
}

/* Any bytes at all: the queue never overflows and everything comes out. */
static void
noise(void **state)
{
	static const char some[] = "\033[]O02~;C\xc3\xa9q\x80\n";
	struct keys keys;
	wchar_t key;
	int i;

	(void)state;
	srand(7);
	keys_init(&keys, NULL, NULL);
	for (i = 0; i < 200000; i++) {
		keys_feed(&keys,
		    rand() % 4 ?
			(unsigned char)some[rand() % (sizeof(some) - 1)] :
			(unsigned char)rand());
		while (keys_next(&keys, rand() % 8 == 0, &key) == KEYS_READY)
			assert_true(
			    key < 0x80 || key > 0x9f || key <= KEY_BACKTAB);
	}
	while (keys_next(&keys, true, &key) == KEYS_READY)
		;
	assert_true(keys.count < 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_pass),
		cmocka_unit_test(broken_bytes_are_dropped),
		cmocka_unit_test(private_keys_cannot_be_typed),
		cmocka_unit_test(known_sequences),
		cmocka_unit_test(others_pass_unchanged),
		cmocka_unit_test(answers_are_swallowed),
		cmocka_unit_test(answers_that_do_not_end),
		cmocka_unit_test(keys_with_alt_pass),
		cmocka_unit_test(answers_in_a_paste),
		cmocka_unit_test(a_key_given_back),
		cmocka_unit_test(half_a_sequence_waits),
		cmocka_unit_test(half_a_character_waits_for_ever),
		cmocka_unit_test(a_paste_is_marked),
		cmocka_unit_test(noise),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
