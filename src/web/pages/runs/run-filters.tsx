import { Chip } from '@mantine/core';
import { listFlows } from '#flows/contract.ts';
import { getFan } from '#fans/contract.ts';
import { reasons, runStates } from '#runs/contract.ts';
import { useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { fanName } from '../fans/fan-words.ts';
import { Choice } from '../../ui/choice.tsx';
import { Filters } from '../../ui/filters.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { statuses, type Status } from './run-query.ts';

/** What narrows the runs; all of it stands in the address. `hasFlow`: which flow can be chosen too. */
export function RunFilters({ hasFlow }: { hasFlow: boolean }) {
  const [state, setState] = useUrlState('state');
  const [status, setStatus] = useUrlState('status');
  const [reason, setReason] = useUrlState('reason');
  const [since, setSince] = useUrlState('since');
  return (
    <Filters>
      {hasFlow && <FlowChoice />}
      <Choice
        label={t.runs.outcome}
        placeholder={t.runs.anyOutcome}
        value={status}
        onChange={setStatus}
        options={statuses.map((value) => ({ value, label: t.outcomes.words[value] }))}
      />
      <Choice
        label={t.runs.reason}
        placeholder={t.runs.anyReason}
        value={reason}
        onChange={setReason}
        options={reasonOptions(statuses.find((one) => one === status))}
      />
      <Choice
        label={t.runs.state}
        placeholder={t.runs.anyState}
        value={state}
        onChange={setState}
        options={runStates.map((value) => ({ value, label: t.runs.states[value] }))}
      />
      <Choice
        label={t.runs.since}
        placeholder={t.runs.anyTime}
        value={since}
        onChange={setSince}
        options={Object.entries(t.runs.sinces).map(([value, label]) => ({ value, label }))}
      />
      <FanChip />
    </Filters>
  );
}

function FlowChoice() {
  const [flow, setFlow] = useUrlState('flow');
  const flows = useRead(listFlows, { query: { limit: 200 } }, { staleTime: 30_000 });
  const options = (flows.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Choice
      label={t.runs.flow}
      placeholder={t.runs.anyFlow}
      value={flow}
      onChange={setFlow}
      options={options}
    />
  );
}

/** One reason may belong to several outcomes; it is offered once. */
function reasonOptions(status: Status | undefined): { value: string; label: string }[] {
  const of = status === undefined ? statuses : [status];
  const labels = new Map(
    of.flatMap((one) => reasons[one].map((value) => [value, t.outcomes.short[one]?.[value] ?? value])),
  );
  return [...labels]
    .map(([value, label]) => ({ value, label }))
    .sort((one, other) => one.label.localeCompare(other.label));
}

function FanChip() {
  const [fanId, setFan] = useUrlState('fan');
  const fan = useRead(getFan, { params: { id: fanId } }, { enabled: fanId !== '' });
  if (fanId === '') return null;
  return (
    <Chip checked onChange={() => setFan('')}>
      {t.runs.onlyFan(fan.data === undefined ? t.runs.someone : fanName(fan.data))}
    </Chip>
  );
}
