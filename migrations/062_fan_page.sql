-- The fan's own page (R120).

-- Her page's links are of this turn; another turn ends all that went out before.
alter table fan add column page_turn integer not null default 0;

-- The code that was sent to one of her addresses: who has it may see what is kept, take it and erase it.
create table fan_code (
  project_id uuid not null,
  fan_id uuid not null,
  -- Keyed hash; the code itself is only in the message.
  hash bytea not null,
  expires_at timestamptz not null,
  primary key (project_id, fan_id)
);
