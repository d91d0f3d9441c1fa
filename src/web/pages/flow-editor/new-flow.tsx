import { Skeleton } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { createFlow, listFlows } from '#flows/contract.ts';
import { triggerDefinition } from '#flows/definition.ts';
import { getFlowFacts } from '#flows/editor/contract.ts';
import { triggerIds, triggers, type TriggerId } from '#triggers/index.ts';
import { useAction, useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { triggerEditors } from './editors.ts';
import { PlanNotice } from './plan-notice.tsx';
import styles from './palette.module.css';
import type { FlowFacts } from './subjects.ts';

/** A flow begins with what starts it. */
export function Component() {
  const facts = useRead(getFlowFacts);
  const may = useMay('edit');
  return (
    <Page title={t.editor.newTitle} hint={may ? t.editor.newHint : t.editor.readOnlyNew}>
      {facts.isError && <Problem error={facts.error} again={() => void facts.refetch()} />}
      {facts.isPending && <Skeleton height="3.5rem" maw="34rem" aria-busy />}
      {may && <PlanNotice facts={facts.data} />}
      {may && facts.data !== undefined && <Triggers facts={facts.data} />}
    </Page>
  );
}

function Triggers({ facts }: { facts: FlowFacts }) {
  const navigate = useNavigate();
  const create = useAction(createFlow, { changes: [listFlows] });
  const begin = async (trigger: TriggerId) => {
    const config = triggerEditors[trigger].begin(facts);
    const { id } = await create.mutateAsync({
      body: { name: t.editor.newName, trigger: { trigger, config }, steps: [] },
    });
    void navigate(paths.flow(id), { replace: true });
  };
  return (
    <section className={styles.triggers} aria-label={t.editor.newHint} aria-busy={create.isPending}>
      {triggerIds.map((id) => {
        const feature = triggerDefinition({ trigger: id, config: {} }).planFeature;
        const isMissing = feature !== undefined && !facts.plan[feature];
        return (
          <button
            key={id}
            type="button"
            className={styles.step}
            disabled={isMissing || create.isPending}
            onClick={() => {
              // A refusal stands in `create.error`.
              begin(id).catch(() => undefined);
            }}
          >
            <IconBolt size={20} aria-hidden />
            <span>
              <b>{triggers[id].label}</b>
              <small>{isMissing ? t.editor.planLacks(facts.plan.label) : t.editor.aboutTrigger[id]}</small>
            </span>
          </button>
        );
      })}
      {create.error !== null && <Problem error={create.error} />}
    </section>
  );
}
