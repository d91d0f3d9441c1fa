-- What was used of the daily allowances that providers give (units of an API), over all processes.
create table provider_use (
  connection_id uuid not null references connection on delete cascade,
  bucket text not null,
  -- The provider's own day.
  day date not null,
  used bigint not null check (used >= 0),
  primary key (connection_id, bucket, day)
);
