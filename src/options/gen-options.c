/*
 * Writes what the option table says about itself, for `make regen`: the
 * sample configuration, the keys of zdaemon.conf(5), the options of
 * zdaemon(1).  Not installed.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "options/cmdline.h"
#include "options/print.h"

int
main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	if (strcmp(what, "sample") == 0)
		print_sample(stdout);
	else if (strcmp(what, "keys") == 0)
		print_manual(stdout);
	else if (strcmp(what, "options") == 0)
		cmdline_options_manual(stdout);
	else {
		fputs("usage: gen-options sample | keys | options\n", stderr);
		return 2;
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
