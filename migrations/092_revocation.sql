-- Sign-ins that were taken back here and that their provider is still to hear of (R64). Whose they were is not
-- kept; a row goes as soon as the provider knows, at the latest after a day.
create table revocation (
  id uuid primary key,
  project_id uuid not null,
  connection_id uuid not null,
  -- SHA-256, to know the same account when it is linked again; null: the provider does not tell whose it is.
  account_hash bytea,
  tokens bytea not null,
  asked_at timestamptz not null default now(),
  next_at timestamptz not null default now()
);
create index revocation_next on revocation (next_at);
