import { Select } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { changeRole, listMembers } from '#accounts/contract.ts';
import { useAction } from '../../../call.ts';
import { t } from '../../../catalogue/index.ts';
import { useMay } from '../../../may.ts';
import type { Role } from '../../../session.ts';
import { useConfirm } from '../../../ui/confirm.tsx';
import { toast, toastProblem } from '../../../ui/toast.ts';
import type { Member } from '../people.tsx';
import styles from '../settings.module.css';
import { useRoles } from './use-roles.ts';

/** A member's role: to choose, or said with the reason why it stays. */
export function RoleSelect({ member, isLastOwner }: { member: Member; isLastOwner: boolean }) {
  const roles = useRoles();
  const mayChange = useMay('members');
  const confirm = useConfirm();
  const client = useQueryClient();
  const change = useAction(changeRole, { changes: [listMembers] });
  const isOwner = member.role === 'owner';
  if (!mayChange) return <>{t.settings.roles[member.role]}</>;
  if (isOwner && (isLastOwner || !roles.includes('owner'))) {
    const why = isLastOwner ? t.settings.lastOwner : t.settings.ownersOnly;
    return (
      <>
        {t.settings.roles.owner}
        <div className={styles.soft}>{why}</div>
      </>
    );
  }
  const run = async (role: Role) => {
    if (member.isYou) {
      const question = {
        title: t.settings.ownRoleTitle(t.settings.roles[role]),
        text: t.settings.ownRoleText,
      };
      if (!(await confirm({ ...question, action: t.settings.ownRoleAction }))) return;
    }
    await change.mutateAsync({ params: { id: member.id }, body: { role } });
    toast(t.settings.roleChanged(member.name, t.settings.roles[role]));
    if (member.isYou) await client.invalidateQueries({ queryKey: ['session'] });
  };
  return (
    <Select
      aria-label={t.settings.roleOf(member.name)}
      data={roles.map((value) => ({ value, label: t.settings.roles[value] }))}
      value={member.role}
      allowDeselect={false}
      disabled={change.isPending}
      onChange={(value) => {
        const role = roles.find((one) => one === value);
        if (role !== undefined && role !== member.role) run(role).catch(toastProblem);
      }}
    />
  );
}
