"""Can this instance take a call now? Each check looks at the real thing; `words` says what is wrong and how to mend it."""
