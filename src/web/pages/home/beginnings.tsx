import { Link } from 'react-router';
import type { getHome } from '#home/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { NextButton } from '../../ui/next-button.tsx';
import { OutcomeSign } from '../../ui/outcome-sign.tsx';
import { Section } from '../../ui/section.tsx';
import styles from './home.module.css';

/** The way to the first fan, until it is gone: what is done, and the one thing to do next. */
export function Beginnings({ has }: { has: ResponseOf<typeof getHome>['has'] }) {
  const may = useMay('edit');
  const steps = [
    { isDone: has.senders, to: paths.connections(), ...t.home.begin.senders },
    { isDone: has.releases, to: paths.releases(), ...t.home.begin.releases },
    { isDone: has.flows, to: paths.newFlow(), ...t.home.begin.flows },
  ];
  const next = steps.find(({ isDone }) => !isDone);
  if (!may || next === undefined) return null;
  return (
    <Section title={t.home.begin.title}>
      <ol className={styles.needs} aria-label={t.home.begin.title}>
        {steps.map((step) => (
          <li key={step.to}>
            <OutcomeSign status={step.isDone ? 'done' : 'pending'} isBare size={18} />
            <p>
              <b>{step.what}</b>
              <br />
              {step.why}
            </p>
            {step === next && (
              <NextButton component={Link} to={step.to}>
                {step.action}
              </NextButton>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}
