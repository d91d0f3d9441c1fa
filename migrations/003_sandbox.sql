-- What the fakes were told: the providers of the demo and of test projects. Nothing of a live
-- project is ever here, and nothing here is part of a backup that matters.

create schema sandbox;

create table sandbox.entry (
  connector text not null,
  -- The connection that the fake serves.
  connection_id uuid not null,
  collection text not null,
  id text not null,
  -- The order of first writing.
  position bigint generated always as identity,
  -- JSON as text: unlike jsonb it holds NUL and lone surrogates, which strangers do send.
  value text not null,
  primary key (connector, connection_id, collection, id)
);

-- The one demo of an installation: what was made for it, and its generated key, sealed.
create table sandbox.demo (
  is_only boolean primary key default true check (is_only),
  facts jsonb not null,
  sealed_key bytea
);
