/*
 * Makes the generated parts of zdaemon.1 anew: reads the page from standard
 * input, writes it to standard output.  For maintainers (make regen); nothing
 * of it is installed.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cause.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "control/manual.h"

static char *
read_all(FILE *in)
{
	size_t len = 0, size = 65536, n;
	char *text = xmalloc(size);

	while ((n = fread(text + len, 1, size - len - 1, in)) > 0) {
		len += n;
		if (size - len < 4096)
			text = xreallocarray(text, size *= 2, 1);
	}
	text[len] = '\0';
	return text;
}

int
main(void)
{
	char *text = read_all(stdin), *cause = NULL;

	log_name("regen");
	if (manual_write(stdout, text, &cause) == -1)
		fatalx(1, "%s", cause_text(cause));
	free(text);
	return fflush(stdout) == 0 ? 0 : 1;
}
