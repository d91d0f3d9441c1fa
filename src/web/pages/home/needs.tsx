import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { t } from '../../catalogue/index.ts';
import { useNow } from '../../ui/now.ts';
import { OutcomeSign } from '../../ui/outcome-sign.tsx';
import { Section } from '../../ui/section.tsx';
import { dateOf } from '../../ui/time.ts';
import styles from './home.module.css';
import { needItems, type Needs as AllNeeds } from './need-items.ts';

/** What waits for a person, the gravest first; each with the way to it. */
export function Needs({ needs }: { needs: AllNeeds }) {
  const now = useNow();
  const items = needItems(needs, (at) => dateOf(at, now));
  return (
    <Section title={t.home.needs}>
      {items.length === 0 && (
        <p className={styles.well}>
          <OutcomeSign status="done" isBare size={16} /> {t.home.allWell}
        </p>
      )}
      {items.length > 0 && (
        <ul className={styles.needs} aria-label={t.home.needs}>
          {items.map(({ key, status, says, to, action }) => (
            <li key={key}>
              <OutcomeSign status={status} isBare size={18} />
              <p>{says}</p>
              {to !== null && (
                <Button component={Link} to={to} size="compact-sm">
                  {action}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
