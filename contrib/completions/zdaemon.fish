# Completion of zdaemon for fish: asks zdaemon itself, which knows its
# commands, options, signals, keys and files.

function __zdaemon_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    if string match -q '~*' -- $last
        complete -C "'' $last"
    else
        # The last word may have an open quote.
        $program complete $words (string unescape -- $last; or string sub -s 2 -- $last) 2>/dev/null
    end
end

complete -c zdaemon -f -a '(__zdaemon_complete)'
