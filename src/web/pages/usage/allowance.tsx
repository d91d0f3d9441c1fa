import { Button, Progress } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { getUsage } from '#credits/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
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
          {limit.allowance === null ? t.usage.limitSet : t.usage.limitChange}
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
        <p>{limit.allowance === null ? t.usage.credits(used) : t.usage.used(used, limit.allowance)}</p>
        <p className={styles.soft}>
          {limit.allowance === null ? t.usage.unlimited : t.usage.limitEnds.go_on(limit.overage)}
        </p>
      </>
    );
  }
  const left = Math.max(0, allowance - used - reserved);
  const share = allowance === 0 ? 100 : Math.min(100, ((used + reserved) / allowance) * 100);
  const warning = left === 0 ? t.usage.over : share >= 80 ? t.usage.near : null;
  return (
    <>
      <p>{t.usage.used(used, allowance)}</p>
      <Progress value={share} color={left === 0 ? 'red' : 'ink'} aria-label={t.usage.used(used, allowance)} />
      <p className={styles.soft}>
        {t.usage.left(left)} {t.usage.limitEnds[limit.atLimit](limit.overage)}
      </p>
      {warning !== null && <output className={styles.warning}>{warning}</output>}
    </>
  );
}
