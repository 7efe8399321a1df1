#ifndef OPTIONS_OPTIONS_H
#define OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/words.h"

/*
 * Everything that can be configured, as one table of rows.  Every value from
 * anywhere (defaults, command line, -X, both file syntaxes, what zdrun is
 * handed) enters a struct runner through option_set.
 */

#define OPTION_MAX 96 /* rows in the table, at the most */

enum origin_kind {
	ORIGIN_DEFAULT,
	ORIGIN_CONF, /* file and line */
	ORIGIN_OVERRIDE, /* -X */
	ORIGIN_CMDLINE,
	ORIGIN_HANDOVER /* from zdaemon to zdrun */
};

/* Where a value came from; kinds are ordered from weak to strong. */
struct origin {
	enum origin_kind kind;
	const char *file; /* kept in the runner's files; NULL: none */
	int line;
};

struct codes {
	int *code;
	size_t count;
};

struct pair {
	char *name;
	char *value;
	struct origin origin;
};

struct pairs {
	struct pair *pair;
	size_t count;
};

enum logtarget_kind {
	LOGTARGET_FILE, /* path; STDOUT and STDERR are streams */
	LOGTARGET_SYSLOG
};

struct logtarget {
	enum logtarget_kind kind;
	char *path;
	long long level; /* 0: that of the whole event log */
	char *format;
	char *dateformat;
	char *facility; /* syslog */
	char *address; /* syslog: where its socket is */
	struct origin origin; /* where its section begins */
	struct origin key[OPTION_MAX]; /* of its keys, by index in the table */
};

struct eventlog {
	bool present;
	long long level; /* Python's numbers: 20 is info */
	struct logtarget *target;
	size_t count;
};

/* One program and how to run it.  A value: there can be several. */
struct runner {
	struct words program;
	char *socket_name;
	unsigned int socket_mode;
	char *socket_group;
	bool daemon;
	char *directory;
	long long backoff_limit;
	bool forever;
	struct codes exit_codes;
	char *user;
	unsigned int umask;
	bool hang_around;
	bool default_to_interactive;
	char *logfile;
	char *transcript;
	char *transcript_stderr;
	int64_t transcript_buffer; /* bytes */
	int64_t transcript_max_size; /* bytes; 0: any size */
	int64_t transcript_max_age; /* ms; 0: any age */
	long long transcript_keep;
	struct words transcript_compress;
	char *transcript_rotate_names; /* numbered or dated */
	bool transcript_marks;
	char *transcript_timestamps; /* off, utc, local or monotonic */
	char *prompt;
	struct words start_test_program;
	int64_t start_seconds; /* ms */
	int64_t start_timeout; /* ms */
	char *stop_signal; /* "TERM" */
	int64_t stop_timeout; /* ms */
	char *stop_schedule; /* "TERM/30/KILL"; NULL: the two before */
	int64_t kill_grace; /* ms */
	bool kill_tree;
	char *on_lost; /* "restart" or "stop" */
	char *pid_file;
	char *python; /* accepted for zdaemon's files, unused */
	char *zdrun; /* the same */
	struct pairs environment;
	struct eventlog eventlog;
#ifdef OPTION_TEST_ROW
	char *test_row; /* of the test that adds a row */
#endif
	struct origin origin[OPTION_MAX]; /* by index in the table */
	bool faulty; /* values are missing that were wrong, and told */
	struct words files; /* the file names that origins point to */
};

enum option_type {
	OPTION_BOOL,
	OPTION_NUMBER,
	OPTION_OCTAL,
	OPTION_RIGHTS, /* octal; each digit 6 control, 4 look, 0 neither */
	OPTION_DURATION,
	OPTION_SIZE, /* bytes */
	OPTION_LEVEL, /* a log level by name or number */
	OPTION_STRING,
	OPTION_PATH, /* a string that completes as a file */
	OPTION_TARGET, /* the same, or options/systemlog.h */
	OPTION_CHOICE, /* one of the words in choices */
	OPTION_SIGNAL, /* by name or number; kept as its name */
	OPTION_SCHEDULE, /* options/schedule.h */
	OPTION_FORMAT, /* a log entry in Python's %(name)s form */
	OPTION_WORDS,
	OPTION_CODES, /* exit statuses parted by commas; -1: by a signal */
	OPTION_PAIRS /* free NAME = VALUE keys of a section */
};

