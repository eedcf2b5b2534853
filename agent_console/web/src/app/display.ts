/** Display preferences of a user on this machine: language, scheme, keys, devices. Nothing of the business is kept here. */
import { create } from 'zustand';
import type { UiLanguage } from '@/i18n';

export interface Display {
  readonly language: UiLanguage | null;
  readonly scheme: 'light' | 'dark';
  /** Chords the user changed: action → letter. */
  readonly chords: Readonly<Record<string, string>>;
  /** Answer, mute and hold also while typing. */
  readonly chordsWhileTyping: boolean;
  readonly devices: { readonly microphone: string; readonly speaker: string; readonly ringer: string };
}

const KEY = 'carillon.display';
let owner = '';

const initial = (): Display => ({
  language: null,
  scheme: typeof matchMedia === 'function' && matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  chords: {},
  chordsWhileTyping: false,
  devices: { microphone: '', speaker: '', ringer: '' },
});

function stored(login: string): Partial<Display> {
  try {
    const text = localStorage.getItem(`${KEY}.${login}`) ?? localStorage.getItem(KEY);
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

export const useDisplay = create<Display>(() => ({ ...initial(), ...stored('') }));

/** After log-in the preferences are the user's own; before, those of the last user here. */
export function displayOf(login: string): void {
  owner = login;
  useDisplay.setState({ ...initial(), ...stored(login) });
}

export function setDisplay(change: Partial<Display>): void {
  useDisplay.setState(change);
  const text = JSON.stringify(useDisplay.getState());
  try {
    localStorage.setItem(KEY, text);
    if (owner) localStorage.setItem(`${KEY}.${owner}`, text);
  } catch {
    // Storage may be full or forbidden: then the choice lasts for this page only.
  }
}
