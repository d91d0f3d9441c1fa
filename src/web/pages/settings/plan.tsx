import { Button, Progress } from '@mantine/core';
import { Link } from 'react-router';
import { getFlow, listFlows } from '#flows/contract.ts';
import { getFlowFacts } from '#flows/editor/contract.ts';
import { changePlan, getPlan, listPlanChoices } from '#plans/contract.ts';
import { useAction, useRead, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { words } from '../../catalogue/plans.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Fact, Facts, Section } from '../../ui/section.tsx';
import { toast } from '../../ui/toast.ts';
import styles from './plan.module.css';
import { Waiting } from './waiting.tsx';

type Seen = ResponseOf<typeof getPlan>;
type Choice = ResponseOf<typeof listPlanChoices>['items'][number];

/** What the account's plan allows, how much of it this project uses, and the way to another plan (R4). */
export function Component() {
  const read = useRead(getPlan);
  const isOwner = useMay('plan');
  if (read.data === undefined)
    return read.isError ? <Problem error={read.error} again={() => void read.refetch()} /> : <Waiting />;
  const { plan, decidedBy } = read.data;
  return (
    <>
      <h2 className={styles.current}>{words.current(plan.label)}</h2>
      <p className={styles.soft}>{decidedBy === 'owner' ? words.byOwner : words.byOperator}</p>
      <Use seen={read.data} />
      <Paused paused={read.data.paused} />
      {isOwner && <Choices mayChange={decidedBy === 'owner'} />}
    </>
  );
}

function Use({ seen: { plan, use } }: { seen: Seen }) {
  const isFull = plan.maxActive !== null && use.active >= plan.maxActive;
  return (
    <Section title={words.use}>
      <div className={styles.use}>
        <Share name={words.active} of={use.active} max={plan.maxActive} say={words.activeOf} />
        <Share name={words.longest} of={use.longest} max={plan.maxSteps} say={words.longestOf} />
      </div>
      {isFull && <p className={styles.soft}>{words.full}</p>}
    </Section>
  );
}

interface ShareProps {
  name: string;
  of: number;
  max: number | null;
  say: (of: number, max: number | null) => string;
}

function Share({ name, of, max, say }: ShareProps) {
  return (
    <div>
      <h3>{name}</h3>
      <p>{say(of, max)}</p>
      {max !== null && (
        <Progress
          value={Math.min(100, (of / max) * 100)}
          color="ink"
          aria-label={`${name}: ${say(of, max)}`}
        />
      )}
    </div>
  );
}

function Paused({ paused }: Pick<Seen, 'paused'>) {
  if (paused.length === 0) return null;
  return (
    <Section title={words.paused}>
      <p className={styles.soft}>{words.pausedHint}</p>
      <ul className={styles.paused}>
        {paused.map(({ flowId, name, reason }) => (
          <li key={flowId}>
            <Link to={paths.flow(flowId)}>{name}</Link> {t.flows.pauseReasons[reason]}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Choices({ mayChange }: { mayChange: boolean }) {
  const choices = useRead(listPlanChoices);
  return (
    <Section title={words.all}>
      {choices.isError && <Problem error={choices.error} again={() => void choices.refetch()} />}
      {choices.isPending && <Waiting />}
      <ul className={styles.plans} aria-label={words.all}>
        {choices.data?.items.map((choice) => (
          <li key={choice.id} aria-current={choice.isCurrent ? 'true' : undefined}>
            <h3>
              {choice.label} {choice.isCurrent && <small>{words.here}</small>}
            </h3>
            <Facts>
              <Fact name={words.maxActive}>{choice.maxActive ?? words.unlimited}</Fact>
              <Fact name={words.maxSteps}>{choice.maxSteps ?? words.unlimited}</Fact>
              <Fact name={words.instagram}>{choice.instagram ? words.has : words.hasNot}</Fact>
              <Fact name={words.newReleaseTrigger}>
                {choice.newReleaseTrigger ? words.has : words.hasNot}
              </Fact>
            </Facts>
            {mayChange && !choice.isCurrent && <ChooseButton choice={choice} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ChooseButton({ choice: { id, label, wouldPause } }: { choice: Choice }) {
  const confirm = useConfirm();
  const change = useAction(changePlan, {
    changes: [getPlan, listPlanChoices, getFlowFacts, listFlows, getFlow],
  });
  const choose = async () => {
    const isDone = await confirm({
      title: words.chooseTitle(label),
      text: <Effect wouldPause={wouldPause} />,
      action: words.choose(label),
      run: () => change.mutateAsync({ body: { plan: id } }),
    });
    if (isDone) toast(words.changed(label));
  };
  return <Button onClick={() => void choose()}>{words.choose(label)}</Button>;
}

/** A7: what stops is said before it does. */
function Effect({ wouldPause }: Pick<Choice, 'wouldPause'>) {
  return (
    <>
      <p>{words.chooseText}</p>
      <p>{wouldPause.length === 0 ? words.pausesNone : words.pauses(wouldPause.length)}</p>
      <ul className={styles.paused}>
        {wouldPause.map(({ flowId, name, projectName, reason }) => (
          <li key={flowId}>
            <b>{name}</b> · {projectName} · {t.flows.pauseReasons[reason]}
          </li>
        ))}
      </ul>
    </>
  );
}