#define OPTION_NO_FIELD ((size_t)-1) /* checked: nothing is kept */

enum option_where { /* where a row may stand: a mask */
	OPTION_CONF = 1,
	OPTION_CMDLINE = 2,
	OPTION_CLIENT = 4, /* of no use to zdrun, not handed over */
	OPTION_IGNORED = 8, /* accepted for old files, without effect */
	OPTION_CLASSIC = 16 /* zdaemon has it on its command line */
};

struct option_row {
	const char *section; /* "runner", "environment", "eventlog",
				"eventlog.logfile", "eventlog.syslog" */
	const char *name; /* in files and after -- */
	char letter; /* after -, 0: none */
	enum option_type type;
	size_t field; /* offset in its section's struct */
	const char *fallback; /* the default as text; NULL: unset */
	long long low, high; /* bounds of numbers, durations (ms), sizes, lengths
				of strings and lists */
	const char *argument; /* "FILE"; NULL for a flag on the command line */
	unsigned int where;
	const char *choices; /* of OPTION_CHOICE, parted by blanks */
	const char *summary; /* one line */
	const char *help; /* sentences for help and the manual */
};

extern const struct option_row option_table[];
extern const size_t option_count;

/* The row of a key in a section ("runner"), or NULL. */
const struct option_row *option_find(const char *section, const char *name);

/* The key nearest to a mistyped one in that section, or NULL. */
const char *option_nearest(const char *section, const char *name);

/*
 * The one setter.  text is the value as the user wrote it; name is the key
 * (it matters where a row stands for free keys: the environment, of which a
 * NULL name sets the whole from NAME=VALUE words).  A weaker origin never
 * replaces a stronger one, and that is no error.  0, or -1 with cause that
 * names the value (the caller knows the key); the runner is unchanged then.
 * Keys of sections that repeat are set in the newest one.
 */
int option_set(struct runner *runner, const struct option_row *row,
    const char *name, const char *text, const struct origin *origin,
    char **cause);

/*
 * Begins a section: another one of a kind that may repeat (eventlog.logfile,
 * eventlog.syslog), whose keys option_set then sets, or eventlog itself.
 * Nothing happens for the others.
 */
int option_begin(struct runner *runner, const char *section,
    const struct origin *origin, char **cause);

/*
 * The value of a row as text that option_set reads back to the same value;
 * NULL when unset.  To be freed.  For rows of sections that repeat, section
 * is the struct (a logtarget); otherwise the runner.
 */
char *option_print(const void *section, const struct option_row *row);

/* Whether the row has a value. */
bool option_is_set(const void *section, const struct option_row *row);

/* Where the value of a row came from. */
const struct origin *option_origin(
    const struct runner *runner, const struct option_row *row);
const struct origin *option_target_origin(
    const struct logtarget *target, const struct option_row *row);

/* "default", "command line", "-X" or "FILE:LINE" into buf; returns buf. */
const char *option_show_origin(
    const struct origin *origin, char *buf, size_t size);

/* Whether the row's section is a logtarget, of this kind if target is one. */
bool option_is_target(
    const struct option_row *row, const struct logtarget *target);

/* A copy of a file's name that lives as long as the runner; NULL: memory. */
const char *runner_keep_file(struct runner *runner, const char *file);

/* Every row at its default.  0, or -1 with cause (no memory). */
int runner_init(struct runner *runner, char **cause);
int runner_copy(struct runner *to, const struct runner *from, char **cause);
void runner_free(struct runner *runner);

#endif
