import { useCombobox, type ComboboxStore } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';

/** What somebody looks for in a picker. */
export interface Picking {
  combobox: ComboboxStore;
  /** As typed; null: nothing was typed since the list opened. */
  text: string | null;
  setText: (text: string | null) => void;
  isOpen: boolean;
  /** For the list's endpoint: the letters after a short rest. */
  query: { limit: number; q?: string };
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
  return { combobox, text, setText, isOpen: combobox.dropdownOpened, query };
}
