import { useCombobox, type ComboboxStore } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';

/** What somebody looks for in a picker. */
export interface Picking {
  combobox: ComboboxStore;
  /** As typed; null: nothing was typed since the list opened. */
  text: string | null;
  setText: (text: string | null) => void;
  /** For the list's endpoint: the letters after a short rest. */
  query: { limit: number; q?: string };
  /**
   * How the list is read. What was found stays until the next letters are answered: an entry that went away
   * between press and release would swallow the click.
   */
  reading: { enabled: boolean; placeholderData: typeof keepPreviousData };
}

export function usePicking(): Picking {
  const [text, setText] = useState<string | null>(null);
  const [wanted] = useDebouncedValue(text?.trim() ?? '', 150);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setText(null);
    },
  });
  const query = wanted === '' ? { limit: 20 } : { limit: 20, q: wanted };
  const reading = { enabled: combobox.dropdownOpened, placeholderData: keepPreviousData };
  return { combobox, text, setText, query, reading };
}
