import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/**
 * A word of the address's query (`?state=active`), so that what a person sees can be sent to another.
 * Setting it to '' takes it away; no step in the history for each letter.
 */
export function useUrlState(name: string): [string, (value: string) => void] {
  const [search, setSearch] = useSearchParams();
  const set = useCallback(
    (value: string) =>
      setSearch(
        (now) => {
          const next = new URLSearchParams(now);
          if (value === '') next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true, preventScrollReset: true },
      ),
    [name, setSearch],
  );
  return [search.get(name) ?? '', set];
}
