# Completion of zdaemon for bash: asks zdaemon itself, which knows its
# commands, options, signals, keys and files.

_zdaemon()
{
	local i line head cur=${COMP_WORDS[COMP_CWORD]} words=()

	# a=b and a:b come as three words; each is one.
	for ((i = 1; i <= COMP_CWORD; i++)); do
		if [[ ${#words[@]} -gt 0 && (${COMP_WORDS[i]} == [=:] ||
		    ${words[-1]} == *[=:]) ]]; then
			words[-1]+=${COMP_WORDS[i]}
		else
			words+=("${COMP_WORDS[i]}")
		fi
	done
	# Only what stands behind the sign is replaced.
	head=${words[-1]}
	[[ $cur == [=:] ]] || head=${head%"$cur"}

	COMPREPLY=()
	if [[ $cur == \~* ]]; then
		compopt -o default
		return
	fi
	while IFS= read -r line; do
		line=${line%%$'\t'*}
		COMPREPLY+=("${line#"$head"}")
		# The editor quotes what it takes for the name of a file.
		[[ $line == *[![:alnum:]_./:=,@%+-]* ]] && compopt -o filenames
	done < <("${COMP_WORDS[0]}" complete -q "${words[@]}" 2>/dev/null)
	if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[/=] ]]; then
		compopt -o nospace
	fi
}

complete -F _zdaemon zdaemon
