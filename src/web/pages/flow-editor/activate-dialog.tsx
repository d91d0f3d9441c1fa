import { Button, Modal } from '@mantine/core';
import { Link } from 'react-router';
import { activateFlow, type FlowProblem } from '#flows/contract.ts';
import { getFlowFacts } from '#flows/editor/contract.ts';
import { getFlowDifference, listFlowVersions } from '#flows/history/contract.ts';
import { CallError, useAction, useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { NextButton } from '../../ui/next-button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { toast } from '../../ui/toast.ts';
import { Changes } from './changes.tsx';
import styles from './dialogs.module.css';
import { flowDoors, type BarProps } from './bar-props.ts';
import { ForecastOfFlow } from './forecast.tsx';
import { isPlanFull, PlanNotice } from './plan-notice.tsx';
import { cardAt, titleOf } from './card.ts';

type DialogProps = BarProps & { close: () => void };

/** What is about to start, what changes by it, or what stands in the way and where. */
export function ActivateDialog({ isOpen, ...props }: DialogProps & { isOpen: boolean }) {
  const { flow } = props.kept;
  const errors = flow.problems.filter(({ severity }) => severity === 'error');
  return (
    <Modal
      opened={isOpen}
      onClose={props.close}
      title={errors.length > 0 ? t.editor.notYet : titleFor(flow)}
      size="lg"
      closeButtonProps={{ 'aria-label': t.shell.close }}
    >
      {errors.length > 0 ? <NotYet {...props} problems={errors} /> : <Ready {...props} />}
    </Modal>
  );
}

function titleFor({ activeVersion, state }: BarProps['kept']['flow']): string {
  if (state === 'paused') return t.editor.start;
  return activeVersion === null ? t.editor.activateTitle : t.editor.activateChangesTitle;
}

function NotYet({ problems, ...props }: DialogProps & { problems: readonly FlowProblem[] }) {
  return (
    <div className={styles.body}>
      <p>{t.editor.notYetHint}</p>
      <Problems {...props} problems={problems} label={t.editor.notYet} />
    </div>
  );
}

/** Each leads to the card with its field. */
function Problems({
  problems,
  label,
  kept,
  subjects,
  openAt,
  close,
}: DialogProps & { problems: readonly FlowProblem[]; label: string }) {
  return (
    <ul className={styles.problems} aria-label={label}>
      {problems.map(({ path, message, severity }) => {
        const card = cardAt(path);
        return (
          <li key={`${path} ${message}`}>
            <button
              type="button"
              data-severity={severity}
              onClick={() => {
                openAt(card);
                close();
              }}
            >
              <small>{titleOf(kept.draft, card, subjects)}</small>
              {message}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function Ready(props: DialogProps) {
  const { kept, keeper, close } = props;
  const { flow } = kept;
  const changed = [...flowDoors, getFlowDifference, listFlowVersions, getFlowFacts];
  const start = useAction(activateFlow, { changes: changed });
  const hints = flow.problems.filter(({ severity }) => severity === 'warning');
  // Asked anew: another flow may have taken the last place meanwhile, or left it.
  const facts = useRead(getFlowFacts).data;
  const isFull = flow.state !== 'active' && isPlanFull(facts);
  const run = async () => {
    keeper.note(await start.mutateAsync({ params: { id: flow.id } }));
    toast(t.editor.activated);
    close();
  };
  return (
    <div className={styles.body}>
      <WhatStarts {...props} />
      <ForecastOfFlow flowId={flow.id} draft={kept.draft} subjects={props.subjects} />
      {hints.length > 0 && (
        <section>
          <p className={styles.soft}>{t.editor.hints}</p>
          <Problems {...props} problems={hints} label={t.editor.hints} />
        </section>
      )}
      {isFull && <PlanNotice facts={facts} />}
      {start.error !== null && <Refusal error={start.error} />}
      <div className={styles.buttons}>
        <Button onClick={close} data-autofocus>
          {t.shell.cancel}
        </Button>
        <NextButton
          loading={start.isPending}
          disabled={isFull}
          onClick={() => {
            // A refusal stands in `start.error`.
            run().catch(() => undefined);
          }}
        >
          {flow.state === 'paused' ? t.editor.start : t.editor.activate}
        </NextButton>
      </div>
    </div>
  );
}

/** The first time the whole flow in one look; later what differs from what runs. */
function WhatStarts({ kept, subjects }: DialogProps) {
  const { flow, draft } = kept;
  const difference = useRead(
    getFlowDifference,
    { params: { id: flow.id }, query: {} },
    { enabled: flow.activeVersion !== null },
  );
  if (flow.activeVersion === null) {
    return (
      <>
        <p>{t.editor.activateFirst}</p>
        <ol className={styles.steps} start={0} aria-label={t.editor.line}>
          <li>{titleOf(draft, 'trigger', subjects)}</li>
          {draft.steps.map(({ key }, index) => (
            <li key={key}>{titleOf(draft, index + 1, subjects)}</li>
          ))}
        </ol>
      </>
    );
  }
  return (
    <>
      <p>{flow.state === 'paused' ? t.editor.startAgain : t.editor.activateAgain}</p>
      {flow.activeVersion !== flow.version && difference.data !== undefined && (
        <Changes changes={difference.data.changes} />
      )}
      {difference.isError && <Problem error={difference.error} again={() => void difference.refetch()} />}
    </>
  );
}

/** R13–R15: names the flow that has it already, and leads there. */
function Refusal({ error }: { error: Error }) {
  const conflict = error instanceof CallError ? error.problem.conflict : undefined;
  return (
    <Problem error={error}>
      {conflict !== undefined && (
        <Link to={paths.flow(conflict.flowId)}>{t.editor.conflictLink(conflict.flowName)}</Link>
      )}
    </Problem>
  );
}
