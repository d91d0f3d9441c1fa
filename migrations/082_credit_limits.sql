-- What a project may use a month (R83). `credit_balance.allowance` is what the engine holds to: this, with
-- what a project lets go beyond it.
create table credit_limit (
  project_id uuid not null,
  account text not null check (account in ('sms', 'email')),
  -- Null: without limit.
  allowance bigint check (allowance >= 0),
  at_limit text not null check (at_limit in ('stop', 'pause', 'go_on')),
  -- Credits beyond the allowance, where it goes on; null: any number.
  overage bigint check (overage >= 0),
  -- The month in which it was last said that the allowance is used up: once a month.
  told_period text,
  primary key (project_id, account)
);
