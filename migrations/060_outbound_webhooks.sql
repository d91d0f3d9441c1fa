-- Outbound webhooks (R91): where a project's events are told, and what became of each.

create table webhook_endpoint (
  project_id uuid not null,
  id uuid not null,
  url text not null,
  description text not null default '',
  -- Event types that it is told; none: all.
  types text[] not null default '{}',
  -- Sealed. Both sign until `previous_until`, so that a receiver can change over in its own time.
  secret bytea not null,
  previous_secret bytea,
  previous_until timestamptz,
  -- Events accepted since then are told.
  active_since timestamptz not null default now(),
  disabled_at timestamptz,
  disabled_for text check (disabled_for in ('person', 'gone', 'failing')),
  -- Failures in a row; after several it is left alone until `resting_until`.
  failures integer not null default 0,
  resting_until timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (project_id, id)
);

-- One event to one endpoint. All times are the database's.
create table webhook_delivery (
  project_id uuid not null,
  endpoint_id uuid not null,
  -- Its `webhook-id` too: the same however often it is tried.
  event_id uuid not null,
  type text not null,
  fan_id uuid,
  state text not null default 'open' check (state in ('open', 'delivered', 'failed', 'cancelled')),
  -- Counted when it is taken in hand: a crash costs one.
  attempt integer not null default 0,
  -- Taken in hand it is due again when whoever took it can only be dead.
  due_at timestamptz not null default now(),
  -- [{"at", "status", "error", "ms", "answer"}], the newest last.
  history jsonb not null default '[]',
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (project_id, endpoint_id, event_id)
);
create index webhook_delivery_open on webhook_delivery (endpoint_id, due_at) where state = 'open';
create index webhook_delivery_fan on webhook_delivery (fan_id) where fan_id is not null;

-- Up to where events were read. One row; whoever holds it reads.
create table webhook_cursor (
  is_only boolean primary key default true check (is_only),
  read_to timestamptz not null
);
insert into webhook_cursor (read_to) values (now());

-- What came lately is found without an index that every event would pay for.
create index event_accepted on event using brin (accepted_at) with (autosummarize = on);
