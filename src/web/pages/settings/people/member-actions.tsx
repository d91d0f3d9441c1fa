import { ActionIcon, Menu, Modal } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { listMembers, removeMember } from '#accounts/contract.ts';
import { createMemberLink } from '#people/contract.ts';
import { useAction } from '../../../call.ts';
import { t } from '../../../catalogue/index.ts';
import { useMay } from '../../../may.ts';
import { outside } from '../../../paths.ts';
import { useConfirm } from '../../../ui/confirm.tsx';
import { toast, toastProblem } from '../../../ui/toast.ts';
import type { Member } from '../people.tsx';
import { ShownOnce } from '../shown-once.tsx';

/** A link for a forgotten password, and the way out of the account; nothing where both are refused. */
export function MemberActions({ member, isLastOwner }: { member: Member; isLastOwner: boolean }) {
  const isOwner = useMay('owners');
  const confirm = useConfirm();
  const [link, setLink] = useState<string | null>(null);
  const makeLink = useAction(createMemberLink);
  const remove = useAction(removeMember, { changes: [listMembers] });
  const mayDecide = member.role !== 'owner' || isOwner;
  const mayGo = mayDecide && !(member.role === 'owner' && isLastOwner);
  if (!mayDecide || (member.isYou && !mayGo)) return null;
  const { id, name, isYou } = member;
  const params = { id };
  const take = async () => {
    const done = await confirm({
      title: isYou ? t.settings.leaveTitle : t.settings.removeTitle(name),
      text: isYou ? t.settings.leaveText : t.settings.removeText,
      action: isYou ? t.settings.leave : t.settings.remove,
      isDestructive: true,
      run: () => remove.mutateAsync({ params }),
    });
    if (!done) return;
    if (isYou) window.location.assign(outside.start());
    else toast(t.settings.removed(name));
  };
  return (
    <>
      <Menu position="bottom-end" width={240} withinPortal={false}>
        <Menu.Target>
          <ActionIcon aria-label={t.settings.actionsOf(name)}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {!isYou && (
            <Menu.Item
              onClick={() =>
                makeLink.mutate({ params }, { onSuccess: ({ url }) => setLink(url), onError: toastProblem })
              }
            >
              {t.settings.makeLink}
            </Menu.Item>
          )}
          {mayGo && (
            <Menu.Item c="var(--failed)" onClick={() => void take()}>
              {isYou ? t.settings.leave : t.settings.remove}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <LinkDialog name={name} url={link} close={() => setLink(null)} />
    </>
  );
}

/** Shown once: who opens it first is signed in as this person. */
function LinkDialog({ name, url, close }: { name: string; url: string | null; close: () => void }) {
  return (
    <Modal
      opened={url !== null}
      onClose={close}
      closeOnClickOutside={false}
      title={t.settings.linkTitle(name)}
      closeButtonProps={{ 'aria-label': t.shell.close }}
    >
      <ShownOnce label={t.settings.link} value={url ?? ''} hint={t.settings.linkHint} close={close} />
    </Modal>
  );
}
