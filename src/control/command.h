#ifndef CONTROL_COMMAND_H
#define CONTROL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "control/client.h"

/*
 * The command table.  From a row come one-shot and session dispatch, prefixes
 * and near misses, help, usage errors, Tab, hints, shell completion and the
 * manual: a command is a row and a function.
 */

#define COMMAND_EMPTY    "status" /* what an empty word or line is */
#define COMMAND_OPERANDS 4
#define COMMAND_ALIASES  4
#define COMMAND_FLAGS    7
#define COMMAND_LIKE     4

/* Exit statuses, the same one-shot and in $? */
enum {
	STATUS_DONE = 0,
	STATUS_FAILED = 1, /* what was asked for failed */
	STATUS_USAGE = 2, /* usage or configuration */
	STATUS_NOT_RUNNING = 3,
	STATUS_UNKNOWN = 4, /* the peer does not answer, no permission */
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127
};

enum command_group {
	GROUP_PROGRAM,
	GROUP_LOGS,
	GROUP_SETTINGS,
	GROUP_SESSION,
	GROUP__COUNT
};

/* What can stand at an operand: who completes it. */
enum completer {
	COMPLETE_NONE,
	COMPLETE_SIGNAL,
	COMPLETE_FILE,
	COMPLETE_LOG, /* our logs first, then files */
	COMPLETE_TOPIC, /* help: commands and topics */
	COMPLETE_SHOW, /* show: options, config, keys */
	COMPLETE_ARGUMENT, /* the program's own words: files, and before */
	COMPLETE_OPTION, /* zdaemon's own options and their arguments */
	COMPLETE_TIME, /* as logtail --since reads it */
	COMPLETE_PAST, /* words of the lines typed before */
	COMPLETE_SETTING, /* the name of a setting */
	COMPLETE_VALUE, /* of the setting that the word before names */
	COMPLETE_ALIAS, /* what alias lists */
	COMPLETE_NEW_ALIAS, /* the same, or a name that is free */
	COMPLETE_COMMAND_LINE /* a command of ours and its operands */
};

enum command_where {
	COMMAND_ONESHOT = 1,
	COMMAND_SESSION = 2,
	COMMAND_HIDDEN = 4, /* not in help, not completed */
	COMMAND_CAREFUL = 8, /* does harm: asks first, unless -y is given */
	COMMAND_NEEDS_PROGRAM = 16,
	/* only words before the operands may be flags; with NEEDS_PROGRAM the
	   operands are the program's own words */
	COMMAND_RAW = 32,
	COMMAND_ANY_CONFIG = 64, /* runs even when the configuration is broken
				  */
	COMMAND_VERBATIM = 128, /* takes the rest of its line as it is */
	COMMAND_READS = 256, /* only looks and ends by itself: pager, watch */
	COMMAND_TELLS = 512 /* says itself what becomes of the program */
};

struct command_flag {
	char letter; /* 0: long only */
	const char *name; /* long, without --; NULL: letter only */
	const char *argument; /* "LINES"; NULL: none */
	const char *summary;
	enum completer completer; /* of the argument */
};

struct command_operand {
	const char *name; /* "SIGNAL" */
	enum completer completer;
	const char *summary;
};

struct context;
struct invocation;

struct command {
	const char *name;
	const char *alias[COMMAND_ALIASES];
	/* What other programs call it: suggested, never run. */
	const char *like[COMMAND_LIKE];
	int letters; /* the least that an abbreviation has; 0: any number */
	enum command_group group;
	unsigned int where;
	const char *synopsis; /* "[-l] [--json]"; the name is not in it */
	int min, max; /* operands; max -1: any number */
	struct command_operand operand[COMMAND_OPERANDS]; /* the last repeats */
	struct command_flag flag[COMMAND_FLAGS];
	const char *refusal; /* zdaemon's own words for bad operands, told
				with STATUS_FAILED; NULL: usage error */
	const char *summary; /* one line */
	const char *help; /* sentences */
	const char *examples; /* "LINE\tWHAT IT DOES\n" */
	const char *statuses; /* "0 sent, 1 not running, 2 bad signal" */
	int answer; /* an exit status that is an answer, no failure; 0: none */
	const char *see; /* "stop, restart" */
	int (*run)(
	    struct context *context, const struct invocation *invocation);
};

