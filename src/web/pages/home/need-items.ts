import type { getHome } from '#home/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { percent } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import type { OutcomeStatus } from '../../ui/outcome-sign.tsx';

export type Needs = ResponseOf<typeof getHome>['needs'];

export interface NeedItem {
  key: string;
  status: OutcomeStatus;
  says: string;
  /** Where it is dealt with; null: it only has to be known. */
  to: string | null;
  action: string;
}

/** Each need as a sentence with the way to it, the gravest first; empty: nothing waits. */
export function needItems(needs: Needs, dateOf: (at: string) => string): NeedItem[] {
  return [
    ...broken(needs),
    ...paused(needs),
    ...senders(needs),
    ...texts(needs),
    ...failed(needs),
    ...coming(needs, dateOf),
  ];
}

function broken({ connections }: Needs): NeedItem[] {
  return connections.map(({ id, label, state, lastError }) => ({
    key: `connection ${id}`,
    status: 'failed',
    says: brokenWords(label, state, lastError),
    to: paths.connection(id),
    action: t.home.repair,
  }));
}

function brokenWords(label: string, state: string, lastError: string | null): string {
  if (state === 'needs_reconnect') return t.home.reconnect(label);
  return state === 'ending' ? t.home.ending(label) : t.home.broken(label, lastError);
}

function paused({ pausedFlows }: Needs): NeedItem[] {
  return pausedFlows.map(({ id, name, reason }) => ({
    key: `paused ${id}`,
    status: 'held',
    says: t.home.paused(name, t.flows.pauseReasons[reason]),
    to: paths.flow(id),
    action: t.home.look,
  }));
}

function senders({ emailSenders }: Needs): NeedItem[] {
  return emailSenders.map(({ id, address, trouble }) => ({
    key: `sender ${id}`,
    status: trouble === 'complaints' || trouble === 'bounces' ? 'held' : 'failed',
    says: t.home.senders[trouble](address),
    to: paths.connection(id),
    action: t.home.look,
  }));
}

function texts({ doubts, unread, unknownSends }: Needs): NeedItem[] {
  const items: NeedItem[] = [];
  const inbox = { to: paths.inbox() };
  if (doubts > 0) {
    const says = t.home.doubts(doubts);
    items.push({ key: 'doubts', status: 'held', says, ...inbox, action: t.home.decide });
  }
  if (unknownSends > 0) {
    const way = { to: paths.runs({ status: 'unknown' }), action: t.home.see };
    items.push({ key: 'unknown', status: 'unknown', says: t.home.unknownSends(unknownSends), ...way });
  }
  // Whoever decides reads them too.
  if (unread > doubts) {
    const says = t.home.unread(unread - doubts);
    items.push({ key: 'unread', status: 'pending', says, ...inbox, action: t.home.read });
  }
  return items;
}

function failed({ failures }: Needs): NeedItem[] {
  return failures.map(({ flowId, flowName, reason, count }) => ({
    key: `failure ${flowId} ${reason}`,
    status: 'failed',
    says: t.home.failures(flowName, count, reason),
    to: paths.runs({ flow: flowId, status: 'failed', reason }),
    action: t.home.see,
  }));
}

function coming({ dyingGrants, budgets }: Needs, dateOf: (at: string) => string): NeedItem[] {
  const items: NeedItem[] = budgets.map((budget) => ({
    key: `budget ${budget.account} ${budget.span} ${budget.flowName}`,
    status: 'held',
    says: t.home.budget(percent(budget.allowance === 0 ? 1 : budget.used / budget.allowance), budget),
    to: paths.usage(),
    action: t.home.usage,
  }));
  const { count, firstDiesAt } = dyingGrants;
  if (count > 0 && firstDiesAt !== null) {
    const says = t.home.dying(count, dateOf(firstDiesAt));
    items.push({ key: 'dying', status: 'deferred', says, to: null, action: '' });
  }
  return items;
}
