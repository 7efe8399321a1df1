# Completion of zdaemon for fish: asks zdaemon itself, which knows its
# commands, options, signals, keys and files.

function __zdaemon_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    $program complete $words (commandline -ct) 2>/dev/null
end

complete -c zdaemon -f -a '(__zdaemon_complete)'
