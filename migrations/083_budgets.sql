-- Budgets beside the month's allowance (R83): what a project may use a day, and a flow a month. All of them
-- hold at once; the one that ends first stops a message.
create table budget (
  project_id uuid not null,
  account text not null,
  -- `day`: the whole project, by day. Otherwise the id of a flow, by month.
  scope text not null,
  amount bigint not null check (amount >= 0),
  at_limit text not null check (at_limit in ('stop', 'pause')),
  -- The day or month in which it was last said that it is used up: once each.
  told_period text,
  primary key (project_id, account, scope)
);

-- What was used of a budget in a day or month; `credit_balance` is that of the allowance.
create table budget_balance (
  project_id uuid not null,
  account text not null,
  scope text not null,
  period text not null,
  used bigint not null default 0,
  reserved bigint not null default 0,
  primary key (project_id, account, scope, period)
);

-- Whether the account has budgets: those who have none do not look for them at every message.
alter table credit_balance add column is_budgeted boolean not null default false;

-- Whose flow's message it was. `answer`: a STOP, START or HELP was answered, which costs no credits but
-- counts in the day (R85).
alter table credit_entry add column flow_id uuid;
alter table credit_entry drop constraint credit_entry_kind_check;
alter table credit_entry add check (kind in ('reserve', 'charge', 'release', 'answer'));
update credit_entry e set flow_id = r.flow_id
  from intent i join run r on r.project_id = i.project_id and r.id = i.run_id
 where i.project_id = e.project_id and i.id = e.intent_id;
