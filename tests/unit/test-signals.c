/* src/supervisor/signals.c: no signal is lost, whenever it comes. */

#include "config.h"

#ifdef __linux__
#include <sys/ptrace.h>
#endif
#include <sys/wait.h>

#include <signal.h>
#include <unistd.h>

#include "supervisor/signals.h"
#include "tests/unit/check.h"

#define PLACES 400 /* in the code, an instruction each */
#define LOOKS  1000 /* which take more instructions than that */

#ifdef PT_STEP

/* Asks again and again; its status says whether it was told. */
static void __attribute__((noreturn)) ask(void)
{
	int looks = 0;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1 || signals_init() == -1)
		_exit(2);
	raise(SIGSTOP);
	while (!signals_take(SIGHUP) && looks < LOOKS)
		looks++;
	_exit(looks < LOOKS ? 0 : 1);
}

/* Its status when the signal comes behind so many instructions. */
static int
ask_with_signal(int instructions)
{
	int status, i;
	pid_t child;

	if ((child = fork()) == 0)
		ask();
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFSTOPPED(status))
		return status;
	for (i = 0; i < instructions; i++) {
		assert_int_equal(ptrace(PT_STEP, child, NULL, NULL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSTOPPED(status));
	}
	assert_int_equal(
	    ptrace(PTRACE_CONT, child, NULL, (void *)(intptr_t)SIGHUP), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

/* Also between two instructions of the code that asks for it. */
static void
one_that_comes_while_it_is_asked_for(void **state)
{
	int place, status;

	(void)state;
	for (place = 0; place < PLACES; place++) {
		status = ask_with_signal(place);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
			skip(); /* not to be traced here */
		assert_int_equal(status, 0);
	}
}

#else

static void
one_that_comes_while_it_is_asked_for(void **state)
{
	(void)state;
	skip();
}

#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_comes_while_it_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
