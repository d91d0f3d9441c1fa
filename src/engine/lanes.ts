import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import { sendOnly, transaction, type Db, type Tx } from '#db/database.ts';
import type { GateRead, LaneCharge } from './contract.ts';
import { book, freeUnits, type Lane } from './gcra.ts';
import { hasMoved } from './gates.ts';
import { type LaneStock, leastStock, stockMs } from './lane-stock.ts';
import { must } from './must.ts';

/** A lane that must wait longer than this parks its item instead of keeping it in memory. */
export const lanePatienceMs = 200;

export interface Ticket {
  charges: readonly LaneCharge[];
  priority: number;
  /** Read again here for calls that have no intent to hold them. */
  gates: readonly GateRead[];
}

export type Ride =
  | { kind: 'go'; waitMs: number }
  | { kind: 'wait'; lane: string; freeInMs: number }
  | { kind: 'moved' };

interface LaneRow {
  id: string;
  tat_ms: number;
  count: number;
  period_ms: number;
  burst: number;
  blocked_ms: number | null;
  now_ms: number;
}

/**
 * Books a batch of tickets on their lanes, the more urgent first, and says of each when it may
 * start. A booking that is not used is lost, never repeated: the commit need not be durable, since
 * the worst that a crash of the database costs is one batch over the rate.
 */
export async function bookLanes(
  db: Db,
  projectId: string,
  tickets: readonly Ticket[],
  stock: LaneStock,
): Promise<Ride[]> {
  const moved = await movedGates(db, projectId, tickets);
  const rides = tickets.map((ticket) => rideFromStock(ticket, moved, stock));
  const order = [...tickets.keys()]
    .filter((index) => rides[index] === null)
    .sort((a, b) => must(tickets[a]).priority - must(tickets[b]).priority || a - b);
  if (order.length > 0) {
    const asking = order.map((index) => must(tickets[index]));
    const booked = await transaction(db, (tx) => bookAll(tx, asking, stock));
    order.forEach((index, at) => (rides[index] = must(booked[at])));
  }
  return rides.map((ride) => ride ?? { kind: 'moved' });
}

/** Null: the database has to be asked. */
function rideFromStock(ticket: Ticket, moved: ReadonlySet<string>, stock: LaneStock): Ride | null {
  if (hasMoved(moved, ticket.gates)) return { kind: 'moved' };
  return stock.take(ticket.charges) ? { kind: 'go', waitMs: 0 } : null;
}

async function bookAll(tx: Tx, tickets: readonly Ticket[], stock: LaneStock): Promise<Ride[]> {
  const lanes = await lockLanes(tx, [...laneSpecs(tickets).values()]);
  const before = new Map([...lanes.rows].map(([id, lane]) => [id, lane.tatMs]));
  const rides = tickets.map((ticket) => bookOne(ticket, lanes.rows, lanes.nowMs));
  const ahead = [...lanes.rows].map(([id, lane]) => ({ id, units: bookAhead(lane, lanes.nowMs) }));
  const changed = [...lanes.rows].filter(([id, lane]) => before.get(id) !== lane.tatMs);
  if (changed.length > 0) await writeTats(tx, changed);
  for (const { id, units } of ahead) if (units > 0) stock.put(id, units);
  return rides;
}

/** Books what the lane lets pass in the next moment, at most half of what is free: others want some too. */
function bookAhead(lane: Lane, nowMs: number): number {
  const units = Math.floor(Math.min((lane.count / lane.periodMs) * stockMs, freeUnits(lane, nowMs) / 2));
  if (units < leastStock) return 0;
  const booking = book(lane, units, nowMs, 0);
  if ('freeAtMs' in booking) return 0;
  lane.tatMs = booking.tatMs;
  return units;
}

async function movedGates(db: Db, projectId: string, tickets: readonly Ticket[]): Promise<Set<string>> {
  const keys = new Set(tickets.flatMap((ticket) => ticket.gates.map((gate) => gate.key)));
  const moved = new Set<string>();
  if (keys.size === 0) return moved;
  const { rows } = await sql<{ key: string; seq: number }>`
    select key, seq from gate where project_id = ${projectId} and key = any(${[...keys]})`.execute(db);
  const seqOf = new Map(rows.map((row) => [row.key, row.seq]));
  for (const ticket of tickets) {
    for (const { key, seq } of ticket.gates) if ((seqOf.get(key) ?? 0) !== seq) moved.add(`${key}@${seq}`);
  }
  return moved;
}

