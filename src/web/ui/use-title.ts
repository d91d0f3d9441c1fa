import { useEffect } from 'react';
import { t } from '../catalogue/index.ts';

/** The tab's title: what the page is about first. */
export function useTitle(...parts: (string | undefined)[]): void {
  const title = [...parts.filter((part) => part !== undefined && part !== ''), t.shell.product].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
