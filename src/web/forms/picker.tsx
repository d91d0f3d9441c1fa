import { CloseButton, Combobox, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { t } from '../catalogue/index.ts';
import { wordsOf } from '../ui/problem.tsx';
import type { Picking } from './picking.ts';

/** What every picker of one thing takes. */
export interface PickerProps {
  label: string;
  description?: string | undefined;
  error?: string | undefined;
  /** Id of what is chosen; null: nothing yet. */
  value: string | null;
  onChange: (id: string | null) => void;
  isRequired?: boolean;
  isDisabled?: boolean;
  /** Offers to take the choice back: for filters and what may be left out. */
  isClearable?: boolean;
  placeholder?: string;
}

interface ChoiceProps<Item> extends PickerProps {
  picking: Picking;
  /** What the list answers to the letters so far. */
  found: { data: { items: readonly Item[] } | undefined; error: unknown };
  /** What is chosen: not asked for while nothing is. */
  chosen: { data: Item | undefined; isError: boolean };
  nameOf: (item: Item) => string;
  /** Beside and below the name. */
  renderOption?: (item: Item) => ReactNode;
  renderSign?: (item: Item) => ReactNode;
  /** Makes one of this name, where the person may: the last entry of the list. */
  create?: { label: (name: string) => string; run: (name: string) => void } | undefined;
}

/** One of many, found by typing; what is missing can be made without leaving the form. */
export function Picker<Item extends { id: string }>(props: ChoiceProps<Item>) {
  const { label, description, error, value, onChange, isRequired, isDisabled, isClearable, placeholder } =
    props;
  const { combobox, text, setText } = props.picking;
  const chosen = value === null ? undefined : props.chosen.data;
  const isGone = value !== null && props.chosen.isError;
  const shown = chosen === undefined ? '' : props.nameOf(chosen);
  const choose = (choice: string) => {
    const name = text?.trim() ?? '';
    combobox.closeDropdown();
    if (choice === createChoice) props.create?.run(name);
    else onChange(choice);
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose} disabled={isDisabled === true}>
      <Combobox.Target withExpandedAttribute>
        <TextInput
          label={label}
          description={description}
          error={error ?? (isGone ? t.shell.pickerGone : undefined)}
          required={isRequired === true}
          disabled={isDisabled === true}
          placeholder={placeholder ?? t.shell.pickerHint}
          value={text ?? shown}
          autoComplete="off"
          onFocus={() => combobox.openDropdown()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          leftSection={chosen !== undefined && text === null ? props.renderSign?.(chosen) : undefined}
          rightSection={
            isClearable === true && value !== null ? (
              <CloseButton
                size="sm"
                aria-label={t.shell.pickerClear(label)}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => onChange(null)}
              />
            ) : (
              <Combobox.Chevron />
            )
          }
          rightSectionPointerEvents={isClearable === true && value !== null ? 'all' : 'none'}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah="18rem" style={{ overflowY: 'auto' }} aria-label={label}>
          <Options {...props} text={text?.trim() ?? ''} />
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

const createChoice = 'create';

function Options<Item extends { id: string }>({
  found,
  text,
  nameOf,
  renderOption,
  create,
}: ChoiceProps<Item> & { text: string }) {
  const { data, error } = found;
  const items = data?.items;
  if (items === undefined) {
    return <Combobox.Empty>{error == null ? t.shell.loading : wordsOf(error)}</Combobox.Empty>;
  }
  const isNew = text !== '' && !items.some((item) => nameOf(item).toLowerCase() === text.toLowerCase());
  return (
    <>
      {items.map((item) => (
        <Combobox.Option key={item.id} value={item.id}>
          {renderOption?.(item) ?? nameOf(item)}
        </Combobox.Option>
      ))}
      {items.length === 0 && (
        <Combobox.Empty>{text === '' ? t.shell.pickerEmpty : t.shell.noMatch(text)}</Combobox.Empty>
      )}
      {create !== undefined && (isNew || items.length === 0 || text === '') && (
        <Combobox.Option value={createChoice}>
          <span style={{ display: 'inline-flex', gap: '0.4rem', alignItems: 'center', fontWeight: 550 }}>
            <IconPlus size={15} aria-hidden />
            {create.label(text)}
          </span>
        </Combobox.Option>
      )}
    </>
  );
}
