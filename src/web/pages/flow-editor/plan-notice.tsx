import { Link } from 'react-router';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import styles from './palette.module.css';
import type { FlowFacts } from './subjects.ts';

/** R5: whether the plan has room for one more active flow. */
export function isPlanFull(facts: FlowFacts | undefined): boolean {
  const plan = facts?.plan;
  return plan !== undefined && plan.maxActive !== null && plan.active >= plan.maxActive;
}

/** Said where a flow is begun and drawn, before the work is done; nothing while there is room. */
export function PlanNotice({ facts }: { facts: FlowFacts | undefined }) {
  if (facts?.plan.maxActive == null || !isPlanFull(facts)) return null;
  return (
    <output className={styles.limit}>
      {t.editor.planActive(facts.plan.label, facts.plan.maxActive)}{' '}
      <Link to={paths.flows({ state: 'active' })}>{t.editor.planOthers}</Link>{' '}
      <Link to={paths.settings('plan')}>{t.editor.planSee}</Link>
    </output>
  );
}
