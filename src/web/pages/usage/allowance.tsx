import { Progress } from '@mantine/core';
import type { getUsage } from '#credits/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import styles from './usage.module.css';

type Account = ResponseOf<typeof getUsage>['sms'];

/** Credits of one kind: how many are used, and how near the end of the allowance is. */
export function Allowance({ name, account }: { name: string; account: Account }) {
  const { used, reserved, allowance } = account;
  if (allowance === null) {
    return (
      <section className={styles.account} aria-label={name}>
        <h2>{name}</h2>
        <p>{t.usage.credits(used)}</p>
        <p className={styles.soft}>{t.usage.unlimited}</p>
      </section>
    );
  }
  const left = Math.max(0, allowance - used - reserved);
  const share = allowance === 0 ? 100 : Math.min(100, ((used + reserved) / allowance) * 100);
  const warning = left === 0 ? t.usage.over : share >= 80 ? t.usage.near : null;
  return (
    <section className={styles.account} aria-label={name}>
      <h2>{name}</h2>
      <p>{t.usage.used(used, allowance)}</p>
      <Progress value={share} color={left === 0 ? 'red' : 'ink'} aria-label={t.usage.used(used, allowance)} />
      <p className={styles.soft}>{t.usage.left(left)}</p>
      {warning !== null && <output className={styles.warning}>{warning}</output>}
    </section>
  );
}
