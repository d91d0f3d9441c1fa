-- What fans hear on release day (R110): one text and one mail, each with its words by outcome.
create table release_message (
  project_id uuid not null,
  release_id uuid not null,
  channel text not null check (channel in ('sms', 'email')),
  -- Of a mail.
  subject text not null default '',
  saved text not null,
  accepted text not null,
  reminded text not null,
  failed text not null,
  -- How often the fans were gone through: where it is out at each fan's own midnight, first and last.
  passes smallint not null default 0,
  primary key (project_id, release_id, channel)
);
-- Where a process that goes through the fans has come to.
alter table release_message add column told_through uuid;

-- Who has her message, or is about to: each fan once a channel, whatever is run again.
create table release_told (
  project_id uuid not null,
  release_id uuid not null,
  channel text not null,
  fan_id uuid not null,
  at timestamptz not null,
  primary key (project_id, release_id, channel, fan_id)
);