function laneSpecs(tickets: readonly Ticket[]): Map<string, LaneCharge> {
  const specs = new Map<string, LaneCharge>();
  for (const ticket of tickets) for (const charge of ticket.charges) specs.set(charge.id, charge);
  return specs;
}

async function lockLanes(tx: Tx, specs: readonly LaneCharge[]) {
  const ids = specs.map((spec) => spec.id).sort();
  const select = () =>
    sql<LaneRow>`
    select id, count, period_ms, burst,
           (extract(epoch from tat) * 1000)::float8 as tat_ms,
           (extract(epoch from blocked_until) * 1000)::float8 as blocked_ms,
           (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms,
           set_config('synchronous_commit', 'off', true)
      from lane where id = any(${ids}) order by id for no key update`.execute(tx);
  let { rows } = await select();
  if (rows.length < ids.length || hasNewRates(rows, specs)) {
    await createLanes(tx, specs);
    ({ rows } = await select());
  }
  const lanes = new Map<string, Lane>(rows.map((row) => [row.id, toLane(row)]));
  return { rows: lanes, nowMs: rows[0]?.now_ms ?? Date.now() };
}

function hasNewRates(rows: readonly LaneRow[], specs: readonly LaneCharge[]): boolean {
  const rates = new Map(specs.map(({ id, rate }) => [id, rate]));
  return rows.some(({ id, count, period_ms, burst }) => {
    const rate = rates.get(id);
    return rate && (rate.count !== count || rate.periodMs !== period_ms || rate.burst !== burst);
  });
}

function toLane(row: LaneRow): Lane {
  return {
    tatMs: row.tat_ms,
    count: row.count,
    periodMs: row.period_ms,
    burst: row.burst,
    blockedUntilMs: row.blocked_ms,
  };
}

/** Makes lanes that are not there; an existing lane keeps its state and takes the new rate. */
export async function createLanes(db: Db, specs: readonly LaneCharge[]): Promise<void> {
  const rows = specs
    .map(({ id, rate }) => ({ id, count: rate.count, period_ms: rate.periodMs, burst: rate.burst }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  await sql`
    insert into lane (id, count, period_ms, burst)
    select id, count, period_ms, burst
      from json_to_recordset(${asJson(rows)}::json)
           as l(id text, count float8, period_ms float8, burst float8) order by id
    on conflict (id) do update
      set count = excluded.count, period_ms = excluded.period_ms, burst = excluded.burst`.execute(db);
}

function bookOne(ticket: Ticket, lanes: Map<string, Lane>, nowMs: number): Ride {
  const booked: [Lane, number][] = [];
  let startMs = nowMs;
  for (const charge of [...ticket.charges].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const lane = lanes.get(charge.id);
    if (lane === undefined) continue;
    const booking = book(lane, charge.cost, nowMs, lanePatienceMs);
    if ('freeAtMs' in booking) {
      return { kind: 'wait', lane: charge.id, freeInMs: booking.freeAtMs - nowMs };
    }
    startMs = Math.max(startMs, booking.startMs);
    booked.push([lane, booking.tatMs]);
  }
  for (const [lane, tatMs] of booked) lane.tatMs = tatMs;
  return { kind: 'go', waitMs: startMs - nowMs };
}

async function writeTats(tx: Tx, lanes: [string, Lane][]) {
  const rows = lanes.map(([id, lane]) => ({ id, tat_ms: lane.tatMs }));
  const booking = sql`
    update lane set tat = to_timestamp(l.tat_ms / 1000)
      from json_to_recordset(${asJson(rows)}::json) as l(id text, tat_ms float8)
     where lane.id = l.id`;
  await sendOnly(tx, booking.execute(tx));
}

/** Nothing passes a blocked lane for `ms` from now; a longer block is never shortened. */
export async function blockLanes(db: Db, ids: readonly string[], ms: number, reason: string): Promise<void> {
  await transaction(db, async (tx) => {
    await sql`select 1 from lane where id = any(${[...ids]}) order by id for no key update`.execute(tx);
    await sql`
      update lane set blocked_until = greatest(blocked_until, clock_timestamp() + ${ms} * interval '1 millisecond'),
                      blocked_reason = ${reason}, failures = failures + 1
       where id = any(${[...ids]})`.execute(tx);
  });
}
