"""The command line: parse a request, call one act, render its result."""
