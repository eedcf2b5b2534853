/** What is typed into a form beside the call, until it is saved or given up. The names carry who typed: the next person at this tab
 *  begins with empty forms. */
import { create } from 'zustand';
import { useSession } from '@/api/queries';
import { drop, later, read, whenEmptied, write } from './kept';

type Typed = Readonly<Record<string, unknown>>;

const useForms = create<{ readonly typed: Readonly<Record<string, Typed>> }>(() => ({ typed: {} }));
whenEmptied(() => useForms.setState({ typed: {} }));

const typedIn = (name: string): Typed | null => useForms.getState().typed[name] ?? read(name);

function put(name: string, part: object): void {
  useForms.setState(({ typed }) => ({ typed: { ...typed, [name]: { ...typedIn(name), ...part } } }));
  later(name, () => void write(name, typedIn(name) ?? {}));
}

function giveUp(name: string): void {
  drop(name);
  useForms.setState(({ typed }) => {
    const { [name]: _done, ...rest } = typed;
    return { typed: rest };
  });
}

const useName = (form: string): string => `${useSession().data?.user.login ?? ''}:${form}`;

export interface FormDraft<T> {
  readonly values: T;
  readonly set: (part: Partial<T>) => void;
  readonly drop: () => void;
}

/** The form's values: `initial` where nothing was typed, so that an untouched field follows what the server says now. */
export function useFormDraft<T extends object>(form: string, initial: T): FormDraft<T> {
  const name = useName(form);
  const typed = useForms((s) => s.typed[name]) ?? read(name);
  return { values: { ...initial, ...typed }, set: (part) => put(name, part), drop: () => giveUp(name) };
}

/** Was this form left with something typed? Then it is open again when its page comes back. */
export const useWasTyped = (form: string): boolean => typedIn(useName(form)) !== null;
