import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { countInbox, listInbox, markInboxMessage } from '#messages/contract.ts';
import { useAction, type ItemOf } from '../../call.ts';
import { phoneNumber } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { RelativeTime } from '../../ui/times.tsx';
import { toastProblem } from '../../ui/toast.ts';
import { toastWithUndo } from '../../ui/undo-toast.tsx';
import { CountryOff } from './country-off.tsx';
import { Doubt } from './doubt.tsx';
import styles from './inbox.module.css';

export type Text = ItemOf<typeof listInbox>;

/** One text: whose, why it is here, its words, and what can be done with it. */
export function InboxText({ text }: { text: Text }) {
  const { fanId, fanName, channel, from, to, body, reason, receivedAt, readAt, isHeld, decision } = text;
  const isText = channel === 'sms';
  const name = fanName ?? (isText && from !== '' ? phoneNumber(from) : t.inbox.someoneOn(channel));
  return (
    <li className={styles.text} data-is-unread={readAt === null}>
      <p className={styles.who}>
        {fanId === null ? <b>{name}</b> : <Link to={paths.fan(fanId)}>{name}</Link>}
        {readAt === null && <span className={styles.unread}>{t.inbox.unread}</span>}
        <small>
          {t.inbox.to(isText ? phoneNumber(to) : `@${to}`)} · <RelativeTime at={receivedAt} />
        </small>
      </p>
      <blockquote className={styles.body}>{body}</blockquote>
      <p className={styles.why} data-is-doubt={isHeld}>
        {t.inbox.reasons[reason] ?? reason}
        {decision !== null && ` · ${t.inbox.decided[decision]} ${t.inbox.decidedBy(text.decidedBy ?? '')}`}
      </p>
      {text.reason === 'country_off' && text.doneAt === null && text.country !== null && (
        <CountryOff id={text.id} country={text.country} />
      )}
      {isHeld ? <Doubt text={text} /> : <Marks text={text} />}
    </li>
  );
}

function Marks({ text: { id, doneAt, readAt } }: { text: Text }) {
  const mark = useAction(markInboxMessage, { changes: [listInbox, countInbox] });
  const may = useMay('edit');
  if (!may || doneAt !== null) return null;
  const set = (body: { isRead?: boolean; isDone?: boolean }) => mark.mutateAsync({ params: { id }, body });
  const finish = async () => {
    try {
      await set({ isRead: true, isDone: true });
      toastWithUndo(t.inbox.markedDone, t.inbox.undo, () => set({ isDone: false }));
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <div className={styles.buttons}>
      <Button size="compact-sm" loading={mark.isPending} onClick={() => void finish()}>
        {t.inbox.done}
      </Button>
      {readAt === null && (
        <Button
          size="compact-sm"
          variant="subtle"
          disabled={mark.isPending}
          onClick={() => void set({ isRead: true }).catch(toastProblem)}
        >
          {t.inbox.markRead}
        </Button>
      )}
    </div>
  );
}
