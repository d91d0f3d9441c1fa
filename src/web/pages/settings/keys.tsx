import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { listKeys, revokeKey } from '#accounts/contract.ts';
import { useAction, useReadPages, type ItemOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { toast } from '../../ui/toast.ts';
import { Allowed } from './allowed.tsx';
import { KeyDialog } from './key-dialog.tsx';
import styles from './settings.module.css';

type Key = ItemOf<typeof listKeys>;

/** Keys with which programs talk to this project. */
export function Component() {
  return (
    <Allowed to="keys">
      <Keys />
    </Allowed>
  );
}

function Keys() {
  const pages = useReadPages(listKeys);
  const [isOpen, dialog] = useDisclosure(false);
  const makeOne = <NextButton onClick={dialog.open}>{t.settings.newKey}</NextButton>;
  const isEmpty = pages.items?.length === 0;
  return (
    <>
      <div className={styles.head}>
        <p className={styles.hint}>
          {t.settings.keysHint} <a href="/api/docs">{t.settings.apiDocs}</a>
        </p>
        {!isEmpty && makeOne}
      </div>
      <List
        label={t.settings.keys}
        pages={pages}
        keyOf={({ id }) => id}
        expected={3}
        empty={
          <EmptyState title={t.settings.noKeys} text={t.settings.noKeysHint}>
            {makeOne}
          </EmptyState>
        }
        columns={columns}
      />
      <KeyDialog isOpen={isOpen} close={dialog.close} />
    </>
  );
}

const columns: readonly Column<Key>[] = [
  { label: t.settings.keyName, width: '28%', render: ({ name }) => name },
  {
    label: t.settings.keyScopes,
    render: ({ scopes }) => (
      <ul className={styles.scopes}>
        {scopes.map((scope) => (
          <li key={scope}>{t.settings.scopes[scope]}</li>
        ))}
      </ul>
    ),
  },
  {
    label: t.settings.created,
    isSecondary: true,
    render: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
  { label: '', name: t.settings.state, align: 'right', render: (key) => <State apiKey={key} /> },
];

/** The way to end it, or since when it is. */
function State({ apiKey: { id, name, revokedAt } }: { apiKey: Key }) {
  const confirm = useConfirm();
  const revoke = useAction(revokeKey, { changes: [listKeys] });
  if (revokedAt !== null)
    return (
      <span className={styles.soft}>
        {t.settings.revoked} <RelativeTime at={revokedAt} />
      </span>
    );
  const end = async () => {
    const isDone = await confirm({
      title: t.settings.revokeTitle(name),
      text: t.settings.revokeText,
      action: t.settings.revoke,
      isDestructive: true,
      run: () => revoke.mutateAsync({ params: { id } }),
    });
    if (isDone) toast(t.settings.revokedNow(name));
  };
  return (
    <Button size="compact-sm" aria-label={t.settings.revokeNamed(name)} onClick={() => void end()}>
      {t.settings.revoke}
    </Button>
  );
}
