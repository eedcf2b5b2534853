/** Filters live in the address: a list can be linked to, and "back" finds it as it was. */
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

export type SetFilter<K extends string> = (name: K, value: string) => void;

export function useFilters<K extends string>(names: readonly K[]): readonly [Readonly<Record<K, string>>, SetFilter<K>, () => void] {
  const [search, setSearch] = useSearchParams();
  const values = Object.fromEntries(names.map((name) => [name, search.get(name) ?? ''])) as Record<K, string>;
  const set = useCallback<SetFilter<K>>(
    (name, value) =>
      setSearch(
        (old) => {
          const next = new URLSearchParams(old);
          if (value === '') next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const clear = useCallback(() => setSearch(new URLSearchParams(), { replace: true }), [setSearch]);
  return [values, set, clear];
}
