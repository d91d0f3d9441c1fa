import { Button, NumberInput } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useState } from 'react';
import {
  checkEmailSender,
  listEmailSenders,
  resumeEmailSender,
  updateEmailSender,
} from '#messages/email/contract.ts';
import { useAction, useRead, type ItemOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Fact, Facts, Section } from '../../ui/section.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { toast, toastProblem } from '../../ui/toast.ts';
import styles from './connections.module.css';

type Sender = ItemOf<typeof listEmailSenders>;

const words = t.connections.email;
const changes = [listEmailSenders];

/** How an address that mails come from stands with the world: DNS, complaints and bounces, warm-up (R113). */
export function EmailSender({ connectionId }: { connectionId: string }) {
  const { data, error, refetch } = useRead(listEmailSenders, {}, { refetchInterval: 30_000 });
  const may = useMay('connect');
  const sender = data?.items.find((one) => one.connectionId === connectionId);
  if (sender === undefined) {
    return error == null ? null : <Problem error={error} again={() => void refetch()} />;
  }
  return (
    <>
      {sender.pausedAt !== null && <Paused sender={sender} may={may} />}
      <Domain sender={sender} may={may} />
      <Rates sender={sender} />
      {sender.isLive && <WarmUp sender={sender} may={may} key={sender.warmUpPerDay} />}
    </>
  );
}

interface PartProps {
  sender: Sender;
  may: boolean;
}

function Paused({ sender: { connectionId: id, pausedFor }, may }: PartProps) {
  const resume = useAction(resumeEmailSender, { changes });
  const confirm = useConfirm();
  const ask = async () => {
    const isDone = await confirm({
      title: words.resumeTitle,
      text: words.resumeText,
      action: words.resume,
      run: () => resume.mutateAsync({ params: { id } }),
    });
    if (isDone) toast(words.resumed);
  };
  return (
    <Section title={words.pausedTitle}>
      <p className={styles.quiet}>{words.paused[pausedFor ?? ''] ?? words.paused['complaints']}</p>
      {may && <Button onClick={() => void ask()}>{words.resume}</Button>}
    </Section>
  );
}

function Domain({ sender, may }: PartProps) {
  const check = useAction(checkEmailSender, { changes });
  const { connectionId: id, isLive, isVerified, checks, checkedAt } = sender;
  const look = () => check.mutateAsync({ params: { id } }).catch(toastProblem);
  if (!isLive) {
    return (
      <Section title={words.title}>
        <p className={styles.quiet}>{words.testDomain}</p>
      </Section>
    );
  }
  const button = (
    <Button size="compact-sm" loading={check.isPending} onClick={() => void look()}>
      {words.check}
    </Button>
  );
  return (
    <Section title={words.title} {...(may && { action: button })}>
      {checks === null ? (
        <p className={styles.quiet}>{words.neverChecked}</p>
      ) : (
        <>
          <p className={styles.quiet}>
            {isVerified ? words.verified : words.unverified}{' '}
            {checkedAt !== null && <RelativeTime at={checkedAt} />}
          </p>
          <ul className={styles.checks}>
            {checks.map(({ check: kind, isOk, detail }) => (
              <li key={kind} className={styles.check} data-ok={isOk}>
                {isOk ? <IconCircleCheck size={18} aria-hidden /> : <IconCircleX size={18} aria-hidden />}
                <div>
                  <b>
                    {words.checks[kind]}: {isOk ? words.found : words.missing}
                  </b>
                  {detail}
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function Rates({ sender: { rates, warnings } }: { sender: Sender }) {
  return (
    <Section title={words.rates}>
      <Facts>
        <Fact name={words.last}>{words.mails(rates.mails)}</Fact>
        <Fact name={words.complaints}>
          {words.rate(rates.complaints, rates.complaintRate)}
          {warnings.includes('complaints') && <p className={styles.warning}>{words.nearComplaints}</p>}
        </Fact>
        <Fact name={words.bounces}>
          {words.rate(rates.bounces, rates.bounceRate)}
          {warnings.includes('bounces') && <p className={styles.warning}>{words.nearBounces}</p>}
        </Fact>
      </Facts>
    </Section>
  );
}

function WarmUp({ sender: { connectionId: id, warmUpPerDay, dailyLimit }, may }: PartProps) {
  const update = useAction(updateEmailSender, { changes });
  const [wanted, setWanted] = useState<number | null>(warmUpPerDay);
  const save = () =>
    update
      .mutateAsync({ params: { id }, body: { warmUpPerDay: wanted } })
      .then(() => toast(words.saved), toastProblem);
  return (
    <Section title={words.warmUp}>
      <p className={styles.quiet}>{dailyLimit === null ? words.noLimit : words.limit(dailyLimit)}</p>
      {may && (
        <div className={styles.warmUp}>
          <NumberInput
            label={words.warmUpLabel}
            description={words.warmUpHint}
            min={1}
            max={1_000_000}
            allowDecimal={false}
            value={wanted ?? ''}
            onChange={(value) => setWanted(value === '' ? null : Number(value))}
          />
          <Button disabled={wanted === warmUpPerDay} loading={update.isPending} onClick={() => void save()}>
            {words.save}
          </Button>
        </div>
      )}
    </Section>
  );
}
