-- What Segue knows about artists, fans and messages.

-- ---------------------------------------------------------------- directory tables

create table account (
  id uuid primary key,
  name text not null,
  -- Id of a plan in accounts/plans.ts (R4).
  plan text not null default 'self-hosted',
  created_at timestamptz not null default now()
);

create table project (
  id uuid primary key,
  account_id uuid not null references account,
  name text not null,
  slug text not null unique,
  -- Decided at creation and never changed (R104).
  is_live boolean not null,
  -- Begins every text (R124).
  programme text not null,
  legal_sender text not null,
  contact text not null default '',
  zone text not null default 'America/New_York',
  -- ISO country codes that texts may go to (R127); empty: the countries of its senders.
  countries text[] not null default '{}',
  -- Messages a fan may get in a rolling month where her consent names no number (R48).
  monthly_cap integer not null default 6 check (monthly_cap > 0),
  answers_unmatched boolean not null default true,
  is_sending_stopped boolean not null default false,
  created_at timestamptz not null default now()
);

create table api_key (
  id uuid primary key,
  project_id uuid not null references project,
  name text not null,
  -- SHA-256 of the key: it is random, so a slow hash would protect nothing.
  hash bytea not null unique,
  scopes text[] not null default '{}',
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

create table sign_in (
  hash bytea primary key,
  account_id uuid not null references account,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table session (
  hash bytea primary key,
  account_id uuid not null references account,
  expires_at timestamptz not null,
  created_at timestamptz not null default now()
);

create table connection (
  id uuid primary key,
  account_id uuid not null references account,
  connector text not null,
  label text not null,
  is_live boolean not null,
  -- Encrypted JSON of the connector's settings schema.
  settings bytea not null,
  state text not null default 'ready' check (state in ('ready', 'needs_reconnect', 'error', 'disabled')),
  last_success_at timestamptz,
  last_error text,
  -- Inbound messages up to here are known (catch-up).
  caught_up_to timestamptz,
  created_at timestamptz not null default now()
);

-- A connection is lent to projects of its account (R117).
create table loan (
  project_id uuid not null references project,
  connection_id uuid not null references connection,
  created_at timestamptz not null default now(),
  primary key (project_id, connection_id)
);
create index loan_connection on loan (connection_id);

create table sender (
  connection_id uuid not null references connection,
  kind text not null,
  value text not null,
  primary key (connection_id, kind, value)
);

-- What two active flows may not share (R13-R15). Whole installation, because a shared sender's
-- keyword is taken for every project on it (R117).
create table active_scope (
  scope text primary key,
  project_id uuid not null,
  flow_id uuid not null
);
create index active_scope_flow on active_scope (project_id, flow_id);

-- Public names: a short link's code says which project it belongs to.
create table short_link (
  code text primary key,
  project_id uuid not null,
  fan_id uuid,
  purpose text not null check (purpose in ('connect', 'me')),
  -- What the page offers: release, artist, run.
  subject jsonb not null,
  -- Encrypted: the token of the page that it leads to.
  token bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index short_link_fan on short_link (project_id, fan_id);

-- A page link's secret, by hash: the token itself is only in the link.
create table page_link (
  hash bytea primary key,
  project_id uuid not null,
  fan_id uuid not null,
  purpose text not null check (purpose in ('connect', 'me')),
  subject jsonb not null,
  -- The short link to the same page: what can be typed into another browser (R121).
  code text not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index page_link_fan on page_link (project_id, fan_id);

create table oauth_state (
  hash bytea primary key,
  project_id uuid not null,
  fan_id uuid not null,
  connection_id uuid not null,
  connector text not null,
  -- Encrypted: code verifier, the page to go back to, purposes ticked.
  sealed bytea not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- ---------------------------------------------------------------- fans

create table fan (
  project_id uuid not null,
  id uuid not null,
  name text,
  language text,
  country text,
  zip text,
  -- R41: a sentence that may mean STOP holds all sending until a person has read it.
  is_sms_held boolean not null default false,
  created_at timestamptz not null,
  primary key (project_id, id)
);

create table address (
  project_id uuid not null,
  channel text not null check (channel in ('sms', 'email', 'instagram')),
  value text not null,
  fan_id uuid not null,
  created_at timestamptz not null,
  primary key (project_id, channel, value)
);
create index address_fan on address (project_id, fan_id);

-- Append-only proof; only revoked_at is ever set afterwards (R38).
create table consent (
  project_id uuid not null,
  id uuid not null,
  fan_id uuid not null,
  channel text not null,
  address text not null,
  text text not null,
  text_version text not null,
  method text not null check (method in ('keyword', 'web', 'restart', 'claimed')),
  source jsonb not null,
  per_month integer,
  -- Pending until confirmed where the country asks for a double opt-in (R97).
  granted_at timestamptz not null,
  active_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  primary key (project_id, id)
);
create index consent_fan on consent (project_id, fan_id);
create unique index consent_live on consent (project_id, channel, address) where revoked_at is null;

-- Opt-outs outlive everything (R42, R87).
create table opt_out (
  project_id uuid not null,
  channel text not null,
  address text not null,
  word text not null,
  at timestamptz not null,
  cleared_at timestamptz,
  primary key (project_id, channel, address)
);

-- The provider's own refusal to deliver from a sender to a number (R98).
create table block (
  project_id uuid not null,
  sender text not null,
  address text not null,
  at timestamptz not null,
  primary key (project_id, address, sender)
);

create table segment (
  project_id uuid not null,
  id uuid not null,
  name text not null,
  created_at timestamptz not null,
  primary key (project_id, id),
  unique (project_id, name)
);

create table segment_member (
  project_id uuid not null,
  segment_id uuid not null,
  fan_id uuid not null,
  added_at timestamptz not null,
  primary key (project_id, segment_id, fan_id)
);
create index segment_member_fan on segment_member (project_id, fan_id);

create table inbox_message (
  project_id uuid not null,
  id uuid not null,
  fan_id uuid,
  channel text not null,
  from_address text not null,
  to_address text not null,
  connection_id uuid,
  body text not null,
  reason text not null,
  received_at timestamptz not null,
  read_at timestamptz,
  primary key (project_id, id)
);

-- ---------------------------------------------------------------- releases

create table artist (
  project_id uuid not null,
  id uuid not null,
  name text not null,
  created_at timestamptz not null,
  primary key (project_id, id)
);

create table artist_service (
  project_id uuid not null,
  artist_id uuid not null,
  service text not null,
  service_id text not null,
  url text,
  primary key (project_id, artist_id, service),
  unique (project_id, service, service_id)
);

create table release (
  project_id uuid not null,
  id uuid not null,
  artist_id uuid not null,
  title text not null,
  kind text not null check (kind in ('album', 'track', 'playlist')),
  release_at timestamptz not null,
  -- local: release_at is wall time in each fan's zone, its Z ignored (R57).
  release_mode text not null default 'global' check (release_mode in ('global', 'local')),
  upc text,
  countdown_url text,
  cancelled_at timestamptz,
  created_at timestamptz not null,
  primary key (project_id, id)
);

create table release_service (
  project_id uuid not null,
  release_id uuid not null,
  service text not null,
  service_id text not null,
  url text,
  primary key (project_id, release_id, service),
  unique (project_id, service, service_id)
);

-- A fan's authorisation of a streaming service. Tokens are encrypted (R64).
create table streaming_grant (
  project_id uuid not null,
  fan_id uuid not null,
  service text not null,
  connection_id uuid not null,
  provider_account text not null,
  display_name text,
  tokens bytea,
  scopes text[] not null,
  state text not null check (state in ('live', 'expired', 'revoked', 'refused_by_app')),
  authorised_at timestamptz not null,
  dies_at timestamptz,
  -- Last time the provider honoured it (R103).
  proven_at timestamptz not null,
  primary key (project_id, fan_id, service)
);

-- What a fan allowed to be done on her services, with the words shown (R100).
create table purpose (
  project_id uuid not null,
  fan_id uuid not null,
  kind text not null check (kind in ('release', 'follow', 'future')),
  -- Release for 'release', artist for the others.
  target_id uuid not null,
  words text not null,
  source text not null,
  given_at timestamptz not null,
  revoked_at timestamptz,
  primary key (project_id, fan_id, kind, target_id)
);

-- A scheduled or executed library write: one a fan, release and service.
create table save (
  project_id uuid not null,
  fan_id uuid not null,
  release_id uuid not null,
  service text not null,
  state text not null check (state in ('scheduled', 'verified', 'accepted', 'already', 'reminder_set', 'reminded', 'handed_over', 'failed', 'undone', 'cancelled')),
  reason text,
  item_id uuid,
  renew_by timestamptz,
  created_at timestamptz not null,
  performed_at timestamptz,
  primary key (project_id, fan_id, release_id, service)
);
create index save_release on save (project_id, release_id, state);

create table followed (
  project_id uuid not null,
  fan_id uuid not null,
  artist_id uuid not null,
  service text not null,
  at timestamptz not null,
  undone_at timestamptz,
  primary key (project_id, fan_id, artist_id, service)
);

-- ---------------------------------------------------------------- flows

create table flow (
  project_id uuid not null,
  id uuid not null,
  name text not null,
  state text not null default 'draft' check (state in ('draft', 'active', 'paused', 'deleted')),
  -- The newest version, edited; and the one that new runs use.
  version integer not null default 1,
  active_version integer,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (project_id, id)
);

create table flow_version (
  project_id uuid not null,
  id uuid not null,
  flow_id uuid not null,
  version integer not null,
  trigger jsonb not null,
  steps jsonb not null,
  reentry jsonb not null,
  created_at timestamptz not null,
  primary key (project_id, id),
  unique (project_id, flow_id, version)
);

-- The published words beside a keyword; a consent points to the version current then (R95).
create table call_to_action (
  project_id uuid not null,
  flow_id uuid not null,
  version text not null,
  text text not null,
  programme text not null,
  per_month integer not null check (per_month > 0),
  place text not null,
  link text not null,
  published_at timestamptz not null,
  primary key (project_id, flow_id, version)
);

-- ---------------------------------------------------------------- messages

-- One row a message handed to a provider: what caps, causes and disclosures are counted on. Written
-- with the intent and called like it: of a call that was refused nothing counts.
create table message (
  project_id uuid not null,
  id uuid not null,
  fan_id uuid,
  channel text not null,
  address text not null,
  sender text not null,
  -- compliance, reply (R94) or marketing.
  class text not null check (class in ('compliance', 'answer', 'reply', 'marketing')),
  run_id uuid,
  -- The first event of the chain (R109).
  cause_id uuid,
  parts integer not null,
  has_opt_out_wording boolean not null,
  -- The flow whose keyword the fan had texted before: such answers are counted a day (R29).
  again_flow_id uuid,
  sent_at timestamptz not null,
  primary key (project_id, id)
);
create index message_fan on message (project_id, fan_id, sent_at);
create index message_address on message (project_id, address, sent_at);
create index message_cause on message (project_id, cause_id) where cause_id is not null;

create table audit_entry (
  project_id uuid not null,
  id uuid not null,
  actor text not null,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  at timestamptz not null default now(),
  primary key (project_id, id)
);
create index audit_subject on audit_entry (project_id, subject, id);

-- What is written there stays as it is (R90); only what is past its time may go (R119).
create function keep_audit() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.at < now() - interval '5 years' then return old; end if;
  raise exception 'audit entries cannot be altered';
end $$;
create trigger keep_audit before update or delete on audit_entry for each row execute function keep_audit();
