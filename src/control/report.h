#ifndef CONTROL_REPORT_H
#define CONTROL_REPORT_H

#include "control/client.h"
#include "control/command.h"
#include "control/orphan.h"

/* How a program stands, told on a line, on a terminal, or as JSON. */
struct report {
	enum client_result result;
	struct status status; /* when CLIENT_OK */
	char *raw; /* the whole answer */
	char *cause; /* else why there is none */
	bool left; /* no answer, but this was written down: */
	struct orphan orphan;
	bool orphaned; /* nobody supervises it, yet it runs */
};

/* Asks; to be freed.  Returns the exit status of `status`. */
int report_ask(struct report *report, const struct context *context);
void report_free(struct report *report);

/* zdaemon's one line. */
void report_line(const struct context *context, const struct report *report);

/* What else an operator wants to know, in lines below. */
void report_more(const struct context *context, const struct report *report);

/* What it takes to know where one is, in fewer lines. */
void report_brief(const struct context *context, const struct report *report);
void report_json(const struct context *context, const struct report *report);

#endif
