import { ActionIcon, CopyButton, TextInput, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { t } from '../catalogue/index.ts';

/** Something to be pasted elsewhere: an address, an id, a key. */
export function CopyField({ label, value, hint }: { label: string; value: string; hint?: string }) {
  return (
    <TextInput
      label={label}
      description={hint}
      value={value}
      readOnly
      onFocus={(event) => event.currentTarget.select()}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
      rightSection={
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? t.shell.copied : t.shell.copy}>
              <ActionIcon onClick={copy} aria-label={copied ? t.shell.copied : `${t.shell.copy}: ${label}`}>
                {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      }
    />
  );
}
