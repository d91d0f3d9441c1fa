-- Signing in to the account of a connection, and renewing what it gave.

-- Away to the provider's page and back, once; only a hash of what travels is kept.
create table account_sign_in (
  hash bytea primary key,
  project_id uuid not null,
  connection_id uuid not null references connection,
  -- Who began it: nobody else may end it.
  actor text not null,
  expires_at timestamptz not null
);
create index account_sign_in_connection on account_sign_in (connection_id);

-- When the renewal of a credential was tried last, in domain time: one process tries, once an hour.
create table credential_renewal (
  connection_id uuid primary key references connection,
  tried_at timestamptz not null
);
