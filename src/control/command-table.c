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
	"0 up, 1 did not come up, 2 usage or configuration error, " \
	"4 the supervisor does not answer"

/* What does harm can ask first; restart takes the program's words alone. */
#define NO_QUESTION                                            \
	{                                                      \
		'y', NULL, NULL, "do not ask for confirmation" \
	}

/* clang-format off */
const struct command command_table[] = {
	{ .name = "start",
	    .like = { "run" },
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_NEEDS_PROGRAM | COMMAND_RAW | COMMAND_TELLS,
	    .synopsis = "[ARGUMENT ...]",
	    .max = -1,
	    .operand = { { "ARGUMENT", COMPLETE_ARGUMENT,
		"a further argument for the program" } },
	    .summary = "start the program as a daemon",
	    .help =
		"Starts a supervisor, which starts the program, and waits "
		"until the program is up: until it has run for "
		"start-seconds, or until start-test-program succeeds.  Every "
		"crash in the meantime is shown, with the retry to come.  If "
		"the program cannot be executed, the command fails at once.  "
		"A program that is already running is left alone; if its "
		"supervisor died, start takes it over.",
	    .examples =
		"start\tstart the program as configured\n"
		"start -v 8080\tthe same, with two more arguments\n",
	    .statuses = STARTING,
	    .see = "stop, restart, foreground, status",
	    .run = cmd_start },
	{ .name = "stop",
	    .letters = 3,
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_CAREFUL | COMMAND_TELLS,
	    .synopsis = "[-y]",
	    .flag = { NO_QUESTION },
	    .summary = "stop the program and wait until it is gone",
	    .help =
		"Sends TERM to the program (see stop-signal and "
		"stop-schedule), and kills it if it is still running after "
		"stop-timeout.  Whatever it started ends with it, unless "
		"kill-tree is off.  A pending retry is cancelled.  The "
		"supervisor exits too, unless hang-around is on.  If the "
		"supervisor died, stop first takes the program over "
		"(provided the configuration names it).  If the program has "
		"been up for a long time, a session asks first: see set "
		"confirm.",
	    .examples =
		"stop\tstop it; no error if nothing is running\n",
	    .statuses =
		"0 stopped, 1 some of its processes survived or cannot be "
		"signalled, 4 the supervisor does not answer",
	    .see = "start, restart, shutdown, kill, wait",
	    .run = cmd_stop },
	{ .name = "restart",
	    .letters = 3,
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_CAREFUL | COMMAND_NEEDS_PROGRAM |
		COMMAND_RAW | COMMAND_TELLS,
	    .synopsis = "[ARGUMENT ...]",
	    .max = -1,
	    .operand = { { "ARGUMENT", COMPLETE_ARGUMENT,
		"a further argument, if a supervisor is started" } },
	    .summary = "stop the program, then start it again",
	    .help =
		"Stops the program as stop does; the same supervisor then "
		"starts it again, with the configuration that the supervisor "
		"was started with.  If the program is down, restart does "
		"what start does.  If the supervisor died, restart takes the "
		"program over first; with daemon off, it does nothing else.",
	    .examples =
		"restart\tstop it, then start it again\n",
	    .statuses = STARTING,
	    .see = "start, stop, reload",
	    .run = cmd_restart },
	{ .name = "shutdown",
	    .letters = 3,
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_CAREFUL | COMMAND_TELLS,
	    .synopsis = "[-y]",
	    .flag = { NO_QUESTION },
	    .summary = "stop the program and its supervisor",
	    .help =
		"Like stop, but the supervisor exits in any case, even with "
		"hang-around on.",
	    .examples =
		"shutdown\tend the program and its supervisor\n",
	    .statuses = "0 both are gone, 1 some processes survived, "
			"4 the supervisor does not answer",
	    .see = "stop, quit",
	    .run = cmd_shutdown },
	{ .name = "upgrade",
	    .letters = 3,
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_CAREFUL,
	    .synopsis = "",
	    .summary = "replace the running supervisor with the installed one",
	    .help =
		"The supervisor executes the installed zdrun in its own "
		"process.  The program keeps running undisturbed, "
		"connections stay open, counts and times are kept, and log "
		"files are reopened by name.  The new zdrun is tried first; "
		"if it cannot take over, the upgrade is refused and nothing "
		"changes.",
	    .examples = "upgrade\tafter installing a new package\n",
	    .statuses = "0 upgraded, 1 not running or refused, "
			"4 the supervisor does not answer",
	    .see = "status, restart, version",
	    .run = cmd_upgrade },
	{ .name = "status",
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_READS,
	    .synopsis = "[-l] [--json]",
	    .flag = { { 'l', NULL, NULL,
			"also print the supervisor's whole reply" },
		{ 0, "json", NULL, "print one JSON object" } },
	    .refusal = "status argument must be absent or -l",
	    .summary = "tell whether the program is running",
	    .help =
		"Prints one line that says whether the program and its "
		"supervisor are running, with the program's pid; on a "
		"terminal, more lines follow.  It never starts anything.",
	    .examples =
		"status\tone line for people and scripts\n"
		"status --json\teverything, for machines\n",
	    .statuses =
		"0 the supervisor is running, 1 bad argument, 3 not "
		"running, 4 the state is unknown",
	    .answer = STATUS_NOT_RUNNING,
	    .see = "start, show",
	    .run = cmd_status },
	{ .name = "tree",
	    .like = { "ps", "top", "pstree" },
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_READS,
	    .synopsis = "[--json]",
	    .flag = { { 0, "json", NULL, "print one JSON object" } },
	    .summary = "show the processes of the program",
	    .help =
		"Shows every process that the program started and that is "
		"still running, including those that became daemons.  "
		"Children are listed below their parents, each with its pid, "
		"age and resident memory, and with a note if it has left the "
		"program's process group or session.  stop ends all of them, "
		"unless kill-tree is off.  For a program without a "
		"supervisor, its descendants and the processes in its "
		"session are shown.",
	    .examples = "tree\tsee what stop would end\n"
			"tree --json\tthe same, for machines\n",
	    .statuses =
		"0 shown, 1 the running supervisor does not support this "
		"command, 3 not running, 4 the state is unknown",
	    .see = "status, stop",
	    .run = cmd_tree },
	{ .name = "kill",
	    .letters = 3,
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_CAREFUL | COMMAND_RAW,
	    .synopsis = "[-y] [SIGNAL]",
	    .max = 1,
	    .operand = { { "SIGNAL", COMPLETE_SIGNAL,
		"a name, with or without SIG, or a number; default TERM" } },
	    .flag = { NO_QUESTION },
	    .summary = "send a signal to the program",
	    .help =
		"The supervisor sends the signal to the program, never to "
		"itself.  A program that dies of it counts as crashed and is "
		"restarted; to end it for good, use stop.",
	    .examples =
		"kill HUP\task most servers to reread their configuration\n"
		"kill 9\tkill it at once; it will be restarted\n",
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
		"prints the status.  It changes nothing; ^C only ends the "
		"wait.",
	    .examples =
		"wait\treturn when the program has ended\n",
	    .statuses =
		"0 it has ended or ^C was pressed, 1 the supervisor died but "
		"the program still runs, 4 the supervisor does not answer",
	    .see = "status, stop",
	    .run = cmd_wait },
	{ .name = "foreground",
	    .alias = { "fg" },
	    .group = GROUP_PROGRAM,
	    .where = BOTH | COMMAND_NEEDS_PROGRAM | COMMAND_RAW | COMMAND_TELLS,
	    .synopsis = "[ARGUMENT ...]",
	    .max = -1,
	    .operand = { { "ARGUMENT", COMPLETE_ARGUMENT,
		"a further argument for the program" } },
	    .summary = "run the program here, in this terminal",
	    .help =
		"Runs the program without a supervisor, in this terminal, "
		"with the current directory and umask and the configured "
		"environment.  If the daemon is running, the command is "
		"refused; a session then offers to follow the transcript "
		"instead.  In a session, the next fg continues a program "
		"that was stopped by ^Z.",
	    .examples =
		"fg -v\trun it once with one more argument\n",
	    .statuses =
		"the program's own, 128+N if signal N ended it, 1 the daemon "
		"is running, 126 not executable, 127 not found",
	    .see = "start, logtail",
	    .run = cmd_foreground },
	{ .name = "logtail",
	    .like = { "tail", "logs" },
	    .group = GROUP_LOGS,
	    .where = BOTH,
	    .synopsis = "[-a] [-n LINES] [--since TIME] [--grep RE] "
			"[--stderr] [-f | --no-follow] [FILE ...]",
	    .max = -1,
	    .operand = { { "FILE", COMPLETE_LOG,
		"default: the logfile, or else the transcript" } },
	    .flag = { { 'n', "lines", "LINES",
			"begin with this many of the last lines; default 10" },
		{ 0, "since", "TIME",
		    "begin at this time",
		    COMPLETE_TIME },
		{ 0, "grep", "RE",
		    "only lines that match an extended regular expression" },
		{ 0, "stderr", NULL,
		    "the file named by transcript-stderr" },
		{ 'a', "all", NULL,
		    "all configured logs; with --since, also their rotated "
		    "files" },
		{ 'f', "follow", NULL, "follow the files, as is the default" },
		{ 0, "no-follow", NULL, "show the last lines and exit" } },
	    .summary = "show the end of a log and follow it",
	    .help =
		"Shows the last lines of the files, then whatever is added, "
		"until ^C.  Files are followed by name: if one is rotated, "
		"truncated, removed, recreated or does not exist yet, a line "
		"on standard error says so and following goes on.  On a "
		"terminal, control characters are made visible.  In a "
		"session, keys work while it follows; h lists them.\n\nTIME "
		"is a duration (10m or 2h: that long ago), 14:30, today, "
		"yesterday, 2026-11-25, '2026-11-25 14:30:05', @SECONDS, or "
		"a time in the form that logs use.  Output begins at the "
		"first line stamped at that time or later.  If a log has no "
		"recognizable time stamps, a line says so and its last lines "
		"are shown.\n\nWith --grep, LINES counts matching lines; "
		"only the first 64 kB of a line are searched.  If the "
		"transcript goes to the system log or the journal, there is "
		"no file to show, and the command says where to look.",
	    .examples =
		"logtail\tfollow the configured log\n"
		"logtail -n 100 --no-follow\tits last hundred lines\n"
		"logtail --grep 'ERROR|WARN' --since 2h\twhat went wrong "
		"lately\n"
		"logtail -a --since yesterday\teverything since then\n",
	    .statuses =
		"0 shown, 1 no file or not readable, 2 bad number or time or "
		"expression",
	    .see = "reopen_transcript, logreopen",
	    .run = cmd_logtail },
	{ .name = "events",
	    .group = GROUP_LOGS,
	    .where = BOTH | COMMAND_READS,
	    .synopsis = "[-n COUNT] [--json]",
	    .flag = { { 'n', "lines", "COUNT",
			"only the last COUNT; the last 200 are kept" },
		{ 0, "json", NULL, "print one JSON object" } },
	    .summary = "show what has happened to the program",
	    .help =
		"Each event is one dated line: starts, exits and retries, "
		"what operators did, and what happened to the logs.  The "
		"marks are + for up, - for stopped, ! for trouble, ~ for a "
		"log and * for an operator.  The events come from the "
		"supervisor.  A session shows those that it has received, "
		"including events of supervisors that have exited and those "
		"that the setting notices hid.",
	    .examples =
		"events\tthe last 200\n"
		"events -n 5\tthe last five\n"
		"events --json\tevery field of them\n",
	    .statuses =
		"0 shown, 1 the running supervisor does not support this "
		"command, 2 bad number, 3 not running, 4 the state is unknown",
	    .see = "status, notices, logtail",
	    .run = cmd_events },
	{ .name = "reopen_transcript",
	    .group = GROUP_LOGS,
	    .where = BOTH,
	    .synopsis = "",
	    .summary = "reopen the transcript and the event log",
	    .help =
		"Use it after renaming the files: from then on, output goes "
		"to new files with the configured names.  It prints nothing.",
	    .examples =
		"reopen_transcript\tafter the transcript was renamed\n",
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
		"Does what reopen_transcript does, then sends USR2 to the "
		"program, for programs that reopen their own logs on that "
		"signal.  A program that does not handle USR2 is killed by "
		"it.",
	    .examples =
		"logreopen\tfrom the script that rotates logs\n",
	    .statuses = "0 done, 1 not running or not done, "
			"4 the supervisor does not answer",
	    .see = "reopen_transcript, kill",
	    .run = cmd_logreopen },
	{ .name = "rotate",
	    .group = GROUP_LOGS,
	    .where = BOTH,
	    .synopsis = "",
	    .summary = "start a new transcript and keep the old one",
	    .help =
		"Renames the transcript at the end of a line, as happens at "
		"transcript-max-size and transcript-max-age, and starts a "
		"new one.  transcript-keep sets how many are kept, "
		"transcript-rotate-names what they are called.  An empty "
		"transcript is not rotated; one that is not a file cannot "
		"be.  It prints nothing.",
	    .examples =
		"rotate\tstart a fresh log before a test run\n",
	    .statuses =
		"0 rotated, 1 not running or no transcript or failed, 4 the "
		"supervisor does not answer",
	    .see = "reopen_transcript, logtail",
	    .run = cmd_rotate },
	{ .name = "show",
	    .like = { "config" },
	    .group = GROUP_SETTINGS,
	    .where = BOTH | COMMAND_READS,
	    .synopsis = "[--json] [options | config | all | KEY]",
	    .max = 1,
	    .operand = { { "TOPIC", COMPLETE_SHOW,
		"options (the default), config, all, or a key" } },
	    .flag = { { 0, "json", NULL, "print one JSON object" } },
	    .summary = "show the configuration and where it comes from",
	    .help =
		"options lists every option with its value and its origin; "
		"config prints an equivalent configuration file in native "
		"syntax; all adds the files and programs in use; KEY shows "
		"one option.",
	    .examples =
		"show transcript\tone option and its origin\n"
		"show config\tconvert an old file to the native syntax\n",
	    .statuses =
		"0 shown, 1 no such topic or key, 2 bad configuration",
	    .see = "check, help, reload",
	    .run = cmd_show },
	{ .name = "check",
	    .group = GROUP_SETTINGS,
	    .where = BOTH | COMMAND_ANY_CONFIG | COMMAND_READS,
	    .synopsis = "[--json]",
	    .flag = { { 0, "json", NULL, "print one JSON object" } },
	    .summary = "list every problem in the configuration",
	    .help =
		"Prints a line for each problem, with file and line number.  "
		"It also lists what is accepted but has no effect.  "
		"Commands, directories and files are checked as the "
		"program's user; nothing is run, created or changed.  In a "
		"session, the file is read again.",
	    .examples = "check\tbefore a reload\n"
			"check --json\tthe same, for an editor or a pipeline\n",
	    .statuses =
		"0 no errors, 2 errors",
	    .see = "show, reload",
	    .run = cmd_check },
	{ .name = "help",
	    .alias = { "?" },
	    .group = GROUP_SESSION,
	    .where = BOTH | COMMAND_ANY_CONFIG | COMMAND_READS,
	    .synopsis = "[TOPIC]",
	    .max = 1,
	    .operand = { { "TOPIC", COMPLETE_TOPIC,
		"a command, a setting, a key, or a topic that help lists" } },
	    .summary = "list the commands, or explain one",
	    .help =
		"TOPIC is a command, a setting or a configuration key, which "
		"is shown with its value; or one of config (all "
		"configuration keys), codes (the exit statuses), keys (the "
		"keys of the session), language (the syntax of a line) and "
		"settings (all settings).",
	    .examples =
		"help kill\twhat kill does and returns\n"
		"help stop-timeout\twhat a key means, and its value\n",
	    .statuses = "0 explained, 1 no such topic",
	    .see = "show",
	    .run = cmd_help },
	{ .name = "version",
	    .group = GROUP_SESSION,
	    .where = BOTH | COMMAND_ANY_CONFIG | COMMAND_READS,
	    .synopsis = "",
	    .summary = "print the version of zdaemon",
	    .help = "Prints the name and the version on one line.",
	    .examples =
		"version\twhich version is installed\n",
	    .statuses =
		"0 printed",
	    .see = "help",
	    .run = cmd_version },
	{ .name = "set",
	    .group = GROUP_SETTINGS,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG | COMMAND_READS,
	    .synopsis = "[--json] [SETTING [VALUE]]",
	    .max = 2,
	    .operand = { { "SETTING", COMPLETE_SETTING,
			"a setting, as listed by set alone" },
		{ "VALUE", COMPLETE_VALUE,
		"its new value; if not given, the setting is shown" } },
	    .flag = { { 0, "json", NULL, "print one JSON object" } },
	    .summary = "show or change a setting of the session",
	    .help =
		"Without arguments, lists every setting with its value and "
		"its origin.  A change takes effect at once and lasts until "
		"the session ends; to keep it, put it into the start-up "
		"file.  SETTING=VALUE works, too.",
	    .examples =
		"set\tlist all settings\nset confirm off\tnever ask\nset "
		"timing 2s\treport only times of two seconds or more\n",
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
	    .summary = "choose what is announced above the line",
	    .help =
		"Short for set notices.  Use events to see what was not "
		"announced.",
	    .examples =
		"notices crash\tfrom now on, trouble only\n",
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
		"the name for TEXT; if not given, all are listed" } },
	    .summary = "give a line of commands a name",
	    .help =
		"TEXT is the rest of the line as it is, including ; and |; "
		"words typed after NAME are appended to it.  An alias cannot "
		"have the name of a command, and one that leads back to "
		"itself is not run.  An alias lasts until the session ends; "
		"to keep it, put it into the start-up file.",
	    .examples =
		"alias up = start ; logtail -n 5\ttwo steps in one word\n"
		"alias errors = logtail --no-follow | grep ERROR\t"
		"with a pipe\n",
	    .statuses =
		"0 listed or set, 1 no such alias, 2 bad name or no text",
	    .see = "unalias, set, source",
	    .run = cmd_alias },
	{ .name = "unalias",
	    .group = GROUP_SETTINGS,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG,
	    .synopsis = "NAME ...",
	    .min = 1, .max = -1,
	    .operand = { { "NAME", COMPLETE_ALIAS, "the name of an alias" } },
	    .summary = "remove an alias",
	    .help = "The names regain their previous meaning.",
	    .examples =
		"unalias up\tremove the alias up\n",
	    .statuses =
		"0 removed, 1 no such alias",
	    .see = "alias",
	    .run = cmd_unalias },
	{ .name = "reload",
	    .letters = 3,
	    .group = GROUP_SETTINGS,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG | COMMAND_RAW,
	    .synopsis = "[OPTION ...]",
	    .max = -1,
	    .operand = { { "OPTION", COMPLETE_OPTION,
		"an option of zdaemon, replacing those given at its start" } },
	    .summary = "read the session's configuration again",
	    .help =
		"The session and the next start use the new configuration; a "
		"running supervisor keeps the one it was started with.  If "
		"the new configuration has an error, nothing changes.",
	    .examples =
		"reload\tread the same file again\n"
		"reload -C other.conf\tread another file\n",
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
		"a shell command; if not given, an interactive shell" } },
	    .summary = "run a shell command",
	    .help = "$SHELL runs COMMAND, then the session goes on.",
	    .examples =
		"!ls -l\tlist the files here\n",
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
		"a line of commands that change nothing, with ; and |" } },
	    .summary = "run a line repeatedly, with its output in one place",
	    .help =
		"Runs the line every SECONDS (default 2, at least 0.1), and "
		"at once when the supervisor reports an event.  Its output, "
		"cut to fit the screen, replaces the previous output.  Any "
		"key ends it.  Commands that change something are refused.",
	    .examples =
		"watch status\tuntil a key is pressed\n"
		"watch 0.5 !ps -o pid,pcpu,rss -C demo\t"
		"a shell command, twice a second\n",
	    .statuses =
		"that of the last run, 1 not on a terminal, 2 usage",
	    .see = "status, logtail",
	    .run = cmd_watch },
	{ .name = "source",
	    .group = GROUP_SESSION,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG,
	    .synopsis = "FILE",
	    .min = 1, .max = 1,
	    .operand = { { "FILE", COMPLETE_FILE,
		"a file of session lines" } },
	    .summary = "run the lines of a file",
	    .help =
		"FILE holds lines as typed in the session, with ; | > and "
		"comments.  The first line that fails ends it and is "
		"reported with its number; with zdaemon's option -k, the "
		"remaining lines are run, too.",
	    .examples = "source deploy.zd\tstep by step, until one fails\n",
	    .statuses =
		"0 all lines succeeded, 1 no such file, else that of the line "
		"that failed",
	    .see = "alias, shell",
	    .run = cmd_source },
	{ .name = "outcome",
	    .alias = { "$?" },
	    .group = GROUP_SESSION,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG | COMMAND_READS,
	    .synopsis = "",
	    .summary = "show the exit status of the last command",
	    .help =
		"Prints the number with its meaning.  Anywhere else in a "
		"line, $? stands for the number.",
	    .examples =
		"$?\tthe number and its meaning\n"
		"!echo $?\tpass the number to a shell\n",
	    .statuses =
		"the one that is shown",
	    .answer = STATUS_NOT_RUNNING,
	    .see = "help",
	    .run = cmd_outcome },
	{ .name = "history",
	    .group = GROUP_SESSION,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG | COMMAND_READS,
	    .synopsis = "[-c] [--json] [TEXT]",
	    .max = 1,
	    .operand = { { "TEXT", COMPLETE_PAST,
		"only lines that contain it" } },
	    .flag = { { 'c', "clear", NULL, "delete every line, for good" },
		{ 0, "json", NULL, "print one JSON object" } },
	    .summary = "list the lines typed before",
	    .help =
		"The oldest line comes first.  Each has a number: !N runs "
		"that line again, !! the newest one, !-2 the one before it.  "
		"Lines that begin with a blank are not kept.  Each "
		"configuration has its own history, which all its sessions "
		"share.",
	    .examples =
		"history kill\tlines that contain kill\n"
		"!12\trun line 12 again\n",
	    .statuses =
		"0 listed, 1 no such lines",
	    .see = "set",
	    .run = cmd_history },
	{ .name = "quit",
	    .alias = { "exit", "EOF" },
	    .like = { "bye", "logout" },
	    .group = GROUP_SESSION,
	    .where = COMMAND_SESSION | COMMAND_ANY_CONFIG,
	    .synopsis = "",
	    .summary = "leave the session; the program keeps running",
	    .help =
		"Prints the state of the program first.  If the program is "
		"down and its supervisor is hanging around, the supervisor "
		"ends.",
	    .examples =
		"quit\tleave, as ^D does\n",
	    .statuses =
		"0 left, 1 a program is stopped",
	    .see = "shutdown",
	    .run = cmd_quit },
	{ .name = "complete",
	    .group = GROUP_SESSION,
	    .where = COMMAND_ONESHOT | COMMAND_HIDDEN | COMMAND_ANY_CONFIG |
		COMMAND_RAW,
	    .synopsis = "[-q] [WORD ...]",
	    .max = -1,
	    .flag = { { 'q', NULL, NULL,
		"the words are quoted, as they were typed in a shell" } },
	    .operand = { { "WORD", COMPLETE_NONE,
		"a word of zdaemon's command line; the last is completed" } },
	    .summary = "list completions of the last word",
	    .help = "Used by the completion functions of shells.",
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
