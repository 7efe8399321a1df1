/* The system's logs as targets: their names. */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "base/cause.h"
#include "base/near.h"
#include "base/path.h"
#include "options/systemlog.h"

#define SYSTEMLOG_FOREIGN "_" /* in a tag, for what none may have */

#define SYSTEMLOG_DEFAULT _PATH_LOG

static const struct {
	const char *prefix;
	const char *socket;
} systemlog_kinds[] = {
	[SYSTEMLOG_SYSLOG] = { "syslog:", SYSTEMLOG_DEFAULT },
	[SYSTEMLOG_JOURNAL] = { "journal:", "/run/systemd/journal/socket" },
};

static const struct {
	const char *name;
	int facility;
} systemlog_facilities[] = {
	{ "auth", LOG_AUTH },
	{ "authpriv", LOG_AUTHPRIV },
	{ "cron", LOG_CRON },
	{ "daemon", LOG_DAEMON },
	{ "kern", LOG_KERN },
	{ "lpr", LOG_LPR },
	{ "mail", LOG_MAIL },
	{ "news", LOG_NEWS },
	{ "security", LOG_AUTH },
	{ "syslog", LOG_SYSLOG },
	{ "user", LOG_USER },
	{ "uucp", LOG_UUCP },
	{ "local0", LOG_LOCAL0 },
	{ "local1", LOG_LOCAL1 },
	{ "local2", LOG_LOCAL2 },
	{ "local3", LOG_LOCAL3 },
	{ "local4", LOG_LOCAL4 },
	{ "local5", LOG_LOCAL5 },
	{ "local6", LOG_LOCAL6 },
	{ "local7", LOG_LOCAL7 },
};

#define SYSTEMLOG_FACILITIES \
	(sizeof(systemlog_facilities) / sizeof(systemlog_facilities[0]))

int
systemlog_facility(const char *name)
{
	size_t i;

	for (i = 0; i < SYSTEMLOG_FACILITIES; i++) {
		if (strcmp(systemlog_facilities[i].name, name) == 0)
			return systemlog_facilities[i].facility;
	}
	return -1;
}

/* What follows the prefix; NULL: value has none of ours. */
static const char *
systemlog_find(const char *value, enum systemlog_kind *kind)
{
	size_t i, len;

	for (i = 0; i < sizeof(systemlog_kinds) / sizeof(systemlog_kinds[0]);
	     i++) {
		len = strlen(systemlog_kinds[i].prefix);
		if (strncmp(value, systemlog_kinds[i].prefix, len) != 0)
			continue;
		*kind = (enum systemlog_kind)i;
		return value + len;
	}
	return NULL;
}

bool
systemlog_named(const char *value)
{
	enum systemlog_kind kind;

	return value != NULL && systemlog_find(value, &kind) != NULL;
}

/* --- parts --------------------------------------------------------------- */

static bool
systemlog_may_stand_in_tag(char byte)
{
	return byte > ' ' && byte < '\177' && strchr(":/[]", byte) == NULL;
}

/* Takes a tag of len bytes as it was written. */
static int
systemlog_take_tag(
    struct systemlog *log, const char *tag, size_t len, char **cause)
{
	size_t i;

	if (len > SYSTEMLOG_TAG) {
		cause_set(
		    cause, "a tag has %d bytes at the most", SYSTEMLOG_TAG);
		return -1;
	}
	for (i = 0; i < len; i++) {
		if (systemlog_may_stand_in_tag(tag[i]))
			continue;
		cause_set(cause,
		    "'%.*s' is no tag: visible ASCII without "
		    "blanks and : / [ ] is",
		    (int)len, tag);
		return -1;
	}
	memcpy(log->tag, tag, len);
	log->tag[len] = '\0';
	return 0;
}

/* The name of the program, with what no tag may have made harmless. */
static void
systemlog_make_tag(struct systemlog *log, const char *program)
{
	char *byte;

	snprintf(log->tag, sizeof(log->tag), "%s", path_base(program));
	for (byte = log->tag; *byte != '\0'; byte++) {
		if (!systemlog_may_stand_in_tag(*byte))
			*byte = SYSTEMLOG_FOREIGN[0];
	}
}

static int
systemlog_take_facility(
    struct systemlog *log, const char *text, size_t len, char **cause)
{
	struct near near;
	char name[16];
	size_t i;

	snprintf(name, sizeof(name), "%.*s", (int)len, text);
	if (len < sizeof(name) &&
	    (log->facility = systemlog_facility(name)) != -1)
		return 0;
	near_begin(&near, name);
	for (i = 0; i < SYSTEMLOG_FACILITIES; i++)
		near_offer(&near, systemlog_facilities[i].name);
	cause_set(cause, "'%.*s' is no facility of the system log%s%s%s",
	    (int)(len < 40 ? len : 40), text,
	    near.best == NULL ? "" : "; did you mean ",
	    near.best == NULL ? "" : near.best, near.best == NULL ? "" : "?");
	return -1;
}

static int
systemlog_take_socket(struct systemlog *log, const char *path, char **cause)
{
	if (strlen(path) < sizeof(log->socket)) {
		snprintf(log->socket, sizeof(log->socket), "%s", path);
		return 0;
	}
	cause_set(cause, "a socket's path has %d bytes at the most",
	    SYSTEMLOG_SOCKET - 1);
	return -1;
}

/* FACILITY, /TAG or both; or TAG alone, for the journal. */
static int
systemlog_take_name(
    struct systemlog *log, const char *text, size_t len, char **cause)
{
	const char *slash;
	size_t first = len;

	if (log->kind == SYSTEMLOG_JOURNAL)
		return systemlog_take_tag(log, text, len, cause);
	if ((slash = memchr(text, '/', len)) != NULL) {
		first = (size_t)(slash - text);
		if (systemlog_take_tag(
			log, slash + 1, len - first - 1, cause) == -1)
			return -1;
	}
	return first == 0 ? 0 :
			    systemlog_take_facility(log, text, first, cause);
}

int
systemlog_parse(
    struct systemlog *log, const char *value, const char *program, char **cause)
{
	struct systemlog made = { .facility = LOG_DAEMON };
	const char *rest, *at;

	if ((rest = systemlog_find(value, &made.kind)) == NULL) {
		cause_set(cause, "'%.40s' is no log of the system's", value);
		return -1;
	}
	at = strstr(rest, "@/");
	if (systemlog_take_name(&made, rest,
		at == NULL ? strlen(rest) : (size_t)(at - rest), cause) == -1 ||
	    systemlog_take_socket(&made,
		at == NULL ? systemlog_kinds[made.kind].socket : at + 1,
		cause) == -1)
		return -1;
	if (made.tag[0] == '\0' && program != NULL)
		systemlog_make_tag(&made, program);
	*log = made;
	return 0;
}
