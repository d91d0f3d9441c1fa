-- What the dashboard asks for: finding fans, deciding about inbound texts, artwork, and when a person
-- was here last. No index on event, run, outcome or work: a burst would pay for it.

-- ---------------------------------------------------------------- fans

-- Any three characters of a number, an address or a name find the fan.
create extension if not exists pg_trgm;
create index address_search on address using gin (value gin_trgm_ops);
create index fan_search on fan using gin (name gin_trgm_ops);

create index consent_active on consent (project_id, channel, fan_id)
  where revoked_at is null and active_at is not null;
create index streaming_grant_service on streaming_grant (project_id, service, fan_id) where state = 'live';
create index streaming_grant_dying on streaming_grant (project_id, dies_at) where state = 'live';

-- ---------------------------------------------------------------- inbox

alter table inbox_message
  add column done_at timestamptz,
  -- Of a text that may mean STOP (R41): what a person, or the fifth business day, made of it.
  add column decision text check (decision in ('opt_out', 'not_opt_out')),
  add column decided_at timestamptz,
  add column decided_by text;
create index inbox_message_fan on inbox_message (project_id, fan_id);
create index inbox_message_open on inbox_message (project_id, id) where done_at is null;
create index inbox_message_doubt on inbox_message (project_id, id) where reason = 'doubt' and decided_at is null;

-- ---------------------------------------------------------------- messages

-- Few at any time: what nobody knows the end of.
create index intent_unknown on intent (project_id, id) where state = 'unknown';

-- ---------------------------------------------------------------- releases

-- An uploaded cover, encoded anew in a few widths (R122). The token is its public name, not to be
-- guessed; another upload gets another one, so that what is behind an address never changes.
create table artwork (
  token text not null,
  width integer not null,
  project_id uuid not null,
  release_id uuid not null,
  bytes bytea not null,
  created_at timestamptz not null,
  primary key (token, width)
);
-- Compressed already.
alter table artwork alter column bytes set storage external;
create index artwork_release on artwork (project_id, release_id);

alter table release
  add column artwork text,
  -- The colour that stands for it, `#rrggbb`.
  add column artwork_colour text;

-- Counted by state and service without a look at the rows.
drop index save_release;
create index save_release on save (release_id, state, service);

-- ---------------------------------------------------------------- home

-- When a person last looked at a project, and when the time before.
create table home_visit (
  project_id uuid not null,
  person text not null,
  at timestamptz not null,
  before_at timestamptz,
  primary key (project_id, person)
);
