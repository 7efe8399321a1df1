/* Between the bytes of everybody else and the wide characters of libedit. */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "shell/wide.h"

wchar_t *
wide_from_text(const char *text)
{
	size_t left = strlen(text), len;
	wchar_t *wide = xcalloc(left + 1, sizeof(*wide)), *to = wide;
	mbstate_t state;

	memset(&state, 0, sizeof(state));
	while (left > 0) {
		len = mbrtowc(to, text, left, &state);
		if (len == (size_t)-1 || len == (size_t)-2) {
			memset(&state, 0, sizeof(state));
			*to = L'?';
			len = 1;
		}
		to++;
		text += len;
		left -= len;
	}
	*to = L'\0';
	return wide;
}

char *
wide_to_text(const wchar_t *wide)
{
	char *text = xmalloc(wcslen(wide) * MB_LEN_MAX + 1), *to = text;
	mbstate_t state;
	size_t len;

	memset(&state, 0, sizeof(state));
	for (; *wide != L'\0'; wide++) {
		len = wcrtomb(to, *wide, &state);
		if (len == (size_t)-1) {
			memset(&state, 0, sizeof(state));
			*to = '?';
			len = 1;
		}
		to += len;
	}
	*to = '\0';
	return text;
}

size_t
wide_count(const char *text)
{
	wchar_t *wide = wide_from_text(text);
	size_t count = wcslen(wide);

	free(wide);
	return count;
}
