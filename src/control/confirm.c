/* The question before harm. */

#include "config.h"

#include <stdlib.h>

#include "base/progname.h"
#include "base/units.h"
#include "base/xmalloc.h"
#include "control/confirm.h"
#include "control/output.h"
#include "control/settings.h"
#include "control/ui.h"

#define LONG_UP (60 * 60 * 1000) /* ms: a slip would hurt */

static char *
make_question(const struct status *status, const char *verb)
{
	char age[32], buf[PROGNAME_MAX];
	const char *name = progname_of(&status->args, buf, sizeof buf);

	if (!name)
		name = "the program";
	if (status->uptime < 0)
		return xasprintf(
		    "%s %s (pid %ld)?", verb, name, (long)status->application);
	return xasprintf("%s %s (pid %ld, up %s)?", verb, name,
	    (long)status->application,
	    units_show_age(status->uptime, age, sizeof age));
}

/* Whether the setting wants a question for what has been up for so long. */
static bool
is_wanted(const struct settings *settings, int64_t uptime)
{
	switch (settings_choice(settings, SETTING_CONFIRM)) {
	case SET_CONFIRM_OFF:
		return false;
	case SET_CONFIRM_ON:
		return true;
	case SET_CONFIRM_AUTO:
		return uptime >= LONG_UP;
	default:
		return uptime >= settings_amount(settings, SETTING_CONFIRM);
	}
}

bool
confirm_harm(const struct context *context, const struct report *report,
    const char *verb)
{
	char *question;
	bool yes;

	if (!context->careful || report->result != CLIENT_OK ||
	    report->status.application == 0 || !context->settings ||
	    !is_wanted(context->settings, report->status.uptime))
		return true;
	question = make_question(&report->status, verb);
	yes = context->ui->confirm(context->ui->data, question);
	free(question);
	if (!yes)
		output_line(context->output, "not done");
	return yes;
}
