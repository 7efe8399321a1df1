/*
 * Writes what the option table says about itself, for `make regen`: the
 * sample configuration and the keys of zdaemon.conf(5).  Not installed.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "options/document.h"

int
main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	if (strcmp(what, "sample") == 0)
		document_sample(stdout);
	else if (strcmp(what, "keys") == 0)
		document_keys(stdout);
	else {
		fputs("usage: gen-options sample | keys\n", stderr);
		return 2;
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
