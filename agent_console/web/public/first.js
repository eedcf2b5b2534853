// Before the page's own modules are read. A page's first use of the browser's locks takes Chromium up to 90 ms, and whoever comes
// back to his call waits for his lock (src/phone/host.ts); asked now, it has answered by then.
navigator.locks?.query().catch(() => undefined);
