/*
 * The least a prompt with a history can be on libedit: what zdshell's first
 * prompt is measured beside.
 */
#include <histedit.h>
#include <locale.h>
#include <stdio.h>

static char *
prompt(EditLine *el)
{
	static char text[] = "zdaemon> ";

	(void)el;
	return text;
}

int
main(int argc, char **argv)
{
	EditLine *el = el_init("bare", stdin, stdout, stderr);
	History *past = history_init();
	HistEvent event;
	int count;

	(void)argc;
	setlocale(LC_CTYPE, "");
	history(past, &event, H_SETSIZE, 2000);
	history(past, &event, H_LOAD, argv[1]);
	el_set(el, EL_PROMPT, prompt);
	el_set(el, EL_HIST, history, past);
	el_set(el, EL_EDITOR, "emacs");
	el_source(el, NULL);
	while (el_gets(el, &count) != NULL && count > 0)
		;
	history_end(past);
	el_end(el);
	return 0;
}
