import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '../catalogue/index.ts';
import { useUrlState } from './use-url-state.ts';

/** Searches the list below; what is searched for stands in the address as `?q=`. */
export function SearchInput({ label = t.shell.searchThis, name = 'q' }: { label?: string; name?: string }) {
  const [wanted, setWanted] = useUrlState(name);
  const [typed, setTyped] = useState(wanted);
  const [seen, setSeen] = useState(wanted);
  const later = useDebouncedCallback(setWanted, 200);
  // The address changed by other means: back, or “clear”.
  if (wanted !== seen) {
    setSeen(wanted);
    if (wanted !== typed.trim()) setTyped(wanted);
  }
  const change = (text: string) => {
    setTyped(text);
    later(text.trim());
  };
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<IconSearch size={16} />}
      rightSection={
        typed === '' ? null : <CloseButton size="sm" aria-label={t.shell.clear} onClick={() => change('')} />
      }
      w={{ base: '100%', xs: '16rem' }}
    />
  );
}
