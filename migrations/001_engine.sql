-- The engine's own tables. Nothing here knows a vendor, a channel or music.
-- Project tables carry project_id first in every key, so that they can be distributed by it.

-- Directory tables: small, whole installation.

create table worker (
  id uuid primary key,
  host text not null,
  started_at timestamptz not null default now(),
  beat_at timestamptz not null default now(),
  -- The last control mark whose predecessors' calls this worker has seen end (see engine/control.ts).
  acknowledged bigint not null default 0
);

create sequence control_mark;

-- One rate-limited way out: a GCRA row. tat is the theoretical arrival time of the next unit.
create table lane (
  id text primary key,
  count double precision not null check (count > 0),
  period_ms double precision not null check (period_ms > 0),
  burst double precision not null check (burst > 0),
  tat timestamptz not null default '1970-01-01Z',
  blocked_until timestamptz,
  blocked_reason text,
  -- Consecutive outage answers; the breaker opens for longer each time.
  failures integer not null default 0
);

-- Project tables.

-- Closes the races between facts and work: see engine/gates.ts.
create table gate (
  project_id uuid not null,
  key text not null,
  seq bigint not null default 0,
  closed boolean not null default false,
  primary key (project_id, key)
) with (fillfactor = 70);

-- A test project's domain clock runs this much ahead of real time.
create table project_clock (
  project_id uuid primary key,
  offset_ms bigint not null default 0 check (offset_ms >= 0)
);

-- What is still to be done. A row lives only while its item is open.
create table work (
  project_id uuid not null,
  id uuid not null,
  kind text not null,
  fan_id uuid,
  flow_id uuid,
  flow_version_id uuid,
  run_id uuid,
  -- Runs: the step being done, from 1. Other kinds: the run's step they stand for, or 0.
  position smallint not null default 0,
  service text not null default '',
  -- 0 compliance, 1 direct reply, 2 flow, 3 bulk.
  priority smallint not null default 2,
  -- 0 open, 1 leased.
  state smallint not null default 0,
  due_at timestamptz not null,
  not_before timestamptz,
  deadline_at timestamptz,
  -- The lane that refused it last; '' when none did.
  lane text not null default '',
  attempt integer not null default 0,
  worker uuid,
  lease bigint not null default 0,
  -- Two open items may not promise the same thing.
  promise text,
  -- Set when the item must end without doing anything more.
  cancel text,
  data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (project_id, id)
) with (fillfactor = 60);

create index work_open on work (lane, project_id, priority, due_at) where state = 0;
create index work_leased on work (worker) where state = 1;
create unique index work_promise on work (project_id, promise) where promise is not null;
create index work_flow on work (project_id, flow_id) where flow_id is not null;
create index work_fan on work (project_id, fan_id) where fan_id is not null;
create index work_run on work (project_id, run_id) where run_id is not null;

-- Which parked item waits on which gate.
create table waiting (
  project_id uuid not null,
  key text not null,
  work_id uuid not null,
  primary key (project_id, key, work_id)
);
create index waiting_work on waiting (project_id, work_id);

create table event_key (
  project_id uuid not null,
  source text not null,
  key text not null,
  event_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (project_id, source, key)
);
create index event_key_age on event_key (created_at);

create table event (
  project_id uuid not null,
  id uuid not null,
  type text not null,
  fan_id uuid,
  source text not null,
  key text not null,
  fingerprint text not null,
  subject jsonb not null,
  result jsonb not null,
  chain uuid[] not null default '{}',
  occurred_at timestamptz not null,
  accepted_at timestamptz not null default now(),
  primary key (project_id, id)
) partition by range (id);
create index event_fan on event (project_id, fan_id, id);

create table run (
  project_id uuid not null,
  id uuid not null,
  flow_id uuid not null,
  flow_version_id uuid not null,
  fan_id uuid not null,
  event_id uuid not null,
  -- Open while its work row is there; then ended or cancelled.
  state text not null default 'open' check (state in ('open', 'ended', 'cancelled')),
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (project_id, id)
) partition by range (id);
create index run_flow on run (project_id, flow_id, id);
create index run_fan on run (project_id, fan_id, id);
create index run_event on run (project_id, event_id);

-- What a step did in a run, per service ('' where a step has none).
create table outcome (
  project_id uuid not null,
  run_id uuid not null,
  position smallint not null,
  service text not null default '',
  status text not null check (status in ('running', 'done', 'skipped', 'held', 'deferred', 'failed', 'unknown')),
  reason text,
  -- One sentence from the provider or the engine; null where the reason says all.
  detail text,
  attempts integer not null default 0,
  provider_id text,
  credits integer not null default 0,
  started_at timestamptz not null,
  ended_at timestamptz,
  waiting_for jsonb,
  delivery jsonb,
  -- The item that will still move this outcome; a mirror follows another run's promise.
  item_id uuid,
  is_mirror boolean not null default false,
  history jsonb not null default '[]',
  updated_at timestamptz not null default now(),
  primary key (project_id, run_id, position, service)
) partition by range (run_id);
create index outcome_item on outcome (project_id, item_id) where item_id is not null;
-- For the daily counts. A block range index: any other would cost every update of an outcome.
create index outcome_updated on outcome using brin (updated_at) with (autosummarize = on);

-- Committed immediately before a call whose repeat would reach the fan twice, or whose key the
-- provider honours only for a time. The payload is encrypted.
create table intent (
  project_id uuid not null,
  id uuid not null,
  work_id uuid not null,
  run_id uuid,
  position smallint not null default 0,
  service text not null default '',
  fan_id uuid,
  effect text not null,
  key text not null,
  payload bytea not null,
  attempt integer not null default 1,
  state text not null default 'open' check (state in ('open', 'done', 'refused', 'unknown')),
  account text,
  credits integer not null default 0,
  provider_id text,
  reason text,
  delivery jsonb,
  created_at timestamptz not null default now(),
  -- Domain time, for what people see.
  sent_at timestamptz not null,
  settled_at timestamptz,
  primary key (project_id, id)
);
create index intent_open on intent (project_id, work_id) where state = 'open';
create index intent_provider on intent (project_id, provider_id) where provider_id is not null;
create index intent_fan on intent (project_id, fan_id, sent_at);
create index intent_run on intent (project_id, run_id) where run_id is not null;

-- One row per (flow, fan): decides re-entry atomically.
create table reentry (
  project_id uuid not null,
  flow_id uuid not null,
  fan_id uuid not null,
  last_run_id uuid not null,
  last_at timestamptz not null,
  count integer not null default 1,
  primary key (project_id, flow_id, fan_id)
) with (fillfactor = 80);

-- Daily counts that outlive the partitions they came from.
create table rollup (
  project_id uuid not null,
  day date not null,
  flow_id uuid not null,
  position smallint not null,
  service text not null,
  status text not null,
  reason text not null,
  count bigint not null,
  credits bigint not null default 0,
  primary key (project_id, day, flow_id, position, service, status, reason)
);

-- Credits: one balance a project, kind and period, and the ledger it is the sum of.
create table credit_balance (
  project_id uuid not null,
  account text not null,
  period text not null,
  used bigint not null default 0,
  reserved bigint not null default 0,
  allowance bigint,
  primary key (project_id, account, period)
);

create table credit_entry (
  project_id uuid not null,
  id uuid not null,
  account text not null,
  period text not null,
  intent_id uuid not null,
  kind text not null check (kind in ('reserve', 'charge', 'release')),
  amount integer not null check (amount >= 0),
  at timestamptz not null,
  primary key (project_id, id),
  unique (project_id, intent_id, kind)
);
