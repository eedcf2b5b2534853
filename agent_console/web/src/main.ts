/** The composition root: texts, session and line first, then the picture. A page that was left in a conversation has a caller who
 *  hears music: there the picture, whose first drawing takes the processor for a tenth of a second, waits for the line. */
import { makeQueryClient } from './api/queries';
import { useDisplay } from './app/display';
import { startEarly } from './app/work';
import { startI18n, toUiLanguage } from './i18n';
import { inCallAgain, wasInCall } from './phone/in_call';
import { openEarly } from './phone/sip_socket';

/** Nobody looks at an empty page for longer. */
const LINE_FIRST_MS = 1_000;

const queries = makeQueryClient();
const texts = startI18n(useDisplay.getState().language ?? toUiLanguage(navigator.language));
void startEarly(queries);
if (wasInCall()) {
  openEarly();
  void import('./phone/jssip_phone');
  await inCallAgain(LINE_FIRST_MS);
}
const [{ draw }] = await Promise.all([import('./app/draw'), texts]);
draw(queries);
