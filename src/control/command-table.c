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
		"A supervisor is started, which starts the program; the "
		"command then waits until the program is up: until it has run "
		"for start-seconds, or until start-test-program succeeds.  "
		"Every crash on the way is shown, with the retry to come.  If "
		"the program cannot be executed, the command fails at once.  "
		"A program that is running already is left alone; one that "
		"was left behind by a lost supervisor is taken over.",
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
		"The program is sent TERM (see stop-signal and "
		"stop-schedule), and is killed if it has not ended after "
		"stop-timeout.  Whatever it started is ended with it, unless "
		"kill-tree is off.  A retry that was planned is cancelled at "
		"once.  The supervisor exits too, unless hang-around is on.  "
		"If the supervisor died, stop first takes the program over "
		"(provided the configuration names it).  If the program has "
		"been up for long, a session asks first: see set confirm.",
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
		"The program is stopped as by stop and started again by the "
		"same supervisor, with the configuration that the supervisor "
		"was started with.  A program that is down is started as by "
		"start.  One that was left behind by a lost supervisor is "
		"taken over first; with daemon off, it is taken over and "
		"nothing else.",
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
		"process.  The program runs on and notices nothing, "
		"connections stay open, counts and times are kept, and log "
		"files are opened again by name.  The new zdrun is tried "
		"first; if it cannot take over, the upgrade is refused and "
		"nothing changes.",
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
			"also print the supervisor's whole reply" },
		{ 0, "json", NULL, "print one JSON object" } },
	    .refusal = "status argument must be absent or -l",
	    .summary = "tell whether the program is running",
	    .help =
		"One line says whether the program and its supervisor are "
		"running, with the pid of the program.  On a terminal more "
		"lines follow.  Nothing is ever started by this command.",
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
		"This is everything that the program has started and that is "
		"still running, including what has turned itself into a "
		"daemon.  Children stand below their parents, each with its "
		"pid, age and resident memory, and with a remark if it has "
		"left the program's process group or session.  All of them "
		"are ended by stop, unless kill-tree is off.  For a program "
		"without a supervisor, its descendants and the processes in "
		"its session are shown.",
	    .examples = "tree\tsee what a stop would end\n"
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
		"started again; to end it for good, use stop.",
	    .examples =
		"kill HUP\task most servers to reread their configuration\n"
		"kill 9\tkill it at once; it will be started again\n",
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
		"The command returns when the program ends, for whatever "
		"reason, and prints the status.  It changes nothing: ^C ends "
		"the waiting and nothing else.",
	    .examples =
		"wait\treturn when the program has ended\n",
	    .statuses =
		"0 it has ended or ^C was pressed, 1 its supervisor was lost and it "
		"runs on, 4 the supervisor does not "
		"answer",
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
		"The program runs without a supervisor, with this terminal, "
		"directory and umask, and with the configured environment.  "
		"If the daemon is running, the command is refused; a session "
		"then offers to follow the transcript instead.  In a session, "
		"a program stopped by ^Z is continued by the next fg.",
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
			"how many of the last lines come first; default 10" },
		{ 0, "since", "TIME",
		    "begin with what was logged at that time",
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
		"The last lines of the files are shown, then whatever is "
		"added, until ^C.  Files are followed by name: if one is "
		"rotated, truncated, removed, created anew or not there yet, "
		"a line on standard error says so and following goes on.  "
		"On a terminal, control characters are made visible.  In "
		"a session, keys are accepted while it follows; h lists "
		"them.\n\n"
		"TIME is a duration (10m or 2h: that long ago), 14:30, today, "
		"yesterday, 2026-11-25, '2026-11-25 14:30:05', @SECONDS, or a "
		"time as logs write it.  The first line stamped at that time "
		"or later is where it begins.  A log without time stamps that "
		"are understood is shown from its last lines on, after a line "
		"that says so.\n\n"
		"With --grep, LINES counts matching lines; only the first 64 "
		"kB of a line are searched.  If the transcript goes to the "
		"system log or the journal there is no file to show, and the "
		"command says where to look.",
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
		"what operators did, and what happened to the logs.  The mark "
		"is + for up, - for stopped, ! for trouble, ~ for a log and * "
		"for an operator.  The events come from the supervisor.  A "
		"session shows those that it has received, including those of "
		"supervisors that have exited and those that the setting "
		"notices hid.",
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
		"Use it after the files have been renamed: from then on, "
		"output goes to new files with the configured names.  Nothing "
		"is printed.",
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
		"It does what reopen_transcript does, and serves programs "
		"that reopen their own logs on USR2.  A program that does not "
		"handle that signal dies of it.",
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
	    .summary = "begin a new transcript and keep the old one",
	    .help =
		"The transcript is renamed, as it is at transcript-max-size "
		"and transcript-max-age, and a new one is begun at the end of "
		"a line.  transcript-keep says how many are kept, "
		"transcript-rotate-names what they are called.  An empty "
		"transcript is not rotated, and one that is not a file cannot "
		"be.  Nothing is printed.",
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
		"config prints an equivalent configuration file in the native "
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
		"Each problem is a line with file and line number.  What is "
		"accepted but has no effect is listed, too.  Commands, "
		"directories and files are looked at as the program's user, "
		"and nothing is run, made or changed.  In a session the file "
		"is read anew.",
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
		"A TOPIC is a command, a setting or a configuration key, "
		"which is shown with its value, or one of those that help "
		"alone lists below the commands, such as codes, the exit "
		"statuses.",
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
	    .help =
		"The name and the version are printed in one line.",
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
		"Without arguments, every setting is listed with its value "
		"and its origin.  A change takes effect at once and lasts "
		"until the session ends; for every session, put it into the "
		"start-up file.  SETTING=VALUE is understood, too.",
	    .examples =
		"set\tlist all settings\n"
		"set confirm off\tnever ask\n"
		"set timing 2s\ttell only times of two seconds and more\n",
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
		"This is short for set notices.  What is not announced is not "
		"lost: events shows it.",
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
		"words typed after NAME are appended to it.  The name of a "
		"command is refused, and an alias that leads back to itself "
		"is not run.  An alias lasts until the session ends; for "
		"every session, put it into the start-up file.",
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
	    .help =
		"The names mean again what they meant before.",
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
		"running supervisor keeps the one that it was started with.  "
		"If the new configuration has an error, nothing changes.",
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
	    .summary = "run a command of the shell",
	    .help =
		"COMMAND is run by $SHELL, then the session goes on.",
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
	    .summary = "repeat a line, with its output in one place",
	    .help =
		"The line is run every SECONDS (default 2, at least 0.1), and "
		"at once when the supervisor reports an event.  Its output, "
		"cut to the screen, replaces the previous output.  Any key "
		"ends it.  Commands that change something are refused.",
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
		"The file holds lines as typed in the session, with ; | > and "
		"comments.  The first line that fails ends it and is reported "
		"with its number; with zdaemon's option -k, the rest is run, "
		"too.",
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
		"The number is printed with its meaning.  Elsewhere in a line, "
		"$? stands for the number.",
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
		"The oldest line comes first.  Each has a number, which !N "
		"runs again; !! runs the newest line, !-2 the one before it.  "
		"Lines that begin with a blank are not kept.  Each "
		"configuration has its own history, shared by all sessions on "
		"it.",
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
		"The state of the program is printed first.  A supervisor "
		"that is hanging around with its program down is ended.  If a "
		"program that was run in the foreground is stopped, the first "
		"quit only says so; the next one ends it.",
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
	    .summary = "list what could stand for the last word",
	    .help =
		"For the completion functions of shells.  A line has one "
		"candidate and, behind a tab, what it is; names with control "
		"characters are left out.",
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
