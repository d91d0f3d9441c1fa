import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { listInvitations, revokeInvitation } from '#accounts/contract.ts';
import { useAction, useRead, type ResponseOf } from '../../../call.ts';
import { t } from '../../../catalogue/index.ts';
import { useConfirm } from '../../../ui/confirm.tsx';
import { List } from '../../../ui/list.tsx';
import { NextButton } from '../../../ui/next-button.tsx';
import { Section } from '../../../ui/section.tsx';
import { RelativeTime } from '../../../ui/times.tsx';
import { toast } from '../../../ui/toast.ts';
import styles from '../settings.module.css';
import { InviteDialog } from './invite-dialog.tsx';

type Invitation = ResponseOf<typeof listInvitations>['items'][number];

const nameOf = ({ note, role }: Invitation) => (note === '' ? t.settings.roles[role] : note);

/** Links that let somebody in and that nobody has used yet. */
export function Invitations() {
  const read = useRead(listInvitations);
  const [isOpen, dialog] = useDisclosure(false);
  const confirm = useConfirm();
  const revoke = useAction(revokeInvitation, { changes: [listInvitations] });
  const withdraw = async (invitation: Invitation) => {
    const isDone = await confirm({
      title: t.settings.withdrawTitle(nameOf(invitation)),
      text: t.settings.withdrawText,
      action: t.settings.withdraw,
      isDestructive: true,
      run: () => revoke.mutateAsync({ params: { id: invitation.id } }),
    });
    if (isDone) toast(t.settings.withdrawn);
  };
  return (
    <Section
      title={t.settings.invitations}
      action={<NextButton onClick={dialog.open}>{t.settings.invite}</NextButton>}
    >
      <List
        label={t.settings.invitations}
        pages={{ ...read, items: read.data?.items }}
        keyOf={({ id }) => id}
        expected={1}
        empty={<p className={styles.hint}>{t.settings.noInvitations}</p>}
        columns={[
          { label: t.settings.inviteNote, render: nameOf },
          { label: t.settings.role, render: ({ role }) => t.settings.roles[role] },
          { label: t.settings.invitedBy, isSecondary: true, render: ({ invitedBy }) => invitedBy },
          {
            label: t.settings.expires,
            isSecondary: true,
            render: ({ expiresAt }) => <RelativeTime at={expiresAt} />,
          },
          {
            label: '',
            name: t.settings.actions,
            align: 'right',
            render: (invitation) => (
              <Button
                size="compact-sm"
                aria-label={t.settings.withdrawNamed(nameOf(invitation))}
                onClick={() => void withdraw(invitation)}
              >
                {t.settings.withdraw}
              </Button>
            ),
          },
        ]}
      />
      <InviteDialog isOpen={isOpen} close={dialog.close} />
    </Section>
  );
}
