import { listMembers } from '#accounts/contract.ts';
import { useRead, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { useHere } from '../../session.ts';
import { List } from '../../ui/list.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { Invitations } from './people/invitations.tsx';
import { MemberActions } from './people/member-actions.tsx';
import { RoleSelect } from './people/role-select.tsx';
import styles from './settings.module.css';

export type Member = ResponseOf<typeof listMembers>['items'][number];

/** Who works in the account, as what; and who is invited. */
export function Component() {
  const { account, role } = useHere();
  const mayChange = useMay('members');
  const members = useRead(listMembers);
  const items = members.data?.items;
  const owners = (items ?? []).filter((one) => one.role === 'owner').length;
  return (
    <>
      <p className={styles.hint}>
        {t.settings.peopleHint(account.name)}{' '}
        {!mayChange && t.settings.peopleReadOnly(t.settings.roles[role])}
      </p>
      <List
        label={t.settings.people}
        pages={{ ...members, items }}
        keyOf={({ id }) => id}
        expected={2}
        empty={null}
        columns={[
          { label: t.settings.person, render: (member) => <Who member={member} /> },
          {
            label: t.settings.role,
            width: 'min(11rem, 36vw)',
            render: (member) => <RoleSelect member={member} isLastOwner={owners === 1} />,
          },
          {
            label: t.settings.since,
            isSecondary: true,
            render: ({ joinedAt }) => <RelativeTime at={joinedAt} />,
          },
          ...(mayChange
            ? [
                {
                  label: '',
                  name: t.settings.actions,
                  align: 'right' as const,
                  width: '3rem',
                  render: (member: Member) => <MemberActions member={member} isLastOwner={owners === 1} />,
                },
              ]
            : []),
        ]}
      />
      <dl className={styles.roles} aria-label={t.settings.rolesTitle}>
        {(['viewer', 'marketer', 'manager', 'owner'] as const).map((one) => (
          <div key={one}>
            <dt>{t.settings.roles[one]}</dt>
            <dd>{t.settings.roleHints[one]}</dd>
          </div>
        ))}
      </dl>
      {mayChange && <Invitations />}
    </>
  );
}

function Who({ member }: { member: Member }) {
  return (
    <>
      {member.name} {member.isYou && <span className={styles.soft}>{t.settings.isYou}</span>}
      <div className={styles.soft}>{member.email ?? t.settings.noEmail}</div>
    </>
  );
}