extern const struct command command_table[];
extern const size_t command_count;

/* What the handler gets: its row, flags and operands. */
struct invocation {
	const struct command *command;
	int count;
	char **operand; /* count of them, then NULL */
	/* by index in command->flag: given, and the last argument given */
	bool given[COMMAND_FLAGS];
	const char *argument[COMMAND_FLAGS];
};

/* Whether the flag of that letter or long name was given. */
bool invocation_has(const struct invocation *invocation, const char *flag);
/* Its argument, or NULL. */
const char *invocation_argument(
    const struct invocation *invocation, const char *flag);

struct runner;
struct cmdline;
struct output;
struct ui;
struct shell_ops;
struct problems;
struct watch;
struct settings;
struct aliases;

/* What all handlers share; no globals.  Whoever makes it owns all of it. */
struct context {
	const char *program; /* argv[0], for usage errors */
	const struct cmdline *cmdline;
	struct runner *runner;
	struct problems *problems; /* of the load; `check` shows them */
	const struct output *output; /* the only printer */
	const struct ui *ui;
	const struct shell_ops *shell; /* NULL: one-shot */
	struct settings *settings; /* of the session; NULL: one-shot */
	struct aliases *aliases; /* of the session; NULL: one-shot */
	int status; /* of the last command of the session: $? */
	const struct command *ran; /* that command; NULL: none */
	const char *origin; /* "FILE:LINE" of the line that runs; NULL: typed */
	struct client client; /* whom to ask; see context_aim */
	const struct watch *watch; /* whom the session hears; NULL: one-shot */
	char *cwd; /* the caller's directory; "": it was removed */
	bool session;
	bool careful; /* ask (ui) before harm */
};

/*
 * Points context->client to the supervisor of context->runner: the absolute
 * path of its socket and whom to trust there.  To be called after every load;
 * context_free forgets it.  0, or -1 with cause.
 */
int context_aim(struct context *context, char **cause);
void context_free(struct context *context);

enum command_lookup {
	LOOKUP_FOUND,
	LOOKUP_UNKNOWN, /* *found is the nearest, or NULL */
	LOOKUP_AMBIGUOUS,
	LOOKUP_SHORT /* fewer letters than its row asks for */
};

/*
 * The command that word names among those for where (COMMAND_ONESHOT or
 * COMMAND_SESSION): its name, an alias, an unambiguous prefix of a name or
 * else of an alias, or an alias that is a sign with more glued to it ("?stop").
 */
enum command_lookup command_find(
    const char *word, unsigned int where, const struct command **found);

/*
 * What to say of a word that names no command: what it could be, or was most
 * likely meant to be; to be freed.  NULL: it names one, or nothing is near.
 */
char *command_doubt(const char *word, unsigned int where);

/* The command for where that other programs call by that word, or NULL. */
const struct command *command_meant(const char *word, unsigned int where);

/* Whether the row has that flag, by its letter or its long name. */
bool command_has_flag(const struct command *command, const char *flag);

/* Whether word is its name or an alias, not only the beginning of one. */
bool command_is_named(const struct command *command, const char *word);

/*
 * Runs a command line of words: finds the command, takes flags and operands
 * apart, checks them against the row, calls the handler.  Everything wrong is
 * told by output and returned as STATUS_USAGE.  The words are not changed.
 */
int command_run(struct context *context, int count, char **word);

/* "Error: TEXT", and one-shot the line that names -h. */
void command_usage_error(const struct context *context, const char *text);

#endif
