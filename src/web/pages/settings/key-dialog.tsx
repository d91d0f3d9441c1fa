import { Checkbox, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { createKey, listKeys } from '#accounts/contract.ts';
import { scopes, type Scope } from '#lib/endpoint.ts';
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { FormBody } from '../../forms/dialog-form.tsx';
import { ShownOnce } from './shown-once.tsx';

/** What a new key may do; then the key itself, once. */
export function KeyDialog({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t.settings.newKey}
      // The key is shown only once.
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t.shell.close }}
    >
      {isOpen && <Body close={close} />}
    </Modal>
  );
}

function Body({ close }: { close: () => void }) {
  const [key, setKey] = useState<string | null>(null);
  const create = useAction(createKey, { changes: [listKeys] });
  const initial: { name: string; scopes: Scope[] } = { name: '', scopes: ['read'] };
  if (key !== null)
    return <ShownOnce label={t.settings.key} value={key} hint={t.settings.keyReady} close={close} />;
  return (
    <FormBody
      initial={initial}
      action={t.settings.makeKey}
      submit={(body) => create.mutateAsync({ body })}
      onDone={(made) => setKey(made.key)}
      renderFields={(form) => (
        <>
          {form.input('name', {
            label: t.settings.keyName,
            description: t.settings.keyNameHint,
            required: true,
            maxLength: 120,
            'data-autofocus': true,
          })}
          <Checkbox.Group
            label={t.settings.keyScopes}
            value={form.values.scopes}
            onChange={(value) => form.set('scopes', value)}
            error={form.errors.scopes}
          >
            <Stack gap="xs" mt="xs">
              {scopes.map((scope) => (
                <Checkbox key={scope} value={scope} label={t.settings.scopes[scope]} description={scope} />
              ))}
            </Stack>
          </Checkbox.Group>
        </>
      )}
    />
  );
}
