#!/bin/sh
# The program of demo.conf: works every two seconds, says so, and ends at once
# and with status 0 when it is asked to.
trap 'echo "demo: asked to end"; kill $!; exit 0' TERM
echo "demo: started with pid $$"
request=0
while :; do
	request=$((request + 1))
	date "+%Y-%m-%d %H:%M:%S demo: request $request served"
	sleep 2 &
	wait $!
done
