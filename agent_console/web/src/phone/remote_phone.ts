/** The phone of a tab that does not hold the line: it shows what the leading tab's phone does and passes presses on to it. */
import type { PhoneState } from './store';
import type { Pop } from '@/live/messages';
import type { Tone } from './phone';

export type Wish =
  | { readonly wish: 'answer' }
  | { readonly wish: 'hang_up' }
  | { readonly wish: 'mute'; readonly on: boolean }
  | { readonly wish: 'dtmf'; readonly tone: Tone }
  | { readonly wish: 'state' };

export type Told = { readonly told: 'phone'; readonly state: PhoneState } | { readonly told: 'pop'; readonly pop: Pop | null };

export type TabMessage = Wish | Told;

export const isWish = (message: TabMessage): message is Wish => 'wish' in message;

export const channelName = (login: string): string => `carillon-phone-${login}`;
export const lockName = (login: string): string => `carillon-phone-${login}`;
