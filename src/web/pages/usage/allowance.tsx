import { Button, Progress } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { getUsage } from '#credits/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { words } from '../../catalogue/usage.ts';
import { useMay } from '../../may.ts';
import { LimitDialog } from './limit-dialog.tsx';
import styles from './usage.module.css';

type Account = ResponseOf<typeof getUsage>['sms'];

/** Credits of one kind: how many are used, how near the end of the allowance is, and what happens there. */
export function Allowance({
  kind,
  name,
  account,
}: {
  kind: 'sms' | 'email';
  name: string;
  account: Account;
}) {
  const [isOpen, dialog] = useDisclosure(false);
  const mayChange = useMay('settings');
  const { limit } = account;
  return (
    <section className={styles.account} aria-label={name}>
      <h2>{name}</h2>
      <Used account={account} />
      {mayChange && (
        <Button size="compact-sm" onClick={dialog.open}>
          {limit.allowance === null ? words.limitSet : words.limitChange}
        </Button>
      )}
      <LimitDialog kind={kind} name={name} limit={limit} isOpen={isOpen} close={dialog.close} />
    </section>
  );
}

function Used({ account: { used, reserved, allowance, limit } }: { account: Account }) {
  if (limit.allowance === null || allowance === null) {
    return (
      <>
        <p>{limit.allowance === null ? words.credits(used) : words.used(used, limit.allowance)}</p>
        <p className={styles.soft}>
          {limit.allowance === null ? words.unlimited : words.limitEnds.go_on(limit.overage)}
        </p>
      </>
    );
  }
  const left = Math.max(0, allowance - used - reserved);
  const share = allowance === 0 ? 100 : Math.min(100, ((used + reserved) / allowance) * 100);
  const warning = left === 0 ? words.over : share >= 80 ? words.near : null;
  return (
    <>
      <p>{words.used(used, allowance)}</p>
      <Progress value={share} color={left === 0 ? 'red' : 'ink'} aria-label={words.used(used, allowance)} />
      <p className={styles.soft}>
        {words.left(left)} {words.limitEnds[limit.atLimit](limit.overage)}
      </p>
      {warning !== null && <output className={styles.warning}>{warning}</output>}
    </>
  );
}
