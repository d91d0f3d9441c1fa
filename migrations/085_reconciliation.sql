-- Texts of a connection on a day (UTC), as they are counted here and at the provider (R84).
create table reconciliation (
  connection_id uuid not null references connection on delete cascade,
  day date not null,
  our_texts integer not null,
  our_parts integer not null,
  their_texts integer not null,
  their_parts integer not null,
  at timestamptz not null,
  primary key (connection_id, day)
);
