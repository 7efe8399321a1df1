/* Text cut to a row of the screen. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/visible.h"
#include "base/xmalloc.h"
#include "shell/cut.h"
#include "shell/geometry.h"
#include "shell/wide.h"

#define ROW_BYTES 4096 /* no row shows more of a text */

char *
cut_to_row(const char *text, size_t len, size_t columns)
{
	char *shown, *cut;
	wchar_t *wide;
	size_t i;

	shown = visible_copy(text, len < ROW_BYTES ? len : ROW_BYTES, 0);
	if (shown == NULL)
		return xstrdup("");
	/* Nothing else that is left has no width. */
	for (i = 0; shown[i] != '\0'; i++)
		if (shown[i] == '\t')
			shown[i] = ' ';
	wide = wide_from_text(shown);
	wide[geometry_fit(wide, columns > 1 ? columns - 1 : 1)] = L'\0';
	cut = wide_to_text(wide);
	free(wide);
	free(shown);
	return cut;
}

size_t
cut_width(const char *text)
{
	wchar_t *wide = wide_from_text(text);
	size_t width = geometry_width(wide);

	free(wide);
	return width;
}
