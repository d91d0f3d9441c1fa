import { ActionIcon, Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import { mailboxAnswer, mailComplained } from '#sandbox/contract.ts';
import { t } from '../catalogue/index.ts';
import { useMay } from '../may.ts';
import { useHere } from '../session.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Problem } from '../ui/problem.tsx';
import { RelativeTime } from '../ui/times.tsx';
import { toast, toastProblem } from '../ui/toast.ts';
import styles from './dock.module.css';
import { useSandbox, useTellSandbox } from './sandbox-call.ts';

type Mail = z.output<typeof mailboxAnswer>['items'][number];

/** One mailbox for all fans of the project: a mail is read as its reader sees it. */
export function Mailbox() {
  const [openId, setOpenId] = useState<string | null>(null);
  const mails = useSandbox(mailboxAnswer, '/mailbox?limit=50', { refetchInterval: 2_000 });
  const items = mails.data?.items;
  const open = items?.find(({ id }) => id === openId);
  if (open !== undefined) return <OpenMail mail={open} close={() => setOpenId(null)} />;
  if (items === undefined)
    return mails.isError ? <Problem error={mails.error} again={() => void mails.refetch()} /> : null;
  if (items.length === 0) return <EmptyState title={t.sandbox.mailNone} text={t.sandbox.mailNoneText} />;
  return (
    <ul className={styles.mails} aria-label={t.sandbox.mails}>
      {items.map(({ id, subject, from, to, at }) => (
        <li key={id}>
          <button type="button" onClick={() => setOpenId(id)}>
            <b>{subject}</b>
            <span>{t.sandbox.mailFrom(from, to)}</span>
            <RelativeTime at={at} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function OpenMail({ mail, close }: { mail: Mail; close: () => void }) {
  const { project } = useHere();
  const may = useMay('edit');
  const complain = useTellSandbox(mailComplained, `/mailbox/${encodeURIComponent(mail.id)}/complaint`);
  return (
    <article className={styles.phone} aria-label={mail.subject}>
      <div className={styles.browser}>
        <ActionIcon onClick={close} aria-label={t.sandbox.mailBack}>
          <IconArrowLeft size={18} />
        </ActionIcon>
        <span>{mail.subject}</span>
        {may && (
          <Button
            size="compact-xs"
            loading={complain.isPending}
            onClick={() =>
              complain.mutate({}, { onSuccess: () => toast(t.sandbox.spamDone), onError: toastProblem })
            }
          >
            {t.sandbox.spam}
          </Button>
        )}
      </div>
      <p className={styles.quiet}>{t.sandbox.mailFrom(mail.from, mail.to)}</p>
      <iframe
        className={styles.page}
        src={`/sandbox/mailbox/${project.id}/${encodeURIComponent(mail.id)}`}
        title={t.sandbox.mailFrame(mail.subject)}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
      />
    </article>
  );
}
