-- What stays after a fan was erased (R87), and how long what is kept of the living stays (R119).

-- Who was erased, when, by whom; nothing of her but the id, which leads nowhere any more. What was under
-- way at that moment may still write a line or two: it is looked after until `swept_at`.
create table erasure (
  project_id uuid not null,
  fan_id uuid not null,
  -- `fan`, `person:ID`, `key:ID`, `system`.
  by text not null,
  at timestamptz not null,
  swept_at timestamptz,
  primary key (project_id, fan_id)
);
create index erasure_open on erasure (at) where swept_at is null;

-- The sealed record of an address: found only by who has the address and the key of the hash.
create table evidence (
  project_id uuid not null,
  channel text not null,
  address_hash bytea not null,
  -- Encrypted: consents (version, times, method) and when what was sent, without any words. Null: past its time.
  sealed bytea,
  -- Said STOP, unsubscribed, called it spam, or the address was dead: back in force when the address comes again.
  opted_out_at timestamptz,
  opted_out_word text,
  suppressed_for text,
  erased_at timestamptz not null,
  -- Evidence of opt-ins goes then, and the whole row.
  sealed_until timestamptz not null,
  keep_until timestamptz not null,
  primary key (project_id, channel, address_hash)
);
create index evidence_age on evidence (keep_until);

-- R119, settings of the project.
alter table project
  add column body_months integer not null default 13 check (body_months between 1 and 120),
  add column proof_months integer not null default 13 check (proof_months between 1 and 120);

-- Old bodies are found without an index that every message would pay for.
create index intent_age on intent using brin (created_at) with (autosummarize = on);
