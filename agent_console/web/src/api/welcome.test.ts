// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { welcome } from './welcome';

function pageWith(text: string): Document {
  document.body.innerHTML = `<script type="application/json" id="welcome">${text}</script>`;
  return document;
}

test('who is signed in is read from the page', () => {
  expect(welcome(pageWith('{"session": {"csrf": "c"}, "ticket": "t"}'))?.ticket).toBe('t');
});

test.each([['null'], ['"__WELCOME__"'], ['{"session": '], ['']])('%s is nobody', (text) => {
  expect(welcome(pageWith(text))).toBeNull();
});

test('a page without the place is nobody', () => {
  document.body.innerHTML = '';
  expect(welcome(document)).toBeNull();
});
