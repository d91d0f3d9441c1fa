-- How far a STOP by text reaches beyond the projects on the number it came to (R118): `number` no further,
-- `sender` to the account's projects with the same legal sender, `account` to all of them.
alter table account add column opt_out_scope text not null default 'sender'
  check (opt_out_scope in ('number', 'sender', 'account'));
