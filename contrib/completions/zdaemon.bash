# Completion of zdaemon for bash: asks zdaemon itself, which knows its
# commands, options, signals, keys and files.

_zdaemon()
{
	local i line last words=()

	# --option=value comes as three words; it is one.
	for ((i = 1; i <= COMP_CWORD; i++)); do
		if [[ ${#words[@]} -gt 0 && (${COMP_WORDS[i]} == = ||
		    ${words[-1]} == --*=) ]]; then
			words[-1]+=${COMP_WORDS[i]}
		else
			words+=("${COMP_WORDS[i]}")
		fi
	done
	last=${words[-1]}
	COMPREPLY=()
	while IFS= read -r line; do
		line=${line%%$'\t'*}
		[[ $last == --*=* ]] && line=${line#*=}
		COMPREPLY+=("$(printf '%q' "$line")")
	done < <("${COMP_WORDS[0]}" complete "${words[@]}" 2>/dev/null)
	if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]]; then
		compopt -o nospace 2>/dev/null
	fi
}

complete -F _zdaemon zdaemon
