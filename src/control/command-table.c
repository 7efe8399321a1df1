/*
 * The commands, a row each.  Everything that is known of a command stands in
 * its row: dispatch, prefixes, help, usage errors, completion and the manual
 * are made from it.  A row is checked as a whole by `zdaemon self-test`.
 */

#include "config.h"

#include "control/command.h"
#include "control/handlers.h"

#define BOTH (COMMAND_ONESHOT | COMMAND_SESSION)

#define STARTING                                                       \
	"0 it is up, 1 it did not come up, 2 usage or configuration, " \
	"4 the supervisor does not answer"

/* What does harm can ask first; restart takes the program's words alone. */
#define NO_QUESTION                                           \
	{                                                     \
		'y', NULL, NULL, "do not ask before the harm" \
	}

/* clang-format off */
const struct command command_table[] = {
	{ .name = "start",
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_NEEDS_PROGRAM | COMMAND_RAW | COMMAND_TELLS,
	    .synopsis = "[ARGUMENT ...]",
	    .max = -1,
	    .operand = { { "ARGUMENT", COMPLETE_ARGUMENT,
		"a further word for the program" } },
	    .summary = "start the program as a daemon",
	    .help =
		"Starts a supervisor, which starts the program, and waits "
		"until the program is up: until it has run for start-seconds, "
		"or until start-test-program succeeds.  Every crash on the "
		"way and the retry to come are shown.  A program that cannot "
		"be executed ends the waiting at once.  A program that runs "
		"already is left as it is.  One that a lost supervisor left "
		"behind is taken over.",
	    .examples =
		"start\tstart the program as configured\n"
		"start -v 8080\tthe same, with two more words for it\n",
	    .statuses = STARTING,
	    .see = "stop, restart, foreground, status",
	    .run = cmd_start },
	{ .name = "stop",
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_CAREFUL | COMMAND_TELLS,
	    .synopsis = "[-y]",
	    .flag = { NO_QUESTION },
	    .summary = "stop the program and wait until it is gone",
	    .help =
		"Asks the program to end (TERM) and waits.  Where it has not "
		"ended after stop-timeout, it is killed.  A restart that was "
		"planned is given up at once.  The supervisor leaves too, "
		"unless hang-around is on.  Of a program that has been up for "
		"long, a session asks first: see set confirm.  One that a lost "
		"supervisor left behind is taken over first, where the "
		"configuration names its program.",
	    .examples = "stop\tstop it; nothing running is no error\n",
	    .statuses = "0 it is down, 1 something of it is left, "
			"4 the supervisor does not answer",
	    .see = "start, restart, shutdown, kill, wait",
	    .run = cmd_stop },
	{ .name = "restart",
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_CAREFUL | COMMAND_NEEDS_PROGRAM |
		COMMAND_RAW | COMMAND_TELLS,
	    .synopsis = "[ARGUMENT ...]",
	    .max = -1,
	    .operand = { { "ARGUMENT", COMPLETE_ARGUMENT,
		"a further word, where a supervisor is started" } },
	    .summary = "stop the program, then start it again",
	    .help =
		"Stops the program as stop does and starts it again under the "
		"same supervisor, with the configuration that the supervisor "
		"was started with.  A program that is down is started as by "
		"start.  One that a lost supervisor left behind is taken over "
		"first; with daemon off that is all.",
	    .examples = "restart\tend it and start it anew\n",
	    .statuses = STARTING,
	    .see = "start, stop, reload",
	    .run = cmd_restart },
	{ .name = "shutdown",
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_CAREFUL | COMMAND_TELLS,
	    .synopsis = "[-y]",
	    .flag = { NO_QUESTION },
	    .summary = "stop the program and its supervisor",
	    .help =
		"As stop, and the supervisor leaves in any case, also with "
		"hang-around on.",
	    .examples = "shutdown\tend everything\n",
	    .statuses = "0 both are gone, 1 something is left, "
			"4 the supervisor does not answer",
	    .see = "stop, quit",
	    .run = cmd_shutdown },
	{ .name = "upgrade",
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_CAREFUL,
	    .synopsis = "",
	    .summary = "replace the supervisor by the installed one",
	    .help =
		"Has the supervisor execute the zdrun that is installed now, "
		"in the same process: the program runs on and notices "
		"nothing, connections stay, counts and times go on, logs are "
		"opened by their names.  The new one is tried first; one that "
		"cannot take over is refused, and all stays as it is.",
	    .examples = "upgrade\tafter a new package was installed\n",
	    .statuses = "0 upgraded, 1 not running or refused, "
			"4 the supervisor does not answer",
	    .see = "status, restart, version",
	    .run = cmd_upgrade },
	{ .name = "status",
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_READS,
	    .synopsis = "[-l] [--json]",
	    .flag = { { 'l', NULL, NULL,
			"also show the supervisor's whole answer" },
		{ 0, "json", NULL, "print one JSON object instead" } },
	    .refusal = "status argument must be absent or -l",
	    .summary = "tell whether the program is running",
	    .help =
		"Prints one line: whether the program and its supervisor run, "
		"and the pid of the program.  On a terminal more lines "
		"follow.  Never starts anything.",
	    .examples =
		"status\tone line for people and scripts\n"
		"status --json\teverything, for machines\n",
	    .statuses = "0 the supervisor is there, 1 bad argument, "
			"3 not running, 4 unknown",
	    .see = "start, show",
	    .run = cmd_status },
	{ .name = "tree",
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_READS,
	    .synopsis = "[--json]",
	    .flag = { { 0, "json", NULL, "print one JSON object instead" } },
	    .summary = "show the processes of the program",
	    .help =
		"Everything that the program has started and that still runs, "
		"also what has turned itself into a daemon: children below "
		"their parents, with pid, age, resident memory, and whether a "
		"process has left the program's process group or session.  "
		"All of these are ended by stop.  A program without a "
		"supervisor is shown with what is below it or in its session.",
	    .examples = "tree\tsee what a stop would end\n"
			"tree --json\tthe same, for machines\n",
	    .statuses = "0 shown, 1 the supervisor is too old to tell, "
			"3 nothing runs, 4 unknown",
	    .see = "status, stop",
	    .run = cmd_tree },
	{ .name = "kill",
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_CAREFUL | COMMAND_RAW,
	    .synopsis = "[-y] [SIGNAL]",
	    .max = 1,
	    .operand = { { "SIGNAL", COMPLETE_SIGNAL,
		"a name with or without SIG, or a number; else TERM" } },
	    .flag = { NO_QUESTION },
	    .summary = "send a signal to the program",
	    .help =
		"The supervisor sends the signal to the program, never to "
		"itself.  A program that dies of it has crashed, as far as "
		"the supervisor is concerned, and is started again: to end "
		"it, use stop.",
	    .examples =
		"kill HUP\task most servers to read their files again\n"
		"kill 9\tend it the hard way; it will be started again\n",
	    .statuses = "0 sent, 1 not running or not sent, 2 no such signal, "
			"4 the supervisor does not answer",
	    .see = "stop, logreopen",
	    .run = cmd_kill },
	{ .name = "wait",
	    .group = GROUP_PROGRAM,
	    .where = BOTH,
	    .synopsis = "",
	    .summary = "wait until the program ends",
	    .help =
		"Returns when the program ends, for whatever reason, and "
		"tells the status.  It changes nothing: ^C only ends the "
		"waiting.",
	    .examples = "wait\tcome back when it has ended\n",
	    .statuses = "0 it has ended, 4 the supervisor does not answer",
	    .see = "status, stop",
	    .run = cmd_wait },
	{ .name = "foreground",
	    .alias = { "fg" },
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_NEEDS_PROGRAM | COMMAND_RAW | COMMAND_TELLS,
	    .synopsis = "[ARGUMENT ...]",
	    .max = -1,
	    .operand = { { "ARGUMENT", COMPLETE_ARGUMENT,
		"a further word for the program" } },
	    .summary = "run the program here, in this terminal",
	    .help =
		"Runs the program without a supervisor, with this terminal, "
		"directory and umask, and with the configured environment.  "
		"While the daemon runs, it refuses; a session then offers to "
		"follow the transcript instead.  One that was stopped (^Z) "
		"is continued by the next fg.",
	    .examples = "fg -v\trun it once with one more word, and watch\n",
	    .statuses = "the program's own, 128+N when signal N ended it, "
			"1 the daemon runs, 126 not executable, 127 not found",
	    .see = "start, logtail",
	    .run = cmd_foreground },
	{ .name = "logtail",
	    .group = GROUP_LOGS,
	    .where = BOTH,
	    .synopsis = "[-a] [-n LINES] [--since TIME] [--grep RE] "
			"[--stderr] [-f | --no-follow] [FILE ...]",
	    .max = -1,
	    .operand = { { "FILE", COMPLETE_LOG,
		"the logfile or else the transcript, if not given" } },
	    .flag = { { 'n', "lines", "LINES",
			"how many of the last lines to show first; 10" },
		{ 0, "since", "TIME",
		    "show first what was logged from that time on",
		    COMPLETE_TIME },
		{ 0, "grep", "RE",
		    "only lines that fit an extended regular expression" },
		{ 0, "stderr", NULL,
		    "what the program wrote to its standard error, as kept "
		    "by transcript-stderr" },
		{ 'a', "all", NULL,
		    "all logs that are configured; with --since, also what "
		    "they were rotated to" },
		{ 'f', "follow", NULL,
		    "go on with what is added; so it is without -f" },
		{ 0, "no-follow", NULL, "show the last lines and leave" } },
	    .summary = "show the end of a log and follow it",
	    .help =
		"Shows the last lines of the files and then what is added, "
		"until ^C.  Files are followed by name: one that is rotated, "
		"truncated, removed or made anew, or that is not there yet, "
		"is noticed, and a line on standard error tells.  On a "
		"terminal control characters are made visible.  In a session "
		"it takes keys while it follows; h lists them.  With --grep, "
		"LINES counts lines that fit; of a line longer than 64 kB "
		"only the beginning is looked at.  TIME is a duration (10m, "
		"2h: that long ago), 14:30, today, yesterday, 2026-11-25, "
		"'2026-11-25 14:30:05', @SECONDS, or as logs write it; "
		"showing begins at the first line stamped then or later.  A "
		"log whose lines have no known stamps is shown from its last "
		"lines on, after a line that says so.  A transcript that "
		"goes to the system log or to the journal is no file: where "
		"to look is said.",
	    .examples =
		"logtail\tfollow the configured log\n"
		"logtail -n 100 --no-follow\tits last hundred lines\n"
		"logtail --grep 'ERROR|WARN' --since 2h\twhat went wrong "
		"lately\n"
		"logtail -a --since yesterday\teverything since then\n",
	    .statuses = "0 shown, 1 no file or not readable, 2 a wrong "
			"number, time or expression",
	    .see = "reopen_transcript, logreopen",
	    .run = cmd_logtail },
	{ .name = "events",
	    .group = GROUP_LOGS,
	    .where = BOTH | COMMAND_READS,
	    .synopsis = "[-n COUNT] [--json]",
	    .flag = { { 'n', "lines", "COUNT",
			"only the last so many; 200, and no more are kept" },
		{ 0, "json", NULL, "print one JSON object instead" } },
	    .summary = "show what has happened to the program",
	    .help =
		"One dated line each: starts, exits and the retries to come, "
		"what operators did, logs, marked + up, - stopped, ! trouble, "
		"~ log, * an operator.  They come from the supervisor.  A "
		"session shows what it has heard, also of supervisors that "
		"have left, and what notices kept from the screen.",
	    .examples =
		"events\tthe last 200\n"
		"events -n 5\tthe last five\n"
		"events --json\tevery field of them, for machines\n",
	    .statuses = "0 shown, 1 the supervisor is too old to tell, "
			"2 a wrong number, 3 not running, 4 unknown",
	    .see = "status, notices, logtail",
	    .run = cmd_events },
	{ .name = "reopen_transcript",
	    .group = GROUP_LOGS,
	    .where = BOTH,
	    .synopsis = "",
	    .summary = "open the transcript and the event log anew",
	    .help =
		"To be used after the files were renamed: what comes next "
		"goes to new files of the configured names.  Prints nothing.",
	    .examples = "reopen_transcript\tafter moving the transcript away\n",
	    .statuses = "0 reopened, 1 not running or not opened, "
			"4 the supervisor does not answer",
	    .see = "logreopen, logtail",
	    .run = cmd_reopen_transcript },
	{ .name = "logreopen",
	    .group = GROUP_LOGS,
	    .where = BOTH,
	    .synopsis = "",
	    .summary = "reopen the logs, then send USR2 to the program",
	    .help =
		"For programs that open their own logs anew on USR2.  One "
		"that does not expect that signal dies of it.",
	    .examples = "logreopen\tfrom the script that rotates logs\n",
	    .statuses = "0 done, 1 not running or not done, "
			"4 the supervisor does not answer",
	    .see = "reopen_transcript, kill",
	    .run = cmd_logreopen },
	{ .name = "rotate",
	    .group = GROUP_LOGS,
	    .where = BOTH,
	    .synopsis = "",
	    .summary = "begin a new transcript and keep the old one",
	    .help =
		"Renames the transcript, as it is renamed by itself at "
		"transcript-max-size and transcript-max-age, and begins a "
		"new one at the end of a line.  transcript-keep says how "
		"many are kept, transcript-rotate-names how they are called.  "
		"An empty transcript stays as it is, and one that is no "
		"file cannot be rotated.  Prints nothing.",
	    .examples = "rotate\tbefore a test whose output is to stand alone\n",
	    .statuses = "0 rotated, 1 not running, no transcript or not done, "
			"4 the supervisor does not answer",
	    .see = "reopen_transcript, logtail",
	    .run = cmd_rotate },
	{ .name = "show",
	    .group = GROUP_SETTINGS,
	    .where = BOTH | COMMAND_READS,
	    .synopsis = "[--json] [options | config | all | KEY]",
	    .max = 1,
	    .operand = { { "TOPIC", COMPLETE_SHOW,
		"options (if not given), config, all, or a key" } },
	    .flag = { { 0, "json", NULL, "print one JSON object instead" } },
	    .summary = "show the configuration and where it comes from",
	    .help =
		"options lists every option with its value and origin; config "
		"prints a configuration file in native syntax that says the "
		"same; all adds the files and programs in use; KEY shows one "
		"option.",
	    .examples =
		"show transcript\tone option and its origin\n"
		"show config\tturn an old file into the native syntax\n",
	    .statuses = "0 shown, 1 no such topic or key, 2 configuration",
	    .see = "check, help, reload",
	    .run = cmd_show },
	{ .name = "check",
	    .group = GROUP_SETTINGS,
	    .where = BOTH | COMMAND_ANY_CONFIG | COMMAND_READS,
	    .synopsis = "",
	    .summary = "name every problem of the configuration",
	    .help =
		"Reads the configuration and prints a line for each problem, "
		"with its file and line, also for what is accepted and has no "
		"effect.",
	    .examples = "check\tbefore a reload\n",
	    .statuses = "0 no error, 2 errors",
	    .see = "show, reload",
	    .run = cmd_check },
	{ .name = "help",
	    .alias = { "?" },
	    .group = GROUP_SESSION,
	    .where = BOTH | COMMAND_ANY_CONFIG | COMMAND_READS,
	    .synopsis = "[TOPIC]",
	    .max = 1,
	    .operand = { { "TOPIC", COMPLETE_TOPIC,
		"a command, a setting, a configuration key, or codes, config, "
		"keys, language, settings" } },
	    .summary = "list the commands, or explain one",
	    .help =
		"Explains a command, a setting or a configuration key with its "
		"value, or all keys of the configuration (config), the exit "
		"statuses (codes), the keys to press (keys), what a line can "
		"hold (language), or all settings (settings).",
	    .examples =
		"help kill\twhat kill does and returns\n"
		"help stop-timeout\twhat a key means, and its value now\n",
	    .statuses = "0 explained, 1 no such topic",
	    .see = "show",
	    .run = cmd_help },
	{ .name = "version",
	    .group = GROUP_SESSION,
	    .where = BOTH | COMMAND_ANY_CONFIG | COMMAND_READS,
	    .synopsis = "",
	    .summary = "tell the version of zdaemon",
	    .help =
		"Prints the name and the version in one line.",
	    .examples = "version\twhich one is installed\n",
	    .statuses = "0 told",
	    .see = "help",
	    .run = cmd_version },
	{ .name = "set",
	    .group = GROUP_SETTINGS,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG | COMMAND_READS,
	    .synopsis = "[--json] [SETTING [VALUE]]",
	    .max = 2,
	    .operand = { { "SETTING", COMPLETE_SETTING,
			"one of those that set alone lists" },
		{ "VALUE", COMPLETE_VALUE,
		"what it is to be; it is shown, if not given" } },
	    .flag = { { 0, "json", NULL, "print one JSON object instead" } },
	    .summary = "show or change a setting of the session",
	    .help =
		"Alone, lists every setting with its value and where the value "
		"comes from.  A change holds at once and until the session "
		"ends; what should hold in every session belongs into the "
		"start-up file.",
	    .examples =
		"set\tall of them\n"
		"set confirm off\task no more\n"
		"set timing 2s\ttell only of what took longer than that\n",
	    .statuses = "0 shown or set, 2 no such setting or value",
	    .see = "show, notices",
	    .run = cmd_set },
	{ .name = "notices",
	    .group = GROUP_SETTINGS,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG,
	    .synopsis = "[all | crash | off]",
	    .max = 1,
	    .operand = { { "VALUE", COMPLETE_VALUE,
		"all, crash (only what went wrong) or off" } },
	    .summary = "choose what is told above the line",
	    .help =
		"The same as set notices.  What was not told is not lost: "
		"events shows it.",
	    .examples = "notices crash\tonly trouble from now on\n",
	    .statuses = "0 shown or set, 2 no such value",
	    .see = "events, set",
	    .run = cmd_notices },
	{ .name = "alias",
	    .group = GROUP_SETTINGS,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG | COMMAND_RAW |
		COMMAND_VERBATIM | COMMAND_READS,
	    .synopsis = "[NAME [= TEXT]]",
	    .max = 1,
	    .operand = { { "NAME", COMPLETE_NEW_ALIAS,
		"what is to stand for TEXT; all are listed, if not given" } },
	    .summary = "give a line of commands a name",
	    .help =
		"TEXT is the rest of the line as it is, also with ; and |; "
		"what is typed behind NAME is put behind it.  A name of a "
		"command is refused, and an alias that leads back to itself "
		"is not run.  It holds until the session ends: what should "
		"stay belongs into the start-up file.",
	    .examples =
		"alias up = start ; logtail -n 5\tin two steps, one word\n"
		"alias errors = logtail --no-follow | grep ERROR\tpipes too\n",
	    .statuses = "0 listed or set, 1 no such alias, 2 no name or text",
	    .see = "unalias, set, source",
	    .run = cmd_alias },
	{ .name = "unalias",
	    .group = GROUP_SETTINGS,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG,
	    .synopsis = "NAME ...",
	    .min = 1, .max = -1,
	    .operand = { { "NAME", COMPLETE_ALIAS, "what alias lists" } },
	    .summary = "forget an alias",
	    .help =
		"The names mean what they meant before.",
	    .examples = "unalias up\tforget it\n",
	    .statuses = "0 forgotten, 1 no such alias",
	    .see = "alias",
	    .run = cmd_unalias },
	{ .name = "reload",
	    .group = GROUP_SETTINGS,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG | COMMAND_RAW,
	    .synopsis = "[OPTION ...]",
	    .max = -1,
	    .operand = { { "OPTION", COMPLETE_OPTION,
		"an option of zdaemon in place of those given at its start" } },
	    .summary = "read the configuration of the session anew",
	    .help =
		"What the session uses from now on, and the next start.  A "
		"supervisor that runs keeps what it was started with.  A "
		"configuration with an error changes nothing.",
	    .examples =
		"reload\tread the same file again\n"
		"reload -C other.conf\tread another one\n",
	    .statuses = "0 loaded, 2 not loaded",
	    .see = "check, show, restart",
	    .run = cmd_reload },
	{ .name = "shell",
	    .alias = { "!" },
	    .group = GROUP_SESSION,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG | COMMAND_RAW |
		COMMAND_VERBATIM,
	    .synopsis = "[COMMAND]",
	    .max = -1,
	    .operand = { { "COMMAND", COMPLETE_FILE,
		"a command line of the shell; none: an interactive shell" } },
	    .summary = "run a command of the shell",
	    .help =
		"Runs COMMAND with $SHELL and comes back.",
	    .examples = "!ls -l\tlook at the files here\n",
	    .statuses = "the command's own",
	    .see = "foreground",
	    .run = cmd_shell },
	{ .name = "watch",
	    .group = GROUP_SESSION,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG | COMMAND_RAW |
		COMMAND_VERBATIM,
	    .synopsis = "[SECONDS] COMMAND ...",
	    .max = 1, .min = 1,
	    .operand = { { "COMMAND", COMPLETE_COMMAND_LINE,
		"a line of commands that look, with its ; and |" } },
	    .summary = "run a line again and again, in one place",
	    .help =
		"Runs the line every SECONDS (2, if not given; 0.1 at least) "
		"and at once when the supervisor tells that something has "
		"happened, and shows what it prints in place of what it "
		"printed before, cut to the screen.  Any key ends it.  "
		"Commands that change something are refused.",
	    .examples =
		"watch status\tuntil a key is pressed\n"
		"watch 0.5 !ps -o pid,pcpu,rss -C demo\ta shell's, twice a "
		"second\n",
	    .statuses = "that of the last run, 1 not at a terminal, 2 usage",
	    .see = "status, logtail",
	    .run = cmd_watch },
	{ .name = "source",
	    .group = GROUP_SESSION,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG,
	    .synopsis = "FILE",
	    .min = 1, .max = 1,
	    .operand = { { "FILE", COMPLETE_FILE,
		"a file with a line for each command" } },
	    .summary = "run the lines of a file",
	    .help =
		"The lines are those of the session, with ; | > and comments.  "
		"The first that fails ends it and is named with its number; "
		"with zdaemon's option -k the rest runs, too.",
	    .examples = "source deploy.zd\tstep by step, until one fails\n",
	    .statuses = "0 all lines ran, 1 no file, else that of the line "
			"that failed",
	    .see = "alias, shell",
	    .run = cmd_source },
	{ .name = "outcome",
	    .alias = { "$?" },
	    .group = GROUP_SESSION,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG | COMMAND_READS,
	    .synopsis = "",
	    .summary = "tell the exit status of the last command",
	    .help =
		"And what it means.  Behind a command, $? stands for the "
		"number.",
	    .examples =
		"$?\tthe number and its meaning\n"
		"!echo $?\tthe number, for a shell\n",
	    .statuses = "the one that it tells",
	    .see = "help",
	    .run = cmd_outcome },
	{ .name = "history",
	    .group = GROUP_SESSION,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG | COMMAND_READS,
	    .synopsis = "[-c] [--json] [TEXT]",
	    .max = 1,
	    .operand = { { "TEXT", COMPLETE_PAST,
		"only lines that contain it" } },
	    .flag = { { 'c', "clear", NULL, "forget every line, for good" },
		{ 0, "json", NULL, "print one JSON object instead" } },
	    .summary = "list the lines typed before",
	    .help =
		"The oldest first, each with its number, which !N runs again; "
		"!! runs the newest one, !-2 the one before.  Lines that begin "
		"with a blank are not kept.  Each configuration has a history "
		"of its own, which all sessions on it share.",
	    .examples =
		"history kill\tlines that contain kill\n"
		"!12\trun line 12 again\n",
	    .statuses = "0 listed, 1 none",
	    .see = "set",
	    .run = cmd_history },
	{ .name = "quit",
	    .alias = { "exit", "EOF" },
	    .group = GROUP_SESSION,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG,
	    .synopsis = "",
	    .summary = "leave the session; the program keeps running",
	    .help =
		"Tells how the program stands and leaves.  A supervisor that "
		"only hangs around, its program down, is ended.",
	    .examples = "quit\tleave; so does ^D\n",
	    .statuses = "0 left",
	    .see = "shutdown",
	    .run = cmd_quit },
	{ .name = "complete",
	    .group = GROUP_SESSION,
	    .where = COMMAND_ONESHOT | COMMAND_HIDDEN | COMMAND_ANY_CONFIG |
		COMMAND_RAW,
	    .synopsis = "[WORD ...]",
	    .max = -1,
	    .operand = { { "WORD", COMPLETE_NONE,
		"a word of zdaemon's command line; the last is completed" } },
	    .summary = "list what could stand for the last word",
	    .help =
		"For the completion functions of shells.",
	    .examples = "complete -C my.conf sta\tstart and status\n",
	    .statuses = "0 listed",
	    .see = "help",
	    .run = cmd_complete },
	{ .name = "self-test",
	    .group = GROUP_SESSION,
	    .where = COMMAND_ONESHOT | COMMAND_HIDDEN | COMMAND_ANY_CONFIG,
	    .synopsis = "",
	    .summary = "check the command table",
	    .help =
		"Names every row that is incomplete or contradicts another.",
	    .examples = "self-test\tas `make check` does\n",
	    .statuses = "0 all rows are whole, 1 some are not",
	    .see = "help",
	    .run = cmd_self_test },
#ifdef COMMAND_TEST_ROW
	{ .name = "xyzzy",
	    .group = GROUP_PROGRAM,
	    .where = BOTH,
	    .synopsis = "",
	    .summary = "a row that only a test has",
	    .help =
		"Tells the version.",
	    .examples = "xyzzy\ttell it\n",
	    .statuses = "0 told",
	    .see = "version",
	    .run = cmd_version },
#endif
};
/* clang-format on */

const size_t command_count = sizeof command_table / sizeof command_table[0];
