/** Vitest's ground: every component test leaves the page and its storage as it found them. */
import { afterEach } from 'vitest';

if (typeof document !== 'undefined') {
  // happy-dom has no fonts; a text area that grows with its text listens for them.
  if (!('fonts' in document)) Object.defineProperty(document, 'fonts', { value: new EventTarget() });
  const { cleanup, configure } = await import('@testing-library/react');
  configure({ asyncUtilTimeout: 8_000 }); // a second is little on a busy machine, and only a failure waits so long
  afterEach(() => {
    cleanup();
    localStorage.clear();
    sessionStorage.clear();
  });
}
