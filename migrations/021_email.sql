-- E-mail: the address that the law wants in every mail (R113), addresses that get none (R76), and how
-- the address that mails come from stands with the world (R113).

alter table project add column postal_address text not null default '';

-- A dead address, or one whose reader called a mail spam.
create table suppression (
  project_id uuid not null,
  address text not null,
  reason text not null check (reason in ('hard_bounce', 'complaint')),
  -- The provider's words, for the artist.
  detail text,
  at timestamptz not null,
  primary key (project_id, address)
);

create table email_sender (
  connection_id uuid primary key references connection,
  -- What the DNS said last: [{"check", "isOk", "detail"}]; null: nobody has looked yet.
  checks jsonb,
  is_verified boolean not null default false,
  checked_at timestamptz,
  -- Complaints or bounces went over the limit; a person lets it send again.
  paused_at timestamptz,
  paused_for text,
  -- Reports from before are not held against it any more.
  resumed_at timestamptz,
  -- Mails on the first day; twice as many each day after. Null: no warm-up.
  warm_up_per_day integer default 200 check (warm_up_per_day > 0),
  first_sent_at timestamptz
);

-- What providers said became of mails; one row a mail and event, however often it is told.
create table email_report (
  message_id uuid not null,
  event text not null check (event in ('delivered', 'soft_bounce', 'hard_bounce', 'complaint', 'unsubscribed')),
  project_id uuid not null,
  at timestamptz not null,
  primary key (message_id, event)
);

-- The last mails of a sender, by which it is judged.
create index message_email_sender on message (sender, sent_at desc) where channel = 'email';
