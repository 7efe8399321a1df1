/* Which of the two syntaxes a file is in. */
#include "config.h"

#include <string.h>

#include "options/native.h"
#include "options/syntax.h"
#include "options/zconfig.h"

/*
 * Whether its first significant character is < or %.  With any_section a
 * <runner> line further down counts as well.
 */
static bool
is_zconfig(const char *text, bool any_section)
{
	while (*text != '\0') {
		text += strspn(text, " \t\r\v\f\n");
		if (*text == '<' || *text == '%')
			return true;
		if (*text != '#' && !any_section)
			return false;
		if (*text == '\0')
			break;
		text += strcspn(text, "\n");
	}
	return false;
}

scan_reader *
syntax_choose(const struct scan *scan, const char *text)
{
	return is_zconfig(text, scan->ignore_unknown) ? zconfig_scan :
							native_scan;
}
