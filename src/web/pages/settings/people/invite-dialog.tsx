import { Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { createInvitation, listInvitations } from '#accounts/contract.ts';
import { useAction } from '../../../call.ts';
import { t } from '../../../catalogue/index.ts';
import { FormBody } from '../../../forms/dialog-form.tsx';
import type { Role } from '../../../session.ts';
import { ShownOnce } from '../shown-once.tsx';
import { useRoles } from './use-roles.ts';

/** As what somebody is invited; then the link, which is handed over by hand. */
export function InviteDialog({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t.settings.invite}
      // The link is shown only once.
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t.shell.close }}
    >
      {isOpen && <Body close={close} />}
    </Modal>
  );
}

function Body({ close }: { close: () => void }) {
  const [url, setUrl] = useState<string | null>(null);
  const roles = useRoles();
  const create = useAction(createInvitation, { changes: [listInvitations] });
  const initial: { note: string; role: Role } = { note: '', role: 'marketer' };
  if (url !== null)
    return <ShownOnce label={t.settings.link} value={url} hint={t.settings.inviteReady} close={close} />;
  return (
    <FormBody
      initial={initial}
      action={t.settings.inviteMake}
      submit={(body) => create.mutateAsync({ body })}
      onDone={(made) => setUrl(made.url)}
      renderFields={(form) => (
        <>
          {form.input('note', {
            label: t.settings.inviteNote,
            description: t.settings.inviteNoteHint,
            maxLength: 120,
            'data-autofocus': true,
          })}
          <Radio.Group
            label={t.settings.role}
            value={form.values.role}
            onChange={(value) => form.set('role', roles.find((one) => one === value) ?? 'viewer')}
            error={form.errors.role}
          >
            <Stack gap="xs" mt="xs">
              {roles.map((role) => (
                <Radio
                  key={role}
                  value={role}
                  label={t.settings.roles[role]}
                  description={t.settings.roleHints[role]}
                />
              ))}
            </Stack>
          </Radio.Group>
        </>
      )}
    />
  );
}
